"""Attempts to reach somebody: got through, or tried and no answer; and whom nobody has reached."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Problem
from liaison.records.directory import ContactAttempt
from liaison.records.home import Home
from liaison.records.rules import reaching, times
from liaison.services import editing, permissions
from liaison.services.ringing import hours_of
from liaison.store import history, query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

UNMET_DAYS: Final = 90
"""How far back whom nobody has reached is looked for, unless somebody asks otherwise."""
Whom = tuple[str, int]
"""The type and id of a person or place."""
_AMENDED: Final = "Written again with more about it"


@dataclasses.dataclass(frozen=True, slots=True)
class Noted:
    """An attempt that was written.

    Args:
        id: The attempt.
        changes: The stamps of what was written, to take it back.
        warnings: What is unusual about it.
    """

    id: int
    changes: tuple[int, ...]
    warnings: tuple[Problem, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Unmet:
    """Somebody or some place that was tried, and has not been reached since.

    Args:
        contact: The person; None for a place as such.
        organisation: The place, if one was noted.
        tries: How often since they were last reached.
        waited: How many minutes that took in all.
        first: The first of these attempts.
        last: The last of them.
        out: How many of them were out of hours.
    """

    contact: int | None
    organisation: int | None
    tries: int
    waited: int
    first: dt.datetime
    last: dt.datetime
    out: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Tried:
    """An attempt with what the record does not say itself.

    Args:
        attempt: The attempt.
        whom: The type and id of whom it was at, as it stands today.
        out: Whether it was out of hours (domain rule 4).
    """

    attempt: ContactAttempt
    whom: Whom
    out: bool


def record(home: OpenHome, attempt: ContactAttempt) -> Noted:
    """Note an attempt.

    Args:
        home: The home.
        attempt: Whom or where, when, whether they got through; the rest may come later
            (:func:`amend`).

    Raises:
        UserError: It names nobody, it has problems, or the role does not allow it.
    """
    if attempt.contact is None and attempt.organisation is None:
        raise editing.Unfit([Problem("contact", "Say who or where was tried.")])
    identity, warnings = editing.add(home, attempt)
    return Noted(identity, _changes(home, identity), tuple(warnings))


def amend(home: OpenHome, identity: int, attempt: ContactAttempt) -> Noted:
    """Say more about an attempt, or put it right.

    An entry of the moment is never changed: it is struck through and written again, in one unit.

    Args:
        home: The home.
        identity: The attempt as it was noted.
        attempt: The attempt as it shall be.

    Returns:
        The attempt that stands from now on.

    Raises:
        UserError: It is not here or struck through already, it has problems, or the role does not
            allow it.
    """
    loaded = home.store.load("contact_attempt", identity)
    if loaded is None or loaded.record.struck_reason:
        raise UserError(
            "This attempt does not stand any more.",
            kept="Nothing was changed.",
            do="Note a new one.",
            code="no-record",
        )
    permissions.require_adding(home, "contact_attempt")
    permissions.require_striking(home, loaded.record)
    new = dataclasses.replace(attempt, id=None, struck_reason=None)
    problems = editing.problems_of(home, new, loaded.record)
    if blocking := [problem for problem in problems if problem.blocks]:
        raise editing.Unfit(blocking)
    with home.unit(_AMENDED) as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, struck_reason=_AMENDED))
        made = unit.add(new)
    struck = _changes(home, identity)[-1:]
    return Noted(made, (*struck, *_changes(home, made)), tuple(problems))


def _changes(home: OpenHome, identity: int) -> tuple[int, ...]:
    found = history.history(home.store, "contact_attempt", identity)
    return tuple(sorted(entry.id for entry in found))


def of(
    store: Store,
    *,
    contacts: Collection[int] = (),
    organisations: Collection[int] = (),
    since: dt.datetime,
) -> tuple[ContactAttempt, ...]:
    """Return the attempts at some people or places since a moment, newest first.

    Args:
        store: The home.
        contacts: The people.
        organisations: The places; attempts at a person there count for the place as well.
        since: From when on.
    """
    wanted = [
        *(("contact", identity) for identity in contacts),
        *(("organisation", identity) for identity in organisations),
    ]
    found: dict[int, ContactAttempt] = {}
    for field, identity in wanted:
        where = (Condition(field, identity), Condition("at", since, ">="))
        for attempt in query.every(store, query.Query("contact_attempt", where)):
            if isinstance(attempt, ContactAttempt) and not attempt.struck_reason:
                found[attempt.id or 0] = attempt
    return tuple(sorted(found.values(), key=_when, reverse=True))


def unmet(store: Store, *, days: int = UNMET_DAYS) -> tuple[Unmet, ...]:
    """Return who was tried and not reached since, those tried last first.

    Args:
        store: The home.
        days: How far back attempts count.
    """
    since = times.start_of_day(store.today() - dt.timedelta(days=days))
    noted = tried(store, since)
    # the place that was named last, as they come oldest first
    places = {one.whom: one.attempt.organisation for one in noted if not one.attempt.reached}
    waiting = [one for one in runs(noted) if one.reached is None]
    found = [
        Unmet(
            one.who[1] if one.who[0] == "contact" else None,
            one.who[1] if one.who[0] == "organisation" else places[one.who],
            one.tries,
            one.waited,
            one.first,
            one.last,
            one.out,
        )
        for one in waiting
    ]
    return tuple(sorted(found, key=lambda one: one.last, reverse=True))


def tried(store: Store, start: dt.datetime, end: dt.datetime | None = None) -> tuple[Tried, ...]:
    """Return the attempts of a time, oldest first; those struck through are left out.

    Args:
        store: The home.
        start: From this moment on.
        end: Before this moment; all since if not given.
    """
    where = [Condition("at", start, ">=")]
    if end is not None:
        where.append(Condition("at", end, "<"))
    asked = query.Query("contact_attempt", tuple(where), order_by="at", newest_first=False)
    loaded = store.the("home")
    home = loaded.record if loaded is not None and isinstance(loaded.record, Home) else Home()
    hours = hours_of(home)
    stands: dict[Whom, Whom | None] = {}
    found = []
    for attempt in query.every(store, asked):
        if not isinstance(attempt, ContactAttempt) or attempt.struck_reason or attempt.at is None:
            continue
        whom = _whom(store, attempt, stands)
        if whom is not None:
            found.append(Tried(attempt, whom, hours.out(attempt.at)))
    return tuple(found)


def runs(attempts: Iterable[Tried]) -> list[reaching.Run[Whom]]:
    """Put attempts together: those without an answer, until somebody got through.

    Args:
        attempts: From :func:`tried`.

    Returns:
        The runs, in the order in which they began.
    """
    return reaching.runs(
        reaching.Try(
            one.whom,
            _when(one.attempt),
            bool(one.attempt.reached),
            one.attempt.waited or 0,
            one.out,
            one.attempt.resident,
        )
        for one in attempts
    )


def _whom(store: Store, attempt: ContactAttempt, stands: dict[Whom, Whom | None]) -> Whom | None:
    """Return whom an attempt was at: the person that stands for them today, else the place."""
    for type_name in ("contact", "organisation"):
        identity = getattr(attempt, type_name)
        if identity is None:
            continue
        key = type_name, identity
        if key not in stands:
            found = store.follow(*key)
            stands[key] = None if found is None or found.id is None else (type_name, found.id)
        if stands[key] is not None:
            return stands[key]
    return None


def _when(attempt: ContactAttempt) -> dt.datetime:
    return attempt.at or dt.datetime.min.replace(tzinfo=dt.UTC)
