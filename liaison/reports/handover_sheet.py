"""The sheet that goes to hospital with a resident: one page, from the home's liaison record."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Final

from liaison.reports.kit import typeface
from liaison.reports.kit.door import keep_together, tidy
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.sheet import Furniture, Sheet
from liaison.reports.kit.typeface import (
    BLOCK_TITLE,
    HAIR,
    INK,
    MUTED,
    REGULAR,
    SEMIBOLD,
    TABLE,
    TABLE_BOLD,
    TABLE_HEAD,
    TABLE_MUTED,
    TITLE_BOLD,
    Style,
)
from liaison.reports.kit.wording import counted, long_date
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

DAYS: Final = 90
"""How far back what has happened lately goes."""

_NAME: Final = Style(TITLE_BOLD, 26, 30)
_AGE: Final = Style(REGULAR, 11, 14, MUTED)
_LABEL: Final = Style(REGULAR, 8.5, 11, MUTED)
_CELL: Final = Style(SEMIBOLD, 11, 14)
_ALERT: Final = Style(SEMIBOLD, 10.5, 13.5)
_SMALL_ALERT: Final = Style(SEMIBOLD, 9, 11.5)
_NUMBER: Final = Style(SEMIBOLD, 13, 16)
_BLOCK: Final = dataclasses.replace(BLOCK_TITLE, size=11)
_PROMPTS: Final = (("What happened", 2), ("Since when", 1), ("What we have done", 1),
                   ("Who asked for it", 1))  # fmt: skip
_GOES: Final = ("Medicines chart", "Medicines", "Hearing aid", "Glasses", "Teeth", "Frame")
_SAYS: Final = (
    "This sheet says what the home's liaison record says. The medicines chart and the care plan "
    "are the full record."
)

_NAME_AT: Final = 96.0
_MOST_ALERT: Final = 118.0
"""Points the alerts may take at their usual size, before they are set smaller."""
_PROMPT: Final = 15.0
_WRITE: Final = 21.0
_REACH: Final = 37.0
_FOOT: Final = 62.0
_HEAD: Final = 30.0
_OPEN_ROW: Final = 17.0
_LATELY_LINES: Final = 3
_FEW: Final = 4
"""So many things or fewer are told at length."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reach:
    """Somebody to ring: who, what they are, and the number."""

    who: str
    what: str
    number: str


@dataclasses.dataclass(frozen=True, slots=True)
class Lately:
    """Something that happened: when, what or who, by whom, and what the record says."""

    when: str
    what: str
    by: str
    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class Open:
    """Something without an outcome: what, with whom, by when, and whether that is past."""

    what: str
    who: str
    due: str
    past: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the sheet shows.

    Args:
        home: The home's name.
        on: The day.
        name: The resident's name.
        called: What they like to be called; a first name if nothing is recorded.
        age: "86 years, known as George"; may be empty.
        cells: What they are known by: label and value.
        alerts: What whoever takes over must know, each a sentence with its label.
        matters: What matters to them; may be empty.
        reach: Whom to ring, the home first.
        lately: What happened lately, newest first.
        open: What has no outcome.
        more: How many more things are open than are listed.
    """

    home: str
    on: dt.date
    name: str
    called: str
    age: str
    cells: tuple[tuple[str, str], ...]
    alerts: tuple[str, ...]
    matters: str
    reach: tuple[Reach, ...]
    lately: tuple[Lately, ...]
    open: tuple[Open, ...]
    more: int = 0


def render(facts: Facts, printed: Printed) -> Document:
    """Set the sheet on one page.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    furniture = Furniture(facts.home, SPEC.title, f"Period last {DAYS} days", printed)
    sheet = Sheet(furniture, f"{SPEC.title}, {facts.name}")
    sheet.new_page()
    sheet.bookmark(f"{SPEC.title}, {facts.name}")
    y = _head(sheet, facts)
    y = _alerts(sheet, y + 9, facts.alerts)
    half = (sheet.room - 16) / 2
    left = _why(sheet, y + 18, half, facts.called)
    right = _reach(sheet, y + 18, sheet.left + half + 16, half, facts)
    y = max(left, right)
    if facts.matters:
        y = _matters(sheet, y + 17, facts)
    foot = sheet.bottom - _FOOT
    rows = max(len(facts.open), 1) + bool(facts.more)
    y = _lately(sheet, y + 17, foot - rows * _OPEN_ROW - _HEAD - 12, facts.lately)
    y = _open(sheet, y + 19, facts)
    _end(sheet, max(y + 16, foot + 6), facts.called)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="handover-sheet",
    title="Hospital handover sheet",
    about="One page that goes to hospital with a resident: alerts, whom to ring, what is open.",
    parameters=Parameters(subjects=("resident",)),
    render=render,
)


