"""Charts as lists of shapes: made once, painted by the window and set on paper.

A chart knows lengths and what its colours are for, never a painter. Lengths are pixels at 100 per
cent, from the upper left corner; a colour is the name of a token of the theme.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Final

BODY: Final = 10.5
SMALL: Final = 9.5
STRONG: Final = 12.0
"""Point sizes of words."""

_GAP: Final = 12.0
_MARKS: Final = {"due": "triangle-alert", "late": "circle-x"}
_THICK: Final = 16.0
_ICON: Final = 15.0
_AIR: Final = 4.0


@dataclasses.dataclass(frozen=True, slots=True)
class Rect:
    """A box with round corners."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    radius: float = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Words:
    """One line of words.

    Args:
        x: Where they are: their left end, middle or right end, as ``anchor`` says.
        y: Their middle, from above.
        words: The words.
        points: Their size.
        colour: Their colour.
        bold: Whether they are semibold.
        anchor: ``start``, ``middle`` or ``end``.
        room: The width they may take; they are shortened to it.
    """

    x: float
    y: float
    words: str
    points: float
    colour: str = "text"
    bold: bool = False
    anchor: str = "start"
    room: float = 10_000


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """An icon: its upper left corner, its side, its name and colour."""

    x: float
    y: float
    side: float
    name: str
    colour: str


Shape = Rect | Words | Mark
Measure = Callable[[str, float, bool], float]
"""Returns how wide words are: the words, their size in points, and whether they are semibold."""


