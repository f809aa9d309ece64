"""Domain rule 5: how long somebody has waited."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records.rules.waits import Wait, wait, waited_days

SENT = date(2026, 5, 18)
ON = date(2026, 11, 18)
DATES = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("sent", "until", "days"),
    [
        pytest.param(SENT, ON, 184, id="half a year"),
        pytest.param(SENT, SENT, 0, id="the same day"),
        pytest.param(date(2024, 2, 28), date(2024, 3, 1), 2, id="over a leap day"),
        pytest.param(date(2026, 12, 31), date(2027, 1, 1), 1, id="over the year end"),
        pytest.param(ON, SENT, 0, id="never negative"),
    ],
)
def test_days(sent: date, until: date, days: int) -> None:
    assert waited_days(sent, until) == days


@pytest.mark.parametrize(
    ("first_seen", "closed_on", "on", "expected"),
    [
        pytest.param(None, None, ON, Wait(184, "waiting"), id="not seen"),
        pytest.param(date(2026, 6, 18), None, ON, Wait(31, "seen"), id="seen"),
        pytest.param(ON, None, ON, Wait(184, "seen"), id="seen that day"),
        pytest.param(date(2026, 11, 19), None, ON, Wait(184, "waiting"), id="seen the day after"),
        pytest.param(None, date(2026, 6, 18), ON, Wait(31, "closed"), id="closed unseen"),
        pytest.param(None, date(2026, 11, 19), ON, Wait(184, "waiting"), id="closed the day after"),
        pytest.param(
            date(2026, 6, 18), date(2026, 7, 18), ON, Wait(31, "seen"), id="seen, later closed"
        ),
        pytest.param(
            date(2026, 6, 18), date(2026, 6, 18), ON, Wait(31, "seen"), id="seen and closed"
        ),
        pytest.param(
            date(2026, 7, 18), date(2026, 6, 18), ON, Wait(31, "closed"), id="closed, later seen"
        ),
        pytest.param(
            date(2026, 11, 19), date(2026, 6, 18), ON, Wait(31, "closed"), id="closed, seen later"
        ),
        pytest.param(None, None, date(2026, 5, 17), Wait(0, "not sent yet"), id="before sending"),
        pytest.param(SENT, None, SENT, Wait(0, "seen"), id="seen the day it was sent"),
        pytest.param(date(2026, 5, 1), None, ON, Wait(0, "seen"), id="seen before it was sent"),
    ],
)
def test_wait(first_seen: date | None, closed_on: date | None, on: date, expected: Wait) -> None:
    assert wait(SENT, first_seen, closed_on, on) == expected


@given(sent=DATES, seen=st.none() | DATES, closed=st.none() | DATES, one=DATES, other=DATES)
def test_a_wait_never_shrinks(
    sent: date, seen: date | None, closed: date | None, one: date, other: date
) -> None:
    earlier, later = sorted((one, other))
    assert 0 <= wait(sent, seen, closed, earlier).days <= wait(sent, seen, closed, later).days
