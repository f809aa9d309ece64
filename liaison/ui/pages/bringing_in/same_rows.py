"""Rows that may be the same as a record: asked about one by one, or all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from liaison.services.importing import Same
from liaison.ui.pages.bringing_in import alike
from liaison.ui.pages.bringing_in.answers import Answers
from liaison.ui.pages.bringing_in.choosing import Choosing
from liaison.ui.pages.bringing_in.comparing import Comparing

if TYPE_CHECKING:
    from liaison.services.importing import Suggestion
    from liaison.ui.desk import Desk
    from liaison.ui.pages.bringing_in.alike import Candidates, Pair
    from liaison.ui.pages.bringing_in.facts import Line


class SameRows(QObject):
    """Asks about rows, with one card for a pair and one for several that a row may be.

    Args:
        desk: The desk.
        parent: Whose it is.
    """

    asking = Signal(object)
    """One of the cards has a question, to be shown in place of the list."""
    left = Signal()
    """There is no question any more: the list is to be shown again."""
    answered = Signal()
    """What was answered changes what would happen."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._type = ""
        self.answers = Answers()
        self.comparing = Comparing()
        self.comparing.merged.connect(self._merge)
        self.comparing.kept_apart.connect(self._keep_apart)
        self.comparing.left.connect(self._leave)
        self.choosing = Choosing()
        self.choosing.chosen.connect(self._compare_with)
        self.choosing.new.connect(lambda row: self._merge(Same(row, new=True)))
        self.choosing.left.connect(self._leave)
        self.cards = (self.comparing, self.choosing)

    @property
    def is_asking(self) -> bool:
        """Whether one of the cards is shown."""
        return not all(card.isHidden() for card in self.cards)

    def begin(self, type_name: str) -> None:
        """Forget what was answered: other rows come, or they are something else."""
        self._type = type_name
        self.answers = Answers()
        self._hide()

    def compare(self, line: Line) -> None:
        """Ask about a row."""
        self.answers.ask(line)
        if line.several is not None:
            self._desk.jobs.read(
                alike.candidates(self._type, line.several),
                self._show_candidates,
                self._desk.trouble,
                latest=(id(self), "pair"),
                owner=self,
            )
        elif line.suggestion is not None:
            self._compare_with(line.suggestion)

    def merge_all(self, found: Sequence[Line]) -> None:
        """Take all rows that may be the same for the same, where only gaps are filled."""
        lines = [line for line in found if self.answers.is_open(line)]
        self.answers.ask_all(lines)
        suggested = [line.suggestion for line in lines if line.suggestion is not None]
        self._desk.jobs.read(
            alike.gaps(self._type, suggested), self._merge_several, self._desk.trouble, owner=self
        )

    def _compare_with(self, one: Suggestion) -> None:
        self._desk.jobs.read(
            alike.pair(self._type, one),
            self._show_pair,
            self._desk.trouble,
            latest=(id(self), "pair"),
            owner=self,
        )

    def _show_candidates(self, found: Candidates) -> None:
        self.choosing.show_candidates(found)
        self.asking.emit(self.choosing)
        self.choosing.begin()

    def _show_pair(self, pair: Pair) -> None:
        self.comparing.show_pair(pair)
        self.asking.emit(self.comparing)
        self.comparing.begin()

    def _hide(self) -> None:
        for card in self.cards:
            card.hide()

    def _leave(self) -> None:
        self._hide()
        self.left.emit()

    def _merge(self, same: Same) -> None:
        self.answers.merge(same)
        self._leave()
        self.answered.emit()

    def _keep_apart(self, row: int) -> None:
        line = self.answers.line(row)
        if line is not None and line.several is not None:
            # it is not that one: which of the others, or none, is asked again
            self.compare(line)
            return
        was_merged = self.answers.keep_apart(row)
        self._leave()
        if was_merged:
            self.answered.emit()

    def _merge_several(self, same: Sequence[Same]) -> None:
        self.answers.merge(*same)
        self.answered.emit()
