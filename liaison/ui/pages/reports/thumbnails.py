"""All pages of a document, small: to see where one is, and to go elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.pages.reports.pictures import Pictures
from liaison.ui.widgets.painting import box

if TYPE_CHECKING:
    from liaison.ui.jobs import Jobs
    from liaison.ui.pages.reports.paper import Paper

Index = QModelIndex | QPersistentModelIndex

_WIDTH: Final = 84
_HEIGHT: Final = 119
_NUMBER: Final = 22
_SIDE: Final = 14
_MOST_KEPT: Final = 60
_BATCH: Final = 200


class _Pages(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.paper: Paper | None = None
        self.sizes: frozenset[tuple[float, float]] = frozenset()

    def show(self, paper: Paper | None) -> None:
        self.beginResetModel()
        self.paper = paper
        # a document has few sizes of page, however many pages
        self.sizes = frozenset(paper.sizes if paper is not None else ())
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's
        return 0 if parent.isValid() or self.paper is None else self.paper.pages

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"Page {index.row() + 1}"
        return None


class Thumbnails(QListView):
    """The pages, small, one under the other.

    Args:
        jobs: Work off the UI thread.
    """

    chosen = Signal(int)
    """Somebody went to this page (from 0)."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = _Pages(self)
        self.pictures = Pictures(jobs, _MOST_KEPT, self)
        self._quiet = False
        self.setModel(self._pages)
        self.setItemDelegate(_Small(self))
        self.setUniformItemSizes(True)
        # of thousands of pages some at a time, between which the window goes on
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(_BATCH)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Pages")
        self.viewport().setAutoFillBackground(False)
        self.setStyleSheet("QListView { background: transparent; }")
        self.pictures.arrived.connect(lambda row: self.update(self._pages.index(row)))
        self.verticalScrollBar().valueChanged.connect(self._want)
        self.selectionModel().currentChanged.connect(self._went)
        self._fit()

    def show_paper(self, paper: Paper | None) -> None:
        """Show another document."""
        self.pictures.show(paper)
        self._pages.show(paper)
        self._want()

    def show_page(self, page: int) -> None:
        """Make a page the current one, without going there again."""
        self._quiet = True
        self.setCurrentIndex(self._pages.index(page))
        self._quiet = False

    def _went(self, now: Index, _before: Index) -> None:
        if now.isValid() and not self._quiet:
            self.chosen.emit(now.row())

    @property
    def tallest(self) -> int:
        """How high the highest picture is: pages on their side need less room."""
        heights = (_fitted(size).height() for size in self._pages.sizes)
        return max(heights, default=theme.px(_HEIGHT))

    @property
    def row(self) -> int:
        """How high a page is with its number."""
        return self.tallest + theme.px(_NUMBER + 12)

    def _want(self) -> None:
        if self._pages.paper is None:
            return
        top = self.verticalScrollBar().value()
        first = max(top // self.row - 1, 0)
        last = min((top + self.height()) // self.row + 1, self._pages.rowCount() - 1)
        ratio = self.devicePixelRatioF()
        self.pictures.want(
            {
                page: round(self.picture_size(page).width() * ratio)
                for page in range(first, last + 1)
            }
        )

    def picture_size(self, page: int) -> QSize:
        """Return how large a page's picture is shown: one on its side is as wide, and lower."""
        assert self._pages.paper is not None  # noqa: S101  # only asked while there is one
        return _fitted(self._pages.paper.sizes[page])

    def _fit(self) -> None:
        self.setFixedWidth(theme.px(_WIDTH + 2 * _SIDE + 12))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw what came into sight."""
        super().resizeEvent(event)
        self._want()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "pictures"):
            self._fit()
            self.scheduleDelayedItemsLayout()
            self._want()

    def sizeHint(self) -> QSize:
        """Take the height there is."""
        return QSize(self.width(), theme.px(200))

    def minimumSizeHint(self) -> QSize:
        """Allow little height."""
        return QSize(self.width(), theme.px(120))


def _fitted(size: tuple[float, float]) -> QSize:
    width, height = size
    scale = min(theme.px(_WIDTH) / width, theme.px(_HEIGHT) / height)
    return QSize(round(width * scale), round(height * scale))


class _Small(QStyledItemDelegate):
    """Paints a page and its number."""

    def __init__(self, shown_in: Thumbnails) -> None:
        super().__init__(shown_in)
        self._view = shown_in

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.px(_WIDTH + 2 * _SIDE), self._view.row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rect = QRectF(option.rect).adjusted(2, 2, -2, -2)
        state = QStyle.StateFlag
        chosen = bool(option.state & state.State_Selected)
        if chosen:
            box(painter, rect, theme.px(8), theme.colour("soft"), theme.colour("accent"), 1.5)
        elif option.state & state.State_MouseOver:
            box(painter, rect, theme.px(8), theme.colour("raised"))
        if option.state & state.State_HasFocus:
            box(painter, rect, theme.px(8), None, theme.colour("focus"), 2)
        size = self._view.picture_size(index.row())
        left = rect.center().x() - size.width() / 2
        top = rect.top() + theme.px(6) + (self._view.tallest - size.height()) / 2
        where = QRectF(round(left), round(top), size.width(), size.height())
        painter.fillRect(where, QColor("white"))
        picture = self._view.pictures.get(index.row())
        if picture is not None:
            painter.drawImage(where, picture)
        painter.setPen(theme.colour("border"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(where)
        painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD if chosen else theme.REGULAR))
        painter.setPen(theme.colour("accent" if chosen else "muted"))
        foot = QRectF(
            rect.left(), rect.bottom() - theme.px(_NUMBER), rect.width(), theme.px(_NUMBER)
        )
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignCenter), str(index.row() + 1))
        painter.restore()
