"""The shares of staff who hold what they must, today and over the months before."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from liaison.records.rules import shares
from liaison.records.rules.months import shares_on
from liaison.records.rules.shares import Share
from liaison.records.rules.times import show_plain_date
from liaison.services.training import facts_on

if TYPE_CHECKING:
    from liaison.store.store import Store

MONTHS: Final = 12
"""How far back the home's share is shown."""


def over_time(
    store: Store, on: dt.date | None = None, months: int = MONTHS
) -> tuple[tuple[dt.date, Share], ...]:
    """Return the home's share at the end of each month, as it was on that day, oldest first.

    Args:
        store: The home.
        on: The last day; today if not given.
        months: How many days, the last of them ``on`` itself.
    """
    on = store.today() if on is None else on
    days = shares.month_ends(on, months)
    facts = facts_on(store, on, since=days[0])
    return tuple(zip(days, shares_on(facts, days, show_plain_date), strict=True))
