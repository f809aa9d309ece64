"""The first pages of an inspection pack: its cover, its contents, and how to read it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from liaison.reports.kit import typeface
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import cover
from liaison.reports.kit.sheet import CONTINUED, FIRST_LINE, MM, Sheet
from liaison.reports.kit.typeface import (
    BLOCK_TITLE,
    BODY,
    BODY_MUTED,
    HAIR,
    INK,
    TABLE_BOLD,
    TABLE_MUTED,
    Style,
)
from liaison.reports.pack_facts import Facts

TITLE: Final = "Contents"
_LEAD: Final = (
    "Who we work with in health and social care, what happened each time, "
    "and what our staff have learned."
)
_NOTE: Final = (
    "This pack shows what the record says. It gives no clinical advice. It holds personal "
    "information about residents and staff: hand it back or shred it."
)
_CONTENTS: Final = Style(typeface.TITLE_SEMIBOLD, 24, 28)
_HEADING: Final = Style(typeface.SEMIBOLD, 12.5, 16)
_LINE: Final = Style(typeface.REGULAR, 10.5, 14.5)
_NOTE_AT: Final = 88 * MM
_NUMBER: Final = 14 * MM
_ROW: Final = 19.5
_ALSO: Final = 12.0
_MOST_ALSO: Final = 3
_HOW: Final = "How to read this pack"
_SIGNS: Final = (
    (Mark.DONE, "Done, in date or met"),
    (Mark.OPEN, "Open, inside its time"),
    (Mark.SOON, "Soon due or runs out soon, or not checked"),
    (Mark.PAST, "Past its date or outside what was agreed"),
)
_WORD_ROOM: Final = 32 * MM


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A line of the contents.

    Args:
        heading: What it stands under.
        title: What it leads to.
        note: How much that holds.
        key: What its place is known by in the book.
        also: What else of the framework it answers.
    """

    heading: str
    title: str
    note: str
    key: str
    also: tuple[str, ...] = ()


def set_cover(sheet: Sheet, facts: Facts, title: str) -> None:
    """Set the cover, which has no head and no foot: it says the same itself."""
    sheet.new_page(furniture=False)
    sheet.bookmark("Cover")
    printed = sheet.furniture.printed_words.removeprefix("Printed ")
    lines = [*facts.cover, ("Printed", printed)]
    cover(sheet, title, _LEAD, lines, (_NOTE,), address=facts.address)


def set_contents(sheet: Sheet, facts: Facts, lines: Sequence[Line]) -> None:
    """Set the contents, and what the signs and words mean."""
    sheet.new_page()
    sheet.bookmark(TITLE)
    sheet.text(sheet.left, FIRST_LINE + 12, TITLE, _CONTENTS, sheet.room)
    y = FIRST_LINE + 46
    for heading, group in groupby(lines, key=lambda line: line.heading):
        y = _group(sheet, y, heading, list(group))
    _how_to_read(sheet, y + 10, facts)


def _group(sheet: Sheet, y: float, heading: str, lines: Sequence[Line]) -> float:
    y = _room_for(sheet, y, _HEADING.leading + _ROW + 2 * _ALSO)
    y = _head(sheet, y, heading)
    for line in lines:
        if y + _ROW + 2 * _ALSO > sheet.bottom:
            y = _head(sheet, _room_for(sheet, y, _ROW + 2 * _ALSO), f"{heading} (continued)")
        top = y
        y += 14
        sheet.text(sheet.left, y, line.title, _LINE, _NOTE_AT - 8)
        room = sheet.room - _NOTE_AT - _NUMBER
        sheet.text(sheet.left + _NOTE_AT, y, line.note, BODY_MUTED, room)
        sheet.number_of(line.key, sheet.right, y, _LINE)
        if line.also:
            words = f"Also for: {', '.join(line.also[:_MOST_ALSO])}"
            if len(line.also) > _MOST_ALSO:
                words += f" and {len(line.also) - _MOST_ALSO} more"
            room = sheet.room - _NUMBER
            y = sheet.paragraph(sheet.left, y + _ALSO, words, TABLE_MUTED, room, most=2) - _ALSO
        y += 5.5
        sheet.link(line.key, sheet.left, top, sheet.room, y - top)
        sheet.rule(sheet.left, y, sheet.right, ink=HAIR)
    return y + 21


def _head(sheet: Sheet, y: float, heading: str) -> float:
    end = sheet.paragraph(sheet.left, y, heading, _HEADING, sheet.room, most=2)
    y = end - _HEADING.leading + 7
    sheet.rule(sheet.left, y, sheet.right, weight=0.9, ink=INK)
    return y


def _how_to_read(sheet: Sheet, y: float, facts: Facts) -> None:
    y = _room_for(sheet, y, 62 + len(facts.words) * 16)
    sheet.text(sheet.left, y, _HOW, _HEADING, sheet.room)
    y += 24
    half = sheet.room / 2
    for place, (mark, words) in enumerate(_SIGNS):
        x = sheet.left + place % 2 * half
        line = y + place // 2 * 17
        sheet.mark(mark, x, line)
        sheet.text(x + 14, line, words, BODY, half - 18)
    y += 17 * ((len(_SIGNS) + 1) // 2) + 10
    for word, meaning in facts.words:
        x = sheet.left + _WORD_ROOM
        sheet.text(sheet.left, y, word, TABLE_BOLD, _WORD_ROOM - 6)
        y = sheet.paragraph(x, y, meaning, typeface.TABLE, sheet.right - x, most=3) + 4


def _room_for(sheet: Sheet, y: float, needed: float) -> float:
    """Return where something may begin, on a new page if it does not fit on this one."""
    if y + needed <= sheet.bottom:
        return y
    sheet.new_page()
    sheet.text(sheet.left, CONTINUED + 8, f"{TITLE} (continued)", BLOCK_TITLE, sheet.room)
    return CONTINUED + 40
