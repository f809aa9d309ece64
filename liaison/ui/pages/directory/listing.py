"""The directory's list on the screen: headings, and below each its people and places."""

from __future__ import annotations

import zlib
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
from liaison.ui.pages.directory.entries import Entry, Group
from liaison.ui.widgets import explaining
from liaison.ui.widgets.avatar import initials
from liaison.ui.widgets.painting import box, draw_pixmap

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

Index = QModelIndex | QPersistentModelIndex

ROW: Final = int(Qt.ItemDataRole.UserRole)
"""The role of a row: an :class:`Entry`, or a :class:`Group` for its heading."""
INDENTED: Final = ROW + 1
"""The role that says whether a row stands under a place."""

_HEADING: Final = 34
_ENTRY: Final = 54
_DISC: Final = 34
_SIDE: Final = 12
_INDENT: Final = 16
_LEFT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class EntryModel(QAbstractListModel):
    """The rows: headings and entries."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Entry | Group] = []
        self._headings: set[int] = set()
        self._indent = False

    @property
    def rows(self) -> Sequence[Entry | Group]:
        """The rows, from above."""
        return self._rows

    def show(self, groups: Sequence[Group], *, indent: bool) -> None:
        """Show other rows.

        Args:
            groups: The entries by heading.
            indent: Whether people stand under their place.
        """
        self.beginResetModel()
        self._indent = indent
        self._rows = []
        self._headings = set()
        for group in groups:
            if group.words:
                self._headings.add(len(self._rows))
                self._rows.append(group)
            self._rows += group.entries
        self.endResetModel()

    def is_heading(self, row: int) -> bool:
        """Return whether a row is a heading."""
        return row in self._headings

    def find(self, type_name: str, identity: int) -> int:
        """Return the first row of a record; -1 if it is not here."""
        for number, row in enumerate(self._rows):
            if isinstance(row, Entry) and (row.type, row.id) == (type_name, identity):
                return number
        return -1

    # ---- Qt's questions

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's
        """Return how many rows there are; Qt asks."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that headings are passed over; Qt asks."""
        if index.isValid() and isinstance(self._rows[index.row()], Group):
            return Qt.ItemFlag.ItemNeverHasChildren
        return super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row is, shows or says; Qt asks."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role == INDENTED:
            return self._indent and isinstance(row, Entry) and bool(row.place[1]) and (
                row.type == "contact"
            )  # fmt: skip
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name if isinstance(row, Entry) else row.words
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.said if isinstance(row, Entry) else f"{row.words}, {len(row.entries)}"
        return None

    @staticmethod
    def _tip(row: Entry | Group) -> str:
        words = f"{row.name} {row.detail}" if isinstance(row, Entry) else row.words
        return explaining.tip_of(words)


