"""What waits to be sent: the segments that this PC built, and which units they hold.

A unit's place in the outbox needs no row of its own: every unit of a replica of this PC beyond the
last one that a segment holds is waiting to be sent, from the very transaction that wrote it.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from liaison.records.rules import times
from liaison.store import erasing
from liaison.store.derived import ACCESS
from liaison.store.driver import plain_errors
from liaison.store.segments import advance

if TYPE_CHECKING:
    from liaison.store.store import Store


@dataclasses.dataclass(frozen=True, slots=True)
class Unsent:
    """A segment that was built and is not known to be in the storage."""

    tag: int
    seq: int
    name: str
    data: bytes


def put(store: Store, unsent: Unsent, units: tuple[int, int], digest: bytes) -> bool:
    """Keep a segment that was just built, before anything is sent.

    Args:
        store: The home.
        unsent: The segment.
        units: Numbers of the first and the last unit in it.
        digest: What the segment after it will name.

    Returns:
        Whether it is the next one; not if another program was quicker.
    """
    with store.writing() as connection:
        (last,) = connection.execute(
            "SELECT segment_seq FROM replica WHERE tag = ?", (unsent.tag,)
        ).fetchone()
        if last != unsent.seq - 1:
            return False
        connection.execute(
            "INSERT INTO outbox(tag, seq, name, first_unit, last_unit, bytes, sent) "
            "VALUES (?, ?, ?, ?, ?, ?, NULL)",
            (unsent.tag, unsent.seq, unsent.name, *units, unsent.data),
        )
        advance(connection, unsent.tag, unsent.seq, digest)
    return True


def unsent(store: Store) -> list[Unsent]:
    """Return the segments that are not known to have been sent, in order."""
    with plain_errors():
        rows = store.connection.execute(
            "SELECT tag, seq, name, bytes FROM outbox WHERE sent IS NULL ORDER BY tag, seq"
        ).fetchall()
    return [Unsent(*row) for row in rows]


def saves_to_send(store: Store, pc: int) -> int:
    """Return how many saves of a PC are not known to be in the storage; noted accesses aside.

    Args:
        store: The home.
        pc: The PC, this one.
    """
    with plain_errors():
        (found,) = store.connection.execute(
            "SELECT coalesce(sum((SELECT count(*) FROM unit AS u WHERE u.tag = r.tag "
            "AND u.kind <> ? AND u.seq > (SELECT coalesce(max(o.last_unit), 0) FROM outbox AS o "
            "WHERE o.tag = r.tag AND o.sent IS NOT NULL))), 0) FROM replica AS r WHERE r.pc = ?",
            (ACCESS, pc),
        ).fetchone()
    return int(found)


def own_names(store: Store) -> set[str]:
    """Return the names of all segments this PC built, sent or not."""
    with plain_errors():
        rows = store.connection.execute("SELECT name FROM outbox").fetchall()
    return {name for (name,) in rows}


def units_of(store: Store, tag: int, first: int, last: int) -> tuple[int, int] | None:
    """Return the numbers of the first and the last unit that segments of this PC hold.

    Args:
        store: The home.
        tag: The replica.
        first: The number of the first of the segments.
        last: That of the last.

    Returns:
        None if the outbox does not know all of them.
    """
    with plain_errors():
        count, lowest, highest = store.connection.execute(
            "SELECT count(*), min(first_unit), max(last_unit) FROM outbox "
            "WHERE tag = ? AND seq BETWEEN ? AND ?",
            (tag, first, last),
        ).fetchone()
    return (lowest, highest) if count == last - first + 1 else None


def is_emptied(store: Store, tag: int, first: int, last: int) -> bool:
    """Return whether something was erased from the units that segments of this PC hold.

    Args:
        store: The home.
        tag: The replica.
        first: The number of the first of the segments.
        last: That of the last.
    """
    with plain_errors():
        stamps = list(erasing.erasures(store.connection))
        found = store.connection.execute(
            "SELECT 1 FROM json_each(?) AS e JOIN change AS c ON c.stamp = e.value "
            "JOIN unit AS u ON u.id = c.unit AND u.tag = ? JOIN outbox AS o ON o.tag = u.tag "
            "AND o.seq BETWEEN ? AND ? AND u.seq BETWEEN o.first_unit AND o.last_unit LIMIT 1",
            (json.dumps(stamps), tag, first, last),
        ).fetchone()
    return found is not None


def mark_sent(store: Store, tag: int, seq: int) -> None:
    """Note that the storage has a segment; its bytes lie on the shelf from now on."""
    with store.writing() as connection:
        connection.execute(
            "UPDATE outbox SET sent = ?, bytes = X'' WHERE tag = ? AND seq = ?",
            (times.to_stored(store.clock()), tag, seq),
        )


def forget(store: Store, tag: int, after: int) -> None:
    """Drop segments beyond a number from the outbox: another line of them counts."""
    with store.writing() as connection:
        connection.execute("DELETE FROM outbox WHERE tag = ? AND seq > ?", (tag, after))
