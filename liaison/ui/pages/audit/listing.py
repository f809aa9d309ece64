"""The lines of the audit, newest first, under the day they were written on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from liaison.records.rules import times
from liaison.services.audit import Line
from liaison.ui import clock, theme
from liaison.ui.pages.audit.facts import said
from liaison.ui.parts.day_list import DayList
from liaison.ui.parts.line_list import Index
from liaison.ui.widgets.painting import box, draw_pixmap, draw_words

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

Row = dt.date | Line
"""A day above its lines, or a line."""

_ICONS: Final = {
    "Added": ("plus", "ok"),
    "Noted": ("plus", "ok"),
    "Brought in": ("download", "info"),
    "Archived": ("archive", "none"),
    "Brought back": ("archive-restore", "ok"),
    "Struck through": ("x", "late"),
    "Taken back": ("undo-2", "due"),
    "Merged": ("git-merge", "info"),
    "Moved": ("arrow-right", "info"),
    "Settled differences": ("check-check", "ok"),
    "Erased by law": ("trash-2", "late"),
    "sign in": ("log-in", "ok"),
    "failed sign in": ("triangle-alert", "late"),
    "sign out": ("log-out", "none"),
    "opened": ("eye", "info"),
    "exported": ("upload", "due"),
    "printed": ("printer", "due"),
    "backed up": ("hard-drive", "ok"),
    "restored": ("archive-restore", "due"),
    "role changed": ("shield", "due"),
}
_PLAIN: Final = ("pencil", "none")
_ROW: Final = 60
_HEAD: Final = 36
_NEAR_THE_END: Final = 15


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    def show(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self.rows = []
        self._put(lines)
        self.endResetModel()

    def add(self, lines: Sequence[Line]) -> None:
        before = len(self.rows)
        self._put(lines)
        added, self.rows = self.rows[before:], self.rows[:before]
        if added:
            self.beginInsertRows(QModelIndex(), before, before + len(added) - 1)
            self.rows += added
            self.endInsertRows()

    def _put(self, lines: Sequence[Line]) -> None:
        last = next((_day(row) for row in reversed(self.rows) if isinstance(row, Line)), None)
        for line in lines:
            if _day(line) != last:
                last = _day(line)
                self.rows.append(last)
            self.rows.append(line)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not isinstance(self.rows[index.row()], Line):
            # arrows go past it; a screen reader still finds it
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return said(row) if isinstance(row, Line) else times.show_date(row)
        return None


def _day(line: Line) -> dt.date:
    return times.in_london(line.at).date()


class _Painter(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Line):
            self._line(painter, option, row)
        else:
            rect = QRectF(option.rect)
            painter.fillRect(rect, theme.colour("raised"))
            inside = rect.adjusted(theme.px(16), 0, -theme.px(16), 0)
            self._words(painter, inside, times.show_date(row), "text", _bold())
        painter.restore()

    def _line(self, painter: QPainter, option: QStyleOptionViewItem, row: Line) -> None:
        px, colour, rect, view = theme.px, theme.colour, QRectF(option.rect), option.widget
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, colour("soft" if chosen else "raised"))
        rule = QRectF(rect.left() + px(16), rect.bottom() - 1, rect.width() - px(32), 1)
        painter.fillRect(rule, colour("line"))
        if chosen and view.hasFocus():
            box(painter, rect.adjusted(2, 1, -2, -2), px(8), None, colour("focus"), 2)
        icon, token = _ICONS.get(row.access or row.verb, _PLAIN)
        disc = QRectF(rect.left() + px(16), rect.center().y() - px(16), px(32), px(32))
        box(painter, disc, disc.width() / 2, colour(f"{token}bg"))
        picture = theme.pixmap(icon, token, 17, view)
        draw_pixmap(painter, disc.center().x() - px(17) / 2, disc.center().y(), picture)
        left = disc.right() + px(12)
        painter.setFont(_plain())
        hour = clock.hour(times.in_london(row.at))
        wide = painter.fontMetrics().horizontalAdvance("00:00 BST") + 4
        right = rect.right() - px(16)
        time_place = QRectF(right - wide, rect.top() + px(9), wide, px(20))
        painter.setPen(colour("muted"))
        painter.drawText(
            time_place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), hour
        )
        first = QRectF(left, rect.top() + px(9), time_place.left() - left - px(8), px(20))
        used = self._words(
            painter, first, row.verb, "late" if row.access == "failed sign in" else "text", _bold()
        )
        about = first.adjusted(used + px(7), 0, 0, 0)
        self._words(painter, about, row.about, "text", _body())
        second = QRectF(left, rect.top() + px(30), right - left, px(19))
        self._words(painter, second, _below(row), "muted", _plain())

    @staticmethod
    def _words(painter: QPainter, place: QRectF, words: str, token: str, font: QFont) -> float:
        if not words or place.width() < theme.px(24):
            return 0.0
        painter.setFont(font)
        painter.setPen(theme.colour(token))
        return draw_words(painter, place, words)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(Qt.ItemDataRole.UserRole)
        return QSize(theme.px(200), theme.px(_ROW if isinstance(row, Line) else _HEAD))


def _below(row: Line) -> str:
    more = row.detail or row.reason or ", ".join(step.label for step in row.steps)
    return f"{row.who}, on {row.pc}" + (f"  ·  {more}" if more else "")


def _bold() -> QFont:
    return theme.font(theme.BODY, theme.SEMIBOLD)


def _body() -> QFont:
    return theme.font(theme.BODY)


def _plain() -> QFont:
    return theme.font(theme.SECONDARY)


class Listing(DayList):
    """The lines; Enter opens the record of the current one."""

    looked_at = Signal(object)
    """The current line; None if there is none."""
    more_wanted = Signal()
    """The end is near: the next lines are to be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._model = _Model()
        super().__init__(
            "Audit, newest first", self._model, line=Line, painter=_Painter(), parent=parent
        )
        self.selectionModel().currentRowChanged.connect(self._look)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    @property
    def lines(self) -> list[Line]:
        """The lines that are shown."""
        return [row for row in self._model.rows if isinstance(row, Line)]

    @property
    def current(self) -> Line | None:
        """The current line; None if there is none."""
        line: Line | None = self.line_at(self.currentIndex())
        return line

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines from the beginning; the first is the current one."""
        stay = self.current.key if self.current is not None else None
        self._model.show(lines)
        for number, row in enumerate(self._model.rows):
            if isinstance(row, Line) and row.key == stay:
                self.go_to_row(number)
                return
        self.step(1)
        if not lines:
            self.looked_at.emit(None)

    def add_lines(self, lines: Sequence[Line]) -> None:
        """Show more lines at the end."""
        self._model.add(lines)

    def _look(self, now: QModelIndex) -> None:
        line = self.line_at(now)
        if line is not None:
            self.looked_at.emit(line)
            if now.row() >= len(self._model.rows) - _NEAR_THE_END:
                self.more_wanted.emit()

    def _scrolled(self, value: int) -> None:
        if value >= self.verticalScrollBar().maximum() - _NEAR_THE_END * theme.px(_ROW):
            self.more_wanted.emit()