class _Rows(QStyledItemDelegate):
    """Paints headings and entries."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sizes = (QSize(), QSize())
        self.follow()

    def follow(self) -> None:
        """Follow the text size."""
        width = theme.px(120)
        self._sizes = QSize(width, theme.px(_ENTRY)), QSize(width, theme.px(_HEADING))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Ask for a row's height; Qt asks, for every row of the list."""
        model = index.model()
        heading = isinstance(model, EntryModel) and model.is_heading(index.row())
        return self._sizes[heading]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        row = index.data(ROW)
        if isinstance(row, Group):
            self._heading(painter, option.rect, row)
        else:
            self._entry(painter, option, row, indented=bool(index.data(INDENTED)))
        painter.restore()

    @staticmethod
    def _heading(painter: QPainter, rect: QRect, group: Group) -> None:
        painter.fillRect(rect, theme.colour("raised"))
        painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
        painter.setPen(theme.colour("muted"))
        inside = rect.adjusted(theme.px(_SIDE), 0, -theme.px(_SIDE), 0)
        count = str(len(group.entries))
        metrics = painter.fontMetrics()
        room = inside.width() - metrics.horizontalAdvance(count) - theme.px(8)
        words = metrics.elidedText(group.words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(inside, _LEFT, words)
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(inside, right, count)

    @staticmethod
    def _entry(
        painter: QPainter, option: QStyleOptionViewItem, entry: Entry, *, indented: bool
    ) -> None:
        rect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if chosen or hovered:
            painter.fillRect(rect, theme.colour("soft" if chosen else "raised"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("line"))
        if chosen:
            bar = QRectF(rect.left(), rect.top(), theme.px(3), rect.height() - 1)
            painter.fillRect(bar, theme.colour("accent"))
        left = rect.left() + theme.px(_SIDE + (_INDENT if indented else 0))
        side = theme.px(_DISC)
        widget = option.widget
        disc = QRectF(left, rect.center().y() - side / 2, side, side)
        _disc(painter, disc, entry, widget)
        x = left + side + theme.px(10)
        right = rect.right() - theme.px(_SIDE)
        if entry.to_check and widget is not None:
            picture = theme.pixmap("clock-alert", "due", 16, widget)
            right -= round(draw_pixmap(painter, right - theme.px(16), rect.center().y(), picture))
            right -= theme.px(8)
        if entry.tried and widget is not None:
            picture = theme.pixmap("phone-missed", "due", 16, widget)
            right -= round(draw_pixmap(painter, right - theme.px(16), rect.center().y(), picture))
            right -= theme.px(8)
        room = right - x
        half = rect.height() // 2
        painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
        painter.setPen(theme.colour("text"))
        _line(painter, QRect(x, rect.top() + theme.px(6), room, half - theme.px(6)), entry.name)
        painter.setFont(theme.font(theme.SECONDARY))
        painter.setPen(theme.colour("muted"))
        _line(painter, QRect(x, rect.top() + half, room, half - theme.px(6)), entry.detail)


def _line(painter: QPainter, rect: QRect, words: str) -> None:
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, _LEFT, shown)


def _disc(painter: QPainter, disc: QRectF, entry: Entry, widget: QWidget | None) -> None:
    """Paint initials for a person, a picture for a place."""
    if entry.type == "organisation":
        box(painter, disc, disc.height() / 2, theme.colour("soft"))
        if widget is not None:
            picture = theme.pixmap("building-2", "accent", 17, widget)
            width = picture.deviceIndependentSize().width()
            draw_pixmap(painter, disc.center().x() - width / 2, disc.center().y(), picture)
        return
    tints = theme.tokens().avatars
    # the tint an Avatar of the same name has
    ground, letters = tints[zlib.crc32(entry.name.encode()) % len(tints)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawEllipse(disc)
    painter.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
    painter.setPen(letters)
    painter.drawText(disc, int(Qt.AlignmentFlag.AlignCenter), initials(entry.name))


class EntryList(QListView):
    """The directory's list.

    Arrows move, letters are handed on to be searched for.
    """

    looked_at = Signal(object)
    """The current entry is this one now (an :class:`Entry`)."""
    typed = Signal(str)
    """Somebody began to type a name."""
    entered = Signal()
    """Somebody pressed Enter: on to the card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = EntryModel(self)
        self.setModel(self.entries)
        self._painter = _Rows(self)
        self.setItemDelegate(self._painter)
        self.setAccessibleName("Directory")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.selectionModel().currentChanged.connect(self._look)
        self._quiet = False

    def show_groups(self, groups: Sequence[Group], *, indent: bool) -> None:
        """Show other rows; the current entry stays current if it is still here."""
        current = self.current
        place = self.verticalScrollBar().value()
        self._quiet = True
        self.entries.show(groups, indent=indent)
        row = self.entries.find(current.type, current.id) if current is not None else -1
        if row >= 0:
            self.setCurrentIndex(self.entries.index(row))
            self.verticalScrollBar().setValue(place)
        self._quiet = False

    @property
    def current(self) -> Entry | None:
        """The current entry; None if there is none."""
        index = self.currentIndex()
        row = index.data(ROW) if index.isValid() else None
        return row if isinstance(row, Entry) else None

    def go_to(self, type_name: str, identity: int) -> bool:
        """Make an entry the current one, without saying so; return whether it is here."""
        row = self.entries.find(type_name, identity)
        if row < 0:
            self._quiet = True
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
            self._quiet = False
            return False
        current = self.current
        if current is None or (current.type, current.id) != (type_name, identity):
            self._quiet = True
            self.setCurrentIndex(self.entries.index(row))
            self._quiet = False
        return True

    def go_to_first(self) -> None:
        """Make the first entry the current one."""
        for number, row in enumerate(self.entries.rows):
            if isinstance(row, Entry):
                self.setCurrentIndex(self.entries.index(number))
                return

    def go_to_next(self) -> None:
        """Make the next entry the current one; the one before if there is none."""
        at = self.currentIndex().row()
        rows = list(enumerate(self.entries.rows))
        for number, row in (*rows[at + 1 :], *reversed(rows[: max(at, 0)])):
            if isinstance(row, Entry):
                self.setCurrentIndex(self.entries.index(number))
                return

    def _look(self, index: QModelIndex) -> None:
        row = index.data(ROW) if index.isValid() else None
        if isinstance(row, Entry) and not self._quiet:
            self.looked_at.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on to the card on Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Hand on what is typed: the search finds more than beginnings."""
        if search.strip():
            self.typed.emit(search)

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
            self._painter.follow()
            self.verticalScrollBar().setSingleStep(theme.px(_ENTRY))
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
