"""Lists in pages: by key, never by counting past rows, so a page costs the same at any depth."""

from __future__ import annotations

import dataclasses
import json
from array import array
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from liaison.records import FieldSpec, Kind, Record, RecordSpec, all_specs
from liaison.records.values import Kept, keep
from liaison.store import derived
from liaison.store.driver import plain_errors
from liaison.store.rows import column_list, to_records
from liaison.store.schema import quote

if TYPE_CHECKING:
    from liaison.store.driver import Connection
    from liaison.store.store import Store

PAGE: Final = 50
_COMPARISONS: Final = frozenset({"=", "<", "<=", ">", ">="})

Position = tuple[Kept, int]
"""Where a page ended: the sort field's kept value and the id."""


@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """A field compared with a value; ``=`` with None means the field is empty.

    A set is compared element by element: ``=`` means that the value is in it. A reference is the
    same as one to a duplicate of what it points to. ``in`` takes a tuple: the field (no set) has
    any of its values.
    """

    field: str
    value: object
    comparison: str = "="


@dataclasses.dataclass(frozen=True, slots=True)
class Query:
    """What a list shows.

    Args:
        type: The record type.
        where: What must hold, all of it.
        order_by: A field to sort by (an indexed one, for long lists); by id otherwise, which is
            the order in which records were first written.
        newest_first: Downwards: latest, largest or last in the alphabet first.
        archived: Whether to show archived and merged records too.
    """

    type: str
    where: tuple[Condition, ...] = ()
    order_by: str = ""
    newest_first: bool = True
    archived: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """Some records of a list and where the next ones begin (None: there are no more)."""

    records: list[Record]
    next: Position | None


def page(store: Store, query: Query, after: Position | None = None, limit: int = PAGE) -> Page:
    """Return one page of a list.

    Args:
        store: The home.
        query: What the list shows.
        after: Where the page before ended.
        limit: How many records at most.
    """
    spec = all_specs()[query.type]
    with plain_errors():
        rows: list[Any] = []
        for sql, parameters in _parts(store.connection, spec, query, after):
            rows += store.connection.execute(sql, (*parameters, limit + 1 - len(rows))).fetchall()
            if len(rows) > limit:
                break
        more = len(rows) > limit
        rows = rows[:limit]
        records = to_records(store.connection, spec, rows)
    if not more:
        return Page(records, None)
    place = _place(spec, query.order_by)
    return Page(records, (None if place is None else rows[-1][place], rows[-1][0]))


def identities(
    store: Store, query: Query, after: Position | None = None, limit: int = PAGE
) -> tuple[array[int], Position | None]:
    """Return the ids of a stretch of a list, in its order, and where the next stretch begins.

    Far cheaper than the records: a window that shows a long list holds its ids, and reads the
    records that are in sight.

    Args:
        store: The home.
        query: What the list shows.
        after: Where the stretch before ended.
        limit: How many ids at most.
    """
    spec = all_specs()[query.type]
    sort = quote(query.order_by) if query.order_by else "NULL"
    rows: list[Any] = []
    with plain_errors():
        for sql, parameters in _parts(store.connection, spec, query, after, f"id, {sort}"):
            rows += store.connection.execute(sql, (*parameters, limit + 1 - len(rows))).fetchall()
            if len(rows) > limit:
                break
    more = len(rows) > limit
    found = array("q", (row[0] for row in rows[:limit]))
    return found, (rows[limit - 1][1], rows[limit - 1][0]) if more else None


def every(store: Store, query: Query, chunk: int = 500) -> Iterator[Record]:
    """Yield all records of a list, read in pages."""
    after: Position | None = None
    while True:
        found = page(store, query, after, chunk)
        yield from found.records
        if found.next is None:
            return
        after = found.next


