"""How a date stands that somebody has to keep: past, soon, ahead, or never said."""

from __future__ import annotations

from datetime import date
from typing import Literal

Standing = Literal["late", "due", "ok", "none"]


def standing(day: date | None, on: date, soon: int) -> Standing:
    """Return how a day stands that is the last good one, or the day something is to be done by.

    Args:
        day: The day; None: nobody said.
        on: The present day.
        soon: How many days before it is to be thought of.
    """
    if day is None:
        return "none"
    left = (day - on).days
    if left < 0:
        return "late"
    return "due" if left <= soon else "ok"
