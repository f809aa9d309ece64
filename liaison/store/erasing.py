"""Content that must go by law: taken out of the log, of what lists show, and of the file's pages.

An erasure is a signed change like any other: it writes the fields empty over every version, and it
names each change of the log that held their content, with what that change hashes to without it and
the new salt of that, so that every PC can prove what is left.
Those changes keep their first digest, which the chain is made of, and lose the content and the salt
without which nobody can guess it from the digest. The guard on the log lets nothing else be updated.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Collection, Iterable, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from liaison.records import all_specs, ids
from liaison.store import changes as log
from liaison.store import derived
from liaison.store.driver import plain_errors
from liaison.store.schema import quote
from liaison.store.stamps import tag_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liaison.records.values import Kept
    from liaison.store.driver import Connection
    from liaison.store.store import Store
    from liaison.store.unit import UnitOfWork

_DIGEST_BYTES: Final = 32
_TELLING: Final = 12  # letters: shorter texts may stand in a draft by chance
KIND: Final = "erase"
"""The kind of a unit that erases."""


@dataclasses.dataclass(frozen=True, slots=True)
class Emptied:
    """A change of the log as it stands once content was taken out of it.

    Args:
        stamp: The change.
        fields: What is left of its fields, as the JSON text that is kept.
        salt: Its new salt.
        digest: What it hashes to from now on; the erasure vouches for that.
    """

    stamp: int
    fields: str
    salt: bytes
    digest: bytes


def emptied(connection: Connection, identity: int, names: Collection[str]) -> list[Emptied]:
    """Work out what is left of a record's changes without the content of some fields."""
    found: list[Emptied] = []
    for stamp, type_name, op, text, over in connection.execute(
        "SELECT stamp, type, op, fields, over FROM change WHERE rec = ? ORDER BY stamp", (identity,)
    ).fetchall():
        fields: dict[str, Kept] = json.loads(text)
        if op == log.ERASE or all(fields.get(name) is None for name in names):
            continue
        # the name stays: that something was written is history, what it was is not
        left = log.dump({name: None if name in names else fields[name] for name in fields})
        salt = os.urandom(log.SALT_BYTES)
        digest = log.digest_of(stamp, type_name, identity, op, left, over, salt)
        found.append(Emptied(stamp, left, salt, digest))
    return found


def erase(  # noqa: PLR0917  # what is erased from where
    store: Store,
    unit: UnitOfWork,
    type_name: str,
    identity: int,
    names: Collection[str],
    beside: Mapping[str, Kept] = MappingProxyType({}),
) -> int:
    """Erase fields of a record inside a unit that does nothing else.

    A set's elements are emptied one by one; their ids, which are made from owner and value, stay.
    Those that only a unit in quarantine speaks of are among them: so every PC is told.

    Args:
        store: The home.
        unit: The unit, of the kind :data:`KIND`.
        type_name: The record's type.
        identity: The record.
        names: The fields.
        beside: What else is written over the record, such as that it is out of the lists.

    Returns:
        How many changes of the log lose content.
    """
    spec = all_specs()[type_name]
    plain = {name: None for name in names if not spec.by_name[name].many}
    count = unit.erase(type_name, identity, {**plain, **beside}) if plain else 0
    for field in spec.sets:
        if field.name in names:
            link = spec.link(field.name)
            elements = {
                element
                for (element,) in store.connection.execute(
                    f"SELECT id FROM {quote(link)} WHERE owner = ? AND value IS NOT NULL",
                    (identity,),
                )
            }
            for element in sorted(elements | _elements_apart(store.connection, link, identity)):
                count += unit.erase(link, element, {"value": None, "archived": 1})
    return count


def _elements_apart(connection: Connection, link: str, owner: int) -> set[int]:
    """Return the elements of a record's set that units in quarantine give a value."""
    return {
        change.rec
        for _, envelope in _apart(connection)
        for change in envelope.changes
        if change.type == link
        and change.fields.get("owner") == owner
        and (value := change.fields.get("value")) is not None
        # of another id it is something else that only calls itself so
        and change.rec == ids.derived_id(link, owner, all_specs()[link].owner_field, value)
    }


