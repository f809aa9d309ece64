"""Asking why, before something is taken away, struck through, moved or merged."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QHBoxLayout, QWidget

from liaison.records import Record, all_specs, ids, spec_of
from liaison.records.casework import VisitEntry
from liaison.records.vocabularies import shipped
from liaison.services import editing
from liaison.ui.parts import answers, saving
from liaison.ui.parts.answers import BegunAnswer, asked_about
from liaison.ui.parts.editors import Around
from liaison.ui.parts.editors.picker import Finder
from liaison.ui.parts.quick import FormPopover
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import Button, ConfirmDialog, Field, LineEdit, Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.services.drafts import About
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import Candidate
    from liaison.ui.parts.saving import Saved

T = TypeVar("T")

Act = Callable[["OpenHome", Record, str], Record]


class ReasonDialog(ConfirmDialog):
    """Asks why; the answer stands in the record's history, and is a draft until it was used.

    Args:
        desk: The desk.
        about: What is asked: the draft of the answer is kept there (``answers.asked_about``).
        parent: The widget it belongs to.
        question: The title: "Strike this note through?".
        words: What will happen.
        do: The verb that does it.
        keep: The verb that leaves all as it is; it forgets the answer.
        label: The label of the line.
        danger: Whether what it does destroys something.
    """

    def __init__(
        self,
        desk: Desk,
        about: About,
        parent: QWidget,
        question: str,
        words: str,
        *,
        do: str,
        keep: str,
        label: str = "Reason",
        danger: bool = False,
    ) -> None:
        super().__init__(
            parent.window(), question, words, do=do, keep=keep, reason=label, danger=danger
        )
        self._begun = BegunAnswer(desk, about, {"reason": self._line}, self)
        # before whoever asked hears of it: what they write takes the draft out
        self.accepted.connect(self._begun.let_go)
        self.finished.connect(self._begun.let_go)
        self.keep.clicked.connect(self._begun.forget)

    def open(self) -> None:
        """Ask, with what was typed here before and not used."""
        super().open()
        self._begun.look()

    def finishing(self, work: Callable[[OpenHome], T]) -> Callable[[OpenHome], T]:
        """Return work that was agreed to, and that takes the draft of the answer out as well."""
        return answers.finishing(self._begun.about, work)

    def forgetting(self, work: Callable[[OpenHome], T]) -> Callable[[OpenHome], T]:
        """Return such work that is more than one transaction of the record."""
        return answers.forgetting(self._begun.about, work)


def ask_and_do(
    desk: Desk, dialog: ReasonDialog, record: Record, act: Act, words: str
) -> ReasonDialog:
    """Open a dialog; once it is agreed to, do what it asked about and say so.

    Args:
        desk: The desk.
        dialog: What asks.
        record: The record.
        act: Does it, with the reason.
        words: What to say afterwards, with ``{title}`` for the record.

    Returns:
        The dialog, open.
    """
    type_name, identity = spec_of(record).name, record.id
    assert identity is not None  # noqa: S101  # it was shown

    def done(saved: Saved) -> None:
        offer_undo(desk, words.format(title=saved.title), saved.changes)

    def agreed() -> None:
        reason = dialog.reason
        desk.jobs.write(
            dialog.finishing(
                lambda home: saving.act(home, type_name, identity, lambda h, r: act(h, r, reason))
            ),
            done,
            desk.trouble,
            owner=desk,
        )

    dialog.accepted.connect(agreed)
    dialog.open()
    return dialog


def archive(parent: QWidget, desk: Desk, record: Record, title: str) -> ReasonDialog:
    """Ask why a record is to leave the lists, and archive it."""
    spec = spec_of(record)
    leaves, it = ("They leave", "they") if spec.somebody else ("It leaves", "it")
    dialog = ReasonDialog(
        desk,
        asked_about(spec.name, record.id, "archive"),
        parent,
        f"Archive {title}?",
        f"{leaves} the lists. Nothing is erased, and {it} can be brought back at any time.",
        do="Archive",
        keep="Leave it in the lists",
    )
    return ask_and_do(desk, dialog, record, editing.archive, "{title} archived.")


def bring_back(parent: QWidget, desk: Desk, record: Record, title: str) -> ReasonDialog:
    """Ask why a record is to be in the lists again, and bring it back."""
    spec = spec_of(record)
    dialog = ReasonDialog(
        desk,
        asked_about(spec.name, record.id, "bring-back"),
        parent,
        f"Bring {title} back?",
        f"{'They' if spec.somebody else 'It'} will be in the lists again.",
        do="Bring back",
        keep="Leave it archived",
    )
    return ask_and_do(desk, dialog, record, editing.bring_back, "{title} brought back.")


def strike(parent: QWidget, desk: Desk, record: Record, title: str) -> ReasonDialog:
    """Ask why a record is wrong, and strike it through."""
    dialog = ReasonDialog(
        desk,
        asked_about(spec_of(record).name, record.id, "strike"),
        parent,
        f"Strike {title} through?",
        "The record stays readable, struck through, with your name and the reason.",
        do="Strike through",
        keep="Leave it as it is",
    )
    return ask_and_do(desk, dialog, record, editing.strike, "{title} struck through.")


class MergePopover(FormPopover):
    """Which record a duplicate is the same as.

    Args:
        anchor: The button that opened it.
        desk: The desk.
        record: The duplicate.
        title: The words that name it.
    """

    def __init__(self, anchor: QWidget, desk: Desk, record: Record, title: str) -> None:
        spec = spec_of(record)
        super().__init__(anchor, f"Merge {title}")
        self._desk = desk
        self._record = record
        self._into: Candidate | None = None
        self.finder = Finder(spec.name, Around(desk, shipped(), {}), self)
        self.finder.picked.connect(self._pick)
        self.finder.typed.connect(self._unpick)
        self.reason = LineEdit()
        self.do = Button("Merge", "git-merge", Button.PRIMARY)
        self.do.setEnabled(False)
        self.do.clicked.connect(self._merge)
        self.keep = Button("Keep both")
        about = asked_about(spec.name, record.id, "merge")
        # who the other one is stays out of it: erasing that one would not find it here
        self.begun = BegunAnswer(desk, about, {"reason": self.reason}, self)
        self.closed.connect(self.begun.let_go)
        self.keep.clicked.connect(self.begun.forget)
        self.keep.clicked.connect(self.done)
        self.body.addWidget(Text("The same as another?", "card"))
        self.body.addWidget(
            Wrap(
                f"{title} will lead to the one you choose. What was written about either stays, "
                "and it can be taken back.",
                "muted",
            )
        )
        self.body.addWidget(Field(f"Which {spec.label.lower()} stands for both", self.finder.line))
        self.body.addWidget(Field("Reason", self.reason))
        buttons = spaced(QHBoxLayout(), 8)
        buttons.addStretch(1)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.do)
        self.body.addLayout(buttons)

    def open(self) -> None:
        """Show it, with the reason that was typed here before; the other one is chosen again."""
        super().open()
        self.begun.look()

    def _pick(self, candidate: Candidate) -> None:
        self._into = candidate
        self.finder.line.setText(candidate.words)
        self.do.setEnabled(candidate.id != self._record.id)

    def _unpick(self) -> None:
        self._into = None
        self.do.setEnabled(False)

    def _merge(self) -> None:
        into, reason = self._into, self.reason.text()
        identity = self._record.id
        assert into is not None  # noqa: S101  # else the button is off
        assert identity is not None  # noqa: S101  # it was shown
        type_name, desk = spec_of(self._record).name, self._desk

        def merge(home: OpenHome, record: Record) -> Record:
            other = home.store.get(type_name, into.id)
            assert other is not None  # noqa: S101  # it was just found
            return editing.merge(home, record, other, reason)

        about = self.begun.about
        self.done()
        desk.jobs.write(
            answers.finishing(about, lambda home: saving.act(home, type_name, identity, merge)),
            functools.partial(_merged, desk),
            desk.trouble,
            owner=desk,
        )


def _merged(desk: Desk, saved: Saved) -> None:
    offer_undo(desk, f"Merged; {saved.title} stands for both.", saved.changes)


def in_a_sentence(candidate: Candidate) -> str:
    """Return who is meant with what tells them apart: "Mary Smith, room 9, date of birth ..."."""
    parts = [part for part in candidate.apart.split(" \N{MIDDLE DOT} ") if part]
    return ", ".join([candidate.words, *(part[0].lower() + part[1:] for part in parts)])


class MovePopover(FormPopover):
    """Whom a note is really about.

    Args:
        anchor: The button that opened it.
        desk: The desk.
        note: The note on the wrong resident.
    """

    def __init__(self, anchor: QWidget, desk: Desk, note: VisitEntry) -> None:
        super().__init__(anchor, "Move this note")
        self._desk = desk
        self._note = note
        label = all_specs()["resident"].label.lower()
        self.body.addWidget(Text("Whom is this note about?", "card"))
        self.body.addWidget(
            Wrap(
                "It stays where it is, struck through with your name and the reason, and is "
                "written again where it belongs.",
                "muted",
            )
        )
        self.finder = Finder("resident", Around(desk, shipped(), {}), self)
        if (present := note.resident) is not None:
            self.finder.aside = lambda: {present: ""}
        self.finder.picked.connect(self._pick)
        self.body.addWidget(Field(f"Right {label}", self.finder.line, required=True))

    def _pick(self, candidate: Candidate) -> None:
        self.done()
        dialog = ReasonDialog(
            self._desk,
            # why it is another's is not why it is this one's
            asked_about("visit_entry", self._note.id, f"move/{ids.to_text(candidate.id)}"),
            self,
            f"Move this note to {in_a_sentence(candidate)}?",
            "It stays in the history of the other resident, struck through, with your name and "
            "the reason.",
            do="Move the note",
            keep="Keep it here",
        )

        def move(home: OpenHome, record: Record, reason: str) -> Record:
            assert isinstance(record, VisitEntry)  # noqa: S101  # nothing else is moved
            return editing.move(home, record, candidate.id, reason)

        ask_and_do(self._desk, dialog, self._note, move, "Note moved: {title}.")
