"""Domain rule 2: working days of England and Wales."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records.rules.working_days import (
    add_working_days,
    holiday_warning,
    is_bank_holiday,
    is_working_day,
    known_until,
    working_days_between,
)

DATES = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        pytest.param(date(2026, 11, 6), 7, date(2026, 11, 17), id="returned on a Friday"),
        pytest.param(date(2026, 12, 18), 7, date(2026, 12, 31), id="over Christmas"),
        pytest.param(date(2026, 12, 31), 1, date(2027, 1, 4), id="over New Year"),
        pytest.param(date(2026, 4, 2), 1, date(2026, 4, 7), id="over Easter"),
        pytest.param(date(2026, 5, 1), 1, date(2026, 5, 5), id="over the early May holiday"),
        pytest.param(date(2027, 12, 24), 1, date(2027, 12, 29), id="over two substitute days"),
        pytest.param(date(2022, 6, 1), 1, date(2022, 6, 6), id="over the Platinum Jubilee"),
        pytest.param(date(2026, 11, 7), 1, date(2026, 11, 9), id="from a Saturday"),
        pytest.param(date(2026, 12, 25), 1, date(2026, 12, 29), id="from a bank holiday"),
        pytest.param(date(2026, 11, 7), 0, date(2026, 11, 7), id="none"),
    ],
)
def test_due(start: date, n: int, due: date) -> None:
    assert add_working_days(start, n) == due


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2012, 6, 5), id="Diamond Jubilee"),
        pytest.param(date(2012, 6, 4), id="spring holiday moved to the jubilee"),
        pytest.param(date(2020, 5, 8), id="May Day moved to VE Day"),
        pytest.param(date(2022, 6, 2), id="spring holiday moved to Thursday"),
        pytest.param(date(2022, 6, 3), id="Platinum Jubilee"),
        pytest.param(date(2022, 9, 19), id="the Queen's funeral"),
        pytest.param(date(2023, 5, 8), id="Coronation"),
        pytest.param(date(2021, 12, 27), id="substitute for Christmas Day"),
        pytest.param(date(2021, 12, 28), id="substitute for Boxing Day"),
        pytest.param(date(2022, 12, 27), id="Christmas on a Sunday"),
        pytest.param(date(2026, 12, 28), id="Boxing Day on a Saturday"),
        pytest.param(date(2022, 1, 3), id="New Year on a Saturday"),
        pytest.param(date(2023, 1, 2), id="New Year on a Sunday"),
        pytest.param(date(2024, 3, 29), id="Good Friday in March"),
        pytest.param(date(2024, 4, 1), id="Easter Monday in April"),
        pytest.param(date(2026, 8, 31), id="summer holiday"),
    ],
)
def test_bank_holidays(day: date) -> None:
    assert is_bank_holiday(day)
    assert not is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2020, 5, 4), id="the May Day that was moved away"),
        pytest.param(date(2022, 5, 30), id="the spring holiday that was moved away"),
        pytest.param(date(2026, 3, 17), id="St Patrick's Day is Northern Ireland's"),
        pytest.param(date(2026, 8, 3), id="the August holiday of Scotland"),
        pytest.param(date(2026, 11, 30), id="St Andrew's Day is Scotland's"),
        pytest.param(date(2026, 6, 15), id="Scotland's World Cup holiday"),
        pytest.param(date(2023, 1, 3), id="2 January is Scotland's"),
        pytest.param(date(2026, 4, 2), id="Maundy Thursday"),
        pytest.param(date(2026, 12, 24), id="Christmas Eve"),
    ],
)
def test_ordinary_working_days(day: date) -> None:
    assert not is_bank_holiday(day)
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("year", "days"),
    [
        # As published on gov.uk/bank-holidays.
        (2025, ["01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26"]),
        (2026, ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"]),
        (2027, ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"]),
    ],
)
def test_weekday_holidays_as_published(year: int, days: list[str]) -> None:
    every_day = [date.fromordinal(date(year, 1, 1).toordinal() + n) for n in range(365)]
    off = [day for day in every_day if day.weekday() < 5 and not is_working_day(day)]
    assert [f"{day:%m-%d}" for day in off] == days


def test_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(date(2026, 11, 6), -1)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        pytest.param(date(2026, 11, 6), date(2026, 11, 17), 7, id="Friday to due day"),
        pytest.param(date(2026, 11, 6), date(2026, 11, 9), 1, id="Friday to Monday"),
        pytest.param(date(2026, 11, 6), date(2026, 11, 8), 0, id="Friday to Sunday"),
        pytest.param(date(2026, 11, 6), date(2026, 11, 6), 0, id="the same day"),
        pytest.param(date(2026, 12, 18), date(2026, 12, 31), 7, id="over Christmas"),
        pytest.param(date(2026, 11, 17), date(2026, 11, 6), -7, id="backwards"),
    ],
)
def test_between(start: date, end: date, count: int) -> None:
    assert working_days_between(start, end) == count


@given(start=DATES, n=st.integers(1, 60))
def test_counting_back_gives_the_count(start: date, n: int) -> None:
    due = add_working_days(start, n)
    assert is_working_day(due)
    assert working_days_between(start, due) == n


@given(start=DATES, n=st.integers(0, 60))
def test_one_more_day_is_later(start: date, n: int) -> None:
    assert add_working_days(start, n) < add_working_days(start, n + 1)


def test_warning_begins_where_knowledge_ends() -> None:
    assert known_until() == date(2027, 12, 31)
    assert holiday_warning(date(2027, 12, 31)) is None
    warning = holiday_warning(date(2028, 1, 1))
    assert warning is not None
    assert "known up to Fri 31 Dec 2027" in warning
    assert "after 2100 are not known" in (holiday_warning(date(2101, 1, 1)) or "")
    assert is_bank_holiday(date(2100, 12, 27))  # the library still works them out here