def _apart(connection: Connection) -> list[tuple[int, log.Envelope]]:
    """Return the units in quarantine that have the right shape, with their rows."""
    rows = connection.execute("SELECT id, body FROM quarantine").fetchall()
    found = [(row, log.decode(body)) for row, body in rows]
    return [(row, one) for row, one in found if not log.shape_problem(one)]


@contextmanager
def leaving_nothing(store: Store) -> Iterator[None]:
    """Do an erasure so that its content is in no page of the file either, free ones included.

    The file is written anew first, which drops the free pages of the past, and then every page that
    the erasure frees is overwritten. It is one transaction: a kill leaves all of it or nothing.

    Args:
        store: The home; nobody else may write to it meanwhile.
    """
    connection = store.connection
    with plain_errors():
        connection.execute("VACUUM")
        # how the library was built decides what it is otherwise
        (before,) = connection.execute("PRAGMA secure_delete").fetchone()
        connection.execute("PRAGMA secure_delete = ON").fetchall()
    try:
        with store.together():
            yield
        with plain_errors():
            # old pages lie in the write-ahead log too; if a reader is in the way, closing does it
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.execute(f"PRAGMA secure_delete = {before:d}").fetchall()


def sweep(store: Store, type_name: str, identity: int, texts: Collection[str]) -> None:
    """Clear what is no record of erased content: drafts, and words search only marks as gone.

    What units in quarantine say of the record loses its erased fields too.

    Args:
        store: The home, within :func:`leaving_nothing`.
        type_name: The record's type.
        identity: The record; its half-typed forms go.
        texts: What was erased; a draft of any form that holds a long one of them goes too.
    """
    with store.writing() as connection:
        connection.execute(
            "DELETE FROM draft WHERE place LIKE ? || '/%'",
            (f"{type_name}/{ids.to_text(identity)}",),
        )
        for text in texts:
            if len(text) >= _TELLING:
                # as a draft's JSON spells it
                connection.execute(
                    "DELETE FROM draft WHERE instr(body, ?)", (json.dumps(text)[1:-1],)
                )
        _merge_indexes(connection, type_name)
        links = {all_specs()[type_name].link(field.name) for field in all_specs()[type_name].sets}
        elements = {
            element
            for link in links
            for (element,) in connection.execute(
                f"SELECT id FROM {quote(link)} WHERE owner = ?", (identity,)
            )
        }
        for link in links:
            elements |= _elements_apart(connection, link, identity)
        _empty_apart(connection, [identity, *elements])


def texts_of(connection: Connection, identity: int, names: Collection[str]) -> set[str]:
    """Return every text that fields of a record ever held."""
    found: set[str] = set()
    for (fields,) in connection.execute("SELECT fields FROM change WHERE rec = ?", (identity,)):
        values = json.loads(fields)
        found |= {value for name in names if isinstance(value := values.get(name), str)}
    return found


def _merge_indexes(connection: Connection, type_name: str) -> None:
    specs = all_specs()
    types = (type_name, *(specs[type_name].link(field.name) for field in specs[type_name].sets))
    for name in types:
        for prefix, searched in (
            (derived.SEARCH_PREFIX, derived.searched(specs[name])),
            (derived.NAMES_PREFIX, derived.named(specs[name])),
        ):
            if searched:
                index = quote(prefix + name)
                connection.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")


