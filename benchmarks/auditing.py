"""The audit: a page of the whole log costs what its rows cost, whatever the log's length."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks import homes
from benchmarks.harness import Bench, Result, check, compare, seconds_of
from liaison.services import audit as words
from liaison.store import audit
from liaison.store.audit import Asked

if TYPE_CHECKING:
    from liaison.store.store import Store

_REACH: Final = 1.3
_PAGE: Final = 100
_PLAIN: Final = (
    "SELECT u.id, c.stamp, c.type, c.rec, c.op, c.fields, c.over, u.at, u.person, r.pc, u.reason, "
    "u.kind, u.batch FROM unit AS u "
    "CROSS JOIN change AS c ON c.stamp BETWEEN u.id AND u.last AND +c.unit = u.id "
    "CROSS JOIN replica AS r ON r.tag = u.tag {} ORDER BY u.id DESC, c.stamp DESC LIMIT 100"
)
_AFTER: Final = "WHERE u.id <= ? AND (u.id < ? OR c.stamp < ?)"


def page_of_audit(bench: Bench) -> Iterator[Result]:
    """Two pages of the audit over 220,000 changes, against plain SQL that reads the same rows.

    The floor sends the statement and fetches its rows, the second page by the same key. Ours also
    builds the statement from what was asked and makes an entry of each row. Beside it, without an
    aim: the same page in words (titles of records, each field before and after), and a page of one
    old month, which has to be walked to.
    """
    home = bench.homes.of(homes.LARGE)
    with home.open() as store:
        plain = _plain(store)
        first = audit.page(store, Asked(), limit=_PAGE)
        second = audit.page(store, Asked(), after=first.next, limit=_PAGE)
        ours = [tuple(entry) for entry in (*first.entries, *second.entries)]
        check(ours == plain and len(ours) == 2 * _PAGE, "ours are not the same rows")

        def both() -> None:
            page = audit.page(store, Asked(), limit=_PAGE)
            audit.page(store, Asked(), after=page.next, limit=_PAGE)

        yield compare(
            "a page of the audit, 220k changes", _REACH, bench.turns(200, 600),
            lambda: seconds_of(both), lambda: seconds_of(lambda: _plain(store)),
        )  # fmt: skip
        yield from _beside(bench, store)


def _plain(store: Store) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = store.connection.execute(_PLAIN.format("")).fetchall()
    unit, stamp = rows[-1][:2]
    more = store.connection.execute(_PLAIN.format(_AFTER), (unit, unit, stamp)).fetchall()
    return rows + list(more)


def _beside(bench: Bench, store: Store) -> Iterator[Result]:
    start = dt.datetime(2006, 3, 1, tzinfo=dt.UTC)
    month = Asked(start=start, end=start + dt.timedelta(days=31))
    works: tuple[tuple[str, Callable[[], object]], ...] = (
        ("the same page in words", lambda: words.lines(store, Asked(), limit=_PAGE)),
        ("a page of a month 19 years ago", lambda: words.lines(store, month, limit=_PAGE)),
    )
    for name, work in works:
        turns = bench.turns(5, 20)
        yield Result(name, median(seconds_of(work) for _ in range(turns)))
