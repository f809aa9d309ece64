"""A resident's timeline: newest first, a page at a time, as long as it may be.

It is a table of one column, so that the heights of its rows are kept and looked up by Qt itself:
what a stretch costs to show does not depend on what lies below it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.pages.residents import happened
from liaison.ui.widgets import STATE_ICONS, State
from liaison.ui.widgets.painting import box, draw_pixmap

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.store.store import Store
    from liaison.ui.jobs import Jobs
    from liaison.ui.pages.residents.happened import Told, ToldPage

Index = QModelIndex | QPersistentModelIndex

TOLD: Final = int(Qt.ItemDataRole.UserRole)
"""The role of a row's item."""
LAST: Final = TOLD + 1
"""The role that says whether nothing lies below a row."""

_MOST_READ_ANEW: Final = 400
_MOST_LAID: Final = 2_000
_MOST_LINES: Final = 5
_DISC: Final = 28
_LEFT: Final = 20
_GAP: Final = 16
_RIGHT: Final = 16
_TOP: Final = 8
_NARROW: Final = 480
"""Below this width the moment stands under the title."""


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """Which part of whose timeline is shown.

    Args:
        resident: The resident.
        types: Only these types; all of them if none is given.
        since: Only what happened from this day on.
        today: The present day.
    """

    resident: int
    types: tuple[str, ...]
    since: dt.date | None
    today: dt.date

    def read(self, store: Store, after: tuple[str, int] | None = None) -> ToldPage:
        """Return a stretch of it."""
        return happened.page(
            store, self.resident, self.today, types=self.types, since=self.since, after=after
        )

    def read_again(self, store: Store, rows: int) -> ToldPage:
        """Return at least as many rows as were shown, from the top."""
        found = self.read(store)
        items = list(found.items)
        while found.next is not None and len(items) < rows:
            found = self.read(store, found.next)
            items += found.items
        return happened.ToldPage(tuple(items), found.next)


class TimelineModel(QAbstractTableModel):
    """The items that were read so far, and a way to read on.

    Args:
        jobs: Reads off the window's thread.
        parent: Whose it is.
    """

    arrived = Signal()
    """What was asked for is here, or it is known that there is nothing."""
    failed = Signal(object)
    """It cannot be read (a UserError)."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._asked: Asked | None = None
        self._items: list[Told] = []
        self._next: tuple[str, int] | None = None
        self._reading = False
        self._age = 0

    @property
    def items(self) -> Sequence[Told]:
        """The items that are here, newest first."""
        return self._items

    @property
    def complete(self) -> bool:
        """Whether nothing more is to be read."""
        return self._next is None

    def show(self, asked: Asked) -> None:
        """Show a timeline, or the same one anew; nothing changes until it is read."""
        same = asked == self._asked
        rows = min(len(self._items), _MOST_READ_ANEW) if same else 0
        self._age += 1
        age = self._age

        def done(found: ToldPage) -> None:
            if age == self._age:
                self._begin(asked, found)

        self._jobs.read(
            lambda store: asked.read_again(store, rows),
            done,
            self._fail,
            latest=(id(self), "timeline"),
            owner=self,
        )

    def _begin(self, asked: Asked, found: ToldPage) -> None:
        self.beginResetModel()
        self._asked = asked
        self._items = list(found.items)
        self._next = found.next
        self._reading = False
        self.endResetModel()
        self.arrived.emit()

    def read_on(self) -> None:
        """Read the next stretch, unless that is under way or there is none."""
        asked, after, age = self._asked, self._next, self._age
        if asked is None or after is None or self._reading:
            return
        self._reading = True

        def done(found: ToldPage) -> None:
            if age == self._age:
                self._go_on(found)

        self._jobs.read(lambda store: asked.read(store, after), done, self._fail, owner=self)

    def _go_on(self, found: ToldPage) -> None:
        self._reading = False
        self._next = found.next
        if found.items:
            first = len(self._items)
            self.beginInsertRows(QModelIndex(), first, first + len(found.items) - 1)
            self._items += found.items
            self.endInsertRows()

    def _fail(self, error: UserError) -> None:
        self._reading = False
        self.failed.emit(error)

    # ---- Qt's questions

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's
        """Return how many items are here; Qt asks."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's
        """Return that there is one column; Qt asks."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what an item is, shows or says; Qt asks."""
        if not index.isValid():
            return None
        item = self._items[index.row()]
        if role == TOLD:
            return item
        if role == LAST:
            return index.row() == len(self._items) - 1
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return item.said
        return None


