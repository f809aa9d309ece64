"""What staff have learned, in and out: a training matrix as homes keep it, the workforce return."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import random
import shutil
import warnings
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Final

from benchmarks import data, plain
from benchmarks.harness import Bench, Result, check, compare, seconds_of, timed
from liaison.exchange import workforce
from liaison.exchange.matrix_reading import read_matrix
from liaison.records.home import Staff
from liaison.records.training import Course, TrainingRecord
from liaison.security import Cost
from liaison.services import founding, homes
from liaison.services.homes import OpenHome
from liaison.services.importing.matrix import (
    MatrixPlan,
    MatrixWishes,
    carry_out_matrix,
    preview_matrix,
)
from liaison.services.workforce import write_return
from liaison.store.store import collector_paused

if TYPE_CHECKING:
    from pathlib import Path

_IN_REACH: Final = 3.0
_OUT_REACH: Final = 2.0
_PEOPLE, _COURSES = 100, 40
_RECORDS: Final = 12_000
_TYPED: Final = 0.5
_FIRST: Final = dt.date(2024, 1, 1)
_DAYS: Final = 600
_PASSWORD: Final = "made up to measure"  # noqa: S105  # of a home that is deleted again
_CHEAP: Final = Cost(memory_kib=8, passes=1, lanes=1)


def import_matrix(bench: Bench) -> Iterator[Result]:
    """A matrix of 100 people and 40 courses: read, understood and checked, then saved.

    The floor reads the same workbook with openpyxl in its quick way, every value once. The first
    line is all that somebody waits for before they say yes; the second is the whole, with 4,000
    records saved, signed and in the history.
    """
    with closing(_home(bench)) as home:
        file = _workbook(*_staff_and_courses(home))
        pattern = home.folder

        def look() -> float:
            with timed() as watch:
                plan = _planned(home, file)
            check(plan.rejected == (), "a cell was refused")
            return watch.seconds

        size = f"{_PEOPLE} x {_COURSES}"
        floor = partial(seconds_of, partial(_plain, file))
        turns = bench.turns(9, 31)
        yield compare(f"look through a training matrix, {size}", _IN_REACH, turns, look, floor)

    def whole() -> float:
        folder = bench.homes.folder() / "home"
        # the same matrix twice adds nothing
        shutil.copytree(pattern, folder)
        with closing(homes.open_home(folder, None, _PASSWORD)) as opened, timed() as watch:
            plan = _planned(opened, file)
            carry_out_matrix(opened, plan, folder.parent / "matrix.xlsx")
        return watch.seconds

    yield compare(f"import a training matrix, {size}", _IN_REACH, turns, whole, floor)


def _planned(home: OpenHome, file: bytes) -> MatrixPlan:
    with collector_paused():
        matrix = read_matrix(io.BytesIO(file))
    plan = preview_matrix(home, matrix, MatrixWishes())
    check(len(plan.births) == _PEOPLE * _COURSES, "a cell is missing")
    return plan


def _plain(file: bytes) -> int:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(file), read_only=True, data_only=True)
        count = sum(1 for row in book.worksheets[0].iter_rows(values_only=True) for _ in row)
    check(count > _PEOPLE * _COURSES, "the floor lost a cell")
    return count


def write_workforce_return(bench: Bench) -> Iterator[Result]:
    """The workforce return of 12,000 training records, checked line by line and written.

    The floor reads the same records from a plain database, with the names joined to them, and
    writes them as they lie there with Python's csv writer: no code, no day of expiry, no check.
    """
    with closing(_home(bench)) as home:
        _fill(home)
        plain_file = _plain_copy(bench, home)
        file = home.folder.parent / "return.csv"

        def ours() -> float:
            with timed() as watch:
                made = write_return(home, file).made
            check((len(made.lines), made.left_out) == (_RECORDS, ()), "a record is missing")
            return watch.seconds

        def floor() -> float:
            with timed() as watch:
                _write_plain(plain_file, file.with_name("plain.csv"))
            return watch.seconds

        yield compare(
            f"workforce return of {_RECORDS:,} records", _OUT_REACH, bench.turns(9, 31), ours, floor
        )


def _write_plain(database: Path, file: Path) -> None:
    connection = plain.connect(database)
    rows = connection.execute(
        "SELECT h.workforce_reference, s.worker_reference, c.category, c.name, t.accredited, "
        "t.delivered_by, '', t.delivery, c.refresh_months, t.completed, t.expires, t.notes "
        "FROM training_record t JOIN staff s ON s.id = t.staff JOIN course c ON c.id = t.course, "
        "home h ORDER BY t.staff, t.completed"
    ).fetchall()
    check(len(rows) == _RECORDS, "the floor lost a record")
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(workforce.HEADER)
        writer.writerows(rows)
    connection.close()


def _home(bench: Bench) -> OpenHome:
    folder = bench.homes.folder() / "home"
    return founding.make_home(
        folder, name="Willow House", person="Kate Morgan", password=_PASSWORD, cost=_CHEAP
    )[0]


def _staff_and_courses(home: OpenHome) -> tuple[list[str], list[str]]:
    chance = random.Random(8)
    names = [f"{data.person_name(chance)} {_words(number)}" for number in range(_PEOPLE)]
    courses = [f"Course {_words(number)}" for number in range(_COURSES)]
    with home.unit("who and what") as unit:
        for number, name in enumerate(names):
            unit.add(Staff(name=name, job_role="nurse", worker_reference=f"W{number}"))
        for name in courses:
            unit.add(Course(name=name, category="6", refresh_months=12))
    return names, courses


def _words(number: int) -> str:
    """Return a number as letters: a name with digits is none."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}").capitalize()


