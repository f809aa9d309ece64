"""Making the demonstration home: years of a home's work, put into words and written."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final

from benchmarks import plain
from benchmarks.harness import Bench, Result, check, compare, timed
from liaison.records import all_specs
from liaison.records.values import Kept, kept_columns
from liaison.security import Cost
from liaison.services import demo, homes
from liaison.services.demo.days import Days
from liaison.services.demo.script import Clock
from liaison.store import derived, query
from liaison.store.schema import quote, table_sql

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.services.homes import OpenHome

_REACH: Final = 4
_NOTES: Final = 200_000
_QUICK_NOTES: Final = 100_000
_ROWS_A_STATEMENT: Final = 100
_DAYS: Final = Days(dt.date(2026, 11, 22), 2)
# nothing is measured here about passwords
_CHEAP: Final = Cost(memory_kib=8, passes=1, lanes=1)
_SPECS: Final = tuple(spec for spec in all_specs().values() if spec.cls is not None)


def demonstration(bench: Bench) -> Iterator[Result]:
    """A demonstration home of 200,000 visit notes (100,000 with --quick), against plain inserts.

    Ours puts everything into words and writes it, with its history. The floor writes the same rows
    of records, made before its clock starts, in one transaction of a plain database: the record
    tables and the search indexes ours has, filled by multi-row inserts. It keeps no history, no
    list indexes, no timeline and no elements of sets.
    """
    notes = _QUICK_NOTES if bench.quick else _NOTES
    fillings = _fillings(_rows_of_home(bench, notes))

    def ours() -> float:
        home, clock = _empty(bench)
        with home:
            with timed() as watch:
                demo.fill(home, clock, _DAYS, demo.Size(notes=notes))
            count = demo.counts(home)["visit_entry"]
        check(count >= notes, "visit notes are missing")
        bench.homes.forget(home.folder)
        return watch.seconds

    def floor() -> float:
        path = bench.homes.folder() / "plain.db"
        database = _tables(path)
        with timed() as watch:
            database.execute("BEGIN IMMEDIATE")
            for head, rows in fillings:
                _insert(database, head, rows)
            database.execute("COMMIT")
        ((found,),) = database.execute(
            "SELECT count(*) FROM search_visit_entry WHERE search_visit_entry MATCH 'carers'"
        )
        check(found > 0, "the floor's search finds nothing")
        database.close()
        bench.homes.forget(path)
        return watch.seconds

    name = f"demonstration home, {notes:,} visit notes"
    yield compare(name, _REACH, bench.turns(1, 2), ours, floor)


def _empty(bench: Bench) -> tuple[OpenHome, Clock]:
    clock = Clock(_DAYS.start)
    folder = bench.homes.folder() / "home"
    home, _ = homes.make_home(
        folder, name="Larkfield House", person="Helen Marsh", password=demo.PASSWORD, cost=_CHEAP,
        clock=clock, tag=1,
    )  # fmt: skip
    return home, clock


def _rows_of_home(bench: Bench, notes: int) -> dict[str, list[tuple[int, dict[str, Kept]]]]:
    home, clock = _empty(bench)
    with home:
        demo.fill(home, clock, _DAYS, demo.Size(notes=notes))
        kept = {
            spec.name: [
                (record.id or 0, kept_columns(spec, record))
                for record in query.every(home.store, query.Query(spec.name, archived=True))
            ]
            for spec in _SPECS
        }
    bench.homes.forget(home.folder)
    check(len(kept["visit_entry"]) >= notes, "there are too few rows for the floor")
    return kept


def _tables(path: Path) -> sqlite3.Connection:
    """Make a plain database with the record tables and the search indexes ours has."""
    database = plain.connect(path)
    is_old = sqlite3.sqlite_version_info < (3, 45)
    for spec in _SPECS:
        database.execute(table_sql(spec))
    for statement in derived.statements():
        if statement.startswith(('CREATE VIRTUAL TABLE "', 'CREATE VIEW "source_')):
            plainer = statement.replace("trigram remove_diacritics 1", "trigram")
            database.execute(plainer if is_old else statement)
    return database


def _fillings(
    kept: dict[str, list[tuple[int, dict[str, Kept]]]],
) -> list[tuple[str, list[tuple[Kept, ...]]]]:
    """Return what the floor inserts: a statement up to its values, and the rows."""
    found: list[tuple[str, list[tuple[Kept, ...]]]] = []
    for spec in _SPECS:
        for table, key, fields in (
            (spec.name, "id", spec.columns),
            (f"search_{spec.name}", "rowid", derived.searched(spec)),
            (f"names_{spec.name}", "rowid", derived.named(spec)),
        ):
            names = [field.name for field in fields]
            rows = [(identity, *map(values.get, names)) for identity, values in kept[spec.name]]
            if names and rows:
                columns = ", ".join((key, *map(quote, names)))
                found.append((f"INSERT INTO {quote(table)}({columns})", rows))
    return found


def _insert(database: sqlite3.Connection, head: str, rows: Sequence[Sequence[Kept]]) -> None:
    one = f"({','.join('?' * len(rows[0]))})"
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        part = rows[start : start + _ROWS_A_STATEMENT]
        sql = f"{head} VALUES {','.join([one] * len(part))}"
        database.execute(sql, list(chain.from_iterable(part)))
