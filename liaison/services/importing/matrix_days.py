"""What the cells of a matrix say, sheet by sheet, and what has to be asked before they can be read."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from liaison.exchange.matrix_cells import Meaning, Order, Said, What, as_text, read_cell
from liaison.exchange.matrix_reading import Column, Grid, Line, Matrix
from liaison.exchange.xlsx_reading import letters

_EXAMPLES: Final = 3


class Place(NamedTuple):
    """A cell of a matrix.

    Args:
        grid: Which of its sheets.
        line: Which of its rows of people.
        column: Which of its columns of courses.
    """

    grid: int
    line: int
    column: int


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """Something about the days that only whoever kept the matrix knows.

    Args:
        what: "meaning" (completion or expiry) or "order" (day or month first).
        words: It in words.
        must: Whether nothing can come in before it is answered.
        likely: The answer that is taken until another is given.
    """

    what: str
    words: str
    must: bool
    likely: str


class Days:
    """The cells of a matrix, read.

    Args:
        matrix: The matrix.
        today: The day.
        meaning: What a day is where neither heading nor cell says it; None if nobody said.
        order: What the first number of a typed day is; None if nobody said.
    """

    def __init__(
        self, matrix: Matrix, today: dt.date, meaning: Meaning | None, order: Order | None
    ) -> None:
        self.matrix = matrix
        self._several_sheets = len(matrix.grids) > 1
        self.said: dict[Place, Said] = {}
        first: Counter[Order] = Counter()
        examples: list[str] = []
        ahead: list[str] = []
        self.bare = 0
        for place, column, value in cells(matrix):
            said = read_cell(value, order or Order.DAY_FIRST, today)
            if said.what is What.NOTHING:
                continue
            self.said[place] = said
            if said.first is not None:
                first[said.first] += 1
                if said.first is Order.MONTH_FIRST and len(examples) < _EXAMPLES:
                    examples.append(f"{as_text(value)} in {self.cell(place)}")
            if said.bare is not None and column.meaning is None:
                self.bare += 1
                if said.bare > today and len(ahead) < _EXAMPLES:
                    ahead.append(f"{as_text(value)} in {self.cell(place)}")
        self.order = order or Order.DAY_FIRST
        # a day that is still to come is none on which anything was completed
        self.meaning = meaning or (Meaning.EXPIRES if ahead else Meaning.COMPLETED)
        self.questions = tuple(self._asked(meaning, order, first, examples, ahead))

    def _asked(
        self,
        meaning: Meaning | None,
        order: Order | None,
        first: Counter[Order],
        examples: list[str],
        ahead: list[str],
    ) -> Iterator[Question]:
        if order is None and first[Order.MONTH_FIRST]:
            both = first[Order.DAY_FIRST]
            yield Question(
                "order",
                f"Some days can only be American, with the month first: {', '.join(examples)}. "
                + (
                    f"{both:,} others can only be British, with the day first. "
                    if both
                    else "Days such as 03/04/2026 may then be 3 April or 4 March. "
                )
                + "Which comes first in the days that were typed?",
                must=True,
                likely=Order.MONTH_FIRST.value if not both else Order.DAY_FIRST.value,
            )
        if meaning is None and self.bare:
            if ahead:
                words = f"Some days have not come yet ({', '.join(ahead)}), so they may be expiry dates. "
            else:
                words = ""
            yield Question(
                "meaning",
                f"{words}Are the days in the cells when training was completed, or when it runs out?",
                must=bool(ahead),
                likely=self.meaning.value,
            )

    def cell(self, place: Place) -> str:
        """Return what a spreadsheet calls a cell: "C5", and its sheet if there are several."""
        grid, line, column = parts(self.matrix, place)
        name = f"{letters(column.place)}{line.row}"
        return f"{name} of {grid.name}" if self._several_sheets else name

    def where(self, place: Place) -> str:
        """Return a cell with the person and the heading it is about."""
        _, line, column = parts(self.matrix, place)
        return f"{self.cell(place)} ({line.name}, {column.heading})"

    def value(self, place: Place) -> object:
        """Return what stands in a cell."""
        return self.matrix.grids[place.grid].lines[place.line].cells[place.column]

    def column(self, place: Place) -> Column:
        """Return the column of a cell."""
        return self.matrix.grids[place.grid].columns[place.column]


def parts(matrix: Matrix, place: Place) -> tuple[Grid, Line, Column]:
    """Return the sheet, the row and the column of a cell."""
    grid = matrix.grids[place.grid]
    return grid, grid.lines[place.line], grid.columns[place.column]


def cells(matrix: Matrix) -> Iterator[tuple[Place, Column, object]]:
    """Yield the cells in which anything stands."""
    for g, grid in enumerate(matrix.grids):
        for n, line in enumerate(grid.lines):
            for c, value in enumerate(line.cells):
                if value is not None and value != "":
                    yield Place(g, n, c), grid.columns[c], value
