"""Everything in the database that follows from the declarations: search, guards, indexes, timeline.

None of it is in a migration: after the migrations have run, :func:`rebuild` drops and remakes it
whenever the declarations say something else than they did when it was last made.
"""

from __future__ import annotations

import functools
import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from liaison.records import Kind, all_specs
from liaison.records.rules import phones
from liaison.records.rules.letters import PLAIN_LETTERS
from liaison.store import ods
from liaison.store.changes import ERASE, ERASED, GONE
from liaison.store.schema import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from liaison.records import FieldSpec, RecordSpec
    from liaison.store.driver import Connection

ACCESS: Final = "access"
"""The kind of a unit that only says what was looked at, printed or the like."""
SEARCH_PREFIX: Final = "search_"
NAMES_PREFIX: Final = "names_"
_TOKENIZER: Final = "porter unicode61 remove_diacritics 2"
# a piece from the middle of a name: three letters at least
_NAME_TOKENIZER: Final = "trigram remove_diacritics 1"
# kept with the replica, whose row every unit writes anyway
_OUTSIDE_UNIT: Final = "NOT EXISTS (SELECT 1 FROM replica WHERE unit_open = 1)"
# the one update of the log there is: content and salt of a change that an erasure in the log names
_KEPT_OF_A_CHANGE: Final = ("stamp", "unit", "type", "rec", "op", "over", "digest")
_LAWFUL_ERASURE: Final = (
    " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _KEPT_OF_A_CHANGE)
    + f" AND EXISTS (SELECT 1 FROM change AS e WHERE e.op = '{ERASE}' AND e.rec = OLD.rec "
    f"AND json_extract(e.fields ->> '$.{ERASED}', '$.\"' || OLD.stamp || '\"') IS NOT NULL)"
)
_PHONE_MARKS: Final = f" {phones.SIGNS}"


def searched(spec: RecordSpec) -> tuple[FieldSpec, ...]:
    """Return the fields of a type whose words a search finds."""
    return tuple(field for field in spec.columns if field.searched)


def named(spec: RecordSpec) -> tuple[FieldSpec, ...]:
    """Return the fields of a type of which a piece from the middle finds the record."""
    return tuple(field for field in spec.columns if field.by_name)


def comparable(field: FieldSpec) -> str:
    """Return the SQL by which a field is compared, sorted and indexed: names in any case."""
    column = quote(field.name)
    return f"{column} COLLATE NOCASE" if field.kind is Kind.TEXT else column


def rebuild(connection: Connection, *, force: bool = False) -> bool:
    """Make the derived objects agree with the declarations; inside the caller's transaction.

    Args:
        connection: The home's database, its record tables in place.
        force: Remake them even if they should be right.

    Returns:
        Whether anything had to be made.
    """
    if not force and not outdated(connection):
        return False
    _drop(connection)
    for statement in statements():
        connection.execute(statement)
    _fill(connection)
    connection.execute("UPDATE context SET derived = ?", (fingerprint(),))
    return True


def outdated(connection: Connection) -> bool:
    """Return whether the derived objects were made from other declarations than today's."""
    (made,) = connection.execute("SELECT derived FROM context").fetchone()
    return bool(made != fingerprint())


@functools.cache
def statements() -> tuple[str, ...]:
    """Return the SQL of every derived object, in the order to run it."""
    return tuple(_all_statements())


@functools.cache
def fingerprint() -> str:
    """Return what tells one set of derived objects from another."""
    return hashlib.sha256("\n".join(statements()).encode()).hexdigest()


def _all_statements() -> Iterator[str]:
    yield (
        "CREATE TABLE timeline (resident INTEGER, at TEXT, rec INTEGER, type TEXT, "
        "PRIMARY KEY (resident, at, rec)) STRICT, WITHOUT ROWID"
    )
    yield ods.STATEMENT
    for spec in all_specs().values():
        yield from _indexes(spec)
        yield from _guards(spec)
        yield from _search(spec)
        yield from _names(spec)
        yield from _timeline(spec)
    yield from _log_guards()


def _drop(connection: Connection) -> None:
    # triggers first: a table's own cannot be dropped while another's mentions it
    kinds = ("trigger", "view", "index", "table")
    found = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    ).fetchall()
    for kind in kinds:
        for object_kind, name, sql in found:
            if object_kind != kind or sql is None:
                continue
            is_ours = (
                kind in {"trigger", "view"}
                or (kind == "index" and name.startswith("by_"))
                or (kind == "table" and (name == "timeline" or sql.startswith("CREATE VIRTUAL")))
            )
            if is_ours:
                connection.execute(f"DROP {kind.upper()} {quote(name)}")


