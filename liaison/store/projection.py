"""How changes become what lists show: record rows, current versions, what was replaced early.

One piece of code for what this PC writes and for what others send, so that every save proves the
merge. It is order-free and idempotent: the order in which changes arrive never matters.

The rule behind it: a new stamp always exceeds the stamps it replaces. So the value to show is the
one with the highest stamp, and a field's *heads* (``field_version``; none means the birth value)
are the changes that nothing has replaced; more than one is a conflict that a person settles.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from liaison.records import all_specs
from liaison.store.changes import BIRTHS, ERASED, Change
from liaison.store.schema import quote
from liaison.store.stamps import LARGEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liaison.records import RecordSpec
    from liaison.records.values import Kept
    from liaison.store.driver import Connection

_ROWS_A_STATEMENT: Final = (256, 32, 4, 1)

Head = tuple[int, str, int]
"""Record, field, stamp: one row of ``field_version``."""
Newest = tuple[int, int, "Kept"]
"""Record, stamp, value: what a row is to show in one column."""


def insert_rows(
    connection: Connection, head: str, rows: Sequence[Sequence[object]], tail: str = ""
) -> None:
    """Insert many rows with few statements.

    Row by row, every statement made the search index write itself out: up to 3.4 times the work
    (measured). Few sizes of statement, so that the driver's statement cache knows them all.

    Args:
        connection: Inside a transaction.
        head: The statement up to and without ``VALUES``.
        rows: Equally long tuples.
        tail: What follows the values.
    """
    if not rows:
        return
    start = 0
    for size in _ROWS_A_STATEMENT:
        if len(rows) - start < size:
            continue
        sql = f"{head} VALUES {_places(len(rows[0]), size)}{tail}"
        while len(rows) - start >= size:
            part = rows[start : start + size]
            connection.execute(sql, tuple(chain.from_iterable(part)))
            start += size


@cache
def _places(columns: int, rows: int) -> str:
    one = f"({','.join('?' * columns)})"
    return ",".join([one] * rows)


def project(connection: Connection, changes: Sequence[Change], *, ours: bool) -> None:
    """Bring record tables and versions up to date with changes just added to the log.

    Args:
        connection: Inside a unit's transaction, the guard open, the changes already in the log.
        changes: What was added, in any order.
        ours: Whether this PC made them just now: then nothing has replaced them before.
    """
    births = [change for change in changes if change.op in BIRTHS]
    born = _births(connection, births, ours=ours)
    edits = [change for change in changes if change.stamp not in born] if born else changes
    # a typed record's birth is no version, not even where its type is still unknown: on the PC
    # that knows it, nothing would ever replace it
    heads = [
        (c.rec, f, c.stamp)
        for c in changes
        if c.op not in BIRTHS or c.is_derived_birth
        for f in c.fields
        if f != ERASED
    ]
    replaced = [
        (c.rec, f, old) for c in edits if c.over for f, olds in c.over.items() for old in olds
    ]
    if not ours:
        heads = _not_replaced_early(connection, heads)
    insert_rows(connection, "INSERT OR IGNORE INTO field_version(rec, field, stamp)", heads)
    if replaced:
        connection.executemany(
            "DELETE FROM field_version WHERE rec = ? AND field = ? AND stamp = ?", replaced
        )
        if not ours:
            connection.executemany(
                "INSERT OR IGNORE INTO superseded(rec, field, stamp) SELECT ?1, ?2, ?3 "
                "WHERE NOT EXISTS (SELECT 1 FROM change WHERE stamp = ?3)",
                replaced,
            )
    if edits:
        _show_newest(connection, edits)
    # what this PC builds by itself may have been built and edited elsewhere before
    overtaken = [c for c in births if c.stamp in born and (not ours or c.is_derived_birth)]
    if overtaken:
        _overlay(connection, overtaken)


def _births(connection: Connection, births: Iterable[Change], *, ours: bool) -> set[int]:
    """Insert the rows of new records; return the stamps of the births that made one."""
    specs = all_specs()
    by_type: dict[str, dict[int, Change]] = defaultdict(dict)
    for change in births:
        if change.type in specs:
            # of two births of one record in a batch the first makes the row, like any other time
            by_type[change.type].setdefault(change.rec, change)
    made: set[int] = set()
    for type_name, first in by_type.items():
        spec = specs[type_name]
        # a record whose id is built from content may have been born before, here or elsewhere
        known = _existing(connection, spec, first) if not ours or _derived(first) else set()
        fresh = [change for rec, change in first.items() if rec not in known]
        names, head = _insertion(type_name)
        rows = [(c.rec, *map(c.fields.get, names)) for c in fresh]
        insert_rows(connection, head, rows)
        made.update(change.stamp for change in fresh)
    return made


@cache
def _insertion(type_name: str) -> tuple[tuple[str, ...], str]:
    """Return the columns of a type's rows behind the id, and how a statement adds rows."""
    names = tuple(_columns(type_name))
    return names, f"INSERT INTO {quote(type_name)}(id, {', '.join(map(quote, names))})"


@cache
def _columns(type_name: str) -> dict[str, None]:
    """Return the columns of a type's rows behind the id, in order; sets have none."""
    return dict.fromkeys(field.name for field in all_specs()[type_name].columns)


def _derived(births: Mapping[int, Change]) -> bool:
    return any(change.is_derived_birth for change in births.values())


