"""The facts of a resident's timeline, gathered for paper."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final, cast

from liaison.errors import UserError
from liaison.records import spec_of
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.records.showing import untitled
from liaison.reports.timeline import SPEC, Facts, Item, State
from liaison.services import timeline
from liaison.services.reporting.naming import Residents
from liaison.services.reporting.open_loops import home_name
from liaison.services.today.items import Look, short

if TYPE_CHECKING:
    from liaison.reports.spec import Asked, Naming
    from liaison.services.timeline import Happening, Told
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_MOST: Final = 2_000
_CARERS: Final = ("practice", "gp", "named_nurse", "key_worker")


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: Which resident, the period, and how they are named.

    Raises:
        UserError: No resident was named, or they are not here.
    """
    if asked.subject is None or asked.start is None or asked.end is None:
        raise UserError(
            "Say whose timeline it is to be.",
            kept="Nothing was printed.",
            do="Choose a resident under About (on the command line: --for).",
            code="no-subject",
        )
    record = store.follow(*asked.subject)
    if not isinstance(record, Resident) or record.id is None:
        raise UserError("This resident is not here.", kept="Nothing was printed.", code="not-found")
    end = asked.end
    residents = Residents(store, asked.names)
    found = timeline.stretch(store, record.id, since=asked.start, limit=_MOST)
    items = [one for one in found if _day(one) <= end]
    today = store.today()
    told = timeline.tell(store, today, items)
    return Facts(
        home=home_name(store),
        name=residents.name(record.id) if asked.initials else record.name or untitled(record),
        apart=_apart(record, asked.names),
        about=_about(Look(store, today), record),
        alerts=() if asked.initials else _alerts(record),
        start=asked.start,
        end=end,
        items=tuple(_item(one, words) for one, words in zip(items, told, strict=True)),
        cut=len(found) == _MOST,
        names=asked.names,
    )


def _day(one: Happening) -> dt.date:
    return times.in_london(one.at).date() if isinstance(one.at, dt.datetime) else one.at


def _item(one: Happening, told: Told) -> Item:
    when = times.show_time(one.at) if isinstance(one.at, dt.datetime) else times.show_date(one.at)
    made = Item(when, told.title, told.text, told.author, struck=told.struck)
    if told.mark is None:
        return made
    return dataclasses.replace(made, state=cast("State", told.mark.state), mark=told.mark.words)


def _apart(record: Resident, names: Naming) -> str:
    if names == "letters":
        return ""
    room = f"Room {record.room}" if record.room else "Room not recorded"
    if names == "initials":
        return room
    born = record.date_of_birth
    return f"{room}, born {times.show_plain_date(born)}" if born else room


def _about(look: Look, record: Resident) -> tuple[tuple[str, str], ...]:
    spec = spec_of(record)
    found = []
    for name in _CARERS:
        field = spec.by_name[name]
        words = look.name(field.target, getattr(record, name))
        if words and name == "gp" and record.gp_choice not in {None, "not recorded"}:
            words = f"{words} ({look.label(record, 'gp_choice').lower()})"
        if words:
            found.append((field.label, words))
    return tuple(found)


def _alerts(record: Resident) -> tuple[str, ...]:
    labels = spec_of(record).by_name
    told = []
    if record.allergies:
        told.append(f"{labels['allergies'].label}: {short(record.allergies)}")
    if record.alerts:
        told.append(short(record.alerts))
    if record.dnacpr == "in place":
        told.append(f"{labels['dnacpr'].label} in place")
    return tuple(told)
