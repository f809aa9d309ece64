"""A round's agenda on paper: each matter with why it is there, and room to write what was agreed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from typing import Final

from liaison.reports.kit.marks import Mark
from liaison.reports.kit.sheet import CONTINUED, FIRST_LINE, MM, Furniture, Sheet
from liaison.reports.kit.typeface import (
    BLOCK_TITLE,
    BODY_BOLD,
    INK,
    INTRO,
    TABLE,
    TABLE_BOLD,
    TABLE_MUTED,
    TITLE,
)
from liaison.reports.kit.wording import clock, counted, listed, long_date
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

_WRITING: Final = 8 * MM
"""Between two lines to write on: less is too little for a hand."""
_ABOUT: Final = 148.0
_NUMBER: Final = 17.0
_TICK: Final = 9.0
_MOST_WORDS: Final = 6
_MOST_WHY: Final = 4
_AIR: Final = 15.0
_UNDER: Final = 8.0
_END_ROOM: Final = 40.0
_SEVERAL: Final = {
    "Concern": "concerns",
    "Query": "queries",
    "Action due": "actions due",
    "Review": "reviews",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """A line of the agenda.

    Args:
        kind: What it is about: "Concern".
        name: The resident; empty if it is about nobody in particular.
        apart: Room and date of birth.
        age: How it stands on the day of the round.
        mark: The same, as a sign.
        question: What is to be spoken of.
        why: Why it is on the agenda.
    """

    kind: str
    name: str
    apart: str
    age: str
    mark: Mark
    question: str
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the agenda shows.

    Args:
        home: The home's name.
        round: What the round is called.
        at: When it is.
        who: Who comes, and from where.
        note: What is unusual about the day.
        items: Its lines in order.
    """

    home: str
    round: str
    at: dt.datetime
    who: str
    note: str
    items: tuple[Item, ...]


