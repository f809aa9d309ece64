"""Who waits to be seen, how long, against what is usual, and who was asked last."""

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
from liaison.reports.kit.wording import counted, long_date, named
from liaison.reports.spec import Document, Naming, Parameters, Printed, ReportSpec

Standing = Literal["ok", "due", "late", "seen", "unknown"]
_END: Final = "End of the referrals without an outcome."
_MARKS: Final = {
    "ok": Mark.OPEN, "due": Mark.SOON, "late": Mark.PAST, "seen": Mark.DONE, "unknown": Mark.OPEN,
}  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One referral.

    Args:
        resident: Who waits, as this copy names them.
        reason: What for.
        sent: When it was sent.
        days: How long, up to the day or until they were first seen.
        limit: After how many days it is too long; None if nobody said.
        standing: How that compares.
        asked: Who was asked last and what they said; may be empty.
        next_chase: When it is asked again.
    """

    resident: str
    reason: str
    sent: dt.date
    days: int
    limit: int | None
    standing: Standing
    asked: str = ""
    next_chase: dt.date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """The referrals to one place, with its usual wait in days."""

    place: str
    usual: int | None
    rows: tuple[Row, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows: the home, the day, and the referrals by place."""

    home: str
    on: dt.date
    groups: tuple[Group, ...]
    names: Naming = "full"

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every referral."""
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
            (Mark.PAST, "waits too long"),
            (Mark.SOON, "past the usual wait"),
            (Mark.OPEN, "waits"),
            (Mark.DONE, "seen, no outcome yet"),
        ],
    )
    told = sheet.room - 42 * MM - 31 * MM - 26 * MM
    table = Listing(
        sheet,
        [
            Column("Resident", 42 * MM),
            Column("What for, and who was asked last", told, gap=10),
            Column("Sent", 31 * MM),
            Column("Waited", 26 * MM, right=True),
        ],
        y,
        sheet.new_page,
    )
    for group in facts.groups:
        table.heading(_band(group))
        for row in group.rows:
            table.row(*_row(row))
    table.end(_END)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="referral-waits",
    title="Referral waits",
    about="Who waits to be seen, how long, what is usual, and who was asked last.",
    parameters=Parameters(on=True, initials=True),
    render=render,
)


def _row(row: Row) -> tuple[list[Piece], list[Piece], list[Piece], list[Piece]]:
    told = [Piece(row.reason)]
    if row.asked:
        told.append(Piece(row.asked, TABLE_MUTED))
    if row.next_chase is not None:
        told.append(Piece(f"Ask again {show_date(row.next_chase)}", TABLE_MUTED))
    waited = [Piece(counted(row.days, "day"), TABLE_BOLD, mark=_MARKS[row.standing])]
    if row.standing == "seen":
        waited.append(Piece("until seen", TABLE_MUTED))
    elif row.limit is not None:
        waited.append(Piece(f"within {row.limit}", TABLE_MUTED))
    return [Piece(row.resident, TABLE_BOLD)], told, [Piece(show_date(row.sent))], waited


def _intro(facts: Facts) -> str:
    day = long_date(facts.on)
    if not facts.groups:
        return f"On {day} no referral was without an outcome."
    return (
        f"{counted(len(facts.rows), 'referral')} without an outcome on {day}, by the place they "
        f"were sent to. Days are counted from the day of sending to that day, or to the day the "
        f"resident was first seen.{named(facts.names)}"
    )


def _figures(facts: Facts) -> list[Figure]:
    waiting = [row for row in facts.rows if row.standing != "seen"]
    late = sum(row.standing == "late" for row in waiting)
    longest = max((row.days for row in waiting), default=0)
    return [
        Figure(f"{len(waiting):,}", "wait to be seen"),
        Figure(f"{late:,}", "wait too long", "longer than agreed, or than is usual there"),
        Figure(f"{longest:,}", "days", "the longest wait to be seen"),
        Figure(f"{len(facts.rows) - len(waiting):,}", "seen", "and without an outcome yet"),
    ]


def _band(group: Group) -> Band:
    usual = "usual wait not recorded" if not group.usual else f"usual wait {group.usual} days"
    return Band(group.place, aside=usual)
