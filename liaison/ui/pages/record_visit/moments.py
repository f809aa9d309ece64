"""The moments of a visit: "10:05" is today's, and whoever left did so on the day they arrived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from liaison.records.rules import times

_EVENING: Final = 18
_NIGHT_ENDS: Final = 6
_TWICE: Final = (("BST", "before the clocks went back"), ("GMT", "after they went back"))


def show_arrived(at: dt.datetime, now: dt.datetime) -> str:
    """Return a moment as it stands in its field: without its day, if that is today."""
    return _clock(at) if _day(at) == _day(now) else times.show_time(at)


def show_left(at: dt.datetime, arrived: dt.datetime | None, now: dt.datetime) -> str:
    """Return when they left: without its day, if that is the day they arrived."""
    beside = arrived or now
    return _clock(at) if _day(at) == _day(beside) else times.show_time(at)


def parse_left(text: str, arrived: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """Read when they left; a time of day alone is of the day they arrived, or of that night.

    Args:
        text: What was typed.
        arrived: When they arrived, if that is known.
        now: The present moment.

    Raises:
        NotRead: With a plain sentence: it is no time.
    """
    if arrived is None:
        return times.parse_time(text, now=now)
    day = _day(arrived)
    try:
        left = times.parse_time(f"{day:%d/%m/%Y} {text.strip()}", now=now)
    except ValueError:
        # not a time of day alone
        return times.parse_time(text, now=now)
    local = times.in_london(left)
    if left < arrived and local.hour < _NIGHT_ENDS <= _EVENING <= times.in_london(arrived).hour:
        after = day + dt.timedelta(days=1)
        return times.parse_time(f"{after:%d/%m/%Y} {text.strip()}", now=now)
    return left


def with_day_of(left: dt.datetime, before: dt.datetime, arrived: dt.datetime) -> dt.datetime:
    """Return when they left after the day they arrived was corrected.

    Args:
        left: When they left.
        before: When they had arrived, as it stood before.
        arrived: When they arrived.
    """
    days = (_day(arrived) - _day(before)).days
    if days == 0 or _day(left) != _day(before):
        return left
    local = times.in_london(left)
    moved = f"{_day(left) + dt.timedelta(days=days):%d/%m/%Y} {local:%H:%M}"
    return times.parse_time(moved, now=arrived)


def both_readings(
    text: str, parse: Callable[[str], dt.datetime]
) -> tuple[tuple[str, dt.datetime], ...]:
    """Return the two moments a reading may mean in the night the clocks go back, each in words.

    Args:
        text: What was typed.
        parse: Reads it.

    Returns:
        None if it means one moment, or none at all.
    """
    found: list[tuple[str, dt.datetime]] = []
    for zone, words in _TWICE:
        try:
            at = parse(f"{text.strip()} {zone}")
        except times.NotRead:
            return ()
        found.append((f"{_clock(at)}, {words}", at))
    return tuple(found)


def another_day(*, ahead: bool) -> str:
    """Return an example of a moment that is not today's, as it may be typed."""
    return "“tomorrow 14:00”" if ahead else "“yesterday 14:00”"


def why_not(error: times.NotRead, *, ahead: bool) -> str:
    """Return why a moment cannot be read, with two examples in place of every way to write one.

    Args:
        error: What :func:`~liaison.records.rules.times.parse_time` says.
        ahead: Whether the moment lies ahead.
    """
    today = f"Write 09:30 for today, or {another_day(ahead=ahead)}."
    return f"“{error.typed}”: {error.why} {today}"


def _day(at: dt.datetime) -> dt.date:
    return times.in_london(at).date()


def _clock(at: dt.datetime) -> str:
    shown = times.show_time(at)
    # with BST or GMT in the hour that comes twice
    return shown.partition(", ")[2]
