"""Domain rule 3: dates and times as people type them."""

from __future__ import annotations

import re
from collections.abc import Callable
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
        ("23.11", "not a date"),
        ("23-11-26", "begin with the day or with the year"),
        ("1/6", "could be Mon 1 Jun 2026 or Tue 1 Jun 2027"),
        ("1 June", "could be Mon 1 Jun 2026 or Tue 1 Jun 2027"),
        ("29/2", "The year is missing"),
        ("31/2", "no day 31 in month 2"),
        ("Tue 23 Nov", "That date is a Monday"),
        ("nov 23", "not a date"),
        ("next fri", "could be Fri 27 Nov 2026 or Fri 4 Dec 2026"),
        ("in 2 weeks ago", "not a date"),
        ("2 weeks", "“weeks” is not a month"),
        ("999999 months ago", "outside the calendar"),
        ("in 999999 weeks", "outside the calendar"),
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
    for spelling in ("22/11/2026", "22 Nov 2026", "today", "-30d", "+7d"):
        assert spelling in str(caught.value)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("mon", date(2026, 11, 23)),
        ("Monday", date(2026, 11, 23)),
        ("tue", date(2026, 11, 17)),
        ("on Sunday", date(2026, 11, 22)),
        ("last friday", date(2026, 11, 20)),
        ("last mon", date(2026, 11, 16)),
        ("this fri", date(2026, 11, 27)),
        ("next mon", date(2026, 11, 30)),
        ("23 nov", date(2026, 11, 23)),
        ("the 23rd of November", date(2026, 11, 23)),
        ("Mon 23 Nov", date(2026, 11, 23)),
        ("23/11", date(2026, 11, 23)),
        ("5/1", date(2027, 1, 5)),
        ("28 dec", date(2026, 12, 28)),
        ("30/9", date(2026, 9, 30)),
        ("23-11-2026", date(2026, 11, 23)),
        ("23.11.26", date(2026, 11, 23)),
        ("+7", date(2026, 11, 30)),
        ("-7", date(2026, 11, 16)),
        ("+2w", date(2026, 12, 7)),
        ("+3 months", date(2027, 2, 23)),
        ("in 2 weeks", date(2026, 12, 7)),
        ("in a week", date(2026, 11, 30)),
        ("in 1 day", date(2026, 11, 24)),
        ("three days ago", date(2026, 11, 20)),
        ("a month ago", date(2026, 10, 23)),
    ],
)
def test_dates_as_people_say_them(text: str, day: date) -> None:
    assert parse_date(text, today=TODAY) == day


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        # the year of a day without one is that of the nearest such day
        ("28/12", date(2027, 1, 5), date(2026, 12, 28)),
        ("3 jan", date(2026, 12, 28), date(2027, 1, 3)),
        # "next" is clear once the week has no such day left
        ("next fri", date(2026, 11, 22), date(2026, 11, 27)),
        ("next fri", date(2026, 11, 27), date(2026, 12, 4)),
        ("31/1", date(2026, 11, 1), date(2027, 1, 31)),
        ("in a month", date(2026, 1, 31), date(2026, 2, 28)),
    ],
)
def test_what_a_date_means_on_another_day(text: str, today: date, day: date) -> None:
    assert parse_date(text, today=today) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("mon", date(2026, 11, 23)),
        ("tue", date(2026, 11, 24)),
        ("sun", date(2026, 11, 29)),
        ("last tue", date(2026, 11, 17)),
        ("yesterday", date(2026, 11, 22)),
    ],
)
def test_a_weekday_on_which_something_is_due_is_the_coming_one(text: str, day: date) -> None:
    assert parse_date(text, today=TODAY, ahead=True) == day
    assert parse_time(f"{text} 9am", now=NOW, ahead=True).date() == day


@pytest.mark.parametrize("text", ["today", "mon", "-30d", "23/11", "23 Nov", "in 2 weeks"])
def test_what_means_another_day_each_time_is_refused_in_a_file(text: str) -> None:
    with pytest.raises(ValueError, match="another day each time"):
        parse_date(text, today=TODAY, fixed=True)
    with pytest.raises(ValueError, match="another day each time"):
        parse_time(f"{text} 14:20", now=NOW, fixed=True)


@pytest.mark.parametrize("text", ["now", "14:20", "2pm"])
def test_a_time_without_a_day_is_refused_in_a_file(text: str) -> None:
    with pytest.raises(ValueError, match="another day each time"):
        parse_time(text, now=NOW, fixed=True)


