"""A table of painted cells between frozen edges, as the matrix and the requirements are shown."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.widgets.painting import box, draw_pixmap

if TYPE_CHECKING:
    from collections.abc import Callable

Index = QModelIndex | QPersistentModelIndex

_LEFT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_MIDDLE: Final = int(Qt.AlignmentFlag.AlignCenter)
_LEAST_SECTION: Final = 48
_LEAST_ROWS: Final = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Sizes:
    """How large a grid is, before the text size.

    Args:
        row: How tall a row is.
        column: How wide a column is.
        head: How tall the heads of the columns are.
        names: How wide the names of the rows are at most.
        share: What of the grid's width those take at most.
    """

    row: int
    column: int
    head: int
    names: int
    share: float


class Look(NamedTuple):
    """How a cell looks: its words and icon in one colour on another; without an icon it is pale."""

    words: str
    icon: str = ""
    ink: str = "muted"
    tint: str = ""


class _Cells(QStyledItemDelegate):
    """Paints the cells: tint, icon and words."""

    def __init__(self, view: GridView, look: Callable[[Index], Look]) -> None:
        super().__init__(view)
        self._view, self._look = view, look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell; Qt asks."""
        view, rect = self._view, option.rect
        look = self._look(index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("line"))
        inside = QRectF(rect).adjusted(theme.px(3), theme.px(3), -theme.px(3), -theme.px(4))
        if look.icon:
            box(painter, inside, theme.px(6), theme.colour(look.tint))
        if index == view.currentIndex() and (view.hasFocus() or view.is_open):
            box(painter, inside, theme.px(6), None, theme.colour("focus"), 2)
        painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD if look.icon else theme.REGULAR))
        painter.setPen(theme.colour(look.ink))
        if look.icon:
            picture = theme.pixmap(look.icon, look.ink, 15, view)
            x = inside.left() + theme.px(7)
            used = draw_pixmap(painter, x, inside.center().y(), picture) + theme.px(5)
            painter.drawText(inside.adjusted(theme.px(7) + used, 0, 0, 0), _LEFT, look.words)
        else:
            painter.drawText(inside, _MIDDLE, look.words)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Ask for a cell's size; Qt asks."""
        return QSize(theme.px(self._view.sizes.column), theme.px(self._view.sizes.row))


class GridView(QTableView):
    """Such a table: the edges stay in sight, arrows move, Enter or a press opens a cell.

    Args:
        name: What it is, for screen readers.
        sizes: How large its parts are.
    """

    asked = Signal(object)
    """Somebody wants to know more about this cell (an index)."""
    # of the class: Qt sends events while its own part is being made
    _is_furnished = False

    def __init__(self, name: str, sizes: Sizes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sizes = sizes
        self.is_open = False
        """Whether the popover of the current cell is open."""
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.clicked.connect(self.asked.emit)

    def furnish(
        self,
        model: QAbstractItemModel,
        names: QHeaderView,
        heads: QHeaderView,
        look: Callable[[Index], Look],
    ) -> None:
        """Give it what it shows, once.

        Args:
            model: The cells.
            names: The edge at the left, and ``heads`` the one above.
            heads: See ``names``.
            look: Returns how a cell looks.
        """
        self.setVerticalHeader(names)
        self.setHorizontalHeader(heads)
        self.setModel(model)
        self.setItemDelegate(_Cells(self, look))
        self._is_furnished = True
        self._restyle()

    def _restyle(self) -> None:
        names, heads, sizes = self.verticalHeader(), self.horizontalHeader(), self.sizes
        names.setMinimumSectionSize(theme.px(sizes.row))
        names.setDefaultSectionSize(theme.px(sizes.row))
        heads.setMinimumSectionSize(theme.px(_LEAST_SECTION))
        heads.setDefaultSectionSize(theme.px(sizes.column))
        heads.setFixedHeight(theme.px(sizes.head))
        self.setMinimumHeight(theme.px(sizes.head + _LEAST_ROWS * sizes.row))
        self.verticalScrollBar().setSingleStep(theme.px(sizes.row))
        self.horizontalScrollBar().setSingleStep(theme.px(sizes.column))
        self.fit()

    def fit(self) -> None:
        """Keep the names in their share of the width."""
        wide = min(theme.px(self.sizes.names), round(self.width() * self.sizes.share))
        self.verticalHeader().setFixedWidth(wide)
        self.updateGeometries()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the names in their share of the width."""
        super().resizeEvent(event)
        if self._is_furnished:
            self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._is_furnished:
            self._restyle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current cell with Enter or the space bar."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            if self.currentIndex().isValid():
                self.asked.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first cell, so that arrows work at once."""
        super().focusInEvent(event)
        model = self.model()
        if not self.currentIndex().isValid() and model.rowCount():
            self.setCurrentIndex(model.index(0, 0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()
