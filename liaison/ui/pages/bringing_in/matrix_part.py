"""A training matrix on the page that brings lists in: what is asked, what would happen, the button."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.exchange.matrix_cells import Meaning, Order
from liaison.services.importing.matrix import MatrixPlan, MatrixWishes, Question
from liaison.ui.job import Job, Progress
from liaison.ui.pages.bringing_in import matrix_facts
from liaison.ui.pages.bringing_in.facts import Line, What
from liaison.ui.pages.bringing_in.listing import WORDS, Listing
from liaison.ui.pages.bringing_in.matrix_names import NamesCard
from liaison.ui.widgets import (
    Button,
    Card,
    ComboBox,
    Field,
    FilterChip,
    FlowRow,
    ProgressLine,
    StateChip,
    Text,
    Wrap,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.ui.desk import Desk
    from liaison.ui.pages.bringing_in.matrix_facts import MatrixBrought, MatrixLooked

_MEANINGS: Final = [
    (Meaning.COMPLETED, "The day it was completed"),
    (Meaning.EXPIRES, "The day it runs out"),
]
_ORDERS: Final = [
    (Order.DAY_FIRST, "The day: 03/04/2026 is 3 April"),
    (Order.MONTH_FIRST, "The month, as in America: 03/04/2026 is 4 March"),
]
_ONE_LINE: Final = 90
"""Letters for which there is room in a line of the list."""
_KEPT: Final = "Cells with problems are kept in a file beside the matrix, to correct and bring in."


class MatrixPart(QWidget):
    """The cards of a matrix.

    Args:
        desk: The desk.
    """

    refused = Signal(object)
    """It cannot be read, or not written (a ``UserError``)."""
    outdated = Signal()
    """Something was written meanwhile; it was looked through again."""
    done = Signal(object)
    """It was brought in (a ``MatrixBrought``)."""
    looked = Signal()
    """It has been looked through."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.is_writing = False
        self.plan: MatrixPlan | None = None
        self._file: Path | None = None
        self._job: Job | None = None
        self._lines: dict[What, Sequence[Line]] = {}
        self._filter: What | None = None
        self._asked_before: set[str] = set()
        column = spaced(QVBoxLayout(self), 16)
        self._working = QWidget()
        line = spaced(QHBoxLayout(self._working), 12)
        self._progress = ProgressLine("Looking through the matrix")
        self._doing = Text("", "secondary")
        self.stop = Button("Stop", "x", small=True)
        self.stop.clicked.connect(self._stop)
        for part, share in ((self._progress, 1), (self._doing, 0), (self.stop, 0)):
            line.addWidget(part, share)
        column.addWidget(self._working)
        self._working.hide()
        self._days_card(column)
        self.names = NamesCard()
        self.names.said.connect(self._look)
        self.names.hide()
        column.addWidget(self.names)
        self._outcome_card(column)

    def _days_card(self, column: QVBoxLayout) -> None:
        self.days = Card("2. How its days are to be read")
        self.asked = Wrap("", "body", widest=760)
        self.days.add(self.asked)
        self.meaning = ComboBox(_MEANINGS)
        self.order = ComboBox(_ORDERS)
        self.meaning_field = Field("A day in a cell is", self.meaning)
        self.order_field = Field("In typed days, first comes", self.order)
        for combo, field in ((self.meaning, self.meaning_field), (self.order, self.order_field)):
            combo.setPlaceholderText("Choose which")
            combo.set_value(None)
            combo.changed.connect(lambda _: self._look())
            self.days.add(field)
        self.days.hide()
        column.addWidget(self.days)

    def _outcome_card(self, column: QVBoxLayout) -> None:
        self.outcome = Card("4. What will happen")
        self.chips = FlowRow()
        self.remarks = Wrap("", "secondary", widest=760)
        self.filters = FlowRow(gap=6)
        self.rows = Listing()
        self.rows.looked_at.connect(self._show_whole)
        self.whole = Wrap("", "secondary", widest=900)
        self.whole.hide()
        self.go = Button("Bring it in", "check", Button.PRIMARY)
        self.go.clicked.connect(self._carry_out)
        self.why = Wrap("", "secondary")
        for part in (self.chips, self.remarks, self.filters, self.rows, self.whole):
            self.outcome.add(part)
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.go)
        row.addWidget(self.why, 1)
        self.outcome.add(row)
        self.outcome.hide()
        column.addWidget(self.outcome)

    # ---- looking through it

    def use_file(self, file: Path) -> None:
        """Look through a file."""
        self.forget()
        self._file = file
        self.show()
        self._look()

    def forget(self) -> None:
        """Show nothing of the file before any more."""
        if self._job is not None and not self.is_writing:
            self._job.cancel()
        self._rest()
        self._file = self.plan = None
        self._asked_before.clear()
        self._filter = None
        self.names.forget()
        self.meaning.set_value(None)
        self.order.set_value(None)
        for part in (self.days, self.names, self.outcome):
            part.hide()
        self.hide()

    def _wishes(self) -> MatrixWishes:
        meaning, order = self.meaning.value, self.order.value
        return MatrixWishes(
            meaning=meaning if isinstance(meaning, Meaning) else None,
            order=order if isinstance(order, Order) else None,
            people=self.names.targets("staff"),
            courses=self.names.targets("course"),
            new_people=str(self.names.new_people.value or ""),
            new_courses=self.names.new_courses.isChecked(),
        )

    def _look(self) -> None:
        file, wishes = self._file, self._wishes()
        if file is None or self.desk.jobs.home is None or self.is_writing:
            return
        if self._job is not None:
            self._job.cancel()
        self.go.setEnabled(False)
        self._begin("Looking through the matrix")
        self._job = self.desk.jobs.look(
            lambda home, tell: matrix_facts.look_through(home, file, wishes, tell),
            self._show,
            self._cannot,
            owner=self,
        )
        self._job.progress.connect(self._told)

    def _begin(self, words: str) -> None:
        self._progress.setAccessibleName(words)
        self._progress.show_progress(0, 0)
        self._doing.setText(words)
        self._working.show()

    def _told(self, done: int, total: int, words: str) -> None:
        self._progress.show_progress(done, total)
        self._doing.setText(f"{words}: {done:,} of {total:,}" if done and total else words)

    def _rest(self) -> None:
        self._job = None
        self._working.hide()

    def _stop(self) -> None:
        if self._job is None:
            return
        self._job.cancel()
        if self.is_writing:
            # what became of it is told when it has ended
            self._doing.setText("Stopping")
            return
        self._rest()

    def _cannot(self, error: UserError) -> None:
        self._rest()
        for part in (self.days, self.names, self.outcome):
            part.hide()
        self.refused.emit(error)

    # ---- what would happen

    def _show(self, looked: MatrixLooked) -> None:
        self._rest()
        plan = self.plan = looked.plan
        self._lines = dict(looked.lines)
        self._ask(plan.questions)
        self.names.show_names(looked)
        self.names.show()
        self.chips.clear()
        chips = _chips(plan)
        for chip in chips:
            self.chips.flow.addWidget(chip)
            chip.show()
        self.remarks.setText(" ".join(plan.remarks))
        self.remarks.setVisible(bool(plan.remarks))
        self._show_lines()
        coming = len(plan.births)
        self.go.setEnabled(plan.writes and not plan.waits)
        self.go.set_words(f"Bring in {coming:,} training record{'' if coming == 1 else 's'}")
        self.why.setText(_why(plan))
        self.outcome.show()
        announce(self.outcome, ", ".join(chip.text() for chip in chips))
        self.looked.emit()

    def _ask(self, questions: Sequence[Question]) -> None:
        """Ask what only whoever kept the matrix knows; what was asked stays in sight."""
        self._asked_before |= {one.what for one in questions}
        if questions:
            self.asked.setText(" ".join(one.words for one in questions))
        self.asked.setVisible(bool(questions))
        for combo, field, what in (
            (self.meaning, self.meaning_field, "meaning"),
            (self.order, self.order_field, "order"),
        ):
            field.setVisible(what in self._asked_before)
            likely = next(
                (one.likely for one in questions if one.what == what and not one.must), ""
            )
            if likely and combo is self.meaning:
                combo.set_value(Meaning(likely))
        self.days.setVisible(bool(self._asked_before))

    def _show_lines(self) -> None:
        there = [what for what in WORDS if self._lines.get(what)]
        if self._filter not in there:
            self._filter = None
        self.filters.clear()
        for what in (None, *there) if len(there) > 1 else ():
            words = "All" if what is None else WORDS[what]
            number = (
                sum(len(self._lines[one]) for one in there)
                if what is None
                else len(self._lines[what])
            )
            chip = FilterChip(words, number, on=what is self._filter)
            chip.clicked.connect(partial(self._show_only, what))
            self.filters.flow.addWidget(chip)
            chip.show()
        self.filters.setVisible(len(there) > 1)
        shown = there if self._filter is None else [self._filter]
        self.rows.show_lines([self._lines[what] for what in shown])
        self.rows.setVisible(bool(there))

    def _show_only(self, what: What | None, *_: object) -> None:
        self._filter = what
        self._show_lines()

    def _show_whole(self, line: Line) -> None:
        """Show all that is said of a line, if that is more than a line."""
        long = line.below if len(line.below) > _ONE_LINE else ""
        self.whole.setText(long)
        self.whole.setVisible(bool(long))

    # ---- doing it

    def _carry_out(self) -> None:
        plan, file = self.plan, self._file
        if plan is None or file is None:
            return
        self.go.setEnabled(False)
        self.is_writing = True
        job = self._job = Job()
        self._begin("Bringing it in")
        job.progress.connect(self._told)
        tell = Progress(job)
        self.desk.jobs.write(
            lambda home: matrix_facts.bring_in(home, plan, file, tell),
            self._brought,
            self._refused,
            owner=self,
        )

    def _brought(self, brought: MatrixBrought) -> None:
        self.is_writing = False
        self._rest()
        if brought.plan is None:
            self._look()
            self.outdated.emit()
            return
        self.done.emit(brought)

    def _refused(self, error: UserError) -> None:
        self.is_writing = False
        self._rest()
        if error.code == "changed-meanwhile":
            self._look()
            self.outdated.emit()
            return
        self.go.setEnabled(self.plan is not None)
        self.refused.emit(error)


def said_of(brought: MatrixBrought) -> str:
    """Return what was brought in, in words."""
    plan = brought.plan
    if plan is None:
        return ""
    number = len(plan.births)
    words = [f"{number:,} training record{'' if number == 1 else 's'}"]
    for made, one, several in (
        (plan.new_staff, "member of staff", "members of staff"),
        (plan.new_courses, "course", "courses"),
    ):
        if made:
            words.append(f"{len(made):,} {one if len(made) == 1 else several}")
    return f"Added: {', '.join(words)}."


def _chips(plan: MatrixPlan) -> list[StateChip]:
    said = [
        ("ok", len(plan.births), "new"),
        ("none", plan.unchanged, "known already"),
        ("none", plan.not_required, "not required"),
        ("late", len(plan.rejected), "rows with problems"),
        ("info", len(plan.new_staff), "new staff besides"),
        ("info", len(plan.new_courses), "new courses besides"),
    ]
    return [
        StateChip(state, f"{number:,} {words}")
        for state, number, words in said
        if number or words == "new"
    ]


def _why(plan: MatrixPlan) -> str:
    if plan.waits:
        return "Say above how its days are to be read."
    if not plan.writes:
        return "There is nothing in it that is new."
    return _KEPT if plan.rejected else ""
