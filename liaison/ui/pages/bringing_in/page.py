"""Lists come in: the file, its columns, what would happen, and the button that lets it happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout

from liaison.security.roles import Action, who_may
from liaison.services.importing import Wishes
from liaison.ui import theme
from liaison.ui.page import Page
from liaison.ui.pages.bringing_in import doing, facts
from liaison.ui.pages.bringing_in.columns import ColumnsCard
from liaison.ui.pages.bringing_in.facts import Looked, Sample, What
from liaison.ui.pages.bringing_in.file_card import FileCard
from liaison.ui.pages.bringing_in.matrix_part import MatrixPart, said_of
from liaison.ui.pages.bringing_in.plan_card import PlanCard
from liaison.ui.pages.bringing_in.same_rows import SameRows
from liaison.ui.pages.bringing_in.working import Working
from liaison.ui.parts.undoing import take_back
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    PageHeader,
    ScrollPage,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.importing import Plan
    from liaison.ui.desk import Desk
    from liaison.ui.pages.bringing_in.doing import Brought
    from liaison.ui.pages.bringing_in.matrix_facts import MatrixBrought

_LOOK_AGAIN: Final = (
    "Something was written meanwhile, so the list was looked through again. Look what will happen "
    "now, then bring it in."
)


class BringInPage(Page):
    """Brings lists in; for managers."""

    name: ClassVar[str] = "import"
    title: ClassVar[str] = "Bring lists in"
    icon: ClassVar[str] = "upload"
    roles: ClassVar[frozenset[str]] = frozenset(who_may(Action.IMPORT))

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._looked_at: Looked | None = None
        self._asked: Wishes | None = None
        self._guessing = False
        self._outdated = False
        self.sheet = ScrollPage()
        practices = Button("The NHS's list of practices", "stethoscope")
        practices.clicked.connect(lambda: desk.go("practices"))
        self.sheet.body.addWidget(
            PageHeader(
                "Bring lists in",
                "What you have already need not be typed again. A list is looked through first; "
                "nothing is changed until you say so, and one Undo takes it all back.",
                [practices],
            )
        )
        spaced(QVBoxLayout(self), 0).addWidget(self.sheet)
        self._file_card()
        self.columns = ColumnsCard()
        self.columns.hide()
        self.columns.mapped.connect(self._mapped)
        self.sheet.body.addWidget(self.columns)
        self.outcome = PlanCard()
        self.outcome.go.clicked.connect(self._carry_out)
        self.sheet.body.addWidget(self.outcome)
        self.matrix = MatrixPart(desk)
        self.matrix.hide()
        self.matrix.refused.connect(self._matrix_refused)
        self.matrix.outdated.connect(self._matrix_outdated)
        self.matrix.done.connect(self._matrix_done)
        self.matrix.looked.connect(self._matrix_looked)
        self.sheet.body.addWidget(self.matrix)
        self.same = SameRows(desk, self)
        self.same.asking.connect(self._ask_with)
        self.same.left.connect(self._show_again)
        self.same.answered.connect(self._mapped)
        self.outcome.rows.compared.connect(self.same.compare)
        self.outcome.all_same.clicked.connect(self._merge_all)
        for card in self.same.cards:
            card.hide()
            self.sheet.body.addWidget(card)
        self.sheet.body.addStretch(1)

    def show_argument(self, argument: object) -> None:
        """Look into the file that was gone to with, such as one dropped on the window.

        Args:
            argument: A mapping with the file under ``file``.
        """
        file = argument.get("file") if isinstance(argument, Mapping) else None
        if isinstance(file, str | Path):
            self.use_file(Path(file))

    def refresh(self) -> None:
        """Tell that it is whole: it reads nothing until a file is chosen."""
        self.filled.emit()

    # ---- the file

    def _file_card(self) -> None:
        self.file = FileCard()
        self.file.chosen.connect(self.use_file)
        self.file.sheet_said.connect(self._use_sheet)
        self.file.said.connect(self._guess)
        self.working = Working()
        self.working.stopped.connect(self._stopped)
        self.file.add(self.working)
        self.banner = Banner("late", "")
        self.banner.hide()
        self.banner.pressed.connect(lambda: self._look(self._wishes(), anew=True))
        self.file.add(self.banner)
        self.sheet.body.addWidget(self.file)

    def use_file(self, file: Path, sheet: str = "") -> None:
        """Look into a file.

        Args:
            file: The file.
            sheet: Of a workbook the sheet; its first one if empty.
        """
        if self.working.is_writing or self.matrix.working.is_writing:
            self.banner.say("due", "A list is being brought in. Choose the next one after it.")
            return
        self.banner.hide()
        self.desk.jobs.run(
            lambda _: facts.look_into(file, sheet), self._take, self._cannot_read, owner=self
        )

    def _cannot_read(self, error: UserError) -> None:
        self._forget_file()
        self.banner.say("late", str(error))

    def _forget_file(self) -> None:
        """Show nothing of the file before any more."""
        self.working.drop()
        self.file.forget_file()
        self._guessing = False
        self._forget_plan()
        self.columns.forget_fixed()
        for part in (self.outcome, self.columns, *self.same.cards):
            part.hide()
        self.matrix.forget()

    def _take(self, sample: Sample) -> None:
        if sample.kind is None:
            self._forget_file()
            self.desk.go("practices", {"file": sample.file})
            return
        self.file.show_sample(sample)
        self._guess()

    def _use_sheet(self, sheet: str) -> None:
        if self.file.sample is not None:
            self.use_file(self.file.sample.file, sheet)

    # ---- which column is which

    def _guess(self) -> None:
        """Read the file by its headings alone, and show how that was understood."""
        sample = self.file.sample
        if sample is None:
            return
        self.working.drop()
        self._guessing = True
        self.same.begin(str(self.file.type.value))
        self.outcome.show_all()
        self._forget_plan()
        self.file.show_questions(sample)
        if self.file.is_matrix:
            self._guessing = False
            self.banner.hide()
            self.outcome.hide()
            self.columns.hide()
            self.matrix.use_file(sample.file)
            return
        self.matrix.forget()
        if self.file.type.value is None:
            self._guessing = False
            self.outcome.hide()
            self.columns.hide()
            self.banner.say("due", "Say what its rows are; the headings do not tell.")
            return
        self._look(Wishes(has_headings=self.file.has_headings), anew=True)

    def _mapped(self) -> None:
        self._look(self._wishes())

    def _wishes(self) -> Wishes:
        places = str(self.columns.places.value or "")
        return Wishes(
            self.columns.columns,
            self.file.has_headings,
            self.columns.fixed_values,
            places if not self.columns.places_field.isHidden() else "",
            self.same.answers.same,
        )

    # ---- looking through it

    def _look(self, wishes: Wishes, *, anew: bool = False) -> None:
        sample = self.file.sample
        if sample is None or self.desk.jobs.home is None or self.working.is_writing:
            return
        if wishes == self._asked and not anew:
            return
        self.working.drop()
        self._asked = wishes
        self._forget_plan()
        self._look_through(sample, wishes, facts.FIRST_ROWS)

    def _look_through(self, sample: Sample, wishes: Wishes, most: int | None = None) -> None:
        """Look through a list; of one with more than so many rows first through these."""
        type_name = str(self.file.type.value)

        def looked(found: Looked) -> None:
            self._looked(found)
            # what was understood of it may have been corrected in between
            if found.is_part and self._looked_at is found:
                self._look_through(sample, wishes)

        job = self.desk.jobs.look(
            lambda home, tell: facts.look_through(home, type_name, sample, wishes, tell, most=most),
            looked,
            self._cannot_map,
            owner=self,
        )
        self.working.look("Looking through the list", job)

    def _stopped(self) -> None:
        self._guessing = self._guessing and not self.columns.combos
        self.banner.say("due", "Stopped. Nothing was brought in.", "Look through it again")

    def _looked(self, looked: Looked) -> None:
        self.working.rest()
        if not self._outdated:
            self.banner.hide()
        self._outdated = self._outdated and looked.is_part
        plan = looked.plan
        if self._guessing:
            self._guessing = False
            self._show_columns(plan)
        self.columns.offer_places(looked.places)
        if self._looked_at is None:
            # what was guessed is what is wished from now on; what is typed meanwhile is wished anew
            self._asked = self._wishes()
        self.columns.ask_for(plan.missing)
        self._looked_at = looked
        self._show_plan(looked)

    def _show_columns(self, plan: Plan | None) -> None:
        sample = self.file.sample
        assert sample is not None  # noqa: S101  # a file was chosen
        self.columns.show_understood(
            str(self.file.type.value), sample, plan, has_headings=self.file.has_headings
        )

    def _cannot_map(self, error: UserError) -> None:
        self.working.rest()
        if self._guessing:
            self._guessing = False
            self._show_columns(None)
            self._asked = None
        self.outcome.hide()
        self.columns.offer_places(())
        unknown = error.code == "no-mapping" and bool(self.columns.combos)
        words = (
            "Say below which column is which; none of the headings is known."
            if unknown
            else f"{error.what} {error.do}".strip()
        )
        self.banner.say("due" if unknown else "late", words)

    # ---- what would happen

    def _forget_plan(self) -> None:
        self.outcome.go.setEnabled(False)
        if self._looked_at is None:
            return
        # ended on another thread: to let go of a hundred thousand rows holds the window up
        held = [self._looked_at]
        self._looked_at = None
        self.outcome.forget_lines()
        self.desk.jobs.run(lambda _: doing.let_go(held), lambda _: None, owner=self)

    def _show_plan(self, looked: Looked) -> None:
        rows = () if self.file.sample is None else self.file.sample.rows
        self.outcome.show_plan(looked.plan, rows, is_part=looked.is_part)
        self._show_lines()
        if not self.same.is_asking:
            self.outcome.show()
        if not looked.is_part:
            self.outcome.say()

    def _show_lines(self) -> None:
        if self._looked_at is not None:
            self.outcome.show_answered(self._looked_at.lines, self.same.answers)

    # ---- what may be the same

    def _ask_with(self, card: Card) -> None:
        """Show the one card with a question in place of the list."""
        for other in (self.outcome, self.columns, *self.same.cards):
            other.setVisible(other is card)
        # once it has its place
        QTimer.singleShot(0, self, lambda: self._to(card))

    def _to(self, card: Card) -> None:
        self.sheet.verticalScrollBar().setValue(card.y() - theme.px(16))

    def _show_again(self) -> None:
        """Show the list again in place of the question."""
        self.columns.show()
        self.outcome.setVisible(self._looked_at is not None)
        self._show_lines()
        self.outcome.rows.setFocus()
        self.sheet.ensureWidgetVisible(self.outcome)

    def _merge_all(self) -> None:
        if self._looked_at is not None:
            self.same.merge_all(self._looked_at.lines[What.SAME])

    # ---- doing it

    def _carry_out(self) -> None:
        looked, sample = self._looked_at, self.file.sample
        if looked is None or sample is None:
            return
        plan, wishes = looked.plan, self._wishes()
        self.outcome.go.setEnabled(False)
        tell = self.working.write()
        self.desk.jobs.write(
            lambda home: doing.bring_in(home, plan, sample, wishes, tell),
            self._done,
            self._refused,
            owner=self,
        )

    def _done(self, brought: Brought) -> None:
        self.working.rest()
        outcome = brought.outcome
        if outcome is None:
            self._look_once_more()
            return
        self._show_done(*doing.told(outcome), brought.changes)

    def _show_done(self, said: str, unfit: str, changes: Sequence[int]) -> None:
        """Say what was brought in, and what could not be."""
        self._forget_file()
        self.file.forget_type()
        self.banner.say("due" if unfit else "ok", f"{said} {unfit}".strip())
        shown = self.banner.accessibleName()
        self.desk.say(said, (lambda: self._take_back(changes, shown)) if changes else None)
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            # the button that was pressed is gone
            self.file.choose.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, lambda: self.sheet.ensureWidgetVisible(self.banner))

    # ---- a training matrix

    def _matrix_refused(self, error: UserError) -> None:
        self.banner.say("due" if error.code == "stopped" else "late", str(error))

    def _matrix_looked(self) -> None:
        if not self._outdated:
            self.banner.hide()
        self._outdated = False

    def _matrix_outdated(self) -> None:
        self._outdated = True
        self.banner.say("due", _LOOK_AGAIN)

    def _matrix_done(self, brought: MatrixBrought) -> None:
        unfit = (
            f"What could not come in: {brought.rejects}. Correct it there and bring that file in."
            if brought.rejects is not None
            else ""
        )
        self._show_done(said_of(brought), unfit, brought.changes)

    def _take_back(self, changes: Sequence[int], shown: str) -> None:
        if self.banner.accessibleName() == shown:
            # it says that they are in
            self.banner.hide()
        take_back(self.desk, changes)

    def _look_once_more(self) -> None:
        """Show what became of the plan since; whoever has looked at it presses again."""
        self._outdated = True
        self._look(self._wishes(), anew=True)
        self.banner.say("due", _LOOK_AGAIN)

    def _refused(self, error: UserError) -> None:
        self.working.rest()
        if error.code == "changed-meanwhile":
            self._look_once_more()
            return
        self.banner.say("due" if error.code == "stopped" else "late", str(error))
        self.outcome.go.setEnabled(self._looked_at is not None)