@dataclasses.dataclass(frozen=True, slots=True)
class _Laid:
    """An item laid out for a width: its lines with their kinds, and its height."""

    lines: tuple[tuple[str, str], ...]
    narrow: bool
    height: int


_FONTS: Final = {
    "title": (theme.BODY, theme.SEMIBOLD, "text"),
    "text": (theme.BODY, theme.REGULAR, "text"),
    "struck": (theme.BODY, theme.REGULAR, "muted"),
    "author": (theme.SECONDARY, theme.REGULAR, "muted"),
    "reason": (theme.SECONDARY, theme.SEMIBOLD, "muted"),
    "when": (theme.SECONDARY, theme.REGULAR, "muted"),
    "chip": (theme.SECONDARY, theme.SEMIBOLD, "text"),
}


def _font(kind: str, *, struck: bool = False) -> QFont:
    return _made_font(kind, struck or kind == "struck", theme.scale())


@functools.lru_cache(maxsize=32)
def _made_font(kind: str, struck: bool, scale: float) -> QFont:  # noqa: ARG001, FBT001  # what tells one from another
    # making a font for every line of every frame is most of what painting costs
    points, weight, _ = _FONTS[kind]
    font = theme.font(points, weight)
    font.setStrikeOut(struck)
    return font


def _broken(text: str, font: QFont, width: int, most: int = _MOST_LINES) -> list[str]:
    """Return a text in lines of a width; what is too long ends in dots."""
    found: list[str] = []
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    metrics = QFontMetrics(font)
    for paragraph in text.split("\n"):
        layout = QTextLayout(paragraph, font)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            start, length = line.textStart(), line.textLength()
            if len(found) == most:
                rest = f"{found[-1].rstrip()} ..."
                found[-1] = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)
                layout.endLayout()
                return found
            found.append(paragraph[start : start + length])
        layout.endLayout()
    return found


