"""Dates as people type them. Used through :mod:`liaison.records.rules.times`.

What could mean two days is asked about, with both of them named, never guessed.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from liaison.records.rules.days import add_months, show_date

DATE_HINT: Final = (
    "Write a date as 22/11/2026, 22/11/26, 22 Nov 2026, 22 Nov, mon, last mon, today, yesterday, "
    "tomorrow, -30d (30 days ago), +7d (in 7 days) or in 2 weeks."
)


class NotADate(ValueError):
    """What was typed is nothing like a date."""


class NotRead(ValueError):
    """What was typed cannot be read, in its parts, for who says them in other words.

    Args:
        typed: What was typed.
        why: What is wrong with it, in sentences.
        how: How it is written.
    """

    def __init__(self, typed: str, why: str, how: str) -> None:
        super().__init__(f"“{typed}”: {why} {how}")
        self.typed, self.why, self.how = typed, why, how


_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2200
# "26" means 2026, but "31" is far likelier to be a resident's year of birth than a day in 2031.
_TWO_DIGIT_YEARS_AHEAD: Final = 4
# Without a year the nearest day of that name is meant; further off than this it may be either.
_NEAR_DAYS: Final = 120
_WEEK: Final = 7
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMED_DAYS: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}
_FEW: Final = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

_WEEKDAY: Final = r"(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?P<full>day)?"
_RELATIVE: Final = re.compile(r"([+-][0-9]{1,6}) ?(d|w|m|days?|weeks?|months?)?")
_COUNTED: Final = re.compile(
    rf"(?P<ahead>in )?(?P<number>[0-9]{{1,6}}|{'|'.join(_FEW)}) (?P<unit>day|week|month)s?"
    r"(?P<ago> ago)?"
)
_ONE_WEEKDAY: Final = re.compile(rf"(?:(?P<which>last|this|next|on) )?{_WEEKDAY}")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
# a dot would be a time of day: 9.30
_NO_YEAR: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})")
_IN_WORDS: Final = re.compile(
    rf"(?:{_WEEKDAY},? )?(?:the )?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? ?"
    r"(?P<month>[a-z]{3,9})(?:,? (?P<year>[0-9]{4}|[0-9]{2}))?"
)


def is_fixed(plain: str) -> bool:
    """Tell whether a typed date means the same on whichever day it is read."""
    words = _IN_WORDS.fullmatch(plain)
    has_year = words is not None and words["year"] is not None
    return bool(has_year or _ISO.fullmatch(plain) or _DAY_FIRST.fullmatch(plain))


def read_date(plain: str, today: date, *, ahead: bool, past: bool = False) -> date:
    """Read a date in lower case with single spaces.

    Args:
        plain: What was typed.
        today: The day it was typed on.
        ahead: Whether a weekday alone is the coming one instead of the last one.
        past: Whether a year of two digits is never one that makes the day lie ahead.

    Raises:
        ValueError: It is not a date, or could be two; says so without saying how one is written.
    """
    if plain in _NAMED_DAYS:
        return _days_from(today, _NAMED_DAYS[plain])
    if match := _RELATIVE.fullmatch(plain):
        return _units_from(today, int(match[1]), match[2] or "d")
    if (match := _COUNTED.fullmatch(plain)) and bool(match["ahead"]) != bool(match["ago"]):
        number = _FEW.get(match["number"]) or int(match["number"])
        return _units_from(today, -number if match["ago"] else number, match["unit"])
    if match := _ONE_WEEKDAY.fullmatch(plain):
        return _weekday(match, today, ahead=ahead)
    if match := _ISO.fullmatch(plain):
        return _calendar_date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(plain):
        if match[2] == "-" and len(match[4]) == 2:  # noqa: PLR2004  # 23-11-26 may be of 2023
            raise ValueError("This may begin with the day or with the year.")
        return _with_year(match[4], int(match[3]), int(match[1]), today, past=past)
    if match := _NO_YEAR.fullmatch(plain):
        return _nearest(int(match[2]), int(match[1]), today)
    if match := _IN_WORDS.fullmatch(plain):
        return _date_in_words(match, today, past=past)
    raise NotADate("This is not a date." if plain else "The date is empty.")


def _calendar_date(year: int, month: int, day: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"The year {year} is not between {_FIRST_YEAR} and {_LAST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"There is no day {day} in month {month} of {year}.") from None


def _with_year(digits: str, month: int, day: int, today: date, *, past: bool) -> date:
    if len(digits) == 4:  # noqa: PLR2004
        return _calendar_date(int(digits), month, day)
    year = today.year // 100 * 100 + int(digits)
    if past:
        lies_ahead = (year, month, day) > (today.year, today.month, today.day)
    else:
        lies_ahead = year > today.year + _TWO_DIGIT_YEARS_AHEAD
    return _calendar_date(year - 100 if lies_ahead else year, month, day)


def _days_from(today: date, days: int) -> date:
    try:
        found = today + timedelta(days=days)
    except OverflowError:
        raise ValueError(f"{days} days from today is outside the calendar.") from None
    return _calendar_date(found.year, found.month, found.day)


def _units_from(today: date, number: int, unit: str) -> date:
    if not unit.startswith("m"):
        return _days_from(today, number * (_WEEK if unit.startswith("w") else 1))
    found = add_months(today, number)
    return _calendar_date(found.year, found.month, found.day)


def _weekday(match: re.Match[str], today: date, *, ahead: bool) -> date:
    """Read a weekday: alone the last or the coming one, today's being today."""
    which = match["which"]
    wanted = _weekday_number(match["weekday"])
    on = (wanted - today.weekday()) % _WEEK
    if which == "last":
        return _days_from(today, on - _WEEK)
    if which == "next":
        coming = _days_from(today, on or _WEEK)
        if on and wanted > today.weekday():
            # some people mean this week's, some the one of the week after
            raise _either(coming, _days_from(coming, _WEEK))
        return coming
    if which == "this" or ahead:
        return _days_from(today, on)
    return _days_from(today, on - _WEEK if on else 0)


