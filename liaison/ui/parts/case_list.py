"""A list of things under way: what, about whom, and how long it has been or what is due."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from liaison.ui import theme
from liaison.ui.parts.headed_list import (
    HEADING,
    RIGHT,
    SIDE,
    HeadedList,
    paint_ground,
    paint_heading,
    paint_words,
)
from liaison.ui.parts.line_list import ROW, Index
from liaison.ui.widgets import STATE_ICONS, AgeBar, State
from liaison.ui.widgets.painting import box, draw_pixmap

Key = tuple[str, int]
_LINE: Final = 62
_BAR: Final = 96


@dataclasses.dataclass(frozen=True, slots=True)
class CaseLine:
    """One thing under way.

    Args:
        type: The record's type; ``id`` the record.
        id: See ``type``.
        title: Whom it is about.
        detail: What it is, in one line.
        words: How it stands: "184 days", "Review 1 day late".
        state: ok, due, late, info or none; its icon stands before the words.
        days: How long it has been, for an age bar; None for no bar.
        usual: The days after which an answer is expected, for the bar's tick.
        group: The heading it stands under; lines of one heading follow each other.
    """

    type: str
    id: int
    title: str
    detail: str
    words: str
    state: str
    days: int | None = None
    usual: int | None = None
    group: str = ""

    @property
    def said(self) -> str:
        """What a screen reader says of it."""
        usual = "" if self.usual is None else f"expected within {self.usual}"
        return ", ".join(part for part in (self.title, self.detail, self.words, usual) if part)


@dataclasses.dataclass(frozen=True, slots=True)
class _Heading:
    words: str
    count: int


class CaseModel(QAbstractListModel):
    """The rows: headings and lines."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[CaseLine | _Heading] = []

    def show(self, lines: Sequence[CaseLine]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.rows = []
        group = ""
        for line in lines:
            if line.group and line.group != group:
                count = sum(one.group == line.group for one in lines)
                self.rows.append(_Heading(line.group, count))
            group = line.group
            self.rows.append(line)
        self.endResetModel()

    def find(self, key: Key) -> int:
        """Return the row of a record; -1 if it is not here."""
        for number, row in enumerate(self.rows):
            if isinstance(row, CaseLine) and (row.type, row.id) == key:
                return number
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's
        """Return how many rows there are; Qt asks."""
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that headings are passed over; Qt asks."""
        if index.isValid() and isinstance(self.rows[index.row()], _Heading):
            return Qt.ItemFlag.ItemNeverHasChildren
        return super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row is, shows or says; Qt asks."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title if isinstance(row, CaseLine) else row.words
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, CaseLine):
            return row.said
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.said if isinstance(row, CaseLine) else f"{row.words}, {row.count}"
        return None


class _Rows(QStyledItemDelegate):
    """Paints headings and lines."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Ask for a row's height; Qt asks."""
        heading = isinstance(index.data(ROW), _Heading)
        return QSize(theme.px(120), theme.px(HEADING if heading else _LINE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        row = index.data(ROW)
        if isinstance(row, _Heading):
            paint_heading(painter, option.rect, row.words, row.count)
        else:
            _paint_line(painter, option, row)
        painter.restore()


def _paint_line(painter: QPainter, option: QStyleOptionViewItem, line: CaseLine) -> None:
    rect = option.rect
    paint_ground(painter, option)
    left = rect.left() + theme.px(SIDE)
    right = _paint_state(painter, option, line)
    half, air = rect.height() // 2, theme.px(8)
    room = right - left - theme.px(12)
    painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
    painter.setPen(theme.colour("text"))
    paint_words(painter, QRect(left, rect.top() + air, room, half - air), line.title)
    painter.setFont(theme.font(theme.SECONDARY))
    painter.setPen(theme.colour("muted"))
    paint_words(painter, QRect(left, rect.top() + half, room, half - air), line.detail)


def _paint_state(painter: QPainter, option: QStyleOptionViewItem, line: CaseLine) -> int:
    """Paint at the right how a line stands; return where that begins."""
    rect, middle = option.rect, option.rect.center().y()
    right = rect.right() - theme.px(SIDE)
    painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
    bar = 0 if line.days is None else theme.px(_BAR)
    icon = theme.px(16 + 8)
    most = round(rect.width() * 0.5) - icon
    words = painter.fontMetrics().elidedText(
        line.words, Qt.TextElideMode.ElideRight, max(most - (bar and bar + theme.px(8)), 0)
    )
    # days stand under each other, so that their bars do
    wide = painter.fontMetrics().horizontalAdvance(words if not bar else "0,000 days")
    wide = max(wide, painter.fontMetrics().horizontalAdvance(words))
    painter.setPen(theme.colour("text"))
    painter.drawText(QRect(right - wide, rect.top(), wide, rect.height()), RIGHT, words)
    x = right - wide
    if line.days is not None:
        x -= bar + theme.px(8)
        _paint_bar(painter, QRectF(x, middle - theme.px(4), bar, theme.px(8)), line)
    x -= icon
    if line.state and option.widget is not None:
        state = State(line.state)
        picture = theme.pixmap(STATE_ICONS[state], state.value, 16, option.widget)
        draw_pixmap(painter, x, middle, picture)
    return x


def _paint_bar(painter: QPainter, track: QRectF, line: CaseLine) -> None:
    days = line.days or 0
    box(painter, track, theme.px(4), theme.colour("track"))
    done = QRectF(track)
    done.setWidth(max(track.width() * AgeBar.share(days), track.height() if days else 0))
    name = f"{line.state}bar" if line.state in {"ok", "due", "late", "info"} else "strong"
    box(painter, done, theme.px(4), theme.colour(name))
    if line.usual is not None:
        x, tall = track.left() + track.width() * AgeBar.share(line.usual), theme.px(15)
        top = track.center().y() - tall / 2
        # a gap of the ground's colour parts the tick from a bar that passes it
        painter.fillRect(QRectF(x - 2.5, top, 5, tall), theme.colour("surface"))
        painter.fillRect(QRectF(x - 1, top, 2, tall), theme.colour("text"))


class CaseList(HeadedList):
    """The list; what it looks at is a :class:`CaseLine`.

    Args:
        name: What it lists, for a screen reader.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self.cases = CaseModel()
        super().__init__(name, self.cases, line=CaseLine, painter=_Rows(), parent=parent)

    def show_lines(self, lines: Sequence[CaseLine]) -> None:
        """Show other lines; the current one stays current if it is still here."""
        now = self.current
        self.show_rows(
            lambda: self.cases.show(lines),
            lambda: -1 if now is None else self.cases.find((now.type, now.id)),
        )

    @property
    def current(self) -> CaseLine | None:
        """The current line; None if there is none."""
        line = self.line_at(self.currentIndex())
        return line if isinstance(line, CaseLine) else None

    def go_to(self, key: Key) -> bool:
        """Make a line the current one, without saying so; return whether it is here."""
        row = self.cases.find(key)
        self.make_current(row)
        return row >= 0
