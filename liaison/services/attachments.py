"""Letters, results and photographs kept with a record: taken in, listed, read, copied out.

A file is taken in whole and stays in the encrypted database; it is shown from memory and never laid
into a temporary file. What a file is, is told by what is in it, whatever its name says.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import mimetypes
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.files import plain_errors, write_new_file
from liaison.records import ids
from liaison.records.administration import Attachment
from liaison.security import NotAllowed, roles
from liaison.services import editing, permissions
from liaison.services.references import Names
from liaison.store import blobs, history, query
from liaison.store.blobs import LARGEST, TooLarge
from liaison.store.rows import WHOLE

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

_MOST: Final = 200
"""Files of one record that are listed."""

_MEGABYTE: Final = 1024 * 1024
_NOTHING_ATTACHED: Final = "Nothing was attached."

_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)
_PDF: Final = b"%PDF-"
_PDF_WITHIN: Final = 1024
"""Bytes before the mark of a PDF that its readers put up with."""


class Kind(enum.Enum):
    """What can be done with a file in the window."""

    PDF = "pdf"
    PICTURE = "picture"
    TEXT = "text"
    OTHER = "other"


@dataclasses.dataclass(frozen=True, slots=True)
class Incoming:
    """A file that was read and is to be kept.

    Args:
        name: Its name.
        media_type: Its type, such as ``application/pdf``.
        data: Its bytes.
    """

    name: str
    media_type: str
    data: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class Attached:
    """A file kept with a record.

    Args:
        record: The attachment.
        by: Who attached it.
        at: When.
    """

    record: Attachment
    by: str
    at: dt.datetime | None

    @property
    def id(self) -> int:
        """The attachment's id."""
        return self.record.id or 0

    @property
    def name(self) -> str:
        """The file's name."""
        return self.record.name or ""


@dataclasses.dataclass(frozen=True, slots=True)
class Content:
    """An attached file as it is shown.

    Args:
        name: Its name.
        kind: What can be done with it.
        data: Its bytes.
    """

    name: str
    kind: Kind
    data: bytes


def limit_words() -> str:
    """Return how large a file may be, in words."""
    return f"up to {LARGEST // _MEGABYTE} MB each"


def kind_of(media_type: str) -> Kind:
    """Return what can be done with a file of a type."""
    if media_type == "application/pdf":
        return Kind.PDF
    if media_type in {"image/png", "image/jpeg", "image/gif", "image/bmp"}:
        return Kind.PICTURE
    return Kind.TEXT if media_type.startswith("text/") else Kind.OTHER


