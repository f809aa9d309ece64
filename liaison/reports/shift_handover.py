"""The handover of a shift on paper: what happened since a moment, who comes, and what is open."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Final

from liaison.records.rules import times
from liaison.reports.kit.listing import Column, Listing, Piece
from liaison.reports.kit.marks import Mark
from liaison.reports.kit.opening import begin
from liaison.reports.kit.sheet import MM, Sheet
from liaison.reports.kit.typeface import BLOCK_TITLE, HAIR, TABLE_BOLD, TABLE_MUTED
from liaison.reports.kit.wording import counted
from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

_LEAST: Final = 96.0
"""Points that a part needs at the foot of a page: its title, its head and a few rows."""
_LINE: Final = 8 * MM
_NOTES: Final = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """Something on the sheet.

    Args:
        when: When it was, is, or since when it is open, in words.
        who: Whom it is about, with what tells them apart; empty for the home.
        title: What it is.
        text: More about it.
        state: How it stands, in words; may be empty.
        late: Whether that is late.
    """

    when: str
    who: str
    title: str
    text: str = ""
    state: str = ""
    late: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What the sheet shows.

    Args:
        home: The home's name.
        since: From when on.
        until: Up to when: the moment it was read.
        happened: What happened, in its order.
        coming: Who comes and who goes where, in the next two days.
        open: What needs somebody now.
        more_open: How many more have no outcome.
    """

    home: str
    since: dt.datetime
    until: dt.datetime
    happened: tuple[Row, ...]
    coming: tuple[Row, ...]
    open: tuple[Row, ...]
    more_open: int = 0


def render(facts: Facts, printed: Printed) -> Document:
    """Set the sheet on paper.

    Args:
        facts: What it shows.
        printed: When and by whom it was printed.
    """
    covers = f"Since {times.show_time(facts.since)}"
    span = f"From {times.show_time(facts.since)} to {times.show_time(facts.until)}."
    sheet, y = begin(facts.home, SPEC.title, covers, f"{span} {_counts(facts)}", printed)
    y = _part(sheet, y, "What happened", "oldest first", facts.happened, "Nothing was recorded.")
    y = _part(sheet, y, "Who is coming", "today and tomorrow", facts.coming, "Nobody is expected.")
    more = f"{counted(facts.more_open, 'more is', 'more are')} open and not pressing"
    y = _part(
        sheet, y, "Needs somebody", more if facts.more_open else "", facts.open,
        "Nothing is late or due.",
    )  # fmt: skip
    _by_hand(sheet, y)
    return sheet.finish()


SPEC: Final = ReportSpec(
    name="shift-handover",
    title="Shift handover",
    about="What happened since a moment, who is coming, and what needs somebody.",
    parameters=Parameters(since=True),
    render=render,
)


def _counts(facts: Facts) -> str:
    happened = counted(len(facts.happened), "entry", "entries")
    coming = counted(len(facts.coming), "visit or appointment", "visits and appointments")
    return f"{happened}, {coming} to come, {len(facts.open):,} for somebody to see to."


def _begin(sheet: Sheet, y: float, title: str, note: str) -> float:
    if sheet.bottom - y < _LEAST:
        sheet.new_page()
        y = sheet.top - 12
    wide = sheet.text(sheet.left, y + 18, title, BLOCK_TITLE, sheet.room)
    if note:
        left = sheet.left + wide + 10
        sheet.text(left, y + 18, note, TABLE_MUTED, sheet.right - left)
    return y + 22


def _part(  # noqa: PLR0917  # a part's own words
    sheet: Sheet, y: float, title: str, note: str, rows: Sequence[Row], nothing: str
) -> float:
    y = _begin(sheet, y, title, note)
    if not rows:
        sheet.text(sheet.left, y + 12, nothing, TABLE_MUTED, sheet.room)
        return y + 18
    table = Listing(
        sheet,
        [
            Column("When", 30 * MM),
            Column("Who", 38 * MM, gap=10),
            Column("What", sheet.room - 30 * MM - 38 * MM - 30 * MM, gap=10),
            Column("How it stands", 30 * MM, gap=0),
        ],
        y,
        sheet.new_page,
    )
    for row in rows:
        what = [Piece(row.title, TABLE_BOLD)]
        what += [Piece(line) for line in row.text.split("\n") if line]
        mark = Mark.PAST if row.late else Mark.OPEN
        state = [Piece(row.state, mark=mark)] if row.state else []
        table.row([Piece(row.when)], [Piece(row.who, TABLE_BOLD)], what, state)
    return table.y


def _by_hand(sheet: Sheet, y: float) -> None:
    """Leave lines for what is said at the handover itself."""
    tall = 30 + (_NOTES + 1) * _LINE
    if sheet.bottom - y < tall:
        # it is an offer, not worth a page of its own
        return
    y = _begin(sheet, y, "Said at the handover", "")
    for _ in range(_NOTES):
        y += _LINE
        sheet.rule(sheet.left, y, sheet.right, ink=HAIR)
    y += _LINE
    for label, left, right in (
        ("Handed over by", sheet.left, sheet.left + sheet.room / 2 - 8),
        ("To", sheet.left + sheet.room / 2, sheet.right),
    ):
        wide = sheet.text(left, y, label, TABLE_MUTED, right - left)
        sheet.rule(left + wide + 6, y, right, ink=HAIR)
