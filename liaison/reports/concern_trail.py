"""The trail of a concern on one page, as it goes along to A&E: noticed, told, tried, answered."""

from __future__ import annotations

import dataclasses
from typing import Final

from liaison.reports.kit import typeface
from liaison.reports.kit.listing import Band, Cell, Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.sheet import FIRST_LINE, MM, Furniture, Sheet
from liaison.reports.kit.typeface import (
    HAIR,
    INK,
    INTRO,
    TABLE,
    TABLE_BOLD,
    TABLE_MUTED,
    TITLE_BOLD,
    Style,
)
from liaison.reports.kit.wording import named
from liaison.reports.spec import Document, Naming, Parameters, Printed, ReportSpec

_NAME: Final = Style(TITLE_BOLD, 26, 30)
_WORDS: Final = Style(typeface.REGULAR, 10.5, 12)
_ALERT: Final = Style(typeface.SEMIBOLD, 11, 15)
_AT_LABEL: Final = 15.0
_AT_VALUE: Final = 29.0
_UNDER: Final = 9.0
_APART: Final = 22.0
_MOST_NAME: Final = 3
_MOST_ALERTS: Final = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One step of the trail.

    Args:
        when: When it happened.
        written: When it was written down, if that was much later; else empty.
        what: What kind of step it is.
        who: Who did it, or whom it was done with; may be empty.
        words: What was said; may be empty.
        by: Who wrote it down, if that is somebody else; else empty.
    """

    when: str
    written: str
    what: str
    who: str
    words: str
    by: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the page shows.

    Args:
        home: The home's name.
        phone: Its number; may be empty.
        kind: "Concern" or "Query".
        name: The resident's name.
        about: What tells them from others, and who looks after them: label and value.
        alerts: What the home has recorded that whoever treats them must know; may be empty.
        day: The day it was raised.
        raised: Who raised it, and when.
        words: What they wrote: label and text.
        urgency: How soon an answer was wanted.
        goes_to: Where it was sent.
        state: How it stands.
        closed: Whether it is over.
        steps: What was done, in its order.
        struck: Why it was struck through; empty if it was not.
        names: How the resident is named.
    """

    home: str
    phone: str
    kind: str
    name: str
    about: tuple[tuple[str, str], ...]
    alerts: str
    day: str
    raised: str
    words: tuple[tuple[str, str], ...]
    urgency: str
    goes_to: str
    state: str
    closed: bool
    steps: tuple[Step, ...]
    struck: str = ""
    names: Naming = "full"


def render(facts: Facts, printed: Printed) -> Document:
    """Set the page.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    sheet = Sheet(
        Furniture(facts.home, SPEC.title, f"{facts.kind} of {facts.day}", printed),
        f"{SPEC.title}: {facts.name}, {facts.home}",
    )
    sheet.new_page()
    sheet.bookmark(f"{SPEC.title}: {facts.name}")
    y = _head(sheet, facts)
    table = Listing(
        sheet,
        [
            Column("When", 44 * MM),
            Column("What, and who", 44 * MM),
            Column("What was said", sheet.room - 88 * MM, gap=0),
        ],
        y,
        sheet.new_page,
    )
    table.heading(_band(facts))
    for label, text in facts.words:
        table.note(Piece(label, TABLE_MUTED), Piece(text, _WORDS))
    table.band(lambda _first, _continued: Band("What was done", facts.state))
    for step in facts.steps:
        table.row(*_step(step))
    ring = f" Questions: {facts.home}, {facts.phone}." if facts.phone else ""
    table.end(
        f"End of the trail. It says what the home's liaison record says.{ring}{named(facts.names)}"
    )
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="concern-trail",
    title="Trail of a concern",
    about="What was noticed about a resident, who was told and tried, and what was answered.",
    parameters=Parameters(subjects=("concern",), initials=True),
    render=render,
)


def _head(sheet: Sheet, facts: Facts) -> float:
    """Set who it is about, and what is to be known about them."""
    left, room = sheet.left, sheet.room
    y = sheet.paragraph(left, FIRST_LINE + 12, facts.name, _NAME, room, most=_MOST_NAME)
    y -= 14
    sheet.rule(left, y, sheet.right, weight=1.2, ink=INK)
    shown = [pair for pair in facts.about if pair[1]]
    x, lowest = left, y + _AT_VALUE
    for label, value in shown:
        # each as wide as it needs, as long as all of them fit
        wide = min(sheet.breaker.width(value, typeface.BODY_BOLD), room / 3)
        wide = max(wide, sheet.breaker.width(label, TABLE_MUTED)) + 1
        wide = min(wide, sheet.right - x)
        sheet.text(x, y + _AT_LABEL, label, TABLE_MUTED, wide)
        end = sheet.paragraph(x, y + _AT_VALUE, value, typeface.BODY_BOLD, wide, most=_MOST_NAME)
        lowest = max(lowest, end - typeface.BODY_BOLD.leading)
        x += wide + _APART
    y = lowest + _UNDER
    sheet.rule(left, y, sheet.right, weight=0.4, ink=HAIR)
    if facts.alerts:
        end = sheet.paragraph(left + 24, y + 20, facts.alerts, _ALERT, room - 32, most=_MOST_ALERTS)
        sheet.box(left, y + 6, room, end - y - 13, outline=INK, weight=1.2)
        sheet.mark(Mark.PAST, left + 9, y + 20)
        y = end
    if facts.struck:
        y = sheet.paragraph(left, y + 18, f"Struck through: {facts.struck}", INTRO, room, most=3)
    return y + 6


def _band(facts: Facts) -> Band:
    more = f"goes to {facts.goes_to}" if facts.goes_to else ""
    return Band(facts.kind, facts.raised, more, facts.urgency, urgent=bool(facts.urgency))


def _step(step: Step) -> tuple[Cell, Cell, Cell]:
    when = [Piece(step.when, TABLE_BOLD)]
    if step.written:
        when.append(Piece(f"written {step.written}", TABLE_MUTED))
    who = [Piece(step.what, TABLE_BOLD)]
    if step.who:
        who.append(Piece(step.who, TABLE))
    said = [Piece(step.words)] if step.words else []
    if step.by:
        said.append(Piece(f"Written by {step.by}", TABLE_MUTED))
    return when, who, said
