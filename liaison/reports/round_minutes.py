"""The minutes of a round on paper: what was agreed about each line, by whom it was recorded."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final

from liaison.reports.kit.listing import Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.sheet import FIRST_LINE, Furniture, Sheet
from liaison.reports.kit.typeface import BODY, INTRO, TABLE_BOLD, TABLE_MUTED, TITLE
from liaison.reports.kit.wording import clock, counted, long_date, named
from liaison.reports.spec import Document, Naming, Parameters, Printed, ReportSpec


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """What was recorded about a line.

    Args:
        words: The outcome, or where it was carried over to.
        by: Who recorded it, and when.
        mark: Whether it is an outcome.
    """

    words: str
    by: str
    mark: Mark


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """A line of the agenda with what came of it.

    Args:
        kind: What it is about.
        name: The resident; empty if it is about nobody in particular.
        apart: Room and date of birth.
        question: What was spoken of.
        said: What was recorded; two people may both have.
        follow_ups: What is to be done, by whom and by when.
    """

    kind: str
    name: str
    apart: str
    question: str
    said: tuple[Said, ...]
    follow_ups: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the minutes show.

    Args:
        home: The home's name.
        round: What the round is called.
        at: When it was.
        state: Whether it was held, called off or is not finished.
        who: Who came, and from where.
        attendees: Who attended.
        minutes: What else was said.
        items: Its lines in order.
        names: How residents are named.
    """

    home: str
    round: str
    at: dt.datetime
    state: str
    who: str
    attendees: str
    minutes: str
    items: tuple[Item, ...]
    names: Naming = "full"


def render(facts: Facts, printed: Printed) -> Document:
    """Set the minutes.

    Args:
        facts: What they show.
        printed: When and by whom they were printed.
    """
    day = facts.at.date()
    furniture = Furniture(facts.home, SPEC.title, f"For {long_date(day)}", printed)
    sheet = Sheet(furniture, f"{SPEC.title}, {facts.home}")
    sheet.new_page()
    title = f"{facts.round}, {long_date(day)}"
    sheet.bookmark(title)
    y = sheet.paragraph(sheet.left, FIRST_LINE + 4, title, TITLE, sheet.room)
    who = ", ".join(part for part in (clock(facts.at), facts.who) if part)
    lines = counted(len(facts.items), "line")
    y = sheet.paragraph(sheet.left, y, f"{who}. {facts.state}. {lines}.", INTRO, sheet.room)
    if said := named(facts.names).strip():
        y = sheet.paragraph(sheet.left, y, said, INTRO, sheet.room)
    if facts.attendees:
        y = sheet.paragraph(sheet.left, y, f"Attended: {facts.attendees}.", INTRO, sheet.room)
    if facts.minutes:
        y = sheet.paragraph(sheet.left, y + 6, facts.minutes, BODY, sheet.room)
    if facts.items:
        _table(sheet, y + 10, facts)
    return sheet.finish()


SPEC: Final[ReportSpec[Facts]] = ReportSpec(
    name="round-minutes",
    title="Round minutes",
    about="What was agreed at a round, line by line, and what was carried over.",
    parameters=Parameters(subjects=("round",), initials=True),
    render=render,
)


def _table(sheet: Sheet, y: float, facts: Facts) -> None:
    columns = [Column("Resident", 118), Column("What it was about", 156), Column("Outcome", 207)]
    table = Listing(sheet, columns, y, sheet.new_page)
    for item in facts.items:
        outcome: list[Piece] = []
        for said in item.said:
            outcome += [Piece(said.words, mark=said.mark), Piece(said.by, TABLE_MUTED)]
        outcome += [Piece(words, TABLE_BOLD) for words in item.follow_ups]
        name = [Piece(item.name, TABLE_BOLD)] if item.name else []
        name += [Piece(item.apart, TABLE_MUTED)] if item.apart else []
        table.row(
            name or [Piece("")],
            [Piece(item.kind, TABLE_BOLD), Piece(item.question)],
            outcome or [Piece("No outcome recorded", mark=Mark.OPEN)],
        )
    table.end("End of the minutes.")
