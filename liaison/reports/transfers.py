"""Going to hospital and coming back: when, why, what came along, and the review after it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final, Literal

from liaison.records.rules.times import show_date, show_time
from liaison.reports.kit.listing import Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import Figure, begin, figures
from liaison.reports.kit.sheet import MM, Sheet
from liaison.reports.kit.typeface import BLOCK_TITLE, TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import counted, long_period, month, named, period
from liaison.reports.spec import Document, Naming, Parameters, Printed, ReportSpec

ReviewState = Literal["none", "done", "due", "past"]
_END: Final = "End of transfers."
_MARKS: Final = {"done": Mark.DONE, "due": Mark.OPEN, "past": Mark.PAST}


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One transfer.

    Args:
        at: When.
        resident: Who, as this copy names them.
        direction: Which way, and ``place`` where to or from.
        place: See ``direction``.
        goes: Whether it was to hospital.
        planned: Whether it was planned; None if nobody said.
        flags: What stands out: out of hours, readmitted, end of life.
        cause: Why.
        lacking: What did not, or only partly, go along.
        problems: What else went wrong.
        review: The state of the review, and ``review_words`` it in words.
        review_words: See ``review``.
        out_of_hours: Whether it was out of hours.
        readmitted: Whether it was within 30 days of coming back.
        end_of_life: Whether somebody was near the end of life.
    """

    at: dt.datetime
    resident: str
    direction: str
    place: str
    goes: bool
    planned: bool | None
    flags: tuple[str, ...]
    cause: str
    lacking: tuple[str, ...]
    problems: str
    review: ReviewState
    review_words: str
    out_of_hours: bool = False
    readmitted: bool = False
    end_of_life: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows: the home, the period, and its transfers, the latest first."""

    home: str
    start: dt.date
    end: dt.date
    rows: tuple[Row, ...]
    names: Naming = "full"


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"Period {period(facts.start, facts.end)}"
    sheet, y = begin(facts.home, SPEC.title, covers, _intro(facts), printed)
    if not facts.rows:
        return sheet.finish()
    y = figures(sheet, y + 4, _figures(facts))
    y = _by_month(sheet, y, facts)
    table = Listing(
        sheet,
        [
            Column("When", 33 * MM),
            Column("Who, and which way", 45 * MM),
            Column("Why, and what did not go along", sheet.room - 78 * MM - 40 * MM, gap=10),
            Column("Review", 40 * MM, gap=0),
        ],
        y + 8,
        sheet.new_page,
    )
    for row in facts.rows:
        table.row(*_row(row))
    table.end(_END)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="transfers",
    title="Transfers",
    about="Going to hospital and coming back: causes, out of hours, readmissions, reviews.",
    parameters=Parameters(period=True, initials=True),
    render=render,
)


def _row(row: Row) -> tuple[list[Piece], list[Piece], list[Piece], list[Piece]]:
    day, _, clock = show_time(row.at).partition(", ")
    when = [Piece(day), Piece(clock, TABLE_MUTED)]
    who = [Piece(row.resident, TABLE_BOLD), Piece(row.direction)]
    if row.place:
        who.append(Piece(row.place, TABLE_MUTED))
    why = [Piece(row.cause)] if row.cause else []
    if row.flags:
        flags = ", ".join(row.flags)
        why.append(Piece(flags[:1].upper() + flags[1:], TABLE_BOLD))
    if row.lacking:
        why.append(Piece("; ".join(row.lacking), TABLE_MUTED))
    if row.problems:
        why.append(Piece(row.problems, TABLE_MUTED))
    review = [Piece(row.review_words, mark=_MARKS.get(row.review))] if row.review_words else []
    return when, who, why, review


def _intro(facts: Facts) -> str:
    days = long_period(facts.start, facts.end)
    if not facts.rows:
        return f"No transfer is recorded, {days}."
    return (
        f"{counted(len(facts.rows), 'transfer')}, {days}, the latest first. A readmission is to "
        f"hospital within 30 days of coming back.{named(facts.names)}"
    )


def _figures(facts: Facts) -> list[Figure]:
    went = [row for row in facts.rows if row.goes]
    unplanned = sum(row.planned is False for row in went)
    readmitted = sum(row.readmitted for row in went)
    back_out = sum(row.out_of_hours for row in facts.rows if row.review != "none")
    back = sum(row.review != "none" for row in facts.rows)
    dying = sum(row.end_of_life for row in went)
    past = sum(row.review == "past" for row in facts.rows)
    return [
        Figure(
            f"{len(went):,}", "to hospital", f"{unplanned:,} not planned, {dying:,} end of life"
        ),
        Figure(f"{readmitted:,}", "readmitted", "within 30 days of coming back"),
        Figure(f"{back_out:,}", "came out of hours", f"of {back:,} who came to us"),
        Figure(f"{past:,}", "reviews past their day", mark=Mark.PAST if past else None),
    ]


def _by_month(sheet: Sheet, y: float, facts: Facts) -> float:
    """Set how many went to hospital in each month, the latest first: the trend in figures."""
    went = [row for row in facts.rows if row.goes]
    if not went:
        return y
    sheet.text(sheet.left, y + 18, "To hospital by month", BLOCK_TITLE, sheet.room)
    right = (sheet.room - 50 * MM) / 4
    heads = ("To hospital", "Not planned", "Out of hours", "Readmitted")
    table = Listing(
        sheet,
        [Column("Month", 50 * MM), *(Column(head, right, right=True) for head in heads)],
        y + 24,
        sheet.new_page,
    )
    months = list(dict.fromkeys(month(row.at.date()) for row in went))
    for name in months:
        these = [row for row in went if month(row.at.date()) == name]
        counts = (
            len(these),
            sum(row.planned is False for row in these),
            sum(row.out_of_hours for row in these),
            sum(row.readmitted for row in these),
        )
        table.row([Piece(name)], *([Piece(f"{number:,}")] for number in counts))
    table.end("")
    return table.y


def review_words(due: dt.date | None, reviewed: dt.date | None) -> str:
    """Return how a review stands: when it was made, or by when it is due; empty if none is."""
    if due is None:
        return ""
    return f"done {show_date(reviewed)}" if reviewed else f"due {show_date(due)}"
