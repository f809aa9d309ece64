"""Recording that one or several members of staff completed a course."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.records import Problem, ids, spec_of
from liaison.records.rules.same_name import name_key
from liaison.records.training import TrainingRecord
from liaison.services.drafts import About
from liaison.services.editing import Unfit
from liaison.services.references import as_id
from liaison.services.training import record_training
from liaison.store import history as log
from liaison.ui import clock, theme
from liaison.ui.pages.training import words
from liaison.ui.parts import facts, plan
from liaison.ui.parts.editors import Around
from liaison.ui.parts.editors.picker import referred
from liaison.ui.parts.fields import FieldGrid, Fields, filled
from liaison.ui.parts.keeper import Keeper
from liaison.ui.parts.quick import QuickAdd
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    CheckBox,
    Columns,
    LineEdit,
    PageHeader,
    ScrollPage,
    Text,
    spaced,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from liaison.errors import UserError
    from liaison.records.rules.matrix import Matrix, Row
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import Candidate, FormFacts

_SPEC: Final = spec_of(TrainingRecord)
_ABOUT: Final = About(_SPEC.name, None, "several")
_STAFF: Final = "staff"
_LIST_HEIGHT: Final = 360


@dataclasses.dataclass(frozen=True, slots=True)
class _Written:
    count: int
    changes: tuple[int, ...]


class _Person(QWidget):
    """One member of staff in the list: a tick, and how they stand with the course."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row
        said = f"{row.name}, {row.role}" if row.role else row.name
        self.tick = CheckBox(said)
        self.stands = Text("", "secondary")
        line = spaced(QHBoxLayout(self), 8, (0, 0, 8, 0))
        line.addWidget(self.tick)
        line.addStretch(1)
        line.addWidget(self.stands)

    def stand(self, told: str) -> None:
        """Say how they stand with the course that is chosen."""
        self.stands.setText(told)
        self.tick.setAccessibleDescription(told)


