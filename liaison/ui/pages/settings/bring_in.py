"""Bring lists in: a file is looked through first, and comes in only when somebody says so."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liaison.errors import UserError
from liaison.exchange.csv_reading import read_csv
from liaison.files import plain_errors
from liaison.records import all_specs
from liaison.services import importing
from liaison.services.importing import Plan, Wishes
from liaison.store.history import batch_changes
from liaison.ui.pages.settings.section import CardsSection
from liaison.ui.pages.settings.take_out import kinds
from liaison.ui.parts.asking_files import ask_for_file
from liaison.ui.parts.undoing import take_back
from liaison.ui.widgets import (
    Banner,
    Button,
    CheckBox,
    ComboBox,
    Divider,
    Elided,
    Field,
    FlowRow,
    LineEdit,
    ProgressLine,
    StateChip,
    Text,
    Wrap,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from liaison.records import FieldSpec
    from liaison.services.homes import OpenHome
    from liaison.services.importing import Outcome
    from liaison.ui.desk import Desk

_LEFT_OUT: Final = ""
_NO_FILE: Final = "No file chosen yet."
_COMMON: Final = ("resident", "staff", "contact", "organisation", "course", "training_record")
"""What homes keep in lists, the most usual first."""
_SAMPLES: Final = 3
_MOST_COLUMNS: Final = 80
_MOST_LINES: Final = 50
_BY_LEAST: Final = ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
_KINDS: Final = ("Lists (*.csv *.tsv *.txt)", "All files (*)")


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a file.

    Args:
        file: The file.
        rows: Its first rows that hold anything.
    """

    file: Path
    rows: tuple[tuple[str, ...], ...]


def look_into(file: Path) -> Sample:
    """Return the beginning of a file.

    Raises:
        UserError: It cannot be read, or is no list.
    """
    with plain_errors(file), file.open("rb") as opened:
        rows = (row.cells for row in read_csv(opened).rows if not row.is_blank)
        return Sample(file, tuple(islice(rows, _SAMPLES + 1)))


def look_through(home: OpenHome, type_name: str, file: Path, wishes: Wishes) -> Plan:
    """Return what taking a file in would do.

    Raises:
        UserError: It cannot be read, or not as it is wished.
    """
    with plain_errors(file), file.open("rb") as opened:
        return importing.preview(home, type_name, read_csv(opened), wishes)


