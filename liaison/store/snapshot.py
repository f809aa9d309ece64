"""A copy of a home's database for another PC: all that is shared, nothing that is this PC's own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from liaison.files import discard
from liaison.files import plain_errors as plain_file_errors
from liaison.store import driver
from liaison.store.driver import plain_errors
from liaison.store.rekeying import rekey_copy

if TYPE_CHECKING:
    from pathlib import Path

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


def write_snapshot(store: Store, copy: Path, key: bytes) -> None:
    """Write a copy of a home as other PCs may have it, under a key of its own.

    Args:
        store: The home.
        copy: The file to make; it must not exist.
        key: The copy's 32-byte key.

    Raises:
        UserError: The disk is full or would not do it; no copy is left.
    """
    try:
        with plain_errors(), plain_file_errors(copy):
            driver.new_file(copy)
            # written once, under its own key: rekeying it would write all of it again
            target = f"{copy.absolute().as_uri()}?key=x'{key.hex()}'"
            store.connection.execute("VACUUM INTO ?", (target,))
        connection = driver.connect(copy, key)
        try:
            with plain_errors():
                connection.execute("PRAGMA journal_mode = DELETE").fetchone()
                # what is deleted must not stay in free pages
                connection.execute("PRAGMA secure_delete = ON").fetchall()
                connection.execute("BEGIN IMMEDIATE")
                for table in _THIS_PCS_OWN:
                    connection.execute(f"DELETE FROM {table}")
                connection.execute("COMMIT")
        finally:
            connection.close()
    except BaseException:
        discard(copy)
        raise
    finally:
        _discard_beside(copy)


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


def _discard_beside(copy: Path) -> None:
    """Remove what SQLite had beside a copy that is closed."""
    for end in ("-journal", "-wal", "-shm"):
        discard(copy.with_name(copy.name + end))
