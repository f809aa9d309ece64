"""The questions an inspector asks first, each with its figure, and the charts beside them.

It counts and names nobody, apart from the places residents wait for.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Final, Literal

from liaison import charts
from liaison.charts import Bar, Chart, Wait
from liaison.reports.kit.drawing import draw
from liaison.reports.kit.listing import Band, Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import begin
from liaison.reports.kit.sheet import MM, Sheet
from liaison.reports.kit.typeface import (
    BLOCK_TITLE,
    REGULAR,
    SEMIBOLD,
    TABLE_BOLD,
    TABLE_MUTED,
    Style,
)
from liaison.reports.kit.wording import long_period, period
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

State = Literal["ok", "due", "late", "info", "none"]
_MARKS: Final[dict[str, Mark]] = {
    "ok": Mark.DONE, "due": Mark.SOON, "late": Mark.PAST, "info": Mark.OPEN, "none": Mark.OPEN,
}  # fmt: skip
_BETWEEN: Final = 24.0
_TALL: Final = 112.0
_TITLES: Final = 30.0
_SCALE: Final = 0.75
_FULL: Final = 100


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One question and its answer.

    Args:
        asks: The question.
        figure: The figure: "31 of 34".
        unit: What is counted.
        words: What else there is to say; may be empty.
        state: How it stands; ``stands`` the same in words.
        stands: See ``state``.
        bars: Its chart as columns; empty if it has none.
        waits: Its chart as waits; empty if it has none.
        per_cent: Whether the columns are per cent of a whole.
        drawn: What the chart counts, and how.
    """

    asks: str
    figure: str
    unit: str
    words: str
    state: State
    stands: str
    bars: tuple[Bar, ...] = ()
    waits: tuple[Wait, ...] = ()
    per_cent: bool = False
    drawn: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Area:
    """The questions of one key question of the regulator."""

    name: str
    rows: tuple[Row, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows.

    Args:
        home: The home's name.
        start: The first day.
        end: The last day, counted in.
        areas: The questions by key question.
    """

    home: str
    start: dt.date
    end: dt.date
    areas: tuple[Area, ...]

    @property
    def drawn(self) -> tuple[Row, ...]:
        """The rows that have a chart."""
        return tuple(row for area in self.areas for row in area.rows if row.bars or row.waits)


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"Period {period(facts.start, facts.end)}"
    sheet, y = begin(facts.home, SPEC.title, covers, _intro(facts), printed)
    table = Listing(
        sheet,
        [
            Column("Question", 62 * MM),
            Column("What the records say", sheet.room - 62 * MM - 36 * MM, gap=10),
            Column("How it stands", 36 * MM, gap=0),
        ],
        y,
        sheet.new_page,
    )
    for area in facts.areas:
        table.heading(Band(area.name))
        for row in area.rows:
            table.row(*_cells(row))
    table.end("End of the questions.")
    if facts.drawn:
        _charts(sheet, facts.drawn)
    return sheet.finish()


SPEC: Final[ReportSpec[Facts]] = ReportSpec(
    name="at-a-glance",
    title="At a glance",
    about="What an inspector asks first, with figures and charts; residents and staff are not named.",
    parameters=Parameters(period=True),
    render=render,
    names_people=False,
)


def _intro(facts: Facts) -> str:
    return (
        f"What an inspector asks first, answered from the records of "
        f"{long_period(facts.start, facts.end)}. What stands on one day is told of the last one. "
        "Residents and staff are not named."
    )


def _cells(row: Row) -> tuple[list[Piece], list[Piece], list[Piece]]:
    told = [Piece(f"{row.figure} {row.unit}", TABLE_BOLD)]
    if row.words:
        told.append(Piece(row.words[:1].upper() + row.words[1:], TABLE_MUTED))
    stands = Piece(row.stands, TABLE_BOLD if row.state == "late" else TABLE_MUTED,
                   mark=_MARKS[row.state])  # fmt: skip
    return [Piece(row.asks)], told, [stands]


def _charts(sheet: Sheet, rows: Sequence[Row]) -> None:
    """Set the charts beside and under each other, on pages of their own."""
    sheet.new_page()
    sheet.bookmark("Charts")
    half = (sheet.room - _BETWEEN) / 2
    x, y = sheet.left, sheet.top
    # columns go two beside each other; names of places need the width of the page
    for row in sorted(rows, key=lambda row: bool(row.waits)):
        wide = sheet.room if row.waits else half
        if x > sheet.left and x + wide > sheet.right + 1:
            x, y = sheet.left, y + _TITLES + _TALL + _BETWEEN
        if y + _TITLES + _TALL > sheet.bottom:
            sheet.new_page()
            y = sheet.top
        sheet.text(x, y + 10, row.asks, BLOCK_TITLE, wide)
        sheet.text(x, y + 22, row.drawn, TABLE_MUTED, wide)
        draw(sheet, drawn(row, sheet, wide / _SCALE, _TALL / _SCALE), x, y + _TITLES, _SCALE)
        x += wide + _BETWEEN


def drawn(row: Row, sheet: Sheet, width: float, height: float) -> Chart:
    """Draw the chart of a row, as the window does.

    Args:
        row: The row.
        sheet: The document, whose fonts measure words.
        width: Its width in pixels of the screen.
        height: Its height.
    """

    def measure(words: str, points: float, bold: bool) -> float:  # noqa: FBT001  # as charts ask
        style = Style(SEMIBOLD if bold else REGULAR, points, points)
        return sheet.breaker.width(words, style) / _SCALE

    if row.waits:
        return charts.waits(row.waits, width, height, measure)
    return charts.columns(row.bars, width, height, measure, whole=_FULL if row.per_cent else 0)
