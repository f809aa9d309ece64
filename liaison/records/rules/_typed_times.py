"""Dates and times as people type them. Used through :mod:`liaison.records.rules.times`."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Final

from liaison.records.rules._london import in_london, instants, with_fixed_offset

_DATE_HINT: Final = (
    "Write a date as 2026-11-23, 23/11/2026, 23/11/26, 23 Nov 2026, today, yesterday, tomorrow, "
    "-30d (30 days ago) or +7d (in 7 days)."
)
_TIME_HINT: Final = (
    "Write a time as 2026-11-23 14:20, 23/11/2026 14:20, 23 Nov 2026 14:20, today 14:20, "
    "yesterday 14:20, now, or with an offset as 2026-11-23T14:20+00:00."
)

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2200
# "26" means 2026, but "31" is far likelier to be a resident's year of birth than a day in 2031.
_TWO_DIGIT_YEARS_AHEAD: Final = 4
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMED_DAYS: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}

_RELATIVE: Final = re.compile(r"([+-][0-9]{1,6})d")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})([/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_IN_WORDS: Final = re.compile(
    r"(?:(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
    r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)? (?P<month>[a-z]{3,9}),? (?P<year>[0-9]{4}|[0-9]{2})"
)
_TIME: Final = re.compile(
    r"(?P<date>.+?)(?:, ?| |t)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?(?: ?(?P<zone>[a-z]{1,4}|[+-][0-9]{2}:?[0-9]{2}))?"
)


def _plain(text: str) -> str:
    """Bring typed text to lower case with single spaces and an ordinary minus sign."""
    return " ".join(text.split()).casefold().replace("\N{MINUS SIGN}", "-")


def _calendar_date(year: int, month: int, day: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"The year {year} is not between {_FIRST_YEAR} and {_LAST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"There is no day {day} in month {month} of {year}.") from None


def _full_year(digits: str, today: date) -> int:
    if len(digits) == 4:  # noqa: PLR2004
        return int(digits)
    year = today.year // 100 * 100 + int(digits)
    return year - 100 if year > today.year + _TWO_DIGIT_YEARS_AHEAD else year


def _days_from(today: date, days: int) -> date:
    try:
        found = today + timedelta(days=days)
    except OverflowError:
        raise ValueError(f"{days} days from today is outside the calendar.") from None
    return _calendar_date(found.year, found.month, found.day)


def _date_in_words(match: re.Match[str], today: date) -> date:
    name = match["month"]
    month = next((n for n, full in enumerate(_MONTHS, 1) if full.startswith(name)), None)
    if month is None:
        raise ValueError(f"“{name}” is not a month.")
    found = _calendar_date(_full_year(match["year"], today), month, int(match["day"]))
    weekday = _WEEKDAYS[found.weekday()]
    # A weekday that does not fit means the day or the month is mistyped: better asked than guessed.
    if match["weekday"] and not weekday.startswith(match["weekday"]):
        raise ValueError(f"That date is a {weekday.capitalize()}.")
    return found


def _read_date(plain: str, today: date) -> date:
    if plain in _NAMED_DAYS:
        return _days_from(today, _NAMED_DAYS[plain])
    if match := _RELATIVE.fullmatch(plain):
        return _days_from(today, int(match[1]))
    if match := _ISO.fullmatch(plain):
        return _calendar_date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(plain):
        return _calendar_date(_full_year(match[4], today), int(match[3]), int(match[1]))
    if match := _IN_WORDS.fullmatch(plain):
        return _date_in_words(match, today)
    raise ValueError("This is not a date." if plain else "The date is empty.")


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


def _read_time(plain: str, now: datetime) -> datetime:
    if plain == "now":
        return now.replace(microsecond=0)
    today = in_london(now).date()
    match = _TIME.fullmatch(plain)
    if match is None:
        _read_date(plain, today)  # If the date is wrong as well, that is the first thing to say.
        raise ValueError("The time of day is missing.")
    day = _read_date(match["date"], today)
    clock = f"{match['hour']}:{match['minute']}"
    try:
        reading = datetime(  # noqa: DTZ001 - a reading of the wall clock, placed below
            day.year, day.month, day.day,
            int(match["hour"]), int(match["minute"]), int(match["second"] or 0),
        )  # fmt: skip
    except ValueError:
        raise ValueError(
            f"There is no time of day {clock}; the clock runs from 00:00 to 23:59."
        ) from None
    zone = match["zone"] or ""
    offset = _zone_offset(zone) if zone else None
    return reading.replace(tzinfo=offset) if offset else _london_instant(reading, zone)


def parse_date(text: str, *, today: date) -> date:
    """Read a date as a person types it.

    Args:
        text: One of ``2026-11-23``, ``23/11/2026``, ``23/11/26``, ``23 Nov 2026``,
            ``Mon 23 November 2026``, ``today``, ``yesterday``, ``tomorrow``, ``-30d`` and ``+7d``.
            A year of two digits is at most four years ahead, else in the past: 31 is 1931.
        today: Today's date, which the words and ``-30d`` count from.

    Returns:
        The date, in the years 1900 to 2200.

    Raises:
        ValueError: With a plain sentence that says what is wrong and how a date is written.
    """
    try:
        return _read_date(_plain(text), today)
    except ValueError as error:
        raise ValueError(f"“{text.strip()}”: {error} {_DATE_HINT}") from None


def parse_time(text: str, *, now: datetime) -> datetime:
    """Read a time as a person types it (domain rule 3).

    Args:
        text: ``now``; any date of :func:`parse_date` followed by a time of day, ``23/11/2026
            14:20``, in Europe/London, with BST or GMT where that reading comes twice; or ISO 8601
            with an offset or Z.
        now: The present instant, with its offset.

    Returns:
        The instant to the second, with the fixed offset of Europe/London at that time.

    Raises:
        ValueError: With a plain sentence: not a time, a reading that comes twice or never, or a
            ``now`` without offset.
    """
    try:
        return with_fixed_offset(_read_time(_plain(text), now))
    except ValueError as error:
        raise ValueError(f"“{text.strip()}”: {error} {_TIME_HINT}") from None
