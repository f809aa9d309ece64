"""How an item of a resident's timeline is laid out and painted."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.widgets import STATE_ICONS, State
from liaison.ui.widgets.painting import box, draw_pixmap

if TYPE_CHECKING:
    from liaison.services.timeline import Told

from liaison.ui.pages.residents.timeline_model import LAST, TOLD, Index

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


class Items(QStyledItemDelegate):
    """Paints a timeline's items, and knows how high each is."""

    def __init__(self, view: QTableView) -> None:
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
