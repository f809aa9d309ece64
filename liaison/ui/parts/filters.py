"""Filters of a list as chips, each with a popover of what can be chosen."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records import Kind
from liaison.ui import theme
from liaison.ui.parts.editors.base import Around
from liaison.ui.parts.editors.picker import Finder
from liaison.ui.parts.quick import FormPopover
from liaison.ui.widgets import Button, CheckBox, FilterChip, FlowRow, ScrollPage, Text, spaced

if TYPE_CHECKING:
    from liaison.records.vocabularies import Vocabularies
    from liaison.services.lists import Filter, Option
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import Candidate

_MOST_IN_SIGHT: Final = 10
_LINE: Final = 34
_AROUND: Final = 190
"""What a popover needs beside its lines: edge, title and a button."""


def fitting(beside: QWidget, lines: int) -> int:
    """Return the height of so many lines in a popover that still fits into the window.

    Args:
        beside: A widget of that window.
        lines: How many lines there are; of more than fit, the rest scrolls.
    """
    most = beside.window().height() - theme.px(_AROUND)
    return max(min(theme.px(_LINE) * min(lines, _MOST_IN_SIGHT), most), theme.px(_LINE))


class Filters(QWidget):
    """The chips of a list's filters.

    Args:
        desk: The desk.
    """

    changed = Signal(object)
    """What is chosen now, by field (a mapping of names to tuples of values)."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._filters: tuple[Filter, ...] = ()
        self._shown: tuple[str, ...] = ()
        self._vocabularies: Vocabularies | None = None
        self._chosen: dict[str, tuple[object, ...]] = {}
        self._words: dict[str, dict[object, str]] = {}
        self._chips: dict[str, FilterChip] = {}
        self.row = FlowRow(gap=8)
        self.more = FilterChip("More filters")
        self.more.setCheckable(False)
        self.more.clicked.connect(self._open_more)
        column = spaced(QVBoxLayout(self), 0)
        column.addWidget(self.row)

    def offer(
        self, filters: Sequence[Filter], in_sight: Sequence[str], vocabularies: Vocabularies
    ) -> None:
        """Offer filters.

        Args:
            filters: All there are.
            in_sight: The fields whose filters always have a chip; the others are behind "More".
            vocabularies: The home's lists of choices.
        """
        self._filters = tuple(filters)
        self._shown = tuple(name for name in in_sight if any(f.field.name == name for f in filters))
        self._vocabularies = vocabularies
        for each in filters:
            known = self._words.setdefault(each.field.name, {})
            known.update({option.value: option.label for option in each.options})
        before = dict(self._chosen)
        self._chosen = {
            name: left
            for name, values in before.items()
            if (left := tuple(one for one in values if one in self._words.get(name, {})))
        }
        self._lay_out()
        if self._chosen != before:
            # a word that was chosen last time is in no list any more
            self.changed.emit(dict(self._chosen))

    def begin_with(self, chosen: Mapping[str, tuple[object, ...]]) -> None:
        """Have something chosen before filters are offered; nobody is told of it."""
        self._chosen = dict(chosen)

    @property
    def chosen(self) -> Mapping[str, tuple[object, ...]]:
        """What is chosen, by field."""
        return self._chosen

    def choose(self, name: str, values: Sequence[object], words: Mapping[object, str]) -> None:
        """Choose something.

        Args:
            name: The field.
            values: The values; none takes the filter away.
            words: How values that are not among the options are called.
        """
        self._words.setdefault(name, {}).update(words)
        before = dict(self._chosen)
        if values:
            self._chosen[name] = tuple(values)
        else:
            self._chosen.pop(name, None)
        if self._chosen != before:
            self._lay_out()
            self.changed.emit(dict(self._chosen))

    def clear(self) -> None:
        """Take all filters away."""
        if self._chosen:
            self._chosen = {}
            self._lay_out()
            self.changed.emit({})

    def chip(self, name: str) -> FilterChip | None:
        """Return the chip of a field's filter, if it has one."""
        return self._chips.get(name)

    def _lay_out(self) -> None:
        wanted = [
            f for f in self._filters if f.field.name in self._shown or f.field.name in self._chosen
        ]
        if list(self._chips) != [f.field.name for f in wanted]:
            self.more.setParent(None)
            self.row.clear()
            self._chips = {}
            for each in wanted:
                chip = FilterChip(each.field.label)
                chip.clicked.connect(functools.partial(self._open, each))
                self._chips[each.field.name] = chip
                self.row.flow.addWidget(chip)
                chip.show()
            if len(wanted) < len(self._filters):
                self.row.flow.addWidget(self.more)
                self.more.show()
        for each in wanted:
            self._show(each)
        self.row.updateGeometry()

    def _show(self, each: Filter) -> None:
        name, label = each.field.name, each.field.label
        values = self._chosen.get(name, ())
        chip = self._chips[name]
        known = self._words.get(name, {})
        said = ", ".join(known.get(value, "") for value in values)
        chip.words = f"{label}: {said}" if said else label
        chip.set_count(None)
        chip.setChecked(bool(values))
        chip.setAccessibleDescription("Opens what can be chosen")

    def _open(self, each: Filter, *_: object) -> None:
        chip = self._chips[each.field.name]
        # pressing it opens what can be chosen; only a choice turns it on
        chip.setChecked(each.field.name in self._chosen)
        assert self._vocabularies is not None  # noqa: S101  # filters were offered
        FilterPopover(chip, each, self, self._desk, self._vocabularies).open()

    def _open_more(self) -> None:
        popover = FormPopover(self.more, "More filters", 320)
        sheet = ScrollPage(spacing=2, margins=(0, 0, 0, 0))
        others = [f for f in self._filters if f.field.name not in self._chips]
        for each in others:
            button = Button(each.field.label, role=Button.QUIET, small=True)
            button.clicked.connect(functools.partial(self._open_other, popover, each))
            sheet.body.addWidget(button)
        sheet.body.addStretch(1)
        sheet.setFixedHeight(fitting(self, len(others)))
        popover.body.addWidget(Text("Filter by", "card"))
        popover.body.addWidget(sheet)
        popover.open()

    def _open_other(self, popover: FormPopover, each: Filter, *_: object) -> None:
        popover.done()
        self._shown = (*self._shown, each.field.name)
        self._lay_out()
        self._open(each)


