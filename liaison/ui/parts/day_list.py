"""A list of lines under the days they belong to: what all such lists do alike."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QListView

from liaison.ui import theme
from liaison.ui.parts.line_list import LineList


class DayList(LineList):
    """A list of lines under days; arrows move between the lines, Enter opens the current one.

    Args:
        name: What it lists, for a screen reader.
        model: Its rows; under ``ROW`` each is a line or a day.
        line: What a line is; every other row is a day.
        painter: Paints the rows.
    """

    opened = Signal(object)
    """Somebody wants to see more of this line."""

    def begin(self) -> None:
        """Open a line on a double press, and scroll by as much at every text size."""
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.doubleClicked.connect(self._open)
        self._restyle()

    def step(self, by: int) -> None:
        """Go to the next line (1), or to the one before (-1)."""
        at = self.currentIndex().row()
        self.go_to_one_of(range(at + 1, self.model().rowCount()) if by > 0 else range(at)[::-1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between lines; Enter opens."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._open(self.currentIndex())
            case Qt.Key.Key_Down if not event.modifiers():
                self.step(1)
            case Qt.Key.Key_Up if not event.modifiers():
                self.step(-1)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first line, so that arrows work at once."""
        super().focusInEvent(event)
        if self.line_at(self.currentIndex()) is None:
            self.step(1)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_kind"):
            self._restyle()
            self.scheduleDelayedItemsLayout()

    def _restyle(self) -> None:
        self.verticalScrollBar().setSingleStep(theme.px(24))

    def _open(self, index: QModelIndex) -> None:
        line = self.line_at(index)
        if line is not None:
            self.opened.emit(line)