def timeline(
    store: Store,
    resident: int,
    after: tuple[str, int] | None = None,
    limit: int = PAGE,
    *,
    types: Collection[str] = (),
    since: str = "",
) -> tuple[list[tuple[str, Record]], tuple[str, int] | None]:
    """Return what happened to a resident, newest first, over all types.

    Args:
        store: The home.
        resident: The resident's id; their duplicates' records count too.
        after: Where the page before ended.
        limit: How many at most.
        types: Only records of these types; all of them if none is given.
        since: Only what happened from then on (a kept date or time); without it, all of it.

    Returns:
        Pairs of the moment (a kept date or time) and the record, and where the next page begins.
    """
    with plain_errors():
        connection = store.connection
        residents = same_ids(connection, all_specs()["resident"], resident)
        terms, values = _on_timeline(types, since)
        if after:
            terms += " AND (at, rec) < (?, ?)"
            values += after
        found: list[tuple[str, int, str]] = []
        for identity in residents:
            found += connection.execute(
                f"SELECT at, rec, type FROM timeline WHERE resident = ?{terms} "
                "ORDER BY at DESC, rec DESC LIMIT ?",
                (identity, *values, limit + 1),
            ).fetchall()
        found = sorted(found, reverse=True)[: limit + 1]
        shown = found[:limit]
        by_type: dict[str, list[int]] = {}
        for _, rec, type_name in shown:
            by_type.setdefault(type_name, []).append(rec)
        records: dict[int, Record] = {}
        for type_name, recs in by_type.items():
            records |= of_ids(connection, all_specs()[type_name], recs)
    items = [(at, records[rec]) for at, rec, _ in shown]
    return items, (shown[-1][0], shown[-1][1]) if len(found) > limit else None


def has_timeline(store: Store, resident: int) -> bool:
    """Return whether anything at all is on a resident's timeline, or on a duplicate's."""
    with plain_errors():
        residents = same_ids(store.connection, all_specs()["resident"], resident)
        row = store.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM timeline "
            "WHERE resident IN (SELECT value FROM json_each(?)))",
            (json.dumps(residents),),
        ).fetchone()
        return bool(row[0])


def timeline_counts(
    store: Store, resident: int, *, since: str = "", most: int = 1_000
) -> dict[str, int]:
    """Count what happened to a resident by type, without what is archived.

    Args:
        store: The home.
        resident: The resident's id; their duplicates' records count too.
        since: As for :func:`timeline`.
        most: Where to stop counting each type; one more than this says that there are more.

    Returns:
        The counts by type; types of which there is nothing are left out.
    """
    found: dict[str, int] = {}
    with plain_errors():
        connection = store.connection
        residents = json.dumps(same_ids(connection, all_specs()["resident"], resident))
        for spec in all_specs().values():
            if not spec.timeline:
                continue
            terms, values = _on_timeline((spec.name,), since)
            (number,) = connection.execute(
                "SELECT count(*) FROM (SELECT 1 FROM (SELECT rec FROM timeline "
                f"WHERE resident IN (SELECT value FROM json_each(?)){terms}) AS happened "
                f"JOIN {quote(spec.name)} AS record ON record.id = happened.rec "
                "WHERE record.archived IS NOT 1 AND record.merged_into IS NULL LIMIT ?)",
                (residents, *values, most + 1),
            ).fetchone()
            if number:
                found[spec.name] = number
    return found


def _on_timeline(types: Collection[str], since: str) -> tuple[str, tuple[Kept, ...]]:
    """Return what narrows a timeline, as it follows the resident in a statement."""
    terms = ""
    values: tuple[Kept, ...] = ()
    if types:
        terms += " AND type IN (SELECT value FROM json_each(?))"
        values += (json.dumps(sorted(types)),)
    if since:
        terms += " AND at >= ?"
        values += (since,)
    return terms, values


def with_text(store: Store, type_name: str, field: str, text: str, limit: int = 50) -> list[Record]:
    """Return the live records whose field is exactly a text, in any case."""
    spec = all_specs()[type_name]
    with plain_errors():
        found = store.connection.execute(
            f"SELECT {column_list(type_name)} FROM {quote(type_name)} "
            f"WHERE {derived.comparable(spec.by_name[field])} = ? "
            "AND archived IS NOT 1 AND merged_into IS NULL LIMIT ?",
            (text, limit),
        ).fetchall()
        return to_records(store.connection, spec, found)


