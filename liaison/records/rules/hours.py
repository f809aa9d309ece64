"""In hours or out of hours: the Friday 18:00 rule (domain rule 4)."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Final

from liaison.errors import UserError
from liaison.records.rules._london import in_london, london, with_fixed_offset
from liaison.records.rules.working_days import is_working_day

_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-5][0-9])")
_DAY_ENDS: Final = timedelta(hours=24)


def _since_midnight(text: str) -> timedelta | None:
    """Read ``08:00``, or ``24:00`` for the end of the day; None for anything else."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    clock = timedelta(hours=int(match[1]), minutes=int(match[2]))
    return clock if clock <= _DAY_ENDS else None


def hours_problem(hours_from: str, hours_to: str) -> str | None:
    """Say what is wrong with the home's in-hours setting.

    Args:
        hours_from: When the day begins, as ``08:00``.
        hours_to: When it ends, as ``18:00``.

    Returns:
        A plain sentence, or None when the hours can be used.
    """
    begins, ends = _since_midnight(hours_from), _since_midnight(hours_to)
    if begins is None or ends is None:
        wrong = hours_from if begins is None else hours_to
        return f"“{wrong}” is not a time of day. Write the hours as 08:00 and 18:00."
    if begins >= ends:
        return f"The hours begin at {hours_from} but end at {hours_to}, which is not later."
    return None


def out_of_hours(at: datetime, hours_from: str = "08:00", hours_to: str = "18:00") -> bool:
    """Tell whether something happened out of hours (domain rule 4).

    Args:
        at: When it happened, with its offset; judged by the clock in Europe/London.
        hours_from: The home's setting: from this time on it is in hours.
        hours_to: The home's setting: from this time on it is out of hours again.

    Returns:
        True before ``hours_from``, from ``hours_to`` on, and all day on a Saturday, a Sunday and a
        bank holiday.

    Raises:
        UserError: The setting is not two times of day in order.
        ValueError: ``at`` has no offset.
    """
    begins, ends = _since_midnight(hours_from), _since_midnight(hours_to)
    if begins is None or ends is None or begins >= ends:
        raise UserError(
            hours_problem(hours_from, hours_to) or "",
            do="Correct the in-hours times in the home's settings.",
            code="hours",
        )
    local = in_london(at)
    # The clock's reading, not the time since midnight: on two nights a year these differ.
    clock = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    return not (is_working_day(local.date()) and begins <= clock < ends)


def next_change(at: datetime, hours_from: str = "08:00", hours_to: str = "18:00") -> datetime:
    """Tell when it next becomes out of hours, or in hours again.

    Args:
        at: A moment, with its offset.
        hours_from: The home's setting, as for :func:`out_of_hours`.
        hours_to: The home's setting.

    Returns:
        The first moment after ``at`` at which :func:`out_of_hours` says something else.

    Raises:
        UserError: The setting is not two times of day in order.
        ValueError: ``at`` has no offset.
    """
    now = out_of_hours(at, hours_from, hours_to)
    day = in_london(at).date()
    while True:
        for text in (hours_from, hours_to):
            # 24:00 is midnight of the day after
            over, clock = divmod(_since_midnight(text) or timedelta(0), _DAY_ENDS)
            wall = datetime.combine(day + timedelta(days=over), time()) + clock
            moment = with_fixed_offset(wall.replace(tzinfo=london()))
            if moment > at and out_of_hours(moment, hours_from, hours_to) != now:
                return moment
        day += timedelta(days=1)
