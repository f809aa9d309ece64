"""Making the demonstration home: years of a home's work, put into words and written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final

from benchmarks import plain
from benchmarks.harness import Bench, Result, check, compare, timed
from benchmarks.homes import CHEAP
from liaison.records import all_specs
from liaison.records.values import Kept, kept_columns
from liaison.services import demo, homes
from liaison.store import derived, query
from liaison.store.schema import quote, table_sql

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.services.homes import OpenHome

_REACH: Final = 4
NOTES: Final = 200_000
QUICK_NOTES: Final = 100_000
_ROWS_A_STATEMENT: Final = 100
_SPECS: Final = tuple(spec for spec in all_specs().values() if spec.cls is not None)

_Filling = tuple[str, list[tuple[Kept, ...]]]
"""A statement up to its values, and the rows."""


def demonstration(bench: Bench) -> Iterator[Result]:
    """A demonstration home of 200,000 visit notes (100,000 with --quick), against plain inserts.

    Ours makes the home, puts everything into words and writes it, with its history. The floor
    writes the rows of records of the first home, read before its clock starts, in one transaction
    of a plain database: the record tables and the search indexes ours has, filled by multi-row
    inserts. It keeps no history, no list indexes, no timeline and no elements of sets.
    """
    notes = QUICK_NOTES if bench.quick else NOTES
    fillings: list[_Filling] = []

    def ours() -> float:
        folder = bench.homes.folder() / "home"
        with timed() as watch:
            demo.make(folder, size=demo.Size(notes=notes), cost=CHEAP)
        with homes.open_home(folder, None, demo.PASSWORD) as home:
            check(demo.counts(home)["visit_entry"] >= notes, "visit notes are missing")
            first = not fillings
            if first:
                fillings.extend(_fillings(_rows_of(home)))
        if first:
            bench.homes.share_demonstration(notes, folder)
        else:
            bench.homes.forget(folder)
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
    yield compare(name, _REACH, bench.turns(1, 2), ours, floor, rehearsed=bench.quick)


def _rows_of(home: OpenHome) -> dict[str, list[tuple[int, dict[str, Kept]]]]:
    return {
        spec.name: [
            (record.id or 0, kept_columns(spec, record))
            for record in query.every(home.store, query.Query(spec.name, archived=True))
        ]
        for spec in _SPECS
    }


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
) -> list[_Filling]:
    """Return what the floor inserts."""
    found: list[_Filling] = []
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
