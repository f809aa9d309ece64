"""A time as it is stored, shown and typed (domain rule 3).

A time is stored as UTC plus the offset of the clock it was read from, shown in Europe/London, and
printed with BST or GMT in the one hour of the year that happens twice.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

from liaison.records.rules._london import happens_twice, in_london, london, with_fixed_offset
from liaison.records.rules._typed_dates import NotRead
from liaison.records.rules._typed_times import parse_date, parse_time
from liaison.records.rules.days import show_date, show_plain_date

__all__ = [
    "BEYOND",
    "EARLIEST",
    "NotRead",
    "from_stored",
    "in_london",
    "parse_date",
    "parse_time",
    "show_date",
    "show_plain_date",
    "show_time",
    "start_of_day",
    "stored_day",
    "to_iso",
    "to_stored",
]

_DATE: Final = len("2026-11-23")
_SECOND: Final = len("2026-11-23T14:20:00")
_HOUR: Final = slice(_DATE + 1, _DATE + 3)
_LAST_HOUR: Final = "23"
# where the calendar ends another zone's clock cannot be shown, and nothing can be counted on; a clock
# that is wrong by two thousand years still refuses no write
EARLIEST: Final = "0001-01-02"
BEYOND: Final = "9999"
"""Days and times are kept from the one on and before the other, as texts."""
_STORED: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})Z([+-])([0-9]{2}):([0-5][0-9])"
)


def _whole_minutes_offset(at: datetime) -> timedelta:
    """Give the offset in whole minutes, which is all the stored text has room for."""
    offset = at.utcoffset()
    if offset is None:
        raise ValueError(f"The time {at.isoformat()} has no offset from UTC.")
    return _in_whole_minutes(offset)


@lru_cache(maxsize=64)  # a home's clocks know two
def _in_whole_minutes(offset: timedelta) -> timedelta:
    return timedelta(minutes=round(offset / timedelta(minutes=1)))


@lru_cache(maxsize=64)
def _offset_text(offset: timedelta) -> str:
    sign = "-" if offset < timedelta(0) else "+"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"{sign}{hours:02}:{minutes:02}"


def to_stored(at: datetime) -> str:
    """Write a time as it is stored (domain rule 3).

    Args:
        at: An instant with its offset; parts of a second are cut off.

    Returns:
        UTC plus offset, as ``2026-10-25T00:30:00Z+01:00`` for 01:30 BST. These texts sort in the
        order in which the times happened.

    Raises:
        ValueError: ``at`` has no offset, or lies in the first day or the last year of the calendar.
    """
    offset = _whole_minutes_offset(at)
    try:
        utc = at.astimezone(UTC).isoformat()
    except OverflowError:
        utc = ""
    if not EARLIEST <= utc < BEYOND:
        raise ValueError(f"The time {at.isoformat()} is outside the calendar.")
    return f"{utc[:_SECOND]}Z{_offset_text(offset)}"


@lru_cache(maxsize=64)
def _zone(sign: str, hours: str, minutes: str) -> timezone:
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)


def from_stored(text: str) -> datetime:
    """Read a time from its stored text; the exact inverse of :func:`to_stored`.

    Args:
        text: A text such as ``2026-10-25T00:30:00Z+01:00``.

    Returns:
        The instant, with the fixed offset it was stored with.

    Raises:
        ValueError: ``text`` is not exactly of this form, or at the edge of the calendar.
    """
    match = _STORED.fullmatch(text)
    if match is None:
        raise _not_stored(text)
    utc, sign, hours, minutes = match.groups()
    # A second spelling of the same offset would break the exact round trip.
    if (sign == "-" and hours == minutes == "00") or not EARLIEST <= utc < BEYOND:
        raise _not_stored(text)
    try:
        return datetime.fromisoformat(f"{utc}+00:00").astimezone(_zone(sign, hours, minutes))
    except ValueError as error:
        raise _not_stored(text) from error


@lru_cache(maxsize=4_096)  # what is open is read again for every list
def stored_day(text: str) -> date:
    """Read the day on the home's wall clock from a stored day or time.

    Args:
        text: A text such as ``2026-10-25`` or ``2026-10-25T00:30:00Z+01:00``, as it is kept.

    Raises:
        ValueError: ``text`` does not begin with a day.
    """
    # London is at most an hour ahead: only the last hour of a day can belong to the next one
    if text[_HOUR] == _LAST_HOUR:
        return in_london(from_stored(text)).date()
    return date.fromisoformat(text[:_DATE])


def _not_stored(text: str) -> ValueError:
    return ValueError(f"“{text}” is not a stored time such as 2026-10-25T00:30:00Z+01:00.")


def to_iso(at: datetime) -> str:
    """Write a time in ISO 8601 with its offset, to the second: ``2026-10-25T01:30:00+01:00``.

    Args:
        at: An instant with its offset; the offset is kept.

    Raises:
        ValueError: ``at`` has no offset.
    """
    zone = timezone(_whole_minutes_offset(at))
    local = at.astimezone(zone).replace(tzinfo=None, microsecond=0)
    return f"{local.isoformat()}{_offset_text(zone.utcoffset(None))}"


def start_of_day(day: date) -> datetime:
    """Give the moment a day begins on the home's wall clock, with a plain offset."""
    return with_fixed_offset(datetime(day.year, day.month, day.day, tzinfo=london()))


def show_time(at: datetime) -> str:
    """Show a time to a person, as the home's clock read it (domain rule 3).

    Args:
        at: An instant with its offset.

    Returns:
        ``Mon 23 Nov 2026, 14:20``. Where the clock shows that reading twice, on the night it goes
        back, BST or GMT follows: ``Sun 25 Oct 2026, 01:30 BST``.

    Raises:
        ValueError: ``at`` has no offset.
    """
    local = in_london(at)
    shown = f"{show_date(local.date())}, {local.hour:02}:{local.minute:02}"
    return f"{shown} {local.tzname()}" if happens_twice(local) else shown