def _existing(connection: Connection, spec: RecordSpec, recs: Iterable[int]) -> set[int]:
    found = connection.execute(
        f"SELECT id FROM {quote(spec.name)} WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(recs)),),
    )
    return {rec for (rec,) in found}


def _not_replaced_early(connection: Connection, heads: list[Head]) -> list[Head]:
    """Leave out versions whose replacement arrived before them, and forget that it did."""
    if connection.execute("SELECT 1 FROM superseded LIMIT 1").fetchone() is None:
        return heads
    late = {
        tuple(row)
        for row in connection.execute(
            "SELECT s.rec, s.field, s.stamp FROM superseded AS s "
            "JOIN json_each(?) AS j ON s.stamp = j.value",
            (json.dumps(sorted({stamp for _, _, stamp in heads})),),
        )
    }
    if not late:
        return heads
    connection.executemany(
        "DELETE FROM superseded WHERE rec = ? AND field = ? AND stamp = ?", sorted(late)
    )
    return [head for head in heads if head not in late]


def _show_newest(connection: Connection, edits: Iterable[Change]) -> None:
    """Write each changed field's value into its row if no newer version is there."""
    specs = all_specs()
    newest: dict[tuple[str, str], dict[int, Newest]] = defaultdict(dict)
    for stamp, type_name, rec, _, fields, _, _, _, _, _, _ in edits:
        for field, value in fields.items():
            best = newest[type_name, field]
            known = best.get(rec)
            if known is None or known[1] < stamp:
                best[rec] = (rec, stamp, value)
    for (type_name, field), values in newest.items():
        # what this version has no column for waits in the log
        if type_name in specs and field in _columns(type_name):
            _write_column(connection, type_name, field, list(values.values()))


def _write_column(
    connection: Connection, type_name: str, field: str, rows: Sequence[Newest]
) -> None:
    table, column = quote(type_name), quote(field)
    start = 0
    for size in _ROWS_A_STATEMENT:
        if len(rows) - start < size:
            continue
        sql = (
            f"WITH e(rec, stamp, value) AS (VALUES {','.join(['(?,?,?)'] * size)}) "
            f"UPDATE {table} SET {column} = e.value FROM e WHERE {table}.id = e.rec "
            "AND NOT EXISTS (SELECT 1 FROM field_version AS v WHERE v.rec = e.rec "
            f"AND v.field = '{field}' AND v.stamp > e.stamp)"
        )
        while len(rows) - start >= size:
            connection.execute(sql, tuple(chain.from_iterable(rows[start : start + size])))
            start += size


def _overlay(connection: Connection, births: Sequence[Change]) -> None:
    """Put edits that arrived before their record's birth onto the new row."""
    earlier = connection.execute(
        "SELECT v.rec, v.field, max(v.stamp) FROM field_version AS v "
        "WHERE v.rec IN (SELECT value FROM json_each(?)) GROUP BY v.rec, v.field",
        (json.dumps([change.rec for change in births]),),
    ).fetchall()
    types = {change.rec: change.type for change in births}
    own = {(change.rec, change.stamp) for change in births}
    by_column: dict[tuple[str, str], list[Newest]] = defaultdict(list)
    for rec, field, stamp in earlier:
        if (rec, stamp) in own or field not in _columns(types[rec]):
            continue
        value = value_of(connection, stamp, field)
        by_column[types[rec], field].append((rec, stamp, value))
    for (type_name, field), rows in by_column.items():
        _write_column(connection, type_name, field, rows)


def value_of(connection: Connection, stamp: int, field: str) -> Kept:
    """Return the value a change gave to a field (None if it is not in the log)."""
    row = connection.execute("SELECT fields FROM change WHERE stamp = ?", (stamp,)).fetchone()
    if row is None or row[0] is None:
        return None
    value: Kept = json.loads(row[0]).get(field)
    return value


def catch_up(connection: Connection, known_before: Mapping[str, frozenset[str]]) -> None:
    """Show what waited in the log for a type or field that this version has learned.

    Args:
        connection: Inside the migration's transaction, the guard open.
        known_before: Column names by type as they were before the migration.
    """
    for type_name, spec in all_specs().items():
        columns = {field.name for field in spec.columns}
        before = known_before.get(type_name, frozenset())
        if columns - before:
            _replay(connection, spec, columns - before)


def _replay(connection: Connection, spec: RecordSpec, columns: set[str]) -> None:
    rows = connection.execute(
        "SELECT rec, op, fields FROM change WHERE type = ? AND fields IS NOT NULL ORDER BY stamp",
        (spec.name,),
    )
    state: dict[int, dict[str, Kept]] = defaultdict(dict)
    born: set[int] = set()
    for rec, op, text in rows:
        if op in BIRTHS:
            born.add(rec)
        fields = json.loads(text)
        # in the order of stamps the last one stands: the highest is the value to show
        state[rec].update({name: fields[name] for name in columns & fields.keys()})
    known = _existing(connection, spec, born)
    names = sorted(columns)
    listed = ", ".join(map(quote, names))
    fresh = [(rec, *map(state[rec].get, names)) for rec in sorted(born - known)]
    insert_rows(connection, f"INSERT INTO {quote(spec.name)}(id, {listed})", fresh)
    for name in names:
        values = [(rec, LARGEST, state[rec][name]) for rec in known if name in state[rec]]
        _write_column(connection, spec.name, name, values)
