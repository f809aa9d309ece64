"""Excel workbooks: the values of one sheet, as text in the form in which people type them.

Cells that are joined over several rows say the same in each of them. Formulas give the value that
the spreadsheet last worked out. What a cell cannot say (an error, a number cut short) is told.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import struct
import warnings
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO, Final, NamedTuple

from liaison.exchange.formulas import guard
from liaison.exchange.sheets import NotReadable, Row, Sheet
from liaison.exchange.xlsx_limits import refuse_what_costs_too_much
from liaison.exchange.xlsx_size import refuse_too_many, too_large

MOST_ROWS: Final = 1_048_576
"""What a sheet of Excel has."""

MOST_CELLS: Final = 8_000_000
_MOST_NAMED: Final = 8
_LONGEST_WHOLE: Final = 1e15
_CHUNK: Final = 1 << 20
_SOME: Final = 100
_JOINED: Final = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]{0,200}?ref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"
)
_MOST_JOINED: Final = 20_000
_NOT_WORKED_OUT: Final = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v\s*(?:/>|></(?:\w+:)?v>))?</(?:\w+:)?c>"
)
_ERRORS: Final = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!"}
)
_NO_RESULTS: Final = (
    "Some cells hold formulas whose results are not in the file, and count as empty: open the "
    "workbook in Excel, save it, and import it again."
)
# What the library raises about a workbook whose parts do not fit together; it has no exception of
# its own. None of it can come from us: this module hands it nothing but the file.
_OF_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, SyntaxError, EOFError, KeyError, ValueError,
    TypeError, IndexError, AttributeError, OverflowError, NotImplementedError, RecursionError,
)  # fmt: skip


def sheet_names(file: BinaryIO) -> list[str]:
    """Return the names of a workbook's sheets that are not hidden, in their order.

    Args:
        file: The workbook, opened in binary; it stands at its beginning afterwards.

    Raises:
        NotReadable: It is no workbook, not safe to open, or damaged.
    """
    names = [sheet.title for sheet in _sheets(_opened(file)) if sheet.sheet_state == "visible"]
    file.seek(0)
    return names


def read_xlsx(file: BinaryIO, name: str = "") -> Sheet:
    """Read one sheet of a workbook.

    Args:
        file: The workbook, opened in binary; it must stay open while rows are read.
        name: The sheet's name, in any case; the first one that is not hidden if empty.

    Returns:
        Its rows.

    Raises:
        NotReadable: It is no workbook, not safe to open, damaged, or has no such sheet; while rows
            are read, also that it is damaged or too large.
    """
    book = _opened(file)
    sheets = _sheets(book)
    shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets
    if not shown:
        raise NotReadable("The workbook has no sheet of cells.", code="empty")
    chosen = shown[0]
    remarks: tuple[str, ...] = ()
    if name:
        called = [sheet for sheet in sheets if _folded(sheet.title) == _folded(name)]
        if not called:
            raise NotReadable(
                f"The workbook has no sheet {name[:60]!r}.",
                f"It has: {_listed([sheet.title for sheet in shown])}.",
                "no-sheet",
            )
        chosen = called[0]
    elif len(shown) > 1:
        others = _listed([sheet.title for sheet in shown[1:]])
        remarks = (f"The sheet {chosen.title!r} was read; the workbook has others: {others}.",)
    joined, lacks_values = _looked_through(book, chosen)
    if lacks_values:
        remarks += (_NO_RESULTS,)
    return Sheet(_rows(chosen, joined), remarks=remarks)


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """A sheet as it stands, for who must know what is a day and what only looks like one.

    Args:
        name: What the sheet is called.
        rows: The values of its rows, from row 1; rows of nothing are empty.
        joined: Cells that are joined: first column and row, last column and row, all from 0.
        remarks: What is to be said about the sheet.
    """

    name: str
    rows: Sequence[Sequence[object]]
    joined: tuple[tuple[int, int, int, int], ...]
    remarks: tuple[str, ...] = ()


def read_blocks(file: BinaryIO, name: str = "") -> list[Block]:
    """Read the sheets of a workbook that are not hidden, values as they are.

    Args:
        file: The workbook, opened in binary.
        name: Only this sheet, in any case.

    Raises:
        NotReadable: As for :func:`read_xlsx`.
    """
    book = _opened(file)
    shown = [sheet for sheet in _sheets(book) if sheet.sheet_state == "visible"]
    if name:
        chosen = [sheet for sheet in _sheets(book) if _folded(sheet.title) == _folded(name)]
        if not chosen:
            raise NotReadable(
                f"The workbook has no sheet {name[:60]!r}.",
                f"It has: {_listed([sheet.title for sheet in shown])}.",
                "no-sheet",
            )
        shown = chosen[:1]
    found = []
    for sheet in shown:
        seen = _look_through(book, sheet)
        rows: list[Sequence[object]] = []
        values = sheet.values_of_rows()
        cells = 0
        while some := _next(values):
            rows += some
            cells += sum(map(len, some))
            if len(rows) > MOST_ROWS or cells > MOST_CELLS:
                raise too_large(f"goes on beyond row {len(rows) - 1:,}, with")
        remarks = (_NO_RESULTS,) if seen.lacks_values else ()
        found.append(Block(sheet.title, rows, tuple(seen.joined), remarks))
    return found


def _opened(file: BinaryIO) -> Any:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            refuse_what_costs_too_much(archive)
            refuse_too_many(archive, MOST_ROWS, MOST_CELLS)
        file.seek(0)
        with warnings.catch_warnings():
            # about styles and extensions, which are not read
            warnings.simplefilter("ignore")
            from liaison.exchange.xlsx_opening import open_book

            return open_book(file)
    except _OF_DAMAGE as fault:
        raise _damaged() from fault
    except OSError as fault:
        # also how the library says that there is no workbook in it
        raise _damaged() from fault


def _sheets(book: Any) -> list[Any]:
    # charts on sheets of their own have no cells
    return [sheet for sheet in book.worksheets if hasattr(sheet, "values_of_rows")]


def _damaged() -> NotReadable:
    return NotReadable(
        "This Excel workbook is damaged, or was written by a program that does it otherwise.",
        "Open it in Excel or LibreOffice, save it there under another name, and import that one.",
        "damaged",
    )


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(repr(name) for name in names[:_MOST_NAMED]) + more


def _rows(sheet: Any, joined: dict[int, dict[int, int]]) -> Iterator[Row]:
    reading = _RowReader(joined)
    number = cells = 0
    rows = sheet.values_of_rows()
    while some := _next(rows):
        for values in some:
            number += 1
            cells += len(values)
            if number > MOST_ROWS or cells > MOST_CELLS:
                raise too_large(f"goes on beyond row {number - 1:,}, with")
            yield reading.row(number, values)


def _next(rows: Iterator[Sequence[object]]) -> list[Sequence[object]]:
    try:
        # for some at a time: to set the warnings aside takes longer than to read a row
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(islice(rows, _SOME))
    except (*_OF_DAMAGE, OSError) as fault:
        raise _damaged() from fault


class _RowReader:
    """Makes rows of values; remembers what joined cells say until they end."""

    def __init__(self, joined: dict[int, dict[int, int]]) -> None:
        self._joined = joined
        self._going_on: dict[int, tuple[int, str]] = {}

    def row(self, number: int, values: Sequence[object]) -> Row:
        notes: list[str] = []
        cells: list[str] = []
        for value in values:
            if isinstance(value, str):
                if value in _ERRORS:
                    notes.append(
                        f"The spreadsheet shows the error {value} in column "
                        f"{letters(len(cells))}; the cell counts as empty."
                    )
                    cells.append("")
                else:
                    cells.append(guard(_plain(value)))
            else:
                cells.append("" if value is None else _text(value))
        if self._joined or self._going_on:
            self._fill(number, cells, notes)
        return Row(number, tuple(cells), notes=tuple(notes))

    def _fill(self, number: int, cells: list[str], notes: list[str]) -> None:
        for place, (last, said) in list(self._going_on.items()):
            if number > last:
                del self._going_on[place]
                continue
            cells += [""] * (place + 1 - len(cells))
            cells[place] = said
            notes.append(
                f"Column {letters(place)} is one cell over several rows in the file; "
                f"{said[:60]!r} was taken for each of them."
            )
        for place, last in self._joined.get(number, {}).items():
            if place < len(cells) and cells[place].strip():
                self._going_on[place] = last, cells[place]


def _plain(text: str) -> str:
    """Return a text without the codes in which Excel keeps the ends of lines from other systems."""
    if "_x" not in text:
        return text
    return text.replace("_x000D_\n", "\n").replace("_x000D_", "\n").replace("_x005F_", "_")


def _text(value: object) -> str:
    """Return what a cell says, as somebody would type it."""
    match value:
        case bool():
            return "Yes" if value else "No"
        case float() if value.is_integer() and abs(value) < _LONGEST_WHOLE:
            return str(int(value))
        case dt.datetime():
            day = f"{value:%d/%m}/{value.year:04}"
            if value.time() == dt.time():
                return day
            # the number behind a time is never quite exact
            near = value + dt.timedelta(microseconds=500_000)
            return f"{near:%d/%m}/{near.year:04} {near:%H:%M:%S}".removesuffix(":00")
        case dt.date():
            return f"{value:%d/%m}/{value.year:04}"
        case dt.time():
            return f"{value:%H:%M}"
        case int() | float():
            return str(value)
        case _:
            return guard(str(value))


class _Seen(NamedTuple):
    """What a sheet says behind its rows, or in too many places to read it twice."""

    joined: list[tuple[int, int, int, int]]
    lacks_values: bool


def _looked_through(book: Any, sheet: Any) -> tuple[dict[int, dict[int, int]], bool]:
    """Look through a sheet for what has to be known before its first row is read.

    Returns:
        By first row and column, in which row cells that are joined downwards end (the file says so
        behind all rows); and whether formulas have no result.
    """
    seen = _look_through(book, sheet)
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for first, top, _, bottom in seen.joined:
        if bottom > top:
            found[top + 1][first] = bottom + 1
    return dict(found), seen.lacks_values


def _look_through(book: Any, sheet: Any) -> _Seen:
    found: list[tuple[int, int, int, int]] = []
    lacks_values = False
    try:
        with book._archive.open(sheet._worksheet_path) as part:  # noqa: SLF001  # no public way to a part
            rest = b""
            while chunk := part.read(_CHUNK):
                text = rest + chunk
                # the words are looked for first: in millions of cells, a pattern takes seconds
                joins = _JOINED.findall(text) if b"mergeCell " in text else ()
                for first, top, last, bottom in joins[: _MOST_JOINED - len(found)]:
                    found.append(
                        (
                            _place(first.decode()),
                            int(top) - 1,
                            _place(last.decode()),
                            int(bottom) - 1,
                        )
                    )
                if not lacks_values and (b"<f" in text or b":f" in text):
                    lacks_values = _NOT_WORKED_OUT.search(text) is not None
                # what the chunk's end may have cut
                rest = text[-300:] if b">" not in text[-300:] else text[text.rindex(b">") + 1 :]
    except (*_OF_DAMAGE, OSError) as fault:
        raise _damaged() from fault
    return _Seen(found, lacks_values)


def _place(letters: str) -> int:
    """Return where a column stands, from 0."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def letters(place: int) -> str:
    """Return what a spreadsheet calls a column, from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
