"""What the home's records say to each question of a framework: those that were tagged as evidence."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final

from liaison.records.rules import times
from liaison.reports.kit.listing import Band, Column, Listing, Piece
from liaison.reports.kit.opening import begin
from liaison.reports.kit.sheet import MM
from liaison.reports.kit.typeface import TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import counted, long_period, named, period
from liaison.reports.spec import Document, Naming, Parameters, Printed, ReportSpec

_WHEN: Final = 30 * MM
_WHAT: Final = 46 * MM
_END: Final = "End of the evidence."


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A record that was tagged.

    Args:
        on: When it was; None if nothing says.
        kind: What it is: "Visit note".
        resident: Whom it is about, as this copy names them; may be empty.
        words: What was written, each with its label.
    """

    on: dt.date | None
    kind: str
    resident: str
    words: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """What was tagged for one item of a framework.

    Args:
        framework: The framework.
        item: The item, as people call it.
        rows: The records, the newest first.
    """

    framework: str
    item: str
    rows: tuple[Row, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows.

    Args:
        home: The home's name.
        start: The first day.
        end: The last day, counted in.
        groups: What was tagged, by framework and item.
        names: How residents are named.
    """

    home: str
    start: dt.date
    end: dt.date
    groups: tuple[Group, ...]
    names: Naming = "full"


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"Period {period(facts.start, facts.end)}"
    sheet, y = begin(facts.home, SPEC.title, covers, _intro(facts), printed)
    if not facts.groups:
        return sheet.finish()
    room = sheet.room - _WHEN - _WHAT
    table = Listing(
        sheet,
        [
            Column("When", _WHEN),
            Column("What, and about whom", _WHAT, gap=10),
            Column("What was written", room, gap=0),
        ],
        y,
        sheet.new_page,
    )
    for group in facts.groups:
        table.heading(Band(group.item, more=group.framework, aside=f"{len(group.rows):,}"))
        for row in group.rows:
            who = [Piece(row.resident, TABLE_MUTED)] if row.resident else []
            table.row(
                [Piece("no day" if row.on is None else times.show_date(row.on))],
                [Piece(row.kind, TABLE_BOLD), *who],
                [Piece(words) for words in row.words],
            )
    table.end(_END)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="evidence",
    title="Tagged evidence",
    about="The records that were tagged as evidence, under the question each one answers.",
    parameters=Parameters(period=True, initials=True),
    render=render,
)


def _intro(facts: Facts) -> str:
    when = long_period(facts.start, facts.end)
    if not facts.groups:
        return f"No record of {when} was tagged as evidence."
    records = counted(sum(len(group.rows) for group in facts.groups), "tag")
    under = counted(len(facts.groups), "question")
    return f"{records} under {under}, {when}. The newest first.{named(facts.names)}"
