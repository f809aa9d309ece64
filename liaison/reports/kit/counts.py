"""Tables of numbers, and the titles of a report's parts over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from liaison.reports.kit.listing import Column, Piece
from liaison.reports.kit.sheet import Sheet
from liaison.reports.kit.typeface import BLOCK_TITLE, TABLE_MUTED

ROOM_TO_BEGIN: Final = 120.0
"""Points of a page that make beginning a table on it worth while."""


def begin_part(sheet: Sheet, y: float, title: str) -> float:
    """Set the title of a part, on a new page if too little is left of this one.

    Args:
        sheet: The document.
        y: Where what stands above it ends.
        title: The title; it is a bookmark under the report's own.

    Returns:
        Where its table may begin.
    """
    if sheet.bottom - y < ROOM_TO_BEGIN:
        sheet.new_page()
        y = sheet.top - 12
    sheet.text(sheet.left, y + 26, title, BLOCK_TITLE, sheet.room)
    sheet.bookmark(title, level=1)
    return y + 32


def columns_of_numbers(
    sheet: Sheet, first: str, titles: Sequence[str], wide: float
) -> list[Column]:
    """Return a column with the room that is left, and narrow ones for numbers.

    Args:
        sheet: The document.
        first: The heading of the first column.
        titles: The headings of the others.
        wide: How wide each of those is, in points.
    """
    numbers = [Column(title, wide, right=True) for title in titles]
    return [Column(first, sheet.room - len(titles) * wide), *numbers]


def number(count: int) -> Piece:
    """Return a number as it stands in such a table: nothing of a kind is told quietly."""
    return Piece(f"{count:,}") if count else Piece("0", TABLE_MUTED)