def empty(connection: Connection, changes: Iterable[Emptied]) -> None:
    """Take the content out of changes; the erasure that names them is in the log already."""
    connection.executemany(
        "UPDATE change SET fields = ?, salt = ? WHERE stamp = ?",
        [(one.fields, one.salt, one.stamp) for one in changes],
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Erasure:
    """What the log says was erased from one change.

    Args:
        names: The fields.
        digest: What the change must hash to now.
        salt: The salt of what is left.
    """

    names: frozenset[str]
    digest: bytes
    salt: bytes


def erasures(
    connection: Connection,
    records: Collection[int] | None = None,
    *,
    without: Collection[int] = (),
) -> dict[int, Erasure]:
    """Return what was erased from which changes, by their stamps.

    What an erasure says of a change of another record counts for nothing.

    Args:
        connection: The home's database.
        records: Only of these records; None for all.
        without: Stamps of erasures that are left out.
    """
    return _by_stamp(connection, _said(connection, records, without))


def erasures_apart(connection: Connection) -> dict[int, Erasure]:
    """Return what erasures in quarantine took out of changes while they counted.

    Args:
        connection: The home's database.
    """
    said = [
        (change.rec, change.fields)
        for _, envelope in _apart(connection)
        for change in envelope.changes
        if change.op == log.ERASE
    ]
    return _by_stamp(connection, said)


def gone_apart(connection: Connection) -> list[int]:
    """Return the units that erasures in quarantine took out as a whole while they counted.

    Args:
        connection: The home's database.
    """
    units = [envelope.unit for _, envelope in _apart(connection)]
    return [one.batch for one in units if one.kind == log.GONE and one.batch is not None]


def _by_stamp(
    connection: Connection, said: Collection[tuple[int, Mapping[str, Kept]]]
) -> dict[int, Erasure]:
    named = json.dumps([stamp for _, fields in said for stamp, _, _ in _named(fields)])
    record_of: dict[int, int] = dict(
        connection.execute(
            "SELECT stamp, rec FROM change WHERE stamp IN (SELECT value FROM json_each(?))",
            (named,),
        )
        if said
        else ()
    )
    found: dict[int, Erasure] = {}
    for rec, fields in said:
        names = _names_erased(fields)
        for stamp, digest, salt in _named(fields):
            if record_of.get(stamp, rec) != rec:
                continue
            before = found.get(stamp)
            found[stamp] = Erasure(names | before.names if before else names, digest, salt)
    return found


def erasers(connection: Connection) -> set[int]:
    """Return the tags of the replicas that erased something, set apart or not.

    Args:
        connection: The home's database.
    """
    said = connection.execute(f"SELECT stamp FROM change WHERE op = '{log.ERASE}'").fetchall()
    apart = connection.execute(f"SELECT tag FROM unit WHERE kind = '{log.GONE}'").fetchall()
    return {tag_of(stamp) for (stamp,) in said} | {tag for (tag,) in apart}


def _said(
    connection: Connection, records: Collection[int] | None, without: Collection[int] = ()
) -> list[tuple[int, Mapping[str, Kept]]]:
    """Return of the erasures in the log which record each is about, and its fields."""
    only = "" if records is None else "AND rec IN (SELECT value FROM json_each(?)) "
    rows = connection.execute(
        # sorted here: the statement would read the whole log for it instead of the few in the index
        f"SELECT stamp, rec, fields FROM change WHERE op = '{log.ERASE}' {only}",
        () if records is None else (json.dumps(list(records)),),
    )
    return [(rec, json.loads(text)) for stamp, rec, text in sorted(rows) if stamp not in without]


def _names_erased(fields: Mapping[str, Kept]) -> frozenset[str]:
    # what is given beside, such as that an element of a set or somebody is out, is no content
    return frozenset(name for name, value in fields.items() if value is None)


def claims(connection: Connection, received: Iterable[log.Change]) -> frozenset[tuple[int, bytes]]:
    """Return what erasures say that changes hash to now: those in the log and those just received.

    A received one that is not good never comes into the log; ``verify`` then finds what it named.
    """
    named = {(stamp, one.digest) for stamp, one in erasures(connection).items()}
    return frozenset(named) | named_in(received)


def named_in(received: Iterable[log.Change]) -> frozenset[tuple[int, bytes]]:
    """Return which changes the erasures among some name, and what those hash to without content."""
    return frozenset(
        (stamp, digest)
        for change in received
        if change.op == log.ERASE
        for stamp, digest, _ in _named(change.fields)
    )


def _named(fields: Mapping[str, Kept]) -> list[tuple[int, bytes, bytes]]:
    try:
        said = json.loads(str(fields.get(log.ERASED)))
        left = [(int(stamp), bytes.fromhex(told)) for stamp, told in said.items()]
    except (ValueError, TypeError, AttributeError):
        # not as we write it: it names nothing
        return []
    return [(stamp, told[:_DIGEST_BYTES], told[_DIGEST_BYTES:]) for stamp, told in left]


def naming(changes: Iterable[Emptied]) -> str:
    """Return how an erasure names the changes it empties: by stamp, what is left and its salt."""
    return log.dump({str(one.stamp): (one.digest + one.salt).hex() for one in changes})


def follow(connection: Connection, changes: Iterable[log.Change]) -> None:
    """Empty what other PCs erased, wherever the content came from; part of taking in their units.

    Two PCs may have erased from one change without knowing of each other; neither then told what is
    left of it after both. It keeps no salt, and ``verify`` believes the rest.

    Args:
        connection: Inside the merge's transaction, the changes already in the log.
        changes: What was taken in.
    """
    changes = list(changes)
    if erased := {change.rec for change in changes if change.op == log.ERASE}:
        _empty_apart(connection, erased)
    named = erasures(connection, {change.rec for change in changes})
    for stamp, erasure in named.items():
        row = connection.execute(
            "SELECT type, rec, op, fields, over, salt FROM change WHERE stamp = ?", (stamp,)
        ).fetchone()
        if row is None or row[5] is None:
            continue
        type_name, rec, op, text, over, salt = row
        left = log.dump(_without(json.loads(text), erasure.names))
        is_left = log.digest_of(stamp, type_name, rec, op, text, over, salt) == erasure.digest
        if left == text and is_left:
            continue
        proven = log.digest_of(stamp, type_name, rec, op, left, over, erasure.salt)
        connection.execute(
            "UPDATE change SET fields = ?, salt = ? WHERE stamp = ?",
            (left, erasure.salt if proven == erasure.digest else None, stamp),
        )


def still_holds(connection: Connection, envelopes: Iterable[log.Envelope]) -> bool:
    """Return whether units say what the log says was erased since.

    Args:
        connection: The home's database.
        envelopes: Units that are in the log, as they were once sent.
    """
    changes = [change for one in envelopes for change in one.changes]
    gone = erasures(connection, {change.rec for change in changes})
    return any(
        change.fields.get(name) is not None
        for change in changes
        if change.stamp in gone
        for name in gone[change.stamp].names
    )


def without_erased(connection: Connection, envelopes: Iterable[log.Envelope]) -> list[log.Envelope]:
    """Return units that are not in the log without what the log says was erased of their records.

    Args:
        connection: The home's database.
        envelopes: The units, of the right shape.
    """
    envelopes = list(envelopes)
    records = {change.rec for one in envelopes for change in one.changes}
    gone = _gone(connection, records)
    return [_bare(one, gone) for one in envelopes] if gone else envelopes


def _empty_apart(connection: Connection, records: Collection[int]) -> None:
    """Take what the log says was erased of some records out of the units in quarantine too."""
    gone = _gone(connection, records)
    if not gone:
        return
    for row, body in connection.execute("SELECT id, body FROM quarantine").fetchall():
        envelope = log.decode(body)
        if all(change.rec not in gone for change in envelope.changes):
            continue
        if log.shape_problem(envelope):
            # it never counts, and nobody could say which words of it are meant
            connection.execute("DELETE FROM quarantine WHERE id = ?", (row,))
            continue
        left = log.encode(_bare(envelope, gone))
        if left != body:
            connection.execute("UPDATE quarantine SET body = ? WHERE id = ?", (left, row))


def _gone(connection: Connection, records: Collection[int]) -> dict[int, frozenset[str]]:
    found: dict[int, frozenset[str]] = {}
    for rec, fields in _said(connection, records):
        found[rec] = found.get(rec, frozenset()) | _names_erased(fields)
    return found


def _bare(envelope: log.Envelope, gone: Mapping[int, Collection[str]]) -> log.Envelope:
    changes = [_bare_change(one, gone.get(one.rec, ())) for one in envelope.changes]
    return log.Envelope(envelope.unit, changes)


def _bare_change(change: log.Change, names: Collection[str]) -> log.Change:
    # not even empty: written again it would stand against what the record says by then
    fields = {name: value for name, value in change.fields.items() if name not in names}
    if fields == change.fields:
        return change
    over = {name: olds for name, olds in change.over.items() if name in fields}
    # no salt: the same unit comes to the same bytes whenever it is emptied
    stamp, type_name, rec, op = change[:4]
    bare = log.make_change(stamp, type_name, rec, op, fields, over, b"")
    return bare._replace(first_digest=change.first_digest or change.digest)


def _without(fields: Mapping[str, Kept], names: Collection[str]) -> dict[str, Kept]:
    return {name: None if name in names else value for name, value in fields.items()}
