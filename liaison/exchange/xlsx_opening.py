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
from openpyxl.worksheet._reader import INLINE_STRING, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

_DECLARES: Final = re.compile(rb"<\0?!\0?[DE]")
"""A document type or an entity, also in UTF-16; a comment begins otherwise."""
_IN_CELL: Final = "inlineStr"
_SHARED, _RUN, _TEXT = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "r", "t"))


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


def _words(text: ET.Element) -> str:
    """Return the words of a text: whole, or in runs of one font each; not how they are spoken."""
    runs = (run.findtext(_TEXT) for run in text.findall(_RUN))
    return "".join(filter(None, (text.findtext(_TEXT), *runs)))


class _Cells(WorkSheetParser):  # type: ignore[misc]  # the library has no types
    """Reads the cells of a sheet, and of a text in one its words alone.

    The library makes objects of it, of its runs and their fonts, which takes as long as the rest.
    """

    def parse_cell(self, element: ET.Element) -> dict[str, Any]:
        """Return what a cell holds."""
        if element.get("t") == _IN_CELL and (text := element.find(INLINE_STRING)) is not None:
            # given to the library as a formula's result, which it takes as it stands
            element.set("t", "str")
            value = ET.Element(VALUE_TAG)
            value.text = _words(text)
            element.insert(0, value)
        cell: dict[str, Any] = super().parse_cell(element)
        return cell


class _Unmeasured(ReadOnlyWorksheet):  # type: ignore[misc]  # the library has no types
    """A sheet whose size is not asked for: what is written there is often wrong."""

    def _get_size(self) -> None:
        """Leave the sheet alone: where it does not say its size, all of it would be read."""

    def values_of_rows(self) -> Iterator[tuple[object, ...]]:
        """Yield the values of the rows from the first one on; rows of nothing are empty."""
        book = self.parent
        with self._get_source() as source:
            parser = _Cells(
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
    def read_strings(self) -> None:
        """Read the texts that cells share; their fonts, which the library reads too, are not kept."""
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = list(_shared_texts(source))

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


def _shared_texts(source: BinaryIO) -> Iterator[str]:
    for _, element in ET.iterparse(_Undeclared(source)):  # noqa: S314  # declarations end it
        if element.tag == _SHARED:
            # an underscore is escaped as _x005F_
            yield _words(element).replace("x005F_", "")
            element.clear()


def open_book(file: BinaryIO) -> Any:
    """Return a workbook whose sheets have ``values_of_rows``, read as they are asked for.

    Args:
        file: The workbook; it must stay open while rows are read.
    """
    reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb
