"""Domain rule 1: when training runs out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records.rules.expiry import completed_problem, expires_on

DATES = st.dates(date(1900, 1, 1), date(2200, 12, 31))
MONTHS = st.integers(1, 999)


@pytest.mark.parametrize(
    ("completed", "months", "last_day"),
    [
        pytest.param(date(2026, 3, 15), 12, date(2027, 3, 14), id="a year, less a day"),
        pytest.param(date(2024, 2, 29), 12, date(2025, 2, 27), id="leap day, clamped then less"),
        pytest.param(date(2024, 2, 29), 48, date(2028, 2, 28), id="leap day to leap day"),
        pytest.param(date(2023, 2, 28), 12, date(2024, 2, 27), id="28 February into a leap year"),
        pytest.param(date(2026, 3, 1), 12, date(2027, 2, 28), id="the 1st steps into February"),
        pytest.param(date(2027, 3, 1), 12, date(2028, 2, 29), id="the 1st steps to the leap day"),
        pytest.param(date(2026, 1, 31), 1, date(2026, 2, 27), id="31 January and a month"),
        pytest.param(date(2026, 8, 31), 6, date(2027, 2, 27), id="month end over the year end"),
        pytest.param(date(2026, 1, 1), 12, date(2026, 12, 31), id="the whole calendar year"),
        pytest.param(date(2025, 12, 31), 12, date(2026, 12, 30), id="year end"),
        pytest.param(date(2026, 3, 15), 36, date(2029, 3, 14), id="three years"),
        pytest.param(date(2026, 3, 15), 999, date(2109, 6, 14), id="the longest validity"),
    ],
)
def test_last_day(completed: date, months: int, last_day: date) -> None:
    assert expires_on(completed, months) == last_day


@pytest.mark.parametrize("months", [0, -12])
def test_training_lasts_at_least_a_month(months: int) -> None:
    with pytest.raises(ValueError, match="at least one month"):
        expires_on(date(2026, 3, 15), months)


def test_completed_in_the_future_is_an_error() -> None:
    today = date(2026, 11, 23)
    assert completed_problem(today, today) is None
    assert completed_problem(today - timedelta(days=1), today) is None
    problem = completed_problem(today + timedelta(days=1), today)
    assert problem is not None
    assert "Tue 24 Nov 2026 is in the future (today is Mon 23 Nov 2026)" in problem


@given(first=DATES, second=DATES, months=MONTHS)
def test_later_training_never_runs_out_earlier(first: date, second: date, months: int) -> None:
    earlier, later = sorted((first, second))
    assert expires_on(earlier, months) <= expires_on(later, months)


@given(completed=DATES, months=st.integers(1, 998))
def test_a_longer_validity_runs_out_later(completed: date, months: int) -> None:
    assert completed <= expires_on(completed, months) < expires_on(completed, months + 1)
