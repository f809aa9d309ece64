"""The sheet that goes round at a training session: who is expected, and room to sign."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final

from liaison.records.rules.times import show_time
from liaison.reports.kit.opening import opening
from liaison.reports.kit.sheet import MM, Furniture, Sheet
from liaison.reports.kit.typeface import (
    BODY,
    BODY_BOLD,
    HAIR,
    INK,
    TABLE,
    TABLE_BOLD,
    TABLE_HEAD,
    TABLE_MUTED,
)
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

_ROW: Final = 10 * MM  # a hand needs more room than a line of print
_HEAD: Final = 8 * MM
_NUMBER: Final = 9 * MM
_NAME: Final = 66 * MM
_LEFT_EARLY: Final = 22 * MM
_EMPTY: Final = 6
_TEACHER: Final = 34 * MM
_LABEL: Final = 26 * MM


@dataclasses.dataclass(frozen=True, slots=True)
class Expected:
    """Somebody who has a place.

    Args:
        name: Their name, told apart from namesakes.
        role: Their job role; may be empty.
        came: Whether it is recorded that they attended; None if nothing is recorded yet.
    """

    name: str
    role: str
    came: bool | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the sheet shows.

    Args:
        home: The home's name.
        course: What is taught.
        at: When; None if that was not said.
        rows: What else is recorded of the session: label and words.
        expected: Who has a place, by name.
    """

    home: str
    course: str
    at: dt.datetime | None
    rows: tuple[tuple[str, str], ...] = ()
    expected: tuple[Expected, ...] = ()


def render(facts: Facts, printed: Printed) -> Document:
    """Set the sheet on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    when = "No day given yet" if facts.at is None else show_time(facts.at)
    sheet = Sheet(Furniture(facts.home, SPEC.title, when, printed), f"{SPEC.title}, {facts.course}")
    sheet.new_page()
    sheet.bookmark(facts.course)
    y = opening(sheet, facts.course, "", eyebrow=SPEC.title) + 2
    for label, words in (("When", when), *facts.rows):
        sheet.text(sheet.left, y, label, BODY_BOLD, _LABEL - 6)
        y = sheet.paragraph(sheet.left + _LABEL, y, words, BODY, sheet.room - _LABEL, most=2)
    y = _head(sheet, y + 2)
    lines: list[Expected | None] = [*facts.expected, *([None] * _EMPTY)]
    for number, one in enumerate(lines, 1):
        if y + _ROW > sheet.bottom:
            sheet.new_page()
            y = _head(sheet, sheet.top - 14)
        y = _row(sheet, y, number, one)
    if y + _TEACHER > sheet.bottom:
        sheet.new_page()
        y = sheet.top - 14
    _teacher(sheet, y + 10)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="attendance-sheet",
    title="Attendance sheet",
    about="Who has a place on a training session, with room for everybody to sign.",
    parameters=Parameters(subjects=("session",)),
    render=render,
)


def _places(sheet: Sheet) -> tuple[float, float, float, float]:
    """Return where number, name, signature and "left early" begin."""
    name = sheet.left + _NUMBER
    return sheet.left, name, name + _NAME, sheet.right - _LEFT_EARLY


def _head(sheet: Sheet, y: float) -> float:
    number, name, signature, early = _places(sheet)
    base = y + _HEAD - 6
    sheet.text(number, base, "No.", TABLE_HEAD, _NUMBER - 4)
    sheet.text(name, base, "Name and job role", TABLE_HEAD, _NAME - 8)
    sheet.text(signature, base, "Signature", TABLE_HEAD, early - signature - 8)
    sheet.text(early, base, "Left early, at", TABLE_HEAD, _LEFT_EARLY)
    sheet.rule(sheet.left, y + _HEAD, sheet.right, weight=0.9, ink=INK)
    return y + _HEAD


def _row(sheet: Sheet, y: float, number: int, one: Expected | None) -> float:
    first, name, signature, _ = _places(sheet)
    middle = y + _ROW / 2 + 3
    sheet.text(first, middle, str(number), TABLE_MUTED, _NUMBER - 4)
    if one is not None:
        base = middle if not one.role else middle - 5.5
        sheet.text(name, base, one.name, TABLE_BOLD, _NAME - 8)
        if one.role:
            sheet.text(name, base + 11.5, one.role, TABLE_MUTED, _NAME - 8)
        if one.came is not None:
            words = "recorded: attended" if one.came else "recorded: did not attend"
            sheet.text(signature, middle, words, TABLE_MUTED, sheet.right - signature)
    sheet.rule(sheet.left, y + _ROW, sheet.right, weight=0.4, ink=HAIR)
    return y + _ROW


def _teacher(sheet: Sheet, y: float) -> None:
    words = "Whoever taught: I taught this session, and those who signed were there."
    y = sheet.paragraph(sheet.left, y + 6, words, TABLE, sheet.room)
    third = sheet.room / 3
    base = y + 11 * MM
    for place, label in enumerate(("Name", "Signature", "Date")):
        x = sheet.left + place * third
        sheet.rule(x, base, x + third - 10, weight=0.6, ink=INK)
        sheet.text(x, base + 11, label, TABLE_MUTED, third - 10)
