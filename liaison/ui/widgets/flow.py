"""Layouts that give way: parts that flow like words, and columns that stack when text is large."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QSizePolicy,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.widgets.painting import spaced


class Flow(QLayout):
    """Lays its parts out like words: from left to right, then on the next line.

    Args:
        parent: The widget it lays out.
        gap: Between parts and lines, in pixels at 100 per cent.
    """

    def __init__(self, parent: QWidget | None = None, gap: float = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        """The height for each width that was asked for since a part changed: Qt asks often."""
        spaced(self, gap)

    def addItem(self, item: QLayoutItem) -> None:
        """Take a part (Qt calls it)."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many parts there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return a part, or None after the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give a part up."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Want no more room than the parts need."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Tell that a narrower flow is taller."""
        return True

    def invalidate(self) -> None:
        """Hear that a part has changed."""
        super().invalidate()
        self._heights.clear()

    def heightForWidth(self, width: int) -> int:
        """Return the height the parts take in a width."""
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), place=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        """Place the parts."""
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        hints = [item.sizeHint() for item in self._items if not item.isEmpty()]
        gaps = max(len(hints) - 1, 0) * self.spacing()
        margins = self.contentsMargins()
        return QSize(
            sum(hint.width() for hint in hints) + gaps + margins.left() + margins.right(),
            max((hint.height() for hint in hints), default=0) + margins.top() + margins.bottom(),
        )

    def minimumSize(self) -> QSize:
        """Need at least the widest part."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        margins = self.contentsMargins()
        area = rect.marginsRemoved(margins)
        x, y, line = area.x(), area.y(), 0
        row: list[tuple[QLayoutItem, QRect]] = []

        def set_row() -> None:
            # parts of one line share its middle
            for item, where in row:
                where.moveTop(where.top() + (line - where.height()) // 2)
                item.setGeometry(where)
            row.clear()

        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            width = min(hint.width(), max(area.width(), item.minimumSize().width()))
            if x > area.x() and x + width > area.right() + 1:
                if place:
                    set_row()
                x, y, line = area.x(), y + line + self.spacing(), 0
            row.append((item, QRect(QPoint(x, y), QSize(width, hint.height()))))
            x += width + self.spacing()
            line = max(line, hint.height())
        if place:
            set_row()
        return y + line - rect.y() + margins.bottom()


class FlowRow(QWidget):
    """A widget around a :class:`Flow`, with the height its lines need.

    Args:
        parts: The widgets.
        gap: As for :class:`Flow`.
    """

    def __init__(
        self, parts: Sequence[QWidget] = (), gap: float = 8, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.flow = Flow(self, gap)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for part in parts:
            self.flow.addWidget(part)

    def clear(self) -> None:
        """Take all parts out and destroy them."""
        while (item := self.flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


def at_end(*parts: QWidget) -> QHBoxLayout:
    """Return parts at the right end of their row, as buttons below a question stand.

    Args:
        parts: From left to right: what leaves all as it is, then what does it.
    """
    row = spaced(QHBoxLayout(), 8)
    row.addStretch(1)
    for part in parts:
        row.addWidget(part)
    return row


class Columns(QWidget):
    """Widgets side by side, which stack from 140 per cent text on, and where there is no room.

    Args:
        parts: The widgets, each with its share of the width (0: what it needs).
        gap: Between them, in pixels at 100 per cent.
        top: Whether parts of unequal height share their upper edge.
    """

    def __init__(
        self,
        parts: Sequence[tuple[QWidget, int]],
        gap: float = 16,
        *,
        top: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._row = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight, self), gap)
        alignment = Qt.AlignmentFlag.AlignTop if top else Qt.AlignmentFlag(0)
        for widget, share in parts:
            self._row.addWidget(widget, share, alignment)
        self._turn()

    def changeEvent(self, event: QEvent) -> None:
        """Stack or unstack at another text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_row"):
            self._turn(self.width() if self.isVisible() else None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack where they have no room beside each other."""
        super().resizeEvent(event)
        self._turn(self.width())

    def event(self, event: QEvent) -> bool:
        """Stack too where one of them now needs more room."""
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._turn(self.width())
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """Allow the width of the widest: else they would never be given too little room."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), max(self._widths(), default=0)), hint.height())

    def _widths(self) -> list[int]:
        items = [self._row.itemAt(place) for place in range(self._row.count())]
        return [item.minimumSize().width() for item in items if item and not item.isEmpty()]

    def _turn(self, room: int | None = None) -> None:
        beside = theme.roomy()
        if beside and room is not None:
            widths = self._widths()
            beside = sum(widths) + self._row.spacing() * (len(widths) - 1) <= room
        self._row.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        )


class Narrow(QWidget):
    """Holds a part as wide as people read and type, and no wider: it does not grow with the page.

    Args:
        part: The part.
        widest: In pixels at 100 per cent.
    """

    def __init__(self, part: QWidget, widest: float = 600, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part, self._widest = part, widest
        row = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight, self), 0)
        # the empty room beside it grows only once it is as wide as it may be
        row.addWidget(part, 100)
        row.addStretch(1)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_part"):
            self._fit()

    def _fit(self) -> None:
        self._part.setMaximumWidth(theme.px(self._widest))
