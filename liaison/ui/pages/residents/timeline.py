"""A resident's timeline: newest first, a page at a time, as long as it may be.

It is a table of one column, so that the heights of its rows are kept and looked up by Qt itself:
what a stretch costs to show does not depend on what lies below it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QEvent,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from liaison.ui import theme

if TYPE_CHECKING:
    from liaison.ui.jobs import Jobs

from liaison.ui.pages.residents.timeline_model import Asked, Index, TimelineModel
from liaison.ui.pages.residents.timeline_painter import Items

__all__ = ["Asked", "TimelineView"]


class TimelineView(QTableView):
    """A timeline to scroll through; reads on as its end comes near.

    Args:
        jobs: Reads off the window's thread.
        name: What it is called, for a screen reader.
    """

    opened = Signal(str, object)
    """Somebody opened an item: the record's type and id."""

    def __init__(self, jobs: Jobs, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items = TimelineModel(jobs, self)
        self._painted = Items(self)
        self._place = 0
        self._current: tuple[str, int] | None = None
        self.setAccessibleName(name)
        self.setModel(self.items)
        self.setItemDelegate(self._painted)
        # where one is, is shown by the ring; nothing is selected
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # always there: its coming and going would break every line anew
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setMinimumHeight(theme.px(260))
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.items.modelAboutToBeReset.connect(self._remember)
        self.items.modelReset.connect(self._restore)
        self.items.rowsInserted.connect(lambda _, first, last: self._measure(first, last + 1))
        self.verticalScrollBar().valueChanged.connect(self._near_end)
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self._near_end())
        self.clicked.connect(self._open)

    def show_timeline(self, asked: Asked, *, from_top: bool = False) -> None:
        """Show a timeline.

        Args:
            asked: Which one.
            from_top: Whether it is another one, so that it begins at its top.
        """
        self._from_top = from_top
        self.items.show(asked)

    _from_top = False

    def _remember(self) -> None:
        index = self.currentIndex()
        item = self.items.items[index.row()] if index.isValid() else None
        self._current = (item.type, item.id) if item is not None else None
        self._place = self.verticalScrollBar().value()

    def _restore(self) -> None:
        self._measure(0, self.items.rowCount())
        self.updateGeometries()
        if self._from_top:
            self._from_top = False
            self.verticalScrollBar().setValue(0)
            return
        keys = [(item.type, item.id) for item in self.items.items]
        if self._current in keys:
            self.selectionModel().setCurrentIndex(
                self.items.index(keys.index(self._current), 0),
                self.selectionModel().SelectionFlag.NoUpdate,
            )
        self.verticalScrollBar().setValue(self._place)

    def _measure(self, first: int, end: int) -> None:
        width = self.viewport().width()
        header = self.verticalHeader()
        for row in range(first, end):
            header.resizeSection(row, self._painted.height(self.items.items[row], width))

    def _near_end(self) -> None:
        bar = self.verticalScrollBar()
        if bar.value() >= bar.maximum() - 2 * self.viewport().height():
            self.items.read_on()

    def _open(self, index: Index) -> None:
        item = self.items.items[index.row()]
        self.opened.emit(item.type, item.id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._measure(0, self.items.rowCount())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_painted"):
            self.setMinimumHeight(theme.px(260))
            self.verticalScrollBar().setSingleStep(theme.px(40))
            self._painted.forget()
            self._measure(0, self.items.rowCount())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter; go to the ends on Home and End."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self.currentIndex().isValid():
                self._open(self.currentIndex())
        elif event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            rows = self.items.rowCount()
            if rows:
                row = 0 if event.key() == Qt.Key.Key_Home else rows - 1
                self.setCurrentIndex(self.items.index(row, 0))
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Take no letters: there is nothing to look up by its beginning."""

    def focusInEvent(self, event: Any) -> None:
        """Begin at the first item, so that arrows work at once."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.items.rowCount():
            self.setCurrentIndex(self.items.index(0, 0))
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()
