"""Times as people type them. Used through :mod:`liaison.records.rules.times`."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Final

from liaison.records.rules._london import in_london, instants, with_fixed_offset
from liaison.records.rules._typed_dates import DATE_HINT, NotADate, NotRead, is_fixed, read_date

_TIME_HINT: Final = (
    "Write a time as 22/11/2026 14:20, 22 Nov 2026 14:20, 22 Nov 2:20pm, today 14:20, "
    "yesterday 14:20, mon 14:20, 14:20 or now."
)
_NOT_FIXED: Final = "This means another day each time it is read."

_HOURS: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_SPOKEN_MINUTES: Final = {"half past": 30, "quarter past": 15, "quarter to": 45}
_NOON: Final = 12
_DAY_HOURS: Final = 24
# what is typed between these may be about yesterday evening
_NIGHT_ENDS: Final = 6
_EVENING_BEGINS: Final = 18

_HALF: Final = r"(?: ?(?P<half>am|pm|a\.m\.|p\.m\.))"
_CLOCK: Final = (
    # 14:20, 14.20:30, 2:20pm
    rf"(?:(?P<hour>[0-9]{{1,2}})[:.](?P<minute>[0-9]{{2}})"
    rf"(?::(?P<second>[0-9]{{2}})(?:\.[0-9]+)?)?{_HALF}?"
    r"(?: ?(?P<zone>(?!(?:mon|tues?|wed|thur?|fri|sat|sun|on)\b)[a-z]{1,4}|[+-][0-9]{2}:?[0-9]{2}))?"
    # 2pm
    rf"|(?P<round>[0-9]{{1,2}}){_HALF.replace('half', 'round_half')}"
    # 1420, 1420 hrs
    r"|(?P<four>[0-9]{4})(?: ?(?:h|hrs|hours))?"
    r"|(?P<noon>noon|midday)"
    rf"|(?P<spoken>{'|'.join(_SPOKEN_MINUTES)}) (?P<word>[0-9]{{1,2}}|{'|'.join(_HOURS)})"
    rf"{_HALF.replace('half', 'word_half')}?)"
)
_DATE_FIRST: Final = re.compile(rf"(?P<date>.+?)(?:,? at |, ?| |t){_CLOCK}")
_TIME_FIRST: Final = re.compile(rf"{_CLOCK}(?:,? on |, ?| )(?P<date>.+)")
_TIME_ALONE: Final = re.compile(rf"(?:at )?{_CLOCK}")
_DAY_OR_CLOCK: Final = re.compile(r"(?:0?[1-9]|[12][0-9]|3[01])\.(?:0[1-9]|1[0-2])")
_YEAR: Final = re.compile(r"19[0-9]{2}|2[01][0-9]{2}|2200")


def _plain(text: str) -> str:
    """Bring typed text to lower case with single spaces and an ordinary minus sign."""
    return " ".join(text.split()).casefold().replace("\N{MINUS SIGN}", "-")


def _zone_offset(zone: str) -> timezone | None:
    """Read Z, UTC or a numeric offset; None for a word such as BST."""
    if zone in {"z", "utc"}:
        return timezone(timedelta(0))
    if zone[0] not in "+-":
        return None
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 23 or minutes > 59:  # noqa: PLR2004
        raise ValueError(f"There is no offset {zone}.")
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1))


def _london_instant(reading: datetime, zone: str) -> datetime:
    """Find the instant at which the home's clock showed a reading, in BST or GMT if said."""
    shown = f"{reading:%d/%m/%Y %H:%M}"
    found = instants(reading)
    if not found:
        raise ValueError(f"{shown} never happens: the clocks go forward over it that night.")
    names = [str(at.tzname()) for at in found]
    if not zone and len(found) > 1:
        message = (
            f"{shown} happens twice, because the clocks go back that night. Write "
            f"{shown} {names[0]} for the first time round or {shown} {names[1]} for the second."
        )
        raise ValueError(message)
    if not zone:
        return found[0]
    if zone.upper() not in names:
        raise ValueError(
            f"At {shown} the clocks here show {' or '.join(names)}, not {zone.upper()}."
        )
    return found[names.index(zone.upper())]


def _time_of_day(match: re.Match[str]) -> tuple[int, int, int]:
    """Return hour, minute and second of what was typed for a time of day."""
    if match["noon"]:
        return _NOON, 0, 0
    if match["four"]:
        return int(match["four"][:2]), int(match["four"][2:]), 0
    if match["spoken"]:
        return (*_spoken(match), 0)
    hour = int(match["hour"] or match["round"])
    half = match["half"] or match["round_half"]
    return _of_half(hour, half), int(match["minute"] or 0), int(match["second"] or 0)


def _of_half(hour: int, half: str | None) -> int:
    """Return an hour of the 24-hour clock; 14:20 pm is said twice and means 14:20."""
    if half is None or (half[0] == "p" and _NOON < hour < _DAY_HOURS):
        return hour
    if not 1 <= hour <= _NOON:
        raise ValueError(f"There is no {hour} {half}.")
    return hour % _NOON + (_NOON if half[0] == "p" else 0)


def _spoken(match: re.Match[str]) -> tuple[int, int]:
    minute = _SPOKEN_MINUTES[match["spoken"]]
    word = match["word"]
    hour = int(word) if word.isdigit() else 1 + _HOURS.index(word)
    to = match["spoken"].endswith("to")
    half = match["word_half"]
    if half is None and hour <= _NOON:
        early = (hour - to) % _NOON
        raise ValueError(f"This could be {early:02}:{minute:02} or {early + _NOON:02}:{minute:02}.")
    return (_of_half(hour, half) - to) % _DAY_HOURS, minute