def render(facts: Facts, printed: Printed) -> Document:
    """Set the agenda, about five lines a page.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    day = facts.at.date()
    furniture = Furniture(facts.home, SPEC.title, f"For {long_date(day)}", printed)
    sheet = Sheet(furniture, f"{SPEC.title}, {facts.home}")
    sheet.new_page()
    title = f"{facts.round}, {long_date(day)}"
    sheet.bookmark(title)
    y = sheet.paragraph(sheet.left, FIRST_LINE + 4, title, TITLE, sheet.room)
    who = f"{clock(facts.at)}, {facts.who}." if facts.who else f"{clock(facts.at)}."
    y = sheet.paragraph(sheet.left, y, f"{who} {facts.note}".strip(), INTRO, sheet.room)
    y = sheet.paragraph(sheet.left, y, _counts(facts), INTRO, sheet.room) + 12
    y = _fields(sheet, y, (("Arrived", 62), ("Left", 62), ("Others present", 0)))
    y = _rule(sheet, y + 9)
    for number, item in enumerate(facts.items, 1):
        tall = _tall(sheet, item)
        if y + tall > sheet.bottom:
            sheet.text(sheet.right, sheet.bottom, "continues overleaf", TABLE_MUTED, 120, "right")
            sheet.new_page()
            y = _rule(sheet, CONTINUED)
        _item(sheet, y, number, item)
        y = _rule(sheet, y + tall)
    _on_the_day(sheet, y)
    return sheet.finish()


SPEC: Final[ReportSpec[Facts]] = ReportSpec(
    name="round-agenda",
    title="Round agenda",
    about="What is to be spoken of at a round, with room to write what was agreed.",
    parameters=Parameters(subjects=("round",)),
    render=render,
)


def _counts(facts: Facts) -> str:
    if not facts.items:
        return "Nothing is on the agenda yet."
    kinds = Counter(item.kind for item in facts.items)
    told = [
        f"{number} {kind.lower() if number == 1 else _SEVERAL.get(kind, kind.lower())}"
        for kind, number in kinds.items()
    ]
    return f"{counted(len(facts.items), 'line')}: {listed(told)}."


def _fields(sheet: Sheet, y: float, fields: tuple[tuple[str, float], ...]) -> float:
    """Set labels with lines to write on behind them; a width of 0 takes the rest."""
    x = sheet.left
    for label, width in fields:
        sheet.text(x, y, label, TABLE_MUTED, 120)
        begins = x + sheet.breaker.width(label, TABLE_MUTED) + 6
        ends = min(begins + width, sheet.right) if width else sheet.right
        sheet.rule(begins, y + 2, ends)
        x = ends + 12
    return y


def _rule(sheet: Sheet, y: float) -> float:
    sheet.rule(sheet.left, y, sheet.right, weight=0.8, ink=INK)
    return y


def _words(sheet: Sheet, item: Item) -> tuple[int, int]:
    room = sheet.room - _ABOUT
    question = len(sheet.breaker.lines(item.question, TABLE, room)) if item.question else 0
    why = len(sheet.breaker.lines(item.why, TABLE_MUTED, room)) if item.why else 0
    return min(question, _MOST_WORDS), min(why, _MOST_WHY)


def _tall(sheet: Sheet, item: Item) -> float:
    question, why = _words(sheet, item)
    said = question * TABLE.leading + why * TABLE_MUTED.leading
    about = len(sheet.breaker.lines(item.name or item.kind, BODY_BOLD, _ABOUT - 2 * _NUMBER))
    # beside the last two lines to write on stands the box for what is carried over
    least = about * BODY_BOLD.leading + 3 * TABLE.leading + _WRITING + TABLE.leading
    return _AIR + max(said + 3 * _WRITING - 4, least) + _UNDER


def _item(sheet: Sheet, top: float, number: int, item: Item) -> None:
    left, beside = sheet.left + _NUMBER, sheet.left + _ABOUT
    y = top + _AIR
    sheet.text(sheet.left, y, str(number), BODY_BOLD, _NUMBER)
    narrow = _ABOUT - 2 * _NUMBER + 8
    y = sheet.paragraph(left, y, item.name or item.kind, BODY_BOLD, narrow)
    y = sheet.paragraph(left, y, item.apart, TABLE_MUTED, narrow) if item.apart else y
    sheet.mark(item.mark, left, y - 1)
    words = f"{item.kind}, {item.age}" if item.age else item.kind
    sheet.paragraph(left + 11, y, words, TABLE_BOLD, narrow - 11, most=2)

    room = sheet.right - beside
    at = top + _AIR
    if item.question:
        at = sheet.paragraph(beside, at, item.question, TABLE, room, most=_MOST_WORDS)
    if item.why:
        sheet.paragraph(beside, at, item.why, TABLE_MUTED, room, most=_MOST_WHY)
    last = top + _tall(sheet, item) - _UNDER
    sheet.text(beside, last - 2 * _WRITING, "Outcome", TABLE_MUTED, 60)
    sheet.rule(beside + 42, last - 2 * _WRITING + 2, sheet.right)
    sheet.rule(beside, last - _WRITING + 2, sheet.right)
    middle = beside + room * 0.52
    sheet.text(beside, last, "Follow-up", TABLE_MUTED, 60)
    sheet.rule(beside + 46, last + 2, middle - 8)
    sheet.text(middle, last, "Who, by when", TABLE_MUTED, 80)
    sheet.rule(middle + 64, last + 2, sheet.right)
    sheet.box(left, last - _WRITING - 6, _TICK, _TICK, outline=INK, weight=0.6)
    sheet.text(left + _TICK + 5, last - _WRITING + 2, "Carried over to", TABLE, narrow)
    sheet.rule(left, last + 2, left + narrow - 8)


def _on_the_day(sheet: Sheet, y: float) -> None:
    """Rule the rest of the last page for what comes up, and say who typed it in."""
    y += 22
    if y + 3 * _WRITING + _END_ROOM > sheet.bottom:
        sheet.new_page()
        y = CONTINUED + 10
    sheet.text(sheet.left, y, "Raised on the day", BLOCK_TITLE, sheet.room)
    note = "not on the agenda: name, room, what was said"
    begins = sheet.left + sheet.breaker.width("Raised on the day", BLOCK_TITLE) + 12
    sheet.text(begins, y, note, TABLE_MUTED, sheet.right - begins)
    y += _WRITING
    while y < sheet.bottom - _END_ROOM:
        sheet.rule(sheet.left, y, sheet.right)
        y += _WRITING
    _fields(sheet, sheet.bottom - 6, (("Typed into Liaison by", 170), ("Time", 70)))
