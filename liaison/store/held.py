"""How much a home holds of each kind of record, and how much was written in all: plain counts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from liaison.records import Kind, all_specs
from liaison.records.rules import times
from liaison.store.changes import BIRTH, EVENT
from liaison.store.derived import ACCESS
from liaison.store.driver import plain_errors
from liaison.store.schema import quote

if TYPE_CHECKING:
    from liaison.store.store import Store


class Held(NamedTuple):
    """How many records of one type belong to a period.

    Args:
        number: How many there are.
        struck: How many of them are struck through.
        changed: How many were changed after they were first written; what stood there is kept.
    """

    number: int
    struck: int
    changed: int


class Log(NamedTuple):
    """How much the log holds.

    Args:
        changes: How many changes.
        first: When the first of them was written; None for an empty log.
        last: When the last one was.
        pcs: How many PCs have written.
        people: How many people have.
    """

    changes: int
    first: dt.datetime | None
    last: dt.datetime | None
    pcs: int
    people: int


def held(store: Store, type_name: str, field: str, start: dt.date, end: dt.date) -> Held:
    """Count the records of a type that belong to a period.

    Args:
        store: The home.
        type_name: The record type.
        field: The date or time that says when they were: a field of their own, or "visit.at" for
            the one of what a reference of theirs points to.
        start: The first day, in London.
        end: The last day, counted in.
    """
    spec = all_specs()[type_name]
    through, _, name = field.rpartition(".")
    dated, join = spec, ""
    if through:
        dated = all_specs()[spec.by_name[through].target]
        join = f"JOIN {quote(dated.name)} AS d ON d.id = r.{quote(through)} "
    column = f"{'d' if through else 'r'}.{quote(name)}"
    first, last = start.isoformat(), f"{end.isoformat()}~"
    if dated.by_name[name].kind is Kind.TIME:
        # what is kept is in UTC; up to the zone, so that every offset sorts
        first = times.to_stored(times.start_of_day(start))[:19]
        last = times.to_stored(times.start_of_day(end + dt.timedelta(days=1)))[:19]
    sql = (
        "SELECT count(*), count(nullif(r.struck_reason, '')), coalesce(sum(EXISTS ("
        f"SELECT 1 FROM change AS c WHERE c.rec = r.id AND c.op NOT IN ('{BIRTH}', '{EVENT}'))), 0) "
        f"FROM {quote(type_name)} AS r {join}WHERE {column} >= ? AND {column} < ? "
        "AND r.merged_into IS NULL"
    )
    with plain_errors():
        return Held(*store.connection.execute(sql, (first, last)).fetchone())


def log(store: Store) -> Log:
    """Count what the log holds; who wrote is told by more than what was noted of people looking."""
    with plain_errors():
        (changes,) = store.connection.execute("SELECT count(*) FROM change").fetchone()
        first, last, pcs, people = store.connection.execute(
            "SELECT min(at), max(at), count(DISTINCT tag), count(DISTINCT nullif(person, 0)) "
            f"FROM unit WHERE kind <> '{ACCESS}'"
        ).fetchone()
    return Log(
        changes,
        None if first is None else times.from_stored(first),
        None if last is None else times.from_stored(last),
        pcs,
        people,
    )