@dataclasses.dataclass(frozen=True, slots=True)
class Chart:
    """A chart.

    Args:
        width: Its width; ``height`` its height.
        height: See ``width``.
        shapes: What it is made of, in the order to paint them.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Bar:
    """A number of things, and how they stand.

    Args:
        label: What they have in common: "8 to 14".
        count: How many.
        state: ok, due or late; late and due are marked with an icon too.
        short: The label where columns are narrow; the label itself if not given.
    """

    label: str
    count: int
    state: str = "ok"
    short: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Wait:
    """How long something has waited.

    Args:
        label: What waits.
        days: How long.
        usual: How long is usual; None if there is no such number.
        state: ok, due or late.
    """

    label: str
    days: int
    usual: int | None = None
    state: str = "ok"


def columns(
    bars: Sequence[Bar], width: float, height: float, measure: Measure, *, whole: int = 0
) -> Chart:
    """Draw upright bars on a base line, the number above each and its label below.

    Args:
        bars: The bars, from the left.
        width: Of the chart.
        height: Of the chart.
        measure: Measures words.
        whole: What a bar as high as the chart counts, such as 100 per cent; the largest of them
            unless given.
    """
    shapes: list[Shape] = []
    base, top = float(round(height - 26)), 24.0
    step = width / max(len(bars), 1)
    thick = float(round(min(step * 0.62, 72.0)))
    most = whole or max((bar.count for bar in bars), default=0) or 1
    # months of a year on half a page: letters, rather than words that lose their ends
    narrow = any(measure(bar.label, SMALL, False) > step - _AIR for bar in bars)
    points = BODY if narrow else STRONG
    for number, bar in enumerate(bars):
        middle = step * (number + 0.5)
        # a bar of one thing among hundreds is still to be seen
        tall = max(float(round((base - top) * bar.count / most)), 3.0) if bar.count else 0.0
        if tall:
            # whole pixels: the two boxes are to look like one
            left, upper, radius = float(round(middle - thick / 2)), base - tall, min(4.0, tall / 2)
            fill = f"{bar.state}bar"
            shapes.append(Rect(left, upper, thick, tall, fill, radius))
            # it stands on the line: only its upper corners are round
            shapes.append(Rect(left, upper + radius, thick, tall - radius, fill))
        shapes += _count(bar, middle, base - tall - 13.0, points, measure, step)
        words = bar.short or bar.label if narrow else bar.label
        label = Words(middle, height - 10.0, words, SMALL, "muted", anchor="middle", room=step)
        shapes.append(label)
    shapes.append(Rect(0, base, width, 1, "border"))
    return Chart(width, height, tuple(shapes))


def _count(  # noqa: PLR0917  # where it stands, and in how much room
    bar: Bar, middle: float, y: float, points: float, measure: Measure, step: float
) -> list[Shape]:
    words = f"{bar.count:,}"
    colour = "text" if bar.count else "muted"
    wide = _ICON + 4 + measure(words, points, True)
    # beside a neighbour the sign would stand in its number
    if not bar.count or bar.state not in _MARKS or wide > step:
        return [Words(middle, y, words, points, colour, bold=True, anchor="middle")]
    left = middle - wide / 2
    return [
        Mark(left, y - _ICON / 2, _ICON, _MARKS[bar.state], bar.state),
        Words(left + _ICON + 4, y, words, points, colour, bold=True),
    ]


def waits(lines: Sequence[Wait], width: float, height: float, measure: Measure) -> Chart:
    """Draw lying bars, each with a tick where an answer is usual and its number at the right.

    Args:
        lines: The bars, from above.
        width: Of the chart.
        height: Of the chart; lines are spread over it, but never far apart.
        measure: Measures words.
    """
    shapes: list[Shape] = []
    step = min(height / max(len(lines), 1), 36.0)
    names = max((measure(line.label, BODY, False) for line in lines), default=0.0)
    left = float(round(min(names, width * 0.42) + _GAP))
    number = max((measure(f"{line.days:,}", BODY, True) for line in lines), default=0.0)
    track = max(width - left - number - _ICON - 6 - _GAP, 20.0)
    longest = max((max(line.days, line.usual or 0) for line in lines), default=0) * 1.1 or 1.0

    def place(days: int) -> float:
        # by the square root, so that 3 days and 184 are both to be seen
        return track * math.sqrt(max(days, 0) / longest)

    for row, line in enumerate(lines):
        y = step * (row + 0.5)
        upper = y - _THICK / 2
        room = left - _GAP
        shapes.append(Words(0, y, line.label, BODY, room=room))
        shapes.append(Rect(left, upper, track, _THICK, "track", 4))
        done = max(place(line.days), 6.0)
        shapes.append(Rect(left, upper, done, _THICK, f"{line.state}bar", 4))
        if line.usual:
            x = left + place(line.usual)
            # a gap of the card's colour parts the tick from a bar that passes it
            shapes.append(Rect(x - 3, upper - 2, 6, _THICK + 4, "surface"))
            shapes.append(Rect(x - 1, upper - 2, 2, _THICK + 4, "text"))
        if line.state in _MARKS:
            mark = width - number - 6 - _ICON
            shapes.append(Mark(mark, y - _ICON / 2, _ICON, _MARKS[line.state], line.state))
        shapes.append(Words(width, y, f"{line.days:,}", BODY, bold=True, anchor="end"))
    return Chart(width, height, tuple(shapes))


@dataclasses.dataclass(frozen=True, slots=True)
class Node:
    """A box of a tree: who taught, when, and whom.

    Args:
        title: The teacher.
        about: Where they are from, and when.
        lines: Who was taught.
        children: The boxes that follow from it.
        state: ok, or due where something speaks against it.
    """

    title: str
    about: str
    lines: tuple[str, ...] = ()
    children: tuple[Node, ...] = ()
    state: str = "ok"


_BOX: Final = 216.0
_BETWEEN: Final = 44.0
_APART: Final = 12.0
_INSIDE: Final = 12.0
_HEAD: Final = 48.0
_LINE_HEIGHT: Final = 19.0
_BAR_WIDE: Final = 4.0


def tree(nodes: Sequence[Node]) -> Chart:
    """Draw boxes from the left to the right, each beside the one it follows from.

    Args:
        nodes: The boxes that follow from none, from above.

    Returns:
        A chart as large as it needs to be.
    """
    shapes: list[Shape] = []
    y, widest = 0.0, 0.0
    for node in nodes:
        tall, wide = _branch(node, 0.0, y, shapes)
        y += tall + _APART
        widest = max(widest, wide)
    return Chart(widest, max(y - _APART, 0.0), tuple(shapes))


def _branch(node: Node, x: float, y: float, shapes: list[Shape]) -> tuple[float, float]:
    """Draw a box and what follows from it; return how tall and how far to the right it goes."""
    own = _HEAD + _LINE_HEIGHT * len(node.lines) + (_INSIDE if node.lines else 0.0)
    middle = y + _HEAD / 2
    below, right = y, x + _BOX
    bend = x + _BOX + _BETWEEN / 2
    last = middle
    for child in node.children:
        tall, wide = _branch(child, x + _BOX + _BETWEEN, below, shapes)
        last = below + _HEAD / 2
        shapes.append(Rect(bend, last - 1, _BETWEEN / 2, 2, "strong"))
        below += tall + _APART
        right = max(right, wide)
    if node.children:
        shapes.append(Rect(x + _BOX, middle - 1, _BETWEEN / 2, 2, "strong"))
        shapes.append(Rect(bend - 1, middle - 1, 2, last - middle + 2, "strong"))
    _box(node, x, y, own, shapes)
    return max(own, below - _APART - y), right


def _box(node: Node, x: float, y: float, tall: float, shapes: list[Shape]) -> None:
    late = node.state in _MARKS
    shapes += [
        Rect(x, y, _BOX, tall, "border", 8),
        Rect(x + 1, y + 1, _BOX - 2, tall - 2, f"{node.state}bg" if late else "surface", 7),
        Rect(x + 1, y + 8, _BAR_WIDE, tall - 16, f"{node.state}bar"),
    ]
    left = x + _INSIDE + _BAR_WIDE
    room = _BOX - 2 * _INSIDE - _BAR_WIDE
    if late:
        mark = Mark(x + _BOX - _INSIDE - _ICON, y + 9, _ICON, _MARKS[node.state], node.state)
        shapes.append(mark)
    shapes += [
        Words(left, y + 16, node.title, BODY, bold=True, room=room - (20 if late else 0)),
        Words(left, y + 35, node.about, SMALL, "muted", room=room),
    ]
    shapes += [
        Words(left, y + _HEAD + _LINE_HEIGHT * (number + 0.5), line, SMALL, room=room)
        for number, line in enumerate(node.lines)
    ]
