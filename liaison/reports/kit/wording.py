"""Words every report needs: dates in full, periods, numbers with their noun, sums in words."""

from __future__ import annotations

import datetime as dt
from typing import Final

from liaison.records.rules.times import show_plain_date, show_time
from liaison.reports.spec import Naming

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MINUTE: Final = dt.timedelta(minutes=1)
_HOUR: Final = dt.timedelta(hours=1)
_DAY: Final = dt.timedelta(days=1)


def long_date(day: dt.date) -> str:
    """Show a date in full: ``22 November 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month(day: dt.date) -> str:
    """Show the month a day lies in: ``November 2026``."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def day_and_month(day: dt.date) -> str:
    """Show a date whose year is plain from where it stands: ``24 Nov``."""
    return show_plain_date(day).rpartition(" ")[0]


def clock(at: dt.datetime) -> str:
    """Show the time of day, with BST or GMT where the clock shows it twice (domain rule 3)."""
    return show_time(at).partition(", ")[2]


def period(start: dt.date, end: dt.date) -> str:
    """Show a period for the foot of a page: ``1 Nov 2025 to 31 Oct 2026``."""
    if start == end:
        return show_plain_date(start)
    return f"{show_plain_date(start)} to {show_plain_date(end)}"


def long_period(start: dt.date, end: dt.date) -> str:
    """Show a period in full: ``1 November 2025 to 31 October 2026``."""
    return long_date(start) if start == end else f"{long_date(start)} to {long_date(end)}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Show a number with its noun: ``1 visit``, ``1,204 visits``; no line ends between them."""
    return f"{number:,}\u00a0{noun if number == 1 else plural or noun + 's'}"


def listed(words: list[str]) -> str:
    """Join words as in a sentence: ``a, b and c``."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def ago(span: dt.timedelta) -> str:
    """Show how long something took, roughly: ``40 min``, ``2 h``, ``3 days``."""
    minutes, hours = max(0, round(span / _MINUTE)), round(span / _HOUR)
    # by what would be printed: 59 and a half minutes are an hour, 23 and a half hours a day
    if minutes * _MINUTE < _HOUR:
        return f"{minutes}\u00a0min"
    if hours * _HOUR < _DAY:
        return f"{hours}\u00a0h"
    return counted(round(span / _DAY), "day")


def per_cent(part: int, whole: int) -> str:
    """Show a share of at least one in whole per cent: half rounds up, and only all are ``100 %``."""
    shown = (200 * part + whole) // (2 * whole)
    return f"{shown if part == whole else min(shown, 99)} %"


_NAMED: Final = {
    "full": "",
    "initials": "Residents are named by initials and room.",
    "letters": "Each resident has a letter, the same one throughout.",
}
_NOTES: Final = "Names typed inside notes are not changed."


def named(names: Naming) -> str:
    """Say how a copy names residents, and what it cannot promise; nothing of one with names."""
    return "" if names == "full" else f" {_NAMED[names]} {_NOTES}"


def named_shortly(names: Naming) -> str:
    """Say how a copy names residents in the few words a page's foot has for it."""
    return {"full": "", "initials": ", residents by initials", "letters": ", residents by letters"}[
        names
    ]
