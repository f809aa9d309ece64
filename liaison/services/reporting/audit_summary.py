"""The facts of the audit summary, gathered for paper."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import all_specs
from liaison.records.administration import Person
from liaison.records.rules import times
from liaison.reports.audit_summary import SPEC, Doer, Event, Facts, Written
from liaison.security.roles import ROLES
from liaison.services import audit
from liaison.services.audit_words import ACCESSES
from liaison.services.references import Names
from liaison.store import audit as log
from liaison.store import heads
from liaison.store.audit import EVENT_TYPE
from liaison.store.audit import Asked as Wanted
from liaison.store.changes import BIRTHS, ERASE

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_UNNAMED: Final = "This home"
_MOST_EVENTS: Final = 400
_LEFT: Final = ("exported", "printed", "backed up")
_TO_LOOK_AT: Final = (*_LEFT, "failed sign in", "restored", "role changed")


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: The period.

    Raises:
        UserError: The period has no beginning or end.
    """
    if asked.start is None or asked.end is None:
        raise UserError(
            "Say which period the audit is of.",
            kept="Nothing was printed.",
            do="Give the first and the last day.",
            code="period",
        )
    start = times.start_of_day(asked.start)
    end = times.start_of_day(asked.end + dt.timedelta(days=1))
    loaded = store.the("home")
    named = None if loaded is None else getattr(loaded.record, "name", None)
    found = heads.heads_of(store.connection)
    own = next((head for head in found if head.tag == store.context.tag), None)
    events = _events(store, start, end)
    return Facts(
        home=named or _UNNAMED,
        start=asked.start,
        end=asked.end,
        head=heads.to_text(own) if own else "",
        saves=sum(head.seq for head in found),
        doers=_doers(store, start, end),
        written=_written(store, start, end),
        events=events[:_MOST_EVENTS],
        left_out=max(0, len(events) - _MOST_EVENTS),
    )


def _doers(store: Store, start: dt.datetime, end: dt.datetime) -> tuple[Doer, ...]:
    counts: defaultdict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in log.written(store, start, end):
        if one.type != EVENT_TYPE:
            counts[one.person]["saves"] += one.number
    for person, kind, count in log.noted(store, start, end):
        if kind == "opened":
            counts[person]["opened"] += count
        elif kind in _LEFT:
            counts[person]["left"] += count
        elif kind == "sign in":
            counts[person]["signed_in"] += count
        elif kind == "failed sign in":
            counts[person]["failed"] += count
    names = Names(store)
    doers = [
        Doer(
            names.by_id("person", person) if person else "Nobody who can sign in here",
            _role(store, person),
            **numbers,
        )
        for person, numbers in counts.items()
    ]
    return tuple(sorted(doers, key=lambda one: (-one.saves, -one.opened, one.name.casefold())))


def _role(store: Store, person: int) -> str:
    record = store.get("person", person) if person else None
    return ROLES.get(record.role or "", "") if isinstance(record, Person) else ""


def _written(store: Store, start: dt.datetime, end: dt.datetime) -> tuple[Written, ...]:
    specs = all_specs()
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in log.written(store, start, end):
        spec = specs.get(one.type)
        if spec is None or one.type == EVENT_TYPE:
            continue
        # an element of a set is a change of the record whose set it is
        column = 1 if spec.owner else 0 if one.op in BIRTHS else 2 if one.op == ERASE else 1
        counts[spec.owner or one.type][column] += one.number
    made = [Written(specs[name].plural, *numbers) for name, numbers in counts.items()]
    return tuple(sorted(made, key=lambda one: (-one.added - one.changed, one.label)))


def _events(store: Store, start: dt.datetime, end: dt.datetime) -> tuple[Event, ...]:
    most = 20 * _MOST_EVENTS
    lines = [
        *audit.every(store, Wanted(kinds=_TO_LOOK_AT, start=start, end=end), most),
        *audit.every(store, Wanted(erasures=True, start=start, end=end), most),
    ]
    lines.sort(key=lambda line: line.at, reverse=True)
    return tuple(
        Event(
            line.at,
            line.who,
            line.pc,
            line.verb,
            line.about,
            line.detail or line.reason or ", ".join(step.label for step in line.steps),
        )
        for line in lines
        if line.access in ACCESSES or line.verb
    )
