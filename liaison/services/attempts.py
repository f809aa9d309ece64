"""Attempts to reach somebody: got through, or tried and no answer; and whom nobody has reached."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Problem
from liaison.records.directory import ContactAttempt
from liaison.records.rules import times
from liaison.services import editing, permissions
from liaison.store import history, query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

UNMET_DAYS: Final = 90
"""How far back whom nobody has reached is looked for, unless somebody asks otherwise."""
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
    """

    contact: int | None
    organisation: int | None
    tries: int
    waited: int
    first: dt.datetime
    last: dt.datetime


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
    asked = query.Query(
        "contact_attempt", (Condition("at", since, ">="),), order_by="at", newest_first=False
    )
    waiting: dict[tuple[str, int], list[ContactAttempt]] = {}
    for attempt in query.every(store, asked):
        if not isinstance(attempt, ContactAttempt) or attempt.struck_reason:
            continue
        key = _whom(store, attempt)
        if key is None:
            continue
        if attempt.reached:
            waiting.pop(key, None)
        else:
            waiting.setdefault(key, []).append(attempt)
    found = [
        Unmet(
            key[1] if key[0] == "contact" else None,
            key[1] if key[0] == "organisation" else tries[-1].organisation,
            len(tries),
            sum(one.waited or 0 for one in tries),
            _when(tries[0]),
            _when(tries[-1]),
        )
        for key, tries in waiting.items()
    ]
    return tuple(sorted(found, key=lambda one: one.last, reverse=True))


def _whom(store: Store, attempt: ContactAttempt) -> tuple[str, int] | None:
    """Return whom an attempt was at: the person that stands for them today, else the place."""
    for type_name in ("contact", "organisation"):
        identity = getattr(attempt, type_name)
        found = None if identity is None else store.follow(type_name, identity)
        if found is not None and found.id is not None:
            return type_name, found.id
    return None


def _when(attempt: ContactAttempt) -> dt.datetime:
    return attempt.at or dt.datetime.min.replace(tzinfo=dt.UTC)
