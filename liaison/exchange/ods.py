"""The NHS's list of practices, ``epraccur.csv``: recognised, read, and anything else named.

The file has 27 columns and no headings. What is in which column has been the same for decades; the
commissioner's code has three or five characters.
"""

from __future__ import annotations

import csv
import functools
import io
import re
import zipfile
from collections.abc import Sequence
from itertools import chain, islice
from typing import BinaryIO, Final

from liaison.exchange.encodings import encoding_of
from liaison.exchange.sheets import NotReadable
from liaison.exchange.signatures import refuse_what_is_no_text
from liaison.records.rules.practices import STATUSES, Practice

FILE_NAME: Final = "epraccur.csv"
MOST_BYTES: Final = 64_000_000
COLUMNS: Final = 27
_COLUMNS_OF_MEMBERS: Final = 6

_DOWNLOAD: Final = (
    'Download "epraccur" from the NHS Organisation Data Service (GP and GP practice related data), '
    f"open the ZIP file, and choose the file {FILE_NAME} in it."
)
_DAY: Final = re.compile(r"[0-9]{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_BLANKS: Final = re.compile("  +")
_COMMISSIONER: Final = re.compile(r"(?:[A-Z0-9]{3}|[A-Z0-9]{5})?")
_CODE_LENGTHS: Final = range(3, 11)
_SAMPLE: Final = 50
_HEAD: Final = 16_000
_PRACTICE_CODE: Final = re.compile(r"[A-Z][0-9]{5}")
# Other lists of the same service, known by what their codes look like.
_OTHERS: Final = (
    (re.compile(r"G[0-9]{7}"), "the list of GPs (egpcur)"),
    (re.compile(r"[A-Z][0-9]{8}"), "the list of branch surgeries (ebranchs)"),
    (re.compile(r"V[A-Z][A-Z0-9]{3,6}"), "the list of care homes (ecarehomesite)"),
    (re.compile(r"F[A-Z0-9]{2}[0-9]{2}"), "the list of pharmacies (edispensary)"),
    (re.compile(r"[A-Z0-9]{3}"), "a list of NHS trusts or commissioners"),
    (re.compile(r"[A-Z0-9]{5}"), "a list of hospitals and other sites"),
)


def read_ods(file: BinaryIO) -> list[Practice]:
    """Return the practices in a file.

    Args:
        file: The file, opened in binary and at its beginning: ``epraccur.csv``, or the ZIP file
            in which it is downloaded.

    Raises:
        NotReadable: It is another file (it is said which), or damaged; nothing of it is used.
    """
    data = _unpacked(file)
    file = io.BytesIO(data)
    refuse_what_is_no_text(file)
    encoding = encoding_of(file)
    text = data.decode(encoding.name, "replace")
    if "  " in text:
        # once for the whole file, and not for every cell
        text = _BLANKS.sub(" ", text)
    # a row at a time: half a million cells held at once would be most of the work
    rows = filter(None, csv.reader(io.StringIO(text, newline=""), strict=True))
    try:
        sample = list(islice(rows, _SAMPLE))
        _refuse_another(sample)
        lines = [_line(row) for row in chain(sample, rows)]
    except csv.Error:
        raise NotReadable(
            "The file ends in the middle of a text, or a quotation mark in it has no partner: it "
            "is damaged, or was cut off while it was downloaded.",
            f"Download it again. {_DOWNLOAD}",
            "damaged",
        ) from None
    good = [line for line in lines if line is not None]
    if len(good) < len(lines):
        raise NotReadable(
            f"{len(lines) - len(good):,} of the {len(lines):,} lines are not as the list has them: "
            "the file was cut off while it was downloaded, or changed in a spreadsheet.",
            f"Take it as it comes. {_DOWNLOAD}",
            "damaged",
        )
    return good


def is_ods(file: BinaryIO) -> bool:
    """Return whether a file is plainly the list of practices, or the ZIP file it comes in.

    Args:
        file: The file, opened in binary and at its beginning; where it stands afterwards is not said.
    """
    try:
        text = _unpacked(file)[:_HEAD].decode("ascii", "replace")
        sample = list(islice(filter(None, csv.reader(io.StringIO(text, newline=""))), _SAMPLE))[:-1]
        _refuse_another(sample)
    except (NotReadable, csv.Error):
        return False
    return True


def _unpacked(file: BinaryIO) -> bytes:
    """Return the list's bytes; it is downloaded in a ZIP file, which some people choose whole."""
    try:
        if zipfile.is_zipfile(file):
            file.seek(0)
            with zipfile.ZipFile(file) as archive:
                parts = [
                    part
                    for part in archive.infolist()
                    if part.filename.lower().rpartition("/")[2] == FILE_NAME
                ]
                if len(parts) == 1 and parts[0].file_size <= MOST_BYTES:
                    return archive.read(parts[0])
        file.seek(0)
        data = file.read(MOST_BYTES + 1)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as fault:
        raise NotReadable(
            "The file cannot be read to its end.", f"Download it again. {_DOWNLOAD}", "damaged"
        ) from fault
    if len(data) > MOST_BYTES:
        raise NotReadable("The file is far larger than the NHS's list.", _DOWNLOAD, "not-ods")
    return data


def _refuse_another(sample: Sequence[Sequence[str]]) -> None:
    """Refuse a file that is plainly not the list, and say what it is if that can be known."""
    if not sample:
        raise NotReadable("The file is empty.", _DOWNLOAD, "empty")
    good = sum(_line(row) is not None for row in sample)
    what = _other(sample)
    if what or good * 2 < len(sample):
        named = what or "another list"
        raise NotReadable(
            f"This is {named}, not the NHS's list of practices ({FILE_NAME}).", _DOWNLOAD, "not-ods"
        )


def _other(rows: Sequence[Sequence[str]]) -> str:
    """Return what a list is that is not the one of practices; empty if it may be that one."""
    widths = {len(row) for row in rows}
    codes = [row[0].strip().upper() for row in rows if len(row) in {COLUMNS, _COLUMNS_OF_MEMBERS}]
    first = {cell.strip().casefold() for cell in rows[0]}
    if {"organisation code", "name"} <= first or {"code", "name"} <= first:
        return "a list with a row of headings"
    if COLUMNS not in widths:
        if widths == {_COLUMNS_OF_MEMBERS} and all(map(_is_code, codes)):
            return "the list of which practice belongs to which commissioner (epracmem)"
        width = max(widths)
        return f"a list of {width} {'column' if width == 1 else 'columns'}"
    for pattern, what in _OTHERS:
        if all(map(pattern.fullmatch, codes)):
            return what
    practices = sum(_PRACTICE_CODE.fullmatch(code) is not None for code in codes)
    is_open = sum(row[12].strip().upper() in STATUSES for row in rows)
    return "" if 2 * min(practices, is_open) >= len(rows) else "another list of the NHS"


def _line(row: Sequence[str]) -> Practice | None:
    """Return a practice; None if the row is none."""
    if len(row) != COLUMNS:
        return None
    code, name = row[0].strip().upper(), row[1].strip()
    status = STATUSES.get(row[12].strip().upper())
    opened, closed, commissioner = _day(row[10]), _day(row[11]), _commissioner(row[14])
    if status is None or opened is None or closed is None or commissioner is None:
        return None
    if not name or not _is_code(code):
        return None
    # what _make() does, without counting them again
    return tuple.__new__(
        Practice,
        (
            code,
            name,
            "\n".join(filter(None, map(str.strip, row[4:9]))),
            row[9].strip().upper(),
            row[17].strip(),
            status,
            row[25].strip(),
            opened,
            closed,
            commissioner,
        ),
    )


def _is_code(cell: str) -> bool:
    """Return whether a text, in capitals, is letters and digits as the NHS's codes are."""
    return len(cell) in _CODE_LENGTHS and cell.isalnum() and cell.isascii()


# There are few of either in a list, each thousands of times.
@functools.lru_cache(maxsize=2**14)
def _day(cell: str) -> str | None:
    """Return a day as it is kept; None if it is none."""
    cell = cell.strip()
    if cell and _DAY.fullmatch(cell) is None:
        return None
    return f"{cell[:4]}-{cell[4:6]}-{cell[6:]}" if cell else ""


@functools.lru_cache(maxsize=2**12)
def _commissioner(cell: str) -> str | None:
    cell = cell.strip().upper()
    return cell if _COMMISSIONER.fullmatch(cell) else None
