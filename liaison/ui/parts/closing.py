"""Seeing to something open without leaving the list: its outcome, an answer, or one more asking."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liaison.records import all_specs
from liaison.records.rules import chasing, times
from liaison.services import concerns, drafts, outcomes, referrals
from liaison.services.drafts import About
from liaison.ui.parts.keeper import Keeper
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import Banner, Button, Field, LineEdit, Popover, Text, Wrap, spaced

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from liaison.errors import UserError
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk

RECORD: Final = "Record"
ANSWER: Final = "Answer"
CHASE: Final = "Chase"
_MISSING: Final = "Say in a few words what came of it."


@dataclasses.dataclass(frozen=True, slots=True)
class Subject:
    """What is seen to.

    Args:
        type: The type of the record that is open.
        id: That record.
        title: What it is, in words.
        detail: More about it, such as whom it is about; may be empty.
    """

    type: str
    id: int
    title: str
    detail: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class _Ask:
    """A line of the popover: the type and field it is for, and what to say if it is missing."""

    holder: str
    field: str
    missing: str = ""

    @property
    def label(self) -> str:
        return all_specs()[self.holder].by_name[self.field].label


@dataclasses.dataclass(frozen=True, slots=True)
class _Written:
    said: str
    typed: Mapping[str, str]
    changes: tuple[int, ...]
    versions: Mapping[str, tuple[int, ...]] = dataclasses.field(default_factory=dict)


class ClosingPopover(Popover):
    """One or two lines and Save; what is typed is kept as a draft.

    Args:
        desk: The desk.
        subject: What is open.
        button: What was pressed.
        verb: What is to be done: :data:`RECORD` its outcome, :data:`ANSWER` it, or :data:`CHASE`.

    Attributes:
        line: Its first line.
        lines: All of them by field.
    """

    saved = Signal()
    """It is written."""

    def __init__(self, desk: Desk, subject: Subject, button: QWidget, verb: str = RECORD) -> None:
        asks = _asks(subject.type, verb)
        label = asks[0].label
        # a stand-in: what was pressed goes whenever the page is made anew
        self._stand_in = QWidget(button.window())
        self._stand_in.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        corner = button.mapTo(button.window(), QPoint(0, 0))
        self._stand_in.setGeometry(corner.x(), corner.y(), button.width(), button.height())
        super().__init__(self._stand_in, f"{label}: {subject.title}")
        self._desk = desk
        self._subject = subject
        self._verb = verb
        self._asks = asks
        self.banner = Banner("late", "")
        self.banner.hide()
        # of a chase one line asks for the result: that is not what the whole is about
        self.body.addWidget(Text(CHASE if verb == CHASE else label, "card"))
        about = ", ".join(part for part in (subject.title, subject.detail) if part)
        self.body.addWidget(Wrap(about, "muted", widest=340))
        self.body.addWidget(self.banner)
        self.lines: dict[str, LineEdit] = {}
        self._fields: dict[str, Field] = {}
        for ask in asks:
            self._add(ask)
        self.line = self.lines[asks[0].field]
        self.save_button = Button("Save", "check", Button.PRIMARY)
        self.save_button.clicked.connect(self.save)
        self.cancel = Button("Not now")
        self.cancel.clicked.connect(self.done)
        row = spaced(QHBoxLayout(), 8)
        row.addStretch(1)
        row.addWidget(self.cancel)
        self.no_reply = Button("No reply", "phone-missed")
        self.no_reply.setToolTip(f"Note: {chasing.NO_REPLY}")
        self.no_reply.clicked.connect(self._note_no_reply)
        row.addWidget(self.no_reply)
        if verb != CHASE:
            self.no_reply.hide()
        row.addWidget(self.save_button)
        self.body.addLayout(row)
        page = "outcome" if verb == RECORD else verb.casefold()
        self.keeper = Keeper(desk, About(subject.type, subject.id, page), self._to_keep, self)
        self.keeper.failed.connect(self._trouble)
        self.closed.connect(self._stand_in.deleteLater)

    def _add(self, ask: _Ask) -> None:
        line = LineEdit(limit=2_000)
        line.setEnabled(False)
        line.textEdited.connect(lambda _: self._typed(ask.field))
        line.returnPressed.connect(self.save)
        field = Field(ask.label, line, required=bool(ask.missing))
        self.lines[ask.field], self._fields[ask.field] = line, field
        self.body.addWidget(field)

    def begin(self) -> None:
        """Show it, with what was typed here before and not saved."""
        self._stand_in.show()
        self.open()
        self.keeper.find(self._found, self._trouble)

    def _found(self, draft: Draft | None) -> None:
        for field, line in self.lines.items():
            if draft is not None:
                line.setText(str(draft.typed.get(field, "")))
            line.setEnabled(True)
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def _typed(self, field: str) -> None:
        self._fields[field].set_error("")
        self.keeper.note()

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        return {field: line.text() for field, line in self.lines.items()}, {}

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed when it closes."""
        super().hideEvent(event)
        self.keeper.keep()

    def save(self) -> None:
        """Write it, if what has to be said is there."""
        typed = {field: line.text().strip() for field, line in self.lines.items()}
        for ask in self._asks:
            if ask.missing and not typed[ask.field]:
                self._fields[ask.field].set_error(ask.missing)
                self.lines[ask.field].setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self._write(typed)

    def _note_no_reply(self) -> None:
        self._write({field: line.text().strip() for field, line in self.lines.items()} | {
            "result": self.line.text().strip() or chasing.NO_REPLY
        })  # fmt: skip

    def _write(self, typed: Mapping[str, str]) -> None:
        if not self.save_button.isEnabled():
            return
        subject, work = self._subject, _WORK[self._verb]
        self.save_button.setEnabled(False)
        self.no_reply.setEnabled(False)
        self.keeper.save(lambda home: work(home, subject, typed), self._saved, self._not_saved)

    def _saved(self, written: _Written, _: Draft | None) -> None:
        offer_undo(self._desk, written.said, written.changes)
        now = {field: line.text() for field, line in self.lines.items()}
        field = self._asks[0].field
        # a suggestion that was written in place of nothing is not what somebody typed since
        if self._verb == RECORD and now[field].strip() != written.typed[field]:
            self._keep_for_change(field, now[field], written.versions.get(field, ()))
        self.keeper.stop()
        self.saved.emit()
        self.done()

    def _keep_for_change(self, field: str, typed: str, version: tuple[int, ...]) -> None:
        """Keep what was typed while it was being saved, for the form that changes the record."""
        desk, about = self._desk, About(self._subject.type, self._subject.id)
        if field not in all_specs()[about.type].by_name:
            # the outcome of a line stands beside it: an event, which no form changes
            desk.say("What you typed while it was being saved was not written.")
            return
        desk.jobs.write(
            lambda home: drafts.save(home, about, {field: typed}, {field: version}),
            lambda _: desk.say("What you typed since is kept: open it and choose Change."),
            desk.trouble,
            owner=desk,
        )

    def _not_saved(self, error: UserError) -> None:
        self.save_button.setEnabled(True)
        self.no_reply.setEnabled(True)
        self._trouble(error)

    def _trouble(self, error: UserError) -> None:
        self.banner.say("late", " ".join(part for part in (error.what, error.do) if part))


