"""Two buttons that note whether somebody was reached, and then, if there is time, more about it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from liaison.records import spec_of
from liaison.records.directory import ContactAttempt
from liaison.records.rules import times
from liaison.services import attempts
from liaison.services.attempts import Noted
from liaison.services.editing import Unfit
from liaison.ui.parts.editors import Around
from liaison.ui.parts.fields import FieldGrid, Fields
from liaison.ui.parts.undoing import take_back
from liaison.ui.widgets import Button, FlowRow, Wrap, spaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.errors import UserError
    from liaison.records.vocabularies import Vocabularies
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk

_MORE: Final = ("waited", "resident", "note")
"""What can be said about an attempt once it is noted."""


@dataclasses.dataclass(frozen=True, slots=True)
class Whom:
    """Who is rung.

    Args:
        name: What they are called.
        contact: The person, if it is one.
        organisation: The place.
        resident: About whom, if that is known already.
    """

    name: str
    contact: int | None = None
    organisation: int | None = None
    resident: int | None = None


class Trying(QWidget):
    """The two buttons; a press is noted at once, and waiting time, resident and note may follow.

    Args:
        desk: The desk.
    """

    noted = Signal(object)
    """An attempt was noted, or more about it (a :class:`liaison.services.attempts.Noted`)."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._whom: Whom | None = None
        self._attempt: ContactAttempt | None = None
        self._id = 0
        self.reached = Button("I got through", "phone-call")
        self.reached.clicked.connect(lambda *_: self._try(reached=True))
        self.missed = Button("Tried, no answer", "phone-missed")
        self.missed.clicked.connect(lambda *_: self._try(reached=False))
        self.fields: Fields | None = None
        self._more: QWidget | None = None
        self.save_button: Button | None = None
        """Adds what is typed to the attempt that was just noted; None while nothing is asked."""
        self._column = spaced(QVBoxLayout(self), 12)
        self._column.addWidget(FlowRow((self.reached, self.missed)))
        desk.keeping.connect(self.settle)

    def about(self, whom: Whom) -> None:
        """Say who is rung from now on; what was being typed about somebody else is kept first."""
        if self._whom is not None and _who(self._whom) == _who(whom):
            self._whom = whom
            return
        self.settle()
        self._close()
        self._whom = whom

    # ---- noting

    def _try(self, *, reached: bool) -> None:
        whom, desk = self._whom, self._desk
        if whom is None:
            return
        self.settle()
        self._close()
        attempt = ContactAttempt(
            at=desk.now(),
            contact=whom.contact,
            organisation=whom.organisation,
            resident=whom.resident,
            how="phone",
            reached=reached,
        )
        self._allow(False)

        def write(home: OpenHome) -> tuple[Noted, Vocabularies]:
            return attempts.record(home, attempt), home.store.vocabularies

        def done(answer: tuple[Noted, Vocabularies]) -> None:
            self._allow(True)
            self._tell(_noted_words(attempt, whom.name), answer[0])
            if self._whom is not None and _who(self._whom) == _who(whom):
                self._open(attempt, *answer)

        desk.jobs.write(write, done, self._refuse, owner=self)

    def _refuse(self, error: UserError) -> None:
        self._allow(True)
        self._desk.trouble(error)

    def _allow(self, allowed: bool) -> None:  # noqa: FBT001  # what is allowed
        self.reached.setEnabled(allowed)
        self.missed.setEnabled(allowed)

    def _tell(self, words: str, noted: Noted) -> None:
        changes, desk = noted.changes, self._desk

        def undo() -> None:
            take_back(desk, changes)
            if noted.id == self._id:
                self._close()

        desk.say(words, undo)
        self.noted.emit(noted)

    # ---- saying more

    def _open(self, attempt: ContactAttempt, noted: Noted, vocabularies: Vocabularies) -> None:
        self._attempt, self._id = attempt, noted.id
        spec = spec_of(attempt)
        around = Around(self._desk, vocabularies, {})
        more = QWidget(self)
        self.fields = Fields([spec.by_name[name] for name in _MORE], around, more)
        self.fields.show(attempt)
        column = spaced(QVBoxLayout(more), 12)
        words = _noted_words(attempt, "").removesuffix(".")
        column.addWidget(Wrap(f"{words}. More about it, if you like:", "secondary"))
        grid = FieldGrid()
        for box in self.fields.boxes.values():
            grid.add(box)
        grid.arrange(anew=True)
        column.addWidget(grid)
        self.save_button = add = Button("Add this to the note", "check", small=True)
        add.clicked.connect(lambda *_: self.save())
        enough = Button("That is all", role=Button.QUIET, small=True)
        enough.clicked.connect(lambda *_: self._enough())
        column.addWidget(FlowRow((enough, add)))
        self._more = more
        self._column.addWidget(more)
        more.show()

    def _close(self) -> None:
        """Put away what is asked about the last attempt."""
        more, self._more, self.fields, self._attempt, self._id = self._more, None, None, None, 0
        self.save_button = None
        if more is None:
            return
        focus = QApplication.focusWidget()
        inside = focus is not None and more.isAncestorOf(focus)
        if inside:
            # else the keyboard goes on to the next control of the window
            self.missed.setFocus(Qt.FocusReason.OtherFocusReason)
        more.hide()
        more.deleteLater()

    def _enough(self) -> None:
        self.settle()
        self._close()

    @property
    def typed(self) -> bool:
        """Whether something was typed about the last attempt that is not kept yet."""
        fields = self.fields
        return fields is not None and any(
            not box.editor.is_empty() and _value(box.editor.value) != getattr(self._attempt, name)
            for name, box in fields.boxes.items()
        )

    def save(self) -> None:
        """Add what was typed to the attempt."""
        if self.fields is None or self._attempt is None:
            return
        values, unread = self.fields.read()
        if unread:
            self.fields.tell(unread, errors_at=self.fields.boxes)
            self.fields.wrong[0].editor.control.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if not self.typed:
            self._close()
            return
        self._amend(dataclasses.replace(self._attempt, **values), stays=True)

    def settle(self) -> None:
        """Keep what was typed, as somebody turns to something else: nothing typed is lost."""
        if self.fields is None or self._attempt is None or not self.typed:
            return
        values, unread = self.fields.read()
        attempt = dataclasses.replace(self._attempt, **values)
        if unread:
            # what is no number of minutes stays readable
            boxes = (self.fields.boxes[problem.field] for problem in unread)
            aside = (f"{box.editor.field.label}: {box.editor.typed()}" for box in boxes)
            note = "\n".join(part for part in (attempt.note, *aside) if part)
            attempt = dataclasses.replace(attempt, note=note)
        self._amend(attempt, stays=False)

    def _amend(self, attempt: ContactAttempt, *, stays: bool) -> None:
        identity, desk, fields, button = self._id, self._desk, self.fields, self.save_button
        name = self._whom.name if self._whom is not None else ""

        def done(noted: Noted) -> None:
            if identity == self._id:
                self._close()
            self._tell(_noted_words(attempt, name), noted)

        def refuse(error: UserError) -> None:
            if identity == self._id and fields is not None:
                # what was typed is still there, to be added again
                self.fields = fields
                if button is not None:
                    button.setEnabled(True)
                if isinstance(error, Unfit):
                    fields.tell(error.problems, errors_at=fields.boxes)
                    return
            desk.trouble(error)

        if button is not None:
            button.setEnabled(False)
        if not stays:
            # it is on its way; a second press is about the next attempt
            self.fields = None
        desk.jobs.write(
            lambda home: attempts.amend(home, identity, attempt), done, refuse, owner=self
        )


def _who(whom: Whom) -> tuple[int | None, int | None]:
    return (whom.contact, None) if whom.contact is not None else (None, whom.organisation)


def _value(read: Callable[[], object]) -> object:
    from liaison.records.parsing import Unreadable

    try:
        return read()
    except Unreadable as error:
        # not what it was, whatever it was
        return error


def _noted_words(attempt: ContactAttempt, name: str) -> str:
    """Return the sentence that says what was noted."""
    at = times.in_london(attempt.at) if attempt.at is not None else None
    clock = f" at {at.hour:02}:{at.minute:02}" if at is not None else ""
    who = f"{name}: " if name else ""
    what = "got through" if attempt.reached else "tried, no answer"
    words = f"{who}{what}{clock}, noted."
    return words[:1].upper() + words[1:]
