"""Saving one thing a person typed: on the disk before the screen says so."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from benchmarks import data, homes, plain
from benchmarks.harness import Bench, Result, check, compare, seconds_of
from liaison.records import all_specs, spec_of
from liaison.records.casework import Visit, VisitEntry
from liaison.records.values import kept_columns
from liaison.store.merge import find_replica
from liaison.store.schema import quote, table_sql
from liaison.store.verify import verify

if TYPE_CHECKING:
    import sqlite3

    from liaison.records import Record
    from liaison.store.store import Store

_REACH = 2.5


def save_visit(bench: Bench) -> Iterator[Result]:
    """One visit in a home of 2,000 notes, against one row in a plain table.

    The floor is an INSERT of the same columns into the same table, nothing else: no index, no
    search, no history; committed with FULL, in autocommit, by Python's own sqlite3. Both databases
    lie on the same disk and answer the same number of saves.
    """
    small = bench.homes.of(homes.SMALL)
    chance = random.Random(2)

    def visit() -> Record:
        return Visit(
            at=dt.datetime.now(dt.UTC), kind="GP visit", others_present=data.person_name(chance),
            reason=data.note(chance),
        )  # fmt: skip

    yield _saves(bench, "save one visit", small, visit)

    def entry() -> Record:
        return VisitEntry(
            visit=small.entries[0], resident=chance.choice(small.residents), found=data.note(chance)
        )

    yield _saves(bench, "save one visit note", small, entry)


def _saves(bench: Bench, name: str, home: homes.Home, make: Callable[[], Record]) -> Result:
    path = bench.homes.copy(home.path)
    turns = bench.turns(400, 2_000)
    saved: list[int] = []
    with homes.open_store(path) as store:
        spec = spec_of(make())
        floor_db = plain.connect(bench.homes.folder() / "plain.db")
        floor_db.execute(table_sql(spec))
        before = _count(store, spec.name)

        def ours() -> float:
            record = make()

            def work() -> None:
                with store.unit(home.person) as unit:
                    saved.append(unit.add(record))

            return seconds_of(work)

        insert = _insert_sql(spec.name)

        def floor() -> float:
            values = kept_columns(spec, make())
            row = [values.get(field.name) for field in spec.columns]
            return seconds_of(lambda: floor_db.execute(insert, row))

        result = compare(name, _REACH, turns, ours, floor)
        _check_saved(store, spec.name, saved, before)
        check(_rows(floor_db, spec.name) == turns + 1, "the floor did not save")
        floor_db.close()
    bench.homes.forget(path)
    return result


def _insert_sql(type_name: str) -> str:
    names = [field.name for field in all_specs()[type_name].columns]
    columns = ", ".join(map(quote, names))
    return f"INSERT INTO {quote(type_name)}({columns}) VALUES ({','.join('?' * len(names))})"


def _check_saved(store: Store, type_name: str, saved: list[int], before: int) -> None:
    check(_count(store, type_name) == before + len(saved), "not every save is there")
    (found,) = store.connection.execute(
        f"SELECT count(*) FROM {quote('search_' + type_name)} WHERE rowid = ?", (saved[-1],)
    ).fetchone()
    check(found == 1, "a save is not in the search index")
    replica = find_replica(store.connection, store.context.tag)
    check(replica is not None and replica.seq >= len(saved), "the chain did not grow")
    report = verify(store)
    check(not report.damage, "the home does not verify after the saves")


def _count(store: Store, type_name: str) -> int:
    (count,) = store.connection.execute(f"SELECT count(*) FROM {quote(type_name)}").fetchone()
    return int(count)


def _rows(database: sqlite3.Connection, table: str) -> int:
    return int(database.execute(f"SELECT count(*) FROM {quote(table)}").fetchone()[0])
