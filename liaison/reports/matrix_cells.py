"""A cell of the training matrix on paper: each state has a silhouette that a photocopier keeps."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final

from liaison.records.rules.compliance import Held, State
from liaison.records.rules.matrix import Matrix
from liaison.records.rules.standing import Cell
from liaison.records.rules.times import in_london, show_plain_date
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.sheet import Sheet
from liaison.reports.kit.typeface import BOLD, INK, MUTED, REGULAR, SEMIBOLD, WHITE, Ink, Style
from liaison.reports.kit.wording import day_and_month

DASH: Final = "\N{EN DASH}"
PLAIN: Final = Style(REGULAR, 8, 10)
_QUIET: Final = Style(REGULAR, 8, 10, MUTED)
_STRONG: Final = Style(SEMIBOLD, 8, 10)
_WHITE: Final = Style(BOLD, 8, 10, WHITE)
_KEY: Final = Style(REGULAR, 8.5, 11)
# darker than the kit's tint: the bar beside it stays, the tint itself may go in a copy
_SOON: Final = Ink(0xD6, 0xDB, 0xDE)

_INSET: Final = 0.9
_BAR: Final = 3.2
_FRAME: Final = 1.3
_DASH: Final = "2.2 1.5"
_TICK: Final = 6.4
_PAST: Final = 5.2
_NEAR: Final = dt.timedelta(days=330)
"""Within this many days a day and a month name one day; beyond, the year is needed."""

KEY_LEADING: Final = 15.0
_KEY_BOX: Final = (30.0, 11.4)
_KEY_GAP: Final = 13.0
_KEY_INSIDE: Final = 5.0


@dataclasses.dataclass(frozen=True, slots=True)
class Box:
    """Where a cell stands: its upper left corner and its size, in points."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Its middle, from the left."""
        return self.x + self.width / 2

    @property
    def baseline(self) -> float:
        """The baseline of its one line."""
        return self.y + self.height / 2 + 2.9


def month_and_year(day: dt.date) -> str:
    """Show the month something runs out in: ``Mar 27``."""
    _, month, year = show_plain_date(day).split()
    return f"{month} {year[-2:]}"


def draw(sheet: Sheet, box: Box, cell: Cell, on: dt.date) -> None:
    """Draw how one member of staff stands with one course.

    Args:
        sheet: The document.
        box: Where.
        cell: How they stand.
        on: The day it is about.
    """
    _DRAWN[cell.state](sheet, box, cell, on)


def _middle(sheet: Sheet, box: Box, words: str, style: Style) -> None:
    sheet.text(box.middle, box.baseline, words, style, box.width, "middle")


def _day(day: dt.date | None, on: dt.date) -> str:
    if day is None:
        return ""
    return day_and_month(day) if abs(day - on) < _NEAR else month_and_year(day)


def _end(cell: Cell) -> dt.date | None:
    return None if cell.held is None else cell.held.runs_out


def _in_date(sheet: Sheet, box: Box, cell: Cell, _on: dt.date) -> None:
    end = _end(cell)
    if end is None:
        sheet.mark(Mark.DONE, box.middle - _TICK / 2, box.baseline, _TICK)
        return
    _middle(sheet, box, month_and_year(end), PLAIN if cell.counts else _QUIET)


def _due_soon(sheet: Sheet, box: Box, cell: Cell, on: dt.date) -> None:
    y, height = box.y + _INSET, box.height - 2 * _INSET
    sheet.box(box.x + _INSET, y, box.width - 2 * _INSET, height, fill=_SOON)
    sheet.box(box.x + _INSET, y, _BAR, height, fill=INK)
    inner = Box(box.x + _BAR / 2, box.y, box.width, box.height)
    _middle(sheet, inner, _day(_end(cell), on), _STRONG)


def _out_of_date(sheet: Sheet, box: Box, cell: Cell, on: dt.date) -> None:
    reverse(sheet, box, _day(_end(cell), on))


def reverse(sheet: Sheet, box: Box, words: str) -> None:
    """Set words in white on ink, for what has run out or missed its target."""
    sheet.box(
        box.x + _INSET, box.y + _INSET, box.width - 2 * _INSET, box.height - 2 * _INSET, fill=INK
    )
    _middle(sheet, box, words, _WHITE)


def _missing(sheet: Sheet, box: Box, _cell: Cell, _on: dt.date) -> None:
    inset = _INSET + _FRAME / 2
    sheet.box(
        box.x + inset, box.y + inset, box.width - 2 * inset, box.height - 2 * inset,
        outline=INK, weight=_FRAME,
    )  # fmt: skip
    _middle(sheet, box, "none", _STRONG)


