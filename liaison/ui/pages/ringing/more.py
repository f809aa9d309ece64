"""What can be said about an attempt once it is noted: how long they were held, and a few words."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from liaison.records.rules import times
from liaison.services import attempts
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import Button, Card, Field, IconButton, LineEdit, Wrap, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.records.directory import ContactAttempt
    from liaison.services.attempts import Noted
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk

_MOST_MINUTES: Final = 24 * 60
_MOST_DIGITS: Final = 9


class MoreCard(Card):
    """Minutes waited and a note about the attempt that was noted last.

    Args:
        desk: The desk.
    """

    ended = Signal()
    """There is nothing more to say; the focus goes elsewhere."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Anything to add?", "pencil")
        self.whom = Wrap("", "muted", widest=560)
        self.add(self.whom)
        self._desk = desk
        self._about: tuple[int, ContactAttempt] | None = None
        self.minutes = LineEdit(placeholder="Such as 11", limit=200)
        self.note = LineEdit(limit=2_000)
        self.minutes_field = Field("Minutes waited", self.minutes)
        self.note_field = Field("Note", self.note)
        self.save_button = Button("Add this", "check")
        self.save_button.clicked.connect(lambda *_: self.save())
        self.minutes.returnPressed.connect(self.save)
        self.note.returnPressed.connect(self.save)
        close = IconButton("x", "Nothing to add", small=True)
        close.clicked.connect(lambda *_: self.end())
        self.head.addWidget(close)
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.minutes_field, 1)
        row.addWidget(self.note_field, 3)
        row.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignBottom)
        self.add(row)
        self.hide()
        desk.keeping.connect(self._keep)

    @property
    def has_words(self) -> bool:
        """Whether something is typed that is not saved."""
        return bool(self.minutes.text().strip() or self.note.text().strip())

    def about(self, noted: Noted, attempt: ContactAttempt, name: str) -> None:
        """Ask about an attempt that was just noted.

        Args:
            noted: As it was written.
            attempt: What was written.
            name: Whom it was at.
        """
        self._about = noted.id, attempt
        at = times.in_london(attempt.at) if attempt.at is not None else None
        clock = f" at {at:%H:%M}" if at is not None else ""
        self.whom.setText(f"{name}{clock}")
        self._empty()
        self.show()

    def save(self) -> None:
        """Write the attempt again with what was added; what cannot be read stays."""
        if self._about is None:
            return
        typed = self.minutes.text().strip()
        if typed and not _is_minutes(typed):
            self.minutes_field.set_error("Write whole minutes, such as 11.")
            self.minutes.setFocus()
            return
        self.minutes_field.set_error(None)
        if not self.has_words:
            self.end()
            return
        identity, attempt = self._about
        more = dataclasses.replace(
            attempt,
            waited=int(typed) if typed else None,
            note=self.note.text().strip() or None,
        )
        self.save_button.setEnabled(False)

        def write(home: OpenHome) -> Noted:
            return attempts.amend(home, identity, more)

        self._desk.jobs.write(write, self._saved, self._failed, owner=self)

    def _saved(self, noted: Noted) -> None:
        self.save_button.setEnabled(True)
        offer_undo(self._desk, "Added to your try.", noted.changes)
        self.end()

    def _failed(self, error: UserError) -> None:
        self.save_button.setEnabled(True)
        self._desk.trouble(error)

    def _keep(self) -> None:
        """Save what is typed before the home is locked; half a number of minutes as words."""
        if self._about is None or not self.has_words or not self.save_button.isEnabled():
            return
        typed = self.minutes.text().strip()
        if typed and not _is_minutes(typed):
            self.note.setText(" ".join((self.note.text().strip(), f"Waited: {typed}")).strip())
            self.minutes.clear()
        self.save()

    def end(self) -> None:
        """Say nothing more."""
        self._about = None
        self._empty()
        self.hide()
        self.ended.emit()

    def _empty(self) -> None:
        self.minutes.clear()
        self.note.clear()
        self.minutes_field.set_error(None)


def _is_minutes(typed: str) -> bool:
    plain = typed.isascii() and typed.isdecimal() and len(typed) <= _MOST_DIGITS
    return plain and int(typed) <= _MOST_MINUTES
