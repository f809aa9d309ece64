"""Stamps: hybrid logical clock, version id and sort order at once, the same on every PC.

A stamp is a 63-bit integer: 43 bits of milliseconds since 1970, 6 of counter, 14 of replica tag.
It exceeds everything it replaces and everything this replica has seen, whatever the PC's clock
says: a clock that is wrong never refuses a write.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

TAG_BITS: Final = 14
COUNTER_BITS: Final = 6
MOST_TAGS: Final = 1 << TAG_BITS
_YEAR_2200: Final = int(dt.datetime(2200, 1, 1, tzinfo=dt.UTC).timestamp() * 1000)
LARGEST: Final = (1 << 63) - 1
HIGHEST_RECEIVED: Final = _YEAR_2200 + 10 * 366 * 86_400_000 << COUNTER_BITS + TAG_BITS
"""No PC gives higher ones; taking one in would leave none above it for our own writes."""

Clock = Callable[[], dt.datetime]
"""Tells the present moment, with a time zone; injected so that tests and demonstrations repeat."""


class Stamper:
    """Gives out stamps for one replica.

    Args:
        tag: The replica's 14-bit tag.
        last: The highest stamp this replica has seen.
        clock: The PC's clock.
    """

    def __init__(self, tag: int, last: int, clock: Clock) -> None:
        self._tag = tag
        self._tick = last >> TAG_BITS
        self._clock = clock
        self._moment: dt.datetime | None = None
        self._wall = 0

    def next(self) -> int:
        """Return a stamp above every one given or seen before."""
        moment = self._clock()
        # a unit gives all its stamps at one moment
        if moment is not self._moment:
            # a clock beyond the year 2200 is wrong and would use up the range: last seen + 1
            now = int(moment.timestamp() * 1000)
            self._wall = now << COUNTER_BITS if 0 <= now < _YEAR_2200 else 0
            self._moment = moment
        # a full counter runs over into the milliseconds, which only makes the stamp a bit early
        self._tick = max(self._wall, self._tick + 1)
        return self._tick << TAG_BITS | self._tag


def made_at(stamp: int) -> dt.datetime:
    """Return the moment (UTC) at which a stamp was given, and the record whose id it is was made."""
    seconds = (stamp >> COUNTER_BITS + TAG_BITS) // 1000
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def tag_of(stamp: int) -> int:
    """Return the tag of the replica that gave a stamp."""
    return stamp & (MOST_TAGS - 1)
