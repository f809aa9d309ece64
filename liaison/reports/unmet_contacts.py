"""Unmet contacts on paper: whom nobody could reach, how long it took, and who answered in the end."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Final

from liaison.records.rules.times import in_london, show_date, show_time
from liaison.reports.kit.counts import begin_part, columns_of_numbers, number
from liaison.reports.kit.listing import Cell, Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import Figure, begin, figures
from liaison.reports.kit.sheet import MM, Sheet
from liaison.reports.kit.typeface import BODY, TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import (
    ago,
    clock,
    counted,
    long_period,
    named_shortly,
    per_cent,
    period,
)
from liaison.reports.spec import Document, Naming, Parameters, Printed, ReportSpec

_END: Final = "End of unmet contacts."


@dataclasses.dataclass(frozen=True, slots=True)
class Unanswered:
    """Tries at one person or place that nobody answered, until somebody did.

    Args:
        name: Whom.
        place: Where they work, or what kind of place it is; may be empty.
        tries: How many.
        waited: How many minutes these took in all.
        out: How many of them were out of hours.
        first: When the first one was.
        last: When the last one was.
        about: Whom they were about, as this copy names them.
        reached: When somebody got through after all; None if nobody has.
    """

    name: str
    place: str
    tries: int
    waited: int
    out: int
    first: dt.datetime
    last: dt.datetime
    about: tuple[str, ...] = ()
    reached: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Tally:
    """How often somebody was tried in the period, and how often they answered.

    Args:
        name: Whom.
        place: Where they work; may be empty.
        tries: How many tries there were.
        missed: How many of them nobody answered.
        out: How many of all were out of hours.
        waited: How many minutes all of them took.
    """

    name: str
    place: str
    tries: int
    missed: int
    out: int
    waited: int


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows.

    Args:
        home: The home's name.
        start: The first day.
        end: The last day, counted in.
        hours: When it is in hours, in words.
        waiting: Who has not been reached since, tried last first.
        answered: Who was reached in the end, newest first.
        tallies: Everybody who was tried, most unanswered first.
        left_out: How many more answered runs there are than are shown.
        names: How residents are named.
    """

    home: str
    start: dt.date
    end: dt.date
    hours: str
    waiting: tuple[Unanswered, ...] = ()
    answered: tuple[Unanswered, ...] = ()
    tallies: tuple[Tally, ...] = ()
    left_out: int = 0
    names: Naming = "full"


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = period(facts.start, facts.end)
    covers += named_shortly(facts.names)
    sheet, y = begin(facts.home, SPEC.title, covers, _intro(facts), printed)
    y = figures(sheet, y + 10, _figures(facts)) - 12
    y = _runs(sheet, y, "Not reached since", facts.waiting, "Nobody is waiting to be reached.")
    if facts.answered:
        y = _runs(sheet, y, "Reached in the end", facts.answered, "")
        if facts.left_out:
            words = f"{facts.left_out:,} older ones are not shown; ask for a shorter period."
            y = sheet.paragraph(sheet.left, y + 10, words, TABLE_MUTED, sheet.room)
    y = _tallies(sheet, y, facts.tallies)
    sheet.text(sheet.left, min(y + 18, sheet.bottom - 2), _END, TABLE_MUTED, sheet.room)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="unmet-contacts",
    title="Unmet contacts",
    about="Whom nobody could reach, how often and how long they were tried, and who answered.",
    parameters=Parameters(period=True, initials=True),
    render=render,
)


def _intro(facts: Facts) -> str:
    tried = sum(one.tries for one in facts.tallies)
    return (
        f"{long_period(facts.start, facts.end)}: {counted(tried, 'try', 'tries')} at reaching "
        f"somebody were noted. In hours is {facts.hours}."
    )