def _fill(connection: Connection) -> None:
    ods.fill_index(connection)
    for spec in all_specs().values():
        for prefix, fields in ((SEARCH_PREFIX, searched(spec)), (NAMES_PREFIX, named(spec))):
            if fields:
                table = quote(prefix + spec.name)
                connection.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')")
        if spec.timeline:
            connection.execute(
                f"INSERT OR IGNORE INTO timeline {_timeline_rows(spec, quote(spec.name))}"
            )


def _indexes(spec: RecordSpec) -> Iterator[str]:
    table = quote(spec.name)
    for field in spec.columns:
        if field.indexed:
            column = comparable(field)
            # references are only ever looked up, never sorted by, and most are empty
            partial = f" WHERE {quote(field.name)} IS NOT NULL" if field.kind is Kind.REF else ""
            name = quote(f"by_{spec.name}_{field.name}")
            yield f"CREATE INDEX {name} ON {table} ({column}, id){partial}"


def _guards(spec: RecordSpec) -> Iterator[str]:
    table = quote(spec.name)
    refuse = "SELECT RAISE(ABORT, 'records are written only inside a unit of work')"
    yield (
        f"CREATE TRIGGER {quote(f'guard_{spec.name}_insert')} BEFORE INSERT ON {table} "
        f"WHEN {_OUTSIDE_UNIT} BEGIN {refuse}; END"
    )
    yield (
        f"CREATE TRIGGER {quote(f'guard_{spec.name}_update')} BEFORE UPDATE ON {table} "
        f"WHEN {_OUTSIDE_UNIT} OR NEW.id <> OLD.id BEGIN {refuse}; END"
    )
    yield (
        f"CREATE TRIGGER {quote(f'guard_{spec.name}_delete')} BEFORE DELETE ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END"
    )


def _log_guards() -> Iterator[str]:
    # an erasure is looked for by its record; only its own row is ever in this index
    yield f"CREATE INDEX by_change_erasure ON change (rec) WHERE op = '{ERASE}'"
    # so that what was only looked at does not count as a change (store.position)
    yield f"CREATE INDEX by_unit_access ON unit (id) WHERE kind = '{ACCESS}'"
    # what was erased as a whole (store.erased_apart): few or none, asked for in every round
    yield f"CREATE INDEX by_unit_gone ON unit (batch, tag) WHERE kind = '{GONE}'"
    refuse = "BEGIN SELECT RAISE(ABORT, 'the change log is only added to'); END"
    for table in ("unit", "change"):
        for verb in ("UPDATE", "DELETE"):
            lawful = f"WHEN {_OUTSIDE_UNIT} OR NOT ({_LAWFUL_ERASURE}) "
            when = lawful if (table, verb) == ("change", "UPDATE") else ""
            yield (
                f"CREATE TRIGGER guard_{table}_{verb.lower()} BEFORE {verb} ON {quote(table)} "
                f"{when}{refuse}"
            )
        yield (
            f"CREATE TRIGGER guard_{table}_insert BEFORE INSERT ON {quote(table)} "
            f"WHEN {_OUTSIDE_UNIT} "
            "BEGIN SELECT RAISE(ABORT, 'the change log is written only inside a unit'); END"
        )


@contextmanager
def deleting(connection: Connection, types: Iterable[str]) -> Iterator[None]:
    """Lift the guards against deleting from the log and from some record tables for a while.

    Only :mod:`liaison.store.withdrawing` does this. Inside a transaction: an error rolls it back,
    and the guards are as they were.

    Args:
        connection: Inside a transaction.
        types: The record types from whose tables rows go.
    """
    names = {
        "guard_unit_delete",
        "guard_change_delete",
        *(f"guard_{name}_delete" for name in types),
    }
    texts = [
        text
        for name in sorted(names)
        for (text,) in connection.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?", (name,)
        ).fetchall()
    ]
    for name in sorted(names):
        connection.execute(f"DROP TRIGGER IF EXISTS {quote(name)}")
    yield
    for text in texts:
        connection.execute(text)


def _search_value(field: FieldSpec, row: str) -> str:
    """Return the SQL for what the search index holds of a field: of phones the digits alone."""
    column = f"{row}{quote(field.name)}"
    if field.kind is not Kind.PHONE:
        return column
    for mark in _PHONE_MARKS:
        column = f"replace({column}, '{mark}', '')"
    return column


