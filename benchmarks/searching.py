"""Finding: what the search box costs at every key."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import data, homes
from benchmarks.harness import Bench, Result, check, percentile, seconds_of
from liaison.records import all_specs
from liaison.store import derived
from liaison.store.schema import quote
from liaison.store.search import search

if TYPE_CHECKING:
    from liaison.store.store import Store

_REACH = 1.5
_LIMIT = 50
_P95 = 0.95
_P50 = 0.5


def search_while_typing(bench: Bench) -> Iterator[Result]:
    """What people look for, key by key, over 200,000 notes; the slowest twentieth counts.

    Ours looks through every type of record, leaves out what is archived and gives whole records.
    The floor, on the same encrypted connection, is the bare query of the notes' index alone, newest
    first: id, the indexed texts and a snippet of the same length, as rows; its query is the words
    as typed with a star after the last, where ours also looks for what an unfinished word may
    become. Each is asked every query in turn; one turn gives one ratio of the two 95th percentiles.
    """
    home = bench.homes.of(homes.LARGE)
    words = data.typed_words()
    with home.open() as store:
        _check_same(store)
        rounds: list[tuple[list[float], list[float]]] = []
        for _ in range(1 + bench.turns(3, 15)):
            mine: list[float] = []
            theirs: list[float] = []
            for number, typed in enumerate(words):
                if number % 2:
                    mine.append(seconds_of(partial(_ours, store, typed)))
                    theirs.append(seconds_of(partial(_floor, store, typed)))
                else:
                    theirs.append(seconds_of(partial(_floor, store, typed)))
                    mine.append(seconds_of(partial(_ours, store, typed)))
            rounds.append((mine, theirs))
    # the first round reads the pages in
    for name, part, reach in (
        ("search while typing, 200k entries, p95", _P95, _REACH),
        ("search while typing, 200k entries, median", _P50, None),
    ):
        pairs = [(percentile(m, part), percentile(t, part)) for m, t in rounds[1:]]
        yield Result(
            name,
            median(m for m, _ in pairs),
            median(t for _, t in pairs),
            median(m / t for m, t in pairs),
            reach,
        )


def _ours(store: Store, typed: str) -> list[tuple[str, int | None]]:
    return [(hit.type, hit.record.id) for hit in search(store, typed, limit=_LIMIT, typing=True)]


def _floor(store: Store, typed: str) -> list[Any]:
    columns = ", ".join(quote(f.name) for f in derived.searched(all_specs()["visit_entry"]))
    rows: list[Any] = store.connection.execute(
        f"SELECT rowid, {columns}, snippet(search_visit_entry, -1, '<', '>', ' ... ', 12) "
        "FROM search_visit_entry WHERE search_visit_entry MATCH ? ORDER BY rowid DESC LIMIT ?",
        (_bare(typed), _LIMIT),
    ).fetchall()
    return rows


def _bare(typed: str) -> str:
    return " ".join(f'"{word}"' for word in typed.split()) + "*"


def _check_same(store: Store) -> None:
    for typed in ("catheter", "trimeth", "pressure cush"):
        mine = [rec for name, rec in _ours(store, typed) if name == "visit_entry"]
        theirs = [row[0] for row in _floor(store, typed)]
        check(len(theirs) == _LIMIT, f"{typed!r} is not common enough to measure with")
        check(len(mine) > _LIMIT // 2, "the search found too little")
        check(mine == theirs[: len(mine)], "the search did not find the newest notes")
