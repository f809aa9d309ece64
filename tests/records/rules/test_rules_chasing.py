"""When a wait is too long, and when a service is asked again."""

from __future__ import annotations

from datetime import date

import pytest

from liaison.records.rules import chasing
from liaison.records.rules.chasing import length, next_chase


@pytest.mark.parametrize(
    ("days", "usual", "threshold", "expected"),
    [
        (184, 126, None, "too long"),
        (126, 126, None, "within the usual wait"),
        (127, 126, None, "too long"),
        (127, 126, 180, "past the usual wait"),
        (180, 126, 180, "past the usual wait"),
        (181, 126, 180, "too long"),
        # a threshold agreed below what is usual counts all the same
        (31, 126, 30, "too long"),
        (30, None, 30, "within the usual wait"),
        (400, None, None, "no usual wait known"),
        (400, 0, None, "no usual wait known"),
    ],
)
def test_the_agreed_threshold_goes_before_what_is_usual(
    days: int, usual: int | None, threshold: int | None, expected: str
) -> None:
    assert length(days, usual, threshold) == expected


def test_a_service_is_asked_again_in_ten_working_days_or_five_if_it_is_long() -> None:
    friday = date(2026, 11, 6)
    assert next_chase(friday, 20, 126, None) == date(2026, 11, 20)
    assert next_chase(friday, 184, 126, None) == date(2026, 11, 13)
    assert next_chase(friday, 130, 126, 180) == date(2026, 11, 13)
    assert next_chase(friday, 400, None, None) == date(2026, 11, 20)


def test_the_bank_holidays_of_christmas_are_skipped() -> None:
    assert next_chase(date(2026, 12, 18), 184, 126, None) == date(2026, 12, 29)


def test_asking_again_lies_ahead() -> None:
    today = date(2026, 11, 18)
    assert chasing.next_chase_problem(today, today) is None
    assert chasing.next_chase_problem(date(2026, 11, 17), today)


@pytest.mark.parametrize(
    ("result", "expected"),
    [(chasing.NO_REPLY, "no reply"), ("Chased Colin again", "Chased Colin again"), (None, "")],
)
def test_a_line_that_says_chased_does_not_say_it_twice(result: str | None, expected: str) -> None:
    assert chasing.came_of(result) == expected
