"""A list, and beside it what is open of it; in large letters the two stand under each other."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from liaison.ui import theme
from liaison.ui.widgets import Card, Columns, ScrollPage

_ANY: Final = 16_777_215
"""Qt's own greatest height."""


class ListBeside(Columns):
    """Such a pair of cards.

    Args:
        title: The title of the list.
        listed: The list.
        heights: Of the list and of what is open, at least, where they stand under each other and the
            page scrolls; in pixels at 100 per cent.

    Attributes:
        side: The card of the list.
        main: The card of what is open.
        place: What is open scrolls in there.
    """

    def __init__(self, title: str, listed: QWidget, heights: tuple[float, float]) -> None:
        self._heights = heights
        self.side = Card(title)
        self.side.add(listed, 1)
        self.main = Card()
        self.place = ScrollPage(margins=(4, 4, 4, 4))
        self.main.add(self.place, 1)
        super().__init__([(self.side, 1), (self.main, 3)], 16)
        theme.current().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        roomy, (listed, opened) = theme.roomy(), self._heights
        self.side.setMaximumHeight(_ANY if roomy else theme.px(listed))
        self.side.setMinimumHeight(0 if roomy else theme.px(listed))
        self.main.setMinimumHeight(0 if roomy else theme.px(opened))
