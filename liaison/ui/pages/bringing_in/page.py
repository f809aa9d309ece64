"""Lists come in: the file, its columns, what would happen, and the button that lets it happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout

from liaison.exchange.reading import FileKind
from liaison.records import all_specs
from liaison.security.roles import Action, who_may
from liaison.services import importing
from liaison.services.importing import Same, Wishes
from liaison.services.importing.posts import count_words
from liaison.ui import theme
from liaison.ui.page import Page
from liaison.ui.pages.bringing_in import doing, facts
from liaison.ui.pages.bringing_in.answers import Answers
from liaison.ui.pages.bringing_in.choosing import Choosing
from liaison.ui.pages.bringing_in.columns import ColumnsCard
from liaison.ui.pages.bringing_in.comparing import Comparing
from liaison.ui.pages.bringing_in.facts import Line, Looked, Sample, What
from liaison.ui.pages.bringing_in.file_card import FileCard
from liaison.ui.pages.bringing_in.matrix_part import MatrixPart, said_of
from liaison.ui.pages.bringing_in.outcome import OutcomeCard
from liaison.ui.pages.bringing_in.working import Working
from liaison.ui.parts.undoing import take_back
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    FlowRow,
    PageHeader,
    ScrollPage,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.importing import Plan, Suggestion
    from liaison.ui.desk import Desk
    from liaison.ui.pages.bringing_in.doing import Brought
    from liaison.ui.pages.bringing_in.facts import Candidates, Pair
    from liaison.ui.pages.bringing_in.matrix_facts import MatrixBrought

_LOOK_AGAIN: Final = (
    "Something was written meanwhile, so the list was looked through again. Look what will happen "
    "now, then bring it in."
)
_KEPT: Final = "Rows with problems are kept in a file beside the list, to correct and bring in."


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
        self._answers = Answers()
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
        self._outcome_card()
        self.matrix = MatrixPart(desk)
        self.matrix.hide()
        self.matrix.refused.connect(self._matrix_refused)
        self.matrix.outdated.connect(self._matrix_outdated)
        self.matrix.done.connect(self._matrix_done)
        self.matrix.looked.connect(self._matrix_looked)
        self.sheet.body.addWidget(self.matrix)
        self.comparing = Comparing()
        self.comparing.hide()
        self.comparing.merged.connect(self._merge)
        self.comparing.kept_apart.connect(self._keep_apart)
        self.comparing.left.connect(self._compared)
        self.sheet.body.addWidget(self.comparing)
        self.choosing = Choosing()
        self.choosing.hide()
        self.choosing.chosen.connect(self._compare_with)
        self.choosing.new.connect(self._add_as_new)
        self.choosing.left.connect(self._compared)
        self.sheet.body.addWidget(self.choosing)
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
        for part in (self.outcome, self.columns, self.comparing, self.choosing):
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
        self._answers = Answers()
        self.outcome.show_all()
        self.comparing.hide()
        self.choosing.hide()
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
            self._answers.same,
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
        type_name = str(self.file.type.value)
        job = self.desk.jobs.look(
            lambda home, tell: facts.look_through(home, type_name, sample, wishes, tell),
            self._looked,
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
        self._outdated = False
        plan = looked.plan
        if self._guessing:
            self._guessing = False
            self._show_columns(plan)
        self.columns.offer_places(looked.places)
        # what was guessed is what is wished from now on
        self._asked = self._wishes()
        self.columns.ask_for(plan.missing)
        self._looked_at = looked
        self._show_plan(looked)

    def _show_columns(self, plan: Plan | None) -> None:
        sample = self.file.sample
        assert sample is not None  # noqa: S101  # a file was chosen
        if not sample.rows:
            return
        self.columns.forget_fixed()
        headings = sample.rows[0] if self.file.has_headings else None
        if plan is not None and plan.columns.headings is not None:
            headings = plan.columns.headings
        rows = list(sample.rows)
        if headings is not None and headings in rows:
            rows = rows[rows.index(headings) + 1 :]
        used = {
            column.place: field.name
            for field, columns in (plan.columns.used.items() if plan is not None else ())
            for column in columns
        }
        if headings is not None and sample.kind is FileKind.VCARD:
            # what cards say has no headings but ours
            fields = {
                one.name: one.label
                for one in importing.taken_in(all_specs()[str(self.file.type.value)])
            }
            headings = tuple(fields.get(name, name) for name in headings)
        self.columns.show_columns(str(self.file.type.value), rows or [()], headings, used)

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

    def _outcome_card(self) -> None:
        self.left_out = Wrap("", "secondary", widest=760)
        self.all_same = Button("Merge all that may be the same, filling gaps only", "git-merge")
        self.all_same.clicked.connect(self._merge_all)
        self.outcome = OutcomeCard(
            "3. What will happen", above=[self.left_out], below=[FlowRow([self.all_same])]
        )
        self.outcome.rows.compared.connect(self._compare)
        self.outcome.go.clicked.connect(self._carry_out)
        self.sheet.body.addWidget(self.outcome)

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
        plan = looked.plan
        self.outcome.show_figures(_figures(plan), *_besides(plan))
        _say(self.outcome.remarks, " ".join(plan.remarks))
        left_out = self._left_out(plan)
        _say(self.left_out, f"Not brought in: {left_out}" if left_out else "")
        self._show_lines()
        coming = plan.added + plan.updated
        self.outcome.go.setEnabled(plan.writes)
        self.outcome.go.set_words(f"Bring in {coming:,} row{'' if coming == 1 else 's'}")
        nothing = "There is nothing in it that is new." if not plan.writes else ""
        self.outcome.why.setText(_KEPT if plan.rejected and plan.writes else nothing)
        if self.comparing.isHidden() and self.choosing.isHidden():
            self.outcome.show()
        self.outcome.say()

    def _show_lines(self) -> None:
        looked = self._looked_at
        if looked is None:
            return
        same = looked.lines[What.SAME]
        self.outcome.show_lines({**looked.lines, What.SAME: self._answers.told(same)})
        self.all_same.setVisible(any(map(self._answers.is_open, same)))

    def _left_out(self, plan: Plan) -> str:
        """Return the names of the columns nothing is read from, without those that are empty."""
        rows = () if self.file.sample is None else self.file.sample.rows
        return ", ".join(
            column.name
            for column in plan.columns.unused
            if any(row[column.place].strip() for row in rows if column.place < len(row))
        )

    # ---- what may be the same

    def _compare(self, line: Line) -> None:
        self._answers.ask(line)
        if line.several is not None:
            self.desk.jobs.read(
                facts.candidates(str(self.file.type.value), line.several),
                self._show_candidates,
                self.desk.trouble,
                latest=(id(self), "pair"),
                owner=self,
            )
        elif line.suggestion is not None:
            self._compare_with(line.suggestion)

    def _compare_with(self, one: Suggestion) -> None:
        self.desk.jobs.read(
            facts.pair(str(self.file.type.value), one),
            self._show_pair,
            self.desk.trouble,
            latest=(id(self), "pair"),
            owner=self,
        )

    def _show_candidates(self, found: Candidates) -> None:
        self.choosing.show_candidates(found)
        self._ask_with(self.choosing)
        self.choosing.begin()

    def _add_as_new(self, row: int) -> None:
        self._merge(Same(row, new=True))

    def _ask_with(self, card: Card) -> None:
        """Show the one card with a question in place of the list."""
        for other in (self.outcome, self.columns, self.comparing, self.choosing):
            other.setVisible(other is card)
        # once it has its place
        QTimer.singleShot(0, self, lambda: self._to(card))

    def _to(self, card: Card) -> None:
        self.sheet.verticalScrollBar().setValue(card.y() - theme.px(16))

    def _show_pair(self, pair: Pair) -> None:
        self.comparing.show_pair(pair)
        self._ask_with(self.comparing)
        self.comparing.begin()

    def _compared(self) -> None:
        self.comparing.hide()
        self.choosing.hide()
        self.columns.show()
        self.outcome.setVisible(self._looked_at is not None)
        self._show_lines()
        self.outcome.rows.setFocus()
        self.sheet.ensureWidgetVisible(self.outcome)

    def _merge(self, same: Same) -> None:
        self._answers.merge(same)
        self._compared()
        self._mapped()

    def _keep_apart(self, row: int) -> None:
        line = self._answers.line(row)
        if line is not None and line.several is not None:
            # it is not that one: which of the others, or none, is asked again
            self._compare(line)
            return
        was_merged = self._answers.keep_apart(row)
        self._compared()
        if was_merged:
            self._mapped()

    def _merge_all(self) -> None:
        if self._looked_at is None:
            return
        lines = [line for line in self._looked_at.lines[What.SAME] if self._answers.is_open(line)]
        self._answers.ask_all(lines)
        found = [line.suggestion for line in lines if line.suggestion is not None]
        self.desk.jobs.read(
            facts.gaps(str(self.file.type.value), found),
            self._merge_several,
            self.desk.trouble,
            owner=self,
        )

    def _merge_several(self, same: Sequence[Same]) -> None:
        self._answers.merge(*same)
        self._mapped()

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


def _figures(plan: Plan) -> list[tuple[str, int, str]]:
    return [
        ("ok", plan.added, "new"),
        ("info", plan.updated, "changed"),
        ("none", plan.unchanged, "known already"),
        ("late", len(plan.rejected), "not taken in"),
    ]


def _besides(plan: Plan) -> list[str]:
    return [f"{words} besides" for words in count_words(plan.posts)]


def _say(label: Wrap, words: str) -> None:
    label.setText(words)
    label.setVisible(bool(words))