def _figures(facts: Facts) -> list[Figure]:
    tries = sum(one.tries for one in facts.tallies)
    missed = sum(one.missed for one in facts.tallies)
    waited = sum(one.waited for one in facts.tallies)
    out = sum(one.out for one in (*facts.waiting, *facts.answered))
    share = f"{per_cent(missed, tries)} of {counted(tries, 'try', 'tries')}" if tries else "none"
    waiting = len(facts.waiting)
    return [
        Figure(f"{missed:,}", "Not answered", share),
        Figure(
            f"{waiting:,}", "Not reached since", "listed below" if waiting else "",
            Mark.PAST if waiting else None,
        ),
        Figure(ago(dt.timedelta(minutes=waited)), "Spent trying", "as far as it was noted"),
        Figure(f"{out:,}", "Out of hours", "of those not answered"),
    ]  # fmt: skip


def _runs(sheet: Sheet, y: float, title: str, runs: Sequence[Unanswered], nobody: str) -> float:
    y = begin_part(sheet, y, title)
    if not runs:
        return sheet.paragraph(sheet.left, y + 14, nobody, BODY, sheet.room)
    table = Listing(
        sheet,
        [
            Column("Whom", 38 * MM),
            Column("Tried", 44 * MM),
            Column("Took", 23 * MM),
            Column("About", sheet.room - 139 * MM),
            Column("What came of it", 34 * MM, gap=0),
        ],
        y,
        sheet.new_page,
    )
    for one in runs:
        table.row(*_run(one))
    return table.y


def _run(one: Unanswered) -> tuple[Cell, Cell, Cell, Cell, Cell]:
    who = [Piece(one.name, TABLE_BOLD)]
    if one.place:
        who.append(Piece(one.place, TABLE_MUTED))
    often = "Once" if one.tries == 1 else f"{one.tries:,} times"
    tried = [Piece(often), Piece(show_time(one.first), TABLE_MUTED)]
    if one.tries > 1:
        tried.append(Piece(f"to {show_time(one.last)}", TABLE_MUTED))
    took = [Piece(_minutes(one.waited) or "not noted", *(() if one.waited else (TABLE_MUTED,)))]
    if one.out:
        words = "out of hours" if one.out == one.tries else f"{one.out:,} out of hours"
        took.append(Piece(words, TABLE_MUTED))
    about = [Piece(name) for name in one.about] or [Piece("Nobody named", TABLE_MUTED)]
    if one.reached is None:
        return who, tried, took, about, [Piece("Not reached", TABLE_BOLD, Mark.PAST)]
    same = in_london(one.reached).date() == in_london(one.last).date()
    when = clock(one.reached) if same else show_date(in_london(one.reached))
    came = [
        Piece("Reached", TABLE_BOLD, Mark.DONE),
        Piece(f"{when}, {ago(one.reached - one.first)} later", TABLE_MUTED),
    ]
    return who, tried, took, about, came


def _tallies(sheet: Sheet, y: float, tallies: Sequence[Tally]) -> float:
    if not tallies:
        return y
    y = begin_part(sheet, y, "Everybody who was tried")
    numbers = ("Tries", "No answer", "Out of hours", "Took")
    columns = columns_of_numbers(sheet, "Whom", numbers, 25 * MM)
    table = Listing(sheet, columns, y, sheet.new_page)
    for one in tallies:
        who = [Piece(one.name, TABLE_BOLD)]
        if one.place:
            who.append(Piece(one.place, TABLE_MUTED))
        counts = (number(count) for count in (one.tries, one.missed, one.out))
        took = Piece(_minutes(one.waited) or "not noted", *(() if one.waited else (TABLE_MUTED,)))
        table.row(who, *([count] for count in counts), [took])
    return table.y


def _minutes(count: int) -> str:
    """Show minutes: ``20 min``, ``1 h 5 min``; empty for none."""
    hours, minutes = divmod(count, 60)
    parts = [f"{hours:,}\u00a0h"] if hours else []
    if minutes:
        parts.append(f"{minutes}\u00a0min")
    return "\u00a0".join(parts)
