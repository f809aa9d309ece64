"""Open loops on paper: everything without an outcome on a day, oldest first."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final, Literal

from liaison.records.rules import times
from liaison.reports.kit.listing import Band, Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import Figure, begin, figures, key
from liaison.reports.kit.sheet import MM
from liaison.reports.kit.typeface import TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import counted, long_date, named
from liaison.reports.spec import Document, Naming, Parameters, Printed, ReportSpec

State = Literal["ok", "due", "late"]
_MARKS: Final = {"ok": Mark.OPEN, "due": Mark.SOON, "late": Mark.PAST}
_END: Final = "End of open loops."
_MOST_FIGURES: Final = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One open loop.

    Args:
        kind: What it is: "Referral".
        what: What it is about.
        resident: About whom; empty for nobody.
        owner: Who has to see to it.
        step: What came of it so far.
        since: The day since which it is open.
        due: The day by which something should have come of it; None if nobody said.
        days: How many days it has been open.
        state: How pressing that is.
    """

    kind: str
    what: str
    resident: str
    owner: str
    step: str
    since: dt.date
    due: dt.date | None
    days: int
    state: State


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Open loops of about one age."""

    words: str
    rows: tuple[Row, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows.

    Args:
        home: The home's name.
        on: The day.
        groups: The loops by age, the oldest first.
        kinds: How many there are of each kind.
        names: How residents are named.
    """

    home: str
    on: dt.date
    groups: tuple[Group, ...]
    kinds: tuple[tuple[str, int], ...]
    names: Naming = "full"

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every loop."""
        return tuple(row for group in self.groups for row in group.rows)


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"State on {long_date(facts.on)}"
    sheet, y = begin(facts.home, SPEC.title, covers, _intro(facts), printed)
    if not facts.groups:
        return sheet.finish()
    y = figures(sheet, y + 4, _figures(facts))
    y = key(
        sheet,
        y,
        [
            (Mark.PAST, "past the day it was expected, or over 90 days"),
            (Mark.SOON, "due, or over 14 days"),
            (Mark.OPEN, "open"),
        ],
    )
    room = sheet.room - 18 * MM - 60 * MM - 33 * MM
    table = Listing(
        sheet,
        [
            Column("What", 60 * MM, gap=10),
            Column("Who has it, and the last step", room, gap=10),
            Column("Expected by", 33 * MM),
            Column("Open for", 18 * MM, right=True),
        ],
        y,
        sheet.new_page,
    )
    for group in facts.groups:
        table.heading(Band(group.words, aside=f"{len(group.rows):,}"))
        for row in group.rows:
            what = [Piece(row.what or row.kind, TABLE_BOLD)]
            what.append(Piece(", ".join(p for p in (row.kind, row.resident) if p), TABLE_MUTED))
            table.row(
                what,
                [Piece(row.owner), Piece(row.step, TABLE_MUTED)],
                [
                    Piece(
                        times.show_date(row.due) if row.due else "no day set",
                        mark=_MARKS[row.state],
                    )
                ],
                [Piece(counted(row.days, "day") if row.days else "today")],
            )
    table.end(_END)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="open-loops",
    title="Open loops",
    about="Every concern, action, referral, review and carried line without an outcome.",
    parameters=Parameters(on=True, initials=True),
    render=render,
)


def _intro(facts: Facts) -> str:
    day = long_date(facts.on)
    if not facts.groups:
        return f"On {day} everything had an outcome: nothing was open."
    total = len(facts.rows)
    verb = "has" if total == 1 else "have"
    return (
        f"{counted(total, 'thing')} {verb} no outcome on {day}, oldest first. Nothing leaves this "
        f"list until somebody records one.{named(facts.names)}"
    )


def _figures(facts: Facts) -> list[Figure]:
    late = sum(row.state == "late" for row in facts.rows)
    oldest = max(row.days for row in facts.rows)
    found = [
        Figure(f"{len(facts.rows):,}", "without an outcome"),
        Figure(f"{late:,}", "late", "past its day, or over 90 days"),
        Figure(f"{oldest:,}", "days: the oldest" if oldest != 1 else "day: the oldest"),
    ]
    kinds = ", ".join(f"{number:,} {words.lower()}" for words, number in facts.kinds)
    return [*found, Figure(f"{len(facts.kinds):,}", "kinds", kinds)][:_MOST_FIGURES]