def _workbook(names: list[str], courses: list[str]) -> bytes:
    from openpyxl import Workbook

    chance = random.Random(9)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Matrix")
    sheet.append(["Name", "Job title", *courses])
    for name in names:
        first, _, last = name.partition(" ")
        days = [_FIRST + dt.timedelta(days=chance.randrange(_DAYS)) for _ in courses]
        # half of them typed, as people do
        cells = [
            day if chance.random() < _TYPED else f"{day.day}/{day.month}/{day:%y}" for day in days
        ]
        sheet.append([f"{last}, {first}", "Nurse", *cells])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _fill(home: OpenHome) -> None:
    chance = random.Random(10)
    _staff_and_courses(home)
    loaded = home.store.the("home")
    assert loaded is not None  # every home has its own record
    staff = _ids(home, "staff")
    courses = _ids(home, "course")
    with home.unit("what they learned") as unit:
        unit.start_batch()
        unit.save(loaded, dataclasses.replace(loaded.record, workforce_reference="WH1"))  # type: ignore[call-arg]  # a home has it
        for number in range(_RECORDS):
            unit.add(
                TrainingRecord(
                    staff=chance.choice(staff), course=chance.choice(courses),
                    completed=dt.date(2008, 1, 1) + dt.timedelta(days=number // 2),
                    accredited=chance.choice(("yes", "no", "unknown")),
                    delivered_by=chance.choice(("in house", "external", None)),
                    delivery=chance.choice(("face to face", "e-learning")),
                    notes=chance.choice((None, None, None, "Certificate in the office")),
                )
            )  # fmt: skip


def _ids(home: OpenHome, table: str) -> list[int]:
    return [row[0] for row in home.store.connection.execute(f"SELECT id FROM {table}")]


def _plain_copy(bench: Bench, home: OpenHome) -> Path:
    """Copy the four tables the return is made of to a plain database."""
    path = bench.homes.folder() / "plain.db"
    database = plain.connect(path)
    for name in ("home", "staff", "course", "training_record"):
        rows = home.store.connection.execute(f"SELECT * FROM {name}").fetchall()
        columns = [row[1] for row in home.store.connection.execute(f"PRAGMA table_info({name})")]
        database.execute(f"CREATE TABLE {name} ({', '.join(columns)}, PRIMARY KEY (id))")
        marks = ",".join("?" * len(columns))
        database.executemany(f"INSERT INTO {name} VALUES ({marks})", [tuple(row) for row in rows])
    if database.in_transaction:
        database.execute("COMMIT")
    database.close()
    return path
