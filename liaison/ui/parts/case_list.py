"""A list of things under way: what, about whom, and how long it has been or what is due."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.widgets import STATE_ICONS, AgeBar, State
from liaison.ui.widgets.painting import box, draw_pixmap

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

Index = QModelIndex | QPersistentModelIndex
Key = tuple[str, int]
ROW: Final = int(Qt.ItemDataRole.UserRole)
_HEADING: Final = 34
_LINE: Final = 62
_SIDE: Final = 12
_BAR: Final = 96
_LEFT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


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
        return QSize(theme.px(120), theme.px(_HEADING if heading else _LINE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        row = index.data(ROW)
        if isinstance(row, _Heading):
            _paint_heading(painter, option.rect, row)
        else:
            _paint_line(painter, option, row)
        painter.restore()


def _paint_heading(painter: QPainter, rect: QRect, heading: _Heading) -> None:
    painter.fillRect(rect, theme.colour("raised"))
    painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
    painter.setPen(theme.colour("muted"))
    inside = rect.adjusted(theme.px(_SIDE), 0, -theme.px(_SIDE), 0)
    painter.drawText(inside, _RIGHT, str(heading.count))
    inside.setRight(inside.right() - theme.px(40))
    _words(painter, inside, heading.words)


def _paint_line(painter: QPainter, option: QStyleOptionViewItem, line: CaseLine) -> None:
    rect = option.rect
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    if chosen or hovered:
        painter.fillRect(rect, theme.colour("soft" if chosen else "raised"))
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("line"))
    if chosen:
        bar = QRectF(rect.left(), rect.top(), theme.px(3), rect.height() - 1)
        painter.fillRect(bar, theme.colour("accent"))
    left = rect.left() + theme.px(_SIDE)
    right = _paint_state(painter, option, line)
    half, air = rect.height() // 2, theme.px(8)
    room = right - left - theme.px(12)
    painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
    painter.setPen(theme.colour("text"))
    _words(painter, QRect(left, rect.top() + air, room, half - air), line.title)
    painter.setFont(theme.font(theme.SECONDARY))
    painter.setPen(theme.colour("muted"))
    _words(painter, QRect(left, rect.top() + half, room, half - air), line.detail)


def _paint_state(painter: QPainter, option: QStyleOptionViewItem, line: CaseLine) -> int:
    """Paint at the right how a line stands; return where that begins."""
    rect, middle = option.rect, option.rect.center().y()
    right = rect.right() - theme.px(_SIDE)
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
    painter.drawText(QRect(right - wide, rect.top(), wide, rect.height()), _RIGHT, words)
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


def _words(painter: QPainter, rect: QRect, words: str) -> None:
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, _LEFT, shown)


class CaseList(QListView):
    """The list; arrows move, Enter goes on to the card.

    Args:
        name: What it lists, for a screen reader.
    """

    looked_at = Signal(object)
    """The current line is this one now (a :class:`CaseLine`)."""
    entered = Signal()
    """Somebody pressed Enter: on to the card."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cases = CaseModel(self)
        self.setModel(self.cases)
        self.setItemDelegate(_Rows(self))
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.selectionModel().currentChanged.connect(self._look)
        self._quiet = False

    def show_lines(self, lines: Sequence[CaseLine]) -> None:
        """Show other lines; the current one stays current if it is still here."""
        current, place = self.current, self.verticalScrollBar().value()
        self._quiet = True
        self.cases.show(lines)
        row = -1 if current is None else self.cases.find((current.type, current.id))
        if row >= 0:
            self.setCurrentIndex(self.cases.index(row))
            self.verticalScrollBar().setValue(place)
        self._quiet = False

    @property
    def current(self) -> CaseLine | None:
        """The current line; None if there is none."""
        index = self.currentIndex()
        row = index.data(ROW) if index.isValid() else None
        return row if isinstance(row, CaseLine) else None

    def go_to(self, key: Key) -> bool:
        """Make a line the current one, without saying so; return whether it is here."""
        row = self.cases.find(key)
        self._quiet = True
        if row < 0:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        else:
            self.setCurrentIndex(self.cases.index(row))
        self._quiet = False
        return row >= 0

    def go_to_first(self) -> None:
        """Make the first line the current one."""
        for number, row in enumerate(self.cases.rows):
            if isinstance(row, CaseLine):
                self.setCurrentIndex(self.cases.index(number))
                return

    def _look(self, index: QModelIndex) -> None:
        row = index.data(ROW) if index.isValid() else None
        if isinstance(row, CaseLine) and not self._quiet:
            self.looked_at.emit(row)

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
        if self.hasFocus() and self.current is not None:
            rect = QRectF(self.visualRect(self.currentIndex())).adjusted(1, 1, -1, -1)
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box(painter, rect, theme.px(6), None, theme.colour("focus"), 2)
            painter.end()
