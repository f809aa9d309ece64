"""Whom and what the names of a matrix mean: only those that were not found by themselves are asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from liaison.records import all_specs
from liaison.services.importing.matrix import LEFT, NEW, Found, Target
from liaison.ui.widgets import Card, CheckBox, ComboBox, Elided, Field, Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.ui.pages.bringing_in.matrix_facts import MatrixLooked

_MOST: Final = 60
_BY_LEAST: Final = ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
_OPEN: Final = ""


class NamesCard(Card):
    """The headings and names that somebody must say something about, or may."""

    said = Signal()
    """Somebody said what a name means."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("3. Who and what is meant", parent=parent)
        self._found = Wrap("", "muted", widest=760)
        self.add(self._found)
        self.combos: dict[tuple[str, str], ComboBox] = {}
        self._box = QWidget()
        self.add(self._box)
        self._more = Wrap("", "secondary", widest=760)
        self.add(self._more)
        self.new_courses = CheckBox("Add the courses that are not known")
        self.new_courses.toggled.connect(lambda _: self.said.emit())
        self.add(self.new_courses)
        self.new_people = ComboBox()
        self.new_people.changed.connect(lambda _: self.said.emit())
        self._new_people_field = Field(
            "Staff who are not known",
            self.new_people,
            "Added with the job role their row gives; with this one if it gives none.",
        )
        self.add(self._new_people_field)
        self._said: dict[tuple[str, str], Target] = {}

    def forget(self) -> None:
        """Begin anew, for another file."""
        self._said.clear()
        self.new_courses.blockSignals(True)
        self.new_courses.setChecked(False)
        self.new_courses.blockSignals(False)
        self.new_people.set_value(_OPEN)

    def targets(self, type_name: str) -> tuple[tuple[str, Target], ...]:
        """Return what was said about the names of a type."""
        return tuple(
            (name, target) for (kind, name), target in self._said.items() if kind == type_name
        )

    def show_names(self, looked: MatrixLooked) -> None:
        """Show what was found, and ask about the rest."""
        plan, choices = looked.plan, looked.choices
        self._found.setText(
            f"{_share(plan.courses)} headings and {_share(plan.people)} names were found by "
            "themselves. What you say about the others is remembered for the next time."
        )
        open_courses = [one for one in plan.courses if _asks(one) and one.cells]
        open_people = [one for one in plan.people if _asks(one) and one.cells]
        rows = [("course", one) for one in open_courses] + [("staff", one) for one in open_people]
        had_focus = next((key for key, combo in self.combos.items() if combo.hasFocus()), None)
        old = self._box
        self._box = QWidget()
        grid = spaced(QGridLayout(self._box), 8)
        self.combos = {}
        lists = {"course": choices.courses, "staff": choices.staff}
        for place, (type_name, one) in enumerate(rows[:_MOST]):
            combo = self._combo(type_name, one, lists[type_name])
            cells = f"{one.cells:,} cell{'' if one.cells == 1 else 's'}"
            kind = all_specs()[type_name].label
            grid.addWidget(Elided(one.name, "label"), place, 0)
            grid.addWidget(Text(f"{kind}, {cells}", "muted"), place, 1)
            grid.addWidget(combo, place, 2)
        for place, share in enumerate((3, 2, 4)):
            grid.setColumnStretch(place, share)
        self.body.replaceWidget(old, self._box)
        old.hide()
        old.deleteLater()
        self._box.setVisible(bool(rows))
        if had_focus in self.combos:
            self.combos[had_focus].setFocus()
        more = len(rows) - _MOST
        self._more.setText(
            f"{more:,} more are not shown. Say what these mean first, or correct the file."
        )
        self._more.setVisible(more > 0)
        self.new_courses.setVisible(bool(open_courses) or self.new_courses.isChecked())
        self.new_people.set_choices(
            [(_OPEN, "Leave them out"), *((v, f"Add them, as: {w}") for v, w in choices.roles)]
        )
        if self.new_people.value is None:
            self.new_people.set_value(_OPEN)
        self._new_people_field.setVisible(bool(open_people) or self.new_people.value != _OPEN)

    def _combo(self, type_name: str, one: Found, everything: Sequence[tuple[int, str]]) -> ComboBox:
        first = one.several or one.near
        likely = {identity for identity, _ in first}
        offered: list[tuple[object, str]] = [(None, "Not said yet"), (LEFT, "Leave it out")]
        offered += [(identity, words) for identity, words in first]
        label = all_specs()[type_name].label.lower()
        offered.append((NEW, f"Add a new {label} of this name"))
        offered += [pair for pair in everything if pair[0] not in likely]
        combo = ComboBox(offered)
        combo.setAccessibleName(f"{one.name} means")
        combo.setSizeAdjustPolicy(_BY_LEAST)
        combo.setMinimumContentsLength(10)
        said = self._said.get((type_name, one.name), one.target)
        combo.set_value(said)
        combo.changed.connect(lambda value: self._say(type_name, one.name, value))
        self.combos[type_name, one.name] = combo
        return combo

    def _say(self, type_name: str, name: str, value: object) -> None:
        if value is None:
            self._said.pop((type_name, name), None)
        elif isinstance(value, int) or value in {LEFT, NEW}:
            self._said[type_name, name] = value
        self.said.emit()


def _asks(one: Found) -> bool:
    """Return whether a name was not simply found: then somebody can say what it means."""
    return one.by not in {"name", "short name"}


def _share(found: Sequence[Found]) -> str:
    sure = sum(1 for one in found if not _asks(one))
    return f"{sure:,} of {len(found):,}"