def texts(store: Store, type_name: str, field: str) -> list[str]:
    """Return what a field of the live records holds, empty ones left out."""
    return [text for _, text in texts_by_id(store, type_name, field)]


def texts_by_id(store: Store, type_name: str, field: str, limit: int = -1) -> list[tuple[int, str]]:
    """Return ids of live records and what a field of them holds, empty ones left out.

    Args:
        store: The home.
        type_name: The record type.
        field: The field, of one line of text.
        limit: How many at most; all of them if it is below zero.
    """
    with plain_errors():
        found: list[Any] = store.connection.execute(
            f"SELECT id, {quote(field)} FROM {quote(type_name)} WHERE {quote(field)} IS NOT NULL "
            "AND archived IS NOT 1 AND merged_into IS NULL LIMIT ?",
            (limit,),
        ).fetchall()
    return found


def of_ids(connection: Connection, spec: RecordSpec, identities: list[int]) -> dict[int, Record]:
    """Return the records of some ids, by id; those that are not here are left out."""
    found = connection.execute(
        f"SELECT {column_list(spec.name)} FROM {quote(spec.name)} "
        "WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(identities),),
    ).fetchall()
    records = to_records(connection, spec, found)
    return {row[0]: record for row, record in zip(found, records, strict=True)}


def same_ids(connection: Connection, spec: RecordSpec, *identities: int) -> list[int]:
    """Return ids and those of their duplicates: references are never rewritten when merging."""
    table = quote(spec.name)
    found = connection.execute(
        "WITH RECURSIVE same(id) AS (SELECT value FROM json_each(?) UNION "
        f"SELECT t.id FROM {table} AS t "
        "JOIN same ON t.merged_into = same.id WHERE t.merged_into IS NOT NULL) "
        "SELECT id FROM same",
        (json.dumps(identities),),
    )
    return [row[0] for row in found]


def merged_on(store: Store, type_name: str) -> dict[int, int]:
    """Return what records were merged into, where that was merged into another one itself."""
    table = quote(type_name)
    with plain_errors():
        return dict(
            store.connection.execute(
                f"SELECT t.id, t.merged_into FROM {table} AS t "
                f"JOIN {table} AS survivor ON survivor.id = t.merged_into "
                "WHERE t.merged_into IS NOT NULL AND survivor.merged_into IS NOT NULL"
            ).fetchall()
        )


def _place(spec: RecordSpec, order_by: str) -> int | None:
    """Return where the sort field stands in a row; None for the id."""
    if not order_by:
        return None
    return 1 + [field.name for field in spec.columns].index(order_by)


def _parts(
    connection: Connection,
    spec: RecordSpec,
    query: Query,
    after: Position | None,
    columns: str = "",
) -> Iterator[tuple[str, tuple[Kept, ...]]]:
    """Yield the statements whose rows, one after the other, are the list from a position on.

    Empty values sort apart from the others, so that each part can walk straight along an index.
    """
    terms, values = _conditions(connection, spec, query)
    select = f"SELECT {columns or column_list(spec.name)} FROM {quote(spec.name)}"
    direction, beyond = ("DESC", "<") if query.newest_first else ("ASC", ">")

    def statement(extra: list[str], order: str) -> str:
        where = " AND ".join([*terms, *extra])
        return f"{select}{' WHERE ' + where if where else ''} ORDER BY {order} LIMIT ?"

    if not query.order_by:
        place = [f"id {beyond} ?"] if after else []
        yield statement(place, f"id {direction}"), (*values, *([after[1]] if after else []))
        return
    column = derived.comparable(spec.by_name[query.order_by])

    def filled() -> tuple[str, tuple[Kept, ...]]:
        order = f"{column} {direction}, id {direction}"
        if after and after[0] is not None:
            return statement([f"({column}, id) {beyond} (?, ?)"], order), (*values, *after)
        return statement([f"{column} IS NOT NULL"], order), values

    def empty() -> tuple[str, tuple[Kept, ...]]:
        if after and after[0] is None:
            extra = [f"{column} IS NULL", f"id {beyond} ?"]
            return statement(extra, f"id {direction}"), (*values, after[1])
        return statement([f"{column} IS NULL"], f"id {direction}"), values

    parts = (filled, empty) if query.newest_first else (empty, filled)
    passed_first = after is not None and (after[0] is None) == query.newest_first
    for part in parts[1:] if passed_first else parts:
        yield part()


