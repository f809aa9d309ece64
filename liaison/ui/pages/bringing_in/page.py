"""Lists come in: the file, its columns, what would happen, and the button that lets it happen."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from liaison.exchange.reading import ENDINGS, FileKind
from liaison.records import all_specs
from liaison.security.roles import Action, who_may
from liaison.services import importing
from liaison.services.importing import Same, Wishes
from liaison.services.importing.posts import count_words
from liaison.ui import theme
from liaison.ui.job import Job, Progress
from liaison.ui.page import Page
from liaison.ui.pages.bringing_in import doing, facts, matrix_facts
from liaison.ui.pages.bringing_in.choosing import Choosing
from liaison.ui.pages.bringing_in.columns import ColumnsCard
from liaison.ui.pages.bringing_in.comparing import Comparing
from liaison.ui.pages.bringing_in.facts import Line, Looked, Sample, What
from liaison.ui.pages.bringing_in.listing import WORDS, Listing
from liaison.ui.pages.bringing_in.matrix_part import MatrixPart, said_of
from liaison.ui.parts.asking_files import ask_for_file
from liaison.ui.parts.undoing import take_back
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    CheckBox,
    ComboBox,
    Field,
    FilterChip,
    FlowRow,
    PageHeader,
    ProgressLine,
    ScrollPage,
    StateChip,
    Text,
    Wrap,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.importing import Plan, Suggestion
    from liaison.ui.desk import Desk
    from liaison.ui.pages.bringing_in.doing import Brought
    from liaison.ui.pages.bringing_in.facts import Candidates, Pair
    from liaison.ui.pages.bringing_in.matrix_facts import MatrixBrought

_NO_FILE: Final = "No file chosen yet. You can also drop one anywhere on the window."
_KINDS: Final = (f"Lists ({' '.join(f'*{ending}' for ending in ENDINGS)})", "All files (*)")
_SHOW_PROGRESS_MS: Final = 250
"""Work that is over sooner shows no progress."""
_ONE_LINE: Final = 90
"""Letters for which there is room in a line of the list."""
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
        self.dialog: QFileDialog | None = None
        self._sample: Sample | None = None
        self._looked_at: Looked | None = None
        self._asked: Wishes | None = None
        self._guessing = False
        self._outdated = False
        self._same: dict[int, Same] = {}
        self._apart: set[int] = set()
        self._answered: dict[int, Line] = {}
        """The lines of the rows that are merged: the plan suggests nothing for them any more."""
        self._filter: What | None = None
        self._job: Job | None = None
        """What is being looked through or written now, to be stopped."""
        self._is_writing = False
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
        self._late = QTimer(self, singleShot=True, interval=_SHOW_PROGRESS_MS)
        self._late.timeout.connect(self.working.show)

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
        card = Card("1. The list")
        card.add(
            Wrap(
                "A spreadsheet (XLSX or CSV), your training matrix among them, or contacts from "
                "Outlook, a phone or Google as a vCard file (VCF).",
                "muted",
                widest=760,
            )
        )
        self.choose = Button("Choose a file", "folder-open")
        self.choose.clicked.connect(self._ask)
        self.file_name = Wrap(_NO_FILE, "secondary", widest=560)
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.choose)
        row.addWidget(self.file_name, 1)
        self.type = ComboBox([*facts.kinds(), matrix_facts.KIND])
        self.type.setPlaceholderText("Choose what they are")
        self.type.set_value(None)
        self._type_is_said = False
        self.type.changed.connect(lambda _: self._said_type())
        self.sheets = ComboBox()
        self.sheets.changed.connect(lambda _: self._said_sheet())
        self.sheets_field = Field("Which sheet of the workbook", self.sheets)
        self.sheets_field.hide()
        self.headings = CheckBox("The first row holds the headings", on=True)
        self.headings.toggled.connect(lambda _: self._guess())
        card.add(row)
        card.add(self.sheets_field)
        card.add(Field("What its rows are", self.type))
        card.add(self.headings)
        self.working = QWidget()
        line = spaced(QHBoxLayout(self.working), 12)
        self.line = ProgressLine("Looking through the list")
        self.doing = Text("", "secondary")
        self.stop = Button("Stop", "x", small=True)
        self.stop.clicked.connect(self._stop)
        line.addWidget(self.line, 1)
        line.addWidget(self.doing)
        line.addWidget(self.stop)
        self.working.hide()
        card.add(self.working)
        self.banner = Banner("late", "")
        self.banner.hide()
        self.banner.pressed.connect(lambda: self._look(self._wishes(), anew=True))
        card.add(self.banner)
        self.sheet.body.addWidget(card)

    def _ask(self) -> None:
        self.dialog = ask_for_file(self, "Choose a list", _KINDS, self.use_file)

    def use_file(self, file: Path, sheet: str = "") -> None:
        """Look into a file.

        Args:
            file: The file.
            sheet: Of a workbook the sheet; its first one if empty.
        """
        if self._is_writing or self.matrix.is_writing:
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
        self._end_job()
        self._sample = None
        self._guessing = False
        self._forget_plan()
        self.columns.forget_fixed()
        for part in (
            self.outcome, self.columns, self.comparing, self.choosing, self.sheets_field,
        ):  # fmt: skip
            part.hide()
        self.matrix.forget()
        self.file_name.setText(_NO_FILE)

    def _take(self, sample: Sample) -> None:
        if sample.kind is None:
            self._forget_file()
            self.desk.go("practices", {"file": sample.file})
            return
        self._sample = sample
        self.file_name.setText(str(sample.file))
        self.sheets.set_choices([(name, name) for name in sample.sheets])
        self.sheets.set_value(sample.sheet)
        if not self._type_is_said:
            is_matrix = matrix_facts.is_likely(sample)
            self.type.set_value(matrix_facts.MATRIX if is_matrix else facts.likely_type(sample))
        self._guess()

    def _said_type(self) -> None:
        self._type_is_said = True
        self._guess()

    def _said_sheet(self) -> None:
        if self._sample is not None:
            self.use_file(self._sample.file, str(self.sheets.value))

    # ---- which column is which

    def _guess(self) -> None:
        """Read the file by its headings alone, and show how that was understood."""
        if self._sample is None:
            return
        self._end_job()
        self._guessing = True
        self._same, self._apart, self._answered = {}, set(), {}
        self._filter = None
        self.comparing.hide()
        self.choosing.hide()
        self._forget_plan()
        is_matrix = self.type.value == matrix_facts.MATRIX
        # a matrix finds its headings itself, on every sheet
        is_cards = self._sample.kind is FileKind.VCARD
        self.headings.setVisible(not is_matrix and not is_cards)
        self.sheets_field.setVisible(not is_matrix and len(self._sample.sheets) > 1)
        if is_matrix:
            self._guessing = False
            self.banner.hide()
            self.outcome.hide()
            self.columns.hide()
            self.matrix.use_file(self._sample.file)
            return
        self.matrix.forget()
        if self.type.value is None:
            self._guessing = False
            self.outcome.hide()
            self.columns.hide()
            self.banner.say("due", "Say what its rows are; the headings do not tell.")
            return
        self._look(Wishes(has_headings=self._has_headings), anew=True)

    @property
    def _has_headings(self) -> bool:
        is_cards = self._sample is not None and self._sample.kind is FileKind.VCARD
        return is_cards or self.headings.isChecked()

    def _mapped(self) -> None:
        self._look(self._wishes())

    def _wishes(self) -> Wishes:
        places = str(self.columns.places.value or "")
        return Wishes(
            self.columns.columns,
            self._has_headings,
            self.columns.fixed_values,
            places if not self.columns.places_field.isHidden() else "",
            tuple(self._same.values()),
        )

    # ---- looking through it

    def _look(self, wishes: Wishes, *, anew: bool = False) -> None:
        sample = self._sample
        if sample is None or self.desk.jobs.home is None or self._is_writing:
            return
        if wishes == self._asked and not anew:
            return
        self._end_job()
        self._asked = wishes
        self._forget_plan()
        type_name = str(self.type.value)
        self._begin("Looking through the list")
        self._follow(
            self.desk.jobs.look(
                lambda home, tell: facts.look_through(home, type_name, sample, wishes, tell),
                self._looked,
                self._cannot_map,
                owner=self,
            )
        )

    def _begin(self, name: str) -> None:
        self.line.setAccessibleName(name)
        self.line.show_progress(0, 0)
        self.doing.setText(name)
        self._late.start()

    def _follow(self, job: Job) -> None:
        self._job = job
        job.progress.connect(self._told)

    def _told(self, done: int, total: int, words: str) -> None:
        self.line.show_progress(done, total)
        rows = f"{done:,} of {total:,}" if total else f"{done:,} rows"
        self.doing.setText(f"{words}: {rows}" if done else words)

    def _rest(self) -> None:
        """Show that nothing is under way."""
        self._job = None
        self._late.stop()
        self.working.hide()

    def _end_job(self) -> None:
        if self._job is not None and not self._is_writing:
            self._job.cancel()
            self._rest()

    def _stop(self) -> None:
        if self._job is None:
            return
        self._job.cancel()
        if self._is_writing:
            # what became of it is told when it has ended
            self.doing.setText("Stopping")
            return
        self._rest()
        self._guessing = self._guessing and not self.columns.combos
        self.banner.say("due", "Stopped. Nothing was brought in.", "Look through it again")

    def _looked(self, looked: Looked) -> None:
        self._rest()
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
        sample = self._sample
        assert sample is not None  # noqa: S101  # a file was chosen
        if not sample.rows:
            return
        self.columns.forget_fixed()
        headings = sample.rows[0] if self._has_headings else None
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
                one.name: one.label for one in importing.taken_in(all_specs()[str(self.type.value)])
            }
            headings = tuple(fields.get(name, name) for name in headings)
        self.columns.show_columns(str(self.type.value), rows or [()], headings, used)

    def _cannot_map(self, error: UserError) -> None:
        self._rest()
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
        self.outcome = Card("3. What will happen")
        self.chips = FlowRow()
        self.remarks = Wrap("", "secondary", widest=760)
        self.left_out = Wrap("", "secondary", widest=760)
        self.filters = FlowRow(gap=6)
        self.rows = Listing()
        self.rows.compared.connect(self._compare)
        self.whole = Wrap("", "secondary", widest=900)
        self.whole.hide()
        self.rows.looked_at.connect(self._show_whole)
        self.all_same = Button("Merge all that may be the same, filling gaps only", "git-merge")
        self.all_same.clicked.connect(self._merge_all)
        self.go = Button("Bring it in", "check", Button.PRIMARY)
        self.go.clicked.connect(self._carry_out)
        self.why = Wrap("", "secondary")
        for part in (
            self.chips, self.remarks, self.left_out, self.filters, self.rows, self.whole,
        ):  # fmt: skip
            self.outcome.add(part)
        self.outcome.add(FlowRow([self.all_same]))
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.go)
        row.addWidget(self.why, 1)
        self.outcome.add(row)
        self.outcome.hide()
        self.sheet.body.addWidget(self.outcome)

    def _forget_plan(self) -> None:
        self.go.setEnabled(False)
        if self._looked_at is None:
            return
        # ended on another thread: to let go of a hundred thousand rows holds the window up
        held = [self._looked_at]
        self._looked_at = None
        self.rows.show_lines([])
        self.desk.jobs.run(lambda _: doing.let_go(held), lambda _: None, owner=self)

    def _show_plan(self, looked: Looked) -> None:
        plan = looked.plan
        self.chips.clear()
        chips = _chips(plan)
        for chip in chips:
            self.chips.flow.addWidget(chip)
            chip.show()
        _say(self.remarks, " ".join(plan.remarks))
        left_out = self._left_out(plan)
        _say(self.left_out, f"Not brought in: {left_out}" if left_out else "")
        self._show_lines()
        coming = plan.added + plan.updated
        self.go.setEnabled(plan.writes)
        self.go.set_words(f"Bring in {coming:,} row{'' if coming == 1 else 's'}")
        nothing = "There is nothing in it that is new." if not plan.writes else ""
        self.why.setText(_KEPT if plan.rejected and plan.writes else nothing)
        if self.comparing.isHidden() and self.choosing.isHidden():
            self.outcome.show()
        announce(self.outcome, ", ".join(chip.text() for chip in chips))

    def _show_lines(self) -> None:
        looked = self._looked_at
        if looked is None:
            return
        lines = {**looked.lines, What.SAME: self._same_lines(looked)}
        there = [what for what in WORDS if lines[what]]
        if self._filter not in there:
            self._filter = None
        self.filters.clear()
        for what in (None, *there) if len(there) > 1 else ():
            words = "All" if what is None else WORDS[what]
            count = sum(map(len, lines.values())) if what is None else len(lines[what])
            chip = FilterChip(words, count, on=what is self._filter)
            chip.clicked.connect(partial(self._show_only, what))
            self.filters.flow.addWidget(chip)
            chip.show()
        self.filters.setVisible(len(there) > 1)
        shown = there if self._filter is None else [self._filter]
        self.rows.show_lines([lines[what] for what in shown])
        self.rows.setVisible(bool(there))
        self.all_same.setVisible(any(map(self._is_open, looked.lines[What.SAME])))

    def _show_whole(self, line: Line) -> None:
        """Show all that is said of a line, if that is more than a line."""
        _say(self.whole, line.below if len(line.below) > _ONE_LINE else "")

    def _show_only(self, what: What | None, *_: object) -> None:
        self._filter = what
        self._show_lines()

    def _same_lines(self, looked: Looked) -> Sequence[Line]:
        """Return the rows that may be the same as others, with what was answered about them."""
        found = looked.lines[What.SAME]
        if self._apart:
            apart = "Not the same: both are kept."
            found = [_answered(one, apart) if one.row in self._apart else one for one in found]
        merged = [line for row, line in sorted(self._answered.items()) if row in self._same]
        return [*(self._said_of(one) for one in merged), *found] if merged else found

    def _said_of(self, line: Line) -> Line:
        """Return a line with what was answered about its row."""
        is_new = self._same[line.row or 0].new
        return _answered(line, "Added as new." if is_new else "The same: they are merged.")

    def _is_open(self, line: Line) -> bool:
        one = line.suggestion
        return line.row not in self._apart and one is not None and one.record is not None

    def _left_out(self, plan: Plan) -> str:
        """Return the names of the columns nothing is read from, without those that are empty."""
        rows = () if self._sample is None else self._sample.rows
        return ", ".join(
            column.name
            for column in plan.columns.unused
            if any(row[column.place].strip() for row in rows if column.place < len(row))
        )

    # ---- what may be the same

    def _compare(self, line: Line) -> None:
        row = line.row or 0
        if line.asks and row not in self._same:
            self._answered[row] = line
        if line.several is not None:
            self.desk.jobs.read(
                facts.candidates(str(self.type.value), line.several),
                self._show_candidates,
                self.desk.trouble,
                latest=(id(self), "pair"),
                owner=self,
            )
        elif line.suggestion is not None:
            self._compare_with(line.suggestion)

    def _compare_with(self, one: Suggestion) -> None:
        self.desk.jobs.read(
            facts.pair(str(self.type.value), one),
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
        self.rows.setFocus()
        self.sheet.ensureWidgetVisible(self.outcome)

    def _merge(self, same: Same) -> None:
        self._apart.discard(same.row)
        self._same[same.row] = same
        self._compared()
        self._mapped()

    def _keep_apart(self, row: int) -> None:
        line = self._answered.get(row)
        if line is not None and line.several is not None:
            # it is not that one: which of the others, or none, is asked again
            self._compare(line)
            return
        was_merged = self._same.pop(row, None)
        self._apart.add(row)
        self._compared()
        if was_merged is not None:
            self._mapped()

    def _merge_all(self) -> None:
        if self._looked_at is None:
            return
        lines = [line for line in self._looked_at.lines[What.SAME] if self._is_open(line)]
        self._answered |= {line.row or 0: line for line in lines}
        found = [line.suggestion for line in lines if line.suggestion is not None]
        self.desk.jobs.read(
            facts.gaps(str(self.type.value), found),
            self._merge_several,
            self.desk.trouble,
            owner=self,
        )

    def _merge_several(self, same: Sequence[Same]) -> None:
        self._same |= {one.row: one for one in same}
        self._mapped()

    # ---- doing it

    def _carry_out(self) -> None:
        looked, sample = self._looked_at, self._sample
        if looked is None or sample is None:
            return
        plan, wishes = looked.plan, self._wishes()
        self.go.setEnabled(False)
        self._is_writing = True
        # a write is not cancelled from outside: it hears that it is to stop, and says what became of it
        job = Job()
        self._begin("Bringing it in")
        self._follow(job)
        tell = Progress(job)
        self.desk.jobs.write(
            lambda home: doing.bring_in(home, plan, sample, wishes, tell),
            self._done,
            self._refused,
            owner=self,
        )

    def _done(self, brought: Brought) -> None:
        self._is_writing = False
        self._rest()
        outcome = brought.outcome
        if outcome is None:
            self._look_once_more()
            return
        plan = outcome.plan
        self._forget_file()
        self._type_is_said = False
        self.type.set_value(None)
        plural = all_specs()[plan.type].plural
        said = f"{plural}: {plan.added:,} added, {plan.updated:,} changed."
        if beside := count_words(plan.posts):
            said += f" Also added: {' and '.join(beside)}."
        if outcome.rejects is not None:
            rows = f"{len(plan.rejected):,} row{'' if len(plan.rejected) == 1 else 's'}"
            self.banner.say(
                "due",
                f"{said} {rows} with problems: {outcome.rejects}. Correct them there and bring "
                "that file in.",
            )
        else:
            self.banner.say("ok", said)
        shown, changes = self.banner.accessibleName(), brought.changes
        self.desk.say(said, (lambda: self._take_back(changes, shown)) if changes else None)
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            # the button that was pressed is gone
            self.choose.setFocus(Qt.FocusReason.OtherFocusReason)
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
        self._forget_file()
        self._type_is_said = False
        self.type.set_value(None)
        said = said_of(brought)
        if brought.rejects is not None:
            words = f"{said} What could not come in: {brought.rejects}. Correct it there and bring"
            self.banner.say("due", f"{words} that file in.")
        else:
            self.banner.say("ok", said)
        shown, changes = self.banner.accessibleName(), brought.changes
        self.desk.say(said, (lambda: self._take_back(changes, shown)) if changes else None)
        self.choose.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, lambda: self.sheet.ensureWidgetVisible(self.banner))

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
        self._is_writing = False
        self._rest()
        if error.code == "changed-meanwhile":
            self._look_once_more()
            return
        self.banner.say("due" if error.code == "stopped" else "late", str(error))
        self.go.setEnabled(self._looked_at is not None)


def _chips(plan: Plan) -> list[StateChip]:
    said = [
        ("ok", plan.added, "new"),
        ("info", plan.updated, "changed"),
        ("none", plan.unchanged, "known already"),
        ("late", len(plan.rejected), "not taken in"),
    ]
    chips = [
        StateChip(state, f"{number:,} {words}")
        for state, number, words in said
        if number or words == "new"
    ]
    return [*chips, *(StateChip("info", f"{words} besides") for words in count_words(plan.posts))]


def _answered(line: Line, words: str) -> Line:
    return dataclasses.replace(line, below=f"{words} {line.below}")


def _say(label: Wrap, words: str) -> None:
    label.setText(words)
    label.setVisible(bool(words))
