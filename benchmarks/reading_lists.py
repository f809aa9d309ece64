"""Taking in a list from a file, end to end: 16,000 organisations from CSV."""

from __future__ import annotations

import io
import random
import shutil
from collections.abc import Iterator

from benchmarks import data, plain
from benchmarks.harness import Bench, Result, check, compare, timed
from benchmarks.importing import fill, make_tables, rows_of
from liaison.exchange.csv_reading import read_csv
from liaison.exchange.csv_writing import csv_bytes
from liaison.records import Record, spec_of
from liaison.records import check as problems_of
from liaison.records.directory import Organisation
from liaison.records.values import kept_columns
from liaison.security import Cost
from liaison.services import founding, homes, importing
from liaison.services.importing.cells import CellReader
from liaison.services.importing.columns import match
from liaison.store import derived
from liaison.store.store import now

_REACH = 2.5
_COUNT = 16_000
_SPEC = spec_of(Organisation)
_FIELDS = ("name", "kind", "ods_code", "address", "postcode", "phone")
_KINDS = {"district nursing": "community nursing", "dentist": "other"}
_PASSWORD = "made up to measure"  # noqa: S105  # of a home that is deleted again
_CHEAP = Cost(memory_kib=8, passes=1, lanes=1)


def import_list(bench: Bench) -> Iterator[Result]:
    """16,000 organisations from a CSV file, against the same parse and checks and plain inserts.

    Ours looks through the file, matches every row with the home, checks it and writes it with its
    history. The floor reads the same bytes with the same reader and the same checks, and fills the
    record table and the two search indexes of a plain database by multi-row inserts.
    """
    file = _file()
    folder = bench.homes.folder() / "home"
    home, _ = founding.make_home(
        folder, name="Benchmark", person="Mo", password=_PASSWORD, cost=_CHEAP
    )
    home.close()
    again: list[int] = []

    def ours() -> float:
        copy = bench.homes.folder() / "home"
        shutil.copytree(folder, copy)
        with homes.open_home(copy, None, _PASSWORD) as opened:
            with timed() as watch:
                plan = importing.preview(opened, _SPEC.name, read_csv(io.BytesIO(file)))
                importing.carry_out(opened, plan, beside=copy.parent / "list.csv")
            for table in ("organisation", "search_organisation", "names_organisation"):
                (count,) = opened.store.connection.execute(
                    f"SELECT count(*) FROM {table}"
                ).fetchone()
                check(count == _COUNT, f"{table} does not hold every organisation")
            # every turn imports the same: one of them is looked at twice
            if not again:
                plan = importing.preview(opened, _SPEC.name, read_csv(io.BytesIO(file)))
                again.append(plan.unchanged)
                check(again == [_COUNT], "the same file again is not the same records")
        bench.homes.forget(copy)
        return watch.seconds

    def floor() -> float:
        path = bench.homes.folder() / "plain.db"
        database = plain.connect(path)
        make_tables(database)
        with homes.open_home(folder, None, _PASSWORD) as opened, timed() as watch:
            kept = [kept_columns(_SPEC, record) for record in _parsed(opened, file)]
            database.execute("BEGIN IMMEDIATE")
            fill(
                database,
                "organisation",
                "id",
                rows_of(kept, [field.name for field in _SPEC.columns]),
            )
            fill(
                database,
                "search_organisation",
                "rowid",
                rows_of(kept, [field.name for field in derived.searched(_SPEC)]),
            )
            fill(
                database,
                "names_organisation",
                "rowid",
                rows_of(kept, [field.name for field in derived.named(_SPEC)]),
            )
            database.execute("COMMIT")
        check(len(kept) == _COUNT, "the floor did not read every organisation")
        database.close()
        bench.homes.forget(path)
        return watch.seconds

    turns = bench.turns(2, 9)
    yield compare(
        "import 16,000 organisations from CSV", _REACH, turns, ours, floor, rehearsed=bench.quick
    )


def _parsed(home: homes.OpenHome, file: bytes) -> Iterator[Record]:
    """Read and check the file's rows as an import does; nothing is matched with the home."""
    sheet = read_csv(io.BytesIO(file))
    columns = match(_SPEC, next(sheet.rows).cells, has_headings=True)
    cells = CellReader(home.store, _SPEC, columns, {})
    words, today = home.store.vocabularies, now().date()
    for row in sheet.rows:
        draft = cells.draft(row)
        record = Organisation(**draft.values)  # type: ignore[arg-type]  # by name
        found = problems_of(record, find=home.store.get, vocabularies=words, today=today)
        check(not any(problem.blocks for problem in found), "a row has problems")
        yield record


def _file() -> bytes:
    chance = random.Random(3)
    rows = [[_SPEC.by_name[name].label for name in _FIELDS]]
    for number in range(_COUNT):
        made = data.organisation(chance, number)
        cells = {name: str(getattr(made, name) or "") for name in _FIELDS}
        cells["kind"] = _KINDS.get(cells["kind"], cells["kind"])
        rows.append([cells[name] for name in _FIELDS])
    return b"".join(csv_bytes(rows))
