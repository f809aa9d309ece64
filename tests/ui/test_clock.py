"""The home's wall clock in words."""

from __future__ import annotations

import datetime as dt

from liaison.ui import clock


def test_the_clock_says_when_somebody_was_here() -> None:
    today = dt.date(2026, 11, 18)
    at = dt.datetime(2026, 11, 17, 14, 55, tzinfo=dt.UTC)
    assert clock.ago(at, today) == "yesterday at 14:55"
    assert clock.ago(at + dt.timedelta(days=1), today) == "today at 14:55"
    assert clock.ago(at - dt.timedelta(days=9), today) == "on 8 November 2026 at 14:55"
    assert clock.whole_day(today) == "Wednesday 18 November 2026"
    assert clock.short_day(today) == "Wed 18 Nov 2026"
    summer = dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)
    assert clock.hour(clock.in_london(summer)) == "13:00"
    assert clock.greeting(clock.in_london(summer)) == "Good afternoon"
