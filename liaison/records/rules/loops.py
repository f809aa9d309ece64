"""Open loops: what has no outcome yet, how long it has been open, and how pressing it is (need N8).

Nothing here closes anything: a loop is open until somebody recorded what came of it.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from liaison.records.rules import chasing, concerns

LoopState: TypeAlias = Literal["ok", "due", "late"]

_NEAR: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Band:
    """Ages that are counted and shown together.

    Attributes:
        most: Up to so many days; None for no end.
        words: The ages as a heading: "31 to 90 days".
        short: The same under a column: "31-90", with a dash.
        state: How what is this old stands if no day is expected for it.
    """

    most: int | None
    words: str
    short: str
    state: LoopState


BANDS: Final = (
    Band(7, "Up to 7 days", "0\N{EN DASH}7", "ok"),
    Band(14, "8 to 14 days", "8\N{EN DASH}14", "ok"),
    Band(30, "15 to 30 days", "15\N{EN DASH}30", "due"),
    Band(90, "31 to 90 days", "31\N{EN DASH}90", "due"),
    Band(None, "Over 90 days", "over 90", "late"),
)
"""The bands, from the youngest."""


_LIMITS: Final = tuple(one.most for one in BANDS if one.most is not None)


def band(days: int) -> Band:
    """Return the band of an age in days."""
    return BANDS[bisect_left(_LIMITS, days)]


def state(days: int, due: dt.date | None, on: dt.date) -> LoopState:
    """Tell how pressing something open is, by its own expected day, else by its age alone.

    Args:
        days: How long it has been open.
        due: The day by which an outcome is expected; None if nobody said.
        on: The day to look at.

    Returns:
        ``late`` after the expected day, ``due`` on it and on the day before, else ``ok``.
    """
    if due is None:
        return band(days).state
    if on > due:
        return "late"
    return "due" if due - on <= _NEAR else "ok"


def concern_due(raised: dt.date, urgency: str | None) -> dt.date | None:
    """Return the day by which an answer to a concern is expected: its own day, if it presses.

    Args:
        raised: The day it was raised.
        urgency: ``routine``, ``today`` or ``now``.
    """
    return raised if urgency in concerns.PRESSING else None


def referral_due(
    sent: dt.date, threshold: int | None, typical: int | None, next_chase: dt.date | None
) -> dt.date | None:
    """Return the day by which a referral should have come to something.

    Args:
        sent: The day it was sent.
        threshold: After so many days it is too long, for this very referral.
        typical: The service's typical wait in days, where there is no threshold.
        next_chase: The day somebody is to ask after it, which is all there is to go by otherwise.
    """
    usual = chasing.limit_of(typical, threshold)
    if not usual:
        return next_chase
    try:
        return sent + dt.timedelta(days=usual)
    except OverflowError:
        # a wait typed with too many digits ends after the calendar does
        return None


def begun(written: dt.date, due: dt.date | None) -> dt.date:
    """Return since when an action has been open, which has no day of its own for that.

    Args:
        written: The day it was written down.
        due: The day it is due, if any: by then it was there, though it was written down later.
    """
    return written if due is None else min(written, due)
