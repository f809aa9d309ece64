"""Charts on paper: columns, stacked bars, a line over months, dots. Zero based, and no legend box.

Values stand on the bars and names beside the last one. A second series is pale with an outline, a
third hatched: a photocopy keeps them apart, which two tints would not be.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from typing import Final, Literal

from liaison.reports.kit.marks import Mark
from liaison.reports.kit.sheet import Sheet
from liaison.reports.kit.typeface import (
    HAIR,
    INK,
    MID,
    MUTED,
    REGULAR,
    SEMIBOLD,
    TEAL,
    WHITE,
    Style,
)

AXIS: Final = Style(REGULAR, 8, 10, MUTED)
VALUE: Final = Style(SEMIBOLD, 8.5, 10)
_NAME: Final = Style(REGULAR, 8.5, 10)
Fill = Literal["solid", "pale", "hatched"]
FILLS: Final[tuple[Fill, ...]] = ("solid", "pale", "hatched")
"""How the first, second and third series are drawn."""
_BASE: Final = 14.0  # what the labels under the base line take
_HEAD: Final = 13.0  # what the value over the highest column takes
_SHARE: Final = 0.76  # of its step that a column fills
_HATCH: Final = 4.4  # wide and strong enough for a copy of a copy
_DOT: Final = 6.0
_NAMES_ROOM: Final = 68.0
_ROW: Final = 44.0
_BAR: Final = 20.0
_ROW_NAME: Final = 54.0
_LEAST: Final = 4  # what the highest column counts at least: one thing is no tower


@dataclasses.dataclass(frozen=True, slots=True)
class Box:
    """Where a chart stands: its left and upper edge, its width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclasses.dataclass(frozen=True, slots=True)
class Series:
    """Values of one kind, one for each column.

    Args:
        name: What they count.
        values: The values, none below zero.
    """

    name: str
    values: tuple[int, ...]


def columns(sheet: Sheet, box: Box, labels: Sequence[str], values: Sequence[int]) -> None:
    """Draw upright bars, the value over each.

    Args:
        sheet: The document.
        box: Where.
        labels: What stands under each.
        values: Their heights.
    """
    _upright(sheet, box, labels, (Series("", tuple(values)),))


def stacked(sheet: Sheet, box: Box, labels: Sequence[str], series: Sequence[Series]) -> None:
    """Draw upright bars of up to three parts, the sum over each; names stand beside the last.

    Args:
        sheet: The document.
        box: Where; names take a part of its width.
        labels: What stands under each.
        series: The parts, the lowest first.
    """
    narrower = dataclasses.replace(box, width=box.width - _NAMES_ROOM)
    tops = _upright(sheet, narrower, labels, series)
    lowest = box.y + box.height - _BASE
    for one, level in zip(series, tops, strict=True):
        # names keep a line's height from each other, from below
        lowest = min(level + 3, lowest)
        words = f"{one.name} {one.values[-1]:,}"
        sheet.text(box.x + narrower.width + 4, lowest, words, _NAME, _NAMES_ROOM - 4)
        lowest -= 10.5


def _upright(
    sheet: Sheet, box: Box, labels: Sequence[str], series: Sequence[Series]
) -> list[float]:
    """Draw upright bars; return the middle of each part of the last one."""
    base = box.y + box.height - _BASE
    sums = [sum(one.values[place] for one in series) for place in range(len(labels))]
    scale = (base - box.y - _HEAD) / max(*sums, _LEAST)
    step = box.width / max(len(labels), 1)
    wide = min(step * _SHARE, 42.0)
    middles: list[float] = []
    for place, label in enumerate(labels):
        middle = box.x + step * (place + 0.5)
        level = base
        middles = []
        for one, fill in zip(series, FILLS, strict=False):
            tall = one.values[place] * scale
            bar(sheet, Box(middle - wide / 2, level - tall, wide, tall), fill)
            middles.append(level - tall / 2)
            level -= tall
        style = VALUE if sums[place] else AXIS
        sheet.text(middle, level - 3.5, f"{sums[place]:,}", style, step * 1.4, "middle")
        sheet.text(middle, base + 10.5, label, AXIS, step * 1.2, "middle")
    sheet.rule(box.x, base, box.x + box.width, weight=0.8, ink=INK)
    return middles


def bar(sheet: Sheet, box: Box, fill: Fill) -> None:
    """Draw one bar, or one part of one."""
    if box.width <= 0 or box.height <= 0:
        return
    if fill == "solid":
        sheet.box(box.x, box.y, box.width, box.height, fill=TEAL)
        return
    paper = MID if fill == "pale" else WHITE
    sheet.box(box.x, box.y, box.width, box.height, fill=paper, outline=INK, weight=0.5)
    if fill == "hatched":
        across = _HATCH
        while across < box.width + box.height:
            left, right = max(0.0, across - box.height), min(across, box.width)
            top, bottom = min(across, box.height), max(0.0, across - box.width)
            sheet.rule(
                box.x + left, box.y + top, box.x + right, box.y + bottom, weight=1.2, ink=INK
            )
            across += _HATCH


