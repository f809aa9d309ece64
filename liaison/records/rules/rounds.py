"""Rounds and clinics: when a recurring one comes next, and what belongs on its agenda (need N5)."""

from __future__ import annotations

import calendar
import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from liaison.records.rules._london import london, with_fixed_offset
from liaison.records.rules.working_days import is_bank_holiday

USUAL_START: Final = time(10, 0)
"""When a recurring round begins that says no time."""

_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_WEEKS: Final = {"week": 1, "two weeks": 2}
_MONTHS: Final = {"month": 1, "two months": 2, "quarter": 3}
_WEEK: Final = 7
_FRIDAY: Final = 4
_LAST_YEAR: Final = 9990


class Kind(enum.Enum):
    """What a line of an agenda is about, by the word on its tag; in the order of the agenda."""

    BACK_HOME = "Back home"
    NEW = "New"
    CONCERN = "Concern"
    QUERY = "Query"
    ACTION = "Action due"
    REFERRAL = "Waiting"
    REVIEW = "Review"
    ASKED = "Asked"

    # a member is itself and nothing else: an enum's own hash looks its name up, for every line
    __hash__ = object.__hash__


_ORDER: Final = {kind: place for place, kind in enumerate(Kind)}
_RAISED: Final = frozenset({Kind.CONCERN, Kind.QUERY})


class Mark(enum.Enum):
    """How a matter stands on the day of the round: on paper a ring, a half disc or a triangle."""

    OPEN = "open"
    DUE = "due"
    PAST = "past"


class Matter(NamedTuple):
    """Something that waits to be spoken of at a round; a tuple, as an agenda has hundreds.

    Args:
        source_type: The type of the record it comes from; ``source_id`` is the record.
        source_id: See ``source_type``.
        kind: What it is about.
        resident: The resident; None if it is about nobody in particular.
        question: What is to be spoken of, in the words of the record.
        why: Why it is on the agenda.
        since: Since when it has waited, or when it is or was due.
        age: How it stands on the day of the round, for its chip: "15 days", "due today".
        mark: The same, as a mark.
        pressing: Whether an answer was wanted on the day it was raised.
        route: Where a concern was to go.
        person: The contact it is for.
        place: The organisation it is for.
        agreed: The line of an agenda at which an action was agreed, by its id as text: it is not
            put back onto the agenda it comes from.
    """

    source_type: str
    source_id: int
    kind: Kind
    resident: int | None
    question: str
    why: str
    since: date
    age: str
    mark: Mark = Mark.OPEN
    pressing: bool = False
    route: str = ""
    person: int | None = None
    place: int | None = None
    agreed: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """Who comes to a round, as far as it decides what is put before them.

    Args:
        professional: The contact who comes, under every id they are known by.
        organisation: Where they come from, under every id it is known by.
        roles: The roles they hold (GP, pharmacist).
        general: Whether this is the home's main round, to which everything goes that nobody else
            is asked.
        elsewhere: The contacts who come to other rounds of the home: what is meant for them is put
            before them.
    """

    professional: frozenset[int] = frozenset()
    organisation: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()
    general: bool = True
    elsewhere: frozenset[int] = frozenset()


def belongs(matter: Matter, seat: Seat) -> bool:
    """Tell whether a matter is put on the agenda of a round by itself.

    Args:
        matter: What waits.
        seat: Who comes.

    Returns:
        True for what is meant for whoever comes. A concern or query goes where it was sent, so one
        that is kept for the pharmacist is not put before the GP; everything else that nobody in
        particular is asked goes to the home's main round.
    """
    kind, person = matter.kind, matter.person
    if person is not None and person in seat.professional:
        return True
    if kind in _RAISED:
        if matter.route == "round":
            return seat.general and person not in seat.elsewhere
        return person is None and matter.route in seat.roles
    if kind is Kind.REFERRAL and matter.place in seat.organisation:
        return True
    if kind is Kind.REVIEW:
        # their own nurse comes to see them
        return seat.general and person not in seat.elsewhere
    # ordering gloves is nothing for a doctor
    nobody = kind is Kind.ACTION and matter.resident is None
    return seat.general and not nobody


def in_order(matters: Iterable[tuple[Matter, str]]) -> list[Matter]:
    """Return matters in the order in which they are spoken of; always the same for the same ones.

    What was pressing comes first, then by what they are about, and what has waited longest.

    Args:
        matters: The matters, each with the name of its resident.
    """
    found = [
        (not matter.pressing, _ORDER[matter.kind], matter.since, name.casefold(), matter.source_id,
         matter)
        for matter, name in matters
    ]  # fmt: skip
    # an id has one matter: two of them are never compared themselves
    found.sort()
    return [matter for *_, matter in found]