def _conditions(
    connection: Connection, spec: RecordSpec, query: Query
) -> tuple[list[str], tuple[Kept, ...]]:
    terms: list[str] = []
    values: list[Kept] = []
    for condition in query.where:
        field = spec.by_name[condition.field]
        if condition.comparison == "in" and not field.many:
            term, used = _any_of_term(connection, field, condition.value)
            terms.append(term)
            values += used
            continue
        if condition.comparison not in _COMPARISONS:
            message = f"{condition.comparison!r} is not a comparison"
            raise ValueError(message)
        accepted = _accepted(connection, field, condition.value)
        if field.many:
            term, used = _set_term(spec, field, accepted)
        elif field.kind is Kind.TIME and isinstance(accepted[0], str):
            term, used = _time_term(field, condition.comparison, accepted[0])
        else:
            term, used = _plain_term(field, condition.comparison, accepted)
        terms.append(term)
        values += used
    if not query.archived:
        terms += ["archived IS NOT 1", "merged_into IS NULL"]
    return terms, tuple(values)


def _plain_term(field: FieldSpec, comparison: str, accepted: list[Kept]) -> tuple[str, list[Kept]]:
    column = derived.comparable(field)
    if accepted == [None]:
        return f"{column} IS NULL", []
    if len(accepted) > 1:
        return f"{column} IN ({','.join('?' * len(accepted))})", accepted
    return f"{column} {comparison} ?", accepted


def _any_of_term(connection: Connection, field: FieldSpec, value: object) -> tuple[str, list[Kept]]:
    """Accept any value of a tuple; one parameter, however many they are."""
    assert isinstance(value, tuple)  # noqa: S101  # that is what "in" takes
    kept = [keep(field, one) for one in value]
    if field.kind is Kind.REF:
        wanted = [one for one in kept if isinstance(one, int)]
        kept = [*same_ids(connection, all_specs()[field.target], *wanted)]
    column = derived.comparable(field)
    return f"{column} IN (SELECT value FROM json_each(?))", [json.dumps(kept)]


def _time_term(field: FieldSpec, comparison: str, kept: str) -> tuple[str, list[Kept]]:
    """Compare instants: what is kept after the UTC time is only how the clock there showed it."""
    column = quote(field.name)
    first = kept[: kept.index("Z") + 1]
    last = f"{first}~"
    if comparison == "=":
        return f"{column} BETWEEN ? AND ?", [first, last]
    return f"{column} {comparison} ?", [first if comparison in {"<", ">="} else last]


def _set_term(spec: RecordSpec, field: FieldSpec, accepted: list[Kept]) -> tuple[str, list[Kept]]:
    link = all_specs()[spec.link(field.name)]
    if accepted == [None]:
        return (
            f"id NOT IN (SELECT owner FROM {quote(link.name)} "
            "WHERE owner IS NOT NULL AND archived IS NOT 1)"
        ), []
    value = derived.comparable(link.by_name["value"])
    return (
        f"id IN (SELECT owner FROM {quote(link.name)} "
        f"WHERE {value} IN ({','.join('?' * len(accepted))}) AND archived IS NOT 1)"
    ), accepted


def _accepted(connection: Connection, field: FieldSpec, value: object) -> list[Kept]:
    kept = keep(field, value)
    if field.kind is Kind.REF and isinstance(kept, int):
        return [*same_ids(connection, all_specs()[field.target], kept)]
    return [kept]


def equal(values: Mapping[str, object]) -> tuple[Condition, ...]:
    """Return conditions that fields equal values."""
    return tuple(Condition(field, value) for field, value in values.items())
