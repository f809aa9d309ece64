"""Taking units back out of the log: what a removed PC wrote on, and the fork that does not count.

The log is only added to; this is the one exception, and nothing is lost by it. The units go into
quarantine as they came, and their records become what the log says without them, as on a PC that
never had them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from liaison.records import all_specs
from liaison.records.rules import times
from liaison.store import changes as log
from liaison.store import derived, erasing
from liaison.store.driver import plain_errors
from liaison.store.merge import units_after
from liaison.store.projection import project
from liaison.store.schema import quote
from liaison.store.store import collector_paused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from liaison.store.changes import Envelope
    from liaison.store.driver import Connection
    from liaison.store.store import Store

_ALL: Final = 1 << 62


def emptied_beyond(store: Store, tag: int, after: int) -> frozenset[int]:
    """Return the stamps of what a replica's units beyond a number erased from, or as a whole.

    Args:
        store: The home.
        tag: The replica.
        after: The number of the last unit that counts.
    """
    envelopes = units_after(store, tag, after, _ALL)
    changes = [change for one in envelopes for change in one.changes]
    named = frozenset(stamp for stamp, _ in erasing.named_in(changes))
    with plain_errors():
        return named | _gone_by(store.connection, envelopes)


def _gone_by(connection: Connection, envelopes: Collection[Envelope]) -> frozenset[int]:
    """Return the stamps of what units say that were erased as a whole by some others alone."""
    named = [one.unit.batch for one in envelopes if one.unit.kind == log.GONE]
    if not named:
        return frozenset()
    rows = connection.execute(
        f"SELECT c.stamp FROM unit AS u CROSS JOIN change AS c ON {log.OF_UNIT} "
        "WHERE u.id IN (SELECT value FROM json_each(?1)) AND NOT EXISTS "
        f"(SELECT 1 FROM unit AS e WHERE e.kind = '{log.GONE}' AND e.batch = u.id "
        "AND e.id NOT IN (SELECT value FROM json_each(?2)))",
        (json.dumps(named), json.dumps([one.unit.id for one in envelopes])),
    ).fetchall()
    return frozenset(stamp for (stamp,) in rows)


def withdraw(
    store: Store, tag: int, after: int, reason: str, whole: Iterable[log.Change] = ()
) -> list[Envelope]:
    """Take a replica's units beyond a number out of the log and put them into quarantine.

    Args:
        store: The home.
        tag: The replica.
        after: The number of the last unit that counts.
        reason: Why, as the end of a sentence.
        whole: What the units erased from (:func:`emptied_beyond`), as it was before: it is put
            back. What is not among it stays empty.

    Returns:
        The units, in order; none if there are none beyond that number.
    """
    envelopes = units_after(store, tag, after, _ALL)
    if not envelopes:
        return []
    # a PC may have written of a record as if it were of another type
    types = {(c.type, c.rec) for one in envelopes for c in one.changes}
    with collector_paused(), store.applying() as connection:
        at = times.to_stored(store.clock())
        connection.executemany(
            "INSERT INTO quarantine(tag, seq, reason, at, body, pc) "
            "SELECT tag, ?, ?, ?, ?, pc FROM replica WHERE tag = ?",
            [(one.unit.seq, reason, at, log.encode(one), tag) for one in envelopes],
        )
        # as long as the erasures are in the log
        emptied = _put_back(connection, whole, envelopes)
        types |= {(c.type, c.rec) for c in emptied}
        shown = {name for name, _ in types if name in all_specs()}
        with derived.deleting(connection, shown):
            _say_again(connection, emptied)
            for one in envelopes:
                connection.executemany(
                    "DELETE FROM change WHERE stamp = ?", [(c.stamp,) for c in one.changes]
                )
                connection.execute("DELETE FROM unit WHERE id = ?", (one.unit.id,))
            clear(connection, types)
        show_anew(connection, types)
        before = connection.execute(
            "SELECT hash FROM unit WHERE tag = ? AND seq = ?", (tag, after)
        ).fetchone()
        connection.execute(
            "UPDATE replica SET seq = ?, hash = ? WHERE tag = ?",
            (after if before else 0, before[0] if before else log.NO_HASH, tag),
        )
    return envelopes


def _put_back(
    connection: Connection, whole: Iterable[log.Change], envelopes: Collection[Envelope]
) -> list[log.Change]:
    """Put content back that withdrawn erasures took out, if no other one did as well.

    Returns:
        What they erased as a whole, of which more than the content is to be put back.
    """
    withdrawn = {change.stamp for one in envelopes for change in one.changes}
    others = erasing.erasures(connection, without=withdrawn)
    gone = _gone_by(connection, envelopes)
    whole = [one for one in whole if one.first_digest is None and one.stamp not in others]
    connection.executemany(
        # its first digest, which the chain is made of, proves it
        "UPDATE change SET fields = ?, salt = ? WHERE stamp = ? AND digest = ?",
        [
            (one.fields_text, one.salt, one.stamp, one.digest)
            for one in whole
            if one.stamp not in gone
        ],
    )
    return [one for one in whole if one.stamp in gone and one.stamp not in withdrawn]


def _say_again(connection: Connection, whole: Iterable[log.Change]) -> None:
    """Let the log hold changes again as they were written.

    Args:
        connection: Within :func:`derived.deleting`.
        whole: The changes; each is proven by its first digest, which the log has kept.
    """
    for one in whole:
        row = connection.execute(
            "SELECT unit FROM change WHERE stamp = ? AND digest = ?", (one.stamp, one.digest)
        ).fetchone()
        if row is not None:
            connection.execute("DELETE FROM change WHERE stamp = ?", (one.stamp,))
            connection.execute(
                "INSERT INTO change(stamp, unit, type, rec, op, fields, over, salt, digest) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    one.stamp, row[0], one.type, one.rec, one.op,
                    one.fields_text, one.over_text, one.salt, one.digest,
                ),
            )  # fmt: skip


def clear(connection: Connection, records: Collection[tuple[str, int]]) -> None:
    """Delete the rows of records; emptied first, which takes them out of search and timeline.

    Args:
        connection: Within :func:`derived.deleting` of their types.
        records: Their types and ids.
    """
    for name in {name for name, _ in records if name in all_specs()}:
        empty = ", ".join(f"{quote(field.name)} = NULL" for field in all_specs()[name].columns)
        rows = "WHERE id IN (SELECT value FROM json_each(?))"
        ids = (json.dumps([rec for type_, rec in records if type_ == name]),)
        connection.execute(f"UPDATE {quote(name)} SET {empty} {rows}", ids)
        connection.execute(f"DELETE FROM {quote(name)} {rows}", ids)


def show_anew(connection: Connection, records: Iterable[tuple[str, int]]) -> None:
    """Let records become what the log says of them now.

    Args:
        connection: Inside the merge's transaction, their rows cleared.
        records: Their types and ids.
    """
    recs = json.dumps(sorted({rec for _, rec in records}))
    for table in ("field_version", "superseded"):
        connection.execute(
            f"DELETE FROM {table} WHERE rec IN (SELECT value FROM json_each(?))", (recs,)
        )
    project(connection, _left(connection, recs), ours=False)


def _left(connection: Connection, recs: str) -> list[log.Change]:
    found = connection.execute(
        "SELECT stamp, type, rec, op, fields, over, coalesce(salt, X''), digest FROM change "
        "WHERE rec IN (SELECT value FROM json_each(?)) ORDER BY stamp",
        (recs,),
    )
    return [log.read_change(*row) for row in found]
