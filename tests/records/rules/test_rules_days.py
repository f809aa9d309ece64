"""Days of the calendar, and the same day some months on."""

from __future__ import annotations

from datetime import date

import pytest

from liaison.records.rules.days import add_months


@pytest.mark.parametrize(
    ("day", "months", "moved"),
    [
        pytest.param(date(2027, 1, 31), 1, date(2027, 2, 28), id="subject access, one month"),
        pytest.param(date(2028, 1, 31), 1, date(2028, 2, 29), id="into a leap February"),
        pytest.param(date(2026, 3, 31), -1, date(2026, 2, 28), id="back"),
        pytest.param(date(2026, 1, 15), -1, date(2025, 12, 15), id="back over the year end"),
        pytest.param(date(2026, 12, 15), 1, date(2027, 1, 15), id="on over the year end"),
        pytest.param(date(2026, 12, 15), 0, date(2026, 12, 15), id="none"),
    ],
)
def test_months_keep_to_month_ends(day: date, months: int, moved: date) -> None:
    assert add_months(day, months) == moved


@pytest.mark.parametrize("months", [-12 * 2027, 12 * 9000])
def test_outside_the_calendar_is_a_plain_error(months: int) -> None:
    with pytest.raises(ValueError, match="outside the calendar"):
        add_months(date(2026, 3, 15), months)
