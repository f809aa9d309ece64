"""Recording that one or several members of staff completed a course."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from liaison.records import Problem, ids, spec_of
from liaison.records.training import TrainingRecord
from liaison.services.drafts import About
from liaison.services.editing import Unfit
from liaison.services.references import as_id
from liaison.services.training import record_training
from liaison.store import history as log
from liaison.ui.pages.training.who import Who
from liaison.ui.parts import facts, plan
from liaison.ui.parts.editors import Around
from liaison.ui.parts.editors.picker import referred
from liaison.ui.parts.fields import FieldGrid, Fields, filled
from liaison.ui.parts.form_frame import FormFrame
from liaison.ui.parts.undoing import offer_undo, take_back
from liaison.ui.widgets import Card, Columns

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.records.rules.matrix import Matrix
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import FormFacts

_SPEC: Final = spec_of(TrainingRecord)
_ABOUT: Final = About(_SPEC.name, None, "several")
_STAFF: Final = "staff"


@dataclasses.dataclass(frozen=True, slots=True)
class _Written:
    people: tuple[int, ...]
    changes: tuple[int, ...]


class RecordTraining(FormFrame):
    """The form.

    Args:
        desk: The desk.
        matrix: How everybody stands.
        course: The course it begins with.
        staff: Who is ticked at first.
    """

    recorded = Signal()
    """It is saved."""

    def __init__(
        self,
        desk: Desk,
        matrix: Matrix,
        *,
        course: int | None = None,
        staff: Iterable[int] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            desk,
            _ABOUT,
            "Record training",
            "One course, one day, for one or several members of staff.",
            "Save training",
            "Form: record training",
            parent=parent,
        )
        self._given = course
        self.fields: Fields | None = None
        self._course = Card("What they completed", "graduation-cap")
        self.who = Who(matrix, set(staff))
        self.who.changed.connect(self.keeper.note)
        # nobody is ticked before it is known who was ticked last time
        self.who.setEnabled(False)
        self.sheet.body.addWidget(Columns([(self._course, 55), (self.who, 45)]), 1)
        self._open()

    # ---- opening

    def _found_draft(self, draft: Draft | None) -> None:
        wanted: list[tuple[str, int]] = []
        if self._given is not None:
            # somebody came for one cell: that is what they want to record, not what lay here
            wanted, draft = [("course", self._given)], None
        if draft is not None:
            for name in ("course", "session"):
                target = _SPEC.by_name[name].target
                wanted += [(target, one) for one in referred(draft.typed.get(name))]

        def read(store: Store) -> FormFacts:
            return facts.form(store, _SPEC.name, None, wanted)

        self.desk.jobs.read(
            read, lambda found: self._build(found, draft), self._cannot_open, owner=self
        )

    def _build(self, found: FormFacts, draft: Draft | None) -> None:
        self._put_away()
        around = Around(self.desk, found.vocabularies, dict(found.names), self._add_in_place)
        asked = [field for field in plan.asked(_SPEC) if field.name != _STAFF]
        self.fields = Fields(asked, around, self)
        start = TrainingRecord(course=self._given, completed=self.desk.today())
        self.fields.show(start)
        grid = FieldGrid()
        for box in self.fields.boxes.values():
            grid.add(box)
        self._course.add(grid)
        self._course.body.addStretch(1)
        grid.show()
        grid.arrange(anew=True)
        self.who.setEnabled(True)
        if draft is not None:
            self._restore(draft)
        self.fields.changed.connect(self._typed)
        self.save_button.setEnabled(True)
        self._show_standing()
        first = "completed" if self._given is not None else "course"
        self.fields.editor(first).control.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ready.emit()

    def _restore(self, draft: Draft) -> None:
        assert self.fields is not None  # noqa: S101  # it was just made
        self.fields.put(draft.typed)
        self._touched = set(draft.typed) & set(self.fields.boxes)
        kept = draft.typed.get(_STAFF)
        self.who.tick({as_id(str(one)) for one in kept} if isinstance(kept, list) else set())
        self._tell_begun(draft)

    def _show_standing(self) -> None:
        if self.fields is not None:
            chosen = referred(self.fields.editor("course").typed())
            self.who.show_course(chosen[0] if chosen else None)

    # ---- drafts

    def _typed(self, name: str) -> None:
        self._touched.add(name)
        if name == "course":
            self._show_standing()
        self.keeper.note()

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        assert self.fields is not None  # noqa: S101  # somebody typed
        typed = self.fields.typed(self._touched)
        return {**typed, _STAFF: [ids.to_text(one) for one in self.who.chosen]}, {}

    def _all_typed(self) -> Mapping[str, Any]:
        assert self.fields is not None  # noqa: S101  # it is being saved
        return {**self.fields.typed(self.fields.boxes), _STAFF: self.who.chosen}

    def _typed_since(self, before: Mapping[str, Any]) -> tuple[str, ...]:
        assert self.fields is not None  # noqa: S101  # it was saved
        since = self.fields.differing(before)
        return since if before[_STAFF] == self.who.chosen else (*since, _STAFF)

    # ---- saving

    def save(self) -> None:
        """Save it for everybody who is ticked, if it is right; otherwise say what is not."""
        if self.fields is None or self._saving:
            return
        values, unread = self.fields.read()
        people = self.who.chosen
        if unread or not people:
            missing = [] if people else [Problem(_STAFF, "Tick who completed it.")]
            self._refuse([*unread, *missing])
            return
        record = filled(TrainingRecord(), values)
        assert isinstance(record, TrainingRecord)  # noqa: S101  # it was made as one
        training = record

        def write(home: OpenHome) -> _Written:
            saved = record_training(home, training, people)
            return _Written(tuple(people), tuple(log.batch_changes(home.store, saved.unit)))

        self._save_with(write, self._saved)

    def _saved(self, written: _Written, since: tuple[str, ...]) -> None:
        count = len(written.people)
        whom = "1 person" if count == 1 else f"{count:,} people"
        done = f"Training recorded for {whom}."
        offer_undo(self.desk, done, written.changes)
        if since:
            self._go_on_from(done, written, since)
        else:
            self.recorded.emit()

    def _go_on_from(self, done: str, written: _Written, since: tuple[str, ...]) -> None:
        """Leave in the form what was typed while it was being saved."""
        if since == (_STAFF,) and (more := set(self.who.chosen) - set(written.people)):
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

        self._again = undo

    def _refuse(self, problems: list[Problem]) -> None:
        assert self.fields is not None  # noqa: S101  # they were read
        elsewhere = self.fields.tell(problems, errors_at=self.fields.boxes)
        said = [problem.message for problem in elsewhere]
        wrong = [box.editor.field.label for box in self.fields.wrong]
        if wrong:
            said.insert(0, f"Not saved yet: {', '.join(wrong)}.")
        if said:
            self._say(" ".join(said))
        if self.fields.wrong:
            self.fields.wrong[0].editor.control.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.who.chosen:
            self.who.focus()

    def _not_saved(self, error: UserError) -> None:
        if isinstance(error, Unfit):
            error = Unfit(_of_all(error.problems, len(self.who.chosen)))
        super()._not_saved(error)


def _of_all(problems: Iterable[Problem], people: int) -> list[Problem]:
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
