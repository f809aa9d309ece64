"""The facts of the report of supervisions and checks, gathered for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.records.home import Staff
from liaison.records.rules.initials import initials
from liaison.records.showing import untitled
from liaison.reports.staff_dates import SPEC, Facts, Row
from liaison.services import supervision
from liaison.services.references import Names
from liaison.services.reporting.open_loops import home_name

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.services.supervision import Date
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

WITHIN: Final = 90
"""So many days ahead are looked at, as on the screen."""


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: The day, and whether staff are shown by their initials.
    """
    on = asked.on or store.today()
    names = Names(store)
    return Facts(
        home=home_name(store),
        on=on,
        within=WITHIN,
        rows=tuple(
            _row(names, one, short=asked.initials)
            for one in supervision.readiness(store, on, WITHIN)
        ),
        initials=asked.initials,
    )


def _row(names: Names, one: Date, *, short: bool) -> Row:
    standing = supervision.words(one)
    return Row(
        name=_initials(names, one.staff) if short else one.name,
        what=one.what,
        state=one.state,
        standing=standing[:1].upper() + standing[1:],
        last=one.last,
        whose=one.staff,
    )


def _initials(names: Names, staff: int) -> str:
    record = names.record("staff", staff)
    if not isinstance(record, Staff):
        return ""
    return initials(record.name) if record.name else untitled(record)
