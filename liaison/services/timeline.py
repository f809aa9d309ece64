"""What happened to a resident, newest first: by kind, a stretch at a time, counted and in words."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from liaison.records.home import Resident
from liaison.records.rules.same_name import with_room_and_birth
from liaison.services import visits
from liaison.services.timeline_words import Mark, Teller, Told, inside
from liaison.services.visits import Happening
from liaison.store import query

if TYPE_CHECKING:
    from liaison.store.store import Store

__all__ = [
    "GROUPS", "KINDS", "MOST_COUNTED", "PAGE", "Group", "Happening", "Mark", "Told", "ToldPage",
    "counts", "has_any", "inside", "page", "stretch", "tell", "who",
]  # fmt: skip

PAGE: Final = 40
MOST_COUNTED: Final = 1_000
_STRETCH: Final = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Some kinds of happenings under one chip.

    Args:
        words: What the chip says.
        icon: Its icon.
        types: The record types.
    """

    words: str
    icon: str
    types: tuple[str, ...]


KINDS: Final[Mapping[str, Group]] = {
    "visits": Group("Visits", "stethoscope", ("visit_entry",)),
    "concerns": Group("Concerns", "message-circle-warning", ("concern",)),
    "referrals": Group("Referrals", "send", ("referral", "chase")),
    "hospital": Group("Hospital and moves", "ambulance", ("transfer",)),
    "calls": Group("Calls", "phone", ("contact_attempt",)),
    "actions": Group("Done", "list-checks", ("action",)),
    "appointments": Group("Appointments", "calendar-check", ("appointment",)),
    "equipment": Group("Equipment", "life-buoy", ("equipment_loan",)),
    "skills": Group("Skills", "graduation-cap", ("competency",)),
}
"""The kinds of happenings by their word on the command line, in the order of their chips."""
GROUPS: Final = tuple(KINDS.values())


@dataclasses.dataclass(frozen=True, slots=True)
class ToldPage:
    """A stretch of a timeline in words, and where the next one begins."""

    items: tuple[Told, ...]
    next: tuple[str, int] | None


def page(
    store: Store,
    resident: int,
    today: dt.date,
    *,
    types: Sequence[str] = (),
    since: dt.date | None = None,
    after: tuple[str, int] | None = None,
) -> ToldPage:
    """Return a stretch of a resident's timeline in words, newest first.

    Args:
        store: The home.
        resident: The resident.
        today: The present day.
        types: Only these types; all of them if none is given.
        since: Only what happened from this day on.
        after: Where the stretch before ended.
    """
    found = visits.timeline(store, resident, after, PAGE, types=types, since=since)
    return ToldPage(tell(store, today, found.items), found.next)


def stretch(
    store: Store,
    resident: int,
    *,
    types: Sequence[str] = (),
    since: dt.date | None = None,
    limit: int,
) -> tuple[Happening, ...]:
    """Return what happened to a resident, newest first, as many as are asked for.

    Args:
        store: The home.
        resident: The resident.
        types: Only these types; all of them if none is given.
        since: Only what happened from this day on.
        limit: How many at most.
    """
    found: list[Happening] = []
    after: tuple[str, int] | None = None
    while len(found) < limit:
        wanted = min(limit - len(found), _STRETCH)
        part = visits.timeline(store, resident, after, wanted, types=types, since=since)
        found += part.items
        after = part.next
        if after is None:
            break
    return tuple(found)


def tell(store: Store, today: dt.date, items: Iterable[Happening]) -> tuple[Told, ...]:
    """Put a stretch of a timeline into words; what it refers to is read at once."""
    return Teller(store, today).tell(items)


def who(store: Store, resident: int) -> str:
    """Return who a timeline is about, so that nobody takes them for a namesake (domain rule 8)."""
    record = store.follow("resident", resident)
    if not isinstance(record, Resident):
        return ""
    return with_room_and_birth(record.name or "", record.room, record.date_of_birth)


def has_any(store: Store, identity: int) -> bool:
    """Return whether anything ever happened to a resident; it takes as long for one of 20 years."""
    return query.has_timeline(store, identity)


def counts(store: Store, identity: int, since: dt.date | None) -> dict[str, int]:
    """Return how much happened to a resident, by the words of the chips.

    Args:
        store: The home.
        identity: The resident.
        since: From this day on; all of it if None.

    Returns:
        The counts; more than ``MOST_COUNTED`` means that there are more than that.
    """
    by_type = visits.timeline_counts(store, identity, since, MOST_COUNTED)
    return {group.words: sum(by_type.get(name, 0) for name in group.types) for group in GROUPS}
