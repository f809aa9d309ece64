"""Files from elsewhere: the NHS's list of practices, contacts with their duplicates, workbooks."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from statistics import median
from typing import Any

from benchmarks import plain
from benchmarks.harness import Bench, Result, check, compare, percentile, seconds_of, timed
from liaison.exchange.csv_reading import read_csv
from liaison.exchange.csv_writing import csv_bytes
from liaison.exchange.xlsx_reading import read_xlsx
from liaison.security import Cost
from liaison.services import founding, homes, importing, ods
from liaison.services.homes import OpenHome
from liaison.store.ods import number_of

_LOAD_REACH = 3.0
_FIND_REACH = 1.5
_LINEAR_REACH = 1.3
_WORKBOOK_REACH = 1.5
_PRACTICES = 16_685
_FEW, _MANY = 1_000, 5_000
_WORKBOOK_ROWS = 10_000
_LIMIT = 20
_P95 = 0.95
_PASSWORD = "made up to measure"  # noqa: S105  # of a home that is deleted again
_CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
_FIRST = ("Sarah", "John", "Margaret", "Ann", "Tom", "Priya", "Ewan", "Grace", "Ola", "Wei", "Jo")
_LAST = ("Patel", "Smith", "Jones", "Ellis", "Hill", "Okafor", "Nowak", "Lee", "Brown", "Day")
_NAMES = ("PRIORY", "ABBEY", "MILL LANE", "MOOR HOUSE", "RIVERSIDE", "ST MARY'S", "THE CROSS",
          "PARK VIEW", "HIGH STREET", "OLD SCHOOL")  # fmt: skip
_TOWNS = ("FROME", "WELLS", "TAUNTON", "BATH", "YEOVIL", "BRIDGWATER", "EXETER", "TRURO")
_TYPED = ("pri", "priory su", "abbey wells", "ba1", "ta1 2", "moor house sur", "st ma", "riv",
          "park view exe", "mill lane", "l100", "bs16 4a", "high street tau", "old sch")  # fmt: skip


def load_practices(bench: Bench) -> Iterator[Result]:
    """The whole list of practices: loaded, and found in while somebody types.

    Loading's floor parses the same bytes with Python's csv reader and inserts ten columns of every
    line into one table of a plain database, in one transaction; ours also recognises the file,
    checks every line and makes the index. Finding's floor is the bare query of that index on the
    same encrypted connection: the numbers of the lines in the index's order.
    """
    file = _practices()
    with closing(_home(bench)) as home:

        def ours() -> float:
            with timed() as watch:
                done = ods.load(home, io.BytesIO(file))
            check(done.lines == _PRACTICES, "a line is missing")
            return watch.seconds

        def floor() -> float:
            path = bench.homes.folder() / "plain.db"
            database = plain.connect(path)
            database.execute(f"CREATE TABLE practice ({', '.join(f'c{n}' for n in range(10))})")
            with timed() as watch:
                rows = csv.reader(io.StringIO(file.decode(), newline=""))
                database.execute("BEGIN IMMEDIATE")
                database.executemany(
                    "INSERT INTO practice VALUES (?,?,?,?,?,?,?,?,?,?)",
                    (
                        (r[0], r[1], "\n".join(r[4:9]), r[9], r[17], r[12], r[25], r[10], r[11],
                         r[14])
                        for r in rows
                    ),
                )  # fmt: skip
                database.execute("COMMIT")
            (count,) = database.execute("SELECT count(*) FROM practice").fetchone()
            check(count == _PRACTICES, "the floor lost a line")
            database.close()
            bench.homes.forget(path)
            return watch.seconds

        yield compare(
            f"load {_PRACTICES:,} NHS practices", _LOAD_REACH, bench.turns(7, 21), ours, floor
        )
        yield _finding(bench, home)


def _finding(bench: Bench, home: OpenHome) -> Result:
    for typed in ("priory su", "ta1 2", "l100"):
        mine, theirs = _found(home, typed), _bare(home, typed)
        check(mine, f"{typed!r} found nothing")
        check([*map(number_of, mine)] == [row[0] for row in theirs], f"{typed!r}: not the same")
    rounds: list[tuple[list[float], list[float]]] = []
    for _ in range(1 + bench.turns(9, 31)):
        mine_took: list[float] = []
        theirs_took: list[float] = []
        # key by key, as it is typed
        keys = [typed[:end] for typed in _TYPED for end in range(2, len(typed) + 1)]
        for number, typed in enumerate(keys):
            if number % 2:
                mine_took.append(seconds_of(partial(_found, home, typed)))
                theirs_took.append(seconds_of(partial(_bare, home, typed)))
            else:
                theirs_took.append(seconds_of(partial(_bare, home, typed)))
                mine_took.append(seconds_of(partial(_found, home, typed)))
        rounds.append((mine_took, theirs_took))
    pairs = [(percentile(m, _P95), percentile(t, _P95)) for m, t in rounds[1:]]
    return Result(
        "find a practice while typing, p95",
        median(m for m, _ in pairs),
        median(t for _, t in pairs),
        median(m / t for m, t in pairs),
        _FIND_REACH,
    )


def _found(home: OpenHome, typed: str) -> list[Any]:
    return [*ods.search(home.store, typed, _LIMIT)]


def _bare(home: OpenHome, typed: str) -> list[Any]:
    words = " ".join(f'"{word}"*' for word in typed.replace("'", " ").split())
    found: list[Any] = home.store.connection.execute(
        "SELECT rowid FROM ods_words WHERE ods_words MATCH ? ORDER BY rowid LIMIT ?",
        (words, _LIMIT),
    ).fetchall()
    return found


def import_contacts(bench: Bench) -> Iterator[Result]:
    """5,000 contacts with their posts, compared with a home that knows half of them already.

    The floor is the same with 1,000, times five: time that grows with the rows alone has the ratio
    1. A tenth of the rows are alike to another: the same phone, or a name with a slip in it.
    """
    kept = {count: _filled(bench, count) for count in (_FEW, _MANY)}

    def took(count: int) -> float:
        file, folder = kept[count]
        with homes.open_home(folder, None, _PASSWORD) as opened:
            with timed() as watch:
                plan = importing.preview(opened, "contact", read_csv(io.BytesIO(file)))
            check(plan.added + plan.unchanged == count, "a row is missing")
            check(len(plan.suggestions) >= count // 20, "nobody looks alike")
            check(plan.unchanged >= count // 3, "nobody is known")
        return watch.seconds

    yield compare(
        f"import {_MANY:,} contacts, duplicates found",
        _LINEAR_REACH,
        bench.turns(3, 9),
        lambda: took(_MANY),
        lambda: took(_FEW) * (_MANY / _FEW),
    )


def _filled(bench: Bench, count: int) -> tuple[bytes, Any]:
    """Return a list, and a home that knows the first half of it."""
    rows = _contacts(count)
    folder = bench.homes.folder() / "home"
    made, _ = founding.make_home(
        folder, name="Benchmark", person="Mo", password=_PASSWORD, cost=_CHEAP
    )
    with made:
        half = b"".join(csv_bytes(rows[: count // 2 + 1]))
        plan = importing.preview(made, "contact", read_csv(io.BytesIO(half)))
        importing.carry_out(made, plan, beside=folder.parent / "list.csv")
    return b"".join(csv_bytes(rows)), folder


def _contacts(count: int) -> list[list[str]]:
    chance = random.Random(11)
    rows = [["Name", "Phone", "Mobile", "E-mail", "Role"]]
    for number in range(count):
        first, last = chance.choice(_FIRST), chance.choice(_LAST)
        name = f"{first} {_letters(number)} {last}"
        phone, mobile = f"01823 {number // 8:06}", f"07700 {number:06}"
        email = f"{first}.{number}@example.org".lower()
        if number % 10 == 9:  # noqa: PLR2004  # the tenth is like the one three rows above
            earlier = rows[-3]
            name, mobile, email = earlier[0].replace("a", "e"), earlier[2], ""
        rows.append([name, phone, mobile, email, "GP"])
    return rows


def _letters(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in range(4)).capitalize()


def read_workbook(bench: Bench) -> Iterator[Result]:
    """10,000 rows of ten cells from a workbook, against the library alone.

    Ours refuses what is not safe first, looks for joined cells, and gives every cell as the text
    somebody would type; the floor asks the library for the same values and does nothing with them.
    """
    file = _workbook()

    def ours() -> float:
        with timed() as watch:
            count = sum(1 for _ in read_xlsx(file).rows)
        check(count == _WORKBOOK_ROWS, "a row is missing")
        return watch.seconds

    def floor() -> float:
        import openpyxl

        with timed() as watch:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            count = sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))
        check(count == _WORKBOOK_ROWS, "the floor lost a row")
        return watch.seconds

    yield compare(
        f"read {_WORKBOOK_ROWS:,} rows of a workbook",
        _WORKBOOK_REACH,
        bench.turns(2, 9),
        ours,
        floor,
        rehearsed=bench.quick,
    )


def _workbook() -> io.BytesIO:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Contacts")
    for number in range(_WORKBOOK_ROWS):
        sheet.append(
            [f"Name {number}", f"Surgery {number % 90}", 1632960000 + number, "GP", number, 1.5,
             None, "x", True, f"person.{number}@example.org"]
        )  # fmt: skip
    file = io.BytesIO()
    book.save(file)
    return file


def _home(bench: Bench) -> OpenHome:
    folder = bench.homes.folder() / "home"
    return founding.make_home(
        folder, name="Benchmark", person="Mo", password=_PASSWORD, cost=_CHEAP
    )[0]


def _practices() -> bytes:
    chance = random.Random(5)
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for number in range(_PRACTICES):
        cells = [""] * 27
        cells[0], cells[1] = f"L{number:05}", f"{chance.choice(_NAMES)} SURGERY {number % 70}"
        cells[2], cells[3] = "Y58", "QSL"
        cells[4:9] = ["THE SURGERY", f"{number % 90} MILL LANE", "", chance.choice(_TOWNS), "AVON"]
        area = chance.choice(("BA", "TA", "BS", "EX"))
        cells[9] = f"{area}{chance.randrange(1, 30)} {chance.randrange(10)}AB"
        cells[10], cells[12] = "19740401", chance.choice("AAAC")
        cells[13], cells[14], cells[15], cells[17] = "B", "11X", "20130401", f"01823 {number:06}"
        cells[25] = chance.choice(("4", "4", "4", "9"))
        writer.writerow(cells)
    return text.getvalue().encode()
