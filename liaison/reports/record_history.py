"""One record's history on paper: who wrote and changed what, when and why."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Sequence
from typing import Final

from liaison.records.rules import times
from liaison.reports.kit.listing import Band, Cell, Column, Listing, Piece
from liaison.reports.kit.opening import opening
from liaison.reports.kit.sheet import MM, Furniture, Sheet
from liaison.reports.kit.typeface import BLOCK_TITLE, TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import counted
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

_NOTHING: Final = "nothing"
_END: Final = "End of history."


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """A field before and after a change; empty stands for nothing."""

    label: str
    before: str
    after: str


@dataclasses.dataclass(frozen=True, slots=True)
class Save:
    """What one save did to the record.

    Args:
        at: When.
        who: Who.
        pc: On which PC.
        verb: What kind of change it was.
        reason: Why, in their words; may be empty.
        steps: What it changed.
    """

    at: dt.datetime
    who: str
    pc: str
    verb: str
    reason: str = ""
    steps: tuple[Step, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at the record, printed it or the like."""

    at: dt.datetime
    who: str
    pc: str
    what: str
    detail: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the report shows.

    Args:
        home: The home's name.
        kind: What people call a record of this type.
        title: The words that name the record.
        saves: Its history, oldest first.
        looks: Who looked at it and the like, newest first.
    """

    home: str
    kind: str
    title: str
    saves: tuple[Save, ...]
    looks: tuple[Look, ...] = ()


def render(facts: Facts, printed: Printed) -> Document:
    """Set the report on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"History of {facts.kind.lower()}"
    sheet = Sheet(
        Furniture(facts.home, SPEC.title, covers, printed),
        f"{SPEC.title} of {facts.title}, {facts.home}",
    )
    sheet.new_page()
    sheet.bookmark(SPEC.title)
    y = opening(sheet, facts.title, _intro(facts), eyebrow=facts.kind)
    table = Listing(
        sheet,
        [
            Column("Field", 40 * MM, gap=10),
            Column("Before", (sheet.room - 40 * MM) / 2, gap=12),
            Column("After", (sheet.room - 40 * MM) / 2, gap=0),
        ],
        y + 6,
        sheet.new_page,
    )
    for save in facts.saves:
        table.band(functools.partial(_band, save))
        if save.reason:
            table.note(Piece(f"“{save.reason}”", TABLE_MUTED), keep=bool(save.steps))
        for step in save.steps:
            table.row(*_step(step, save))
        if not save.steps and not save.reason:
            table.note(Piece("Nothing else was written.", TABLE_MUTED))
    table.end(_END)
    if facts.looks:
        _looks(sheet, table.y, facts.looks)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="record-history",
    title="Record history",
    about="Everything that was ever written and changed in one record, by whom and why.",
    parameters=Parameters(
        subjects=(
            "resident", "visit_entry", "visit", "concern", "referral", "transfer", "action",
            "contact", "organisation", "staff", "training_record", "session", "person", "home",
        )
    ),
    render=render,
)  # fmt: skip


def _intro(facts: Facts) -> str:
    said = f"{counted(len(facts.saves), 'save')}, oldest first"
    people = {save.who for save in facts.saves}
    if people:
        said += f", by {counted(len(people), 'person', 'people')}"
    if facts.saves:
        said += f"; the last on {times.show_time(facts.saves[-1].at)}"
    return f"{said}. Nothing is ever overwritten: what a field said before stands beside it."


def _band(save: Save, first: bool, continued: bool) -> Band:  # noqa: ARG001, FBT001  # as Listing asks
    verb = f"{save.verb} (continued)" if continued else save.verb
    return Band(times.show_time(save.at), save.who, f"on {save.pc}", verb)


def _step(step: Step, save: Save) -> tuple[Cell, Cell, Cell]:
    born = not any(one.before for one in save.steps)
    # what was written first stood in nothing's place: saying so each time says little
    before: Cell = [] if born else [_value(step.before)]
    return [Piece(step.label, TABLE_MUTED)], before, [_value(step.after)]


def _value(text: str) -> Piece:
    return Piece(text) if text else Piece(_NOTHING, TABLE_MUTED)


def _looks(sheet: Sheet, y: float, looks: Sequence[Look]) -> None:
    if sheet.bottom - y < 100:  # noqa: PLR2004  # points: a head and a few rows
        sheet.new_page()
        y = sheet.top - 12
    sheet.text(sheet.left, y + 26, "Who opened and printed it", BLOCK_TITLE, sheet.room)
    sheet.bookmark("Who opened and printed it", level=1)
    table = Listing(
        sheet,
        [
            Column("When", 44 * MM),
            Column("Who", 44 * MM),
            Column("What", sheet.room - 88 * MM, gap=0),
        ],
        y + 32,
        sheet.new_page,
    )
    for look in looks:
        what = [Piece(look.what)]
        if look.detail:
            what.append(Piece(look.detail, TABLE_MUTED))
        table.row(
            [Piece(times.show_time(look.at))],
            [Piece(look.who, TABLE_BOLD), Piece(look.pc, TABLE_MUTED)],
            what,
        )
    table.end("End of the list, newest first.")