def lying(
    sheet: Sheet, box: Box, rows: Sequence[tuple[str, tuple[int, ...]]], names: Sequence[str]
) -> None:
    """Draw lying bars of up to three parts; under each stands what its parts are.

    Args:
        sheet: The document.
        box: Where.
        rows: What each row is, and its parts.
        names: What the parts count.
    """
    most = max(*(sum(parts) for _, parts in rows), 1)
    scale = (box.width - _ROW_NAME) / most
    for place, (label, parts) in enumerate(rows):
        y = box.y + 2 + place * _ROW
        sheet.text(box.x, y + _BAR / 2 + 3, label, _NAME, _ROW_NAME - 4)
        start = at = box.x + _ROW_NAME
        for value, name, fill in zip(parts, names, FILLS, strict=False):
            bar(sheet, Box(at, y, value * scale, _BAR), fill)
            at += value * scale
            # a part may be too narrow for its number: they stand below, each with its filling
            bar(sheet, Box(start, y + _BAR + 4.5, 6.5, 6.5), fill)
            said = f"{value:,} {name.lower()}"
            start += sheet.text(start + 9, y + _BAR + 11, said, AXIS, box.width) + 18


def trend(
    sheet: Sheet,
    box: Box,
    labels: Sequence[str],
    points: Sequence[Sequence[float]],
    *,
    line: bool,
) -> None:
    """Draw values over months: a line through one value each, or a dot for every value.

    Args:
        sheet: The document.
        box: Where.
        labels: What stands under each month.
        points: The values of each month; a line passes over a month that has none.
        line: Whether each month has one value at most, and a line leads through them.
    """
    base, gutter = box.y + box.height - _BASE, 18.0
    highest = max((value for values in points for value in values), default=0.0)
    top = _round_up(highest)
    scale = (base - box.y - _HEAD) / top
    for level in (top / 2, top):
        y = base - level * scale
        sheet.rule(box.x + gutter, y, box.x + box.width, weight=0.4, ink=HAIR)
        sheet.text(box.x + gutter - 5, y + 3, f"{level:g}", AXIS, gutter, "right")
    sheet.text(box.x + gutter - 5, base + 3, "0", AXIS, gutter, "right")
    sheet.rule(box.x + gutter, base, box.x + box.width, weight=0.8, ink=INK)
    step = (box.width - gutter) / max(len(labels), 1)
    drawn: list[tuple[float, float, float]] = []
    for place, (label, values) in enumerate(zip(labels, points, strict=True)):
        x = box.x + gutter + step * (place + 0.5)
        sheet.text(x, base + 10.5, label, AXIS, step * 1.2, "middle")
        drawn += [(x, base - value * scale, value) for value in values]
    if line:
        for one, other in itertools.pairwise(drawn):
            sheet.rule(one[0], one[1], other[0], other[1], weight=1.1, ink=TEAL)
    for x, y, _ in drawn:
        sheet.mark(Mark.FULL if line else Mark.OPEN, x - _DOT / 2, y + _DOT / 2, _DOT)
    if line and drawn:
        for x, y, value in {max(drawn, key=lambda one: one[2]), drawn[-1]}:
            sheet.text(x, y - 6, f"{round(value, 1):g}", VALUE, 30, "middle")


def dots(sheet: Sheet, box: Box, rows: Sequence[tuple[str, Sequence[tuple[int, bool]]]]) -> None:
    """Draw one dot for each value, in rows over one scale; the black ones are past a limit.

    Args:
        sheet: The document.
        box: Where.
        rows: What each row is, and its values with whether they are past the limit.
    """
    room = 66.0
    highest = max((value for _, values in rows for value, _ in values), default=0)
    top = _round_up(float(highest))
    scale = (box.width - room - 8) / top
    base = box.y + box.height - _BASE
    for quarter in range(5):
        x = box.x + room + top / 4 * quarter * scale
        weight, ink = (0.8, INK) if quarter == 0 else (0.4, HAIR)
        sheet.rule(x, box.y, x, base, weight=weight, ink=ink)
        sheet.text(x, base + 10.5, f"{top / 4 * quarter:g}", AXIS, 30, "middle")
    step = (base - box.y) / max(len(rows), 1)
    for place, (label, values) in enumerate(rows):
        y = box.y + step * (place + 0.5)
        sheet.text(box.x, y + 3, label, _NAME, room - 6)
        for value, past in values:
            x = box.x + room + value * scale
            sheet.mark(Mark.FULL if past else Mark.OPEN, x - _DOT / 2, y + _DOT / 2, _DOT)


def _round_up(value: float) -> float:
    """Return the end of a scale: a round number that halves and quarters well."""
    size = 4.0
    while True:
        for factor in (1, 1.5, 2, 3, 5):
            if size * factor >= value:
                return size * factor
        size *= 10
