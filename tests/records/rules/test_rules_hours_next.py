"""When it next becomes out of hours, or in hours again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from liaison.errors import UserError
from liaison.records.rules.hours import next_change
from liaison.records.rules.times import parse_time, show_time

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    return parse_time(text, now=NOW)


@pytest.mark.parametrize(
    ("when", "then"),
    [
        pytest.param("Mon 9 Nov 2026 10:00", "Mon 9 Nov 2026, 18:00", id="in the day"),
        pytest.param("Mon 9 Nov 2026 07:00", "Mon 9 Nov 2026, 08:00", id="before the day"),
        pytest.param("Mon 9 Nov 2026 18:00", "Tue 10 Nov 2026, 08:00", id="at the end"),
        pytest.param("Fri 6 Nov 2026 20:00", "Mon 9 Nov 2026, 08:00", id="over the weekend"),
        pytest.param("Thu 24 Dec 2026 20:00", "Tue 29 Dec 2026, 08:00", id="over Christmas"),
        pytest.param("Sat 24 Oct 2026 12:00", "Mon 26 Oct 2026, 08:00", id="the clock goes back"),
    ],
)
def test_it_is_the_next_moment_at_which_that_changes(when: str, then: str) -> None:
    assert show_time(next_change(at(when))) == then


def test_hours_may_end_at_midnight() -> None:
    change = next_change(at("Fri 6 Nov 2026 23:00"), "07:00", "24:00")
    assert show_time(change) == "Sat 7 Nov 2026, 00:00"


def test_hours_that_are_none_are_refused() -> None:
    with pytest.raises(UserError):
        next_change(NOW, "early", "late")