def _name_value(field: FieldSpec, row: str) -> str:
    """Return the SQL for what the index of names holds: letters as an English keyboard has them."""
    column = f"{row}{quote(field.name)}"
    for letter, plain in PLAIN_LETTERS.items():
        column = f"replace({column}, '{letter}', '{plain}')"
    return column


def _search(spec: RecordSpec) -> Iterator[str]:
    if fields := searched(spec):
        options = "prefix='2 3', "
        yield from _full_text(spec, SEARCH_PREFIX, fields, _search_value, _TOKENIZER, options)


def _names(spec: RecordSpec) -> Iterator[str]:
    if fields := named(spec):
        yield from _full_text(spec, NAMES_PREFIX, fields, _name_value, _NAME_TOKENIZER, "")


def _full_text(  # noqa: PLR0917  # the parts of one statement, used twice just above
    spec: RecordSpec,
    prefix: str,
    fields: tuple[FieldSpec, ...],
    value: Callable[[FieldSpec, str], str],
    tokenizer: str,
    options: str,
) -> Iterator[str]:
    table, index = quote(spec.name), quote(prefix + spec.name)
    columns = ", ".join(quote(field.name) for field in fields)
    new = ", ".join(value(field, "NEW.") for field in fields)
    old = ", ".join(value(field, "OLD.") for field in fields)
    content = spec.name
    if any(value(field, "") != quote(field.name) for field in fields):
        content = f"source_{prefix}{spec.name}"
        source = ", ".join(f"{value(field, '')} AS {quote(field.name)}" for field in fields)
        yield f"CREATE VIEW {quote(content)} AS SELECT id, {source} FROM {table}"
    # columnsize=0: without the lengths of every text a save writes fewer pages; only ranking reads
    # them, and works them out
    yield (
        f"CREATE VIRTUAL TABLE {index} USING fts5({columns}, content='{content}', "
        f"content_rowid='id', columnsize=0, {options}tokenize='{tokenizer}')"
    )
    insert = f"INSERT INTO {index}(rowid, {columns}) VALUES (NEW.id, {new})"
    yield (
        f"CREATE TRIGGER {quote(f'{prefix}{spec.name}_insert')} AFTER INSERT ON {table} "
        f"BEGIN {insert}; END"
    )
    # never a delete trigger: rows of record tables are never deleted
    yield (
        f"CREATE TRIGGER {quote(f'{prefix}{spec.name}_update')} AFTER UPDATE OF {columns} "
        f"ON {table} BEGIN INSERT INTO {index}({index}, rowid, {columns}) "
        f"VALUES ('delete', OLD.id, {old}); {insert}; END"
    )


def _timeline_rows(spec: RecordSpec, source: str, row: str = "t") -> str:
    """Return the SELECT for timeline rows of a type from a table (or one row of it)."""
    parent, _, moment = spec.timeline.rpartition(".")
    if spec.timeline_of:
        through = quote(spec.timeline_of)
        target = quote(spec.by_name[spec.timeline_of].target)
        return (
            f"SELECT p.resident, {row}.{quote(moment)}, {row}.id, '{spec.name}' "
            f"FROM {source} AS {row} JOIN {target} AS p ON p.id = {row}.{through} "
            f"WHERE p.resident IS NOT NULL AND {row}.{quote(moment)} IS NOT NULL"
        )
    if not parent:
        return (
            f"SELECT {row}.resident, {row}.{quote(moment)}, {row}.id, '{spec.name}' "
            f"FROM {source} AS {row} "
            f"WHERE {row}.resident IS NOT NULL AND {row}.{quote(moment)} IS NOT NULL"
        )
    target = quote(spec.by_name[parent].target)
    return (
        f"SELECT {row}.resident, p.{quote(moment)}, {row}.id, '{spec.name}' "
        f"FROM {source} AS {row} JOIN {target} AS p ON p.id = {row}.{quote(parent)} "
        f"WHERE {row}.resident IS NOT NULL AND p.{quote(moment)} IS NOT NULL"
    )


