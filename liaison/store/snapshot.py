"""A copy of a home's database for another PC: all that is shared, nothing that is this PC's own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison.files import discard
from liaison.files import plain_errors as plain_file_errors
from liaison.store import driver, migrations
from liaison.store.driver import plain_errors
from liaison.store.rekeying import rekey_copy
from liaison.store.store import Context, Replica, admit, read_context

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.store.driver import Connection
    from liaison.store.store import Store

_THIS_PCS_OWN: Final = (
    "draft",
    "window_state",
    "outbox",
    "waiting",
    "quarantine",
    "segment_apart",
    "heard",
    "claim",
)


class Head(NamedTuple):
    """How far the chain of one replica has come in a copy."""

    tag: int
    pc: int
    incarnation: int
    seq: int
    hash: bytes


class Unlike(Exception):
    """A copy is not what it was said to be; says why, as the end of a sentence."""


def write_snapshot(store: Store, copy: Path, key: bytes) -> tuple[Head, ...]:
    """Write a copy of a home as other PCs may have it, under a key of its own.

    Args:
        store: The home; others may go on saving.
        copy: The file to make; it must not exist.
        key: The copy's 32-byte key.

    Returns:
        How far each chain has come in it.

    Raises:
        UserError: The disk is full or would not do it; no copy is left.
    """
    try:
        with plain_errors(), plain_file_errors(copy):
            driver.new_file(copy)
            _copy(store, copy, key)
            return _leave_out(copy, key)
    except BaseException:
        discard(copy)
        raise
    finally:
        _discard_beside(copy)


def _copy(store: Store, copy: Path, key: bytes) -> None:
    """Write all of a home into a file, through a connection that somebody's saves do not wait for."""
    reader = driver.connect(store.path, store.key, read_only=True)
    try:
        # what it writes is a file of its own, and one that a power cut takes is made again
        reader.execute("PRAGMA query_only = OFF")
        reader.execute("PRAGMA synchronous = OFF")
        # written once, under its own key: rekeying it would write all of it again
        target = f"{copy.absolute().as_uri()}?key=x'{key.hex()}'"
        reader.execute("VACUUM INTO ?", (target,))
    finally:
        reader.close()


def _leave_out(copy: Path, key: bytes) -> tuple[Head, ...]:
    connection = driver.connect(copy, key)
    try:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        connection.execute("PRAGMA synchronous = OFF")
        # what is deleted must not stay in free pages
        connection.execute("PRAGMA secure_delete = ON").fetchall()
        connection.execute("BEGIN IMMEDIATE")
        for table in _THIS_PCS_OWN:
            connection.execute(f"DELETE FROM {table}")
        connection.execute("COMMIT")
        return _heads(connection)
    finally:
        connection.close()


def _heads(connection: Connection) -> tuple[Head, ...]:
    rows = connection.execute(
        "SELECT tag, pc, incarnation, seq, hash FROM replica ORDER BY tag"
    ).fetchall()
    return tuple(Head(*row) for row in rows)


def schema() -> str:
    """Return what says which version's tables a copy made here has."""
    return migrations.names()[-1]


def can_read(schema: str) -> bool:
    """Return whether this Liaison can read a copy's tables: a newer one's it cannot."""
    return schema in migrations.names()


def adopt_snapshot(copy: Path, key: bytes, own_key: bytes) -> None:
    """Give a copy that came from another PC the key of this one's database.

    Args:
        copy: The file; nobody else has it open.
        key: The key it came with.
        own_key: The key it shall have.

    Raises:
        UserError: It is damaged, or the disk would not do it.
    """
    try:
        rekey_copy(copy, key, own_key)
    finally:
        _discard_beside(copy)
    with plain_file_errors(copy), copy.open("r+b") as file:
        os.fsync(file.fileno())


def begin_life(
    copy: Path, key: bytes, context: Context, replica: Replica, heads: tuple[Head, ...]
) -> None:
    """Let a copy that was adopted be this PC's own: it writes as itself from here on.

    Args:
        copy: The file; nobody else has it open.
        key: Its 32-byte key.
        context: What it is to know of its home and of its writer.
        replica: This PC, as the writer.
        heads: How far the chains must have come.

    Raises:
        Unlike: It is of another home, or not at those heads, or knows this PC's tag already.
        UserError: It is damaged, or the disk would not do it.
    """
    connection = driver.connect(copy, key)
    try:
        with plain_errors():
            there = read_context(connection)
            if (there.home, there.root) != (context.home, context.root):
                raise Unlike("it is of another home")
            if _heads(connection) != heads:
                raise Unlike("it has not come as far as was said")
            if any(one.tag == replica.tag for one in heads):
                raise Unlike("another PC of the home already goes by this one's number")
            connection.execute("BEGIN IMMEDIATE")
            admit(connection, replica)
            connection.execute(
                "UPDATE context SET tag = ?, generation = ?", (context.tag, context.generation)
            )
            connection.execute("COMMIT")
    finally:
        connection.close()
        _discard_beside(copy)


def _discard_beside(copy: Path) -> None:
    """Remove what SQLite had beside a copy that is closed."""
    for end in ("-journal", "-wal", "-shm"):
        discard(copy.with_name(copy.name + end))
