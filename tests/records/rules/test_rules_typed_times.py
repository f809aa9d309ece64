"""Domain rule 3: dates and times as people type them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records.rules.times import parse_date, parse_time, show_date, show_time, to_iso

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 14, 20, 30, 500, UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("2026-1-5", date(2026, 1, 5)),
        ("23/11/2026", date(2026, 11, 23)),
        ("3/2/2026", date(2026, 2, 3)),
        ("23.11.2026", date(2026, 11, 23)),
        ("23/11/26", date(2026, 11, 23)),
        ("03/02/30", date(2030, 2, 3)),
        ("03/02/31", date(1931, 2, 3)),
        ("03/02/99", date(1999, 2, 3)),
        ("03/02/00", date(2000, 2, 3)),
        ("23 Nov 2026", date(2026, 11, 23)),
        ("23 november 2026", date(2026, 11, 23)),
        ("23rd November 2026", date(2026, 11, 23)),
        ("1 Sept 2026", date(2026, 9, 1)),
        ("3 Feb 31", date(1931, 2, 3)),
        ("Mon 23 Nov 2026", date(2026, 11, 23)),
        ("Monday, 23 November 2026", date(2026, 11, 23)),
        ("Wed 25 Nov 2026", date(2026, 11, 25)),
        ("Thurs 26 Nov 2026", date(2026, 11, 26)),
        ("  TODAY ", date(2026, 11, 23)),
        ("yesterday", date(2026, 11, 22)),
        ("tomorrow", date(2026, 11, 24)),
        ("-30d", date(2026, 10, 24)),
        ("\N{MINUS SIGN}30d", date(2026, 10, 24)),
        ("+7d", date(2026, 11, 30)),
        ("+0d", date(2026, 11, 23)),
        ("29/02/2024", date(2024, 2, 29)),
        ("01/01/1900", date(1900, 1, 1)),
        ("31/12/2200", date(2200, 12, 31)),
    ],
)
def test_dates(text: str, day: date) -> None:
    assert parse_date(text, today=TODAY) == day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31/02/2026", "no day 31 in month 2 of 2026"),
        ("29/02/2026", "no day 29 in month 2 of 2026"),
        ("11/23/2026", "no day 11 in month 23"),
        ("2026-13-01", "no day 1 in month 13"),
        ("00/01/2026", "no day 0"),
        ("31/12/1899", "1899 is not between 1900 and 2200"),
        ("01/01/2201", "2201 is not between 1900 and 2200"),
        ("23/11/0026", "26 is not between"),
        ("-200000d", "not between 1900 and 2200"),
        ("+999999d", "not between 1900 and 2200"),
        ("-999999d", "outside the calendar"),
        ("Tue 23 Nov 2026", "That date is a Monday"),
        ("23 Nob 2026", "“nob” is not a month"),
        ("23 Mayo 2026", "“mayo” is not a month"),
        ("", "The date is empty"),
        ("23/11", "not a date"),
        ("23/11/202", "not a date"),
        ("23/11-2026", "not a date"),
        ("20261123", "not a date"),
        ("30d", "not a date"),
        ("next week", "not a date"),
        ("٢٣/11/2026", "not a date"),
        ("23/11/2026\x00", "not a date"),
    ],
)
def test_dates_that_are_none(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        parse_date(text, today=TODAY)
    for spelling in ("2026-11-23", "23/11/2026", "23 Nov 2026", "today", "-30d", "+7d"):
        assert spelling in str(caught.value)


def test_plus_days_can_run_off_the_calendar() -> None:
    with pytest.raises(ValueError, match="outside the calendar"):
        parse_date("+1d", today=date.max)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-11-23 14:20", "2026-11-23T14:20:00+00:00"),
        ("2026-11-23T14:20", "2026-11-23T14:20:00+00:00"),
        ("23/11/2026 14:20", "2026-11-23T14:20:00+00:00"),
        ("23/11/2026, 9:05", "2026-11-23T09:05:00+00:00"),
        ("23 Nov 2026 14:20:30", "2026-11-23T14:20:30+00:00"),
        ("Mon 23 Nov 2026, 14:20", "2026-11-23T14:20:00+00:00"),
        ("23/06/2026 14:20", "2026-06-23T14:20:00+01:00"),
        ("23/06/2026 14:20 BST", "2026-06-23T14:20:00+01:00"),
        ("now", "2026-11-23T14:20:30+00:00"),
        ("today 14:20", "2026-11-23T14:20:00+00:00"),
        ("Yesterday 23:59", "2026-11-22T23:59:00+00:00"),
        ("-30d 08:00", "2026-10-24T08:00:00+01:00"),
        ("2026-11-23T14:20:30Z", "2026-11-23T14:20:30+00:00"),
        ("2026-11-23T14:20:30.123456Z", "2026-11-23T14:20:30+00:00"),
        ("2026-06-23T14:20Z", "2026-06-23T15:20:00+01:00"),
        ("2026-06-23 14:20 UTC", "2026-06-23T15:20:00+01:00"),
        ("2026-06-23T14:20:00+01:00", "2026-06-23T14:20:00+01:00"),
        ("2026-06-23T14:20:00+0530", "2026-06-23T09:50:00+01:00"),
        ("2026-06-23T14:20:00-05:00", "2026-06-23T20:20:00+01:00"),
        ("2026-11-23 00:00", "2026-11-23T00:00:00+00:00"),
    ],
)
def test_times(text: str, iso: str) -> None:
    assert to_iso(parse_time(text, now=NOW)) == iso


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("25/10/2026 01:30 BST", "2026-10-25T01:30:00+01:00"),
        ("25/10/2026 01:30 gmt", "2026-10-25T01:30:00+00:00"),
        ("2026-10-25T01:30+01:00", "2026-10-25T01:30:00+01:00"),
        ("2026-10-25T01:30:00+00:00", "2026-10-25T01:30:00+00:00"),
        ("2026-10-25T01:30Z", "2026-10-25T01:30:00+00:00"),
        ("25/10/2026 00:59", "2026-10-25T00:59:00+01:00"),
        ("25/10/2026 02:00", "2026-10-25T02:00:00+00:00"),
        ("29/03/2026 00:59", "2026-03-29T00:59:00+00:00"),
        ("29/03/2026 02:00", "2026-03-29T02:00:00+01:00"),
    ],
)
def test_nights_of_the_clock_change(text: str, iso: str) -> None:
    assert to_iso(parse_time(text, now=NOW)) == iso


def test_the_two_half_past_ones_are_in_order() -> None:
    first = parse_time("25/10/2026 01:30 BST", now=NOW)
    second = parse_time("25/10/2026 01:30 GMT", now=NOW)
    assert second - first == timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "25/10/2026 01:30",
            (
                "happens twice.*Write 25/10/2026 01:30 BST for the first time round or "
                "25/10/2026 01:30 GMT for the second"
            ),
        ),
        ("25/10/2026 01:00", "happens twice"),
        ("25/10/2026 01:59:59", "happens twice"),
        ("29/03/2026 01:30", "never happens: the clocks go forward"),
        ("29/03/2026 01:00", "never happens"),
        ("29/03/2026 01:30 GMT", "never happens"),
        ("23/11/2026 14:20 BST", "the clocks here show GMT, not BST"),
        ("23/06/2026 14:20 GMT", "the clocks here show BST, not GMT"),
        ("23/11/2026 14:20 CET", "not CET"),
        ("23/11/2026 24:00", "no time of day 24:00"),
        ("23/11/2026 14:60", "no time of day 14:60"),
        ("23/11/2026 14:20+25:00", "no offset"),
        ("31/02/2026 14:20", "no day 31"),
        ("31/12/1899 14:20", "not between"),
        ("23/11/2026", "The time of day is missing"),
        ("today", "The time of day is missing"),
        ("14:20", "not a date"),
        ("soon", "not a date"),
        ("", "empty"),
    ],
)
def test_times_that_are_none(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        parse_time(text, now=NOW)
    for spelling in ("2026-11-23 14:20", "23/11/2026 14:20", "today 14:20", "now"):
        assert spelling in str(caught.value)


def test_today_is_the_day_of_the_home_not_of_greenwich() -> None:
    past_midnight_in_summer = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    found = parse_time("today 00:10", now=past_midnight_in_summer)
    assert to_iso(found) == "2026-06-02T00:10:00+01:00"


def test_now_needs_an_offset() -> None:
    with pytest.raises(ValueError, match="no offset"):
        parse_time("now", now=datetime(2026, 11, 23))  # noqa: DTZ001


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_every_shown_date_can_be_typed(day: date) -> None:
    for text in (show_date(day), day.isoformat(), f"{day.day}/{day.month}/{day.year}"):
        assert parse_date(text, today=TODAY) == day


@given(
    st.datetimes(datetime(1972, 1, 1), datetime(2200, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
)
def test_every_shown_time_can_be_typed(at: datetime) -> None:
    minute = at.replace(second=0, microsecond=0)
    assert parse_time(show_time(minute), now=NOW) == minute
    assert parse_time(to_iso(minute), now=NOW) == minute


@given(st.text())
def test_garbage_is_only_ever_a_value_error(text: str) -> None:
    try:
        parse_time(text, now=NOW)
    except ValueError as error:
        assert "Write a time as" in str(error)  # noqa: PT017 - some garbage is a time