def _weekday_number(word: str) -> int:
    return next(n for n, full in enumerate(_WEEKDAYS) if full.startswith(word))


def _either(one: date, other: date) -> ValueError:
    return ValueError(f"This could be {show_date(one)} or {show_date(other)}.")


def _nearest(month: int, day: int, today: date) -> date:
    """Return the day of that name that is near; ask for the year if none clearly is."""
    if (month, day) == (2, 29):
        # in three years of four there is none, and the nearest one may be far off
        raise ValueError("The year is missing.")
    found = [_calendar_date(year, month, day) for year in _years_around(today)]
    if not found:
        # a clock that stands far outside the calendar
        raise ValueError("The year is missing.")
    found.sort(key=lambda other: abs(other - today))
    if abs(found[0] - today).days > _NEAR_DAYS:
        raise _either(*sorted(found[:2]))
    return found[0]


def _years_around(today: date) -> list[int]:
    years = (today.year - 1, today.year, today.year + 1)
    return [year for year in years if _FIRST_YEAR <= year <= _LAST_YEAR]


def _date_in_words(match: re.Match[str], today: date, *, past: bool) -> date:
    name = match["month"]
    month = next((n for n, full in enumerate(_MONTHS, 1) if full.startswith(name)), None)
    if month is None:
        raise ValueError(f"“{name}” is not a month.")
    if match["year"]:
        found = _with_year(match["year"], month, int(match["day"]), today, past=past)
    else:
        found = _nearest(month, int(match["day"]), today)
    weekday = _WEEKDAYS[found.weekday()]
    # A weekday that does not fit means the day or the month is mistyped: better asked than guessed.
    if match["weekday"] and not weekday.startswith(match["weekday"]):
        raise ValueError(f"That date is a {weekday.capitalize()}.")
    return found
