"""A cell of the matrix on the screen: its words, its tint and its icon."""

from __future__ import annotations

import datetime as dt
from typing import Final

from liaison.records.rules import times
from liaison.records.rules.compliance import State
from liaison.records.rules.matrix import Column, Matrix, Row
from liaison.records.rules.standing import Cell

STATES: Final = {
    State.IN_DATE: "ok",
    State.DUE_SOON: "due",
    State.OUT_OF_DATE: "late",
    State.MISSING: "late",
    State.BOOKED: "info",
    State.NOT_REQUIRED: "",
    State.EXEMPT: "none",
}
"""The state each kind of cell is tinted as; none for what is left blank."""
ICONS: Final = {
    "ok": "circle-check",
    "due": "triangle-alert",
    "late": "circle-x",
    "info": "calendar-check",
    "none": "minus",
}
GAPS: Final = frozenset({State.DUE_SOON, State.OUT_OF_DATE, State.MISSING})
"""What somebody has to do something about."""


UNSAID: Final = "Not recorded"
"""Of somebody who was only just written down: what they did before may still be recorded."""


def state(cell: Cell) -> str:
    """Return the state a cell is tinted as; empty for what is left blank."""
    return "none" if cell.unsaid else STATES[cell.state]


def month(day: dt.date) -> str:
    """Return a month and its year, told from a day in January by an apostrophe."""
    _, name, year = times.show_plain_date(day).split()
    return f"{name} \N{RIGHT SINGLE QUOTATION MARK}{year[-2:]}"


def of_cell(cell: Cell, on: dt.date) -> str:
    """Return the words of a cell."""
    end = None if cell.held is None else cell.held.runs_out
    if cell.state is State.IN_DATE:
        return "Done" if end is None else month(end)
    if cell.state is State.DUE_SOON:
        assert end is not None  # noqa: S101  # it runs out soon
        days = (end - on).days
        return f"Due {days} d" if days else "Due today"
    if cell.state is State.OUT_OF_DATE:
        assert end is not None  # noqa: S101  # it ran out
        return f"Late {(on - end).days:,} d"
    if cell.state is State.BOOKED:
        return "Booked"
    if cell.state is State.MISSING:
        return UNSAID if cell.unsaid else "Missing"
    if cell.state is State.EXEMPT:
        return "Exempt"
    return "By " + month(cell.required_from) if cell.required_from else "Not needed"


def told(cell: Cell, on: dt.date) -> str:
    """Return how somebody stands, in a sentence for the popover and screen readers."""
    end = None if cell.held is None else cell.held.runs_out
    if cell.state is State.IN_DATE:
        return "In date, never runs out" if end is None else f"In date until {times.show_date(end)}"
    if cell.state is State.DUE_SOON and end is not None:
        days = (end - on).days
        left = "runs out today" if not days else f"{days} day{'' if days == 1 else 's'} left"
        return left[:1].upper() + left[1:]
    if cell.state is State.OUT_OF_DATE and end is not None:
        days = (on - end).days
        return f"{days:,} day{'' if days == 1 else 's'} late"
    if cell.state is State.BOOKED and cell.booked is not None:
        return f"Booked, {times.show_date(times.in_london(cell.booked).date())}"
    if cell.state is State.NOT_REQUIRED and cell.required_from is not None:
        return f"Needed from {times.show_date(cell.required_from)}"
    if cell.unsaid:
        return f"{UNSAID} yet"
    return of_cell(cell, on)


def share(column: Column) -> tuple[str, str]:
    """Return how many of those who must hold a course do, in words, and the state of that."""
    if not column.required:
        return "Nobody needs it", ""
    words = f"{column.share:f}".removesuffix(".0") + "%"
    if column.in_date == column.required:
        return words, "ok"
    return words, "due"


def has_gap(row: Row) -> bool:
    """Return whether somebody has anything to renew or to begin."""
    return any(cell.state in GAPS for cell in row.cells)


def counts(matrix: Matrix) -> tuple[int, int, int]:
    """Return how many cells are in date, due soon, and late or missing."""
    late = matrix.count(State.OUT_OF_DATE) + matrix.count(State.MISSING)
    return matrix.count(State.IN_DATE), matrix.count(State.DUE_SOON), late
