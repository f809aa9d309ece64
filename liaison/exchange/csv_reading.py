"""CSV as homes really have it: any of three delimiters, any encoding, quotes that do not balance.

A row that cannot be read is named and the reading goes on with the next line, so that one bad quote
never swallows the rest of a list. The file is read as it is asked for; what is held of it is never
more than one row.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

from liaison.exchange.encodings import encoding_of
from liaison.exchange.sheets import NotReadable, Row, Sheet
from liaison.exchange.signatures import refuse_what_is_no_text

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LONGEST_ROW: Final = 32_000_000
"""Characters; a cell of ten megabytes is read and refused with its row, a file of one line is not."""

_DELIMITERS: Final = ",;\t"
_SAMPLE_ROWS: Final = 100
_NO_TITLE: Final = 3
"""Cells of a first row; a title with a comma in it has two."""
_ALIKE_BELOW_A_TITLE: Final = 0.5
"""Of all rows, so many of one width are a list, and fewer are sentences."""
_SAMPLE_CHARACTERS: Final = 1 << 18
_NAMED_DELIMITER: Final = re.compile(r"sep=(.)\s*", re.IGNORECASE)

# one number for the whole process, and we are its only reader of CSV that people made
csv.field_size_limit(LONGEST_ROW)


def read_csv(file: BinaryIO) -> Sheet:
    """Read a CSV file.

    Args:
        file: The file, opened in binary and at its beginning; it must stay open while rows are
            read.

    Returns:
        Its rows.

    Raises:
        NotReadable: It is empty, no CSV file at all, or cannot be read; while rows are read, also
            that it is damaged.
    """
    try:
        refuse_what_is_no_text(file)
        encoding = encoding_of(file)
    except OSError as fault:
        raise _unanswered(fault) from fault
    borrowed = io.BufferedReader(_Borrowed(file))
    text = io.TextIOWrapper(borrowed, encoding.name, encoding.errors, newline="")
    lines = _Lines(text)
    sample = lines.look_ahead()
    if not "".join(sample).strip():
        raise NotReadable("The file is empty.", "Choose the file that holds the list.", "empty")
    if named := _NAMED_DELIMITER.fullmatch(sample[0]):
        # how Excel is told the delimiter; it shows no such row
        next(lines)
        return Sheet(_rows(lines, named[1]), named[1])
    delimiter = _delimiter(sample)
    return Sheet(_rows(lines, delimiter), delimiter)


def _unanswered(fault: OSError) -> NotReadable:
    """Say in plain words what the disk answers while a file is read: a stick was pulled out."""
    return NotReadable(
        f"The file cannot be read to its end: {fault.strerror or 'the disk gave no reason'}.",
        "Copy it to this PC's own disk, close other programs that have it open, and import the "
        "copy.",
        "file",
    )


class _Borrowed(io.RawIOBase):
    """Somebody else's file: a text that is read from it does not close it when it is forgotten."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer; return how many bytes there were."""
        view = memoryview(buffer).cast("B")
        data = self._file.read(len(view))
        view[: len(data)] = data
        return len(data)


class _Endless(Exception):
    """A row goes on for longer than any row does: a quotation mark was never closed."""


class _Lines:
    """The lines of a text, of which the last ones taken can be put back."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._ahead: deque[str] = deque()
        self._taken: list[str] = []
        self._length = 0
        self._before = 0

    @property
    def first(self) -> int:
        """The number of the first line of the row that is being read, from 1."""
        return self._before + 1

    def look_ahead(self) -> list[str]:
        """Return the first lines without taking them."""
        length = 0
        while length < _SAMPLE_CHARACTERS and len(self._ahead) < _SAMPLE_ROWS:
            line = self._read()
            if not line:
                break
            self._ahead.append(line)
            length += len(line)
        return list(self._ahead)

    def begin_row(self) -> None:
        """Count what was taken so far as read."""
        self._before += len(self._taken)
        self._taken.clear()
        self._length = 0

    def keep_first_only(self) -> str:
        """Put back all lines of this row but the first, and return that."""
        self._ahead.extendleft(reversed(self._taken[1:]))
        del self._taken[1:]
        return self._taken[0]

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else self._read()
        if not line:
            raise StopIteration
        self._taken.append(line)
        self._length += len(line)
        if self._length > LONGEST_ROW and len(self._taken) > 1:
            raise _Endless
        return line

    def _read(self) -> str:
        try:
            line = self._text.readline(LONGEST_ROW + 1)
        except OSError as fault:
            raise _unanswered(fault) from fault
        except UnicodeDecodeError:
            raise NotReadable(
                "The text of this file is damaged: it ends in the middle of a character, or is not "
                "in the encoding it claims.",
                "Save it anew as CSV UTF-8 in the program it comes from.",
                "damaged-text",
            ) from None
        if len(line) > LONGEST_ROW:
            raise NotReadable(
                f"The file holds a line of more than {LONGEST_ROW:,} characters; that is no list.",
                "Choose the file that holds the list.",
            )
        return line


def _rows(lines: _Lines, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    number = 0
    while True:
        lines.begin_row()
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _Endless):
            line = lines.keep_first_only().rstrip("\r\n")
            yield Row(
                number,
                # split all the same, so that it can be corrected where it stands
                tuple(line.split(delimiter)),
                f"A quotation mark in line {lines.first:,} of the file has no partner, or stands in "
                "the middle of a text in quotation marks.",
            )
            continue
        damage = ""
        if any("\0" in cell for cell in cells):
            damage = (
                f"Line {lines.first:,} of the file holds a character that no text has (number 0): "
                "the file was damaged there."
            )
        yield Row(number, tuple(cells), damage)


def _delimiter(sample: Sequence[str]) -> str:
    """Return the delimiter with which the first lines have most alike rows."""
    widths = {delimiter: its for delimiter in _DELIMITERS if (its := _widths(sample, delimiter))}
    # the first row has the headings, and a heading has hardly ever a comma in it
    straight = {one: its for one, its in widths.items() if its[0] == _usual(its)[0]}
    headed = {one: its for one, its in widths.items() if its[0] >= _NO_TITLE}
    # or a title stands above them, a line of words
    return (
        _most_alike(straight)
        or _most_alike(headed)
        or _most_alike(widths, _ALIKE_BELOW_A_TITLE)
        or _DELIMITERS[0]
    )


def _widths(sample: Sequence[str], delimiter: str) -> list[int]:
    rows = csv.reader(sample, delimiter=delimiter, skipinitialspace=True)
    return [len(cells) for cells in islice(rows, _SAMPLE_ROWS) if any(cells)]


def _usual(widths: Sequence[int]) -> tuple[int, int]:
    """Return the width that most rows have, and how many have it."""
    return Counter(widths).most_common(1)[0]


def _most_alike(widths: Mapping[str, Sequence[int]], least: float = 0.0) -> str:
    """Return the delimiter with which most rows have one width of two cells or more; or empty."""
    best, found = (least, 0), ""
    for delimiter, its in widths.items():
        width, alike = _usual(its)
        if width > 1 and (score := (alike / len(its), width)) > best:
            best, found = score, delimiter
    return found
