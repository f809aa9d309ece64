"""The log as one stream, newest first: what was changed, and who looked, printed or signed in.

Both lie in the same log, so one walk back along the units of work finds both, page by page by key.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison.records import all_specs, ids
from liaison.records.rules import times
from liaison.store.changes import ERASE
from liaison.store.derived import ACCESS
from liaison.store.driver import plain_errors
from liaison.store.schema import quote
from liaison.store.stamps import COUNTER_BITS, LARGEST, TAG_BITS

if TYPE_CHECKING:
    import datetime as dt

    from liaison.store.store import Store

EVENT_TYPE: Final = "access_event"
_FEW: Final = 2_000
# a stretch of stamps; the plus keeps the database from making an index of the whole log for it
_ITS_CHANGES: Final = "c.stamp BETWEEN u.id AND u.last AND +c.unit = u.id"
_COLUMNS: Final = (
    "u.id, c.stamp, c.type, c.rec, c.op, c.fields, c.over, u.at, u.person, r.pc, u.reason, u.kind, "
    "u.batch"
)

Key = tuple[int, int]
"""Unit and stamp of the last entry of a page: where the next one goes on."""


class Entry(NamedTuple):
    """One change of one record as the log holds it."""

    unit: int
    stamp: int
    type: str
    rec: int
    op: str
    fields: str
    over: str
    at: str
    person: int
    pc: int
    reason: str
    kind: str
    batch: int | None


# a row is a tuple already: as it stands, without a look at its length
_entry = functools.partial(tuple.__new__, Entry)


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are wanted; what is not said is not asked.

    Args:
        person: Of this person alone: what they did, and failed sign-ins with their name.
        record: About this record: its changes, and who looked at it or printed it.
        types: Of these record types, elements of their sets among them.
        kinds: Of what was noted, only these kinds ("sign in"); what was changed is left out.
        erasures: Only what was erased by law.
        accesses: Only what was noted (True), only what was changed (False), or both (None).
        start: From this moment on, by the clock of the PC that wrote it.
        end: Before this moment.
    """

    person: int | None = None
    record: tuple[str, int] | None = None
    types: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    accesses: bool | None = None
    erasures: bool = False
    start: dt.datetime | None = None
    end: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """A page of the stream, newest first, and where the next one begins (None: there is none)."""

    entries: Sequence[Entry]
    next: Key | None


def page(store: Store, asked: Asked, *, after: Key | None = None, limit: int = 100) -> Page:
    """Return a page of the stream, newest first.

    Args:
        store: The home.
        asked: Which entries.
        after: Where the page before ended.
        limit: How many at most.
    """
    sql, values = statement(store, asked, after)
    with plain_errors():
        # the number stands in the statement: bound, it takes a sixth longer to answer
        rows = store.connection.execute(f"{sql} LIMIT {limit + 1:d}", values).fetchall()
    found = list(map(_entry, rows[:limit]))
    last = found[-1] if len(rows) > limit else None
    return Page(found, None if last is None else (last.unit, last.stamp))


def statement(store: Store, asked: Asked, after: Key | None) -> tuple[str, list[object]]:
    """Return the SQL of a page but for its limit, and its values."""
    clauses: list[str] = []
    values: list[object] = []

    def add(clause: str, *more: object) -> None:
        clauses.append(clause)
        values.extend(more)

    only_few = _few_records(store, asked)
    if after is not None:
        add("u.id <= ? AND (u.id < ? OR c.stamp < ?)", after[0], *after)
    if asked.start is not None:
        # a stamp is never before the clock it was given by; the other way round it may be
        add("u.id >= ? AND u.at >= ?", _stamp_of(asked.start), _stored(asked.start))
    if asked.end is not None:
        add("u.at < ?", _stored(asked.end))
    if asked.person is not None:
        person = ids.to_text(asked.person)
        add(
            "(u.person = ? AND NOT (u.kind = ? AND EXISTS (SELECT 1 FROM access_event AS f "
            "WHERE f.id = c.rec AND f.kind = 'failed sign in')) OR c.rec IN "
            "(SELECT id FROM access_event WHERE subject_id = ? AND kind = 'failed sign in'))",
            asked.person, ACCESS, person,
        )  # fmt: skip
    if asked.kinds or asked.accesses:
        add(f"u.kind = '{ACCESS}'")
    elif asked.accesses is False:
        add(f"u.kind <> '{ACCESS}'")
    if asked.kinds:
        add(
            "+c.rec IN (SELECT id FROM access_event WHERE kind IN (SELECT value FROM json_each(?)))",
            json.dumps(asked.kinds),
        )
    if asked.erasures:
        add(f"c.op = '{ERASE}'")
    if only_few is not None:
        add("c.rec IN (SELECT value FROM json_each(?))", json.dumps(only_few))
    elif asked.types:
        add("c.type IN (SELECT value FROM json_each(?))", json.dumps(_with_links(asked.types)))
    where = f"WHERE {' AND '.join(clauses)} " if clauses else ""
    # of few records the changes are looked up; else one walk back along the units, no sorting
    tables = (
        "change AS c CROSS JOIN unit AS u ON u.id = c.unit"
        if only_few is not None or asked.erasures
        else f"unit AS u CROSS JOIN change AS c ON {_ITS_CHANGES}"
    )
    sql = (
        f"SELECT {_COLUMNS} FROM {tables} CROSS JOIN replica AS r ON r.tag = u.tag {where}"
        "ORDER BY u.id DESC, c.stamp DESC"
    )
    return sql, values


def _stamp_of(moment: dt.datetime) -> int:
    milliseconds = max(0, int(moment.timestamp() * 1000))
    return min(LARGEST, milliseconds << COUNTER_BITS + TAG_BITS)


