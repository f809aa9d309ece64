"""How long somebody has waited to be seen (domain rule 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

WaitState: TypeAlias = Literal["not sent yet", "waiting", "seen", "closed"]


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait as it stood on one day.

    Attributes:
        days: Calendar days waited up to then, or until the clock stopped.
        state: ``not sent yet``; ``waiting``; or what stopped the clock: the resident was ``seen``,
            or the referral was ``closed`` before that.
    """

    days: int
    state: WaitState


def waited_days(sent: date, until: date) -> int:
    """Count the calendar days of a wait (domain rule 5).

    Args:
        sent: The day the referral was sent, counted as day 0.
        until: The day it is counted up to.

    Returns:
        The days: 18/05/2026 to 18/11/2026 is 184. Never negative.
    """
    return max(0, (until - sent).days)


def wait(sent: date, first_seen: date | None, closed_on: date | None, on: date) -> Wait:
    """Tell how long a referral had waited, as it stood on a day (domain rule 5).

    The clock stops on the day the resident was first seen or the referral was closed, whichever
    came first. What happened after ``on`` had not happened yet: a resident first seen later was
    still waiting that day.

    Args:
        sent: The day the referral was sent.
        first_seen: The day the resident was first seen, if ever.
        closed_on: The day the referral was closed, if ever.
        on: The day to look at.

    Returns:
        The days and the state. A referral seen and closed on one day counts as seen.
    """
    if on < sent:
        return Wait(0, "not sent yet")
    seen = first_seen if first_seen is not None and first_seen <= on else None
    closed = closed_on if closed_on is not None and closed_on <= on else None
    if seen is not None and (closed is None or seen <= closed):
        return Wait(waited_days(sent, seen), "seen")
    if closed is not None:
        return Wait(waited_days(sent, closed), "closed")
    return Wait(waited_days(sent, on), "waiting")
