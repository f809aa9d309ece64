"""Whose database it is, and who writes in it: the home, and the PCs by their replicas."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liaison.store.driver import Connection


@dataclasses.dataclass(frozen=True, slots=True)
class Context:
    """What the database knows of the home it belongs to.

    Args:
        home: The home's id, as in its key file.
        root: The first manager's public key (32 bytes), the root of trust.
        tag: The tag of the replica that writes here.
        generation: The highest generation of the key file seen.
    """

    home: str
    root: bytes
    tag: int
    generation: int


@dataclasses.dataclass(frozen=True, slots=True)
class Replica:
    """A PC and its incarnation, as units are signed: its tag and public key."""

    tag: int
    pc: int
    incarnation: int
    public_key: bytes
    seq: int = 0
    hash: bytes = bytes(32)


def read_context(connection: Connection) -> Context:
    """Return what a database knows of its home."""
    row = connection.execute("SELECT home, root, tag, generation FROM context").fetchone()
    return Context(*row)


def admit(connection: Connection, replica: Replica) -> None:
    """Let a replica write here: its units will be checked against its public key."""
    connection.execute(
        "INSERT INTO replica(tag, pc, incarnation, public_key, seq, hash, segment_seq, "
        "segment_hash, unit_open) VALUES (?, ?, ?, ?, ?, ?, 0, ?, 0)",
        (*dataclasses.astuple(replica), bytes(32)),
    )
