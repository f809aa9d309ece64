"""What would happen with a file: how many of each kind, the lines, and the button that lets it happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from liaison.ui.pages.bringing_in.listing import WORDS, Listing
from liaison.ui.widgets import (
    Button,
    Card,
    FilterChip,
    FlowRow,
    StateChip,
    Wrap,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from liaison.ui.pages.bringing_in.facts import Line, What

_ONE_LINE: Final = 90
"""Letters for which there is room in a line of the list."""


class OutcomeCard(Card):
    """What would happen.

    Args:
        title: Its heading.
        above: What is said above the lines, below the remarks.
        below: What stands between the lines and the button.
    """

    def __init__(
        self,
        title: str,
        *,
        above: Sequence[QWidget] = (),
        below: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent=parent)
        self._lines: Mapping[What, Sequence[Line]] = {}
        self._filter: What | None = None
        self._said = ""
        self.chips = FlowRow()
        self.remarks = Wrap("", "secondary", widest=760)
        self.filters = FlowRow(gap=6)
        self.rows = Listing()
        self.rows.looked_at.connect(self._show_whole)
        self._whole = Wrap("", "secondary", widest=900)
        self._whole.hide()
        self.go = Button("Bring it in", "check", Button.PRIMARY)
        self.why = Wrap("", "secondary")
        for part in (
            self.chips, self.remarks, *above, self.filters, self.rows, self._whole, *below,
        ):  # fmt: skip
            self.add(part)
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.go)
        row.addWidget(self.why, 1)
        self.add(row)
        self.hide()

    def show_figures(self, figures: Sequence[tuple[str, int, str]], *more: str) -> None:
        """Show how many there are of each kind; those with none only if they are new.

        Args:
            figures: A state, how many and what they are.
            more: What comes besides, in words.
        """
        self.chips.clear()
        chips = [
            StateChip(state, f"{number:,} {words}")
            for state, number, words in figures
            if number or words == "new"
        ]
        chips += [StateChip("info", words) for words in more]
        for chip in chips:
            self.chips.flow.addWidget(chip)
            chip.show()
        self._said = ", ".join(chip.text() for chip in chips)

    def say(self) -> None:
        """Tell a screen reader how many there are of each kind."""
        announce(self, self._said)

    def show_lines(self, lines: Mapping[What, Sequence[Line]]) -> None:
        """Show what becomes of the rows, those of one kind alone if somebody chose so.

        Args:
            lines: The lines of each kind.
        """
        self._lines = lines
        there = [what for what in WORDS if lines.get(what)]
        if self._filter not in there:
            self._filter = None
        self.filters.clear()
        for what in (None, *there) if len(there) > 1 else ():
            words = "All" if what is None else WORDS[what]
            kinds = there if what is None else [what]
            number = sum(len(lines[one]) for one in kinds)
            chip = FilterChip(words, number, on=what is self._filter)
            chip.clicked.connect(partial(self._show_only, what))
            self.filters.flow.addWidget(chip)
            chip.show()
        self.filters.setVisible(len(there) > 1)
        shown = there if self._filter is None else [self._filter]
        self.rows.show_lines([lines[what] for what in shown])
        self.rows.setVisible(bool(there))

    def forget_lines(self) -> None:
        """Let go of the lines: there may be a hundred thousand."""
        self._lines = {}
        self.rows.show_lines([])

    def show_all(self) -> None:
        """Show lines of every kind from now on."""
        self._filter = None

    def _show_only(self, what: What | None, *_: object) -> None:
        self._filter = what
        self.show_lines(self._lines)

    def _show_whole(self, line: Line) -> None:
        """Show all that is said of a line, if that is more than a line."""
        words = line.below if len(line.below) > _ONE_LINE else ""
        self._whole.setText(words)
        self._whole.setVisible(bool(words))
