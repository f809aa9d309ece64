"""A training matrix as ``import training-matrix`` takes it in."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

from liaison.cli.progress import progress
from liaison.cli.session import Session, note
from liaison.cli.which import found
from liaison.exchange.matrix_cells import Meaning, Order
from liaison.exchange.matrix_reading import read_matrix
from liaison.records import ids, spec_of
from liaison.records.home import Staff
from liaison.records.training import Course, TrainingRecord
from liaison.services.homes import OpenHome
from liaison.services.importing.matrix import (
    LEFT,
    NEW,
    Done,
    MatrixPlan,
    MatrixWishes,
    Target,
    preview_matrix,
    take_in_matrix,
)
from liaison.store.store import collector_paused

NAME: Final = "training-matrix"
"""What stands for a matrix instead of a record type."""

_MOST_LINES: Final = 40


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What was said on the command line.

    Args:
        courses: Pairs of a heading and a course.
        people: Pairs of a name as the file has it and a member of staff.
        days: What days without a word are: "completed" or "expires"; empty if nobody said.
        first: What comes first in typed days: "day" or "month"; empty if nobody said.
        sheet: Of a workbook the sheet; all of them if empty.
        new_people: The job role of people who are not known; empty to leave them out.
        new_courses: Whether courses that are not known are added.
        dry_run: Whether only to say what would happen.
        reason: Why, for the history.
    """

    courses: Sequence[tuple[str, str]] = ()
    people: Sequence[tuple[str, str]] = ()
    days: str = ""
    first: str = ""
    sheet: str = ""
    new_people: str = ""
    new_courses: bool = False
    dry_run: bool = False
    reason: str = ""


def import_matrix(
    session: Session, file: Path, opened: Callable[[Path], BinaryIO], told: Told
) -> None:
    """Take a matrix in, or say what would happen.

    Args:
        session: Who asks, for which home.
        file: The file.
        opened: Opens it.
        told: How it is to be read.
    """
    with opened(file) as stream, collector_paused():
        matrix = read_matrix(stream, told.sheet)
    home = session.open()
    wishes = MatrixWishes(
        meaning=Meaning(told.days) if told.days else None,
        order=Order(told.first) if told.first else None,
        people=tuple(_target(home, "staff", *pair) for pair in told.people),
        courses=tuple(_target(home, "course", *pair) for pair in told.courses),
        new_people=told.new_people,
        new_courses=told.new_courses,
    )
    with progress() as tell:
        if told.dry_run:
            done = Done(preview_matrix(home, matrix, wishes, tell=tell))
        else:
            done = take_in_matrix(
                home, matrix, wishes, beside=file.absolute(), reason=told.reason, tell=tell
            )
    if session.json:
        for line in _beside(done.plan):
            note(line)
    session.answer(_document(done), lambda: _words(done, dry_run=told.dry_run))


def _target(home: OpenHome, type_name: str, name: str, meant: str) -> tuple[str, Target]:
    meant = meant.strip()
    if not meant:
        return name, LEFT
    return name, NEW if meant.casefold() == NEW else found(home, type_name, meant)


def _document(done: Done) -> dict[str, Any]:
    plan = done.plan
    return {
        "batch": None if done.batch is None else ids.to_text(done.batch),
        "added": len(plan.births),
        "updated": 0,
        "unchanged": plan.unchanged,
        "rejected": [{"row": one.row, "problems": list(one.problems)} for one in plan.rejected],
        "rejects_file": None if done.rejects is None else str(done.rejects),
    }


def _words(done: Done, *, dry_run: bool) -> Iterator[str]:
    plan = done.plan
    if dry_run:
        yield "This is what would happen; nothing was changed."
    yield (
        f"{spec_of(TrainingRecord).plural}: {len(plan.births):,} added, {plan.unchanged:,} known "
        f"already, {plan.not_required:,} not required, {len(plan.rejected):,} rows with problems."
    )
    for cls, made in ((Staff, plan.new_staff), (Course, plan.new_courses)):
        if made:
            names = ", ".join(getattr(one, "name", None) or "" for one in made.values())
            yield f"{spec_of(cls).plural} added: {names}."
    yield from _some(
        [f"Row {one.row:,}: {' '.join(one.problems)}" for one in plan.rejected],
        "rows with problems",
    )
    if plan.rejected:
        yield (
            'Whom or what is meant: --same "NAME=STAFF", --map "HEADING=COURSE"; it is remembered. '
            "Nothing after the sign leaves it out."
        )
    if done.rejects is not None:
        yield f"These cells are in {done.rejects}. Correct them there and import that file."
    yield from _beside(plan)
    if done.batch is not None:
        yield f"To take it all back: liaison undo --batch {ids.to_text(done.batch)}"


def _beside(plan: MatrixPlan) -> Iterator[str]:
    yield from plan.remarks
    for question in plan.questions:
        option = "--days completed|expires" if question.what == "meaning" else "--first day|month"
        taken = "" if question.must else f" They were read as: {question.likely}."
        yield f"{question.words}{taken} ({option})"
    yield from _some([f"Note on row {one.row:,}: {one.text}" for one in plan.notes], "notes")


def _some(lines: Sequence[str], what: str) -> Iterator[str]:
    yield from (f"  {line}" for line in lines[:_MOST_LINES])
    if len(lines) > _MOST_LINES:
        yield f"  ... and {len(lines) - _MOST_LINES:,} more {what}"
