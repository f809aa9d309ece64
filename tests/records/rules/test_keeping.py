"""Which backups are kept: a table of cases, and what holds of any."""

from __future__ import annotations

import datetime as dt
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records.rules.keeping import STANDARD, Keep, kept

MONDAY: Final = dt.date(2026, 11, 23)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def every_day(count: int) -> list[dt.date]:
    return [MONDAY - dt.timedelta(days=back) for back in reversed(range(count))]


CASES: Final[dict[str, tuple[list[str], Keep, list[str]]]] = {
    "none": ([], STANDARD, []),
    "one": (["2020-01-01"], STANDARD, ["2020-01-01"]),
    "fewer than a week": (
        ["2026-11-20", "2026-11-21", "2026-11-22"],
        STANDARD,
        ["2026-11-20", "2026-11-21", "2026-11-22"],
    ),
    "the newest of a day stands for it": (
        ["2026-11-22", "2026-11-22", "2026-11-23", "2026-11-23"],
        Keep(2, 0, 0),
        ["2026-11-22", "2026-11-23"],
    ),
    "days without one do not count": (
        ["2026-01-01", "2026-06-01", "2026-11-23"],
        Keep(3, 0, 0),
        ["2026-01-01", "2026-06-01", "2026-11-23"],
    ),
    "a day that is kept stands for its week": (
        # Thu 12, Sun 15 | Mon 16, Sun 22 | Mon 23
        ["2026-11-12", "2026-11-15", "2026-11-16", "2026-11-22", "2026-11-23"],
        Keep(2, 1, 0),
        ["2026-11-15", "2026-11-22", "2026-11-23"],
    ),
    "a week that is kept stands for its month": (
        ["2026-09-30", "2026-10-28", "2026-10-31", "2026-11-15", "2026-11-23"],
        Keep(1, 1, 1),
        ["2026-10-31", "2026-11-15", "2026-11-23"],
    ),
    "weeks over the turn of the year": (
        # Mon 28 Dec 2026 and Fri 1 Jan 2027 are one week
        ["2026-12-28", "2027-01-01", "2027-01-04"],
        Keep(1, 2, 0),
        ["2027-01-01", "2027-01-04"],
    ),
    "the newest is kept whatever is asked for": (
        ["2026-11-22", "2026-11-23"],
        Keep(0, 0, 0),
        ["2026-11-23"],
    ),
    "a clock three years ahead for a day, then right again": (
        ["2026-11-21", "2029-11-22", "2026-11-23"],
        Keep(2, 0, 0),
        ["2029-11-22", "2026-11-23"],
    ),
    "a clock three years back: what was made last is not taken for old": (
        ["2026-11-21", "2026-11-22", "2023-11-23"],
        Keep(1, 0, 0),
        ["2023-11-23"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_which_are_kept(name: str) -> None:
    days, keep, wanted = CASES[name]
    chosen = kept([day(text) for text in days], keep)
    assert [days[place] for place in sorted(chosen)] == wanted


def test_of_three_years_of_days_seven_days_four_weeks_and_twelve_months_are_left() -> None:
    days = every_day(3 * 365)
    left = [days[place] for place in sorted(kept(days))]
    assert left[-7:] == every_day(7)
    assert [one.isoformat() for one in left[:-7]] == [
        "2025-11-30", "2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30",
        "2026-05-31", "2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30",
        # Sundays, and the end of October among them
        "2026-10-25", "2026-10-31", "2026-11-01", "2026-11-08", "2026-11-15",
    ]  # fmt: skip


def test_a_home_that_removes_every_day_comes_to_the_same() -> None:
    held: list[dt.date] = []
    for one in every_day(3 * 365):
        held.append(one)
        held = [held[place] for place in sorted(kept(held))]
    assert len(held) == 7 + 4 + 12
    assert held[0] == day("2025-11-30")


@given(
    st.lists(st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)), max_size=60),
    st.builds(Keep, st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)),
)
def test_the_newest_is_never_lost_and_no_more_is_kept_than_asked(
    days: list[dt.date], keep: Keep
) -> None:
    chosen = kept(days, keep)
    if days:
        assert len(days) - 1 in chosen
    assert len(chosen) <= max(1, keep.daily + keep.weekly + keep.monthly + 1)
    # what is kept once is kept again when nothing is new
    left = [days[place] for place in sorted(chosen)]
    assert len(left) - 1 in kept(left, keep) or not left
