"""Attachments: the record says what and whose, the bytes lie in a table of their own.

A blob is named by a keyed hash of its bytes, so neither the log nor a storage that carries it tells
whether it is a document somebody else has too.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import Attachment
from liaison.store.driver import plain_errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.store.store import Store
    from liaison.store.unit import UnitOfWork

LARGEST: Final = 50 * 1024 * 1024
"""Bytes; a scanned letter has two or three million, a film does not belong here."""

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
        connection.executemany(
            "DELETE FROM blob WHERE id = ?1 "
            "AND NOT EXISTS (SELECT 1 FROM attachment WHERE sha256 = ?1)",
            [(name,) for name in names],
        )


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
        connection.executemany("DELETE FROM blob WHERE id = ?", [(name,) for name in left])
    return len(left)
