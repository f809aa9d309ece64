"""What the forms for several members of staff at once share: fields at the left, ticks at the right."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records import Kind, Problem, ids, spec_of
from liaison.services.editing import Unfit
from liaison.services.references import as_id
from liaison.ui.pages.training.who import Who
from liaison.ui.parts import facts, plan
from liaison.ui.parts.editors import Around
from liaison.ui.parts.editors.picker import referred
from liaison.ui.parts.fields import FieldGrid, Fields
from liaison.ui.parts.form_frame import FormFrame
from liaison.ui.parts.undoing import offer_undo, take_back
from liaison.ui.widgets import Card, Columns, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.records import FieldSpec, Record
    from liaison.records.rules.matrix import Matrix
    from liaison.services.drafts import About, Draft
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import FormFacts

STAFF: Final = "staff"


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Args:
        people: For whom.
        changes: The stamps of it, to take it back.
        more: What else is to be said of it; may be empty.
    """

    people: tuple[int, ...]
    changes: tuple[int, ...]
    more: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class FormWords:
    """The words of such a form.

    Args:
        title: What it is for.
        subtitle: A sentence below that.
        save: The words of its Save button.
        fields: The heading and the icon of the card with its fields.
        who: The heading of the card with the ticks.
        nobody: What is said if nobody is ticked.
        done: What was done, before "for 3 people".
    """

    title: str
    subtitle: str
    save: str
    fields: tuple[str, str]
    who: str
    nobody: str
    done: str


