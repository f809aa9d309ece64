"""How old and how pressing something is that has no outcome yet."""

from __future__ import annotations

import datetime as dt

import pytest

from liaison.records.rules import loops

DAY = dt.date(2026, 11, 18)


def on(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "short"),
    [(0, "0-7"), (7, "0-7"), (8, "8-14"), (14, "8-14"), (15, "15-30"), (30, "15-30"),
     (31, "31-90"), (90, "31-90"), (91, "over 90"), (3_000, "over 90")],
)  # fmt: skip
def test_every_age_has_one_band(days: int, short: str) -> None:
    assert loops.band(days).short.replace("\N{EN DASH}", "-") == short


@pytest.mark.parametrize(
    ("days", "due", "state"),
    [
        (200, on(0), "due"),
        (200, on(1), "due"),
        (200, on(2), "ok"),
        (0, on(-1), "late"),
        (14, None, "ok"),
        (15, None, "due"),
        (90, None, "due"),
        (91, None, "late"),
    ],
)
def test_the_expected_day_goes_before_the_age(days: int, due: dt.date | None, state: str) -> None:
    assert loops.state(days, due, DAY) == state


@pytest.mark.parametrize(
    ("urgency", "due"), [("now", DAY), ("today", DAY), ("routine", None), (None, None)]
)
def test_what_presses_is_to_be_answered_on_its_day(
    urgency: str | None, due: dt.date | None
) -> None:
    assert loops.concern_due(DAY, urgency) == due


@pytest.mark.parametrize(
    ("threshold", "typical", "chase", "due"),
    [
        (None, None, None, None),
        (30, 126, on(3), on(30)),
        (None, 126, on(3), on(126)),
        (None, None, on(3), on(3)),
        (None, 0, on(3), on(3)),
        (10**9, None, on(3), None),
    ],
)
def test_a_referral_is_expected_by_its_threshold_the_usual_wait_or_the_next_chase(
    threshold: int | None, typical: int | None, chase: dt.date | None, due: dt.date | None
) -> None:
    assert loops.referral_due(DAY, threshold, typical, chase) == due


def test_an_action_was_there_by_the_day_it_was_due() -> None:
    assert loops.begun(DAY, None) == DAY
    assert loops.begun(DAY, on(9)) == DAY
    assert loops.begun(DAY, on(-9)) == on(-9)
