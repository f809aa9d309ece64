"""Attachments: the record says what and whose, the bytes lie in a table of their own.

A blob is named by a keyed hash of its bytes, so neither the log nor a storage that carries it tells
whether it is a document somebody else has too.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import Attachment
from liaison.store.driver import plain_errors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from liaison.store.driver import Connection
    from liaison.store.store import Store
    from liaison.store.unit import UnitOfWork

LARGEST: Final = 50 * 1024 * 1024
"""Bytes; a scanned letter has two or three million, a film does not belong here."""

_NAME: Final = re.compile(r"[0-9a-f]{64}")
MISSING: Final = (
    "SELECT sha256 FROM attachment WHERE sha256 IS NOT NULL EXCEPT SELECT id FROM blob ORDER BY 1"
)
"""The statement that names the attachments whose bytes are not here, in order.

It reads the names one after another: SQLite reads all the bytes of those it passes when it looks
one up.
"""


class TooLarge(UserError):
    """A file is too large to be attached."""

    code = "too-large"


def blob_id(key: bytes, data: bytes) -> str:
    """Return the name of some bytes: 64 hexadecimal digits of HMAC-SHA-256."""
    return hmac.new(key, data, hashlib.sha256).hexdigest()


def attach(  # what an attachment is
    store: Store,
    unit: UnitOfWork,
    key: bytes,
    *,
    owner_type: str,
    owner: int,
    name: str,
    media_type: str,
    data: bytes,
) -> int:
    """Keep a file with a record; the bytes and the record are one transaction.

    Args:
        store: The home.
        unit: The unit of work it belongs to.
        key: The home's blob key.
        owner_type: The type of the record it belongs to.
        owner: The id of that record.
        name: The file's name.
        media_type: Its type, such as ``application/pdf``.
        data: Its bytes.

    Returns:
        The id of the attachment record.

    Raises:
        TooLarge: It has more than 50 MB.
    """
    if len(data) > LARGEST:
        raise TooLarge(
            f"{name} is larger than {LARGEST // 1024 // 1024} MB.",
            kept="Nothing was attached.",
            do="Attach a smaller copy, or note where the file is kept.",
        )
    blob = blob_id(key, data)
    store.connection.execute("INSERT OR IGNORE INTO blob(id, bytes) VALUES (?, ?)", (blob, data))
    return unit.add(
        Attachment(
            owner_type=owner_type,
            owner_id=ids.to_text(owner),
            name=name,
            media_type=media_type,
            size=len(data),
            sha256=blob,
        )
    )


def read_blob(store: Store, attachment: Attachment) -> bytes:
    """Return the bytes of an attachment.

    Raises:
        UserError: They are not on this PC.
    """
    with plain_errors():
        row = store.connection.execute(
            "SELECT bytes FROM blob WHERE id = ?", (attachment.sha256,)
        ).fetchone()
    if row is None:
        raise UserError(
            f"The file {attachment.name} is not on this PC.",
            kept="The note about it is kept.",
            do="It comes with the next exchange with the PC it was attached on.",
            code="no-blob",
        )
    return bytes(row[0])


def drop_unused(store: Store, names: Iterable[str]) -> None:
    """Drop the bytes of attachments that were erased, unless another attachment has the same.

    Args:
        store: The home.
        names: The names of the bytes.
    """
    with store.writing() as connection:
        _drop(connection, [name for name in names if not _is_used(connection, name)])


def drop_unnamed(store: Store, spared: Iterable[str]) -> int:
    """Drop the bytes of attachments that nothing in the log names any more: they were erased.

    Args:
        store: The home.
        spared: Names that something beside the log still says.

    Returns:
        How many were dropped.
    """
    # together: the same file may be attached again meanwhile
    with store.writing() as connection:
        rows = connection.execute(
            "SELECT id FROM blob EXCEPT SELECT sha256 FROM attachment WHERE sha256 IS NOT NULL"
        ).fetchall()
        if not rows:
            return 0
        # what an attachment was before somebody changed it is in its history
        named = connection.execute(
            "SELECT fields ->> '$.sha256' FROM change WHERE type = 'attachment'"
        ).fetchall()
        left = {name for (name,) in rows} - {name for (name,) in named} - set(spared)
        _drop(connection, left)
    return len(left)


def _is_used(connection: Connection, name: str) -> bool:
    row = connection.execute("SELECT 1 FROM attachment WHERE sha256 = ? LIMIT 1", (name,))
    return row.fetchone() is not None


def _drop(connection: Connection, names: Iterable[str]) -> None:
    """Drop bytes, and note that they are to leave the place where the PCs meet too."""
    # what else was erased of an attachment may be among them, and is kept nowhere
    wanted = [(name,) for name in names if _NAME.fullmatch(name)]
    connection.executemany("DELETE FROM blob WHERE id = ?", wanted)
    connection.executemany("INSERT OR IGNORE INTO blob_leaving(id) VALUES (?)", wanted)


def leaving(store: Store) -> list[str]:
    """Return the names of attachments that were erased and may still lie where the PCs meet.

    One that somebody attached again meanwhile is not among them any more.

    Args:
        store: The home.
    """
    with plain_errors():
        rows = store.connection.execute("SELECT id FROM blob_leaving ORDER BY id").fetchall()
        names = [name for (name,) in rows]
        again = [name for name in names if _is_used(store.connection, name)]
    has_left(store, again)
    return [name for name in names if name not in again]


def has_left(store: Store, names: Collection[str]) -> None:
    """Note that erased attachments do not lie where the PCs meet any more.

    Args:
        store: The home.
        names: Their names.
    """
    if names:
        with store.writing() as connection:
            connection.executemany(
                "DELETE FROM blob_leaving WHERE id = ?", [(name,) for name in names]
            )
