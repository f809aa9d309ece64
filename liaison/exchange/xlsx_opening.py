"""A workbook opened to be read once, by openpyxl's rules, in about half its time.

The library reads a sheet that does not say its size through before its first row, and takes it
apart with a parser in Python that refuses declarations; refused while they are read, the one in C
does as well. What a cell holds the library says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import repeat
from typing import Any, BinaryIO, Final
from xml.etree import ElementTree as ET

from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser

_DECLARES: Final = re.compile(rb"<\0?!\0?[DE]")
"""A document type or an entity, also in UTF-16; a comment begins otherwise."""


class _Undeclared:
    """What is read of a sheet; a declaration in it ends the reading.

    Args:
        source: The sheet.
    """

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._tail = b""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes.

        Raises:
            ValueError: They declare something.
        """
        chunk = self._source.read(size)
        if _DECLARES.search(self._tail + chunk):
            message = "a sheet with declarations"
            raise ValueError(message)
        self._tail = chunk[-4:]
        return chunk


class _Unmeasured(ReadOnlyWorksheet):  # type: ignore[misc]  # the library has no types
    """A sheet whose size is not asked for: what is written there is often wrong."""

    def _get_size(self) -> None:
        """Leave the sheet alone: where it does not say its size, all of it would be read."""

    def values_of_rows(self) -> Iterator[tuple[object, ...]]:
        """Yield the values of the rows from the first one on; rows of nothing are empty."""
        book = self.parent
        with self._get_source() as source:
            parser = WorkSheetParser(
                source, self._shared_strings, data_only=True, epoch=book.epoch,
                date_formats=book._date_formats,  # noqa: SLF001  # as the library does it
                timedelta_formats=book._timedelta_formats,  # noqa: SLF001
            )  # fmt: skip
            expected = 1
            for _, element in ET.iterparse(_Undeclared(source)):  # noqa: S314  # declarations end it
                if element.tag != ROW_TAG:
                    continue
                number, cells = parser.parse_row(element)
                element.clear()
                # a row of nothing is left out of the file
                yield from repeat((), number - expected)
                if number >= expected:
                    yield self._get_row(cells, values_only=True)
                expected = max(number + 1, expected)


class _Reader(ExcelReader):  # type: ignore[misc]  # the library has no types
    def read_worksheets(self) -> None:
        """List the sheets; none is read yet."""
        for sheet, relation in self.parser.find_sheets():
            if relation.target not in self.valid_files:
                continue
            if "chartsheet" in relation.Type:
                self.read_chartsheet(sheet, relation)
            else:
                listed = _Unmeasured(self.wb, sheet.name, relation.target, self.shared_strings)
                listed.sheet_state = sheet.state
                self.wb._sheets.append(listed)  # noqa: SLF001  # as the library does it


def open_book(file: BinaryIO) -> Any:
    """Return a workbook whose sheets have ``values_of_rows``, read as they are asked for.

    Args:
        file: The workbook; it must stay open while rows are read.
    """
    reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb
