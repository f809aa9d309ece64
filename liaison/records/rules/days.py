"""A day of the calendar: how it is shown to a person, and the same day some months on."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import Final

# strftime would take these from the computer's language; the home's record is in English.
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def show_plain_date(day: date) -> str:
    """Show a date without its weekday, as for a birthday: ``3 Feb 1931``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


@lru_cache(maxsize=4_096)  # a list says the same days over and over
def show_date(day: date) -> str:
    """Show a date to a person: ``Mon 23 Nov 2026``."""
    return f"{_DAYS[day.weekday()]} {show_plain_date(day)}"


def add_months(day: date, months: int) -> date:
    """Move a date on by whole months, keeping to the end of a shorter month.

    Args:
        day: The date to start from.
        months: How many months to add; negative goes back.

    Returns:
        The same day of the later month, or that month's last day where it has no such day:
        31/01/2027 + 1 month is 28/02/2027.

    Raises:
        ValueError: The result lies outside the calendar (years 1 to 9999).
    """
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    month = month_index + 1
    # The year is tested first: monthrange gives a puzzling error for a year that does not exist.
    if not date.min.year <= year <= date.max.year:
        raise ValueError(f"{months} months from {day.isoformat()} is outside the calendar.")
    return date(year, month, min(day.day, monthrange(year, month)[1]))
