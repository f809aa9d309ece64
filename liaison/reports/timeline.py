"""A resident's timeline on paper: what happened to them in a period, newest first."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final, Literal

from liaison.reports.kit.listing import Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import opening
from liaison.reports.kit.sheet import MM, Furniture, Sheet
from liaison.reports.kit.typeface import BODY_BOLD, INK, TABLE, TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import counted, long_period, named, period
from liaison.reports.spec import Document, Naming, Parameters, Printed, ReportSpec

State = Literal["ok", "due", "late", "info", "none"]
_MARKS: Final = {
    "ok": Mark.DONE, "due": Mark.SOON, "late": Mark.PAST, "info": Mark.OPEN, "none": Mark.ABSENT,
}  # fmt: skip
_END: Final = "End of the timeline."
_ALERTS_AIR: Final = 8.0


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened.

    Args:
        when: When it was, in words.
        title: What it was.
        text: What came of it.
        author: Who wrote it; may be empty.
        state: How it stands, if that is marked; "" for no mark.
        mark: The words of the mark.
        struck: Why it was struck through; empty if it stands.
    """

    when: str
    title: str
    text: str = ""
    author: str = ""
    state: State | Literal[""] = ""
    mark: str = ""
    struck: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows.

    Args:
        home: The home's name.
        name: The resident, by name or initials.
        apart: What tells them from anybody else: room, birth.
        about: Their GP and whoever looks after them, label and name.
        alerts: What everybody must know.
        start: The first day of the period.
        end: Its last day.
        items: What happened, newest first.
        cut: Whether there is more than is shown.
        names: How residents are named.
    """

    home: str
    name: str
    apart: str
    about: tuple[tuple[str, str], ...]
    alerts: tuple[str, ...]
    start: dt.date
    end: dt.date
    items: tuple[Item, ...]
    cut: bool = False
    names: Naming = "full"


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"Period {period(facts.start, facts.end)}"
    sheet = Sheet(
        Furniture(facts.home, SPEC.title, covers, printed), f"{SPEC.title} of {facts.name}"
    )
    sheet.new_page()
    sheet.bookmark(facts.name)
    y = opening(sheet, facts.name, _intro(facts), eyebrow=facts.apart)
    y = _alerts(sheet, y, facts.alerts)
    for label, name in facts.about:
        sheet.text(sheet.left, y + 4, label, TABLE_MUTED, 36 * MM)
        sheet.text(sheet.left + 38 * MM, y + 4, name, TABLE, sheet.room - 38 * MM)
        y += TABLE.leading + 1
    if not facts.items:
        return sheet.finish()
    table = Listing(
        sheet,
        [
            Column("When", 41 * MM),
            Column("What happened", sheet.room - 41 * MM - 36 * MM, gap=12),
            Column("How it stands", 36 * MM, gap=0),
        ],
        y + 6,
        sheet.new_page,
    )
    for item in facts.items:
        table.row([Piece(item.when)], _what(item), _how(item))
    table.end(_END)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="timeline",
    title="Resident's timeline",
    about="Everything that happened with one resident: visits, concerns, referrals, hospital, calls.",
    parameters=Parameters(period=True, subjects=("resident",), initials=True),
    render=render,
)


def _intro(facts: Facts) -> str:
    when = long_period(facts.start, facts.end)
    if not facts.items:
        return f"Nothing is recorded for {when}."
    cut = " There is more: choose a shorter period." if facts.cut else ""
    return f"{counted(len(facts.items), 'entry', 'entries')} from {when}, newest first.{cut}{named(facts.names)}"


def _alerts(sheet: Sheet, y: float, alerts: tuple[str, ...]) -> float:
    """Set what everybody must know in a box."""
    if not alerts:
        return y
    top = y - 4
    at = top + _ALERTS_AIR + 9
    for alert in alerts:
        sheet.mark(Mark.PAST, sheet.left + 8, at)
        at = sheet.paragraph(sheet.left + 22, at, alert, BODY_BOLD, sheet.room - 30)
    bottom = at - BODY_BOLD.leading + _ALERTS_AIR
    sheet.box(sheet.left, top, sheet.room, bottom - top, outline=INK, weight=1.2)
    return bottom + 14


def _what(item: Item) -> list[Piece]:
    struck = bool(item.struck)
    found = [Piece(item.title, TABLE_BOLD, struck=struck)]
    found += [Piece(line, struck=struck) for line in item.text.split("\n") if line]
    if item.author:
        found.append(Piece(item.author, TABLE_MUTED))
    return found


def _how(item: Item) -> list[Piece]:
    found = []
    if item.struck:
        found.append(Piece(f"Struck through: {item.struck}", mark=Mark.ABSENT))
    if item.state and item.mark:
        found.append(Piece(item.mark, mark=_MARKS[item.state]))
    return found
