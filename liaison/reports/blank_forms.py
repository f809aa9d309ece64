"""Blank forms for paper days: a visit, a concern and a transfer, one page each, room to write."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final

from liaison.reports.kit.opening import opening
from liaison.reports.kit.sheet import MM, Furniture, Sheet
from liaison.reports.kit.typeface import BODY, HAIR, INK, MUTED, TABLE_MUTED, Style
from liaison.reports.kit.wording import counted
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

LINE: Final = 8 * MM
"""A line to write on."""
_LABEL: Final = dataclasses.replace(TABLE_MUTED, ink=MUTED)
_LABEL_ROOM: Final = 9.0
_TICK: Final = 8.0
_GAP: Final = 12.0
_AFTER: Final = 5.0
_CHOICE: Final[Style] = BODY


@dataclasses.dataclass(frozen=True, slots=True)
class Box:
    """Something to fill in.

    Args:
        label: Its label.
        lines: How many lines there are to write on.
        choices: What can be ticked, instead of lines.
        share: Its share of the width, beside others on its row.
    """

    label: str
    lines: int = 1
    choices: tuple[str, ...] = ()
    share: int = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Form:
    """One page.

    Args:
        title: What it is for.
        about: How it is filled in, in a sentence or two.
        rows: Its rows from above, each of one or several boxes.
    """

    title: str
    about: str
    rows: tuple[tuple[Box, ...], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What is printed: the home's name and its forms."""

    home: str
    forms: tuple[Form, ...]


def render(facts: Facts, printed: Printed) -> Document:
    """Set the forms on paper.

    Args:
        facts: What is printed.
        printed: When and by whom.
    """
    covers = counted(len(facts.forms), "form")
    sheet = Sheet(Furniture(facts.home, SPEC.title, covers, printed), f"{SPEC.title}, {facts.home}")
    for form in facts.forms:
        sheet.new_page(form.title)
        sheet.bookmark(form.title)
        y = opening(sheet, form.title, form.about)
        for row in form.rows:
            y = _row(sheet, y, row)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="blank-forms",
    title="Blank forms",
    about="A visit, a concern and a transfer to fill in by hand, for a day without the PC.",
    parameters=Parameters(),
    render=render,
    names_people=False,
)


def _row(sheet: Sheet, y: float, boxes: Sequence[Box]) -> float:
    shares = sum(box.share for box in boxes)
    free = sheet.room - _GAP * (len(boxes) - 1)
    x = sheet.left
    lowest = y
    for box in boxes:
        wide = free * box.share / shares
        lowest = max(lowest, _box(sheet, x, y, wide, box))
        x += wide + _GAP
    return lowest + _AFTER


def _box(sheet: Sheet, x: float, y: float, wide: float, box: Box) -> float:
    sheet.text(x, y + 8, box.label, _LABEL, wide)
    if box.choices:
        return _choices(sheet, x, y + 8, wide, box.choices)
    # the label must not take from the room to write
    y += _LABEL_ROOM
    for _ in range(box.lines):
        y += LINE
        sheet.rule(x, y, x + wide, weight=0.6, ink=HAIR)
    return y


def _choices(sheet: Sheet, x: float, y: float, wide: float, words: Sequence[str]) -> float:
    """Set boxes to tick, on as many lines as they take."""
    at, baseline = x, y + 15
    for word in words:
        needed = sheet.breaker.width(word, _CHOICE) + _TICK + 5
        if at > x and at + needed > x + wide:
            at, baseline = x, baseline + 16
        sheet.box(at, baseline - _TICK, _TICK, _TICK, outline=INK, weight=0.8)
        sheet.text(at + _TICK + 5, baseline, word, _CHOICE, x + wide - at - _TICK - 5)
        at += needed + 14
    return baseline + 3
