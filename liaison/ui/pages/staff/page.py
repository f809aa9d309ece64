"""Staff: the list, and the card of whoever is chosen."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from liaison.store.query import Condition
from liaison.ui import theme
from liaison.ui.page import Page
from liaison.ui.pages.staff.card import StaffCard
from liaison.ui.parts import sheets
from liaison.ui.parts.record_list import Empty, RecordList
from liaison.ui.parts.room import RecordRoom
from liaison.ui.widgets import Button, PageHeader, ScrollPage, Segmented, spaced

if TYPE_CHECKING:
    from liaison.ui.desk import Desk
    from liaison.ui.parts.saving import Saved

_STAFF: Final = "staff"
_HERE: Final = (Condition("left_on", None),)
_LEFT: Final = (Condition("left_on", dt.date.min, ">="),)


class StaffPage(Page):
    """Who works here, and how they stand.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "staff"
    title: ClassVar[str] = "Staff"
    icon: ClassVar[str] = "id-card"
    # numbers, checks and training of colleagues are for those who lead
    roles: ClassVar[frozenset[str]] = frozenset({"manager", "senior"})
    reads: ClassVar[frozenset[str]] = frozenset(
        {
            _STAFF, "training_record", "course", "requirement", "exemption", "session",
            "attendance", "competency", "supervision", "job_held", "resident", "home",
        }
    )  # fmt: skip
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+N", "Add a member of staff"),
        ("Esc", "Back to what was shown before"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._filled = False
        self._wanted: int | None = None
        """Who was opened from elsewhere and is not in the list yet: somebody just added."""
        self.card = StaffCard(desk)
        self.card.edit_asked.connect(lambda name, who: self._open_room().change(name, who))
        self.card.history_asked.connect(lambda name, who: self._open_room().history(name, who))
        self.card.add_asked.connect(lambda name, who: self._open_room().add(name, {_STAFF: who}))
        self.room = RecordRoom(desk)
        self.room.left.connect(self._leave_room)
        self.room.saved.connect(self._saved)
        self._lay_out()

    def _lay_out(self) -> None:
        self.add = Button("Add a member of staff", "user-plus", Button.PRIMARY, shortcut="Ctrl+N")
        self.add.clicked.connect(lambda *_: self._open_room().add(_STAFF))
        self.who = Segmented([("here", "Working here"), ("left", "Left")], "Which staff")
        self.who.set_value("here")
        self.who.changed.connect(self._choose)
        self.header = PageHeader(self.title, "", (self.who, self.add))
        empty = Empty(
            "id-card",
            "No staff yet",
            "Everybody who works here appears in this list, with their training.",
            "Add a member of staff",
        )
        self.list = RecordList(
            self.desk, _STAFF, _HERE, columns=("name", "job_role", "team"), empty=empty
        )
        self.list.adding.connect(lambda: self._open_room().add(_STAFF))
        self.list.looked_at.connect(self._look)
        self.list.opened.connect(lambda *_: self.card.focusNextChild())
        self.list.model.arrived.connect(self._arrived)
        below = QWidget()
        self._below = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight, below), 16)
        self._beside = sheets.Inset(self.list)
        self._below.addWidget(self._beside, 1)
        self._below.addWidget(self.card, 1)
        self._scroll = ScrollPage(spacing=16, margins=(24, 20, 24 - sheets.GUTTER, 20))
        above = spaced(QVBoxLayout(), 16, (0, 0, sheets.GUTTER, 0))
        above.addWidget(self.header)
        self._scroll.body.addLayout(above)
        self._scroll.body.addWidget(below, 1)
        self._room = QWidget()
        spaced(QVBoxLayout(self._room), 0, (24, 20, 24, 20)).addWidget(self.room)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._scroll)
        self.stack.addWidget(self._room)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)
        self._turn()

    def changeEvent(self, event: QEvent) -> None:
        """Stack list and card when text is large."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_below"):
            self._turn()

    def _turn(self) -> None:
        direction = QBoxLayout.Direction
        roomy = theme.roomy()
        self._below.setDirection(direction.LeftToRight if roomy else direction.TopToBottom)
        self._beside.inset(0 if roomy else theme.px(sheets.GUTTER))
        self.list.setMinimumHeight(theme.px(300))
        self.card.setMinimumHeight(theme.px(300))

    # ---- what is shown

    def _choose(self, which: object) -> None:
        self.list.set_where(_HERE if which == "here" else _LEFT)

    def _arrived(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.list.show_record(wanted)
        if self.card.staff is None and self.list.model.rowCount():
            self.list.table.go_to(0)
        # beside an empty list there is nobody to choose
        self.card.setVisible(self.card.staff is not None or self.list.model.rowCount() > 0)
        if not self._filled:
            self._filled = True
            self.filled.emit()

    def _look(self, identity: object) -> None:
        if self._wanted is not None:
            # the list has been read anew, without who is wanted
            return
        if isinstance(identity, int):
            if identity != self.card.staff:
                self.card.show_staff(identity)
        else:
            self.card.clear()

    def refresh(self) -> None:
        """Read the card anew; the list does so by itself."""
        self.card.refresh()

    def show_start(self) -> None:
        """Show list and card."""
        self.room.empty()
        self.stack.setCurrentWidget(self._scroll)
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_argument(self, argument: object) -> None:
        """Show the form of a new member of staff, ``{"add": True}``."""
        if isinstance(argument, dict) and argument.get("add"):
            self._open_room().add(_STAFF)

    def show_record(self, type_name: str, identity: int) -> None:
        """Show the card of a member of staff; anything else in full."""
        self.room.empty()
        if type_name == _STAFF:
            self.stack.setCurrentWidget(self._scroll)
            self.card.show()
            self.card.show_staff(identity)
            if self.list.model.find(identity) >= 0:
                self.list.show_record(identity)
            else:
                self._wanted = identity
        else:
            self._open_room().read(type_name, identity)

    # ---- beside the list

    def _open_room(self) -> RecordRoom:
        self.stack.setCurrentWidget(self._room)
        return self.room

    def _leave_room(self) -> None:
        self.stack.setCurrentWidget(self._scroll)
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _saved(self, saved: Saved) -> None:
        if saved.type == _STAFF:
            self.desk.open(_STAFF, saved.id)
