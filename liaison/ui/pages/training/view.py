"""The matrix on the screen: painted, so that it is quick at any size, and a real table to Qt."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.pages.training import words
from liaison.ui.pages.training.heads import COLUMN, HEAD, ROW, STAFF, Corner, Courses, People
from liaison.ui.pages.training.model import MatrixModel
from liaison.ui.widgets.painting import box, draw_pixmap

Index = QModelIndex | QPersistentModelIndex

_LEFT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_MIDDLE: Final = int(Qt.AlignmentFlag.AlignCenter)
_WIDEST_SHARE: Final = 0.34
_LEAST_ROWS: Final = 5


class _Cells(QStyledItemDelegate):
    """Paints the cells: tint, icon and words."""

    def __init__(self, view: MatrixView) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell; Qt asks."""
        view, rect = self._view, option.rect
        cell = view.cells.cell(index.row(), index.column())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rule = QRectF(rect.left(), rect.bottom(), rect.width(), 1)
        painter.fillRect(rule, theme.colour("line"))
        state = words.state(cell)
        inside = QRectF(rect).adjusted(theme.px(3), theme.px(3), -theme.px(3), -theme.px(4))
        if state:
            box(painter, inside, theme.px(6), theme.colour(f"{state}bg"))
        if index == view.currentIndex() and (view.hasFocus() or view.is_open):
            box(painter, inside, theme.px(6), None, theme.colour("focus"), 2)
        painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD if state else theme.REGULAR))
        painter.setPen(theme.colour(state or "muted"))
        said = str(index.data())
        if state:
            picture = theme.pixmap(words.ICONS[state], state, 15, view)
            x = inside.left() + theme.px(7)
            used = draw_pixmap(painter, x, inside.center().y(), picture) + theme.px(5)
            painter.drawText(inside.adjusted(theme.px(7) + used, 0, 0, 0), _LEFT, said)
        else:
            painter.drawText(inside, _MIDDLE, said)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Ask for a cell's size; Qt asks."""
        return QSize(theme.px(COLUMN), theme.px(ROW))


class MatrixView(QTableView):
    """The matrix: staff and courses stay in sight, arrows move, Enter or a press opens a cell."""

    asked = Signal(object)
    """Somebody wants to know more about this cell (an index)."""
    person_asked = Signal(object)
    """Somebody pressed the name of this member of staff (an id)."""
    course_asked = Signal(object)
    """Somebody pressed the head of this course (an id)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = MatrixModel(self)
        self.is_open = False
        """Whether the popover of the current cell is open."""
        self.setAccessibleName("Training matrix")
        self.setVerticalHeader(People(self.cells, self))
        self.setHorizontalHeader(Courses(self.cells, self))
        self.setModel(self.cells)
        self.setItemDelegate(_Cells(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.corner = Corner(self)
        self.clicked.connect(self.asked.emit)
        self.verticalHeader().sectionClicked.connect(self._person)
        self.horizontalHeader().sectionClicked.connect(self._course)
        self._restyle()

    def _person(self, row: int) -> None:
        self.person_asked.emit(self.cells.rows[row].staff.id)

    def _course(self, column: int) -> None:
        self.course_asked.emit(self.cells.columns[column].course.id)

    def go_to(self, row: int, column: int) -> None:
        """Make a cell the current one and bring it into sight."""
        index = self.cells.index(row, column)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def _restyle(self) -> None:
        people, courses = self.verticalHeader(), self.horizontalHeader()
        people.setMinimumSectionSize(theme.px(ROW))
        people.setDefaultSectionSize(theme.px(ROW))
        courses.setMinimumSectionSize(theme.px(48))
        courses.setDefaultSectionSize(theme.px(COLUMN))
        courses.setFixedHeight(theme.px(HEAD))
        self.setMinimumHeight(theme.px(HEAD + _LEAST_ROWS * ROW))
        self.verticalScrollBar().setSingleStep(theme.px(ROW))
        self.horizontalScrollBar().setSingleStep(theme.px(COLUMN))
        self._fit()

    def _fit(self) -> None:
        wide = min(theme.px(STAFF), round(self.width() * _WIDEST_SHARE))
        self.verticalHeader().setFixedWidth(wide)
        self.updateGeometries()
        self.corner.setGeometry(0, 0, wide, theme.px(HEAD))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the corner in its place."""
        super().resizeEvent(event)
        if hasattr(self, "corner"):
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "corner"):
            self._restyle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current cell with Enter or the space bar."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            if self.currentIndex().isValid():
                self.asked.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Go to the next member of staff whose name begins so."""
        rows, letters = self.cells.rows, search.strip().casefold()
        if not letters or not rows:
            return
        current = max(self.currentIndex().row(), 0)
        column = max(self.currentIndex().column(), 0)
        first = current if len(letters) > 1 else current + 1
        for step in range(len(rows)):
            row = (first + step) % len(rows)
            if rows[row].name.casefold().startswith(letters):
                self.go_to(row, column)
                return

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first cell, so that arrows work at once."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.cells.rowCount():
            self.setCurrentIndex(self.cells.index(0, 0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()
