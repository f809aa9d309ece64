"""What the page of rounds shows: read in one go, off the window's thread."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from liaison.records.casework import AgendaLine, AgendaOutcome, Series
from liaison.records.rules import times
from liaison.records.rules.rounds import following, holiday_note
from liaison.services.references import Names
from liaison.services.rounds import agenda, planning

if TYPE_CHECKING:
    from liaison.records.vocabularies import Vocabularies
    from liaison.services.rounds.agenda import Agenda
    from liaison.services.rounds.planning import Listed
    from liaison.store.store import Store

_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclasses.dataclass(frozen=True, slots=True)
class Recurring:
    """A recurring round in the list.

    Args:
        id: The series.
        name: Its name.
        who: Who comes, and from where.
        when: How often, on which day, at which time.
    """

    id: int
    name: str
    who: str
    when: str


@dataclasses.dataclass(frozen=True, slots=True)
class Index:
    """All rounds.

    Args:
        coming: Those that are planned, the earliest first.
        held: Those that are over, the latest first.
        recurring: Those that come back.
    """

    coming: tuple[Listed, ...]
    held: tuple[Listed, ...]
    recurring: tuple[Recurring, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Board:
    """One round.

    Args:
        agenda: Its agenda.
        vocabularies: The home's lists of choices, for the fields of an outcome.
        following: When the round is to which something is carried over; empty if none is planned.
    """

    agenda: Agenda
    vocabularies: Vocabularies
    following: str


def index(store: Store) -> Index:
    """Read all rounds."""
    names = Names(store)
    return Index(
        planning.coming(store),
        planning.held(store),
        tuple(_recurring(names, one) for one in planning.series_of(store)),
    )


def _recurring(names: Names, series: Series) -> Recurring:
    who = "" if series.professional is None else names.by_id("contact", series.professional)
    place = series.organisation
    where = "" if place is None else names.by_id("organisation", place)
    every = "" if not series.every else f"every {series.every}"
    day = "" if series.weekday is None or series.weekday not in range(7) else _DAYS[series.weekday]
    parts = (
        every,
        f"on {day}" if day else "",
        f"at {series.start_time}" if series.start_time else "",
    )
    when = " ".join(part for part in parts if part)
    return Recurring(
        series.id or 0,
        series.name or "",
        ", ".join(part for part in (who, where) if part),
        when[:1].upper() + when[1:] or "It does not say how often",
    )


def board(store: Store, identity: int) -> Board:
    """Read one round.

    Raises:
        UserError: It is not here any more.
    """
    found = agenda.agenda(store, identity)
    return Board(found, store.vocabularies, _following(store, found))


def _following(store: Store, found: Agenda) -> str:
    sitting = found.sitting
    for one in planning.coming(store):
        later = one.sitting
        if later.at > sitting.at and (sitting.series is None or later.series == sitting.series):
            return times.show_time(later.at)
    series = None if sitting.series is None else store.follow("series", sitting.series)
    if isinstance(series, Series):
        day = following(series.every, series.weekday, sitting.day)
        if day is not None:
            note = holiday_note(day)
            return f"{times.show_date(day)}{f' ({note})' if note else ''}"
    return ""


def first(store: Store) -> int | None:
    """Return the round that is next, or that nobody has finished; None if there is none."""
    found = planning.coming(store, limit=1)
    return found[0].sitting.id if found else None


def round_of(store: Store, type_name: str, identity: int) -> tuple[int, int | None] | None:
    """Return the round that a record of a round belongs to, and its line; None if it is not here."""
    if type_name == "agenda_outcome":
        said = store.follow(type_name, identity)
        if not isinstance(said, AgendaOutcome) or said.line is None:
            return None
        type_name, identity = "agenda_line", said.line
    if type_name == "agenda_line":
        line = store.follow(type_name, identity)
        if not isinstance(line, AgendaLine) or line.round is None:
            return None
        return line.round, line.id
    return identity, None