class FilterPopover(FormPopover):
    """What can be chosen in one filter; it counts at once.

    Args:
        anchor: The chip.
        each: The filter.
        filters: What to tell of a choice.
        desk: The desk.
        vocabularies: The home's lists of choices.
    """

    def __init__(
        self,
        anchor: QWidget,
        each: Filter,
        filters: Filters,
        desk: Desk,
        vocabularies: Vocabularies,
    ) -> None:
        super().__init__(anchor, each.field.label, 320)
        self._each = each
        self._filters = filters
        self.boxes: dict[object, CheckBox] = {}
        self.body.addWidget(Text(each.field.label, "card"))
        self.finder: Finder | None = None
        if each.field.kind is Kind.REF:
            around = Around(desk, vocabularies, {})
            self.finder = Finder(each.field.target, around, self)
            self.finder.line.setAccessibleName(each.field.label)
            self.finder.picked.connect(self._pick)
            self.body.addWidget(self.finder.line)
        sheet = ScrollPage(spacing=2, margins=(0, 0, 0, 0))
        chosen = filters.chosen.get(each.field.name, ())
        for option in each.options:
            box = CheckBox(option.label, on=option.value in chosen)
            box.clicked.connect(functools.partial(self._tick, option))
            self.boxes[option.value] = box
            sheet.body.addWidget(box)
        sheet.body.addStretch(1)
        sheet.setFixedHeight(fitting(filters, len(each.options)))
        self.body.addWidget(sheet)
        clear = Button("Take this filter away", role=Button.QUIET, small=True)
        clear.clicked.connect(self._clear)
        clear.setVisible(bool(chosen))
        self.body.addWidget(clear)

    def _tick(self, option: Option, *_: object) -> None:
        # that nothing is recorded cannot be true beside a value
        for value, box in self.boxes.items():
            if (option.value is None) != (value is None):
                box.setChecked(False)
        values = [value for value, box in self.boxes.items() if box.isChecked()]
        self._filters.choose(self._each.field.name, values, {})

    def _pick(self, candidate: Candidate) -> None:
        self.done()
        self._filters.choose(self._each.field.name, [candidate.id], {candidate.id: candidate.words})

    def _clear(self) -> None:
        self.done()
        self._filters.choose(self._each.field.name, (), {})
