"""What a workbook may cost to read: said by the list of its parts, before any is unpacked."""

from __future__ import annotations

import zipfile
from typing import Final

from liaison.exchange.sheets import NotReadable

MOST_BYTES: Final = 200_000_000
"""Of XML, unpacked: a list of half a million rows has less."""

MOST_PARTS: Final = 5_000
MOST_RATIO: Final = 250
"""Unpacked to packed; a sheet of the same row over and over reaches a hundred."""

_SMALL: Final = 5_000_000
_HEAD: Final = 4_096
_READ_PARTS: Final = (".xml", ".rels")
_FORBIDDEN: Final = (b"<!doctype", b"<!entity")


def refuse_what_costs_too_much(archive: zipfile.ZipFile) -> None:
    """Refuse a workbook that would fill the memory, or whose XML asks for more than its own text.

    The sizes are those in the ZIP's own list. Unpacking stops at them whatever the packed data
    says, so a list that lies leads to a damaged part and to nothing worse.

    Args:
        archive: The workbook.

    Raises:
        NotReadable: It is too large, packed beyond belief, has a password, or declares entities.
    """
    parts = [part for part in archive.infolist() if part.filename.lower().endswith(_READ_PARTS)]
    if len(archive.infolist()) > MOST_PARTS:
        raise _refused("has far more parts than a workbook has")
    if any(part.flag_bits & 1 for part in parts):
        raise NotReadable(
            "This workbook was packed with a password.",
            "Unpack it, and import the workbook without a password.",
            "password",
        )
    if sum(part.file_size for part in parts) > MOST_BYTES:
        raise _refused(f"unpacks to more than {MOST_BYTES // 1_000_000} MB")
    for part in parts:
        if part.file_size > _SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise _refused("is packed far more tightly than a list ever is")
    for part in parts:
        with archive.open(part) as opened:
            # also in UTF-16; no program writes such a thing into a workbook
            head = opened.read(_HEAD).replace(b"\0", b"").lower()
        if any(word in head for word in _FORBIDDEN):
            raise _refused("holds declarations that no workbook has")


def _refused(why: str) -> NotReadable:
    return NotReadable(
        f"This workbook is not safe to open: it {why}.",
        "If it really is your list, open it in Excel, copy the rows into a new workbook, and "
        "import that one.",
        "not-safe",
    )
