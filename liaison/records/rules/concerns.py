"""How a concern or a query stands: whose turn it is, and whether it has waited too long (need N7).

A state is never stored: it follows from what was answered, read and closed, and when.
"""

from __future__ import annotations

import datetime as dt
import enum
from typing import Final

from liaison.records.rules import times

NOW: Final = "now"
TODAY: Final = "today"
PRESSING: Final = frozenset({NOW, TODAY})
"""What cannot wait for the next round."""


class State(enum.Enum):
    """Whose turn it is."""

    WAITING = "No answer yet"
    ANSWERED = "Answered, not read yet"
    READ = "Answered and read"
    CLOSED = "Closed"


def state_of(
    answered_at: dt.datetime | None,
    acknowledged_at: dt.datetime | None,
    closed_at: dt.datetime | None,
    until: dt.datetime | None = None,
) -> State:
    """Tell how a concern stood at a moment.

    Args:
        answered_at: When it was answered, if ever.
        acknowledged_at: When whoever raised it read the answer.
        closed_at: When it was closed with an outcome.
        until: The moment; what came later had not happened yet. Without it, as it stands.

    Returns:
        The state. What is closed is closed, whether it was answered or not.
    """
    if _by(closed_at, until):
        return State.CLOSED
    if not _by(answered_at, until):
        return State.WAITING
    return State.READ if _by(acknowledged_at, until) else State.ANSWERED


def _by(at: dt.datetime | None, until: dt.datetime | None) -> bool:
    return at is not None and (until is None or at <= until)


def to_feed_back(
    answered_at: dt.datetime | None,
    acknowledged_at: dt.datetime | None,
    closed_at: dt.datetime | None,
) -> bool:
    """Tell whether whoever raised it has yet to read what came of it: an answer, or an outcome."""
    return acknowledged_at is None and (answered_at is not None or closed_at is not None)


def wanted_by(urgency: str | None, raised_at: dt.datetime) -> dt.datetime | None:
    """Return when an answer was wanted.

    Args:
        urgency: As the concern has it.
        raised_at: When it was raised.

    Returns:
        That very moment for "now", the end of that day on the home's clock for "today"; None for
        what can wait.
    """
    if urgency == NOW:
        return raised_at
    if urgency == TODAY:
        day = times.in_london(raised_at).date()
        return times.start_of_day(day + dt.timedelta(days=1))
    return None


def is_late(urgency: str | None, raised_at: dt.datetime, at: dt.datetime) -> bool:
    """Tell whether something unanswered has waited longer than it was to.

    Args:
        urgency: As the concern has it.
        raised_at: When it was raised.
        at: The moment to look at.
    """
    wanted = wanted_by(urgency, raised_at)
    return wanted is not None and at > wanted
