"""The forms about a concern: raising it in one's own words, answering it, saying what came of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.records import ids
from liaison.records.casework import Concern
from liaison.records.rules.concerns import NOW
from liaison.services import concerns
from liaison.ui.pages.concerns.facts import RAISING, TYPE
from liaison.ui.parts import saving
from liaison.ui.parts.editors import RefPicker
from liaison.ui.parts.form import RecordForm
from liaison.ui.parts.form_sheet import Folds
from liaison.ui.parts.plan import Section
from liaison.ui.widgets import (
    Avatar,
    Banner,
    Button,
    Card,
    Elided,
    Explained,
    Text,
    TextArea,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from liaison.records import FieldSpec, Record
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import Candidate, FormFacts
    from liaison.ui.parts.fields import Fields
    from liaison.ui.parts.saving import Saved

_LINES: Final = 4
_OF_NOW: Final = "Now, unless you say otherwise"
_SEEN_NOW: Final = "Say it in your own words. A senior sees it straight away."
_ASKED_LATER: Final = "It waits for the next visit or round, until somebody answers it."
_FIRST: Final = ("resident", "situation")
_MORE: Final = ("background", "assessment", "asking")
_WHERE: Final = ("urgency", "route")
_KIND: Final = ("kind",)
_RARE: Final = ("routed_to", "raised_at")
_RING: Final = frozenset({"GP", "district nurse", "pharmacist", "out of hours"})
"""Routes that say by themselves who is to be rung."""


def page_of(resident: int | None) -> str:
    """Return what the draft of a new concern is kept under: one for each resident it is begun on.

    Args:
        resident: The resident it was begun on; None if they are chosen on the form.
    """
    return RAISING if resident is None else f"{RAISING}-{ids.to_text(resident)}"


class RaiseForm(RecordForm):
    """Who one is worried about, in one's own words; all else has an answer already.

    Args:
        desk: The desk.
        resident: Whom it is about, if that is known.
        query: Whether it is a question kept for somebody's visit.
    """

    def __init__(
        self,
        desk: Desk,
        resident: int | None = None,
        *,
        query: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self.staff: int | None = None
        self.ring = Banner(
            "late",
            "If it cannot wait, ring first. Whoever you try is noted with this concern.",
            "Who do I ring?",
        )
        self.other = Banner("due", "", "Go on with it")
        self.whom = _Whom()
        given: dict[str, Any] = {} if resident is None else {"resident": resident}
        if query:
            given["kind"] = "query"
        self.all = Button("See them all", "list", Button.QUIET)
        super().__init__(
            desk, TYPE, None, given, page=page_of(resident), actions=(self.all,), parent=parent
        )
        self.all.clicked.connect(self._leave)
        self._apart = _ASKED_LATER if query else _SEEN_NOW
        self.header.set_subtitle(self._apart)
        self._call_it(query=query)
        self.ring.pressed.connect(self._go_and_ring)

    def _call_it(self, *, query: bool) -> None:
        title = "Keep a question" if query else "I'm worried about..."
        self.header.set_title(title)
        self.save_button.set_words("Keep it" if query else "Raise it")
        self.setAccessibleName(f"Form: {title}")

    def _look_which(self, name: str) -> None:
        if name == "kind" and self.fields is not None:
            self._call_it(query=self.fields.editor("kind").typed() == "query")

    # ---- opening

    def _found_draft(self, draft: Draft | None) -> None:
        person = self.desk.person.id

        def known(staff: int | None) -> None:
            self.staff = staff
            super(RaiseForm, self)._found_draft(draft)

        def read(store: Store) -> int | None:
            return concerns.staff_of(store, person)

        self.desk.jobs.read(read, known, self._cannot_open, owner=self)

    def _asked(self, unseen: Collection[str]) -> Sequence[FieldSpec]:
        by_name = self.spec.by_name
        names = [*_FIRST, *_MORE, *_WHERE, *_KIND, *self._by, *_RARE]
        asked = [by_name[name] for name in names if name not in unseen]
        # the program knows the moment, unless somebody says that it was another
        return [
            dataclasses.replace(field, required=False, help=_OF_NOW)
            if field.name == "raised_at"
            else field
            for field in asked
        ]

    @property
    def _by(self) -> tuple[str, ...]:
        return ("raised_by",) if self.staff is None else ()

    def _lay_out(self, fields: Fields) -> None:
        for part in (self.other, self.ring, self.whom):
            self.sheet.body.addWidget(part)
            part.hide()

        def some(names: Sequence[str]) -> tuple[FieldSpec, ...]:
            return tuple(fields.editor(name).field for name in names if name in fields.boxes)

        _make_room(fields, "situation")
        sections = (
            Section("In your words", some(_FIRST), some(_MORE)),
            Section("How soon, and where it goes", some((*_WHERE, *_KIND, *self._by)), some(_RARE)),
        )
        self.folds = Folds(self.spec, fields, self.sheet, sections)
        fields.changed.connect(self._look_how_soon)
        fields.changed.connect(self._look_whom)
        fields.changed.connect(self._look_which)

    def _build(self, draft: Draft | None, found: FormFacts) -> None:
        super()._build(draft, found)
        if self.given.get("kind") == "query" and self.folds is not None:
            # for whose visit it is kept is the first thing to say
            self.folds.show_all()
        self._look_how_soon("urgency")
        self._look_whom("resident")
        self._look_which("kind")

    def _restore(self, draft: Draft) -> None:
        super()._restore(draft)
        self._look_how_soon("urgency")
        self._look_whom("resident")
        self._look_which("kind")

    def _look_how_soon(self, name: str) -> None:
        if name == "urgency" and self.fields is not None:
            self.ring.setVisible(self.fields.editor("urgency").typed() == NOW)

    def tell_other(self, words: str) -> None:
        """Say that another one is begun and waits; nothing if there is none.

        Args:
            words: Whom it is about, and how it begins.
        """
        if self.folds is None:
            # it has no place on the form yet; once it has, this is asked again
            return
        if not words:
            self.other.hide()
        elif self.other.isHidden() or self.other.accessibleName() != words:
            self.other.say("due", words, "Go on with it")

    def _look_whom(self, name: str) -> None:
        """Say which resident is meant: two of one name are told apart before a word is written."""
        if name == "resident" and self.fields is not None:
            editor = self.fields.editor("resident")
            self.whom.show_resident(editor.picked if isinstance(editor, RefPicker) else None)

    # ---- what cannot wait

    def ringing(self) -> dict[str, object]:
        """Return what the page that says who to ring is gone to with."""
        values = {} if self.fields is None else self.fields.read()[0]
        route, situation = values.get("route"), values.get("situation") or ""
        ask = route if route in _RING else str(situation)
        return {"ask": ask, "resident": values.get("resident")}

    def _go_and_ring(self) -> None:
        # it waits here as a draft meanwhile
        self.keeper.keep_then(lambda: self.desk.go("who-to-ring", self.ringing()))

    # ---- saving

    def _completed(self, record: Record) -> Record:
        assert isinstance(record, Concern)  # noqa: S101  # it is a concern's form
        return dataclasses.replace(
            record,
            raised_at=record.raised_at or self.desk.now(),
            raised_by=record.raised_by or self.staff,
        )

    def _write(self, home: OpenHome, loaded: Loaded | None, record: Record) -> Saved:
        if loaded is not None:
            return super()._write(home, loaded, record)
        assert isinstance(record, Concern)  # noqa: S101  # it is a concern's form
        done = concerns.raise_concern(home, record)
        return saving.added(home, TYPE, done.id, done.warnings)


class _Whom(QWidget):
    """Who is meant, with what tells them apart."""

    def __init__(self) -> None:
        super().__init__()
        self.avatar = Avatar("", 40)
        self.name = Elided("", "label")
        self.apart = Wrap("", "secondary", widest=900)
        words = spaced(QVBoxLayout(), 1)
        words.addWidget(self.name)
        words.addWidget(self.apart)
        row = spaced(QHBoxLayout(self), 12)
        row.addWidget(self.avatar)
        row.addLayout(words, 1)

    def show_resident(self, found: Candidate | None) -> None:
        """Show a resident; nobody is shown as nothing."""
        if found is not None:
            self.avatar.set_name(found.words)
            self.name.setText(found.words)
            self.apart.setText(found.apart)
            self.setAccessibleName(f"{found.words}, {found.apart}")
        self.setVisible(found is not None)


def _make_room(fields: Fields, name: str) -> None:
    """Let the text that the form is about have more lines than others."""
    control = fields.editor(name).control if name in fields.boxes else None
    if isinstance(control, TextArea):
        control.set_lines(_LINES)


@dataclasses.dataclass(frozen=True, slots=True)
class _Step:
    title: str
    save: str
    fields: tuple[str, ...]
    needed: frozenset[str] = frozenset()
    now: str = ""


_STEPS: Final = {
    "answer": _Step(
        "Record the answer",
        "Save the answer",
        ("answer", "answered_by", "answered_at"),
        frozenset({"answer", "answered_by"}),
        "answered_at",
    ),
    "outcome": _Step(
        "Record an outcome",
        "Save the outcome",
        ("outcome", "closed_at"),
        frozenset({"outcome"}),
        "closed_at",
    ),
    "route": _Step("Pass it on", "Pass it on", ("route", "routed_to")),
}


class StepForm(RecordForm):
    """One step of a concern that is there: its answer, its outcome, or where it goes.

    Args:
        desk: The desk.
        concern: The concern.
        step: answer, outcome or route.
    """

    def __init__(self, desk: Desk, concern: int, step: str, parent: QWidget | None = None) -> None:
        self._step = step
        self._words = _STEPS[step]
        super().__init__(desk, TYPE, concern, page=step, parent=parent)
        self._name_it("")

    def _name_it(self, title: str) -> None:
        self._apart = title
        self.header.set_title(self._words.title)
        self.header.set_subtitle(title or " ")
        self.save_button.set_words(self._words.save)
        self.setAccessibleName(f"Form: {self._words.title}")

    def _asked(self, unseen: Collection[str]) -> Sequence[FieldSpec]:
        words = self._words
        fields = [self.spec.by_name[name] for name in words.fields if name not in unseen]
        return [
            dataclasses.replace(
                field,
                required=field.name in words.needed,
                help=_OF_NOW if field.name == words.now else field.help,
            )
            for field in fields
        ]

    def _lay_out(self, fields: Fields) -> None:
        concern = self._start
        assert isinstance(concern, Concern)  # noqa: S101  # it is a concern's form
        about = Card(kind=Card.SUNK)
        about.add(Text(self.spec.by_name["situation"].label, "caption"))
        about.add(Explained(concern.situation or ""))
        self.sheet.body.addWidget(about)
        about.show()
        for name in ("answer", "outcome"):
            _make_room(fields, name)
        asked = tuple(box.editor.field for box in fields.boxes.values())
        self.folds = Folds(self.spec, fields, self.sheet, (Section("", asked, ()),))

    def _build(self, draft: Draft | None, found: FormFacts) -> None:
        super()._build(draft, found)
        self._name_it(found.title)
        if draft is not None:
            self._tell_begun(draft)

    def _completed(self, record: Record) -> Record:
        now = self._words.now
        if not now or getattr(record, now) is not None:
            return record
        completed: Record = dataclasses.replace(record, **{now: self.desk.now()})  # type: ignore[arg-type]  # by name
        return completed

    def _write(self, home: OpenHome, loaded: Loaded | None, record: Record) -> Saved:
        assert loaded is not None  # noqa: S101  # it is there already
        assert isinstance(record, Concern)  # noqa: S101  # it is a concern's form
        one = record
        if self._step == "answer":
            return saving.save_by(
                home, loaded, one,
                lambda: concerns.answer(
                    home, loaded.id, one.answer or "", one.answered_by or "", one.answered_at,
                    shown=loaded,
                ).warnings,
            )  # fmt: skip
        if self._step == "outcome":
            return saving.save_by(
                home, loaded, one,
                lambda: concerns.close(
                    home, loaded.id, one.outcome or "", one.closed_at, shown=loaded
                ).warnings,
            )  # fmt: skip
        return super()._write(home, loaded, record)
