"""A training matrix on the page that brings lists in: what is asked, what would happen, the button."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.exchange.matrix_cells import Meaning, Order
from liaison.services.importing.matrix import MatrixPlan, MatrixWishes, Question
from liaison.ui.pages.bringing_in import matrix_facts
from liaison.ui.pages.bringing_in.matrix_names import NamesCard
from liaison.ui.pages.bringing_in.outcome import OutcomeCard
from liaison.ui.pages.bringing_in.working import Working
from liaison.ui.widgets import Card, ComboBox, Field, Wrap, spaced

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
        self.plan: MatrixPlan | None = None
        self._file: Path | None = None
        self._asked_before: set[str] = set()
        column = spaced(QVBoxLayout(self), 16)
        self.working = Working()
        column.addWidget(self.working)
        self._days_card(column)
        self.names = NamesCard()
        self.names.said.connect(self._look)
        self.names.hide()
        column.addWidget(self.names)
        self.outcome = OutcomeCard("4. What will happen")
        self.outcome.go.clicked.connect(self._carry_out)
        column.addWidget(self.outcome)

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

    # ---- looking through it

    def use_file(self, file: Path) -> None:
        """Look through a file."""
        self.forget()
        self._file = file
        self.show()
        self._look()

    def forget(self) -> None:
        """Show nothing of the file before any more."""
        self.working.drop()
        self._file = self.plan = None
        self._asked_before.clear()
        self.outcome.show_all()
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
        if file is None or self.desk.jobs.home is None or self.working.is_writing:
            return
        self.working.drop()
        self.outcome.go.setEnabled(False)
        job = self.desk.jobs.look(
            lambda home, tell: matrix_facts.look_through(home, file, wishes, tell),
            self._show,
            self._cannot,
            owner=self,
        )
        self.working.look("Looking through the matrix", job)

    def _cannot(self, error: UserError) -> None:
        self.working.rest()
        for part in (self.days, self.names, self.outcome):
            part.hide()
        self.refused.emit(error)

    # ---- what would happen

    def _show(self, looked: MatrixLooked) -> None:
        self.working.rest()
        plan = self.plan = looked.plan
        self._ask(plan.questions)
        self.names.show_names(looked)
        self.names.show()
        self.outcome.show_figures(_figures(plan))
        self.outcome.remarks.setText(" ".join(plan.remarks))
        self.outcome.remarks.setVisible(bool(plan.remarks))
        self.outcome.show_lines(looked.lines)
        coming = len(plan.births)
        self.outcome.go.setEnabled(plan.writes and not plan.waits)
        self.outcome.go.set_words(
            f"Bring in {coming:,} training record{'' if coming == 1 else 's'}"
        )
        self.outcome.why.setText(_why(plan))
        self.outcome.show()
        self.outcome.say()
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

    # ---- doing it

    def _carry_out(self) -> None:
        plan, file = self.plan, self._file
        if plan is None or file is None:
            return
        self.outcome.go.setEnabled(False)
        tell = self.working.write()
        self.desk.jobs.write(
            lambda home: matrix_facts.bring_in(home, plan, file, tell),
            self._brought,
            self._refused,
            owner=self,
        )

    def _brought(self, brought: MatrixBrought) -> None:
        self.working.rest()
        if brought.plan is None:
            self._look()
            self.outdated.emit()
            return
        self.done.emit(brought)

    def _refused(self, error: UserError) -> None:
        self.working.rest()
        if error.code == "changed-meanwhile":
            self._look()
            self.outdated.emit()
            return
        self.outcome.go.setEnabled(self.plan is not None)
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


def _figures(plan: MatrixPlan) -> list[tuple[str, int, str]]:
    return [
        ("ok", len(plan.births), "new"),
        ("none", plan.unchanged, "known already"),
        ("none", plan.not_required, "not required"),
        ("late", len(plan.rejected), "rows with problems"),
        ("info", len(plan.new_staff), "new staff besides"),
        ("info", len(plan.new_courses), "new courses besides"),
    ]


def _why(plan: MatrixPlan) -> str:
    if plan.waits:
        return "Say above how its days are to be read."
    if not plan.writes:
        return "There is nothing in it that is new."
    return _KEPT if plan.rejected else ""
