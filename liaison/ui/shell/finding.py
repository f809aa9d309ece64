"""What the search box finds, as words: read from the store, shown by the popup."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection
from itertools import groupby
from typing import TYPE_CHECKING, Final

from liaison.records import Record, all_specs, showing, spec_of
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.records.rules.corrections import is_struck
from liaison.store.search import MARK_END, MARK_START, find_names, search

if TYPE_CHECKING:
    from liaison.store.store import Store

MOST: Final = 24
_MOST_OF_A_TYPE: Final = 6
#: People and places first, then what was written about them.
_FIRST: Final = ("resident", "contact", "organisation", "staff", "visit_entry", "visit", "action")
_BY_NAME: Final = ("resident", "contact", "organisation", "staff")
_FEW: Final = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A record that was found.

    Args:
        type: Its type.
        id: Its id.
        title: Its one line.
        words: The words around what was looked for.
        struck: Whether it was struck through.
    """

    type: str
    id: int
    title: str
    words: str
    struck: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Hits of one type.

    Args:
        label: The type's name: "Residents".
        hits: The hits.
    """

    label: str
    hits: tuple[Found, ...]


def look_for(store: Store, typed: str, types: Collection[str]) -> tuple[Group, ...]:
    """Find records while somebody types.

    Args:
        store: The home.
        typed: The text of the search box.
        types: The types that some page can show.
    """
    found: dict[tuple[str, int], Found] = {}
    for hit in search(store, typed, types=types, limit=MOST, typing=True):
        _take(store, found, hit.record, hit.snippet)
    if len(found) < _FEW:
        # a piece from the middle of a name
        names = [name for name in _BY_NAME if name in types]
        for record in find_names(store, typed, types=names, limit=MOST):
            _take(store, found, record, "")
    # stable: within a type the newest stay first, and what was struck through comes last
    hits = sorted(found.values(), key=lambda one: (_place(one.type), one.type, one.struck))
    return tuple(
        Group(all_specs()[name].plural, tuple(group)[:_MOST_OF_A_TYPE])
        for name, group in groupby(hits, key=lambda one: one.type)
    )


def _place(type_name: str) -> int:
    return _FIRST.index(type_name) if type_name in _FIRST else len(_FIRST)


def _take(store: Store, found: dict[tuple[str, int], Found], record: Record, snippet: str) -> None:
    name = spec_of(record).name
    if record.id is None or (name, record.id) in found:
        return
    title = _line(store, record)
    words = snippet.replace(MARK_START, "").replace(MARK_END, "")
    struck = is_struck(record.struck_reason)
    found[name, record.id] = Found(name, record.id, title, "" if words in title else words, struck)


def _line(store: Store, record: Record) -> str:
    """Return what names a hit: what is about a resident begins with name, room and day."""
    title = showing.title(record, find=store.get, vocabularies=store.vocabularies)
    resident = _resident(store, getattr(record, "resident", None))
    if resident is None or not resident.name:
        return title
    room = f"room {resident.room}" if resident.room else ""
    day = _day(store, record)
    rest = title
    for said in (resident.name, room, day):
        # what stands at the front is not said again
        rest = rest.removeprefix(said).removeprefix(", ")
    parts = (resident.name, room, "" if day in rest else day, rest)
    return ", ".join(part for part in parts if part)


def _resident(store: Store, identity: object) -> Resident | None:
    found = store.get("resident", identity) if isinstance(identity, int) else None
    if found is not None and found.merged_into is not None:
        found = store.get("resident", found.merged_into)
    return found if isinstance(found, Resident) else None


def _day(store: Store, record: Record) -> str:
    """Return the day a record is about, its own or its visit's; empty if it has none."""
    way, _, name = spec_of(record).timeline.rpartition(".")
    of: Record | None = record
    if way:
        identity = getattr(record, way)
        target = spec_of(record).by_name[way].target
        of = store.get(target, identity) if identity is not None else None
    value = getattr(of, name, None) if of is not None and name else None
    if isinstance(value, dt.datetime):
        value = times.in_london(value).date()
    return times.show_date(value) if isinstance(value, dt.date) else ""