def _is_date(plain: str, today: date) -> bool:
    try:
        read_date(plain, today, ahead=False)
    except ValueError:
        return False
    return True


def _split(plain: str, today: date, *, ahead: bool) -> tuple[date, re.Match[str]]:
    """Return the day and the time of day of what was typed, in whichever order."""
    if _DAY_OR_CLOCK.fullmatch(plain):
        raise ValueError(f"This may be a day or a time of day: {plain.replace('.', ':')}.")
    if match := _TIME_ALONE.fullmatch(plain):
        if not (match["four"] and _YEAR.fullmatch(plain)):
            return today, match
    # first, or the year of "23 nov 2026" would be read as 20:26
    elif _is_date(plain, today):
        raise ValueError("The time of day is missing.")
    elif match := _DATE_FIRST.fullmatch(plain):
        late = _TIME_FIRST.fullmatch(plain)
        if late and not _is_date(match["date"], today) and _is_date(late["date"], today):
            match = late
        return read_date(match["date"], today, ahead=ahead), match
    elif match := _TIME_FIRST.fullmatch(plain):
        return read_date(match["date"], today, ahead=ahead), match
    read_date(plain, today, ahead=ahead)
    raise ValueError("The time of day is missing.")


def _read_time(plain: str, now: datetime, *, ahead: bool) -> datetime:
    if plain == "now":
        return now.replace(microsecond=0)
    here = in_london(now)
    day, match = _split(plain, here.date(), ahead=ahead)
    hour, minute, second = _time_of_day(match)
    try:
        reading = datetime(  # noqa: DTZ001 - a reading of the wall clock, placed below
            day.year, day.month, day.day, hour, minute, second
        )
    except ValueError:
        raise ValueError(
            f"There is no time of day {hour}:{minute:02}; the clock runs from 00:00 to 23:59."
        ) from None
    if "date" not in match.groupdict():
        _refuse_other_evening(here, hour, minute)
    zone = match["zone"] or ""
    offset = _zone_offset(zone) if zone else None
    return reading.replace(tzinfo=offset) if offset else _london_instant(reading, zone)


def _refuse_other_evening(here: datetime, hour: int, minute: int) -> None:
    """Ask which evening is meant when one is named in the small hours without a day."""
    if here.hour < _NIGHT_ENDS and hour >= _EVENING_BEGINS:
        clock = f"{hour:02}:{minute:02}"
        raise ValueError(f"This could be yesterday {clock} or today {clock}.")


def _refuse_moving(plain: str) -> None:
    """Refuse a date that means another day whenever it is read again."""
    if not is_fixed(plain):
        raise ValueError(_NOT_FIXED)


def parse_date(
    text: str, *, today: date, ahead: bool = False, fixed: bool = False, past: bool = False
) -> date:
    """Read a date as a person types it.

    Args:
        text: One of ``2026-11-23``, ``23/11/2026``, ``23/11/26``, ``23 Nov 2026``,
            ``Mon 23 November 2026``; ``today``, ``yesterday``, ``tomorrow``, ``-30d``, ``+7``,
            ``+2w``, ``in 2 weeks``, ``3 days ago``; ``mon`` (the last one; today counts), ``last
            mon``, ``this mon``, ``next mon``; or without its year ``23/11`` and ``23 Nov`` (the
            nearest; asked about if that is months off). A year of two digits is at most four years
            ahead, else in the past: 31 is 1931.
        today: Today's date, which the words and ``-30d`` count from.
        ahead: Whether ``mon`` is the coming one, as for a day on which something is due.
        fixed: Whether to refuse what means another day whenever it is read again, as in a file.
        past: Whether a year of two digits is always in the past, as for a day of birth.

    Returns:
        The date, in the years 1900 to 2200.

    Raises:
        NotRead: With a plain sentence that says what is wrong, or which two days it could be,
            and how a date is written.
    """
    plain = _plain(text)
    try:
        found = read_date(plain, today, ahead=ahead, past=past)
        if fixed:
            _refuse_moving(plain)
    except ValueError as error:
        raise NotRead(text.strip(), str(error), DATE_HINT) from None
    return found


def parse_time(text: str, *, now: datetime, ahead: bool = False, fixed: bool = False) -> datetime:
    """Read a time as a person types it (domain rule 3).

    Args:
        text: ``now``; any date of :func:`parse_date` with a time of day before or after it, ``23/11
            14:20``, ``2:20pm yesterday``; a time of day alone, which is today's; in Europe/London,
            with BST or GMT where that reading comes twice; or ISO 8601 with an offset or Z. A time
            of day is ``14:20``, ``14.20``, ``1420``, ``2:20pm``, ``2pm``, ``noon`` or ``half past 2
            pm``.
        now: The present instant, with its offset.
        ahead: As for a date.
        fixed: As for a date.

    Returns:
        The instant to the second, with the fixed offset of Europe/London at that time.

    Raises:
        NotRead: With a plain sentence: not a time, one that could be two, a reading that comes
            twice or never, or a ``now`` without offset.
    """
    plain = _plain(text)
    try:
        found = with_fixed_offset(_read_time(plain, now, ahead=ahead))
        if fixed:
            match = _DATE_FIRST.fullmatch(plain)
            _refuse_moving(match["date"] if match else "")
    except ValueError as error:
        # somebody who types a time is not to be told of dates
        unlike = plain and isinstance(error, NotADate)
        why = "This is not a time." if unlike else str(error)
        raise NotRead(text.strip(), why, _TIME_HINT) from None
    return found
