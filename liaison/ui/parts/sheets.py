"""Filling and emptying a scrolling sheet whose content is made anew when something was written."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.widgets import ScrollPage, spaced
from liaison.ui.widgets.painting import box, painter_for

GUTTER: Final = 12
"""How wide a scroll bar is, in pixels at 100 per cent."""


def empty(sheet: ScrollPage) -> None:
    """Take everything off a sheet."""
    while (item := sheet.body.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def put(sheet: ScrollPage, part: QWidget, stretch: int = 0) -> None:
    """Add a part at the end of a sheet; it can take the focus at once.

    Args:
        sheet: The sheet.
        part: The part.
        stretch: Its share of the room that is left.
    """
    sheet.body.addWidget(part, stretch)
    # Qt would show it only when it lays the sheet out
    part.show()


class Edged(QFrame):
    """A white sheet with an edge under something that scrolls by itself: a table, a timeline.

    Args:
        content: What lies on it.
        air: Above and below it, in pixels at 100 per cent.
    """

    def __init__(self, content: QWidget, air: float = 4) -> None:
        super().__init__()
        column = spaced(QVBoxLayout(self), 0, (4, air, 4, air))
        column.addWidget(content)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet."""
        rect = QRectF(self.rect())
        box(painter_for(self), rect, theme.px(12), theme.colour("surface"), theme.colour("border"))


class Inset(QWidget):
    """Something with a margin at its right: where it stands above a :class:`GutterPage`.

    Args:
        content: What it is.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(content)

    def inset(self, right: int) -> None:
        """Keep some pixels free at the right."""
        self._column.setContentsMargins(0, 0, right, 0)


class GutterPage(ScrollPage):
    """A scrolling sheet that is as wide without a scroll bar as with one.

    Its cards then end where the page ends, and the bar stands in the margin: give it that margin.

    Args:
        spacing: Between its parts, in pixels at 100 per cent.
    """

    def __init__(self, spacing: float = 16, parent: QWidget | None = None) -> None:
        super().__init__(spacing, (0, 0, GUTTER, 0), parent)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