@pytest.mark.parametrize("text", ["2026-11-23", "23/11/2026", "23/11/26", "Mon 23 Nov 2026"])
def test_whole_dates_are_read_from_a_file(text: str) -> None:
    assert parse_date(text, today=TODAY, fixed=True) == TODAY
    assert to_iso(parse_time(f"{text} 14:20", now=NOW, fixed=True)) == "2026-11-23T14:20:00+00:00"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("23/11/26", date(2026, 11, 23)),
        ("24/11/26", date(1926, 11, 24)),
        ("3 Feb 30", date(1930, 2, 3)),
        ("3/2/2030", date(2030, 2, 3)),
    ],
)
def test_a_day_of_birth_never_lies_ahead_unless_all_of_its_year_says_so(
    text: str, day: date
) -> None:
    assert parse_date(text, today=date(2026, 11, 23), past=True) == day


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


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("14:20", "2026-11-23T14:20:00+00:00"),
        ("at 9:05", "2026-11-23T09:05:00+00:00"),
        ("2:20pm", "2026-11-23T14:20:00+00:00"),
        ("2.20 p.m.", "2026-11-23T14:20:00+00:00"),
        ("14:20pm", "2026-11-23T14:20:00+00:00"),
        ("2pm", "2026-11-23T14:00:00+00:00"),
        ("12pm", "2026-11-23T12:00:00+00:00"),
        ("12:30am", "2026-11-23T00:30:00+00:00"),
        ("noon", "2026-11-23T12:00:00+00:00"),
        ("1420", "2026-11-23T14:20:00+00:00"),
        ("0830 hrs", "2026-11-23T08:30:00+00:00"),
        ("9.30", "2026-11-23T09:30:00+00:00"),
        ("today 2:20pm", "2026-11-23T14:20:00+00:00"),
        ("tomorrow 9am", "2026-11-24T09:00:00+00:00"),
        ("tomorrow at 9am", "2026-11-24T09:00:00+00:00"),
        ("2:20pm yesterday", "2026-11-22T14:20:00+00:00"),
        ("14:20 on mon", "2026-11-23T14:20:00+00:00"),
        ("14:20 fri", "2026-11-20T14:20:00+00:00"),
        ("last friday 14:20", "2026-11-20T14:20:00+00:00"),
        ("23 nov 14:20", "2026-11-23T14:20:00+00:00"),
        ("23 nov 1420", "2026-11-23T14:20:00+00:00"),
        ("23.11.26 1420", "2026-11-23T14:20:00+00:00"),
        ("23.11.26 14.20", "2026-11-23T14:20:00+00:00"),
        ("23/11 2020", "2026-11-23T20:20:00+00:00"),
        ("in 2 weeks 10:30", "2026-12-07T10:30:00+00:00"),
        ("half past two pm", "2026-11-23T14:30:00+00:00"),
        ("yesterday half past 14", "2026-11-22T14:30:00+00:00"),
        ("quarter to 1 pm", "2026-11-23T12:45:00+00:00"),
        ("quarter past nine am", "2026-11-23T09:15:00+00:00"),
    ],
)
def test_times_as_people_say_them(text: str, iso: str) -> None:
    assert to_iso(parse_time(text, now=NOW)) == iso


def test_an_evening_named_in_the_small_hours_is_asked_about() -> None:
    night = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="could be yesterday 23:50 or today 23:50"):
        parse_time("23:50", now=night)
    with pytest.raises(ValueError, match="There is no time of day 25:50"):
        parse_time("25:50", now=night)
    assert to_iso(parse_time("yesterday 23:50", now=night)) == "2026-11-22T23:50:00+00:00"
    assert to_iso(parse_time("00:10", now=night)) == "2026-11-23T00:10:00+00:00"


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
        ("23.11", "may be a day or a time of day: 23:11"),
        ("23 Nov 2026", "The time of day is missing"),
        ("2026", "not a time"),
        ("today 9", "not a time"),
        ("mon", "The time of day is missing"),
        ("13 am", "no 13 am"),
        ("14:20 am", "no 14 am"),
        ("0:20pm", "no 0 pm"),
        ("half past two", "could be 02:30 or 14:30"),
        ("quarter to 1", "could be 00:45 or 12:45"),
        ("midnight", "not a time"),
        ("today 1460", "no time of day 14:60"),
        ("1/6 14:20", "could be Mon 1 Jun 2026 or Tue 1 Jun 2027"),
        ("soon", "not a time"),
        ("", "empty"),
    ],
)
def test_times_that_are_none(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        parse_time(text, now=NOW)
    for spelling in ("22/11/2026 14:20", "22 Nov 2026 14:20", "yesterday 14:20", "now"):
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


@given(st.from_regex(r"[0-9]{1,2}(/[0-9]{1,2}| (jan|mar|may|aug|oct|dec))", fullmatch=True))
def test_what_a_date_says_is_never_a_year_away(text: str) -> None:
    try:
        day = parse_date(text, today=TODAY)
    except ValueError:
        return
    assert abs(day - TODAY) <= timedelta(days=120)


@pytest.mark.parametrize(
    "read", [lambda: parse_time("rubbish", now=NOW), lambda: parse_date("rubbish", today=TODAY)]
)
def test_the_hint_shows_dates_as_people_write_them(read: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="22/11/2026") as caught:
        read()
    assert not re.search(r"[0-9]{4}-[0-9]{2}|T[0-9]{2}:", str(caught.value))
    assert "yesterday" in str(caught.value)


@given(st.text())
def test_garbage_is_only_ever_a_value_error(text: str) -> None:
    try:
        parse_time(text, now=NOW)
    except ValueError as error:
        assert "Write a time as" in str(error)  # noqa: PT017 - some garbage is a time
