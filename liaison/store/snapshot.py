"""A copy of a home's database for another PC: all that is shared, nothing that is this PC's own.

The bytes of attachments are not in it. They lie in the storage, sealed, as it is, and are most of a
home that has them: the new PC fetches them from there and puts them into the copy it adopts.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison.files import discard
from liaison.files import plain_errors as plain_file_errors
from liaison.store import blobs, driver, migrations
from liaison.store.driver import WrongKey, plain_errors
from liaison.store.rekeying import rekey_copy
from liaison.store.replicas import Context, Replica, admit, read_context

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from liaison.store.driver import Connection
    from liaison.store.store import Store

_LEFT_OUT: Final = frozenset(
    {
        "blob",
        "blob_leaving",
        # this PC's own
        "draft",
        "window_state",
        "outbox",
        "waiting",
        "quarantine",
        "segment_apart",
        "heard",
        "claim",
    }
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
            return _proven_heads(copy, key)
    except BaseException:
        discard(copy)
        raise
    finally:
        _discard_beside(copy)


def _copy(store: Store, copy: Path, key: bytes) -> None:
    """Write a home into a file, through a connection that somebody's saves do not wait for."""
    reader = driver.connect(store.path, store.key, read_only=True)
    try:
        # their rows never come into it: nothing of them is left in any page
        driver.pass_over(reader, _LEFT_OUT)
        # what it writes is a file of its own, and one that a power cut takes is made again
        reader.execute("PRAGMA query_only = OFF")
        reader.execute("PRAGMA synchronous = OFF")
        # written once, under its own key: rekeying it would write all of it again
        target = f"{copy.absolute().as_uri()}?key=x'{key.hex()}'"
        reader.execute("VACUUM INTO ?", (target,))
    finally:
        reader.close()


def _proven_heads(copy: Path, key: bytes) -> tuple[Head, ...]:
    """Return how far a copy has come, having seen that it holds nothing that is left out."""
    connection = driver.connect(copy, key, read_only=True, fixed=True)
    try:
        for table in _LEFT_OUT:
            if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
                message = f"rows of {table} came into a copy for another PC"
                raise AssertionError(message)
        return _heads(connection)
    finally:
        connection.close()


def attachments(store: Store) -> dict[str, int]:
    """Return the attachments whose bytes are on this PC: how many bytes each has, by its name."""
    with plain_errors():
        rows = store.connection.execute("SELECT id, length(bytes) FROM blob").fetchall()
        spoken_of = set(store.connection.execute("SELECT sha256 FROM attachment"))
    return {name: length for name, length in rows if (name,) in spoken_of}


def lacking_attachments(copy: Path, key: bytes) -> list[str]:
    """Return the names of the attachments that a copy which came speaks of and does not hold.

    Args:
        copy: The file; nobody writes to it meanwhile.
        key: Its key.

    Raises:
        Unlike: It is no copy of a home.
    """
    try:
        connection = driver.connect(copy, key, read_only=True, fixed=True)
        try:
            return [name for (name,) in connection.execute(blobs.MISSING)]
        finally:
            connection.close()
    except (WrongKey, driver.DriverError):
        raise Unlike("it is no copy of a home") from None


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


def adopt_snapshot(
    copy: Path, key: bytes, own_key: bytes, attachments: Iterable[tuple[str, bytes]] = ()
) -> None:
    """Give a copy that came from another PC the key of this one's database, and its attachments.

    Args:
        copy: The file; nobody else has it open.
        key: The key it came with.
        own_key: The key it shall have.
        attachments: The name and the bytes of each attachment that came; quickest by their names.

    Raises:
        UserError: It is damaged, or the disk would not do it.
    """
    try:
        rekey_copy(copy, key, own_key)
        _put_in(copy, own_key, attachments)
    finally:
        _discard_beside(copy)
    with plain_file_errors(copy), copy.open("r+b") as file:
        os.fsync(file.fileno())


def _put_in(copy: Path, key: bytes, attachments: Iterable[tuple[str, bytes]]) -> None:
    connection = driver.connect(copy, key)
    try:
        with plain_errors():
            # no way back is needed: a copy that failed is thrown away
            connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            connection.execute("PRAGMA journal_mode = OFF").fetchone()
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN EXCLUSIVE")
            connection.executemany(
                "INSERT OR IGNORE INTO blob(id, bytes) VALUES (?, ?)", attachments
            )
            connection.execute("COMMIT")
    finally:
        connection.close()


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
