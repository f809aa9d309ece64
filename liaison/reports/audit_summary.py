"""The audit on paper: who did how much in a period, and everything that deserves a second look."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Final

from liaison.records.rules import times
from liaison.reports.kit.counts import ROOM_TO_BEGIN, begin_part, columns_of_numbers, number
from liaison.reports.kit.listing import Cell, Column, Listing, Piece
from liaison.reports.kit.opening import Figure, figures, opening
from liaison.reports.kit.sheet import MM, Furniture, Sheet
from liaison.reports.kit.typeface import BODY, TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import clock, counted, long_period, period
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

_END: Final = "End of audit summary."
_HEAD: Final = (
    "The number at the foot of this page is the head of the log: how many saves there are and what "
    "they hash to. Anybody can later check that none of them was changed or taken out since, with "
    "the command verify --against-head and this number. Keep the sheet away from the PC."
)


@dataclasses.dataclass(frozen=True, slots=True)
class Doer:
    """What one person did in the period, as numbers.

    Args:
        name: Their name.
        role: Their role.
        saves: Changes they wrote.
        opened: Residents' records they opened.
        left: What was taken out: lists exported, reports printed, backups made.
        signed_in: How often they signed in.
        failed: How often somebody failed to sign in with their name.
    """

    name: str
    role: str
    saves: int = 0
    opened: int = 0
    left: int = 0
    signed_in: int = 0
    failed: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """What was written of one type of record.

    Args:
        label: What people call several of them.
        added: How many were added.
        changed: How many changes there were to them.
        erased: How many times content was erased by law.
    """

    label: str
    added: int
    changed: int
    erased: int


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """Something that deserves a second look.

    Args:
        at: When.
        who: Who.
        pc: On which PC.
        what: What they did.
        about: To what; may be empty.
        detail: More; may be empty.
    """

    at: dt.datetime
    who: str
    pc: str
    what: str
    about: str = ""
    detail: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows.

    Args:
        home: The home's name.
        start: The first day.
        end: The last day, counted in.
        head: The log's head as it can be typed in again; empty for a home without one.
        saves: How many saves the log holds in all.
        doers: Who did how much, most first.
        written: What was written, by type.
        events: What deserves a second look, newest first.
        left_out: How many more of those there are than are shown.
    """

    home: str
    start: dt.date
    end: dt.date
    head: str
    saves: int
    doers: tuple[Doer, ...] = ()
    written: tuple[Written, ...] = ()
    events: tuple[Event, ...] = ()
    left_out: int = 0


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    name = f"{SPEC.title} {period(facts.start, facts.end)}"
    covers = facts.head or "The log is empty"
    sheet = Sheet(Furniture(facts.home, name, covers, printed), f"{name}, {facts.home}")
    sheet.new_page()
    sheet.bookmark(SPEC.title)
    y = opening(sheet, SPEC.title, _intro(facts))
    y = figures(sheet, y + 10, _figures(facts))
    y = _doers(sheet, y - 12, facts.doers)
    y = _events(sheet, y, facts)
    y = _written(sheet, y, facts.written)
    if sheet.bottom - y < ROOM_TO_BEGIN / 2:
        sheet.new_page()
        y = sheet.top
    y = sheet.paragraph(sheet.left, y + 22, _HEAD, TABLE_MUTED, sheet.room * 0.8, balanced=True)
    sheet.text(sheet.left, y + 6, _END, TABLE_MUTED, sheet.room)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="audit-summary",
    title="Audit summary",
    about="Who changed, opened, printed and exported how much, and failed sign-ins.",
    parameters=Parameters(period=True),
    render=render,
)


def _intro(facts: Facts) -> str:
    people = sum(1 for doer in facts.doers if doer.saves or doer.opened or doer.signed_in)
    return (
        f"{long_period(facts.start, facts.end)}: what {counted(people, 'person', 'people')} did in "
        f"this record, as the program noted it. The log holds {counted(facts.saves, 'save')} in all."
    )


def _figures(facts: Facts) -> list[Figure]:
    def total(name: str) -> int:
        return sum(getattr(doer, name) for doer in facts.doers)

    failed = total("failed")
    return [
        Figure(f"{total('saves'):,}", "Changes", "written to records"),
        Figure(f"{total('opened'):,}", "Records opened", "of residents"),
        Figure(f"{total('left'):,}", "Taken out", "lists, reports, backups"),
        Figure(f"{failed:,}", "Failed sign-ins", "listed below" if failed else "in this period"),
    ]


def _doers(sheet: Sheet, y: float, doers: Sequence[Doer]) -> float:
    y = begin_part(sheet, y, "Who did how much")
    if not doers:
        return sheet.paragraph(sheet.left, y + 14, "Nobody did anything.", BODY, sheet.room)
    numbers = ("Changes", "Opened", "Taken out", "Signed in", "Failed")
    columns = columns_of_numbers(sheet, "Person", numbers, 21 * MM)
    table = Listing(sheet, columns, y, sheet.new_page)
    for doer in doers:
        who = [Piece(doer.name, TABLE_BOLD)]
        if doer.role:
            who.append(Piece(doer.role, TABLE_MUTED))
        counts = (doer.saves, doer.opened, doer.left, doer.signed_in, doer.failed)
        table.row(who, *([number(count)] for count in counts))
    return table.y


def _written(sheet: Sheet, y: float, written: Sequence[Written]) -> float:
    if not written:
        return y
    y = begin_part(sheet, y, "What was written")
    numbers = ("Added", "Changes", "Erased by law")
    columns = columns_of_numbers(sheet, "Kind of record", numbers, 28 * MM)
    table = Listing(sheet, columns, y, sheet.new_page)
    for one in written:
        table.row(
            [Piece(one.label)],
            *([number(count)] for count in (one.added, one.changed, one.erased)),
        )
    return table.y


def _events(sheet: Sheet, y: float, facts: Facts) -> float:
    y = begin_part(sheet, y, "To look at")
    if not facts.events:
        return sheet.paragraph(sheet.left, y + 14, "There was none of that.", BODY, sheet.room)
    table = Listing(
        sheet,
        [
            Column("When", 42 * MM),
            Column("Who", 36 * MM),
            Column("What", 32 * MM),
            Column("Details", sheet.room - 110 * MM, gap=0),
        ],
        y,
        sheet.new_page,
    )
    for event in facts.events:
        table.row(*_event(event))
    if facts.left_out:
        table.end(f"{facts.left_out:,} older ones are not shown; ask for a shorter period.")
    return table.y


def _event(event: Event) -> tuple[Cell, Cell, Cell, Cell]:
    day, _, _ = times.show_time(event.at).partition(", ")
    details = [Piece(text) for text in (event.about, event.detail) if text]
    return (
        [Piece(day), Piece(clock(event.at), TABLE_MUTED)],
        [Piece(event.who, TABLE_BOLD), Piece(event.pc, TABLE_MUTED)],
        [Piece(event.what)],
        details,
    )