def _head(sheet: Sheet, facts: Facts) -> float:
    left, room = sheet.left, sheet.room
    age = min(sheet.breaker.width(facts.age, _AGE), room * 0.45)
    wide = sheet.text(left, _NAME_AT, facts.name, _NAME, room - age - 14)
    sheet.text(left + wide + 14, _NAME_AT, facts.age, _AGE, room - wide - 14)
    y = _NAME_AT + 12
    sheet.rule(left, y, sheet.right, weight=1.2, ink=INK)
    gaps = 14.0 * (len(facts.cells) - 1)
    widths = [
        max(sheet.breaker.width(value, _CELL), sheet.breaker.width(label, _LABEL))
        for label, value in facts.cells
    ]
    share = min(1.0, (room - gaps) / sum(widths))
    x = left
    for (label, value), wide in zip(facts.cells, widths, strict=True):
        sheet.text(x, y + 13, label, _LABEL, wide * share + 4)
        sheet.text(x, y + 27, value, _CELL, wide * share + 4)
        x += wide * share + 14
    sheet.rule(left, y + 35, sheet.right, ink=HAIR)
    return y + 35


def _alerts(sheet: Sheet, y: float, alerts: Sequence[str]) -> float:
    x, room = sheet.left + 32, sheet.room - 44
    style = _ALERT
    lines = _lines(sheet, alerts, style, room)
    if len(lines) * style.leading > _MOST_ALERT:
        style = _SMALL_ALERT
        lines = _lines(sheet, alerts, style, room)
    most = int(_MOST_ALERT * 1.3 / style.leading)
    if len(lines) > most:
        # nothing is left out without a word: the rest is in the record that is named below
        lines = [*lines[: most - 1], "More is recorded: ring the home before anything is given."]
    tall = 22 + len(lines) * style.leading + 6
    sheet.box(sheet.left, y, sheet.room, tall, outline=INK, weight=1.2)
    sheet.mark(Mark.PAST, sheet.left + 9, y + tall / 2 + 6, 14)
    sheet.text(x, y + 14, "Alerts the home has recorded", _LABEL, room)
    sheet.spans([(x, y + 28, style, lines)])
    return y + tall


def _lines(sheet: Sheet, alerts: Sequence[str], style: Style, room: float) -> list[str]:
    return [
        line
        for alert in alerts
        for line in sheet.breaker.lines(keep_together(tidy(alert)), style, room)
    ]


def _title(  # noqa: PLR0917  # where, what, how: in the order a hand would set it
    sheet: Sheet, x: float, y: float, words: str, room: float, note: str = ""
) -> None:
    wide = sheet.text(x, y, words, _BLOCK, room)
    if note:
        sheet.text(x + wide + 10, y, note, TABLE_MUTED, room - wide - 10)


def _why(sheet: Sheet, y: float, room: float, called: str) -> float:
    x = sheet.left
    _title(sheet, x, y, f"Why we are sending {called} today", room)
    sheet.rule(x, y + 6, x + room, weight=0.9, ink=INK)
    y += 6
    for words, lines in _PROMPTS:
        sheet.text(x, y + 13, words, _LABEL, room)
        y += _PROMPT
        for _ in range(lines):
            y += _WRITE
            sheet.rule(x, y, x + room, ink=HAIR)
    return y


def _reach(sheet: Sheet, y: float, x: float, room: float, facts: Facts) -> float:
    _title(sheet, x, y, f"Who to ring about {facts.called}", room)
    sheet.rule(x, y + 6, x + room, weight=0.9, ink=INK)
    y += 6
    for one in facts.reach:
        number = sheet.text(x + room, y + 17, one.number, _NUMBER, room * 0.55, "right")
        left = room - number - 8
        sheet.text(x, y + 15, one.who, TABLE_BOLD, left)
        sheet.text(x, y + 27, one.what, TABLE_MUTED, left)
        y += _REACH
        sheet.rule(x, y, x + room, ink=HAIR)
    return y


def _matters(sheet: Sheet, y: float, facts: Facts) -> float:
    _title(sheet, sheet.left, y, f"What matters to {facts.called}", sheet.room)
    return sheet.paragraph(sheet.left, y + 14, facts.matters, TABLE, sheet.room, most=2) - 10


