"""What becomes of each row, line by line: painted as they come into sight, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.pages.bringing_in.facts import Line, What
from liaison.ui.widgets.painting import box, draw_pixmap, draw_words

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

Index = QModelIndex | QPersistentModelIndex

WORDS: Final = {
    What.REJECTED: "Not taken in",
    What.SAME: "Perhaps the same",
    What.NOTED: "To look at",
    What.CHANGED: "Changed",
    What.NEW: "New",
}
"""What becomes of rows, in the order in which somebody looks at it."""
_ICONS: Final = {
    What.REJECTED: "circle-x",
    What.SAME: "git-merge",
    What.NOTED: "info",
    What.CHANGED: "pencil",
    What.NEW: "plus",
}
_ROW: Final = 60
_HEIGHT: Final = 330


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.parts: tuple[Sequence[Line], ...] = ()
        self._count = 0

    def show(self, parts: Sequence[Sequence[Line]]) -> None:
        self.beginResetModel()
        # beside each other as they are: to join them would copy a hundred thousand lines
        self.parts = tuple(parts)
        self._count = sum(map(len, self.parts))
        self.endResetModel()

    def line(self, number: int) -> Line:
        for part in self.parts:
            if number < len(part):
                return part[number]
            number -= len(part)
        raise IndexError(number)

    def place(self, number: int) -> tuple[Line, int]:
        """Return a line and which of its kind it is, from 0."""
        line = self.line(number)
        before = 0
        for part in self.parts:
            if number - before < len(part):
                break
            before += len(part)
        return line, number - before

    def find(self, place: tuple[Line, int]) -> int | None:
        """Return where a line stands now that other lines may be shown; None if it does not."""
        line, nth = place
        before = 0
        for part in self.parts:
            if part and part[0].what is line.what:
                if nth < len(part) and _is_same(part[nth], line):
                    return before + nth
                found = (before + at for at, one in enumerate(part) if _is_same(one, line))
                return next(found, None)
            before += len(part)
        return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.line(index.row())
        if role == Qt.ItemDataRole.UserRole:
            return line
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            where = f", {line.where}" if line.where else ""
            return f"{WORDS[line.what]}{where}: {line.title}. {line.below}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.below
        return None


def _is_same(one: Line, other: Line) -> bool:
    """Return whether two lines are about the same row; what is said of it may be something else."""
    return (one.row, one.title) == (other.row, other.title)


class _Painter(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(Qt.ItemDataRole.UserRole)
        px, colour, rect, view = theme.px, theme.colour, QRectF(option.rect), option.widget
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, colour("soft" if chosen else "raised"))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), colour("line"))
        if chosen and view.hasFocus():
            box(painter, rect.adjusted(2, 1, -2, -2), px(8), None, colour("focus"), 2)
        disc = QRectF(rect.left() + px(8), rect.center().y() - px(16), px(32), px(32))
        box(painter, disc, disc.width() / 2, colour(f"{line.what.value}bg"))
        picture = theme.pixmap(_ICONS[line.what], line.what.value, 17, view)
        draw_pixmap(painter, disc.center().x() - px(17) / 2, disc.center().y(), picture)
        left, right = disc.right() + px(12), rect.right() - px(12)
        aside = line.where.capitalize() or WORDS[line.what]
        if line.asks:
            arrow = theme.pixmap("chevron-right", "muted", 18, view)
            right -= px(18)
            draw_pixmap(painter, right, rect.center().y(), arrow)
            right -= px(6)
        painter.setFont(theme.font(theme.SECONDARY))
        wide = painter.fontMetrics().horizontalAdvance(aside) + 2
        first = QRectF(left, rect.top() + px(9), right - left, px(21))
        painter.setPen(colour("muted"))
        painter.drawText(
            first, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), aside
        )
        self._words(
            painter,
            first.adjusted(0, 0, -wide - px(8), 0),
            line.title,
            "text",
            theme.font(theme.BODY, theme.SEMIBOLD),
        )
        second = QRectF(left, rect.top() + px(31), right - left, px(20))
        token = "late" if line.what is What.REJECTED else "muted"
        self._words(painter, second, line.below, token, theme.font(theme.SECONDARY))
        painter.restore()

    @staticmethod
    def _words(painter: QPainter, place: QRectF, words: str, token: str, font: QFont) -> None:
        painter.setFont(font)
        painter.setPen(theme.colour(token))
        draw_words(painter, place, words)


class Listing(QTableView):
    """The lines; Enter or a press on one that may be the same as another compares the two.

    A table of one column: a list of Qt's goes over every row whenever it is shown.
    """

    compared = Signal(object)
    """Somebody wants to say more about this line (one that asks): which one it is, or the same."""
    looked_at = Signal(object)
    """The line that is current: what is said of it may be longer than there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model(self)
        self.setModel(self._model)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName("What becomes of the rows")
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.clicked.connect(self._press)
        self.selectionModel().currentRowChanged.connect(self._look)
        self._restyle()

    @property
    def count(self) -> int:
        """How many lines are shown."""
        return self._model.rowCount()

    def line(self, number: int) -> Line:
        """Return one of the lines that are shown, from 0."""
        return self._model.line(number)

    def show_lines(self, parts: Sequence[Sequence[Line]]) -> None:
        """Show other lines; those that are among them still stay chosen, and where they were.

        Args:
            parts: The lines of each kind, in the order to show them in.
        """
        bar, chosen = self.verticalScrollBar(), self.currentIndex().row()
        at = self._model.place(chosen) if 0 <= chosen < self.count else None
        top, beyond = divmod(bar.value(), self.verticalHeader().defaultSectionSize())
        # who has not scrolled sees what comes first, which may be what is wrong
        first = self._model.place(top) if bar.value() and top < self.count else None
        self._model.show(parts)
        now = self._model.find(at) if at is not None else None
        if now is not None:
            self.setCurrentIndex(self._model.index(now))
        row = self._model.find(first) if first is not None else None
        if row is not None:
            # what there is to scroll is worked out later otherwise
            self.doItemsLayout()
            bar.setValue(row * self.verticalHeader().defaultSectionSize() + beyond)
        elif now is None:
            bar.setValue(0)

    def _press(self, index: QModelIndex) -> None:
        line = self._model.line(index.row()) if index.isValid() else None
        if line is not None and line.asks:
            self.compared.emit(line)

    def _look(self, now: QModelIndex) -> None:
        if now.isValid():
            self.looked_at.emit(self._model.line(now.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Compare with Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._press(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first line, so that arrows work at once."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.count:
            self.setCurrentIndex(self._model.index(0))
        self.viewport().update()

    def _restyle(self) -> None:
        self.setMinimumHeight(theme.px(_HEIGHT))
        self.verticalHeader().setMinimumSectionSize(theme.px(_ROW))
        self.verticalHeader().setDefaultSectionSize(theme.px(_ROW))
        self.verticalScrollBar().setSingleStep(theme.px(24))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_model"):
            self._restyle()
