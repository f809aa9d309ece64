"""Training that runs out, ran out or is missing: by course for the office, by person for oneself."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final

from liaison.records.rules.compliance import State
from liaison.records.rules.matrix import Column, Row, Target
from liaison.records.rules.standing import Cell
from liaison.services.today.items import Item, Look, Section, counted, due, id_of, joined
from liaison.services.training import matrix

_LACKING: Final = (State.OUT_OF_DATE, State.MISSING, State.DUE_SOON)


@dataclasses.dataclass(frozen=True, slots=True)
class Learned:
    """How the home stands with its required training, in few numbers.

    Args:
        complete: How many members of staff hold every course they must.
        people: Out of how many.
        lacking: How many courses people must hold and do not: run out or missing.
        course: The course of which a share is asked for from outside the home; empty for none.
        target: That share and how far it is reached.
    """

    complete: int
    people: int
    lacking: int = 0
    course: str = ""
    target: Target | None = None


def in_short(look: Look) -> Learned:
    """Return how the home stands; of several targets the one that is missed by most."""
    found = look.matrix
    asked = [(column.target, column) for column in found.columns if column.target is not None]
    asked.sort(key=lambda pair: (pair[0].met, pair[0].share))
    lacking = found.count(State.OUT_OF_DATE) + found.count(State.MISSING)
    if not asked:
        return Learned(found.complete, len(found.rows), lacking)
    target, column = asked[0]
    return Learned(found.complete, len(found.rows), lacking, column.course.name or "", target)


def of_all(look: Look) -> list[Item]:
    """Return one item for each course that somebody lacks or soon will, the most pressing first."""
    found = look.matrix
    items: list[Item] = []
    for place, column in enumerate(found.columns):
        lacking = [
            (row, row.cells[place]) for row in found.rows if row.cells[place].state in _LACKING
        ]
        if lacking:
            lacking.sort(key=lambda pair: (not _is_late(pair[1]), *_pressing(pair)))
            items.append(_of_course(look, column, lacking))
    return sorted(items, key=lambda item: (not item.late, -item.days, item.title))


def of_one(look: Look, staff: int) -> list[Item]:
    """Return one item for each course that one member of staff lacks or soon will.

    Args:
        look: The home and the day.
        staff: The member of staff.
    """
    found = matrix(look.store, look.day, staff=staff)
    items = [
        _item(look, column, cell, "")
        for row in found.rows
        for column, cell in zip(found.columns, row.cells, strict=True)
        if cell.state in _LACKING
    ]
    return sorted(items, key=lambda item: (not item.late, -item.days, item.title))


def _of_course(look: Look, column: Column, lacking: list[tuple[Row, Cell]]) -> Item:
    first, cell = lacking[0]
    others = counted(len(lacking), "person", "people")
    return _item(look, column, cell, joined(others, f"{first.name} first"))


def _is_late(cell: Cell) -> bool:
    """Tell whether somebody should hold a course by now."""
    return cell.state is not State.DUE_SOON and not cell.unsaid


def _item(look: Look, column: Column, cell: Cell, detail: str) -> Item:
    ends = None if cell.held is None else cell.held.runs_out
    missing = cell.state is State.MISSING or ends is None
    # the last day still counts
    days = 0 if ends is None or missing else look.days_since(ends)
    late = _is_late(cell)
    never = State.MISSING.value if late else "not recorded yet"
    words = never if missing else _runs_out(days)
    return Item(
        Section.TRAINING, "course", id_of(column.course), column.course.name or "", detail,
        None if missing else ends, words, days, late=late,
    )  # fmt: skip


def _runs_out(days: int) -> str:
    return due(days) if days > 0 else f"runs out {due(days).removeprefix('due ')}"


def _pressing(pair: tuple[Row, Cell]) -> tuple[int, dt.date, str]:
    row, cell = pair
    ends = None if cell.held is None else cell.held.runs_out
    return _LACKING.index(cell.state), ends or dt.date.min, row.name