def start_problem(text: str) -> str | None:
    """Say what is wrong with the time of day a recurring round begins; None if nothing is."""
    if _CLOCK.fullmatch(text.strip()):
        return None
    return f"“{text}” is not a time of day. Write it as 10:30."


def start_of(text: str | None) -> time:
    """Return the time of day a recurring round begins; the usual one if none can be read."""
    match = _CLOCK.fullmatch((text or "").strip())
    return USUAL_START if match is None else time(int(match[1]), int(match[2]))


def moment_of(day: date, start: time) -> datetime:
    """Return the moment a round of a day begins, by the home's clock."""
    return with_fixed_offset(datetime.combine(day, start, tzinfo=london()))


def frequency(every: str | None) -> int:
    """Return how many days lie between two rounds, roughly, to tell which comes most often."""
    if every in _WEEKS:
        return _WEEKS[every] * _WEEK
    return _MONTHS.get(every or "", 1000) * 30


def following(every: str | None, weekday: int | None, last: date) -> date | None:
    """Return the day of the round after one.

    A weekly round keeps its weekday also after one that was moved for a holiday. A monthly one
    keeps its place in the month: after the second Friday comes the next month's second Friday;
    after a fifth one the last. Without a weekday it keeps the day of the month, or the Monday after
    a weekend.

    Args:
        every: How often, as in the record of the series.
        weekday: The weekday, 0 for Monday; None for that of the last round.
        last: The day of the last one.

    Returns:
        The day; None if it does not say how often, or the calendar ends.
    """
    if last.year >= _LAST_YEAR:
        return None
    if every in _WEEKS:
        monday = last - timedelta(days=last.weekday())
        on = last.weekday() if weekday is None else weekday
        return monday + timedelta(days=_WEEK * _WEEKS[every] + on)
    if every not in _MONTHS:
        return None
    ahead = last.year * 12 + last.month - 1 + _MONTHS[every]
    year, month = divmod(ahead, 12)
    month += 1
    if weekday is None:
        day = date(year, month, min(last.day, calendar.monthrange(year, month)[1]))
        # nobody holds a clinic on a Sunday because the one before was on a 14th
        return day + timedelta(days=_WEEK - day.weekday() if day.weekday() > _FRIDAY else 0)
    held = last - timedelta(days=last.weekday()) + timedelta(days=weekday)
    # moved across the end of a month: it was the first or the last one of the month it was meant in
    held = held if (held.year, held.month) == (last.year, last.month) else last
    return _nth_weekday(year, month, weekday, (held.day - 1) // _WEEK)


def _nth_weekday(year: int, month: int, weekday: int, weeks: int) -> date:
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % _WEEK + _WEEK * weeks)
    return day if day.month == month else day - timedelta(days=_WEEK)


def sittings(
    every: str | None, weekday: int | None, last: date | None, today: date, count: int
) -> list[date]:
    """Return the days on which a recurring round comes next, from a day on.

    Args:
        every: How often, as in the record of the series.
        weekday: The weekday, 0 for Monday.
        last: The last round there is, held or planned; None before the first.
        today: The first day that counts.
        count: How many days to return.
    """
    found: list[date] = []
    if last is None:
        if every not in _WEEKS and every not in _MONTHS:
            return []
        ahead = 0 if weekday is None else (weekday - today.weekday()) % _WEEK
        last = today + timedelta(days=ahead)
        found.append(last)
    while len(found) < count:
        day = following(every, weekday, last)
        if day is None:
            break
        last = day
        if day >= today:
            found.append(day)
    return found[:count]


def holiday_note(day: date) -> str:
    """Say that a round falls on a bank holiday; empty if it does not."""
    return "Bank holiday: ask whether they come." if is_bank_holiday(day) else ""


def review_due(every: int | None, reviewed: date | None, moved_in: date | None) -> date | None:
    """Return the day a resident's next review is due.

    Args:
        every: The days between reviews, as their record says.
        reviewed: The day of the last one.
        moved_in: The day they moved in, from which the first one is counted.

    Returns:
        The day; the calendar's first if neither day is recorded, as nobody can say that it has
        time; None if they have no reviews.
    """
    last = reviewed or moved_in
    if not every:
        return None
    if last is None:
        return date.min
    try:
        return last + timedelta(days=every)
    except OverflowError:
        return None