def media_type_of(name: str, data: bytes) -> str:
    """Return the type of a file by what is in it; by its name only where that says nothing.

    Args:
        name: The file's name.
        data: Its bytes.
    """
    if _PDF in data[:_PDF_WITHIN]:
        return "application/pdf"
    for mark, media_type in _SIGNATURES:
        if data.startswith(mark):
            return media_type
    named = mimetypes.guess_type(name)[0] or ""
    if named == "application/pdf" or named.startswith("image/"):
        # it is called so but is none: nothing shall try to draw it
        return "application/octet-stream"
    return named or ("text/plain" if _is_text(data) else "application/octet-stream")


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def words_of(data: bytes) -> str:
    """Return the words of a text file, also of one an old Windows program wrote."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def look_at(file: Path) -> int:
    """Return the size of a file that is to be attached, without reading it.

    Args:
        file: The file.

    Raises:
        UserError: It is not there, a folder, empty or too large; the message names it.
    """
    with plain_errors(file):
        if file.is_dir():
            raise _cannot(file, "is a folder", "Attach the files that are in it.")
        if not file.is_file():
            raise _cannot(
                file,
                "is not there any more",
                "Put the stick or disk back in, or take the file off this list.",
            )
        size = file.stat().st_size
    if size == 0:
        raise _cannot(file, "is empty", "Save or scan it again, then attach it.")
    if size > LARGEST:
        raise TooLarge(
            f"{file.name} is larger than {LARGEST // _MEGABYTE} MB.",
            kept=_NOTHING_ATTACHED,
            do="Attach a smaller copy, or note where the file is kept.",
        )
    return size


def read_file(file: Path) -> Incoming:
    """Read a file that is to be attached; slow on a slow disk, so no work for the writer.

    Args:
        file: The file.

    Raises:
        UserError: As for :func:`look_at`, or it cannot be read.
    """
    look_at(file)
    with plain_errors(file), file.open("rb") as opened:
        # it may have grown since; one byte more is enough to see that
        data = opened.read(LARGEST + 1)
    return Incoming(file.name, media_type_of(file.name, data), data)


def _cannot(file: Path, why: str, do: str) -> UserError:
    return UserError(f"{file.name} {why}.", kept=_NOTHING_ATTACHED, do=do, code="file")


def attach(
    home: OpenHome, owner_type: str, owner: int, files: Sequence[Incoming]
) -> tuple[int, ...]:
    """Keep files with a record, all of them or none.

    Args:
        home: The home.
        owner_type: The type of the record.
        owner: The record.
        files: What was read.

    Returns:
        The ids of the attachments, in the same order.

    Raises:
        UserError: One of them is too large or its name cannot be kept; nothing was attached.
    """
    with home.store.together():
        return tuple(
            editing.attach(
                home,
                owner_type,
                owner,
                name=file.name,
                media_type=file.media_type,
                data=file.data,
            )
            for file in files
        )


def changes_of(store: Store, attachments: Sequence[int]) -> tuple[int, ...]:
    """Return the stamps of what was written of attachments, to take them back."""
    return tuple(
        entry.id for one in attachments for entry in history.history(store, "attachment", one)
    )


def attached_to(store: Store, owner_type: str, owner: int) -> tuple[Attached, ...]:
    """Return the files kept with a record, the oldest first; struck-through ones too.

    Args:
        store: The home.
        owner_type: The type of the record.
        owner: The record.
    """
    wanted = query.equal({"owner_type": owner_type, "owner_id": ids.to_text(owner)})
    page = query.page(store, query.Query("attachment", wanted, newest_first=False), limit=_MOST)
    names = Names(store)
    return tuple(
        _attached(store, names, record) for record in page.records if isinstance(record, Attachment)
    )


def _attached(store: Store, names: Names, record: Attachment) -> Attached:
    written = history.history(store, "attachment", record.id or 0)[:1]
    if not written:
        return Attached(record, "", None)
    return Attached(record, names.by_id("person", written[0].person), written[0].at)


def content(store: Store, attachment: int) -> Content:
    """Return an attached file, to show it.

    Args:
        store: The home.
        attachment: The attachment's id.

    Raises:
        NotAllowed: It is kept with a record that is not for whoever opened the home.
        UserError: It is not here, or its bytes are not on this PC.
    """
    record = store.follow("attachment", attachment)
    if isinstance(record, Attachment) and (record.owner_type, WHOLE) in store.hidden:
        raise NotAllowed(
            "This file is kept with a record that is not shown to you.",
            kept="Nothing was changed.",
            do=roles.advice(permissions.READING[record.owner_type or ""]),
        )
    if not isinstance(record, Attachment):
        raise UserError(
            "This file is not on this PC.",
            kept="Nothing was changed.",
            do="It comes with the next exchange with the PC it was attached on.",
            code="no-blob",
        )
    data = blobs.read_blob(store, record)
    # by its bytes: what an older version or another program called it may be wrong
    return Content(record.name or "", kind_of(media_type_of(record.name or "", data)), data)


def save_copy(home: OpenHome, attachment: int, file: Path) -> None:
    """Write a copy of an attached file where somebody asked for it; noted in the audit.

    Args:
        home: The home.
        attachment: The attachment's id.
        file: The new file.

    Raises:
        UserError: It cannot be written, or there is a file of that name already.
    """
    found = content(home.store, attachment)
    write_copy(home.folder, found, file)
    home.access.note("exported", ("attachment", attachment), found.name)


def write_copy(folder: Path, found: Content, file: Path) -> None:
    """Write an attached file to a new file; whoever calls notes it in the audit.

    Args:
        folder: The home's folder, in which it must not lie.
        found: The attached file.
        file: The new file.

    Raises:
        UserError: It cannot be written, or there is a file of that name already.
    """
    if file.absolute().is_relative_to(folder.absolute()):
        raise UserError(
            "The copy cannot lie in the home's own folder.",
            kept="Nothing was written.",
            do="Choose another folder.",
            code="bad-place",
        )
    write_new_file(file, found.data)
