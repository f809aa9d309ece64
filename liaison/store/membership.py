"""The entries of the log that say who belongs, each with where in which PC's chain it stands."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

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
