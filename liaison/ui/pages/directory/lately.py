"""What was last heard of somebody in the directory: visits, calls, and who waits to be seen there."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from liaison.records import all_specs
from liaison.records.casework import Referral, Visit
from liaison.records.directory import ContactAttempt
from liaison.records.rules import times
from liaison.records.rules.waits import waited_days
from liaison.services import attempts
from liaison.services.references import Names
from liaison.services.today.items import id_of
from liaison.store import query
from liaison.store.query import Condition
from liaison.ui.parts.facts import Link

if TYPE_CHECKING:
    from liaison.store.store import Store

MOST_WAITING: Final = 6
"""Referrals a card names; the others are counted."""
_LOOKED_AT: Final = 20
_COUNTED: Final = 200
_FIELDS: Final = {
    "contact": {"visit": "professional", "referral": "contact", "contact_attempt": "contact"},
    "organisation": {
        "visit": "organisation", "referral": "organisation", "contact_attempt": "organisation",
    },
}  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Heard:
    """Something that was last heard of somebody.

    Args:
        label: What it was: "Last visit".
        words: When, and what of it.
        link: The record it is; None if nothing is recorded.
    """

    label: str
    words: str
    link: Link


@dataclasses.dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits to be seen there.

    Args:
        link: The referral, named by the resident.
        words: How long.
    """

    link: Link
    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class Lately:
    """What was last heard of somebody.

    Args:
        heard: The last visit and the last call.
        tried: How often they were tried and not reached since; empty if nobody did.
        waiting: The referrals that wait, the longest first.
        more_waiting: How many more wait.
    """

    heard: tuple[Heard, ...] = ()
    tried: str = ""
    waiting: tuple[Waiting, ...] = ()
    more_waiting: int = 0


def lately(store: Store, type_name: str, identity: int, now: dt.datetime) -> Lately:
    """Return what was last heard of a person or place.

    Args:
        store: The home.
        type_name: contact or organisation.
        identity: The record.
        now: The present moment.
    """
    names = Names(store)
    fields = _FIELDS[type_name]
    visit = _last(store, "visit", fields["visit"], identity)
    call = _last(store, "contact_attempt", fields["contact_attempt"], identity)
    heard = []
    if isinstance(visit, Visit) and visit.at is not None:
        kind = all_specs()["visit"].by_name["kind"]
        what = store.vocabularies.label(kind, visit.kind) if visit.kind else ""
        heard.append(_heard("Last visit", Link("visit", id_of(visit), _moment(visit.at)), what))
    if isinstance(call, ContactAttempt) and call.at is not None:
        link = Link("contact_attempt", id_of(call), _moment(call.at))
        heard.append(_heard("Last tried", link, said_of(call)))
    waiting, more = _waiting(store, names, fields["referral"], identity, now)
    return Lately(tuple(heard), _tried(store, type_name, identity), waiting, more)


def _heard(label: str, link: Link, words: str) -> Heard:
    return Heard(label, words, link)


def said_of(attempt: ContactAttempt) -> str:
    """Return what came of an attempt, in words."""
    words = "got through" if attempt.reached else "no answer"
    if attempt.waited:
        unit = "minute" if attempt.waited == 1 else "minutes"
        words = f"{words} after {attempt.waited} {unit}"
    return f"{words}: {attempt.note}" if attempt.note else words


def _moment(at: dt.datetime) -> str:
    return times.show_time(at)


def _last(store: Store, type_name: str, field: str, identity: int) -> object:
    """Return the latest that happened and stands."""
    where = [Condition(field, identity)]
    if type_name == "visit":
        where.append(Condition("status", "happened"))
    asked = query.Query(type_name, tuple(where), order_by="at")
    for record in query.page(store, asked, limit=_LOOKED_AT).records:
        if not record.struck_reason:
            return record
    return None


def _tried(store: Store, type_name: str, identity: int) -> str:
    for one in attempts.unmet(store):
        who = ("contact", one.contact) if one.contact else ("organisation", one.organisation)
        if who == (type_name, identity):
            if one.tries == 1:
                return f"Tried {times.show_time(one.last)}, and not reached since."
            return f"Tried {one.tries} times since {times.show_time(one.first)}, and not reached."
    return ""


def _waiting(
    store: Store, names: Names, field: str, identity: int, now: dt.datetime
) -> tuple[tuple[Waiting, ...], int]:
    # what is open is little, whatever was ever sent: the index of what is closed finds it
    where = (Condition("closed_on", None), Condition(field, identity))
    found = [
        record
        for record in query.page(store, query.Query("referral", where), limit=_COUNTED).records
        if isinstance(record, Referral)
        and record.first_seen is None
        and record.sent is not None
        and not record.struck_reason
    ]
    found.sort(key=lambda one: (one.sent, one.id))
    today = times.in_london(now).date()
    shown = tuple(
        Waiting(
            Link("referral", id_of(one), names.by_id("resident", one.resident or 0)),
            _wait(one.sent or today, today),
        )
        for one in found[:MOST_WAITING]
    )
    return shown, max(len(found) - MOST_WAITING, 0)


def _wait(sent: dt.date, today: dt.date) -> str:
    days = waited_days(sent, today)
    unit = "day" if days == 1 else "days"
    return f"{days} {unit}, since {times.show_date(sent)}"