class _Items(QStyledItemDelegate):
    """Paints a timeline's items, and knows how high each is."""

    def __init__(self, view: TimelineView) -> None:
        super().__init__(view)
        self._view = view
        self._laid: dict[tuple[Told, int], _Laid] = {}

    def forget(self) -> None:
        """Lay everything out anew: the text size is another one."""
        self._laid.clear()

    def height(self, item: Told, width: int) -> int:
        """Return how high an item is in a width."""
        return self._lay_out(item, width).height

    def _lay_out(self, item: Told, width: int) -> _Laid:
        laid = self._laid.pop((item, width), None) or self._made(item, width)
        # last used last, so that what was passed long ago is forgotten first
        self._laid[item, width] = laid
        while len(self._laid) > _MOST_LAID:
            del self._laid[next(iter(self._laid))]
        return laid

    @staticmethod
    def _made(item: Told, width: int) -> _Laid:
        room = max(width - theme.px(_LEFT + _DISC + _GAP + _RIGHT), theme.px(80))
        narrow = width < theme.px(_NARROW)
        lines: list[tuple[str, str]] = []
        if item.struck:
            reason = f"Struck through: {item.struck}"
            lines += [("reason", line) for line in _broken(reason, _font("reason"), room)]
        kind = "struck" if item.struck else "text"
        if item.text:
            lines += [(kind, line) for line in _broken(item.text, _font(kind), room)]
        if item.author:
            lines += [("author", line) for line in _broken(item.author, _font("author"), room)]
        height = theme.px(26)
        if narrow:
            height += theme.px(26)
        height += sum(_step(line_kind) for line_kind, _ in lines)
        return _Laid(tuple(lines), narrow, max(height, theme.px(_DISC)) + theme.px(2 * _TOP))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one item."""
        item = index.data(TOLD)
        rect = option.rect
        laid = self._lay_out(item, rect.width())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        ground = QRectF(rect).adjusted(theme.px(8), 2, -theme.px(4), -2)
        if option.state & QStyle.StateFlag.State_MouseOver:
            box(painter, ground, theme.px(8), theme.colour("raised"))
        if self._view.hasFocus() and index == self._view.currentIndex():
            box(painter, ground, theme.px(8), None, theme.colour("focus"), 2)
        self._rail(painter, rect, item, last=bool(index.data(LAST)))
        left = rect.left() + theme.px(_LEFT + _DISC + _GAP)
        top = rect.top() + theme.px(_TOP)
        room = rect.right() - theme.px(_RIGHT) - left
        self._head(painter, QRect(left, top, room, theme.px(26)), item, narrow=laid.narrow)
        y = top + theme.px(52 if laid.narrow else 26)
        for kind, words in laid.lines:
            painter.setFont(_font(kind))
            painter.setPen(theme.colour(_FONTS[kind][2]))
            step = _step(kind)
            painter.drawText(QRect(left, y, room + 4, step), _MIDDLE, words)
            y += step
        painter.restore()

    @staticmethod
    def _rail(painter: QPainter, rect: QRect, item: Told, *, last: bool) -> None:
        """Paint the disc, and the line down to the next one."""
        side = theme.px(_DISC)
        x = rect.left() + theme.px(_LEFT)
        y = rect.top() + theme.px(_TOP) - 1
        if not last:
            gap = theme.px(5)
            bottom = rect.bottom() + theme.px(_TOP) - gap
            line = QRectF(x + side / 2 - 1, y + side + gap, 2, bottom - y - side - gap)
            painter.fillRect(line, theme.colour("border"))
        tint = "none" if item.struck else item.token
        ground = "soft" if tint == "soft" else f"{tint}bg"
        box(painter, QRectF(x, y, side, side), side / 2, theme.colour(ground))
        ink = "accent" if tint == "soft" else tint
        picture = theme.pixmap(item.icon, ink, 16, _widget(painter))
        size = picture.deviceIndependentSize()
        draw_pixmap(painter, x + (side - size.width()) / 2, y + side / 2, picture)

    @staticmethod
    def _head(painter: QPainter, row: QRect, item: Told, *, narrow: bool) -> None:
        """Paint the title, and at its right how it stands and when it was."""
        right = row.right()
        below = row.translated(0, theme.px(26)) if narrow else row
        painter.setFont(_font("when"))
        wide = painter.fontMetrics().horizontalAdvance(item.when)
        painter.setPen(theme.colour("muted"))
        at = below.left() if narrow else right - wide
        painter.drawText(QRect(at, below.top(), wide + 2, below.height()), _MIDDLE, item.when)
        if item.mark is not None and not item.struck:
            chip = _chip_width(painter, item)
            x = at + wide + theme.px(10) if narrow else at - theme.px(10) - chip
            _chip(painter, x, below, item, chip)
            right = x
        else:
            right = at
        painter.setFont(_font("title", struck=bool(item.struck)))
        painter.setPen(theme.colour("muted" if item.struck else "text"))
        room = row.width() if narrow else right - theme.px(12) - row.left()
        words = painter.fontMetrics().elidedText(item.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(row.left(), row.top(), room + 2, row.height()), _MIDDLE, words)


_MIDDLE: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


def _step(kind: str) -> int:
    return theme.px(18 if kind in {"author", "reason"} else 20)


def _widget(painter: QPainter) -> QWidget:
    device = painter.device()
    assert isinstance(device, QWidget)  # noqa: S101  # a delegate paints on its view
    return device


def _chip_width(painter: QPainter, item: Told) -> int:
    assert item.mark is not None  # noqa: S101  # the caller has looked
    painter.setFont(_font("chip"))
    words = painter.fontMetrics().horizontalAdvance(item.mark.words)
    return words + theme.px(8 + 15 + 5 + 10)


def _chip(painter: QPainter, x: int, row: QRect, item: Told, width: int) -> None:
    """Paint how an item stands: tint, icon and word."""
    mark = item.mark
    assert mark is not None  # noqa: S101  # the caller has looked
    height = theme.px(22)
    chip = QRectF(x, row.center().y() - height / 2 + 1, width, height)
    box(painter, chip, height / 2, theme.colour(f"{mark.state}bg"))
    icon = mark.icon or STATE_ICONS[State(mark.state)]
    picture = theme.pixmap(icon, mark.state, 15, _widget(painter))
    draw_pixmap(painter, chip.left() + theme.px(8), chip.center().y(), picture)
    painter.setFont(_font("chip"))
    painter.setPen(theme.colour(mark.state))
    painter.drawText(chip.adjusted(theme.px(8 + 15 + 5), 0, 0, 0), _MIDDLE, mark.words)


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
        self._painted = _Items(self)
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
