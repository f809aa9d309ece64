"""The last pages of an inspection pack: its abbreviations, and what can be said of the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from liaison.reports.kit import typeface
from liaison.reports.kit.listing import Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import Figure, figures, opening
from liaison.reports.kit.sheet import MM, Sheet
from liaison.reports.kit.typeface import BLOCK_TITLE, BODY, BODY_BOLD, INK, TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import counted, long_date
from liaison.reports.pack_facts import Facts, Integrity, Kept

TITLE: Final = "Integrity statement"
_INTRO: Final = "What can and cannot be said about the record."
_TERMS_INTRO: Final = "What the short forms mean that are printed in this pack."
_MARKS: Final = {"yes": Mark.DONE, "unknown": Mark.SOON, "no": Mark.PAST}
_NOT_SHOWN: Final = (
    "The checks would show an entry that was changed, removed or slipped in outside the program. "
    "They do not show that what was written is true, or that everything that happened was written "
    "down, and they cannot rule out a person who controlled every PC and every key."
)
_HEAD: Final = "Head of the log"
_HEAD_NOTE: Final = (
    "Kept away from the PC, it lets anybody check later that nothing written before today was "
    "changed or taken out: liaison verify --against-head, and this number."
)
_SIGNATURES: Final = ("Registered manager, signature and date", "Seen by, name and date")
_SIGN_ROOM: Final = 40.0


def set_terms(sheet: Sheet, title: str, terms: Sequence[tuple[str, str]]) -> None:
    """Set the abbreviations that occur, with what they mean."""
    y = opening(sheet, title, _TERMS_INTRO)
    wide = 32 * MM
    columns = [Column("Short", wide), Column("What it means", sheet.room - wide, gap=0)]
    table = Listing(sheet, columns, y + 8, sheet.new_page)
    for short, meaning in terms:
        table.row([Piece(short, TABLE_BOLD)], [Piece(meaning)])


def set_integrity(sheet: Sheet, facts: Facts) -> None:
    """Set the integrity statement."""
    found = facts.integrity
    y = opening(sheet, TITLE, _INTRO)
    y = figures(sheet, y + 6, _figures(found)) + 4
    y = _checks(sheet, y, found)
    y = _counts(sheet, y, found.kept)
    y = _block(sheet, y, "What this does not show", " ".join((_NOT_SHOWN, *found.left_out)))
    if found.head:
        # with the signatures: these never stand alone on a page
        y = _room_for(sheet, y + 14, 32 + _SIGN_ROOM + 16)
        label = 32 * MM
        sheet.text(sheet.left, y, _HEAD, BODY_BOLD, label)
        sheet.text(sheet.left + label, y, found.head, BODY, sheet.room - label)
        y = sheet.paragraph(
            sheet.left + label, y + 14, _HEAD_NOTE, TABLE_MUTED, sheet.room - label - 40
        )
    y = _room_for(sheet, y + _SIGN_ROOM, 14)
    half = (sheet.room - 40) / 2
    for place, words in enumerate(_SIGNATURES):
        x = sheet.left + place * (half + 40)
        sheet.rule(x, y, x + half, weight=0.6, ink=INK)
        sheet.text(x, y + 13, words, TABLE_MUTED, half)


def _figures(found: Integrity) -> list[Figure]:
    changed = sum(kept.changed for kept in found.kept)
    left_out = sum(kept.left_out for kept in found.kept)
    since = f"since {long_date(found.since)}" if found.since else "nothing was written yet"
    damage = (
        Figure("–", "not as written", "not checked for this pack", Mark.SOON)  # noqa: RUF001
        if found.damage is None
        else Figure(
            f"{found.damage:,}",
            "not as written",
            "all signatures checked",
            Mark.PAST if found.damage else Mark.DONE,
        )
    )
    return [
        Figure(f"{found.changes:,}", "changes in the log", since),
        damage,
        Figure(f"{changed:,}", "records changed later", "old values kept", Mark.DONE),
        Figure(f"{left_out:,}", "records left out", "see below" if left_out else "none"),
    ]


def _checks(sheet: Sheet, y: float, found: Integrity) -> float:
    sheet.text(sheet.left, y + 12, "What was checked", BLOCK_TITLE, sheet.room)
    table = Listing(
        sheet,
        [
            Column("Check", 62 * MM, gap=10),
            Column("Result", 28 * MM),
            Column("Detail", sheet.room - 90 * MM, gap=0),
        ],
        y + 16,
        sheet.new_page,
    )
    for check in found.checks:
        answer = Piece(check.words, TABLE_BOLD, _MARKS[check.answer])
        table.row([Piece(check.what)], [answer], [Piece(check.detail)])
    return table.y


def _counts(sheet: Sheet, y: float, kept: Sequence[Kept]) -> float:
    y = _room_for(sheet, y + 26, 60 + 17 * len(kept))
    sheet.text(sheet.left, y, "What is in this pack", BLOCK_TITLE, sheet.room)
    wide = 27 * MM
    heads = ("In the period", "Left out", "In this pack", "Changed later")
    table = Listing(
        sheet,
        [
            Column("Kind of record", sheet.room - len(heads) * wide),
            *(Column(title, wide, right=True, gap=0) for title in heads),
        ],
        y + 4,
        sheet.new_page,
    )
    for one in kept:
        numbers = (one.number, one.left_out, one.printed, one.changed)
        table.row([Piece(one.label)], *([Piece(f"{number:,}")] for number in numbers))
    sums = [
        sum(numbers)
        for numbers in (
            [one.number for one in kept],
            [one.left_out for one in kept],
            [one.printed for one in kept],
            [one.changed for one in kept],
        )
    ]
    table.row([Piece("All", TABLE_BOLD)], *([Piece(f"{number:,}", TABLE_BOLD)] for number in sums))
    return table.y


def _block(sheet: Sheet, y: float, title: str, words: str) -> float:
    room = sheet.room * 0.92
    lines = len(sheet.breaker.lines(words, BODY, room))
    y = _room_for(sheet, y + 26, 18 + lines * BODY.leading)
    sheet.text(sheet.left, y, title, BLOCK_TITLE, sheet.room)
    return sheet.paragraph(sheet.left, y + 16, words, typeface.BODY, room)


def _room_for(sheet: Sheet, y: float, needed: float) -> float:
    if y + needed <= sheet.bottom:
        return y
    sheet.new_page()
    return sheet.top + 12


def left_out_words(number: int, noun: str, plural: str, why: str) -> str:
    """Say that records are left out and why: "12 visit notes are left out: ..."."""
    verb = "is" if number == 1 else "are"
    return f"{counted(number, noun, plural)} {verb} left out: {why}."