class SeveralForm(FormFrame):
    """Such a form.

    Args:
        desk: The desk.
        matrix: How everybody stands: who may be ticked.
        staff: Who is ticked at first.
        anew: Whether somebody came for something of their own, so that no draft is shown.
    """

    recorded = Signal()
    """It is saved."""

    record_class: ClassVar[type[Record]]
    about: ClassVar[About]
    words: ClassVar[FormWords]

    def __init__(
        self,
        desk: Desk,
        matrix: Matrix,
        *,
        staff: Iterable[int] = (),
        anew: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        said = self.words
        super().__init__(
            desk, self.about, said.title, said.subtitle, said.save, f"Form: {said.title.lower()}",
            parent=parent,
        )  # fmt: skip
        self._spec = spec_of(self.record_class)
        self._anew = anew
        self.fields: Fields | None = None
        self._about_it = Card(*said.fields)
        self.who = Who(matrix, set(staff), said.who)
        self.who.changed.connect(self.keeper.note)
        # nobody is ticked before it is known who was ticked last time
        self.who.setEnabled(False)
        self._left_side = QWidget()
        self._at_left = spaced(QVBoxLayout(self._left_side), 16)
        self._at_left.addWidget(self._about_it, 1)
        self.sheet.body.addWidget(Columns([(self._left_side, 55), (self.who, 45)]), 1)

    # ---- what each form does in its own way

    def _begin_with(self) -> Record:
        """Return what the form begins with."""
        raise NotImplementedError

    def _first_field(self) -> str:
        """Return the field that takes the cursor."""
        raise NotImplementedError

    def _follow(self, name: str) -> None:
        """Show what follows from a field that was changed, or from the form being there."""

    def _more_typed(self) -> Mapping[str, Any]:
        """Return what lies in the form beside fields and ticks, for the draft."""
        return {}

    def _restore_more(self, draft: Draft) -> None:
        """Show again what lay in the form beside fields and ticks."""

    # ---- opening

    def _found_draft(self, draft: Draft | None) -> None:
        if self._anew:
            # somebody came for one cell: that is what they want to record, not what lay here
            draft = None
        given = self._begin_with()
        wanted: list[tuple[str, int]] = []
        for field in self._asked():
            if field.kind is not Kind.REF:
                continue
            value = getattr(given, field.name)
            if value is not None:
                wanted.append((field.target, value))
            if draft is not None:
                wanted += [(field.target, one) for one in referred(draft.typed.get(field.name))]

        def read(store: Store) -> FormFacts:
            return facts.form(store, self._spec.name, None, wanted)

        self.desk.jobs.read(
            read, lambda found: self._build(found, draft), self._cannot_open, owner=self
        )

    def _asked(self) -> list[FieldSpec]:
        return [field for field in plan.asked(self._spec) if field.name != STAFF]

    def _build(self, found: FormFacts, draft: Draft | None) -> None:
        self.banner.put_away()
        around = Around(self.desk, found.vocabularies, dict(found.names), self._add_in_place)
        self.fields = Fields(self._asked(), around, self)
        self.fields.show(self._begin_with())
        grid = FieldGrid()
        for box in self.fields.boxes.values():
            grid.add(box)
        self._about_it.add(grid)
        self._about_it.body.addStretch(1)
        grid.show()
        grid.arrange(anew=True)
        self.who.setEnabled(True)
        if draft is not None:
            self._restore(draft)
        self.fields.changed.connect(self._typed)
        self.save_button.setEnabled(True)
        self._follow("")
        first = self.fields.editor(self._first_field())
        first.control.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ready.emit()

    def _restore(self, draft: Draft) -> None:
        assert self.fields is not None  # noqa: S101  # it was just made
        self.fields.put(draft.typed)
        self._touched = set(draft.typed) & set(self.fields.boxes)
        kept = draft.typed.get(STAFF)
        self.who.tick({as_id(str(one)) for one in kept} if isinstance(kept, list) else set())
        self._restore_more(draft)
        self._tell_begun(draft)

    # ---- drafts

    def _typed(self, name: str) -> None:
        self._touched.add(name)
        self._follow(name)
        self.keeper.note()

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        assert self.fields is not None  # noqa: S101  # somebody typed
        typed = self.fields.typed(self._touched)
        ticked = [ids.to_text(one) for one in self.who.chosen]
        return {**typed, STAFF: ticked, **self._more_typed()}, {}

    def _all_typed(self) -> Mapping[str, Any]:
        assert self.fields is not None  # noqa: S101  # it is being saved
        typed = self.fields.typed(self.fields.boxes)
        return {**typed, STAFF: self.who.chosen, **self._more_typed()}

    def _typed_since(self, before: Mapping[str, Any]) -> tuple[str, ...]:
        assert self.fields is not None  # noqa: S101  # it was saved
        now = {STAFF: self.who.chosen, **self._more_typed()}
        beside = (name for name, value in now.items() if before[name] != value)
        return (*self.fields.differing(before), *beside)

    # ---- saving

    def _read_all(self, more: Sequence[Problem] = ()) -> Mapping[str, Any] | None:
        """Return what stands in the fields; None if something is wrong, which is then said."""
        assert self.fields is not None  # noqa: S101  # it is being saved
        values, unread = self.fields.read()
        missing = [] if self.who.chosen else [Problem(STAFF, self.words.nobody)]
        if unread or missing or more:
            self._refuse([*unread, *missing, *more])
            return None
        return values

    def _saved(self, written: Written, since: tuple[str, ...]) -> None:
        count = len(written.people)
        whom = "1 person" if count == 1 else f"{count:,} people"
        done = " ".join(part for part in (f"{self.words.done} for {whom}.", written.more) if part)
        offer_undo(self.desk, done, written.changes)
        if since:
            self._go_on_from(done, written, since)
        else:
            self.recorded.emit()

    def _go_on_from(self, done: str, written: Written, since: tuple[str, ...]) -> None:
        """Leave in the form what was typed while it was being saved."""
        if since == (STAFF,) and (more := set(self.who.chosen) - set(written.people)):
            # the others have it; left ticked they would be told that it is recorded already
            self.who.tick(more)
        self._go_on(
            f"{done} What you changed while it was being saved is still here and not saved. To "
            "correct what is saved, take it back and save once more.",
            self._touched,
        )
        self.banner.button.set_words("Take back what is saved")
        self.banner.button.show()

        def undo() -> None:
            self.who.tick({*self.who.chosen, *written.people})
            take_back(self.desk, written.changes)

        self.banner.act = undo

    def _refuse(self, problems: list[Problem]) -> None:
        assert self.fields is not None  # noqa: S101  # they were read
        elsewhere = self.fields.tell(problems, errors_at=self.fields.boxes)
        said = [problem.message for problem in elsewhere]
        wrong = [box.editor.field.label for box in self.fields.wrong]
        if wrong:
            said.insert(0, f"Not saved yet: {', '.join(wrong)}.")
        if said:
            self.banner.tell(" ".join(said))
        if self.fields.wrong:
            self.fields.wrong[0].editor.control.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.who.chosen:
            self.who.focus()

    def _not_saved(self, error: UserError) -> None:
        if isinstance(error, Unfit):
            error = Unfit(_of_all(error.problems, len(self.who.chosen)))
        super()._not_saved(error)


def _of_all(problems: Collection[Problem], people: int) -> list[Problem]:
    """Say once, at its field, what is wrong for everybody; name them where it is not."""
    by_field: dict[str, list[Problem]] = {}
    for problem in problems:
        by_field.setdefault(problem.field.rpartition(".")[2], []).append(problem)
    found: list[Problem] = []
    for field, told in by_field.items():
        plain = {problem.message.partition(": ")[2] or problem.message for problem in told}
        if len(told) == people and len(plain) == 1:
            message = plain.pop()
            found.append(Problem(field, message[:1].upper() + message[1:]))
        else:
            found += [dataclasses.replace(problem, field="") for problem in told]
    return found
