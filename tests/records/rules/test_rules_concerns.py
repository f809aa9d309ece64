"""Whose turn it is with a concern, and whether it has waited too long."""

from __future__ import annotations

import datetime as dt

import pytest

from liaison.records.rules import times
from liaison.records.rules.concerns import (
    State,
    is_late,
    state_of,
    to_feed_back,
    wanted_by,
)


def at(day: int, hour: int = 12, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.UTC)


ANSWERED, READ, CLOSED = at(11), at(12), at(13)


@pytest.mark.parametrize(
    ("moments", "until", "state"),
    [
        ((None, None, None), None, State.WAITING),
        ((ANSWERED, None, None), None, State.ANSWERED),
        ((ANSWERED, READ, None), None, State.READ),
        ((ANSWERED, READ, CLOSED), None, State.CLOSED),
        ((None, None, CLOSED), None, State.CLOSED),
        ((ANSWERED, READ, CLOSED), at(10), State.WAITING),
        ((ANSWERED, READ, CLOSED), ANSWERED, State.ANSWERED),
        ((ANSWERED, READ, CLOSED), at(12, 12, 1), State.READ),
        ((ANSWERED, READ, CLOSED), at(14), State.CLOSED),
    ],
)
def test_the_state_follows_from_what_was_done_by_then(
    moments: tuple[dt.datetime | None, ...], until: dt.datetime | None, state: State
) -> None:
    assert state_of(*moments, until=until) is state  # type: ignore[misc]  # three of them


@pytest.mark.parametrize(
    ("answered", "read", "closed", "expected"),
    [
        (None, None, None, False),
        (ANSWERED, None, None, True),
        (None, None, CLOSED, True),
        (ANSWERED, READ, None, False),
        (ANSWERED, READ, CLOSED, False),
    ],
)
def test_an_answer_or_an_end_is_fed_back_until_it_was_read(
    answered: dt.datetime | None,
    read: dt.datetime | None,
    closed: dt.datetime | None,
    expected: bool,  # noqa: FBT001  # a table
) -> None:
    assert to_feed_back(answered, read, closed) is expected


def test_today_lasts_until_midnight_on_the_homes_clock() -> None:
    # 23:30 UTC in July is 00:30 of the next day here
    raised = dt.datetime(2026, 7, 14, 23, 30, tzinfo=dt.UTC)
    assert wanted_by("today", raised) == times.start_of_day(dt.date(2026, 7, 16))
    assert wanted_by("now", raised) == raised
    assert wanted_by("routine", raised) is None


@pytest.mark.parametrize(
    ("urgency", "moment", "late"),
    [
        ("now", at(10, 12, 0), False),
        ("now", at(10, 12, 1), True),
        ("today", at(10, 23, 59), False),
        ("today", at(11, 0, 1), True),
        ("routine", at(30), False),
        (None, at(30), False),
    ],
)
def test_only_what_was_wanted_by_then_is_late(
    urgency: str | None,
    moment: dt.datetime,
    late: bool,  # noqa: FBT001  # a table
) -> None:
    assert is_late(urgency, at(10, 12), moment) is late
