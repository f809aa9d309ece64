"""What the search box finds, as words: read from the store, shown by the popup."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from itertools import groupby
from typing import TYPE_CHECKING, Final

from liaison.records import Record, all_specs, showing, spec_of
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
    """

    type: str
    id: int
    title: str
    words: str


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
    # stable: within a type the newest stay first
    hits = sorted(found.values(), key=lambda one: (_place(one.type), one.type))
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
    title = showing.title(record, find=store.get, vocabularies=store.vocabularies)
    words = snippet.replace(MARK_START, "").replace(MARK_END, "")
    found[name, record.id] = Found(name, record.id, title, "" if words in title else words)
