"""Where everything of a training matrix stands: measured before anything is set."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from liaison.records.rules.initials import initials
from liaison.records.rules.matrix import Column, Matrix, Row
from liaison.reports import matrix_cells
from liaison.reports.kit.door import one_line
from liaison.reports.kit.sheet import MM, Sheet
from liaison.reports.kit.typeface import MUTED, REGULAR, TABLE_BOLD, TABLE_HEAD, Style
from liaison.reports.matrix_cells import KEY_LEADING

MOST_COLUMNS: Final = 16
"""Courses on one page; with more, a cell could not hold a date."""

SUMS: Final = 14 * MM
"""The width of the column of sums."""
SUMS_HEIGHT: Final = 27.0
KEY_ROOM: Final = 19.0
GROUP_LINE: Final = 93.5
"""The first baseline over the heads, from the top of the page."""
HEAD_LEADING: Final = 9.8
HEAD_LINES: Final = 3
NAME_LEADING: Final = 10.4

NAME: Final = dataclasses.replace(TABLE_BOLD, leading=NAME_LEADING)
ROLE: Final = Style(REGULAR, 8, NAME_LEADING, MUTED)
GROUP: Final = dataclasses.replace(TABLE_HEAD, ink=MUTED, leading=HEAD_LEADING)

_CELL: Final = (13 * MM, 22 * MM)
_NAMES: Final = (51 * MM, 62 * MM)
_PITCH: Final = (13.2, 15.2)
_ROLE_ROOM: Final = 64.0
_ROLE_GAP: Final = 4.0
_GROUP_INSET: Final = 3.5
_HEAD_LENGTHS: Final = (64.0, 72.0, 80.0, 90.0, 104.0)
_KEY_UNDER: Final = 7.0  # the key may stand in the empty strip over the foot


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A row with its names broken into lines.

    Args:
        row: The row.
        name: The name's lines.
        role: The job role's lines.
    """

    row: Row
    name: Sequence[str]
    role: Sequence[str]

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        return max(len(self.name), len(self.role))

    def height(self, pitch: float) -> float:
        """Return its height where a row of one line is as high as ``pitch``."""
        return pitch + (self.lines - 1) * NAME_LEADING


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Courses that are refreshed equally often, on one page.

    Args:
        x: Where they begin.
        lines: How often, in words that fit over them.
    """

    x: float
    lines: Sequence[str]


class Layout:
    """The measures of a matrix on landscape pages.

    Args:
        sheet: The document; its page lies on its side.
        matrix: The matrix.
        in_initials: Whether staff are shown by their initials.
    """

    def __init__(self, sheet: Sheet, matrix: Matrix, *, in_initials: bool) -> None:
        self._sheet = sheet
        self.matrix = matrix
        most = _evenly(len(matrix.columns), MOST_COLUMNS)
        self.starts = range(0, max(len(matrix.columns), 1), most)
        """Where each page's courses begin."""
        room = sheet.room - SUMS
        # the cells take what the names leave, up to a width; the names take what is left of that
        self.cell = min(_CELL[1], max(_CELL[0], (room - _NAMES[0]) / most))
        self.names = min(_NAMES[1], room - most * self.cell)
        self.head_length = next(
            (length for length in _HEAD_LENGTHS if not self._cut(length)), _HEAD_LENGTHS[-1]
        )
        """How long the turned heads are."""
        self.cut = self._cut(self.head_length)
        """The courses whose names do not fit over their columns whole all the same."""
        groups = [group for part in range(len(self.starts)) for group in self.groups(part)]
        more_lines = max((len(group.lines) for group in groups), default=1) - 1
        self.head_rule = GROUP_LINE + more_lines * HEAD_LEADING + self.head_length + 8.5
        """The rule under the heads."""
        shown = _in_initials(matrix.rows) if in_initials else {}
        roles = [sheet.breaker.width(row.role, ROLE) for row in matrix.rows]
        self._role_room = min(_ROLE_ROOM, max(roles, default=0) + 1)
        self.role_x = sheet.left + self.names - self._role_room - _ROLE_GAP
        """Where job roles begin."""
        lines = [self._line(row, shown.get(row.staff.id, row.name)) for row in matrix.rows]
        self.pages, self.pitch = self._paged(lines)

    @property
    def first_cell(self) -> float:
        """Where the cells begin."""
        return self._sheet.left + self.names

    def columns(self, part: int) -> tuple[Column, ...]:
        """Return the courses of a page."""
        start = self.starts[part]
        return self.matrix.columns[start : start + self.starts.step]

    def end(self, part: int) -> float:
        """Return the right edge of a page's table."""
        return self.first_cell + len(self.columns(part)) * self.cell + SUMS

    def groups(self, part: int) -> list[Group]:
        """Return the groups of courses on a page."""
        found = []
        x = self.first_cell
        for words, group in groupby(self.columns(part), key=lambda column: column.group):
            wide = len(list(group)) * self.cell
            lines = self._sheet.breaker.lines(words, GROUP, wide - _GROUP_INSET)
            found.append(Group(x, lines))
            x += wide
        return found

    def head(self, column: Column) -> list[str]:
        """Return a course's name in the lines over its column; too long a one ends in dots."""
        lines = self._head(column, self.head_length)
        if len(lines) <= HEAD_LINES:
            return lines
        *whole, last = lines[:HEAD_LINES]
        # longer than the room in any case, so that it is shortened where it is set
        return [*whole, f"{last} {lines[HEAD_LINES]}"]

    def _head(self, column: Column, length: float) -> list[str]:
        return self._sheet.breaker.lines(_named(column), TABLE_HEAD, length)

    def _cut(self, length: float) -> list[Column]:
        """Return the courses whose names take too many lines, or are broken inside a word."""
        width = self._sheet.breaker.width
        return [
            column
            for column in self.matrix.columns
            if len(self._head(column, length)) > HEAD_LINES
            or any(width(word, TABLE_HEAD) > length for word in _named(column).split(" "))
        ]

    def _line(self, row: Row, name: str) -> Line:
        breaker = self._sheet.breaker
        name_room = self.names - self._role_room - 2 * _ROLE_GAP
        return Line(
            row,
            breaker.lines(one_line(name), NAME, name_room),
            breaker.lines(one_line(row.role), ROLE, self._role_room),
        )

    def _paged(self, lines: Sequence[Line]) -> tuple[list[list[Line]], float]:
        """Return which rows stand on which page, and the height of a row of one line."""
        key = KEY_ROOM + (matrix_cells.key_lines(self._sheet, self.matrix) - 1) * KEY_LEADING
        room = self._sheet.bottom + _KEY_UNDER - self.head_rule - key - SUMS_HEIGHT
        tight, wide = _PITCH
        more = sum(line.height(0) for line in lines)
        # a little tighter is better than one row on a page of its own
        pitch = min(wide, (room - more) / max(len(lines), 1))
        if pitch >= tight:
            return [list(lines)], pitch
        whole = _filled(lines, wide, room)
        # as many pages, but not a last one with a single row
        least = sum(line.height(wide) for line in lines) / len(whole)
        for more_room in range(0, int(room - least), 4):
            even = _filled(lines, wide, least + more_room)
            if len(even) == len(whole):
                return even, wide
        return whole, wide


