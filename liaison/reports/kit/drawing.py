"""A chart of :mod:`liaison.charts` on paper: fills become greys, states keep their sign."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from liaison.charts import Chart, Mark, Rect, Words
from liaison.reports.kit import marks, typeface
from liaison.reports.kit.typeface import INK, MUTED, TEAL, TINT, WHITE, Ink, Style

if TYPE_CHECKING:
    from liaison.reports.kit.sheet import Sheet

_FILLS: Final[dict[str, Ink]] = {
    "border": INK, "strong": INK, "text": INK, "surface": WHITE, "track": TINT,
    "okbar": TEAL, "duebar": INK, "latebar": INK, "duebg": TINT, "latebg": TINT, "okbg": WHITE,
}  # fmt: skip
_SIGNS: Final = {"late": marks.Mark.PAST, "due": marks.Mark.SOON}
_ON_SCREEN: Final = 0.75
"""Points for a pixel: what is drawn for a screen is a quarter smaller on paper."""
_DROP: Final = 0.34
_LINE: Final = 3.0


def scale_of(chart: Chart, room: float, height: float) -> float:
    """Return how large a chart can be drawn in a room, at most as on the screen."""
    return min(_ON_SCREEN, room / max(chart.width, 1.0), height / max(chart.height, 1.0))


def draw(sheet: Sheet, chart: Chart, x: float, y: float, scale: float = _ON_SCREEN) -> None:
    """Draw a chart.

    Args:
        sheet: The document.
        chart: The chart.
        x: Its left edge, in points; ``y`` its upper one.
        y: See ``x``.
        scale: How many points its pixels take.
    """
    for shape in chart.shapes:
        match shape:
            case Rect(fill="border") if min(shape.width, shape.height) > _LINE:
                # an edge, of which what lies on it leaves a hair: drawn, so that a copy keeps it
                _box(sheet, shape, (x, y), scale, outline=INK, weight=0.7)
            case Rect():
                _box(sheet, shape, (x, y), scale, fill=_FILLS.get(shape.fill, TINT))
            case Words():
                style = _style(shape, scale)
                place = x + shape.x * scale, y + shape.y * scale + style.size * _DROP
                align = {"start": "left", "middle": "middle", "end": "right"}[shape.anchor]
                room = min(shape.room * scale, sheet.room)
                sheet.text(*place, shape.words, style, room, align)  # type: ignore[arg-type]  # one of three
            case Mark():
                sign = _SIGNS.get(shape.colour, marks.Mark.OPEN)
                size = shape.side * scale * 0.8
                sheet.mark(sign, x + shape.x * scale, y + (shape.y + shape.side) * scale, size)


def _box(
    sheet: Sheet,
    shape: Rect,
    place: tuple[float, float],
    scale: float,
    *,
    fill: Ink | None = None,
    outline: Ink | None = None,
    weight: float = 0.4,
) -> None:
    x, y = place[0] + shape.x * scale, place[1] + shape.y * scale
    wide, tall = shape.width * scale, shape.height * scale
    sheet.box(x, y, wide, tall, fill=fill, outline=outline, weight=weight)


def _style(words: Words, scale: float) -> Style:
    face = typeface.SEMIBOLD if words.bold else typeface.REGULAR
    # a point of the screen is a third more pixels
    size = words.points * scale / _ON_SCREEN
    made = Style(face, round(size, 2), round(size * 1.3, 2))
    return dataclasses.replace(made, ink=MUTED) if words.colour == "muted" else made
