"""What can be done with one record: buttons for what is usual, a menu for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from liaison.records import spec_of
from liaison.records.casework import VisitEntry
from liaison.services import editing, permissions
from liaison.ui.parts import reason
from liaison.ui.widgets import Button, FlowRow, IconButton, drop_down

if TYPE_CHECKING:
    from liaison.records import Record
    from liaison.ui.desk import Desk


class Doings(FlowRow):
    """Buttons to change a record and to read its history, and a menu with everything else.

    Args:
        desk: The desk.
        record: The record as it is shown.
        title: The words that name it.
    """

    edit_asked = Signal(str, object)
    """Somebody wants to change this record: type and id."""
    history_asked = Signal(str, object)
    """Somebody wants to know what became of it."""

    def __init__(
        self, desk: Desk, record: Record, title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(gap=8, parent=parent)
        self._desk = desk
        self._record = record
        self._title = title
        spec = spec_of(record)
        type_name, identity = spec.name, record.id
        may_write = permissions.may_change(desk.person.role, type_name, own=True)
        changeable = not (spec.events or record.struck_reason or record.merged_into)
        if may_write and changeable and (editing.added_by_people(type_name) or spec.single):
            edit = Button("Change", "pencil", small=True)
            edit.clicked.connect(lambda *_: self.edit_asked.emit(type_name, identity))
            self.flow.addWidget(edit)
        history = Button("History", "history", small=True)
        history.clicked.connect(lambda *_: self.history_asked.emit(type_name, identity))
        self.flow.addWidget(history)
        menu = QMenu(self)
        if may_write:
            self._fill(menu)
        if not menu.isEmpty():
            more = IconButton("ellipsis", "More to do", Button.SECONDARY, small=True)
            more.clicked.connect(lambda *_: drop_down(menu, more))
            menu.setParent(more, menu.windowFlags())
            self._more = more
            self.flow.addWidget(more)

    def _fill(self, menu: QMenu) -> None:
        record, title, desk = self._record, self._title, self._desk
        spec = spec_of(record)
        if not editing.added_by_people(spec.name) or record.merged_into is not None:
            return
        if record.archived:
            menu.addAction("Bring back ...", lambda: reason.bring_back(self, desk, record, title))
        elif not (spec.events or spec.single):
            menu.addAction("Archive ...", lambda: reason.archive(self, desk, record, title))
        if not (record.struck_reason or spec.single):
            menu.addAction("Strike through ...", lambda: reason.strike(self, desk, record, title))
        if isinstance(record, VisitEntry) and not record.struck_reason:
            menu.addAction(
                "Wrong resident: move ...",
                lambda: reason.MovePopover(self._more, desk, record).open(),
            )
        if spec.tells_apart and not record.archived:
            menu.addAction(
                "The same as another: merge ...",
                lambda: reason.MergePopover(self._more, desk, record, title).open(),
            )