class RecordTraining(QWidget):
    """The form.

    Args:
        desk: The desk.
        matrix: How everybody stands.
        course: The course it begins with.
        staff: Who is ticked at first.
    """

    left = Signal()
    """Whoever fills it in goes somewhere else; what they typed is kept."""
    recorded = Signal()
    """It is saved."""
    ready = Signal()
    """It can be filled in."""

    def __init__(
        self,
        desk: Desk,
        matrix: Matrix,
        *,
        course: int | None = None,
        staff: Iterable[int] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self._matrix = matrix
        self._given = course
        self._saving = False
        self._touched: set[str] = set()
        self.fields: Fields | None = None
        self.keeper = Keeper(desk, _ABOUT, self._to_keep, self)
        self.keeper.kept.connect(self._tell_kept)
        self.keeper.failed.connect(self._tell_not_kept)
        self.save_button = Button("Save training", "check", Button.PRIMARY, shortcut="Ctrl+S")
        self.save_button.setEnabled(False)
        self.save_button.clicked.connect(self.save)
        later = Button("Finish later")
        later.setToolTip("What you have typed is kept on this PC")
        later.clicked.connect(self._leave)
        self.header = PageHeader(
            "Record training", "One course, one day, for one or several members of staff.",
            (later, self.save_button),
        )  # fmt: skip
        self.banner = Banner("late", "")
        self.banner.hide()
        self._course = Card("What they completed", "graduation-cap")
        self._who = Card("Who completed it", "users")
        self.people = [_Person(row) for row in matrix.rows]
        wanted = set(staff)
        for person in self.people:
            person.tick.setChecked(person.row.staff.id in wanted)
            person.tick.toggled.connect(lambda _: self._ticked())
        self._fill_who()
        sheet = ScrollPage(margins=(0, 0, 0, 0))
        sheet.body.addWidget(Columns([(self._course, 55), (self._who, 45)]), 1)
        column = spaced(QVBoxLayout(self), 12)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addWidget(sheet, 1)
        self.setAccessibleName("Form: record training")
        self.keeper.find(self._found)

    def _fill_who(self) -> None:
        self.search = LineEdit(placeholder="Search staff")
        self.search.setAccessibleName("Search staff")
        self.search.textChanged.connect(self._narrow)
        self.lacking = Button("Tick all who need it", "list-checks", small=True)
        self.lacking.clicked.connect(self._tick_lacking)
        self.none = Button("None", small=True)
        self.none.setAccessibleName("Tick nobody")
        self.none.clicked.connect(lambda *_: self._tick(set()))
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(self.lacking)
        row.addWidget(self.none)
        row.addStretch(1)
        people = ScrollPage(spacing=0, margins=(0, 0, 0, 0))
        for person in self.people:
            people.body.addWidget(person)
        people.body.addStretch(1)
        people.setMinimumHeight(theme.px(_LIST_HEIGHT))
        self._who.add(self.search)
        self._who.add(row)
        self._who.add(people, 1)

    # ---- opening

    def _found(self, draft: Draft | None) -> None:
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
            read, lambda found: self._build(found, draft), self.desk.trouble, owner=self
        )

    def _build(self, found: FormFacts, draft: Draft | None) -> None:
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
        if draft is not None:
            self._restore(draft)
        self.fields.changed.connect(self._typed)
        self.save_button.setEnabled(True)
        self._count()
        self._show_standing()
        first = "completed" if self._given is not None else "course"
        self.fields.editor(first).control.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ready.emit()

    def _restore(self, draft: Draft) -> None:
        assert self.fields is not None  # noqa: S101  # it was just made
        self.fields.put(draft.typed)
        self._touched = set(draft.typed) & set(self.fields.boxes)
        kept = draft.typed.get(_STAFF)
        self._tick({as_id(str(one)) for one in kept} if isinstance(kept, list) else set())
        at = clock.ago(draft.at, self.desk.today())
        self.header.set_subtitle(f"You began this {at}. It is as you left it.", "history", "muted")

    # ---- who

    @property
    def chosen(self) -> list[int]:
        """The ids of those who are ticked."""
        return [
            person.row.staff.id
            for person in self.people
            if person.tick.isChecked() and person.row.staff.id is not None
        ]

    def _tick(self, wanted: set[int | None]) -> None:
        for person in self.people:
            person.tick.setChecked(person.row.staff.id in wanted)

    def _ticked(self) -> None:
        self._count()
        self.keeper.note()

    def _count(self) -> None:
        number = len(self.chosen)
        self._who.set_note(f"{number:,} ticked" if number else "Nobody ticked yet")

    def _narrow(self, typed: str) -> None:
        letters = name_key(typed)
        for person in self.people:
            person.setVisible(letters in name_key(f"{person.row.name} {person.row.role}"))

    def _tick_lacking(self) -> None:
        place = self._place()
        if place is not None:
            self._tick({
                person.row.staff.id
                for person in self.people
                if person.row.cells[place].state in words.GAPS
            })  # fmt: skip

    def _place(self) -> int | None:
        """Return which column of the matrix the chosen course has; None if none is chosen."""
        if self.fields is None:
            return None
        chosen = self.fields.editor("course").typed()
        for identity in referred(chosen):
            for number, column in enumerate(self._matrix.columns):
                if column.course.id == identity:
                    return number
        return None

    def _show_standing(self) -> None:
        place = self._place()
        self.lacking.setEnabled(place is not None)
        for person in self.people:
            if place is None:
                person.stand("")
            else:
                cell = person.row.cells[place]
                person.stand(words.told(cell, self._matrix.on))

    # ---- drafts

    def _typed(self, name: str) -> None:
        self._touched.add(name)
        if name == "course":
            self._show_standing()
        self.keeper.note()

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        assert self.fields is not None  # noqa: S101  # somebody typed
        typed = self.fields.typed(self._touched)
        return {**typed, _STAFF: [ids.to_text(one) for one in self.chosen]}, {}

    def _tell_kept(self, draft: Draft) -> None:
        at = clock.hour(clock.in_london(draft.at))
        self.header.set_subtitle(
            f"Draft kept on this PC at {at}. Nothing is lost if the power goes.",
            "circle-check",
            "ok",
        )

    def _tell_not_kept(self, error: UserError) -> None:
        words_ = "What you have typed is still here, but no draft of it can be kept."
        self.banner.say("late", f"{words_} {error.what}")

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed when the form leaves the screen."""
        super().hideEvent(event)
        if not self._saving:
            self.keeper.keep()

    def _leave(self) -> None:
        self.keeper.keep_then(self.left.emit)

    # ---- saving

    def save(self) -> None:
        """Save it for everybody who is ticked, if it is right; otherwise say what is not."""
        if self.fields is None or self._saving:
            return
        values, unread = self.fields.read()
        people = self.chosen
        if unread or not people:
            missing = [] if people else [Problem(_STAFF, "Tick who completed it.")]
            self._refuse([*unread, *missing])
            return
        record = filled(TrainingRecord(), values)
        assert isinstance(record, TrainingRecord)  # noqa: S101  # it was made as one
        training = record

        def write(home: OpenHome) -> _Written:
            saved = record_training(home, training, people)
            return _Written(len(saved.ids), tuple(log.batch_changes(home.store, saved.unit)))

        self._saving = True
        self.save_button.setEnabled(False)
        self.desk.jobs.write(write, self._saved, self._not_saved, owner=self)

    def _saved(self, written: _Written) -> None:
        self.keeper.forget()
        whom = "1 person" if written.count == 1 else f"{written.count:,} people"
        offer_undo(self.desk, f"Training recorded for {whom}.", written.changes)
        self.recorded.emit()

    def _not_saved(self, error: UserError) -> None:
        self._saving = False
        self.save_button.setEnabled(True)
        if isinstance(error, Unfit):
            self._refuse(_of_all(error.problems, len(self.chosen)))
        else:
            said = " ".join(part for part in (error.what, error.do) if part)
            self.banner.say("late", f"{said} What you have typed is still here.")

    def _refuse(self, problems: list[Problem]) -> None:
        assert self.fields is not None  # noqa: S101  # they were read
        elsewhere = self.fields.tell(problems, errors_at=self.fields.boxes)
        said = [problem.message for problem in elsewhere]
        wrong = [box.editor.field.label for box in self.fields.wrong]
        if wrong:
            said.insert(0, f"Not saved yet: {', '.join(wrong)}.")
        if said:
            self.banner.say("late", " ".join(said))
        if self.fields.wrong:
            self.fields.wrong[0].editor.control.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.chosen:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_in_place(
        self, type_name: str, typed: str, anchor: QWidget, done: Callable[[Candidate], object]
    ) -> None:
        QuickAdd(self.desk, type_name, typed, anchor, done).begin()


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