def _asks(type_name: str, verb: str) -> tuple[_Ask, ...]:
    if verb == CHASE:
        return (_Ask("chase", "result", _MISSING), _Ask("chase", "spoke_to"))
    if verb == ANSWER:
        return (
            _Ask("concern", "answer", "Say in a few words what was answered."),
            _Ask("concern", "answered_by", "Say who answered."),
        )
    return (_Ask(*outcomes.FIELDS[type_name], _MISSING),)


def _record(home: OpenHome, subject: Subject, typed: Mapping[str, str]) -> _Written:
    (words,) = typed.values()
    written = outcomes.record(home, subject.type, subject.id, words)
    loaded = home.store.load(subject.type, subject.id)
    versions = {} if loaded is None else loaded.versions
    return _Written(f"Outcome recorded: {subject.title}.", typed, written.changes, versions)


def _answer(home: OpenHome, subject: Subject, typed: Mapping[str, str]) -> _Written:
    done = concerns.answer(home, subject.id, typed["answer"], typed["answered_by"])
    return _Written(f"Answer noted: {subject.title}. It is shown to whoever raised it.", typed,
                    done.changes)  # fmt: skip


def _chase(home: OpenHome, subject: Subject, typed: Mapping[str, str]) -> _Written:
    done = referrals.chase(
        home, subject.id, result=typed["result"], spoke_to=typed["spoke_to"] or None
    )
    said = f"Noted: {subject.title}."
    if done.next_chase is not None:
        said = f"{said} To be asked again on {times.show_date(done.next_chase)}."
    return _Written(said, typed, done.changes)


_WORK: Final[Mapping[str, Callable[[OpenHome, Subject, Mapping[str, str]], _Written]]] = {
    RECORD: _record,
    ANSWER: _answer,
    CHASE: _chase,
}
