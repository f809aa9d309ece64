"""How the home stands, in few numbers: open loops by age, the directory's details, the last backup."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from liaison.records.home import Home
from liaison.records.rules.days import add_months
from liaison.services import backups, loops
from liaison.store import query
from liaison.store.query import Query

if TYPE_CHECKING:
    from liaison.records.rules.loops import Band
    from liaison.store.store import Store

_CHECKED: Final = ("contact", "organisation")
_LONGEST_MONTHS: Final = 1_200


@dataclasses.dataclass(frozen=True, slots=True)
class Open:
    """Everything without an outcome, in few numbers.

    Args:
        total: How many there are.
        late: How many of them are late.
        oldest: For how many days the oldest has been open; 0 if nothing is.
        bands: How many there are of each age, from the youngest.
    """

    total: int
    late: int
    oldest: int
    bands: tuple[tuple[Band, int], ...]

    @property
    def very_old(self) -> int:
        """How many are of the last band, over 90 days."""
        return self.bands[-1][1]


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """When the directory's contacts and organisations were last checked.

    Args:
        months: After how many months they count as due, by the home's own setting.
        fresh: How many were checked since then.
        due: How many were checked up to as long again before.
        old: How many were checked before that, or never.
    """

    months: int
    fresh: int
    due: int
    old: int

    @property
    def total(self) -> int:
        """How many there are."""
        return self.fresh + self.due + self.old


@dataclasses.dataclass(frozen=True, slots=True)
class Backup:
    """The last backup that was made from this PC and found good.

    Args:
        last: When; None if there was none.
        failed: Whether the last attempt by itself failed.
        stale: Whether it was too long ago.
    """

    last: dt.datetime | None
    failed: bool
    stale: bool


def still_open(store: Store, on: dt.date) -> Open:
    """Return how many things had no outcome on a day."""
    found = loops.read(store, on, present=True)
    return Open(
        len(found.items),
        sum(loop.state == "late" for loop in found.items),
        max((loop.days for loop in found.items), default=0),
        found.by_band,
    )


def checked(store: Store, on: dt.date) -> Checked:
    """Return how fresh the directory's details were on a day."""
    home = store.the("home")
    months = home.record.stale_months if home and isinstance(home.record, Home) else None
    # cleared by hand: what a new home begins with
    months = min(months if months is not None else Home().stale_months or 0, _LONGEST_MONTHS)
    due = add_months(on, -months).isoformat()
    old = add_months(on, -min(2 * months, 2 * _LONGEST_MONTHS)).isoformat()
    fresh = ageing = total = 0
    for type_name in _CHECKED:
        days = query.texts(store, type_name, "last_checked")
        fresh += sum(day > due for day in days)
        ageing += sum(old < day <= due for day in days)
        ids = query.identities(store, Query(type_name), limit=len(days) + _MOST_UNCHECKED)[0]
        total += len(ids)
    return Checked(months, fresh, ageing, total - fresh - ageing)


_MOST_UNCHECKED: Final = 100_000


def backup(store: Store, now: dt.datetime) -> Backup:
    """Return how the home stands with its backups.

    Args:
        store: The home.
        now: The present moment.
    """
    found = backups.standing(store.path.parent, now)
    last = found.last
    return Backup(last, found.failed is not None, last is None or now - last > backups.STALE)
