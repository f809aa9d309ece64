"""The facts of the report of tagged evidence, gathered for paper."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Kind, Record, all_specs, spec_of
from liaison.records.administration import FrameworkTag
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.records.rules.corrections import is_struck
from liaison.reports.evidence import SPEC, Facts, Group, Row
from liaison.services import starting
from liaison.services.references import Names, as_id
from liaison.services.reporting.naming import Residents
from liaison.services.reporting.open_loops import home_name
from liaison.store import query

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_DAYS: Final = frozenset({Kind.DATE, Kind.TIME})
#: What stands in the report already, or was written about the record and not in it.
_TOLD_ELSEWHERE: Final = frozenset({"struck_reason", "moved_from"})
_TEXTS: Final = frozenset({Kind.NOTE, Kind.TEXT})
_EARLIEST: Final = dt.date.min


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: The period, and how residents are named.

    Raises:
        UserError: The period has no beginning or end.
    """
    if asked.start is None or asked.end is None:
        raise UserError(
            "Say which period the evidence is from.",
            kept="Nothing was printed.",
            do="Give the first and the last day.",
            code="period",
        )
    names = Names(store)
    residents = Residents(store, asked.names, names)
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for tag in query.every(store, query.Query("framework_tag")):
        if not isinstance(tag, FrameworkTag) or is_struck(tag.struck_reason):
            continue
        record = _tagged(names, tag)
        if record is None or is_struck(record.struck_reason):
            continue
        on = _day_of(names, record)
        if on is None or asked.start <= on <= asked.end:
            row = _row(names, residents, record, on)
            found[tag.framework or "", tag.item or ""].append(row)
    return Facts(
        home=home_name(store),
        start=asked.start,
        end=asked.end,
        groups=tuple(_groups(found)),
        names=asked.names,
    )


def _groups(found: dict[tuple[str, str], list[Row]]) -> list[Group]:
    labels = {
        (framework.framework, item.item): item.label
        for framework in starting.frameworks().values()
        for item in framework.items
    }
    # in the frameworks' own order, and what a home has of its own after them
    order = [key for key in labels if key in found]
    order += sorted(key for key in found if key not in labels)
    return [
        Group(
            framework=key[0],
            item=labels.get(key, key[1]),
            rows=tuple(sorted(found[key], key=lambda row: row.on or _EARLIEST, reverse=True)),
        )
        for key in order
    ]


def _tagged(names: Names, tag: FrameworkTag) -> Record | None:
    identity = as_id(tag.record_id or "")
    if identity is None or tag.record_type not in all_specs():
        return None
    return names.record(tag.record_type or "", identity)


def _day_of(names: Names, record: Record) -> dt.date | None:
    """Return the day a record is of: its own first day, or that of the visit it belongs to."""
    for field in spec_of(record).columns:
        value = getattr(record, field.name)
        if value is not None and field.kind in _DAYS:
            return times.in_london(value).date() if isinstance(value, dt.datetime) else value
    visit = getattr(record, "visit", None)
    found = None if visit is None else names.record("visit", visit)
    return None if found is None else _day_of(names, found)


def _row(names: Names, residents: Residents, record: Record, on: dt.date | None) -> Row:
    is_resident = isinstance(record, Resident)
    resident = record.id if is_resident else getattr(record, "resident", None)
    # a resident's own short fields are names: this copy may have to do without them
    texts = {Kind.NOTE} if is_resident else _TEXTS
    full = "" if resident is None else names.by_id("resident", resident)
    return Row(
        on=on,
        kind=spec_of(record).label,
        resident=residents.with_room(resident, full),
        words=tuple(
            f"{field.label}: {value}"
            for field in spec_of(record).columns
            if field.kind in texts
            and not field.sensitive
            and field.name not in _TOLD_ELSEWHERE
            and (value := getattr(record, field.name))
        ),
    )
