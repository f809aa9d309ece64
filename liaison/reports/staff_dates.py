"""The dates that staff have to keep: supervision, appraisal, registration, DBS, reviews of skills."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final, Literal

from liaison.records.rules.times import show_date
from liaison.reports.kit.listing import Band, Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import Figure, begin, figures, key
from liaison.reports.kit.sheet import MM
from liaison.reports.kit.typeface import TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import counted, long_date
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

State = Literal["late", "due", "none", "ok"]
_END: Final = "End of the dates."
_MARKS: Final = {"late": Mark.PAST, "due": Mark.SOON, "none": Mark.ABSENT, "ok": Mark.DONE}
_GROUPS: Final = {
    "late": "Past their date",
    "due": "Coming up",
    "none": "Not recorded",
    "ok": "Ahead",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One date.

    Args:
        name: Whose, as this copy names them.
        what: What is to be done.
        state: How it stands.
        standing: That in words: "9 days late (was due Mon 9 Nov 2026)".
        last: When it was done last; None if that is not recorded.
        whose: What tells two apart whom this copy names alike.
    """

    name: str
    what: str
    state: State
    standing: str
    last: dt.date | None
    whose: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows: the home, the day, and the dates, the most pressing first.

    Args:
        home: The home's name.
        on: The day.
        within: How many days ahead it looks.
        rows: The dates.
        initials: Whether staff are shown by their initials.
    """

    home: str
    on: dt.date
    within: int
    rows: tuple[Row, ...]
    initials: bool = False


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"State on {long_date(facts.on)}"
    sheet, y = begin(facts.home, SPEC.title, covers, _intro(facts), printed)
    if not facts.rows:
        return sheet.finish()
    y = figures(sheet, y + 4, _figures(facts))
    y = key(sheet, y, [(mark, _GROUPS[state].lower()) for state, mark in _MARKS.items()])
    stands = sheet.room - 38 * MM - 42 * MM - 31 * MM
    table = Listing(
        sheet,
        [
            Column("Member of staff", 38 * MM),
            Column("What", 42 * MM),
            Column("How it stands", stands, gap=10),
            Column("Last done", 31 * MM),
        ],
        y,
        sheet.new_page,
    )
    for state, heading in _GROUPS.items():
        rows = [row for row in facts.rows if row.state == state]
        if rows:
            table.heading(Band(heading, aside=f"{len(rows):,}"))
        for row in rows:
            table.row(*_row(row))
    table.end(_END)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="staff-dates",
    title="Supervision and checks",
    about="Supervisions, appraisals, registrations, DBS checks and skills to review: what is due.",
    parameters=Parameters(on=True, initials=True),
    render=render,
)


def _row(row: Row) -> tuple[list[Piece], list[Piece], list[Piece], list[Piece]]:
    last = "Not recorded" if row.last is None else show_date(row.last)
    return (
        [Piece(row.name, TABLE_BOLD)],
        [Piece(row.what)],
        [Piece(row.standing, mark=_MARKS[row.state])],
        [Piece(last, TABLE_MUTED)],
    )


def _intro(facts: Facts) -> str:
    day = long_date(facts.on)
    if not facts.rows:
        return (
            f"On {day} nothing was past its date, and nothing falls due within {facts.within} days."
        )
    whom = " Staff are shown by their initials." if facts.initials else ""
    return (
        f"What staff working in the home on {day} have to keep: what is past its date, what falls "
        f"due within {facts.within} days, and what nobody has recorded.{whom}"
    )


def _figures(facts: Facts) -> list[Figure]:
    def count(state: State) -> str:
        return f"{sum(row.state == state for row in facts.rows):,}"

    people = len({(row.name, row.whose) for row in facts.rows if row.state == "late"})
    return [
        Figure(count("late"), "past their date", f"of {counted(people, 'person', 'people')}"),
        Figure(count("due"), "coming up"),
        Figure(count("none"), "not recorded"),
        Figure(f"{len(facts.rows):,}", "dates", "listed here"),
    ]
