"""The facts of the report of referral waits, gathered for paper."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, cast

from liaison.records import spec_of
from liaison.records.rules import times
from liaison.reports.referral_waits import SPEC, Facts, Group, Row, Standing
from liaison.services import referrals
from liaison.services.references import Names
from liaison.services.reporting.naming import Residents
from liaison.services.reporting.open_loops import home_name

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.services.referrals import Waiting
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_BARS: Final = {"ok": "ok", "due": "due", "late": "late"}


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: The day, and how residents are named.
    """
    on = asked.on or store.today()
    residents = Residents(store, asked.names, Names(store))
    places: defaultdict[str, list[Waiting]] = defaultdict(list)
    # those sent first stand first, and so do the places where somebody waits longest
    for one in referrals.waiting(store, on):
        places[one.organisation].append(one)
    return Facts(
        home=home_name(store),
        on=on,
        groups=tuple(
            Group(
                place,
                waits[0].usual,
                tuple(_row(store, residents, one) for one in waits),
            )
            for place, waits in places.items()
        ),
        names=asked.names,
    )


def _row(store: Store, residents: Residents, one: Waiting) -> Row:
    record = one.referral
    assert record.sent is not None  # noqa: S101  # the others do not wait yet
    standing = "seen" if one.state == "seen" else _BARS.get(one.bar, "unknown")
    return Row(
        resident=residents.with_room(record.resident, one.resident),
        reason=record.reason or "",
        sent=record.sent,
        days=one.days,
        limit=one.limit,
        standing=cast("Standing", standing),
        asked=_asked(store, one),
        next_chase=record.next_chase if one.state == "waiting" else None,
    )


def _asked(store: Store, one: Waiting) -> str:
    last = one.last
    if last is None or last.at is None:
        return "" if one.state == "seen" else "Nobody has asked yet"
    how = store.vocabularies.label(spec_of(last).by_name["how"], last.how) if last.how else ""
    times_asked = f", asked {one.chases} times in all" if one.chases > 1 else ""
    day = times.show_date(times.in_london(last.at).date())
    told = ", ".join(part for part in (day, how, last.spoke_to or "") if part)
    return f"{told}: {last.result or ''}{times_asked}"
