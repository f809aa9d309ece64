"""The home's wall clock and the words for it, without loading anything else.

The unlock window shows them before the rest of Liaison is loaded; what is shown of records goes
through :mod:`liaison.records.rules.times`.
"""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

_LONDON: Final = ZoneInfo("Europe/London")
# strftime would take these from the computer's language; the home's record is in English.
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NOON: Final = 12
_EVENING: Final = 18


def now() -> dt.datetime:
    """Return the present moment in Europe/London."""
    return dt.datetime.now(_LONDON)


def in_london(moment: dt.datetime) -> dt.datetime:
    """Return a moment as the home's wall clock shows it."""
    return moment.astimezone(_LONDON)


def hour(moment: dt.datetime) -> str:
    """Return the time of day: ``07:42``; with BST or GMT in the hour that comes twice."""
    shown = f"{moment.hour:02}:{moment.minute:02}"
    twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    return f"{shown} {moment.tzname()}" if twice else shown


def day_in_text(day: dt.date) -> str:
    """Return a date as it stands in a sentence: ``18 November 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def whole_day(day: dt.date) -> str:
    """Return a date with its weekday: ``Wednesday 18 November 2026``."""
    return f"{_DAYS[day.weekday()]} {day_in_text(day)}"


def short_day(day: dt.date) -> str:
    """Return a date as it stands in lists: ``Wed 18 Nov 2026``."""
    return f"{_DAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def ago(moment: dt.datetime, today: dt.date) -> str:
    """Return when something was: ``today at 06:00``, ``yesterday at 14:55``, else with its date."""
    local = in_london(moment)
    days = (today - local.date()).days
    at = f"at {hour(local)}"
    if days == 0:
        return f"today {at}"
    if days == 1:
        return f"yesterday {at}"
    return f"on {day_in_text(local.date())} {at}"


def greeting(moment: dt.datetime) -> str:
    """Return the greeting of the time of day."""
    if moment.hour < _NOON:
        return "Good morning"
    return "Good afternoon" if moment.hour < _EVENING else "Good evening"
