"""A list of lines under headings: what all such lists do alike, whatever their lines show."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem

from liaison.ui import theme
from liaison.ui.parts.line_list import LineList
from liaison.ui.widgets.painting import box

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

HEADING: Final = 34
"""How tall a heading is, in pixels at 100 per cent."""
SIDE: Final = 12
"""The room beside what a row says, in pixels at 100 per cent."""
LEFT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
RIGHT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


def paint_heading(painter: QPainter, rect: QRect, words: str, count: int) -> None:
    """Paint a heading, and how many stand under it."""
    painter.fillRect(rect, theme.colour("raised"))
    painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
    painter.setPen(theme.colour("muted"))
    inside = rect.adjusted(theme.px(SIDE), 0, -theme.px(SIDE), 0)
    number = str(count)
    painter.drawText(inside, RIGHT, number)
    aside = painter.fontMetrics().horizontalAdvance(number) + theme.px(8)
    paint_words(painter, inside.adjusted(0, 0, -aside, 0), words)


def paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Paint what lies under a line: whether it is chosen, and what parts it from the next."""
    rect = option.rect
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    if chosen or hovered:
        painter.fillRect(rect, theme.colour("soft" if chosen else "raised"))
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("line"))
    if chosen:
        bar = QRectF(rect.left(), rect.top(), theme.px(3), rect.height() - 1)
        painter.fillRect(bar, theme.colour("accent"))


def paint_words(painter: QPainter, rect: QRect, words: str) -> None:
    """Paint words from the left, shortened to the room there is."""
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, LEFT, shown)


class HeadedList(LineList):
    """A list of lines under headings; arrows move, Enter goes on to the card.

    Args:
        name: What it lists, for a screen reader.
        model: Its rows; under :data:`ROW` each is a line or a heading.
        line: What a line is; every other row is a heading.
        painter: Paints the rows.
    """

    looked_at = Signal(object)
    """The current line is this one now."""
    entered = Signal()
    """Somebody pressed Enter: on to the card."""

    def begin(self) -> None:
        """Say which line is current whenever that changes."""
        self._quiet = False
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.selectionModel().currentChanged.connect(self._look)

    def show_rows(self, show: Callable[[], object], find: Callable[[], int]) -> None:
        """Show other rows; the current line stays current if it is still here.

        Args:
            show: Changes the model's rows.
            find: Returns in which row the line that was current is then; -1 if in none.
        """
        place = self.verticalScrollBar().value()
        self._quiet = True
        show()
        row = find()
        if row >= 0:
            self.go_to_row(row)
            self.verticalScrollBar().setValue(place)
        self._quiet = False

    def make_current(self, row: int) -> None:
        """Make a row the current one, without saying so; none if it is -1."""
        self._quiet = True
        if row < 0:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        else:
            self.go_to_row(row)
        self._quiet = False

    def go_to_first(self) -> None:
        """Make the first line the current one."""
        self.go_to_one_of(range(self.model().rowCount()))

    def _look(self, index: QModelIndex) -> None:
        line = self.line_at(index)
        if line is not None and not self._quiet:
            self.looked_at.emit(line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on to the card on Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the lines anew."""
        super().resizeEvent(event)
        self.viewport().update()

    def paintEvent(self, event: Any) -> None:
        """Paint the rows, and the ring around the current one."""
        super().paintEvent(event)
        if self.hasFocus() and self.line_at(self.currentIndex()) is not None:
            rect = QRectF(self.visualRect(self.currentIndex())).adjusted(1, 1, -1, -1)
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box(painter, rect, theme.px(6), None, theme.colour("focus"), 2)
            painter.end()