def _lately(sheet: Sheet, y: float, limit: float, lately: Sequence[Lately]) -> float:
    when, who = 90.0, 120.0
    words = sheet.room - when - who
    x = sheet.left
    head = y
    sheet.text(x, y + 14, "When", TABLE_HEAD, when)
    sheet.text(x + when, y + 14, "What", TABLE_HEAD, who)
    sheet.text(x + when + who, y + 14, "What the record says", TABLE_HEAD, words)
    y += 19
    sheet.rule(x, y, sheet.right, weight=0.9, ink=INK)
    shown = 0
    most = _LATELY_LINES if len(lately) <= _FEW else _LATELY_LINES - 1
    for one in lately:
        # a sentence has no lines of its own here
        lines = sheet.breaker.lines(
            keep_together(tidy(" ".join(one.words.split()))), TABLE, words - 4
        )
        if len(lines) > most:
            cut = sheet.breaker.cut_off(lines[most - 1], TABLE, words - 4)
            lines = [*lines[: most - 1], cut]
        what = sheet.breaker.lines(keep_together(tidy(one.what)), TABLE_BOLD, who - 8)
        what = what[:1] if one.by else what[:2]
        beside = len(what) + bool(one.by)
        tall = max(len(lines), beside) * TABLE.leading + 5
        if y + tall > limit:
            break
        sheet.text(x, y + 11, one.when, TABLE, when - 6)
        if one.by:
            sheet.text(x + when, y + 11, one.what, TABLE_BOLD, who - 8)
            sheet.text(x + when, y + 23, one.by, TABLE_MUTED, who - 8)
        else:
            sheet.spans([(x + when, y + 11, TABLE_BOLD, what)])
        sheet.spans([(x + when + who, y + 11, TABLE, lines)])
        y += tall
        sheet.rule(x, y, sheet.right, ink=HAIR)
        shown += 1
    if not lately:
        sheet.text(x, y + 12, "Nothing is recorded.", TABLE_MUTED, sheet.room)
        y += 17
    note = f"newest first, last {DAYS} days"
    if shown < len(lately):
        note += f", {shown} of {len(lately)}"
    _title(sheet, x, head, "What has happened lately", sheet.room, note)
    return y


def _open(sheet: Sheet, y: float, facts: Facts) -> float:
    who, due = 120.0, 104.0
    what = sheet.room - who - due
    x = sheet.left
    _title(sheet, x, y, f"Still open on {long_date(facts.on)}", sheet.room)
    for place, words in ((x, "What"), (x + what, "With"), (x + what + who, "Due")):
        sheet.text(place, y + 14, words, TABLE_HEAD, who - 8)
    y += 19
    sheet.rule(x, y, sheet.right, weight=0.9, ink=INK)
    for one in facts.open:
        sheet.text(x, y + 12, one.what, TABLE, what - 8)
        sheet.text(x + what, y + 12, one.who, TABLE, who - 8)
        sheet.mark(Mark.PAST if one.past else Mark.OPEN, x + what + who, y + 12)
        sheet.text(x + what + who + 11.5, y + 12, one.due, TABLE_BOLD, due - 11.5)
        y += _OPEN_ROW
        sheet.rule(x, y, sheet.right, ink=HAIR)
    if not facts.open:
        sheet.text(x, y + 12, "Nothing is open.", TABLE_MUTED, sheet.room)
        y += _OPEN_ROW
    if facts.more:
        words = f"{counted(facts.more, 'more thing')} in the home's record."
        sheet.text(x, y + 12, words, TABLE_MUTED, sheet.room)
        y += _OPEN_ROW
    return y


def _end(sheet: Sheet, y: float, called: str) -> None:
    x = sheet.left
    x += sheet.text(x, y, f"Goes with {called}", _BLOCK, sheet.room * 0.3) + 12
    taken = sum(sheet.breaker.width(words, TABLE) + 13 for words in _GOES)
    gap = min(12.0, (sheet.right - x - taken) / (len(_GOES) - 1) - 0.5)
    for words in _GOES:
        wide = sheet.breaker.width(words, TABLE)
        sheet.box(x, y - 8, 9, 9, outline=INK, weight=0.8)
        sheet.text(x + 13, y, words, TABLE, wide + 1)
        x += 13 + wide + gap
    y += 24
    x = sheet.left
    for words, room in (("Sent by", 172.0), ("Time", 92.0), ("Taken by", sheet.room - 264)):
        wide = sheet.text(x, y, words, TABLE_MUTED, room)
        sheet.rule(x + wide + 5, y + 2, x + room - 10 * (words != "Taken by"), ink=HAIR)
        x += room
    sheet.text(sheet.left, y + 21, _SAYS, typeface.TABLE_MUTED, sheet.room)
