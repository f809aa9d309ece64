"""Which backups are kept: the newest of each of the last days, weeks and months that have one."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Hashable, Sequence


@dataclasses.dataclass(frozen=True, slots=True)
class Keep:
    """How many are kept.

    Args:
        daily: The newest of so many days.
        weekly: Of those that are left, the newest of so many weeks, which begin on Monday.
        monthly: Of those that are left then, the newest of so many months.
    """

    daily: int = 7
    weekly: int = 4
    monthly: int = 12


STANDARD = Keep()


def kept(days: Sequence[dt.date], keep: Keep = STANDARD) -> frozenset[int]:
    """Return which of some backups are kept.

    Days, weeks and months without a backup do not count: after a holiday the older ones are still
    there. The newest of all is always kept.

    Args:
        days: The day of each, **in the order in which they were made**: the last is the newest,
            whatever a wrong clock said on the day.
        keep: How many are kept.

    Returns:
        Their places in ``days``.
    """
    chosen: set[int] = set()
    rules: tuple[tuple[int, Callable[[dt.date], Hashable]], ...] = (
        (keep.daily, lambda day: day),
        (keep.weekly, lambda day: day.isocalendar()[:2]),
        (keep.monthly, lambda day: (day.year, day.month)),
    )
    for left, span_of in rules:
        before: Hashable = None
        for place in reversed(range(len(days))):
            span = span_of(days[place])
            if left and span != before and place not in chosen:
                chosen.add(place)
                left -= 1  # noqa: PLW2901  # counted down for this rule alone
            # what a finer rule keeps stands for its week or month as well
            before = span
    if days:
        chosen.add(len(days) - 1)
    return frozenset(chosen)
