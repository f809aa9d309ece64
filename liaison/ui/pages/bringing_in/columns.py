"""Which column of a file is which field: guessed, shown and corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from liaison.exchange.reading import FileKind
from liaison.records import all_specs
from liaison.services import importing
from liaison.ui.widgets import Card, ComboBox, Elided, Field, LineEdit, Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.records import FieldSpec
    from liaison.services.importing import Plan
    from liaison.ui.pages.bringing_in.facts import Sample

LEFT_OUT: Final = ""
_MOST: Final = 80
_BY_LEAST: Final = ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon


class ColumnsCard(Card):
    """The columns with what each comes in as, and what no column gives."""

    mapped = Signal()
    """Somebody said otherwise."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("2. Which column is which", parent=parent)
        self.add(
            Wrap(
                "Headings are matched by themselves where they can be. Correct what is not right.",
                "muted",
                widest=760,
            )
        )
        self.combos: list[ComboBox] = []
        self.fixed: dict[str, LineEdit] = {}
        self._grid_box = QWidget()
        self.add(self._grid_box)
        self._fixed_box = QWidget()
        self._fixed = spaced(QVBoxLayout(self._fixed_box), 12)
        self.add(self._fixed_box)
        self.places = ComboBox()
        self.places.changed.connect(lambda _: self.mapped.emit())
        self.places_field = Field(
            "Organisations that are not known yet",
            self.places,
            "People in the list work somewhere. What is made has no address yet.",
        )
        self.places_field.hide()
        self.add(self.places_field)

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """What each column comes in as: its number from 1 and the field's name."""
        return tuple((str(n), str(combo.value)) for n, combo in enumerate(self.combos, 1))

    @property
    def fixed_values(self) -> tuple[tuple[str, str], ...]:
        """What every row has, where no column gives it."""
        given = {combo.value for combo in self.combos}
        return tuple(
            (name, line.text())
            for name, line in self.fixed.items()
            if line.text().strip() and name not in given
        )

    def offer_places(self, kinds: Sequence[tuple[str, str]]) -> None:
        """Offer the kinds of organisation to make for people of a list; none of them hides it."""
        before = self.places.value
        self.places.set_choices(
            [("", "Leave them out"), *((v, f"Add them as: {w}") for v, w in kinds)]
        )
        self.places.set_value(before or "")
        self.places_field.setVisible(bool(kinds))

    def show_understood(
        self, type_name: str, sample: Sample, plan: Plan | None, *, has_headings: bool
    ) -> None:
        """Show how the columns of a file were understood; nothing if there is nothing in it.

        Args:
            type_name: What its rows are.
            sample: Its beginning.
            plan: What it was understood to be; None if it could not be.
            has_headings: Whether its first row names the columns.
        """
        if not sample.rows:
            return
        self.forget_fixed()
        headings = sample.rows[0] if has_headings else None
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
            fields = {one.name: one.label for one in importing.taken_in(all_specs()[type_name])}
            headings = tuple(fields.get(name, name) for name in headings)
        self.show_columns(type_name, rows or [()], headings, used)

    def show_columns(
        self,
        type_name: str,
        rows: Sequence[Sequence[str]],
        headings: Sequence[str] | None,
        used: Mapping[int, str],
    ) -> None:
        """Show the columns of a file.

        Args:
            type_name: What its rows are.
            rows: Its first rows, for what stands in a column.
            headings: Its row of headings; None if it has none.
            used: Of columns, by their place from 0, the field they come in as.
        """
        old = self._grid_box
        self._grid_box = QWidget()
        grid = spaced(QGridLayout(self._grid_box), 8)
        for place, words in enumerate(("In the file", "Looks like", "Comes in as")):
            grid.addWidget(Text(words, "caption"), 0, place)
        offered: list[tuple[object, str]] = [(LEFT_OUT, "Leave it out")]
        offered += _labels(importing.taken_in(all_specs()[type_name]))
        first = headings if headings is not None else rows[0]
        self.combos = []
        for place, cell in enumerate(first[:_MOST]):
            heading = " ".join(cell.split()) if headings is not None else ""
            title = heading or f"Column {place + 1}"
            looks = next(
                (row[place] for row in rows if place < len(row) and row[place].strip()), ""
            )
            combo = ComboBox(offered)
            combo.setAccessibleName(f"{title} comes in as")
            # the longest field of a type would make every column too wide for large text
            combo.setSizeAdjustPolicy(_BY_LEAST)
            combo.setMinimumContentsLength(10)
            combo.set_value(used.get(place, LEFT_OUT))
            combo.changed.connect(lambda _: self.mapped.emit())
            self.combos.append(combo)
            grid.addWidget(Elided(title, "label"), place + 1, 0)
            grid.addWidget(Elided(" ".join(looks.split()), "muted"), place + 1, 1)
            grid.addWidget(combo, place + 1, 2)
        for place, share in enumerate((3, 3, 4)):
            grid.setColumnStretch(place, share)
        self.body.replaceWidget(old, self._grid_box)
        old.hide()
        old.deleteLater()
        self._grid_box.show()
        self.show()

    def ask_for(self, missing: Sequence[FieldSpec]) -> None:
        """Ask once for what every record must have and no column gives."""
        for field in missing:
            if field.name in self.fixed:
                continue
            line = LineEdit()
            self.fixed[field.name] = line
            line.editingFinished.connect(self.mapped)
            hint = "No column gives it. If it is the same for every row, type it once."
            self._fixed.addWidget(Field(field.label, line, hint, required=True))

    def forget_fixed(self) -> None:
        """Ask for nothing any more."""
        self.fixed.clear()
        while (item := self._fixed.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


def _labels(fields: Sequence[FieldSpec]) -> list[tuple[object, str]]:
    return [(field.name, field.label) for field in fields]