def _timeline(spec: RecordSpec) -> Iterator[str]:
    """Keep an index of what happened to each resident, newest first, over all types."""
    if not spec.timeline:
        return
    if spec.timeline_of:
        yield from _timeline_through(spec)
        return
    parent, _, moment = spec.timeline.rpartition(".")
    table = quote(spec.name)
    one = f"{_timeline_rows(spec, table)} AND t.id = NEW.id"
    add = f"INSERT OR IGNORE INTO timeline {one}"
    yield (
        f"CREATE TRIGGER {quote(f'timeline_{spec.name}_insert')} AFTER INSERT ON {table} "
        f"WHEN NEW.resident IS NOT NULL BEGIN {add}; END"
    )
    cause = quote(parent or moment)
    if not parent:
        remove = (
            f"DELETE FROM timeline WHERE resident = OLD.resident AND at = OLD.{cause} "
            "AND rec = OLD.id"
        )
        yield (
            f"CREATE TRIGGER {quote(f'timeline_{spec.name}_update')} "
            f"AFTER UPDATE OF resident, {cause} ON {table} BEGIN {remove}; {add}; END"
        )
        return
    target = quote(spec.by_name[parent].target)
    at = quote(moment)
    remove = (
        f"DELETE FROM timeline WHERE resident = OLD.resident AND rec = OLD.id "
        f"AND at = (SELECT {at} FROM {target} WHERE id = OLD.{cause})"
    )
    yield (
        f"CREATE TRIGGER {quote(f'timeline_{spec.name}_update')} "
        f"AFTER UPDATE OF resident, {cause} ON {table} BEGIN {remove}; {add}; END"
    )
    # the parent may arrive after its children, and its time may be corrected
    children = f"{_timeline_rows(spec, table)} AND t.{cause} = NEW.id"
    yield (
        f"CREATE TRIGGER {quote(f'timeline_{spec.name}_parent_insert')} AFTER INSERT ON {target} "
        f"WHEN NEW.{at} IS NOT NULL BEGIN INSERT OR IGNORE INTO timeline {children}; END"
    )
    yield (
        f"CREATE TRIGGER {quote(f'timeline_{spec.name}_parent_update')} AFTER UPDATE OF {at} "
        f"ON {target} BEGIN DELETE FROM timeline WHERE at = OLD.{at} AND (resident, rec) IN "
        f"(SELECT resident, id FROM {table} WHERE {cause} = OLD.id); "
        f"INSERT OR IGNORE INTO timeline {children}; END"
    )


def _timeline_through(spec: RecordSpec) -> Iterator[str]:
    """Keep what happened to a resident whom only the record it points to names, as a chase."""
    table, through, at = quote(spec.name), quote(spec.timeline_of), quote(spec.timeline)
    target = quote(spec.by_name[spec.timeline_of].target)
    rows = f"INSERT OR IGNORE INTO timeline {_timeline_rows(spec, table)}"
    yield (
        f"CREATE TRIGGER {quote(f'timeline_{spec.name}_insert')} AFTER INSERT ON {table} "
        f"WHEN NEW.{through} IS NOT NULL BEGIN {rows} AND t.id = NEW.id; END"
    )
    yield (
        f"CREATE TRIGGER {quote(f'timeline_{spec.name}_update')} "
        f"AFTER UPDATE OF {through}, {at} ON {table} BEGIN "
        f"DELETE FROM timeline WHERE at = OLD.{at} AND rec = OLD.id AND resident = "
        f"(SELECT resident FROM {target} WHERE id = OLD.{through}); "
        f"{rows} AND t.id = NEW.id; END"
    )
    # what it points to may arrive after it, and be found to be about somebody else
    yield (
        f"CREATE TRIGGER {quote(f'timeline_{spec.name}_parent_insert')} AFTER INSERT ON {target} "
        f"WHEN NEW.resident IS NOT NULL BEGIN {rows} AND t.{through} = NEW.id; END"
    )
    yield (
        f"CREATE TRIGGER {quote(f'timeline_{spec.name}_parent_update')} "
        f"AFTER UPDATE OF resident ON {target} BEGIN "
        f"DELETE FROM timeline WHERE resident = OLD.resident AND (at, rec) IN "
        f"(SELECT {at}, id FROM {table} WHERE {through} = OLD.id); "
        f"{rows} AND t.{through} = NEW.id; END"
    )


def timeline_differs(connection: Connection) -> bool:
    """Return whether the timeline holds anything else than the records say."""
    parts = [
        _timeline_rows(spec, quote(spec.name)) for spec in all_specs().values() if spec.timeline
    ]
    wanted = " UNION ALL ".join(parts)
    columns = "SELECT resident, at, rec, type FROM timeline"
    row = connection.execute(
        f"SELECT EXISTS (SELECT * FROM ({wanted}) EXCEPT {columns}) "
        f"OR EXISTS ({columns} EXCEPT SELECT * FROM ({wanted}))"
    ).fetchone()
    return bool(row[0])
