"""Domain rule 3: a time as it is stored and shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records.rules.times import (
    from_stored,
    in_london,
    show_date,
    show_plain_date,
    show_time,
    stored_day,
    to_iso,
    to_stored,
)

BST = timezone(timedelta(hours=1))
FIRST = datetime(2026, 10, 25, 1, 30, tzinfo=BST)
SECOND = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda m: timezone(timedelta(minutes=m)))
TIMES = st.datetimes(datetime(1900, 1, 3), datetime(2200, 12, 29), timezones=OFFSETS)  # noqa: DTZ001


def test_both_half_past_ones_keep_their_order_and_look_different() -> None:
    assert to_stored(FIRST) == "2026-10-25T00:30:00Z+01:00"
    assert to_stored(SECOND) == "2026-10-25T01:30:00Z+00:00"
    assert to_stored(FIRST) < to_stored(SECOND)
    assert show_time(FIRST) == "Sun 25 Oct 2026, 01:30 BST"
    assert show_time(SECOND) == "Sun 25 Oct 2026, 01:30 GMT"
    assert to_iso(from_stored(to_stored(FIRST))) == "2026-10-25T01:30:00+01:00"
    assert to_iso(from_stored(to_stored(SECOND))) == "2026-10-25T01:30:00+00:00"


@pytest.mark.parametrize(
    ("utc", "shown"),
    [
        pytest.param("2026-11-23 14:20:59", "Mon 23 Nov 2026, 14:20", id="winter"),
        pytest.param("2026-06-01 23:30:00", "Tue 2 Jun 2026, 00:30", id="summer, past midnight"),
        pytest.param("2026-10-24 23:59:59", "Sun 25 Oct 2026, 00:59", id="just before it repeats"),
        pytest.param("2026-10-25 00:00:00", "Sun 25 Oct 2026, 01:00 BST", id="first 01:00"),
        pytest.param("2026-10-25 00:59:59", "Sun 25 Oct 2026, 01:59 BST", id="first 01:59"),
        pytest.param("2026-10-25 01:00:00", "Sun 25 Oct 2026, 01:00 GMT", id="second 01:00"),
        pytest.param("2026-10-25 01:59:59", "Sun 25 Oct 2026, 01:59 GMT", id="second 01:59"),
        pytest.param("2026-10-25 02:00:00", "Sun 25 Oct 2026, 02:00", id="just after it repeats"),
        pytest.param("2026-03-29 00:59:00", "Sun 29 Mar 2026, 00:59", id="before the spring jump"),
        pytest.param("2026-03-29 01:00:00", "Sun 29 Mar 2026, 02:00", id="after the spring jump"),
        pytest.param("2026-12-31 23:59:59", "Thu 31 Dec 2026, 23:59", id="year end"),
        pytest.param("2027-01-01 00:00:00", "Fri 1 Jan 2027, 00:00", id="midnight"),
    ],
)
def test_shown_by_the_clock_of_the_home(utc: str, shown: str) -> None:
    at = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert show_time(at) == shown
    assert show_time(at.astimezone(timezone(timedelta(hours=5, minutes=45)))) == shown


def test_dates_are_shown_in_words() -> None:
    assert show_date(date(2026, 11, 23)) == "Mon 23 Nov 2026"
    assert show_date(date(2024, 2, 29)) == "Thu 29 Feb 2024"
    assert show_plain_date(date(1931, 2, 3)) == "3 Feb 1931"


@pytest.mark.parametrize(
    ("at", "stored"),
    [
        pytest.param(
            datetime(2026, 11, 23, 14, 20, 5, 999_999, UTC), "2026-11-23T14:20:05Z+00:00", id="cut"
        ),
        pytest.param(
            datetime(2026, 1, 1, 0, 30, tzinfo=BST), "2025-12-31T23:30:00Z+01:00", id="year end"
        ),
        pytest.param(
            datetime(2026, 1, 1, 5, tzinfo=timezone(-timedelta(hours=3, minutes=30))),
            "2026-01-01T08:30:00Z-03:30",
            id="west of Greenwich",
        ),
        pytest.param(
            datetime(2026, 1, 1, 5, tzinfo=timezone(-timedelta(seconds=20))),
            "2026-01-01T05:00:20Z+00:00",
            id="offset of seconds keeps the instant",
        ),
    ],
)
def test_stored_text(at: datetime, stored: str) -> None:
    assert to_stored(at) == stored


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-10-25T00:30:00Z",
        "2026-10-25T00:30:00+01:00",
        "2026-10-25 00:30:00Z+01:00",
        "2026-10-25T00:30Z+01:00",
        "2026-10-25T00:30:00.5Z+01:00",
        "2026-10-25T00:30:00Z+0100",
        "2026-10-25T00:30:00Z+24:00",
        "2026-10-25T00:30:00Z+01:60",
        "2026-10-25T00:30:00Z-00:00",
        "2026-02-29T00:30:00Z+01:00",
        "2026-10-25T24:00:00Z+01:00",
        "2026-10-25T00:30:00Z+01:00\n",
        " 2026-10-25T00:30:00Z+01:00",
        "9999-12-31T23:30:00Z+01:00",
        "9999-12-31T23:59:59Z+00:00",
        "9999-01-01T00:00:00Z+00:00",
        "0001-01-01T00:00:00Z+00:00",
        "0001-01-01T23:59:59Z+00:00",
        "0000-01-01T00:00:00Z+00:00",
        "٢٠٢٦-10-25T00:30:00Z+01:00",
    ],
)
def test_malformed_stored_text(text: str) -> None:
    with pytest.raises(ValueError, match="is not a stored time such as"):
        from_stored(text)


def test_a_time_without_offset_is_refused() -> None:
    naive = datetime(2026, 11, 23, 14, 20)  # noqa: DTZ001
    for write in (to_stored, to_iso, show_time):
        with pytest.raises(ValueError, match="no offset"):
            write(naive)


@pytest.mark.parametrize(
    "at",
    [
        datetime.min.replace(tzinfo=BST),
        datetime.max.replace(tzinfo=timezone(-timedelta(hours=1))),
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime(1, 1, 2, 0, 30, tzinfo=BST),
        datetime(9998, 12, 31, 23, 30, tzinfo=timezone(-timedelta(hours=1))),
    ],
)
def test_the_edge_of_the_calendar_is_a_plain_error(at: datetime) -> None:
    with pytest.raises(ValueError, match="outside the calendar"):
        to_stored(at)


@pytest.mark.parametrize("kept", ["0001-01-02T00:00:00Z", "9998-12-31T23:59:59Z"])
@pytest.mark.parametrize("offset", ["+00:00", "+23:59", "-23:59"])
def test_what_is_kept_can_be_shown_and_counted_on_from(kept: str, offset: str) -> None:
    at = from_stored(kept + offset)
    assert to_stored(at) == kept + offset
    assert show_time(at)
    assert in_london(at + timedelta(weeks=40)) > in_london(at)


@given(TIMES)
def test_stored_round_trip(at: datetime) -> None:
    stored = to_stored(at)
    again = from_stored(stored)
    assert again == at.replace(microsecond=0)
    assert again.utcoffset() == at.utcoffset()
    assert to_stored(again) == stored
    assert datetime.fromisoformat(to_iso(again)) == again


@given(TIMES, TIMES)
def test_stored_text_sorts_by_instant(one: datetime, other: datetime) -> None:
    one, other = one.replace(microsecond=0), other.replace(microsecond=0)
    if one < other:
        assert to_stored(one) < to_stored(other)
    elif one > other:
        assert to_stored(one) > to_stored(other)


@given(st.datetimes(datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 4), timezones=st.just(UTC)))  # noqa: DTZ001
def test_minutes_of_the_long_night_are_told_apart(at: datetime) -> None:
    assert show_time(at) != show_time(at + timedelta(hours=1))


def test_the_day_of_a_stored_time_is_the_one_on_the_homes_wall() -> None:
    assert stored_day("2026-11-23") == date(2026, 11, 23)
    assert stored_day("2026-11-23T23:30:00Z+00:00") == date(2026, 11, 23)
    assert stored_day("2026-06-23T22:30:00Z+01:00") == date(2026, 6, 23)
    assert stored_day("2026-06-23T23:30:00Z+01:00") == date(2026, 6, 24)
    # written elsewhere, by another clock
    assert stored_day("2026-06-23T23:30:00Z-05:00") == date(2026, 6, 24)
    with pytest.raises(ValueError, match="not-a-date"):
        stored_day("not-a-date")
