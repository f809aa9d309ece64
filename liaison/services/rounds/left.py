"""Which lines of a round nobody has said anything about: while there is one, it cannot end."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from liaison.records import ids
from liaison.records.casework import AgendaLine, Round
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.records.rules.rounds import review_due
from liaison.store import agenda as rows

if TYPE_CHECKING:
    from liaison.store.store import Store

Source = tuple[str | None, str | None]
"""The type and the id, as text, of the record that a line comes from."""


def day_of(sitting: Round) -> dt.date:
    """Return the day of a round on the home's wall clock; the first of the calendar without one."""
    return dt.date.min if sitting.at is None else times.in_london(sitting.at).date()


def source_of(line: AgendaLine) -> tuple[str, int] | None:
    """Return the record that a line comes from; None for one that somebody wrote on the agenda."""
    return read_source((line.source_type, line.source_id))


def read_source(source: Source) -> tuple[str, int] | None:
    """Return the type and id that a line's own words name; None for none, or for no id."""
    type_name, text = source
    if not type_name or not text:
        return None
    try:
        return type_name, ids.from_text(text)
    except ValueError:
        return None


def left_open(store: Store, sitting: Round) -> list[int]:
    """Return the lines of a round without outcome that are not carried over either.

    Args:
        store: The home.
        sitting: The round, as it is or as it is about to be saved.
    """
    if sitting.id is None:
        return []
    lines = {line: (kind, source) for _, line, kind, source in rows.lines(store, [sitting.id])}
    said = {line for line, *_ in rows.outcomes(store, lines)}
    silent = {line: source for line, source in lines.items() if line not in said}
    return sorted(silent.keys() - settled_elsewhere(store, silent, day_of(sitting)))


def settled_elsewhere(store: Store, lines: Mapping[int, Source], day: dt.date) -> set[int]:
    """Return which lines need no outcome: what they come from was closed, or does not stand.

    Args:
        store: The home.
        lines: The lines by id, each with what it comes from.
        day: The day of the round.
    """
    wanted: defaultdict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for line, named in lines.items():
        source = read_source(named)
        if source is not None:
            wanted[source[0]][source[1]].append(line)
    settled: set[int] = set()
    for type_name, by_id in wanted.items():
        closed = _closed(store, type_name, by_id, day)
        settled.update(line for one, them in by_id.items() if one in closed for line in them)
    return settled


def _closed(store: Store, type_name: str, wanted: Iterable[int], day: dt.date) -> set[int]:
    if type_name == "resident":
        return {one for one in wanted if _reviewed(store, one, day)}
    if type_name not in rows.SOURCES:
        return set()
    asked = [*wanted]
    found = {
        row[0]: bool(rows.closed(type_name, row)) for row in rows.of_ids(store, type_name, asked)
    }
    closed = {one for one, is_closed in found.items() if is_closed}
    for missing in set(asked) - found.keys():
        stands = store.follow(type_name, missing)
        if stands is None:
            # another PC may still send it
            continue
        after = rows.of_ids(store, type_name, [stands.id or 0])
        if not stands.lives or stands.struck_reason or rows.closed(type_name, after[0]):
            closed.add(missing)
    return closed


def _reviewed(store: Store, identity: int, day: dt.date) -> bool:
    resident = store.follow("resident", identity)
    if not isinstance(resident, Resident):
        return False
    if resident.archived or (resident.left_on is not None and resident.left_on <= day):
        return True
    due = review_due(resident.review_every_days, resident.last_reviewed, resident.moved_in)
    return resident.last_reviewed is not None and (due is None or due > day)
