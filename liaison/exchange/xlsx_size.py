"""How many rows and cells a workbook has: counted by their tags, a minute sooner than by reading."""

from __future__ import annotations

import re
import zipfile
from typing import Final

from liaison.exchange.sheets import NotReadable

_SHEETS: Final = "xl/worksheets/"
_CHUNK: Final = 1 << 20
_LONGEST_TAG: Final = 300
_ROOT: Final = re.compile(rb"<(\w+:)?worksheet[\s>]")
_NUMBER: Final = re.compile(rb"<(?:\w+:)?row\s[^>]{0,300}?\br=[\"']([0-9]{1,18})[\"']")


def refuse_too_many(archive: zipfile.ZipFile, most_rows: int, most_cells: int) -> None:
    """Refuse a workbook with a sheet of more rows or cells than a list has.

    Args:
        archive: The workbook.
        most_rows: The rows a sheet may have.
        most_cells: The cells a sheet may have.

    Raises:
        NotReadable: One of its sheets has more.
    """
    for name in archive.namelist():
        if name.lower().startswith(_SHEETS) and name.lower().endswith(".xml"):
            with archive.open(name) as part:
                counting = _Counting(most_rows, most_cells)
                rest = b""
                while chunk := part.read(_CHUNK):
                    text = rest + chunk
                    # what the chunk's end may have cut is counted with the next one
                    end = text.rfind(b">", max(len(text) - _LONGEST_TAG, 0)) + 1
                    counting.count(text[:end] if end else text)
                    rest = text[end:] if end else b""


def too_large(has: str) -> NotReadable:
    """Return the refusal of a sheet that is too large.

    Args:
        has: What goes before "more rows or cells than a list has".
    """
    return NotReadable(
        f"The sheet {has} more rows or cells than a list has.",
        "Copy the part that is needed into a workbook of its own.",
        "too-large",
    )


class _Counting:
    """Counts the rows and cells of one sheet, piece by piece."""

    def __init__(self, most_rows: int, most_cells: int) -> None:
        self._most_rows, self._most_cells = most_rows, most_cells
        self._rows = self._cells = 0
        self._prefix: bytes | None = None

    def count(self, text: bytes) -> None:
        """Count what a piece of the sheet has more.

        Raises:
            NotReadable: It is too much.
        """
        if self._prefix is None:
            start = _ROOT.search(text)
            self._prefix = (start[1] if start else None) or b""
        row, cell = (b"<" + self._prefix + name for name in (b"row", b"c"))
        self._rows += text.count(row + b" ") + text.count(row + b">")
        self._cells += text.count(cell + b" ") + text.count(cell + b">")
        last = _NUMBER.match(text, max(text.rfind(row + b" "), 0))
        number = max(self._rows, int(last[1]) if last else 0)
        if number > self._most_rows:
            raise too_large(f"goes on to row {number:,} or beyond, with")
        if self._cells > self._most_cells:
            raise too_large("has")