class BringInSection(CardsSection):
    """File, columns, what would happen, and the button that lets it happen."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.dialog: QFileDialog | None = None
        self._sample: Sample | None = None
        self._plan: Plan | None = None
        self._guessing = False
        self._outdated = False
        self.combos: list[ComboBox] = []
        self.fixed: dict[str, LineEdit] = {}
        self._file_card()
        self._columns_card()
        self._outcome_card()
        self.sheet.body.addStretch(1)

    # ---- the file

    def _file_card(self) -> None:
        card = self.card(
            "1. The list",
            "A CSV file, as every spreadsheet saves it. It is looked through first; nothing is "
            "changed until you say so, and one Undo takes it all back.",
        )
        self.choose = Button("Choose a file", "folder-open")
        self.choose.clicked.connect(self._ask)
        self.name = Wrap(_NO_FILE, "secondary", widest=560)
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.choose)
        row.addWidget(self.name, 1)
        self.type = ComboBox(_common_first())
        self.type.setPlaceholderText("Choose what they are")
        self.type.set_value(None)
        self._type_is_said = False
        self.headings = CheckBox("The first row holds the headings", on=True)
        self.type.changed.connect(lambda _: self._said_type())
        self.headings.toggled.connect(lambda _: self._guess())
        self.line = ProgressLine("Looking through the list")
        self.line.setRange(0, 0)
        self.line.hide()
        self.banner = Banner("late", "")
        self.banner.hide()
        card.add(row)
        card.add(Field("What its rows are", self.type))
        card.add(self.headings)
        card.add(self.line)
        card.add(self.banner)

    def _ask(self) -> None:
        self.dialog = ask_for_file(self, "Choose a list", _KINDS, self.use_file)

    def use_file(self, file: Path) -> None:
        """Look into a file."""
        self.banner.hide()
        self.desk.jobs.run(lambda _: look_into(file), self._take, self._cannot_read, owner=self)

    def _cannot_read(self, error: UserError) -> None:
        self._forget_file()
        self.banner.say("late", str(error))

    def _forget_file(self) -> None:
        """Show nothing of the file before any more."""
        self._sample = None
        self._guessing = False
        self._forget_plan()
        self.fixed.clear()
        self.line.hide()
        self.outcome.hide()
        self.columns_card.hide()
        self.name.setText(_NO_FILE)

    def _take(self, sample: Sample) -> None:
        self._sample = sample
        self.name.setText(str(sample.file))
        if not self._type_is_said:
            self.type.set_value(_likely_type(sample))
        self._guess()

    def _said_type(self) -> None:
        self._type_is_said = True
        self._guess()

    # ---- which column is which

    def _columns_card(self) -> None:
        self.columns_card = self.card(
            "2. Which column is which",
            "Headings are matched by themselves where they can be. Correct what is not right.",
        )
        self._grid_box = QWidget()
        self.columns_card.add(self._grid_box)
        self._fixed_box = QWidget()
        spaced(QVBoxLayout(self._fixed_box), 12)
        self.columns_card.add(self._fixed_box)
        self.columns_card.hide()

    def _guess(self) -> None:
        """Read the file by its headings alone, and show how that was understood."""
        if self._sample is None:
            return
        self._guessing = True
        self.fixed.clear()
        self._forget_plan()
        if self.type.value is None:
            self._guessing = False
            self.outcome.hide()
            self.columns_card.hide()
            self.banner.say("due", "Say what its rows are; the headings do not tell.")
            return
        self._look(Wishes(has_headings=self.headings.isChecked()))

    def _show_columns(self, used: dict[int, str]) -> None:
        sample = self._sample
        assert sample is not None  # noqa: S101  # a file was chosen
        old = self._grid_box
        self._grid_box = QWidget()
        grid = spaced(QGridLayout(self._grid_box), 8)
        for place, words in enumerate(("In the file", "Looks like", "Comes in as")):
            grid.addWidget(Text(words, "caption"), 0, place)
        spec = all_specs()[str(self.type.value)]
        offered: list[tuple[object, str]] = [(_LEFT_OUT, "Leave it out")]
        offered += [(field.name, field.label) for field in importing.exchanged(spec)]
        first, *others = sample.rows
        named = self.headings.isChecked()
        data = others if named else list(sample.rows)
        self.combos = []
        for place, cell in enumerate(first[:_MOST_COLUMNS]):
            heading = " ".join(cell.split()) if named else ""
            title = heading or f"Column {place + 1}"
            looks = next(
                (row[place] for row in data if place < len(row) and row[place].strip()), ""
            )
            combo = ComboBox(offered)
            combo.setAccessibleName(f"{title} comes in as")
            # the longest field of a type would make every column too wide for large text
            combo.setSizeAdjustPolicy(_BY_LEAST)
            combo.setMinimumContentsLength(10)
            combo.set_value(used.get(place, _LEFT_OUT))
            combo.changed.connect(lambda _: self._mapped())
            self.combos.append(combo)
            grid.addWidget(Elided(title, "label"), place + 1, 0)
            grid.addWidget(Elided(" ".join(looks.split()), "muted"), place + 1, 1)
            grid.addWidget(combo, place + 1, 2)
        for place, share in enumerate((3, 3, 4)):
            grid.setColumnStretch(place, share)
        self.columns_card.body.replaceWidget(old, self._grid_box)
        old.hide()
        old.deleteLater()
        self._grid_box.show()
        self.columns_card.show()

    def _mapped(self) -> None:
        self._forget_plan()
        self._look(self._wishes())

    def _wishes(self) -> Wishes:
        columns = tuple(
            (str(place + 1), str(combo.value)) for place, combo in enumerate(self.combos)
        )
        given = {combo.value for combo in self.combos}
        fixed = tuple(
            (name, line.text())
            for name, line in self.fixed.items()
            if line.text().strip() and name not in given
        )
        return Wishes(columns, self.headings.isChecked(), fixed)

    def _show_missing(self, missing: Sequence[FieldSpec]) -> None:
        """Ask once for what every record must have and no column gives."""
        for field in missing:
            if field.name in self.fixed:
                continue
            line = LineEdit()
            self.fixed[field.name] = line
            line.editingFinished.connect(self._mapped)
            hint = "No column gives it. If it is the same for every row, type it once."
            self._fixed_layout.addWidget(Field(field.label, line, hint, required=True))

    @property
    def _fixed_layout(self) -> QVBoxLayout:
        layout = self._fixed_box.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101  # it was given one
        return layout

    def _clear_fixed(self) -> None:
        _clear(self._fixed_layout)

    # ---- looking through it

    def _look(self, wishes: Wishes) -> None:
        sample = self._sample
        if sample is None or self.desk.jobs.home is None:
            return
        type_name, file = str(self.type.value), sample.file
        self.line.show()
        self.desk.jobs.write(
            lambda home: look_through(home, type_name, file, wishes),
            lambda plan: self._looked(wishes, plan),
            self._cannot_map,
            owner=self,
        )

    def _looked(self, wishes: Wishes, plan: Plan) -> None:
        if self._sample is None:
            return
        if wishes.columns and wishes != self._wishes():
            # somebody went on mapping meanwhile; that is on its way too
            return
        self.line.hide()
        if not self._outdated:
            self.banner.hide()
        self._outdated = False
        if self._guessing:
            self._guessing = False
            self._clear_fixed()
            used = {
                column.place: field.name
                for field, columns in plan.columns.used.items()
                for column in columns
            }
            self._show_columns(used)
        self._show_missing(plan.missing)
        self._plan = plan
        self._show_plan(plan)

    def _cannot_map(self, error: UserError) -> None:
        if self._sample is None:
            return
        self.line.hide()
        if self._guessing:
            self._guessing = False
            self._clear_fixed()
            if self._sample.rows:
                self._show_columns({})
        words = f"{error.what} {error.do if error.code != 'no-mapping' else ''}".strip()
        if error.code == "no-mapping":
            words = "Say below which column is which; none of the headings is known."
        self.banner.say("due" if error.code == "no-mapping" else "late", words)

    # ---- what would happen

    def _outcome_card(self) -> None:
        self.outcome = self.card("3. What will happen")
        self.chips = FlowRow()
        self.notes = QWidget()
        self.notes.setAccessibleName("Rows with something to say")
        self._lines = spaced(QVBoxLayout(self.notes), 6)
        self.go = Button("Bring it in", "check", Button.PRIMARY)
        self.go.clicked.connect(self._carry_out)
        self.why = Wrap("", "secondary")
        self.left_out = Wrap("", "secondary", widest=760)
        self.outcome.add(self.chips)
        self.outcome.add(self.left_out)
        self.outcome.add(self.notes)
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.go)
        row.addWidget(self.why, 1)
        self.outcome.add(row)
        self.outcome.hide()

    def _forget_plan(self) -> None:
        self._plan = None
        self.go.setEnabled(False)

    def _show_plan(self, plan: Plan) -> None:
        self.chips.clear()
        for chip in _chips(plan):
            self.chips.flow.addWidget(chip)
            chip.show()
        left_out = self._left_out(plan)
        self.left_out.setText(f"Not brought in: {left_out}")
        self.left_out.setVisible(bool(left_out))
        _clear(self._lines)
        lines = [(row.row, " ".join(row.problems), "late") for row in plan.rejected]
        lines += [(note.row, note.text, "due") for note in plan.notes]
        for number, (row, words, kind) in enumerate(lines[:_MOST_LINES]):
            if number:
                self._lines.addWidget(Divider())
            self._lines.addWidget(_line(row, words, kind))
        if len(lines) > _MOST_LINES:
            more = f"And {len(lines) - _MOST_LINES:,} rows more. The first {_MOST_LINES} are shown."
            self._lines.addWidget(Text(more, "secondary"))
        self.notes.setVisible(bool(lines))
        coming = plan.added + plan.updated
        self.go.setEnabled(bool(coming))
        self.go.set_words(f"Bring in {coming:,} row{'' if coming == 1 else 's'}")
        kept = "Rows with problems are kept in a file beside the list, to correct and bring in."
        self.why.setText(
            kept if plan.rejected else "" if coming else "There is nothing in it that is new."
        )
        self.outcome.show()
        announce(self.outcome, ", ".join(chip.text() for chip in _chips(plan)))

    def _left_out(self, plan: Plan) -> str:
        """Return the names of the columns nothing is read from, without those that are empty."""
        rows = () if self._sample is None else self._sample.rows
        return ", ".join(
            column.name
            for column in plan.columns.unused
            if any(row[column.place].strip() for row in rows if column.place < len(row))
        )

    # ---- doing it

    def _carry_out(self) -> None:
        plan, sample = self._plan, self._sample
        if plan is None or sample is None:
            return
        self.go.setEnabled(False)
        self.line.show()
        file = sample.file

        def write(home: OpenHome) -> tuple[Outcome, tuple[int, ...]]:
            outcome = importing.carry_out(home, plan, file.absolute(), f"Brought in: {file.name}")
            batch = outcome.batch
            changes = () if batch is None else tuple(batch_changes(home.store, batch))
            return outcome, changes

        self.desk.jobs.write(write, self._done, self._refused, owner=self)

    def _done(self, done: tuple[Outcome, tuple[int, ...]]) -> None:
        outcome, changes = done
        plan = outcome.plan
        self._forget_file()
        self._type_is_said = False
        self.type.set_value(None)
        plural = all_specs()[plan.type].plural
        said = f"{plural}: {plan.added:,} added, {plan.updated:,} changed."
        if outcome.rejects is not None:
            rows = f"{len(plan.rejected):,} row{'' if len(plan.rejected) == 1 else 's'}"
            self.banner.say(
                "due",
                f"{said} {rows} with problems: {outcome.rejects}. Correct them there and bring "
                "that file in.",
            )
        else:
            self.banner.say("ok", said)
        shown = self.banner.accessibleName()
        self.desk.say(said, (lambda: self._take_back(changes, shown)) if changes else None)

    def _take_back(self, changes: Sequence[int], shown: str) -> None:
        if self.banner.accessibleName() == shown:
            # it says that they are in
            self.banner.hide()
        take_back(self.desk, changes)

    def _refused(self, error: UserError) -> None:
        self.line.hide()
        if error.code != "changed-meanwhile":
            self.banner.say("late", str(error))
            self.go.setEnabled(True)
            return
        # worked out anew; whoever has looked at it presses again
        self._outdated = True
        self._look(self._wishes())
        self.banner.say(
            "due",
            "Something was written meanwhile, so the list was looked through again. Look what will "
            "happen now, then bring it in.",
        )


def _common_first() -> list[tuple[object, str]]:
    place = {name: number for number, name in enumerate(_COMMON)}
    return sorted(kinds(), key=lambda kind: place.get(str(kind[0]), len(_COMMON)))


def _likely_type(sample: Sample) -> str | None:
    """Return the type that the headings fit best, of several alike the most usual; None if none."""
    headings = sample.rows[0] if sample.rows else ()
    names = [str(name) for name, _ in _common_first()]
    fits = {name: importing.fit(all_specs()[name], headings) for name in names}
    best = max(names, key=fits.__getitem__)
    return best if fits[best][0] else None


def _chips(plan: Plan) -> list[StateChip]:
    said = [
        ("ok", plan.added, "new"),
        ("info", plan.updated, "changed"),
        ("none", plan.unchanged, "known already"),
        ("late", len(plan.rejected), "not taken in"),
    ]
    return [
        StateChip(state, f"{number:,} {words}")
        for state, number, words in said
        if number or words == "new"
    ]


def _line(row: int, words: str, kind: str) -> QWidget:
    made = QWidget()
    line = spaced(QHBoxLayout(made), 10, (0, 3, 0, 3))
    line.addWidget(StateChip(kind, f"Row {row:,}"), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(Wrap(words, widest=640), 1)
    return made


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
