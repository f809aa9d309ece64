"""Late entries: what was written well after it happened carries both times (domain rule 13).

One rule for visits, concerns and everything else: on the screen, on paper and on the command line.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

LATE_AFTER: Final = dt.timedelta(minutes=30)
"""Until then somebody may still be writing down what they have just seen."""

_MINUTE: Final = dt.timedelta(minutes=1)
_MINUTES_AN_HOUR: Final = 60
_HOURS_A_DAY: Final = 24


def is_late(happened: dt.datetime, written: dt.datetime) -> bool:
    """Return whether something was written so much later that both times are to be shown.

    Args:
        happened: When it happened, or ended.
        written: When it was written.
    """
    return written - happened > LATE_AFTER


def span_words(span: dt.timedelta) -> str:
    """Return how long something took: ``40 min``, ``2 h 10 min``, ``3 days 4 h``.

    Args:
        span: How long; less than nothing counts as nothing.
    """
    minutes = max(span // _MINUTE, 0)
    hours, minutes = divmod(minutes, _MINUTES_AN_HOUR)
    days, hours = divmod(hours, _HOURS_A_DAY)
    if days:
        first = "1 day" if days == 1 else f"{days} days"
        return f"{first} {hours} h" if hours else first
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"
