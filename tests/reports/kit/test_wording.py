"""Words every report needs."""

from __future__ import annotations

import datetime as dt

import pytest

from liaison.reports.kit.wording import ago, per_cent


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 3, "0 %"),
        (1, 3, "33 %"),
        (5, 8, "63 %"),
        (1, 8, "13 %"),
        (299, 300, "99 %"),
        (300, 300, "100 %"),
    ],
)
def test_a_share_rounds_as_people_do_and_only_all_are_all(part: int, whole: int, said: str) -> None:
    assert per_cent(part, whole) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (dt.timedelta(seconds=-5), "0\u00a0min"),
        (dt.timedelta(minutes=59), "59\u00a0min"),
        (dt.timedelta(minutes=59, seconds=40), "1\u00a0h"),
        (dt.timedelta(hours=23), "23\u00a0h"),
        (dt.timedelta(hours=23, minutes=40), "1\u00a0day"),
        (dt.timedelta(hours=24), "1\u00a0day"),
        (dt.timedelta(hours=37), "2\u00a0days"),
    ],
)
def test_how_long_something_took_is_never_60_minutes_or_24_hours(
    span: dt.timedelta, said: str
) -> None:
    assert ago(span) == said
