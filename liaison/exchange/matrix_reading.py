"""A training matrix as homes keep it: names down, courses across, found wherever they stand.

Nothing is known here of a home. What comes out are columns with their headings and rows with the
names as they are written; who and which course that is, :mod:`liaison.services.importing` finds.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import BinaryIO, Final

from liaison.exchange.csv_reading import read_csv
from liaison.exchange.formulas import unguard
from liaison.exchange.matrix_cells import Meaning, as_text, has_day
from liaison.exchange.matrix_headings import (
    FIRST_NAMES,
    FULL_NAMES,
    INTERVAL,
    LAST_NAMES,
    LONGEST_NAME,
    NO_COURSES,
    PART,
    ROLES,
    SUM,
    folded,
    heading_of,
    is_name,
    meaning_of,
)
from liaison.exchange.sheets import NotReadable
from liaison.exchange.signatures import FileKind, kind_of
from liaison.exchange.xlsx_reading import Block, read_blocks

_MOST_ABOVE: Final = 25
_MOST_HEADS: Final = 3
_LONGEST_HEADING: Final = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """A column of days.

    Args:
        place: Where it stands in its sheet, from 0.
        heading: What the course is called there.
        meaning: What its days are, if the headings say it.
    """

    place: int
    heading: str
    meaning: Meaning | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A row with somebody's name.

    Args:
        row: Its number as a spreadsheet shows it.
        name: The name as it is written; "Last, First" where two columns give it.
        role: The job title, if a column gives one.
        cells: What stands in the columns, in their order.
    """

    row: int
    name: str
    role: str
    cells: tuple[object, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Grid:
    """One sheet of a matrix.

    Args:
        name: What the sheet is called; empty for a file without sheets.
        head: The row number of its last row of headings.
        columns: The columns of courses.
        lines: The rows of people in which anything stands.
        passed: How many rows with a name have nothing in any column, or are no person at all.
        remarks: What is to be said about it.
        meaning: What all its days are, if its name says it: then other sheets may say the rest.
    """

    name: str
    head: int
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    passed: int = 0
    remarks: tuple[str, ...] = ()
    meaning: Meaning | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Matrix:
    """A training matrix as a file holds it.

    Args:
        grids: Its sheets that hold one.
        remarks: What is to be said about the file.
    """

    grids: tuple[Grid, ...]
    remarks: tuple[str, ...] = ()


def read_matrix(file: BinaryIO, sheet: str = "") -> Matrix:
    """Read a training matrix: a workbook or a CSV file.

    Args:
        file: The file, opened in binary.
        sheet: Of a workbook only this sheet; all that are not hidden if empty.

    Raises:
        NotReadable: It is neither, damaged, or holds no matrix.
    """
    file.seek(0)
    match kind_of(file):
        case FileKind.XLSX:
            blocks = read_blocks(file, sheet)
        case FileKind.CSV:
            blocks = [_csv_block(file)]
        case FileKind.VCARD:
            raise _no_matrix()
    grids = [grid for block in blocks if (grid := grid_of(block)) is not None]
    if not any(grid.lines for grid in grids):
        raise _no_matrix()
    dated = [
        grid for grid in grids if any(has_day(cell) for line in grid.lines for cell in line.cells)
    ]
    if dated and len(grids) > 1:
        # a sheet of words alone, such as "in date", beside those with the days
        grids = dated
    named = {grid.name for grid in grids}
    left = [block.name for block in blocks if block.name not in named and any(map(any, block.rows))]
    remarks = []
    if left:
        sheets = ", ".join(repr(name) for name in left[:8])
        remarks.append(f"No matrix was found on {sheets}.")
    return Matrix(tuple(grids), tuple(remarks))


def _no_matrix() -> NotReadable:
    return NotReadable(
        "This is no training matrix: there is no column of names with courses beside it.",
        "In a matrix the names stand below each other, the courses side by side above them, and "
        "days in the cells. A list with one row for each training comes in as training records.",
        "no-matrix",
    )


def looks_like_matrix(rows: Sequence[Sequence[object]]) -> bool:
    """Return whether the first rows of a file may be those of a matrix."""
    grid = grid_of(Block("", rows, ()))
    if grid is None or len(grid.columns) < 3:  # noqa: PLR2004  # fewer may be any list
        return False
    filled = [as_text(cell) for line in grid.lines for cell in line.cells if as_text(cell)]
    days = sum(1 for text in filled if re.search(r"[0-9]{1,4}[/.\-][0-9]{1,2}[/.\-][0-9]{2}", text))
    return days >= 2 and 3 * days > len(filled)  # noqa: PLR2004


def _csv_block(file: BinaryIO) -> Block:
    sheet = read_csv(file)
    rows: list[list[object]] = []
    for row in sheet.rows:
        # rows that are no rows keep their place, so that numbers stay as a spreadsheet shows them
        rows += [[] for _ in range(row.number - 1 - len(rows))]
        rows.append([unguard(cell) for cell in row.cells])
    return Block("", rows, (), sheet.remarks)


def grid_of(block: Block) -> Grid | None:
    """Return the matrix on a sheet; None if there is none."""
    rows = _Rows(block)
    head = rows.head()
    if head is None:
        return None
    top, first = rows.heads(head)
    columns = _columns(rows, head, range(top, first))
    if not columns:
        return None
    lines: list[Line] = []
    passed = 0
    for number in rows.filled:
        if number < first:
            continue
        name = head.name(rows, number)
        if not name:
            continue
        values = block.rows[number]
        width = len(values)
        cells = tuple(values[column.place] if column.place < width else None for column in columns)
        if SUM.match(name) or not any(cell is not None and cell != "" for cell in cells):
            passed += 1
            continue
        role = rows.text(number, head.role) if head.role is not None else ""
        lines.append(Line(number + 1, name[:LONGEST_NAME], role, cells))
    meaning = meaning_of(block.name)
    if meaning is not None:
        columns = [
            dataclasses.replace(column, meaning=column.meaning or meaning) for column in columns
        ]
    return Grid(block.name, first, tuple(columns), tuple(lines), passed, block.remarks, meaning)


@dataclasses.dataclass(frozen=True, slots=True)
class _Head:
    """Where the names stand.

    Args:
        row: The row of the heading, from 0; -1 if there is none.
        full: The column of whole names; None if they are in two.
        last: The column of last names.
        first: The column of first names.
        role: The column of job titles.
    """

    row: int
    full: int | None
    last: int | None = None
    first: int | None = None
    role: int | None = None

    @property
    def places(self) -> frozenset[int | None]:
        """The columns that hold no course."""
        return frozenset({self.full, self.last, self.first, self.role})

    def name(self, rows: _Rows, number: int) -> str:
        """Return whose row it is, as it is written there."""
        if self.full is not None:
            return rows.text(number, self.full)
        last = "" if self.last is None else rows.text(number, self.last)
        first = "" if self.first is None else rows.text(number, self.first)
        return f"{last}, {first}" if last and first else last or first


class _Rows:
    """The rows of a sheet, with what joined cells say in each cell they cover."""

    def __init__(self, block: Block) -> None:
        self._rows = block.rows
        self._covered: dict[tuple[int, int], tuple[int, int]] = {}
        self._wide: set[tuple[int, int]] = set()
        for left, top, right, bottom in block.joined:
            # of joins over whole columns and rows, the part that can hold headings or names
            for row in range(top, min(bottom, top + _MOST_ABOVE) + 1):
                for column in range(left, min(right, left + _MOST_ABOVE * 10) + 1):
                    self._covered[row, column] = (top, left)
            if right > left:
                self._wide.add((top, left))
        self.filled = [
            number
            for number, row in enumerate(block.rows)
            if any(cell is not None and cell != "" for cell in row)
        ]

    def width(self, number: int) -> int:
        """Return how many cells a row has."""
        return len(self._rows[number]) if number < len(self._rows) else 0

    def value(self, number: int, place: int) -> object:
        """Return what stands in a cell itself."""
        row = self._rows[number] if number < len(self._rows) else ()
        return row[place] if place < len(row) else None

    def text(self, number: int, place: int) -> str:
        """Return what stands in a cell, or in the joined cell it is a part of, in one line."""
        own = self.value(number, place)
        if own is None and (number, place) in self._covered:
            own = self.value(*self._covered[number, place])
        return " ".join(as_text(own).split()) if own is not None else ""

    def is_shared(self, number: int, place: int) -> bool:
        """Return whether a cell is a part of one that is joined over several columns."""
        return self._covered.get((number, place)) in self._wide

    def head(self) -> _Head | None:
        """Return where the names stand, by the headings or by what looks like names."""
        for number in self.filled[:_MOST_ABOVE]:
            words = [folded(self.text(number, place)) for place in range(self.width(number))]
            full = next((place for place, word in enumerate(words) if word in FULL_NAMES), None)
            last = next((place for place, word in enumerate(words) if word in LAST_NAMES), None)
            first = next((place for place, word in enumerate(words) if word in FIRST_NAMES), None)
            role = next(
                (
                    place
                    for place, word in enumerate(words)
                    # over several columns it heads the courses of a role
                    if word in ROLES and not self.is_shared(number, place)
                ),
                None,
            )
            if last is not None and (first is not None or full is not None):
                # "Name" beside "Surname" is the first name
                return _Head(number, None, last, first if first is not None else full, role)
            if full is not None or first is not None or last is not None:
                place = next(one for one in (full, first, last) if one is not None)
                return _Head(number, place, role=role)
        return self._without_heading()

    def _without_heading(self) -> _Head | None:
        """Return the first column of names, under a row of headings that has none above it."""
        some = self.filled[: 4 * _MOST_ABOVE]
        widest = max((self.width(number) for number in some), default=0)
        for place in range(min(widest, 4)):
            texts = [self.text(number, place) for number in some]
            names = [text for text in texts if is_name(text)]
            if len(names) >= 2 and 2 * len(names) >= len([text for text in texts if text]):  # noqa: PLR2004
                first = next(i for i, text in enumerate(texts) if is_name(text))
                return _Head(some[first] - 1, place) if first else None
        return None

    def heads(self, head: _Head) -> tuple[int, int]:
        """Return the first row of headings and the first row of people."""
        here = {folded(head.name(self, head.row)), ""} if head.row >= 0 else {""}
        below = [number for number in self.filled if number > head.row][:_MOST_HEADS]
        first = head.row + 1
        for number in below:
            if folded(head.name(self, number)) not in here:
                break
            first = number + 1
        top = head.row
        above = [number for number in self.filled if number < head.row]
        for number in reversed(above[-(_MOST_HEADS - 1) :]):
            words = {self.text(number, place) for place in range(self._widest(number))} - {""}
            if len(words) < 2:  # noqa: PLR2004  # a title
                break
            top = number
        return max(top, 0), first

    def _widest(self, number: int) -> int:
        covered = [place + 1 for row, place in self._covered if row == number]
        return max([self.width(number), *covered])


def _columns(rows: _Rows, head: _Head, heads: range) -> list[Column]:
    """Return the columns of courses, by the headings that stand above them."""
    widest = max((rows.width(number) for number in heads), default=0)
    found: list[Column] = []
    before = ""
    for place in range(widest):
        if place in head.places:
            continue
        said = [rows.text(number, place)[:_LONGEST_HEADING] for number in heads]
        words = list(dict.fromkeys(one for one in said if one))
        parts = [one for one in words[1:] if PART.fullmatch(one)]
        telling = [one for one in words if not INTERVAL.fullmatch(one)]
        if parts and telling and any(rows.is_shared(number, place) for number in heads):
            # "Tier 1" below a heading for several columns: neither says which course it is alone
            whole = next(one for one in telling if one not in parts or one is telling[0])
            telling = [*(one for one in telling if one not in parts), f"{whole} {parts[0]}"]
        heading, meaning = heading_of(telling)
        if not heading and meaning is not None:
            heading = before
        if not heading or folded(heading) in NO_COURSES or SUM.match(heading):
            before = "" if words else before
            continue
        before = heading
        found.append(Column(place, heading, meaning))
    return found
