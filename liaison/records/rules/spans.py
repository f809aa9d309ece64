"""A period cut into as many equal parts as a chart has room for."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Final

from liaison.records.rules.days import add_months

MOST: Final = 12
"""Parts that a chart shows beside each other at most."""
_HALF: Final = 15  # days of a month
_STEPS: Final = (1, 3, 12, 24, 60, 120, 600, 1_200, 12_000)
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """A part of a period.

    Args:
        label: The few letters under its column.
        start: Its first day.
        end: Its last day, counted in.
    """

    label: str
    start: date
    end: date


@dataclasses.dataclass(frozen=True, slots=True)
class Spans:
    """A period in parts.

    Args:
        parts: The parts, the first one first; only the last may be shorter than the others.
        words: What one of them is: ``month``, ``quarter``, ``year``, ``2 years``.
    """

    parts: tuple[Span, ...]
    words: str

    def place(self, day: date) -> int | None:
        """Return which part a day lies in; None if it lies outside."""
        for place, part in enumerate(self.parts):
            if part.start <= day <= part.end:
                return place
        return None


def spans(start: date, end: date, most: int = MOST) -> Spans:
    """Cut a period into months, or into quarters or years where these would be too many.

    A month goes from a day to the day before that day of the next month, so a year that ends today
    is twelve of them.

    Args:
        start: The period's first day.
        end: Its last day, counted in.
        most: How many parts there may be.
    """
    for months in _STEPS:
        parts = _cut(start, end, months, most)
        if parts:
            return Spans(parts, _words(months))
    return Spans((Span("", start, end),), "period")


def _cut(start: date, end: date, months: int, most: int) -> tuple[Span, ...]:
    found: list[Span] = []
    first = start
    while first <= end:
        if len(found) == most:
            return ()
        try:
            after = add_months(start, months * (len(found) + 1))
        except ValueError:
            # the calendar ends before the part does
            found.append(Span(_label(first, end, months), first, end))
            break
        last = end if after > end else after - timedelta(days=1)
        found.append(Span(_label(first, last, months), first, last))
        if last >= end:
            break
        first = after
    return tuple(found)


def _words(months: int) -> str:
    years = months // 12
    if months < 12:  # noqa: PLR2004  # a year
        return "month" if months == 1 else "quarter"
    return "year" if years == 1 else f"{years} years"


def _label(first: date, last: date, months: int) -> str:
    # a part that begins late in a month lies mostly in the next one
    late = first.day > _HALF and (last - first).days > _HALF
    day = first + timedelta(days=_HALF) if late else first
    if months >= 12:  # noqa: PLR2004  # a year
        return str(first.year)
    month = _MONTHS[day.month - 1]
    return month if months == 1 else f"{month} {day.year % 100:02}"
