"""Giving a database another key: a copy that has it takes the file's place once it is whole.

SQLCipher can give a file another key in place, but when one write of that fails it takes the rest
back wrongly, and no key opens the file any more (``tests/faults/test_failing_disk.py`` found it).
"""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
import shutil
from typing import TYPE_CHECKING

from liaison.files import discard, move_into_place, sweep
from liaison.files import plain_errors as plain_file_errors
from liaison.store import driver
from liaison.store.driver import DatabaseTrouble, DriverError, WrongKey, plain_errors

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.store.driver import Connection


def rekey(path: Path, key: bytes, new_key: bytes) -> None:
    """Encrypt a closed database with another key.

    A crash in between leaves it whole under the one key or the other. Another process that has the
    file open keeps it from happening; one that waits for it meanwhile is refused afterwards.

    Args:
        path: The database file.
        key: Its 32-byte key.
        new_key: The 32-byte key it shall have.

    Raises:
        WrongKey: The file does not open with ``key``.
        DatabaseTrouble: Another program has it open, or the disk is full or refuses.
        CannotWrite: The copy could not be put in its place.
    """
    _sweep(path)
    connection = driver.connect(path, key)
    copy = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with plain_errors():
            # nothing in a log beside it, and the lock held until the connection is closed
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA busy_timeout = 0")
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
        with plain_errors(), plain_file_errors(path):
            driver.new_file(copy)
            shutil.copymode(path, copy)
            # as bytes: a name on a disk of another code page is no text
            connection.execute("VACUUM INTO CAST(? AS TEXT)", (os.fsencode(copy),))
            rekey_copy(copy, key, new_key)
            _check(copy, new_key)
            _take_the_place(connection, copy, path)
    finally:
        connection.close()
        discard(copy)
        _sweep(path)


def _sweep(path: Path) -> None:
    """Remove the copies that killed processes left long ago, and what SQLite had beside copies."""
    sweep(path)
    with contextlib.suppress(OSError):
        for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp-*"):
            if not left.with_name(left.name.rpartition("-")[0]).exists():
                discard(left)


def rekey_copy(copy: Path, key: bytes, new_key: bytes) -> None:
    """Give a copy another key in place; one that failed is to be thrown away.

    Args:
        copy: A database that nobody else has open.
        key: Its 32-byte key.
        new_key: The 32-byte key it shall have.

    Raises:
        UserError: It does not open, or the disk would not do it.
    """
    connection = driver.connect(copy, key)
    try:
        with plain_errors():
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            # no way back is needed: a copy that failed is thrown away
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            connection.execute("PRAGMA journal_mode = OFF").fetchone()
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(f"PRAGMA rekey = \"x'{new_key.hex()}'\"")
    except DriverError:
        # from None: the statement that failed holds the key
        raise _failed() from None
    finally:
        connection.close()


def _check(copy: Path, new_key: bytes) -> None:
    """See that every page of the copy opens with the new key, and have the disk keep it."""
    try:
        connection = driver.connect(copy, new_key, read_only=True)
    except WrongKey:
        raise _failed() from None
    try:
        if connection.execute("PRAGMA cipher_integrity_check").fetchall():
            raise _failed()
    finally:
        connection.close()
    with copy.open("r+b") as file:
        os.fsync(file.fileno())


def _take_the_place(connection: Connection, copy: Path, path: Path) -> None:
    """Rename a copy over the database that a connection holds the lock of."""
    if os.name == "nt":  # pragma: no cover  # Windows only
        # a file that is open cannot be replaced there; nor can one that another program opens now
        before = path.stat()
        connection.close()
        after = path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise driver.busy()
        move_into_place(copy, path)
        return
    old = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        move_into_place(copy, path)
        # whoever has waited for the lock has the old file open: nothing must be saved into it
        os.ftruncate(old, 0)
    finally:
        # together: closing any handle of a file gives up this process's locks on it
        connection.close()
        os.close(old)


def _failed() -> DatabaseTrouble:
    """Say what SQLCipher says only as "an error occurred": the old key had opened the file."""
    return DatabaseTrouble(
        "The home's database could not be given its new key: the disk is full, or did not do what "
        "was asked.",
        kept="Everything saved is kept, under the key it had until now.",
        do="Check the space left on the disk. The new key is given when the home is opened next.",
        code=driver.DISK_ERROR,
    )