def _booked(sheet: Sheet, box: Box, cell: Cell, on: dt.date) -> None:
    inset = _INSET + 0.5
    sheet.box(
        box.x + inset, box.y + inset, box.width - 2 * inset, box.height - 2 * inset,
        outline=INK, weight=0.9, dash=_DASH,
    )  # fmt: skip
    day = None if cell.booked is None else in_london(cell.booked).date()
    words = _day(day, on)
    if not cell.lacks:
        _middle(sheet, box, words, PLAIN)
        return
    # a place is held, but until then they do not hold the course
    wide = sheet.breaker.width(words, _STRONG)
    start = box.middle - (wide + _PAST + 1) / 2
    sheet.mark(Mark.PAST, start, box.baseline - 0.2, _PAST)
    sheet.text(start + _PAST + 1, box.baseline, words, _STRONG, box.width)


def _not_required(sheet: Sheet, box: Box, _cell: Cell, _on: dt.date) -> None:
    _middle(sheet, box, DASH, PLAIN)


def _exempt(sheet: Sheet, box: Box, _cell: Cell, _on: dt.date) -> None:
    _middle(sheet, box, "exempt", _QUIET)


_DRAWN: Final[dict[State, Callable[[Sheet, Box, Cell, dt.date], None]]] = {
    State.IN_DATE: _in_date,
    State.DUE_SOON: _due_soon,
    State.OUT_OF_DATE: _out_of_date,
    State.MISSING: _missing,
    State.BOOKED: _booked,
    State.NOT_REQUIRED: _not_required,
    State.EXEMPT: _exempt,
}


def key(sheet: Sheet, y: float, matrix: Matrix) -> None:
    """Set what the cells mean, over as many lines as it takes.

    Args:
        sheet: The document.
        y: The first line's baseline.
        matrix: The matrix; what is rare is explained only where it occurs.
    """
    for line, x, inside, sample, words in _placed(sheet, matrix):
        baseline, high = y + line * KEY_LEADING, _KEY_BOX[1]
        box = Box(x, baseline - 2.9 - high / 2, inside, high)
        draw(sheet, box, sample, matrix.on)
        start = x + inside + _KEY_INSIDE
        sheet.text(start, baseline, words, _KEY, sheet.right - start)


def key_lines(sheet: Sheet, matrix: Matrix) -> int:
    """Return how many lines the key takes."""
    return 1 + max(line for line, *_ in _placed(sheet, matrix))


def _placed(sheet: Sheet, matrix: Matrix) -> Iterator[tuple[int, float, float, Cell, str]]:
    """Yield the key's parts: line, left edge, width of the sample, the sample, what it means."""
    line, x = 0, sheet.left
    for sample, words in _samples(matrix):
        inside = _KEY_BOX[0]
        if (end := _end(sample)) is not None and sample.state is State.IN_DATE:
            inside = sheet.breaker.width(month_and_year(end), PLAIN)
        elif sample.state in {State.IN_DATE, State.NOT_REQUIRED}:
            inside = _TICK
        elif sample.lacks and sample.state is State.BOOKED:
            inside += _PAST + 2
        wide = inside + _KEY_INSIDE + sheet.breaker.width(words, _KEY)
        if x > sheet.left and x + wide > sheet.right:
            line, x = line + 1, sheet.left
        yield line, x, inside, sample, words
        x += wide + _KEY_GAP


def _samples(matrix: Matrix) -> list[tuple[Cell, str]]:
    """Return a made-up cell of each state, dated around the day, and what it means."""
    on = matrix.on
    cells = [cell for row in matrix.rows for cell in row.cells]

    def held(days: int) -> Held:
        return Held(None, on, on + dt.timedelta(days=days))

    def sample(state: State, training: Held | None = None, *, in_date: bool = True) -> Cell:
        booked = dt.datetime.combine(on + dt.timedelta(days=9), dt.time(12), dt.UTC)
        return Cell(0, 0, state, counts=True, in_date=in_date, held=training, booked=booked)

    found = [
        (sample(State.IN_DATE, held(120)), "in date till then"),
        (sample(State.DUE_SOON, held(43)), f"runs out within {matrix.due_soon_days} days"),
        (sample(State.OUT_OF_DATE, held(-44)), "ran out"),
        (sample(State.MISSING), "required, no record"),
        (sample(State.BOOKED), "booked for that day"),
        (sample(State.IN_DATE, Held(None, on, None)), "done, no end"),
        (sample(State.NOT_REQUIRED), "not required"),
    ]
    if any(cell.state is State.BOOKED and cell.lacks for cell in cells):
        late = sample(State.BOOKED, in_date=False)
        found.append((late, "booked, not held in date till then"))
    if any(cell.state is State.EXEMPT for cell in cells):
        found.append((sample(State.EXEMPT), "need not hold it"))
    return found
