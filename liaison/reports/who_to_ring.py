"""The poster beside the telephone: one page, who to ring in hours and out of hours."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final

from liaison.reports.kit.sheet import Furniture, Sheet
from liaison.reports.kit.typeface import (
    BOLD,
    HAIR,
    INK,
    REGULAR,
    SEMIBOLD,
    TINT,
    TITLE_BOLD,
    WHITE,
    Style,
)
from liaison.reports.kit.wording import long_date
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

MOST_LINES: Final = 9
"""As many numbers as one page holds, in a size that is read from the other side of a room."""

_TITLE: Final = Style(TITLE_BOLD, 40, 44)
_HERE: Final = Style(SEMIBOLD, 10.5, 14)
_DANGER: Final = Style(SEMIBOLD, 13, 16, WHITE)
_THEN: Final = Style(REGULAR, 10.5, 13, WHITE)
_NINES: Final = Style(BOLD, 37, 40, WHITE)
_BAND: Final = Style(SEMIBOLD, 13, 16)
_BAND_NOTE: Final = Style(REGULAR, 10.5, 13)
_NEED: Final = Style(SEMIBOLD, 15, 18)
_WHO: Final = Style(REGULAR, 11, 14)
_NUMBER: Final = Style(BOLD, 35, 38)
_SMALLEST: Final = 11.0
_NOTE: Final = Style(REGULAR, 11, 14)
_END: Final = Style(SEMIBOLD, 10.5, 14)

_FIRST: Final = 112.0
_BOX: Final = (221.0, 76.0, 45.0)
_HERE_LINE: Final = 138.0
_BANDS_FROM: Final = 148.0
_BAND_HEIGHT: Final = 21.0
_ROW: Final = 62.0
_AFTER_BAND: Final = 5.0
_BETWEEN: Final = 10.0
_NUMBERS_AT: Final = 0.452
_FOOT_ROOM: Final = 22.0
_SPACE: Final = 4.0


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One number.

    Args:
        need: What for.
        who: Who answers.
        number: The number.
        note: What to do if nobody does, or what to have ready; may be empty.
    """

    need: str
    who: str
    number: str
    note: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the poster shows.

    Args:
        home: The home's name.
        address: Its address in one line, which a caller is asked for.
        phone: Its own number.
        hours: When it is in hours, in words.
        by_day: Whom to ring in hours.
        out: Whom to ring out of hours.
        checked: The day the number that was checked longest ago was checked; None if one never was.
    """

    home: str
    address: str
    phone: str
    hours: str
    by_day: tuple[Line, ...]
    out: tuple[Line, ...]
    checked: dt.date | None = None


def render(facts: Facts, printed: Printed) -> Document:
    """Set the poster on one page.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    checked = facts.checked
    covers = f"Numbers checked since {long_date(checked)}" if checked else "Not all numbers checked"
    sheet = Sheet(Furniture(facts.home, SPEC.title, covers, printed), f"{SPEC.title}, {facts.home}")
    sheet.new_page()
    sheet.bookmark(SPEC.title)
    _head(sheet, facts)
    lines = len(facts.by_day) + len(facts.out)
    free = sheet.bottom - _FOOT_ROOM - _BANDS_FROM
    free -= 2 * (_BAND_HEIGHT + _AFTER_BAND) + _BETWEEN
    row = min(_ROW, free / max(lines, 1))
    y = _band(sheet, _BANDS_FROM, "In hours", facts.hours, dark=False)
    y = _lines(sheet, y, facts.by_day, row) + _BETWEEN
    y = _band(sheet, y, "Out of hours", "Nights, weekends and bank holidays", dark=True)
    y = _lines(sheet, y, facts.out, row)
    words = "No answer? Write down the time you tried, in Liaison."
    sheet.text(sheet.left, min(y + 24, sheet.bottom - 2), words, _END, sheet.room)
    return sheet.finish()


SPEC: Final[ReportSpec[Facts]] = ReportSpec(
    name="who-to-ring",
    title="Who to ring",
    about="A poster of one page: the numbers to ring in hours and out of hours.",
    parameters=Parameters(),
    render=render,
)


def _head(sheet: Sheet, facts: Facts) -> None:
    wide, top, high = _BOX
    left = sheet.right - wide
    sheet.text(sheet.left, _FIRST, SPEC.title, _TITLE, sheet.room - wide - 10)
    sheet.box(left, top, wide, high, fill=INK)
    sheet.text(left + 11, top + 19, "Life in danger", _DANGER, wide / 2)
    sheet.text(left + 11, top + 35, "then tell the senior", _THEN, wide / 2)
    sheet.text(sheet.right - 12, top + 36, "999", _NINES, wide / 2, "right")
    where = f"You are at {', '.join(part for part in (facts.home, facts.address) if part)}."
    own = f"Our number: {facts.phone}" if facts.phone else ""
    style = _fitting(sheet, f"{where} {own}", _HERE, sheet.room, smallest=9)
    # the number must not be what is cut off
    room = sheet.room - sheet.breaker.width(own, style) - _SPACE
    used = sheet.text(sheet.left, _HERE_LINE, where, style, room)
    x = sheet.left + used + _SPACE
    sheet.text(x, _HERE_LINE, own, style, sheet.right - x)


def _band(sheet: Sheet, y: float, words: str, note: str, *, dark: bool) -> float:
    ink = WHITE if dark else INK
    sheet.box(
        sheet.left, y, sheet.room, _BAND_HEIGHT, fill=INK if dark else TINT, outline=INK, weight=0.7
    )
    line = y + 15
    sheet.text(sheet.left + 8, line, words, dataclasses.replace(_BAND, ink=ink), sheet.room / 3)
    style = dataclasses.replace(_BAND_NOTE, ink=ink)
    sheet.text(sheet.right - 8, line, note, style, sheet.room * 0.6, "right")
    return y + _BAND_HEIGHT + _AFTER_BAND


def _lines(sheet: Sheet, y: float, lines: tuple[Line, ...], row: float) -> float:
    if not lines:
        sheet.text(sheet.left, y + 22, "Nobody is recorded for these hours.", _WHO, sheet.room)
        y += 34
    for number, line in enumerate(lines, 1):
        _line(sheet, y, line, row)
        y += row
        last = number == len(lines)
        weight, ink = (0.9, INK) if last else (0.5, HAIR)
        sheet.rule(sheet.left, y, sheet.right, weight=weight, ink=ink)
    return y


def _line(sheet: Sheet, y: float, line: Line, row: float) -> None:
    x = sheet.left + sheet.room * _NUMBERS_AT
    room = sheet.right - x
    base = y + row - 28
    left = x - sheet.left - 10
    need = _fitting(sheet, line.need, _NEED, left)
    sheet.text(sheet.left, base, line.need, need, left)
    who = _fitting(sheet, line.who, _WHO, left, smallest=9)
    sheet.text(sheet.left, base + 16, line.who, who, left)
    big = _fitting(sheet, line.number, _NUMBER, room)
    sheet.text(x, base + 4, line.number, big, room)
    sheet.text(x, base + 18, line.note, _NOTE, room)


def _fitting(
    sheet: Sheet, text: str, style: Style, room: float, smallest: float = _SMALLEST
) -> Style:
    """Return a style in which a text fits, down to what can still be read at arm's length."""
    wide = sheet.breaker.width(text, style)
    if wide <= room:
        return style
    return dataclasses.replace(style, size=max(style.size * room / wide - 0.1, smallest))
