"""Opening a home: from the key to the first page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING

from benchmarks import homes, plain
from benchmarks.harness import Bench, Result, check, compare, seconds_of
from liaison.store import derived
from liaison.store.query import PAGE, Query, page
from liaison.store.rows import column_list

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.store.store import Store

_REACH = 3
_FIRST = Query("visit", order_by="at")


def open_and_show(bench: Bench) -> Iterator[Result]:
    """Open a home of 200,000 notes and read its first page of visits, key derivation apart.

    The floor opens the very same database, every table, index and trigger of it, copied without
    encryption, and runs the same query. It sets nothing but the write-ahead log and FULL, checks
    nothing and gives rows, not records.
    """
    home = bench.homes.of(homes.LARGE)
    plain_path = bench.homes.folder() / "plain.db"
    with home.open() as store:
        _copy_plain(store, plain_path)
    query = (
        f"SELECT {column_list('visit')} FROM visit WHERE at IS NOT NULL "
        "AND archived IS NOT 1 AND merged_into IS NULL ORDER BY at DESC, id DESC LIMIT ?"
    )
    with home.open() as store:
        newest = [record.id for record in page(store, _FIRST).records]

    def ours() -> float:
        opened: list[Store] = []
        shown: list[int | None] = []
        # a program that starts has not yet worked out what search and guards should be
        derived.statements.cache_clear()
        derived.fingerprint.cache_clear()

        def work() -> None:
            opened.append(home.open())
            shown.extend(record.id for record in page(opened[0], _FIRST).records)

        seconds = seconds_of(work)
        opened[0].close()
        check(shown == newest, "the first page is not the newest visits")
        return seconds

    def floor() -> float:
        opened: list[sqlite3.Connection] = []
        shown: list[int] = []

        def work() -> None:
            opened.append(plain.connect(plain_path))
            shown.extend(row[0] for row in opened[0].execute(query, (PAGE + 1,)).fetchall())

        seconds = seconds_of(work)
        opened[0].close()
        check(shown[:PAGE] == newest, "the floor does not show the same page")
        return seconds

    yield compare("open a home and show the first page", _REACH, bench.turns(60, 200), ours, floor)


def _copy_plain(store: Store, path: Path) -> None:
    # SQLCipher's own way out; the copy holds made-up people only
    store.connection.execute("ATTACH DATABASE ? AS plain KEY ''", (str(path),))
    store.connection.execute("SELECT sqlcipher_export('plain')").fetchall()
    store.connection.execute("DETACH DATABASE plain")
    counts = "SELECT count(*) FROM sqlite_master"
    copy = sqlite3.connect(path)
    same = copy.execute(counts).fetchone() == store.connection.execute(counts).fetchone()
    copy.close()
    check(same, "the floor has not the same tables")