def _named(column: Column) -> str:
    """Return a course's name with its numbers kept to the word before them: "Tier 2"."""
    return re.sub(r" (?=\d)", "\N{NO-BREAK SPACE}", one_line(column.course.name or ""))


def _filled(lines: Sequence[Line], pitch: float, room: float) -> list[list[Line]]:
    """Return rows filled into pages that have so much room for them, one row at least on each."""
    pages: list[list[Line]] = [[]]
    used = 0.0
    for line in lines:
        height = line.height(pitch)
        if pages[-1] and used + height > room:
            pages.append([])
            used = 0.0
        pages[-1].append(line)
        used += height
    return pages


def _evenly(count: int, most: int) -> int:
    """Return how many go on a page, so that the last page is not left with one."""
    pages = max(1, -(-count // most))
    return max(1, -(-count // pages))


def _in_initials(rows: Sequence[Row]) -> dict[int | None, str]:
    """Return the initials of everybody, numbered where several have the same."""
    same: defaultdict[str, list[int | None]] = defaultdict(list)
    for row in rows:
        same[initials(row.staff.name or "")].append(row.staff.id)
    return {
        identity: short if len(identities) == 1 else f"{short} {number}"
        for short, identities in same.items()
        for number, identity in enumerate(identities, 1)
    }
