"""When an entry is a late one, and how long something took in words."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from liaison.records.rules.late import is_late, span_words

AT = dt.datetime(2026, 11, 18, 19, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("after", "late"), [(-HOUR, False), (HOUR / 2, False), (HOUR / 2 + HOUR / 60, True)]
)
def test_what_was_written_more_than_half_an_hour_later_is_late(
    after: dt.timedelta, *, late: bool
) -> None:
    assert is_late(AT, AT + after) is late


def test_the_night_the_clocks_go_back_is_an_hour_longer() -> None:
    london = ZoneInfo("Europe/London")
    evening = dt.datetime(2026, 10, 24, 19, 0, tzinfo=london).astimezone(dt.UTC)
    morning = dt.datetime(2026, 10, 25, 6, 30, tzinfo=london).astimezone(dt.UTC)
    assert is_late(evening, morning)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (-HOUR, "0 min"),
        (HOUR / 2, "30 min"),
        (2 * HOUR, "2 h"),
        (2 * HOUR + HOUR / 6, "2 h 10 min"),
        (24 * HOUR, "1 day"),
        (76 * HOUR + HOUR / 2, "3 days 4 h"),
    ],
)
def test_how_long_it_took_is_said_as_people_say_it(span: dt.timedelta, words: str) -> None:
    assert span_words(span) == words
