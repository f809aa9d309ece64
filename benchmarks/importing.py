"""Taking in a whole directory at once: 16,000 organisations in one batch."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain

from benchmarks import data, homes, plain
from benchmarks.harness import Bench, Result, check, compare, timed
from liaison.records import spec_of
from liaison.records.directory import Organisation
from liaison.records.values import Kept, kept_columns
from liaison.store import derived
from liaison.store.schema import quote, table_sql

_REACH = 2.5
_COUNT = 16_000
_ROWS_A_STATEMENT = 100
_SPEC = spec_of(Organisation)


def save_organisations(bench: Bench) -> Iterator[Result]:
    """16,000 organisations in one batch, against plain multi-row inserts with FTS.

    The floor, in one transaction of a plain database: the record table and the two search indexes
    ours has (words and pieces of names, with the same tokenizers), each filled by multi-row
    inserts from values made before the clock starts. It keeps no history and no list indexes, and
    its search takes the texts as they are. A trigram index that ignores accents needs SQLite 3.45;
    with an older one the floor's does not, which is less work, not more.
    """
    chance = random.Random(3)
    records = [data.organisation(chance, number) for number in range(_COUNT)]
    template = bench.homes.folder() / "template.db"
    store, person = homes.empty(template)
    store.close()

    def ours() -> float:
        path = bench.homes.copy(template)
        with homes.open_store(path) as home:
            with timed() as watch, home.unit(person, "directory", kind="import") as unit:
                unit.start_batch()
                for record in records:
                    unit.add(record)
            for table in ("organisation", "search_organisation", "names_organisation"):
                (count,) = home.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
                check(count == _COUNT, f"{table} does not hold every organisation")
            (batches, changes) = home.connection.execute(
                "SELECT count(DISTINCT batch), (SELECT count(*) FROM change WHERE type = ?) "
                "FROM unit WHERE batch IS NOT NULL",
                (_SPEC.name,),
            ).fetchone()
            check((batches, changes) == (1, _COUNT), "the batch has no whole history")
        bench.homes.forget(path)
        return watch.seconds

    kept = [kept_columns(_SPEC, record) for record in records]
    rows = rows_of(kept, [field.name for field in _SPEC.columns])
    words = rows_of(kept, [field.name for field in derived.searched(_SPEC)])
    names = rows_of(kept, [field.name for field in derived.named(_SPEC)])

    def floor() -> float:
        path = bench.homes.folder() / "plain.db"
        database = plain.connect(path)
        make_tables(database)
        with timed() as watch:
            database.execute("BEGIN IMMEDIATE")
            fill(database, "organisation", "id", rows)
            fill(database, "search_organisation", "rowid", words)
            fill(database, "names_organisation", "rowid", names)
            database.execute("COMMIT")
        found = database.execute(
            "SELECT count(*) FROM search_organisation WHERE search_organisation MATCH 'surgery'"
        ).fetchone()
        check(found[0] > 0, "the floor's search finds nothing")
        database.close()
        bench.homes.forget(path)
        return watch.seconds

    yield compare("save 16,000 organisations", _REACH, bench.turns(3, 15), ours, floor)


def rows_of(kept: Sequence[dict[str, Kept]], names: Sequence[str]) -> list[tuple[Kept, ...]]:
    """Return the rows of a table with some columns, numbered from 1."""
    return [(number, *map(values.get, names)) for number, values in enumerate(kept, 1)]


def make_tables(database: sqlite3.Connection) -> None:
    """Make the floor's tables: organisations, their words, pieces of their names."""
    database.execute(table_sql(_SPEC))
    for statement in derived.statements():
        if statement.startswith(
            ('CREATE VIRTUAL TABLE "search_organisation"', 'CREATE VIRTUAL TABLE "names_organisation"',
             'CREATE VIEW "source_search_organisation"', 'CREATE VIEW "source_names_organisation"')
        ):  # fmt: skip
            is_old = sqlite3.sqlite_version_info < (3, 45)
            database.execute(
                statement.replace("trigram remove_diacritics 1", "trigram") if is_old else statement
            )


def fill(
    database: sqlite3.Connection, table: str, key: str, rows: Sequence[Sequence[object]]
) -> None:
    """Fill one of the floor's tables by multi-row inserts."""
    names = {
        "organisation": _SPEC.columns,
        "search_organisation": derived.searched(_SPEC),
        "names_organisation": derived.named(_SPEC),
    }[table]
    columns = ", ".join((key, *(quote(field.name) for field in names)))
    one = f"({','.join('?' * len(rows[0]))})"
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        part = rows[start : start + _ROWS_A_STATEMENT]
        database.execute(
            f"INSERT INTO {quote(table)}({columns}) VALUES {','.join([one] * len(part))}",
            list(chain.from_iterable(part)),
        )
