"""Lists: a page costs the same whether a home is new or twenty years old."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from benchmarks import homes
from benchmarks.harness import Bench, Result, check, compare, seconds_of
from liaison.services.timeline import counts, has_any, who
from liaison.services.timeline import page as told_page
from liaison.store.query import PAGE, Query, page, timeline

if TYPE_CHECKING:
    from liaison.store.store import Store

_REACH = 1.3
_TODAY = dt.date(2024, 12, 29)
_VISITS = Query("visit", order_by="at")


def page_of_visits(bench: Bench) -> Iterator[Result]:
    """The two newest pages of visits with 200,000 notes, against the same with 2,000.

    The floor is our own code on a home a hundredth of the size that has as many residents and
    fills its pages just as well.
    """
    yield _both(bench, "a page of visits, 200k entries", _visits)


def timeline_of_resident(bench: Bench) -> Iterator[Result]:
    """The newest page of every resident's timeline with 200,000 notes, against the same with 2,000.

    That is about 6,000 entries of each resident against 60; then with everything that the first
    screen shows: the page in words, the counts of the last three months, and who it is.
    """
    yield _both(bench, "a resident's timeline, 200k entries", _timelines)
    yield _both(bench, "a resident's first screen, 200k entries", _first_screens)


def _visits(store: Store, _home: homes.Home) -> int:
    first = page(store, _VISITS)
    second = page(store, _VISITS, first.next)
    moments = [record.id for record in (*first.records, *second.records)]
    check(moments == sorted(moments, key=lambda i: -(i or 0)), "the visits are not newest first")
    return len(moments)


def _timelines(store: Store, home: homes.Home) -> int:
    shown = 0
    for resident in home.residents:
        items, _ = timeline(store, resident)
        shown += len(items)
    return shown


def _first_screens(store: Store, home: homes.Home) -> int:
    shown = 0
    for resident in home.residents[:8]:
        told = told_page(store, resident, _TODAY)
        # both homes have had as many in their last months as the page shows
        counts(store, resident, _TODAY - dt.timedelta(days=9))
        check(has_any(store, resident), "nothing happened")
        check(who(store, resident), "nobody is named")
        shown += len(told.items)
    return shown


def _both(bench: Bench, name: str, work: Callable[[Store, homes.Home], int]) -> Result:
    large, small = bench.homes.of(homes.LARGE), bench.homes.of(homes.SMALL)
    with large.open() as many, small.open() as few:
        full = work(many, large)
        check(full >= 2 * PAGE, "a page is not full")
        check(work(few, small) == full, "the two homes do not show as much")
        return compare(
            name,
            _REACH,
            bench.turns(200, 600) if work is _visits else bench.turns(30, 100),
            lambda: seconds_of(lambda: work(many, large)),
            lambda: seconds_of(lambda: work(few, small)),
        )
