"""The directory's list on the screen: headings, and below each its people and places."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from liaison.ui import theme
from liaison.ui.pages.directory.entries import Entry, Group
from liaison.ui.parts.headed_list import (
    HEADING,
    SIDE,
    HeadedList,
    paint_ground,
    paint_heading,
    paint_words,
)
from liaison.ui.parts.line_list import ROW, Index
from liaison.ui.widgets import explaining
from liaison.ui.widgets.avatar import initials
from liaison.ui.widgets.painting import box, draw_pixmap

INDENTED: Final = ROW + 1
"""The role that says whether a row stands under a place."""

_ENTRY: Final = 54
_DISC: Final = 34
_INDENT: Final = 16


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

    def __init__(self) -> None:
        super().__init__()
        self._sizes = (QSize(), QSize())
        self.follow()

    def follow(self) -> None:
        """Follow the text size."""
        width = theme.px(120)
        self._sizes = QSize(width, theme.px(_ENTRY)), QSize(width, theme.px(HEADING))

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
            paint_heading(painter, option.rect, row.words, len(row.entries))
        else:
            self._entry(painter, option, row, indented=bool(index.data(INDENTED)))
        painter.restore()

    @staticmethod
    def _entry(
        painter: QPainter, option: QStyleOptionViewItem, entry: Entry, *, indented: bool
    ) -> None:
        rect = option.rect
        paint_ground(painter, option)
        left = rect.left() + theme.px(SIDE + (_INDENT if indented else 0))
        side = theme.px(_DISC)
        widget = option.widget
        disc = QRectF(left, rect.center().y() - side / 2, side, side)
        _disc(painter, disc, entry, widget)
        x = left + side + theme.px(10)
        right = rect.right() - theme.px(SIDE)
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
        paint_words(
            painter, QRect(x, rect.top() + theme.px(6), room, half - theme.px(6)), entry.name
        )
        painter.setFont(theme.font(theme.SECONDARY))
        painter.setPen(theme.colour("muted"))
        paint_words(painter, QRect(x, rect.top() + half, room, half - theme.px(6)), entry.detail)


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


class EntryList(HeadedList):
    """The directory's list; what it looks at is an :class:`Entry`.

    Letters are handed on to be searched for.
    """

    typed = Signal(str)
    """Somebody began to type a name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.entries = EntryModel()
        self._painter = _Rows()
        super().__init__(
            "Directory", self.entries, line=Entry, painter=self._painter, parent=parent
        )

    def show_groups(self, groups: Sequence[Group], *, indent: bool) -> None:
        """Show other rows; the current entry stays current if it is still here."""
        now = self.current
        self.show_rows(
            lambda: self.entries.show(groups, indent=indent),
            lambda: -1 if now is None else self.entries.find(now.type, now.id),
        )

    @property
    def current(self) -> Entry | None:
        """The current entry; None if there is none."""
        line = self.line_at(self.currentIndex())
        return line if isinstance(line, Entry) else None

    def go_to(self, type_name: str, identity: int) -> bool:
        """Make an entry the current one, without saying so; return whether it is here."""
        row = self.entries.find(type_name, identity)
        now = self.current
        # who stands under several headings stays where they were looked at
        if row < 0 or now is None or (now.type, now.id) != (type_name, identity):
            self.make_current(row)
        return row >= 0

    def go_to_next(self) -> None:
        """Make the next entry the current one; the one before if there is none."""
        at, rows = self.currentIndex().row(), len(self.entries.rows)
        self.go_to_one_of((*range(at + 1, rows), *reversed(range(max(at, 0)))))

    def keyboardSearch(self, search: str) -> None:
        """Hand on what is typed: the search finds more than beginnings."""
        if search.strip():
            self.typed.emit(search)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._painter.follow()
            self.verticalScrollBar().setSingleStep(theme.px(_ENTRY))
