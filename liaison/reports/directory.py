"""The directory as a booklet: everybody and every place by what they do, with their numbers."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final

from liaison.records.rules.times import show_plain_date
from liaison.reports.kit.listing import Band, Cell, Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import begin, key
from liaison.reports.kit.sheet import MM
from liaison.reports.kit.typeface import TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import counted, long_date
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

_WHO: Final = 52 * MM
_NUMBERS: Final = 46 * MM
_END: Final = "End of the directory."
_TO_CHECK: Final = "Details to be checked"


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """Somebody or some place.

    Args:
        name: What they are called.
        detail: What they are, and where.
        numbers: Numbers and addresses, each with what it is.
        about: What they are asked about, and how: label and words.
        is_person: Whether it is a person; a place otherwise.
        stale: Whether its details were last checked too long ago, or never.
        checked: When they were checked.
    """

    name: str
    detail: str
    numbers: tuple[tuple[str, str], ...]
    about: tuple[tuple[str, str], ...]
    is_person: bool
    stale: bool
    checked: dt.date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Entries of one kind."""

    name: str
    entries: tuple[Entry, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the booklet shows.

    Args:
        home: The home's name.
        on: The day it stands for.
        groups: Everybody and every place, by kind.
    """

    home: str
    on: dt.date
    groups: tuple[Group, ...]


def render(facts: Facts, printed: Printed) -> Document:
    """Set the booklet on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"State on {long_date(facts.on)}"
    sheet, y = begin(facts.home, SPEC.title, covers, _intro(facts), printed)
    if any(entry.stale for group in facts.groups for entry in group.entries):
        y = key(sheet, y + 4, [(Mark.SOON, f"{_TO_CHECK}: last checked too long ago, or never")])
    table = Listing(
        sheet,
        [
            Column("Who", _WHO, gap=10),
            Column("How to reach them", _NUMBERS, gap=10),
            Column("What to ask for, and how", sheet.room - _WHO - _NUMBERS, gap=0),
        ],
        y + 2,
        sheet.new_page,
    )
    for group in facts.groups:
        table.heading(Band(group.name, aside=counted(len(group.entries), "entry", "entries")))
        for entry in group.entries:
            table.row(*_row(entry))
    table.end(_END)
    return sheet.finish()


SPEC: Final[ReportSpec[Facts]] = ReportSpec(
    name="directory",
    title="Directory",
    about="A booklet of everybody the home works with: numbers, what to ask for, how to refer.",
    parameters=Parameters(),
    render=render,
)


def _intro(facts: Facts) -> str:
    entries = [entry for group in facts.groups for entry in group.entries]
    people = sum(entry.is_person for entry in entries)
    if not entries:
        return "Nobody is in the directory yet."
    places = counted(len(entries) - people, "place")
    return (
        f"{counted(people, 'person', 'people')} and {places}, by what they do for the home. "
        "Private notes are left out."
    )


def _row(entry: Entry) -> tuple[Cell, Cell, Cell]:
    who = [Piece(entry.name, TABLE_BOLD)]
    if entry.detail:
        who.append(Piece(entry.detail, TABLE_MUTED))
    if entry.stale:
        last = f", last {show_plain_date(entry.checked)}" if entry.checked else ", never"
        who.append(Piece(f"To check{last}", TABLE_MUTED, mark=Mark.SOON))
    numbers = []
    for label, number in entry.numbers:
        numbers += [Piece(number, TABLE_BOLD), Piece(label, TABLE_MUTED)]
    about = [Piece(f"{label}: {words}" if label else words) for label, words in entry.about]
    return who, numbers or [Piece("No number")], about or [Piece("")]
