"""The recovery sheet, drawn once for the screen and for paper."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from liaison.ui import theme

WIDTH: Final = 342.0
HEIGHT: Final = 460.0
_SIDE: Final = 28.0
_GAP: Final = 8.0
_INK: Final = "#15202A"
_GREY: Final = "#4C5A67"
_RULE: Final = "#C9D2D8"
_BOX: Final = "#F7F9FA"
_HIDDEN: Final = "\u2022\u2022\u2022\u2022"
_FEATURES: Final = ("tnum", "zero", "ss02")
_ABOUT: Final = "This key opens the record when nobody can remember a password. Treat it like the medicine keys."


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """What stands on a recovery sheet.

    Args:
        home: The home's name.
        day: The day it was made, as it reads.
        blocks: The nine blocks of the key.
    """

    home: str
    day: str
    blocks: tuple[str, ...]


def paint_sheet(
    painter: QPainter,
    page: QRectF,
    sheet: Sheet,
    hidden: Sequence[int] = (),
    *,
    as_text: bool = False,
) -> None:
    """Paint a sheet: black on white, on the screen as on paper.

    Args:
        painter: Where; its fonts must be measured in the same units as ``page``.
        page: The paper.
        sheet: What stands on it.
        hidden: Which blocks (from 0) are covered while somebody proves that they can read them.
        as_text: Whether the key is also read by machines: in a file, slashed zeros and figures of
            one width would be read aloud and copied as other signs.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(page.topLeft())
    scale = page.width() / WIDTH
    painter.scale(scale, scale)
    inner = WIDTH - 2 * _SIDE
    _write(painter, QRectF(_SIDE, 24, inner, 28), "Liaison recovery sheet", 19, theme.SEMIBOLD)
    line = f"{sheet.home}, {sheet.day}"
    metrics = QFontMetricsF(_font(12.5))
    line = metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, inner * 10)
    _write(painter, QRectF(_SIDE, 52, inner, 20), line, 12.5, colour=_GREY)
    _rule(painter, _SIDE, 80, inner)
    _write(painter, QRectF(_SIDE, 90, inner, 52), _ABOUT, 12.5, wrap=True)
    width = (inner - 2 * _GAP) / 3
    for place, block in enumerate(sheet.blocks):
        x = _SIDE + place % 3 * (width + _GAP)
        y = 156.0 + place // 3 * 62
        covered = place in hidden
        words = _HIDDEN if covered else block
        _block(painter, QRectF(x, y, width, 50), place + 1, words, () if as_text else _FEATURES)
    note = "Letters I, L, O and U are never used."
    if hidden:
        names = " and ".join(str(place + 1) for place in hidden)
        note += f"\nBlocks {names} are hidden on screen only."
    _write(painter, QRectF(_SIDE, 348, inner, 34), note, 10.5, colour=_GREY, wrap=True)
    half = inner * 0.55
    _rule(painter, _SIDE, 426, half)
    _rule(painter, _SIDE + half + 28, 426, inner - half - 28)
    _write(painter, QRectF(_SIDE, 430, half, 16), "Sealed and kept by", 10.5, colour=_GREY)
    where = QRectF(_SIDE + half + 28, 430, inner - half - 28, 16)
    _write(painter, where, "Date", 10.5, colour=_GREY)
    painter.restore()


class SheetView(QLabel):
    """The sheet on the screen: white paper in both themes; a label, as it is there to be read.

    Args:
        sheet: What stands on it.
    """

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self._sheet = sheet
        self._hidden: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._say()

    def hide_blocks(self, hidden: Sequence[int]) -> None:
        """Cover some blocks (from 0)."""
        self._hidden = tuple(hidden)
        self._say()
        self.update()

    def sizeHint(self) -> QSize:
        """Return its size at today's text size; the paper grows half as fast as the text."""
        share = 1 + (theme.scale() - 1) / 2
        return QSize(round((WIDTH + 12) * share), round((HEIGHT + 12) * share))

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the paper with a shadow: it is a thing that will be taken away."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        page = QRectF(self.rect()).adjusted(6, 4, -6, -8)
        painter.setPen(Qt.PenStyle.NoPen)
        for grow in range(5, 0, -1):
            shade = QColor("#0B1A20")
            shade.setAlphaF(0.035)
            painter.setBrush(shade)
            painter.drawRoundedRect(page.adjusted(-grow, -grow / 2, grow, grow), 6, 6)
        painter.setBrush(QColor("#FFFFFF"))
        focused = self.hasFocus() and self.window().isActiveWindow()
        painter.setPen(QPen(QColor(theme.tokens().focus), 2) if focused else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(page, 4, 4)
        paint_sheet(painter, page, self._sheet, self._hidden)
        painter.end()

    def _say(self) -> None:
        self.setAccessibleName("Recovery sheet")
        told = [
            f"block {place + 1}: {'hidden' if place in self._hidden else ' '.join(block)}"
            for place, block in enumerate(self._sheet.blocks)
        ]
        self.setAccessibleDescription("; ".join(told))


def _font(pixels: float, weight: QFont.Weight = theme.REGULAR) -> QFont:
    font = theme.font(10, weight)
    # the painter is scaled, so the page has units of its own
    font.setPixelSize(round(pixels * 10))
    return font


def _write(
    painter: QPainter,
    where: QRectF,
    words: str,
    pixels: float,
    weight: QFont.Weight = theme.REGULAR,
    *,
    colour: str = _INK,
    wrap: bool = False,
    flags: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    features: Sequence[str] = (),
) -> None:
    font = theme.with_features(_font(pixels, weight), *features)
    painter.save()
    # type is set at ten times its size and drawn at a tenth: whole pixels would be too coarse
    painter.translate(where.topLeft())
    painter.scale(0.1, 0.1)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    box = QRectF(0, 0, where.width() * 10, where.height() * 10)
    how = int(flags) | int(Qt.AlignmentFlag.AlignTop if wrap else Qt.AlignmentFlag.AlignVCenter)
    how |= int(Qt.TextFlag.TextWordWrap) if wrap else int(Qt.TextFlag.TextSingleLine)
    painter.drawText(box, how, words)
    painter.restore()


def _block(
    painter: QPainter, box: QRectF, number: int, words: str, features: Sequence[str]
) -> None:
    painter.setPen(QPen(QColor(_RULE), 1))
    painter.setBrush(QColor(_BOX))
    painter.drawRoundedRect(box, 4, 4)
    corner = QRectF(box.left() + 7, box.top() + 4, 20, 14)
    _write(painter, corner, str(number), 10.5, theme.SEMIBOLD, colour=_GREY)
    _write(
        painter, box.adjusted(0, 6, 0, 6), words, 20, theme.SEMIBOLD,
        colour=_GREY if words == _HIDDEN else _INK,
        flags=Qt.AlignmentFlag.AlignHCenter, features=features,
    )  # fmt: skip


def _rule(painter: QPainter, x: float, y: float, width: float) -> None:
    painter.setPen(QPen(QColor(_RULE), 1))
    painter.drawLine(QPointF(x, y), QPointF(x + width, y))
