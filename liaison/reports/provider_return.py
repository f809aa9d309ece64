"""A drafting sheet for a provider return: for each question numbers, a draft with its words counted."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final

from liaison.reports.kit.listing import Column, Listing, Piece
from liaison.reports.kit.opening import begin
from liaison.reports.kit.sheet import MM, Sheet
from liaison.reports.kit.typeface import (
    BLOCK_TITLE,
    BODY,
    BODY_MUTED,
    HAIR,
    TABLE_BOLD,
    TABLE_MUTED,
    Style,
)
from liaison.reports.kit.wording import counted, long_period, period
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

_LINE: Final = 8 * MM
_LINES: Final = 5
_END: Final = 16.0  # for the last words of the report, below the last line
_KEEPS: Final = 235.0  # points of a page that make beginning a question on it worth while
_NO_DRAFT: Final = "Nothing is recorded in this period that would answer this."
_QUESTION: Final = Style(BLOCK_TITLE.face, 12.5, 16)


@dataclasses.dataclass(frozen=True, slots=True)
class Count:
    """A number that helps to answer a question.

    Args:
        label: What is counted.
        value: The number, with its unit.
    """

    label: str
    value: str


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """One question of the return.

    Args:
        title: What it is known by.
        question: What is asked.
        limit: How many words an answer may have.
        counts: The numbers.
        draft: Sentences made of the numbers, to begin from.
    """

    title: str
    question: str
    limit: int
    counts: tuple[Count, ...] = ()
    draft: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """How many words the draft has, as a word processor counts them."""
        # what a no-break space holds together on a line is two words all the same
        return len(" ".join(self.draft).split())


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the sheet shows.

    Args:
        home: The home's name.
        start: The first day.
        end: The last day, counted in.
        about: What it is for.
        questions: The questions, in order.
    """

    home: str
    start: dt.date
    end: dt.date
    about: str
    questions: tuple[Question, ...]


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"Period {period(facts.start, facts.end)}"
    intro = f"{long_period(facts.start, facts.end)}. {facts.about}"
    sheet, y = begin(facts.home, SPEC.title, covers, intro, printed)
    note = "It names nobody: every sentence is made of numbers, and none of what people typed."
    y = sheet.paragraph(sheet.left, y + 4, note, TABLE_MUTED, sheet.room) + 12
    for question in facts.questions:
        y = _question(sheet, y, question)
    y = sheet.paragraph(
        sheet.left, min(y, sheet.bottom - 2), _total(facts), TABLE_MUTED, sheet.room
    )
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="provider-return",
    title="Provider return",
    about="A drafting sheet: numbers and a first draft for each question, words counted, no names.",
    parameters=Parameters(period=True),
    render=render,
    names_people=False,
)


def _total(facts: Facts) -> str:
    words = sum(one.words for one in facts.questions)
    many = counted(len(facts.questions), "question")
    return f"End of the drafting sheet: {many}, {counted(words, 'word')} drafted."


def _question(sheet: Sheet, y: float, one: Question) -> float:
    if sheet.bottom - y < _KEEPS:
        sheet.new_page()
        y = sheet.top + 8
    sheet.bookmark(one.title, level=1)
    sheet.text(sheet.left, y, one.title, _QUESTION, sheet.room)
    y = sheet.paragraph(sheet.left, y + 15, one.question, BODY_MUTED, sheet.room) - 8
    if one.counts:
        table = Listing(
            sheet,
            [Column("Number", sheet.room - 40 * MM), Column("In the period", 40 * MM, right=True)],
            y,
            sheet.new_page,
        )
        for count in one.counts:
            table.row([Piece(count.label)], [Piece(count.value, TABLE_BOLD)])
        y = table.y + 10
    draft = " ".join(one.draft)
    words = f"Draft: {counted(one.words, 'word')} of {one.limit:,}"
    if y + 60 > sheet.bottom:
        sheet.new_page()
        y = sheet.top
    y = sheet.paragraph(sheet.left, y + 12, words, BLOCK_TITLE, sheet.room)
    y = sheet.paragraph(sheet.left, y + 1, draft or _NO_DRAFT, BODY, sheet.room)
    return _ruled(sheet, y + 2)


def _ruled(sheet: Sheet, y: float) -> float:
    """Rule lines to write on; those that do not fit on the page are left out."""
    if y + 2 * _LINE > sheet.bottom:
        return y + 18
    sheet.text(sheet.left, y + 4, "In your own words", TABLE_MUTED, sheet.room)
    for _ in range(_LINES):
        if y + _LINE > sheet.bottom - _END:
            break
        y += _LINE
        sheet.rule(sheet.left, y, sheet.right, weight=0.6, ink=HAIR)
    return y + 30
