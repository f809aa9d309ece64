"""The entries of the log that say who belongs, each with where in which PC's chain it stands."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from liaison.store import changes as log
from liaison.store.driver import plain_errors
from liaison.store.replicas import Replica
from liaison.store.stamps import tag_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.store.store import Store


@dataclasses.dataclass(frozen=True, slots=True)
class Placed:
    """A membership entry as the log holds it; nothing in it is trusted yet.

    Args:
        stamp: Its stamp.
        unit: The id of the unit that brought it.
        pc: The id of the PC that wrote it.
        incarnation: Which life of that PC.
        seq: The unit's number in that life's chain.
        text: What was signed, as JSON.
    """

    stamp: int
    unit: int
    pc: int
    incarnation: int
    seq: int
    text: str


def entries(store: Store) -> tuple[Placed, ...]:
    """Return every membership entry, oldest first."""
    with plain_errors():
        found = store.connection.execute(
            "SELECT m.id, u.id, r.pc, r.incarnation, u.seq, coalesce(m.entry, '') "
            "FROM membership AS m JOIN change AS c ON c.stamp = m.id "
            "JOIN unit AS u ON u.id = c.unit JOIN replica AS r ON r.tag = u.tag ORDER BY m.id"
        ).fetchall()
    return tuple(Placed(*row) for row in found)


def apart(store: Store, words: str, after: int) -> tuple[int, list[tuple[int, str]]]:
    """Return entries in units that were taken out of the log or never came in.

    Args:
        store: The home.
        words: What such an entry says somewhere; most units in quarantine say no such thing.
        after: What this returned before; 0 for all of them.

    Returns:
        What to ask with the next time; the id of the PC that sent each, and what was signed.
    """
    newest = newest_apart(store)
    with plain_errors():
        rows = store.connection.execute(
            "SELECT coalesce(q.pc, r.pc), q.body FROM quarantine AS q "
            "LEFT JOIN replica AS r ON r.tag = q.tag "
            "WHERE q.id > ? AND q.id <= ? AND instr(q.body, CAST(? AS BLOB)) ORDER BY q.id",
            (after, newest, words),
        ).fetchall()
    found = [
        (pc, str(change.fields.get("entry", "")))
        for pc, body in rows
        if pc is not None
        for change in log.decode(body).changes
        if change.type == "membership"
    ]
    return newest, found


def newest_apart(store: Store) -> int:
    """Return what changes whenever a unit is put into quarantine; 0 if there is none."""
    with plain_errors():
        row = store.connection.execute("SELECT coalesce(max(id), 0) FROM quarantine").fetchone()
    return int(row[0])


def any_entry(store: Store) -> bool:
    """Return whether the log says anything of who belongs: whether this home ever had two PCs."""
    with plain_errors():
        row = store.connection.execute("SELECT EXISTS (SELECT 1 FROM membership)").fetchone()
    return bool(row[0])


def version(store: Store) -> tuple[int, int]:
    """Return what changes whenever an entry comes or goes: how many there are, and the newest."""
    with plain_errors():
        count, newest = store.connection.execute(
            "SELECT count(*), coalesce(max(id), 0) FROM membership"
        ).fetchone()
    return int(count), int(newest)


def replicas(store: Store) -> tuple[Replica, ...]:
    """Return every replica this database knows, each with how far its chain is here."""
    with plain_errors():
        found = store.connection.execute(
            "SELECT tag, pc, incarnation, public_key, seq, hash FROM replica "
            "ORDER BY pc, incarnation"
        ).fetchall()
    return tuple(Replica(*row) for row in found)


def births(store: Store, records: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return when each record was first written, and the id of the PC it was written on.

    Args:
        store: The home.
        records: Ids of records; one that the log does not know is left out.
    """
    pcs = {one.tag: one.pc for one in replicas(store)}
    found: dict[int, tuple[int, int]] = {}
    with plain_errors():
        for record in records:
            (stamp,) = store.connection.execute(
                "SELECT min(stamp) FROM change WHERE rec = ?", (record,)
            ).fetchone()
            if stamp is not None and tag_of(stamp) in pcs:
                found[record] = (stamp, pcs[tag_of(stamp)])
    return found
