"""How a report begins: its cover, its title, its key figures, and the key to its signs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final

from liaison.reports.kit import typeface
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.sheet import FIRST_LINE, MM, Furniture, Sheet
from liaison.reports.kit.typeface import HAIR, INK, INTRO, TEAL, TITLE, Style
from liaison.reports.spec import Printed

_INTRO_ROOM: Final = 350.0
_COVER_TITLE: Final = Style(typeface.TITLE_BOLD, 40, 46)
_COVER_LEAD: Final = Style(typeface.REGULAR, 15, 21, typeface.MUTED)
_MOST_LINES: Final = 4
_FIGURE_GAP: Final = 12.0
_KEY_GAP: Final = 16.0
_COVER_HOME: Final = Style(typeface.TITLE_SEMIBOLD, 15, 18)
_COVER_DASH: Final = 26 * MM
_COVER_TITLE_AT: Final = 92 * MM
_COVER_TABLE_AT: Final = 150 * MM
_FACT_ROOM: Final = 45 * MM


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """A number that sums something up.

    Args:
        value: The number, with its unit.
        label: What it counts.
        note: How, or compared with what.
        mark: A sign before the note.
    """

    value: str
    label: str
    note: str = ""
    mark: Mark | None = None


def begin(home: str, title: str, covers: str, intro: str, printed: Printed) -> tuple[Sheet, float]:
    """Begin a report whose first page opens with its own title.

    Args:
        home: The home's name.
        title: The report's title.
        covers: What it covers, for the foot of every page.
        intro: One or two sentences under the title.
        printed: When and by whom it was printed.

    Returns:
        The document, and where what follows may begin.
    """
    sheet = Sheet(Furniture(home, title, covers, printed), f"{title}, {home}")
    sheet.new_page()
    sheet.bookmark(title)
    return sheet, opening(sheet, title, intro)


def opening(sheet: Sheet, title: str, intro: str, *, eyebrow: str = "") -> float:
    """Set a title and what it shows, at the head of a section's first page.

    Args:
        sheet: The document, on a new page.
        title: The title; a long one takes several lines.
        intro: One or two sentences, set in lines of about one length.
        eyebrow: The section, over the title.

    Returns:
        Where what follows may begin.
    """
    y = FIRST_LINE
    if eyebrow:
        sheet.text(sheet.left, y + 4, eyebrow, typeface.BLOCK_TITLE, sheet.room)
        y += 19
    y = sheet.paragraph(sheet.left, y + 8, title, TITLE, sheet.room, most=_MOST_LINES)
    if intro:
        y = sheet.paragraph(
            sheet.left, y - 2, intro, INTRO, _INTRO_ROOM, balanced=True, most=2 * _MOST_LINES
        )
    return y + 4


def figures(sheet: Sheet, y: float, shown: Sequence[Figure]) -> float:
    """Set up to four key figures beside each other.

    Args:
        sheet: The document.
        y: Where they begin.
        shown: The figures.

    Returns:
        Where what follows may begin.
    """
    wide = (sheet.room - _FIGURE_GAP * (len(shown) - 1)) / len(shown)
    lowest = y
    for place, figure in enumerate(shown):
        x = sheet.left + place * (wide + _FIGURE_GAP)
        sheet.rule(x, y, x + wide, weight=1.2, ink=INK)
        sheet.text(x, y + 32, figure.value, typeface.FIGURE, wide)
        end = sheet.paragraph(x, y + 48, figure.label, typeface.TABLE_BOLD, wide)
        if figure.note:
            inset = 0.0 if figure.mark is None else 11.5
            if figure.mark is not None:
                sheet.mark(figure.mark, x, end)
            end = sheet.paragraph(x + inset, end, figure.note, typeface.TABLE_MUTED, wide - inset)
        lowest = max(lowest, end)
    return lowest + 14


def key(sheet: Sheet, y: float, signs: Sequence[tuple[Mark, str]]) -> float:
    """Say what the signs mean, on as many lines as it takes.

    Returns:
        The baseline of the line that would come next.
    """
    x = sheet.left
    for mark, words in signs:
        wide = sheet.breaker.width(words, typeface.TABLE) + 11.5
        if x > sheet.left and x + wide > sheet.right:
            x = sheet.left
            y += typeface.TABLE.leading
        sheet.mark(mark, x, y)
        sheet.text(x + 11.5, y, words, typeface.TABLE, sheet.right - x - 11.5)
        x += wide + _KEY_GAP
    return y + typeface.TABLE.leading


def cover(
    sheet: Sheet,
    title: str,
    lead: str,
    facts: Sequence[tuple[str, str]],
    notes: Sequence[str] = (),
    *,
    address: str = "",
) -> None:
    """Set a cover on a page without furniture; what that would say stands in its table.

    Args:
        sheet: The document, on a new page without furniture.
        title: The document's title.
        lead: One or two sentences under it.
        facts: What it covers, when and by whom it was printed: label and value.
        notes: What a reader has to know about it, at the foot.
        address: The home's, under its name.
    """
    left, wide = sheet.left, sheet.room
    sheet.box(left, _COVER_DASH, 9 * MM, 1.6 * MM, fill=TEAL)
    sheet.text(left, _COVER_DASH + 38, sheet.furniture.home, _COVER_HOME, wide)
    if address:
        sheet.text(left, _COVER_DASH + 56, address, INTRO, wide)
    y = sheet.paragraph(left, _COVER_TITLE_AT, title, _COVER_TITLE, wide, most=_MOST_LINES)
    y = sheet.paragraph(left, y - 2, lead, _COVER_LEAD, wide * 0.8, balanced=True, most=_MOST_LINES)
    y = max(y + 24, _COVER_TABLE_AT)
    sheet.rule(left, y, sheet.right, weight=0.9, ink=INK)
    for label, value in facts:
        sheet.text(left, y + 15, label, typeface.BODY_BOLD, _FACT_ROOM - 8)
        x = left + _FACT_ROOM
        y = sheet.paragraph(x, y + 15, value, typeface.BODY, wide - _FACT_ROOM, most=_MOST_LINES)
        y -= 7.5
        sheet.rule(left, y, sheet.right, weight=0.4, ink=HAIR)
    y = sheet.bottom - typeface.TABLE_MUTED.leading * (2 * len(notes) - 1)
    for note in notes:
        y = sheet.paragraph(left, y, note, typeface.TABLE_MUTED, wide * 0.76, balanced=True, most=2)
