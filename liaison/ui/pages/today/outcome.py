"""Saying in one line what came of something, without leaving Today."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liaison.records import all_specs
from liaison.services import drafts, outcomes
from liaison.services.drafts import About
from liaison.store import history as log
from liaison.ui.parts.keeper import Keeper
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import Banner, Button, Field, LineEdit, Popover, Text, Wrap, spaced

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from liaison.errors import UserError
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.services.today import Item
    from liaison.ui.desk import Desk

_FIELD: Final = "outcome"


@dataclasses.dataclass(frozen=True, slots=True)
class _Written:
    words: str
    changes: tuple[int, ...]
    version: tuple[int, ...]


class OutcomePopover(Popover):
    """One line for what came of it, and Save; what is typed is kept as a draft.

    Args:
        desk: The desk.
        item: What is open.
        button: What was pressed.
    """

    saved = Signal()
    """The outcome is recorded."""

    def __init__(self, desk: Desk, item: Item, button: QWidget) -> None:
        label = all_specs()[item.type].by_name[_FIELD].label
        # a stand-in: what was pressed goes whenever the page is made anew
        self._stand_in = QWidget(button.window())
        self._stand_in.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        corner = button.mapTo(button.window(), QPoint(0, 0))
        self._stand_in.setGeometry(corner.x(), corner.y(), button.width(), button.height())
        super().__init__(self._stand_in, f"{label}: {item.title}")
        self._desk = desk
        self._item = item
        self.line = LineEdit(limit=2_000)
        self.line.setEnabled(False)
        self.line.textEdited.connect(self._typed)
        self.line.returnPressed.connect(self.save)
        self._field = Field(label, self.line, required=True)
        self.banner = Banner("late", "")
        self.banner.hide()
        self.save_button = Button("Save", "check", Button.PRIMARY)
        self.save_button.clicked.connect(self.save)
        self.cancel = Button("Not now")
        self.cancel.clicked.connect(self.done)
        self.keeper = Keeper(desk, About(item.type, item.id, _FIELD), self._to_keep, self)
        self.keeper.failed.connect(self._trouble)
        self.body.addWidget(Text(label, "card"))
        about = ", ".join(part for part in (item.title, item.detail) if part)
        self.body.addWidget(Wrap(about, "muted", widest=340))
        self.body.addWidget(self.banner)
        self.body.addWidget(self._field)
        row = spaced(QHBoxLayout(), 8)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.save_button)
        self.body.addLayout(row)
        self.closed.connect(self._stand_in.deleteLater)

    def begin(self) -> None:
        """Show it, with what was typed here before and not saved."""
        self._stand_in.show()
        self.open()
        self.keeper.find(self._found, self._trouble)

    def _found(self, draft: Draft | None) -> None:
        if draft is not None:
            self.line.setText(str(draft.typed.get(_FIELD, "")))
        self.line.setEnabled(True)
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def _typed(self) -> None:
        self._field.set_error("")
        self.keeper.note()

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        return {_FIELD: self.line.text()}, {}

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed when it closes."""
        super().hideEvent(event)
        self.keeper.keep()

    def save(self) -> None:
        """Record the outcome, if there is one."""
        words = self.line.text().strip()
        if not words:
            self._field.set_error("Say in a few words what came of it.")
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if not self.save_button.isEnabled():
            return
        item = self._item

        def write(home: OpenHome) -> _Written:
            known = {entry.id for entry in log.history(home.store, item.type, item.id)}
            outcomes.record_outcome(home, item.type, item.id, words)
            now = {entry.id for entry in log.history(home.store, item.type, item.id)}
            loaded = home.store.load(item.type, item.id)
            versions = {} if loaded is None else loaded.versions
            return _Written(words, tuple(sorted(now - known)), versions.get(_FIELD, ()))

        self.save_button.setEnabled(False)
        self.keeper.save(write, self._saved, self._not_saved)

    def _saved(self, written: _Written, _: Draft | None) -> None:
        offer_undo(self._desk, f"Outcome recorded: {self._item.title}.", written.changes)
        if self.line.text().strip() != written.words:
            self._keep_for_change(self.line.text(), written.version)
        self.keeper.stop()
        self.saved.emit()
        self.done()

    def _keep_for_change(self, typed: str, version: tuple[int, ...]) -> None:
        """Keep what was typed while it was being saved, for the form that changes the record."""
        desk, about = self._desk, About(self._item.type, self._item.id)
        desk.jobs.write(
            lambda home: drafts.save(home, about, {_FIELD: typed}, {_FIELD: version}),
            lambda _: desk.say("What you typed since is kept: open it and choose Change."),
            desk.trouble,
            owner=desk,
        )

    def _not_saved(self, error: UserError) -> None:
        self.save_button.setEnabled(True)
        self._trouble(error)

    def _trouble(self, error: UserError) -> None:
        self.banner.say("late", " ".join(part for part in (error.what, error.do) if part))
