"""The diary of a week: day by day, each visit with its time, who came and whom they saw."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from liaison.records.rules import times
from liaison.ui import clock, theme
from liaison.ui.pages.visits.facts import Line
from liaison.ui.parts.day_list import DayList
from liaison.ui.parts.line_list import Index
from liaison.ui.widgets.painting import box, draw_pixmap, draw_words

if TYPE_CHECKING:
    from liaison.ui.pages.visits.facts import Week

ICONS: Final = {
    "visit": "stethoscope",
    "round": "clipboard-list",
    "clinic": "calendar-check",
    "phone": "phone",
    "video": "video",
    "out of hours": "moon",
    "assessment": "clipboard-check",
}
"""The icon of each kind of visit; a kind the home added has that of a visit."""

_STATE_ICONS: Final = {
    "due": "triangle-alert",
    "late": "circle-x",
    "none": "minus",
    "info": "calendar-clock",
}
_ROW: Final = 62
_HEAD: Final = 38
_NO_VISITS: Final = 34
_CHIP: Final = 24


class Heading:
    """A day above its visits."""

    def __init__(self, day: dt.date, words: str, count: int, *, today: bool) -> None:
        self.day = day
        self.words = words
        self.count = count
        self.today = today


class _Diary(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Heading | Line] = []

    def show(self, rows: list[Heading | Line]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.rows[index.row()], Heading):
            # arrows go past it; a screen reader still finds it
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return said(row)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, Line):
            return row.residents
        return None


def said(row: Heading | Line) -> str:
    """Return a row in words."""
    if isinstance(row, Heading):
        return f"{row.words}, {_visits(row.count)}"
    parts = (
        span(row), row.who, row.place, row.kind_words, "urgent" if row.urgent else "",
        row.state[1] if row.state else "", row.residents,
    )  # fmt: skip
    return ", ".join(part for part in parts if part)


def span(line: Line) -> str:
    """Return from when to when a visit was."""
    begun = clock.hour(times.in_london(line.at))
    if line.until is None:
        return begun
    return f"{begun} to {clock.hour(times.in_london(line.until))}"


def _visits(count: int) -> str:
    return {0: "no visits", 1: "1 visit"}.get(count, f"{count} visits")


class _Painter(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Heading):
            self._heading(painter, QRectF(option.rect), row)
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
            self._line(painter, option, row, chosen=chosen, hovered=hovered)
        painter.restore()

    @staticmethod
    def _heading(painter: QPainter, rect: QRectF, row: Heading) -> None:
        px = theme.px
        painter.fillRect(rect, theme.colour("raised"))
        painter.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
        painter.setPen(theme.colour("accent" if row.today else "text"))
        inside = rect.adjusted(px(16), 0, -px(16), 0)
        left = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(inside, left, row.words)
        painter.setFont(theme.font(theme.SECONDARY))
        painter.setPen(theme.colour("muted"))
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(inside, right, _visits(row.count))

    def _line(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        row: Line,
        *,
        chosen: bool,
        hovered: bool,
    ) -> None:
        px, colour = theme.px, theme.colour
        rect = QRectF(option.rect)
        view = option.widget
        if chosen or hovered:
            painter.fillRect(rect, colour("soft" if chosen else "raised"))
        line = QRectF(rect.left() + px(16), rect.bottom() - 1, rect.width() - px(32), 1)
        painter.fillRect(line, colour("line"))
        if chosen and view.hasFocus():
            ring = rect.adjusted(2, 1, -2, -2)
            box(painter, ring, px(8), None, colour("focus"), 2)
        first, second = rect.top() + px(11), rect.top() + px(31)
        left = rect.left() + px(16)
        clock_font = theme.with_features(theme.font(theme.BODY, theme.SEMIBOLD), "tnum")
        painter.setFont(clock_font)
        painter.setPen(colour("text"))
        begun = clock.hour(times.in_london(row.at))
        # with BST or GMT behind it, in the one night in which that matters
        usual = "00:00" if len(begun) == len("00:00") else begun
        wide = painter.fontMetrics().horizontalAdvance(usual)
        painter.drawText(
            QRectF(left, first, wide + 4, px(20)), int(Qt.AlignmentFlag.AlignVCenter), begun
        )
        if row.until is not None:
            painter.setFont(theme.with_features(theme.font(theme.SECONDARY), "tnum"))
            painter.setPen(colour("muted"))
            until = clock.hour(times.in_london(row.until))
            painter.drawText(
                QRectF(left, second, wide + 4, px(18)), int(Qt.AlignmentFlag.AlignVCenter), until
            )
        disc = QRectF(left + wide + px(14), rect.center().y() - px(17), px(34), px(34))
        token, ground = ("muted", "sunk") if row.status == "cancelled" else ("accent", "soft")
        box(painter, disc, disc.width() / 2, colour("surface" if chosen else ground))
        picture = theme.pixmap(ICONS.get(row.kind, ICONS["visit"]), token, 18, view)
        draw_pixmap(painter, disc.center().x() - px(18) / 2, disc.center().y(), picture)
        right = rect.right() - px(16)
        if row.state is not None:
            right = self._chip(painter, rect, right, row.state, view)
        elif row.urgent:
            right = self._chip(painter, rect, right, ("late", "Urgent"), view)
        start = disc.right() + px(12)
        room = right - px(10) - start
        struck = row.status == "cancelled"
        words = self._words(painter, (start, first, room), row.who, "text", bold=True)
        if row.place:
            beside = (start + words + px(7), first, room - words - px(7))
            self._words(painter, beside, row.place, "muted")
        below = row.residents or row.kind_words
        self._words(painter, (start, second, room), below, "muted" if struck else "text")

    @staticmethod
    def _words(
        painter: QPainter,
        place: tuple[float, float, float],
        words: str,
        token: str,
        *,
        bold: bool = False,
    ) -> float:
        left, top, room = place
        if room < theme.px(24):
            return 0
        size = theme.BODY if bold else theme.SECONDARY
        painter.setFont(theme.font(size, theme.SEMIBOLD if bold else theme.REGULAR))
        painter.setPen(theme.colour(token))
        return draw_words(painter, QRectF(left, top, room, theme.px(20)), words)

    @staticmethod
    def _chip(
        painter: QPainter, rect: QRectF, right: float, state: tuple[str, str], view: QWidget
    ) -> float:
        px = theme.px
        name, words = state
        painter.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
        wide = px(8 + 15 + 5 + 10) + painter.fontMetrics().horizontalAdvance(words)
        chip = QRectF(right - wide, rect.center().y() - px(_CHIP) / 2, wide, px(_CHIP))
        box(painter, chip, chip.height() / 2, theme.colour(f"{name}bg"))
        picture = theme.pixmap(_STATE_ICONS[name], name, 15, view)
        draw_pixmap(painter, chip.left() + px(8), chip.center().y(), picture)
        painter.setPen(theme.colour(name))
        inside = chip.adjusted(px(8 + 15 + 5), 0, 0, 0)
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter), words)
        return chip.left()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(row, Heading):
            return QSize(theme.px(200), theme.px(_HEAD if row.count else _NO_VISITS))
        return QSize(theme.px(200), theme.px(_ROW))


class Diary(DayList):
    """The rows of the diary; arrows move between visits, Left and Right between weeks."""

    looked_at = Signal(object)
    """The current visit (its id); None if there is none."""
    turned = Signal(int)
    """Somebody wants the week after (1) or before (-1)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._rows = _Diary()
        super().__init__(
            "Visits of the week", self._rows, line=Line, painter=_Painter(), parent=parent
        )
        self.selectionModel().currentRowChanged.connect(self._look)
        self._quiet = False

    @property
    def rows(self) -> list[Heading | Line]:
        """What is shown."""
        return self._rows.rows

    @property
    def current(self) -> int | None:
        """The current visit; None if there is none."""
        line = self.line_at(self.currentIndex())
        return line.id if line is not None else None

    def show_week(self, week: Week, today: dt.date, stay: int | None) -> None:
        """Show a week.

        Args:
            week: The week.
            today: The present day, which is marked.
            stay: The visit that is to be the current one, if it is in it.
        """
        place = self.verticalScrollBar().value()
        rows: list[Heading | Line] = []
        for day in week.days:
            lines = week.of(day)
            words = clock.short_day(day)
            if day == today:
                words = f"Today, {words}"
            rows.append(Heading(day, words, len(lines), today=day == today))
            rows += lines
        self._quiet = True
        self._rows.show(rows)
        self._quiet = False
        self.verticalScrollBar().setValue(place)
        if stay is None or not self.show_visit(stay):
            self.looked_at.emit(None)

    def show_visit(self, identity: int) -> bool:
        """Make a visit the current one; return whether it is here."""
        for number, row in enumerate(self.rows):
            if isinstance(row, Line) and row.id == identity:
                self.go_to_row(number)
                return True
        return False

    def show_day(self, day: dt.date) -> None:
        """Bring a day to the top; the first visit from then on is the current one."""
        for number, row in enumerate(self.rows):
            if isinstance(row, Heading) and row.day == day:
                last = len(self.rows)
                self.go_to_one_of([*range(number + 1, last), *range(last)[::-1]])
                self.scrollTo(self._rows.index(number), QListView.ScrollHint.PositionAtTop)

    def _look(self, now: QModelIndex) -> None:
        line = self.line_at(now)
        if line is not None and not self._quiet:
            self.looked_at.emit(line.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between visits and weeks; Enter opens."""
        match event.key():
            case Qt.Key.Key_Left if not event.modifiers():
                self.turned.emit(-1)
            case Qt.Key.Key_Right if not event.modifiers():
                self.turned.emit(1)
            case Qt.Key.Key_Home:
                self.go_to_one_of(range(len(self.rows)))
            case Qt.Key.Key_End:
                self.go_to_one_of(range(len(self.rows))[::-1])
            case _:
                super().keyPressEvent(event)
