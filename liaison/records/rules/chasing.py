"""When a wait has become too long, and when a service is to be asked again (domain need N9)."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, TypeAlias

from liaison.records.rules.working_days import add_working_days

Length: TypeAlias = Literal["no usual wait known", "within the usual wait", "past the usual wait",
                            "too long"]  # fmt: skip

SOON: Final = 5
"""Working days until a service is asked again that lets somebody wait too long."""
LATER: Final = 10
"""Working days until any other service is asked again."""
NO_REPLY: Final = "Chased, no reply"
"""What is written when nobody answered and nothing more is said."""


def came_of(result: str | None) -> str:
    """Return what came of asking, for a line that says already that somebody was chased.

    Args:
        result: What was written; None for nothing.
    """
    return (result or "").removeprefix(f"{NO_REPLY.partition(', ')[0]}, ")


def limit_of(usual: int | None, threshold: int | None) -> int | None:
    """Return after how many days a wait is too long.

    Args:
        usual: The typical wait of the service, in days; None or 0 if nobody knows it.
        threshold: What was agreed for this one referral, in days, which goes before it.
    """
    return threshold or usual or None


def length(days: int, usual: int | None, threshold: int | None) -> Length:
    """Say how a wait compares with what is usual and with what was agreed.

    Args:
        days: Calendar days waited so far.
        usual: As for :func:`limit_of`.
        threshold: As for :func:`limit_of`.

    Returns:
        A wait is too long beyond the agreed threshold; without one, beyond the usual wait. On the
        very day it is not yet too long.
    """
    limit = limit_of(usual, threshold)
    if limit is None:
        return "no usual wait known"
    if days > limit:
        return "too long"
    return "past the usual wait" if usual and days > usual else "within the usual wait"


def next_chase(on: date, days: int, usual: int | None, threshold: int | None) -> date:
    """Suggest when to ask a service again.

    Args:
        on: The day it was asked.
        days: Calendar days waited so far.
        usual: As for :func:`limit_of`.
        threshold: As for :func:`limit_of`.

    Returns:
        Five working days on if the wait is past what is usual or agreed, else ten.
    """
    long = length(days, usual, threshold) in {"past the usual wait", "too long"}
    return add_working_days(on, SOON if long else LATER)


def next_chase_problem(day: date, on: date) -> str | None:
    """Say what is wrong with a day on which to ask again; None if nothing is.

    Args:
        day: The day somebody wants.
        on: The present day.
    """
    return "That day is past: the next chase lies ahead." if day < on else None
