"""Working days in England and Wales (domain rule 2).

A working day is any day but Saturday, Sunday and the bank holidays of England and Wales (England's
list, which is also that of Wales). The holidays come from the ``holidays`` library.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from liaison.records.rules.times import show_date

KNOWN_UNTIL: Final = date(2027, 12, 31)
"""The last day for which the list of bank holidays can be called known.

The library works out the yearly ones up to 2100, but a jubilee, a state funeral or a moved May Day
is proclaimed only a year or two before. This is the end of the year after the library's release
(0.109, November 2026). When the library is upgraded, compare its list with
https://www.gov.uk/bank-holidays and move this date.
"""

_LIBRARY_ENDS: Final = 2100
_SATURDAY: Final = 5


@lru_cache(maxsize=256)
def _bank_holidays(year: int) -> frozenset[date]:
    # Imported late: the library is slow to load and a program that only shows a list needs none.
    from holidays import country_holidays

    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


def is_bank_holiday(day: date) -> bool:
    """Tell whether a day is a bank holiday in England and Wales, substitute days included."""
    return day in _bank_holidays(day.year)


def is_working_day(day: date) -> bool:
    """Tell whether a day is neither Saturday, Sunday nor a bank holiday (domain rule 2)."""
    return day.weekday() < _SATURDAY and not is_bank_holiday(day)


def add_working_days(start: date, n: int) -> date:
    """Count working days on from a day (domain rule 2).

    Args:
        start: The day something happened; it is not itself counted, working day or not.
        n: How many working days to count, 0 or more.

    Returns:
        The n-th working day after ``start``: 06/11/2026 + 7 is 17/11/2026. With 0, ``start``.

    Raises:
        ValueError: ``n`` is negative.
    """
    if n < 0:
        raise ValueError(f"Working days are counted forwards only, not {n}.")
    day = start
    for _ in range(n):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def working_days_between(start: date, end: date) -> int:
    """Count the working days after one day, up to and including another (domain rule 2).

    It is the inverse of :func:`add_working_days`: Friday to the Monday after it is 1.

    Args:
        start: The first day, not counted.
        end: The last day, counted if it is a working day.

    Returns:
        The number of working days; negative when ``end`` is before ``start``.
    """
    if end < start:
        return -working_days_between(end, start)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day) for day in days)


def known_until() -> date:
    """Give the last day for which every bank holiday is known."""
    return KNOWN_UNTIL


def holiday_warning(day: date) -> str | None:
    """Warn that a date lies beyond the known bank holidays (domain rule 2).

    Args:
        day: A date that was worked out by counting working days.

    Returns:
        A plain sentence for a day after :func:`known_until`, else None.
    """
    if day <= KNOWN_UNTIL:
        return None
    if day.year > _LIBRARY_ENDS:
        return f"Bank holidays after {_LIBRARY_ENDS} are not known; only weekends were skipped."
    return (
        f"Bank holidays are known up to {show_date(KNOWN_UNTIL)}. Later ones are worked out from "
        "the usual rules; an extra one may still be announced, so check this date nearer the time."
    )
