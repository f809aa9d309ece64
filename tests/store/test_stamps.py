"""A stamp rises whatever the clock says, fits 63 bits, and tells its replica and its moment."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.store import stamps
from liaison.store.stamps import LARGEST, MOST_TAGS, Stamper, tag_of
from tests.store.conftest import START, FakeClock

moments = st.datetimes(
    min_value=dt.datetime(1900, 1, 1),  # noqa: DTZ001  # the zone is given beside it
    max_value=dt.datetime(2300, 1, 1),  # noqa: DTZ001  # the zone is given beside it
    timezones=st.just(dt.UTC),
)


def moment_of(stamp: int) -> dt.datetime:
    milliseconds = stamp >> stamps.TAG_BITS + stamps.COUNTER_BITS
    return dt.datetime.fromtimestamp(milliseconds / 1000, tz=dt.UTC)


tags = st.integers(0, MOST_TAGS - 1)


@given(tags, st.lists(st.tuples(moments, st.integers(0, 2**61)), max_size=30))
def test_a_stamp_is_above_all_given_and_all_seen_whatever_the_clock_says(
    tag: int, steps: list[tuple[dt.datetime, int]]
) -> None:
    clock = FakeClock()
    highest = 0
    for now, seen in steps:
        clock.now = now
        highest = max(highest, seen)
        stamp = Stamper(tag, highest, clock).next()
        assert highest < stamp <= LARGEST
        assert tag_of(stamp) == tag
        highest = stamp


@pytest.mark.parametrize("tag", [0, 1, 4711, MOST_TAGS - 1])
def test_a_stamp_tells_its_replica_and_its_moment(tag: int) -> None:
    clock = FakeClock(START + dt.timedelta(milliseconds=123))
    stamp = Stamper(tag, 0, clock).next()
    assert tag_of(stamp) == tag
    assert moment_of(stamp) == clock.now


def test_stamps_of_one_moment_differ_and_rise() -> None:
    stamper = Stamper(5, 0, FakeClock())
    given = [stamper.next() for _ in range(1_000)]
    assert given == sorted(set(given))
    # a full counter runs over into the milliseconds
    assert moment_of(given[0]) == START
    assert moment_of(given[-1]) == START + dt.timedelta(milliseconds=999 // 64)


def test_stamps_go_on_with_the_clock() -> None:
    clock = FakeClock()
    stamper = Stamper(5, 0, clock)
    stamper.next()
    clock.now = START + dt.timedelta(hours=1)
    assert moment_of(stamper.next()) == clock.now


def test_a_later_moment_gives_a_higher_stamp_on_any_replica() -> None:
    earlier = Stamper(MOST_TAGS - 1, 0, FakeClock(START)).next()
    later = Stamper(0, 0, FakeClock(START + dt.timedelta(milliseconds=1))).next()
    assert earlier < later


@pytest.mark.parametrize("year", [1, 1900, 1969, 2200, 2250, 9999])
def test_a_clock_outside_of_1970_to_2199_is_ignored(year: int) -> None:
    clock = FakeClock(START)
    stamper = Stamper(5, 0, clock)
    first = stamper.next()
    clock.now = START.replace(year=year)
    assert stamper.next() == first + (1 << stamps.TAG_BITS)


def test_the_last_moment_that_counts_fits_and_leaves_room() -> None:
    clock = FakeClock(dt.datetime(2199, 12, 31, 23, 59, 59, 999_000, tzinfo=dt.UTC))
    stamp = Stamper(MOST_TAGS - 1, 0, clock).next()
    assert moment_of(stamp) == clock.now
    # 48 years of milliseconds are left for whoever saw it
    assert LARGEST - stamp > 48 * 365 * 86_400_000 << stamps.TAG_BITS + stamps.COUNTER_BITS


def test_the_smallest_stamp_is_above_none() -> None:
    assert Stamper(0, 0, FakeClock(dt.datetime(1970, 1, 1, tzinfo=dt.UTC))).next() > 0