def _stored(moment: dt.datetime) -> str:
    # up to the zone: times of every offset sort by what stands before it
    return times.to_stored(moment)[:19]


def _with_links(types: Collection[str]) -> list[str]:
    return [name for name, spec in all_specs().items() if name in types or spec.owner in types]


def _few_records(store: Store, asked: Asked) -> list[int] | None:
    """Return the records asked for, if they are so few that their changes are best looked up."""
    if asked.record is not None:
        return records_about(store, *asked.record)
    if not asked.types or EVENT_TYPE in asked.types:
        return None
    found: list[int] = []
    with plain_errors():
        for name in _with_links(asked.types):
            rows = store.connection.execute(
                f"SELECT id FROM {quote(name)} LIMIT ?", (_FEW + 1 - len(found),)
            )
            found += [rec for (rec,) in rows]
            if len(found) > _FEW:
                return None
    return found


def records_about(store: Store, type_name: str, identity: int) -> list[int]:
    """Return a record, the elements of its sets, and what was noted about it."""
    found = [identity]
    spec = all_specs()[type_name]
    with plain_errors():
        for field in spec.sets:
            rows = store.connection.execute(
                f"SELECT id FROM {quote(spec.link(field.name))} WHERE owner = ?", (identity,)
            )
            found += [rec for (rec,) in rows]
        rows = store.connection.execute(
            "SELECT id FROM access_event WHERE subject_id = ?", (ids.to_text(identity),)
        )
        return found + [rec for (rec,) in rows]


class Count(NamedTuple):
    """How many changes of one kind somebody wrote to records of one type."""

    person: int
    type: str
    op: str
    number: int


def written(store: Store, start: dt.datetime, end: dt.datetime) -> list[Count]:
    """Count what was written between two moments."""
    with plain_errors():
        rows = store.connection.execute(
            "SELECT u.person, c.type, c.op, count(*) FROM unit AS u "
            f"CROSS JOIN change AS c ON {_ITS_CHANGES} "
            f"WHERE u.id >= ? AND u.at >= ? AND u.at < ? AND u.kind <> '{ACCESS}' GROUP BY 1, 2, 3",
            (_stamp_of(start), _stored(start), _stored(end)),
        )
        return list(map(Count._make, rows))


def noted(store: Store, start: dt.datetime, end: dt.datetime) -> list[tuple[int, str, int]]:
    """Count what was noted between two moments: person, kind, how often.

    A failed sign-in counts for whose name was chosen; 0 if that was nobody's.
    """
    counts: dict[tuple[int, str], int] = {}
    with plain_errors():
        rows = store.connection.execute(
            "SELECT u.person, e.kind, e.subject_id, count(*) FROM access_event AS e "
            "JOIN change AS c ON c.rec = e.id JOIN unit AS u ON u.id = c.unit "
            "WHERE e.at >= ? AND e.at < ? "
            "GROUP BY 1, 2, CASE WHEN e.kind = 'failed sign in' THEN e.subject_id END",
            (_stored(start), _stored(end)),
        ).fetchall()
    for person, kind, subject, count in rows:
        if kind == "failed sign in":
            person = ids.from_text(subject) if subject else 0  # noqa: PLW2901  # whom it is about
        counts[person, kind] = counts.get((person, kind), 0) + count
    return [(person, kind, count) for (person, kind), count in counts.items()]


def was_noted(
    store: Store, person: int, kind: str, subject: str | None, since: dt.datetime
) -> bool:
    """Return whether something was noted of a person since a moment.

    Args:
        store: The home.
        person: Who did it.
        kind: What was done.
        subject: The id, as text, of the record it was done with; None for none.
        since: From then on.
    """
    # one subject has few; what has none is looked for among the newest
    which = "e.subject_id = ?4" if subject else "e.at >= ?3 AND ?4 IS NULL"
    with plain_errors():
        found = store.connection.execute(
            "SELECT 1 FROM access_event AS e JOIN change AS c ON c.rec = e.id "
            "JOIN unit AS u ON u.id = c.unit "
            f"WHERE {which} AND e.kind = ?2 AND e.at >= ?3 AND u.person = ?1 LIMIT 1",
            (person, kind, _stored(since), subject),
        )
        return found.fetchone() is not None


def newest_access(store: Store) -> str | None:
    """Return the kind of what was noted last; None if nothing ever was."""
    with plain_errors():
        found = store.connection.execute(
            "SELECT kind FROM access_event ORDER BY at DESC, id DESC LIMIT 1"
        ).fetchone()
    return None if found is None else str(found[0])


def values_of(store: Store, stamps: Collection[int]) -> dict[int, dict[str, str | int | None]]:
    """Return what some changes gave to their fields, as kept, by stamp."""
    with plain_errors():
        rows = store.connection.execute(
            "SELECT stamp, fields FROM change WHERE stamp IN (SELECT value FROM json_each(?))",
            (json.dumps(list(stamps)),),
        )
        return {stamp: json.loads(text) for stamp, text in rows}


def links_of(store: Store, entries: Collection[tuple[str, int]]) -> dict[int, tuple[int, object]]:
    """Return owner and value of elements of sets, by the element's id.

    Args:
        store: The home.
        entries: Link type and id of each.
    """
    found: dict[int, tuple[int, object]] = {}
    by_type: dict[str, list[int]] = {}
    for type_name, rec in entries:
        by_type.setdefault(type_name, []).append(rec)
    with plain_errors():
        for type_name, recs in by_type.items():
            rows = store.connection.execute(
                f"SELECT id, owner, value FROM {quote(type_name)} "
                "WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(recs),),
            )
            found.update({rec: (owner, value) for rec, owner, value in rows})
    return found
