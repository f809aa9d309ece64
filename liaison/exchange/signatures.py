"""What a file really is, whatever its name says: Excel, PDF and pictures are often called .csv."""

from __future__ import annotations

import enum
import zipfile
from typing import BinaryIO, Final

from liaison.exchange.sheets import NotReadable

_HEAD: Final = 8192
_SAVE_AS_CSV: Final = (
    'Open it in the program it comes from, choose Save As and "CSV UTF-8 (comma delimited)", and '
    "import that file."
)
_UNLOCKED: Final = (
    "Open it in Excel with its password, choose File, Info, Protect Workbook, Encrypt with "
    "Password, empty the box, save it, and import it then. Delete the copy without a password "
    "afterwards."
)
_SAVE_AS_XLSX: Final = 'Open it in Excel, choose Save As and "Excel Workbook (.xlsx)".'
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DAMAGED: Final = "a damaged ZIP file or Excel workbook"
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls")
_OLE_READ: Final = 1 << 26
_INSIDE_ZIP: Final = {
    "xl/": "an Excel workbook (XLSX)",
    "word/": "a Word document (DOCX)",
    "content.xml": "an OpenDocument file (ODS or ODT)",
}
_BEGINNINGS: Final = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "a rich text document (RTF)"),
    (b"PK\x05\x06", "an empty ZIP file"),
    (b"\x1f\x8b", "a compressed file (GZIP)"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file (7Z)"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"SQLite format 3\x00", "a database"),
)
_IN_WORDS: Final = (
    (b"begin:vcard", "a list of contacts as vCards (VCF)"),
    (b"begin:vcalendar", "a calendar (ICS)"),
    (b"<html", "a web page (HTML)"),
    (b"<!doctype html", "a web page (HTML)"),
    (b"<?xml", "an XML file"),
)
# Of the bytes that text never has, so many in a hundred are a sign that it is none.
_FEW_PERCENT: Final = 5
_NEVER_IN_TEXT: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f\x0b\x1a")


class FileKind(enum.Enum):
    """The kinds of list that are read."""

    CSV = "csv"
    XLSX = "xlsx"
    VCARD = "vcard"


def kind_of(file: BinaryIO) -> FileKind:
    """Return which kind of list a file is, by what is in it; whatever is no other is CSV.

    Args:
        file: The file, at its beginning; it stands there again afterwards.
    """
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(_ZIP) and _in_zip(file) == _INSIDE_ZIP["xl/"]:
        return FileKind.XLSX
    wide = looks_like_utf16(head)
    text = head.decode(wide, "replace").encode() if wide else head
    # blank lines, and the name of the program that wrote it, stand before some cards
    words = text.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return FileKind.VCARD if words.startswith(b"begin:vcard") else FileKind.CSV


def is_called_workbook(file: BinaryIO) -> bool:
    """Return whether a file's name says that it is an Excel workbook."""
    return str(getattr(file, "name", "")).lower().endswith(_WORKBOOKS)


def refuse_what_is_no_text(file: BinaryIO) -> None:
    """Refuse a file that is plainly something other than text, and say what it is.

    Args:
        file: The file, at its beginning; it stands there again afterwards.

    Raises:
        NotReadable: It is an Excel workbook, a PDF, a picture ...
    """
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(_OLE):
        raise _of_old_office(file)
    what = _in_zip(file) if head.startswith(_ZIP) else _named(head)
    if what == _DAMAGED and is_called_workbook(file):
        raise NotReadable(
            "This Excel workbook is damaged, or was cut off while it was copied or downloaded.",
            "Copy or download it again. If Excel still opens it, save it there under another name, "
            "and import that one.",
            "damaged",
        )
    if what:
        wanted = "an Excel workbook" if is_called_workbook(file) else "a CSV file"
        raise NotReadable(
            f"This is {what}, not {wanted}, whatever its name says.", _SAVE_AS_CSV, "not-csv"
        )
    if _is_binary(head):
        raise NotReadable("This is not a text file.", _SAVE_AS_CSV, "not-csv")


def _of_old_office(file: BinaryIO) -> NotReadable:
    """Say what a file in the old form of Office is; a workbook with a password is one too."""
    data = file.read(_OLE_READ)
    file.seek(0)
    # the names of its parts, as such a file keeps them
    if "EncryptedPackage".encode("utf-16-le") in data:
        return NotReadable("This Excel workbook opens only with a password.", _UNLOCKED, "password")
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return NotReadable(
            "This is an Excel workbook of the old kind (XLS, before 2007).",
            _SAVE_AS_XLSX,
            "old-xls",
        )
    return NotReadable(
        "This is an old Excel workbook or Word document (XLS or DOC).", _SAVE_AS_XLSX, "not-csv"
    )


def _named(head: bytes) -> str:
    words = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower()
    for beginning, what in _BEGINNINGS:
        if head.startswith(beginning):
            return what
    return next((what for beginning, what in _IN_WORDS if words.startswith(beginning)), "")


def _in_zip(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as opened:
            names = opened.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return _DAMAGED
    finally:
        file.seek(0)
    if "xl/workbook.bin" in names:
        return "a binary Excel workbook (XLSB)"
    for beginning, what in _INSIDE_ZIP.items():
        if any(name.startswith(beginning) for name in names):
            return what
    return "a ZIP file"


def _is_binary(head: bytes) -> bool:
    if looks_like_utf16(head):
        return False
    strange = sum(byte in _NEVER_IN_TEXT for byte in head)
    return strange * 100 > len(head) * _FEW_PERCENT


def looks_like_utf16(head: bytes) -> str:
    """Return the name of the UTF-16 encoding a text begins in, with its mark or without; or empty.

    Without the mark it is known by the zeros: every other byte of a text in the letters of English.
    """
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "utf-32"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = head[::2].count(0), head[1::2].count(0)
    most, least = max(even, odd), min(even, odd)
    if not most or most * 2 < len(head) // 2 or least * 10 > most:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"
