"""Cutting a period into parts for a chart."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records.rules.spans import MOST, spans

days = st.dates(date(1900, 1, 1), date(2300, 1, 1))


def test_a_year_that_ends_today_is_twelve_months() -> None:
    found = spans(date(2025, 11, 24), date(2026, 11, 23))
    assert found.words == "month"
    assert [part.label for part in found.parts] == (
        ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]
    )
    assert (found.parts[0].start, found.parts[0].end) == (date(2025, 11, 24), date(2025, 12, 23))


def test_calendar_months_have_their_own_names() -> None:
    found = spans(date(2026, 1, 1), date(2026, 3, 31))
    assert [(part.label, part.end.day) for part in found.parts] == [
        ("Jan", 31), ("Feb", 28), ("Mar", 31),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("end", "words", "labels"),
    [
        (
            date(2027, 6, 30),
            "quarter",
            ["Jan 26", "Apr 26", "Jul 26", "Oct 26", "Jan 27", "Apr 27"],
        ),
        (date(2030, 12, 31), "year", ["2026", "2027", "2028", "2029", "2030"]),
        (date(2049, 12, 31), "2 years", [str(year) for year in range(2026, 2050, 2)]),
    ],
)
def test_a_longer_period_has_longer_parts(end: date, words: str, labels: list[str]) -> None:
    found = spans(date(2026, 1, 1), end)
    assert (found.words, [part.label for part in found.parts]) == (words, labels)


@given(days, days)
def test_every_day_of_the_period_lies_in_one_part_and_no_other_day_in_any(
    one: date, other: date
) -> None:
    start, end = sorted((one, other))
    found = spans(start, end)
    assert 1 <= len(found.parts) <= MOST
    assert (found.parts[0].start, found.parts[-1].end) == (start, end)
    for part, after in zip(found.parts, found.parts[1:], strict=False):
        assert after.start - part.end == timedelta(days=1)
    assert found.place(start) == 0
    assert found.place(end) == len(found.parts) - 1
    assert found.place(start - timedelta(days=1)) is None
    assert found.place(end + timedelta(days=1)) is None


def test_the_end_of_the_calendar_ends_the_last_part() -> None:
    assert spans(date(9998, 1, 1), date.max).parts[-1].end == date.max
    assert len(spans(date.min, date.max).parts) <= MOST
