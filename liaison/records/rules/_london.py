"""The clock on the home's wall: Europe/London, and the two nights a year when it jumps."""

from __future__ import annotations

from datetime import UTC, datetime, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=1)
def london() -> ZoneInfo:
    """Give the time zone of England and Wales."""
    return ZoneInfo("Europe/London")


def in_london(at: datetime) -> datetime:
    """Give the same instant as the home's clock shows it.

    Args:
        at: An instant, with its offset.

    Raises:
        ValueError: ``at`` has no offset, so it is not known which instant is meant.
    """
    if at.utcoffset() is None:
        raise ValueError(f"The time {at.isoformat()} has no offset from UTC.")
    return at.astimezone(london())


def with_fixed_offset(at: datetime) -> datetime:
    """Give the same instant in Europe/London, carrying a plain offset instead of the time zone.

    Two datetimes of one ZoneInfo are compared by their clock reading, which on the night of a clock
    change is not the order they happened in. With a fixed offset they compare as instants.
    """
    local = in_london(at)
    offset = local.utcoffset()
    return local.replace(tzinfo=UTC if not offset else timezone(offset), fold=0)


def happens_twice(local: datetime) -> bool:
    """Tell whether a Europe/London clock reading (of a real instant) comes round twice."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def instants(reading: datetime) -> list[datetime]:
    """List the instants at which the home's clock shows a reading, earliest first.

    Args:
        reading: A clock reading without offset.

    Returns:
        One instant on an ordinary day; two in the hour that repeats in October; none in the hour
        that is skipped in March.
    """
    both = [reading.replace(tzinfo=london(), fold=fold) for fold in (0, 1)]
    # A skipped reading does not survive the way to UTC and back.
    there_and_back = [at.astimezone(UTC).astimezone(london()).replace(tzinfo=None) for at in both]
    real = [at for at, shown in zip(both, there_and_back, strict=True) if shown == reading]
    return real if happens_twice(both[0]) else real[:1]
