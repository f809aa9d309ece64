"""A list as a file holds it, whatever kind of file that was: rows of cells."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from liaison.errors import UserError

NOTHING_CHANGED = "Nothing was changed."


class NotReadable(UserError):
    """A file is not a list that can be read."""

    code = "not-readable"

    def __init__(self, what: str, do: str = "", code: str | None = None) -> None:
        super().__init__(what, kept=NOTHING_CHANGED, do=do, code=code)


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet.

    Args:
        number: Its number as a spreadsheet shows it; the first row of the file is 1.
        cells: What stands in it, as typed.
        problem: What is wrong with the row itself, as one plain sentence; empty if nothing is.
        notes: What is to be said about the row although it can come in.
        entry: What it is called where it stands: "row", or "card" in a file of vCards.
    """

    number: int
    cells: tuple[str, ...]
    problem: str = ""
    notes: tuple[str, ...] = ()
    entry: str = "row"

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not self.problem and not any(cell.strip() for cell in self.cells)


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """A list as it is read.

    Cells say what a cell of a CSV file would say: what a spreadsheet would run stands behind an
    apostrophe (:mod:`liaison.exchange.formulas`), whatever kind of file it came from.

    Args:
        rows: The rows in order, read as they are asked for; blank ones among them.
        delimiter: What separated the cells, so that a file made from it looks alike.
        remarks: What is to be said about the file as a whole.
    """

    rows: Iterator[Row]
    delimiter: str = ","
    remarks: tuple[str, ...] = ()
