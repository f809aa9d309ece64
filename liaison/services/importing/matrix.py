"""A training matrix taken in: looked through first, then done all or nothing, with one undo."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liaison.errors import UserError
from liaison.exchange.csv_writing import csv_bytes
from liaison.exchange.formulas import guard
from liaison.records.training import TrainingRecord
from liaison.security.roles import Action
from liaison.services.importing.matrix_days import Question
from liaison.services.importing.matrix_matching import (
    LEFT,
    NEW,
    Found,
    Memory,
    Target,
    course_key,
    person_key,
)
from liaison.services.importing.matrix_plan import MatrixPlan, MatrixWishes
from liaison.services.importing.matrix_planning import preview_matrix
from liaison.services.importing.rejects import Rejects
from liaison.services.importing.telling import WRITING, Tell, in_steps, untold
from liaison.services.importing.whole import looked_through_again, take_in_whole

if TYPE_CHECKING:
    from liaison.exchange.matrix_reading import Matrix
    from liaison.services.homes import OpenHome
    from liaison.store.unit import UnitOfWork

__all__ = [
    "LEFT", "NEW", "Done", "Found", "MatrixPlan", "MatrixWishes", "Question", "Target",
    "carry_out_matrix", "preview_matrix", "take_in_matrix",
]  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """What taking a matrix in did.

    Args:
        plan: What was planned, and done.
        batch: What ``undo`` takes back; None if there was nothing to write.
        rejects: The file of what could not come in, if there is any.
    """

    plan: MatrixPlan
    batch: int | None = None
    rejects: Path | None = None


def carry_out_matrix(
    home: OpenHome, plan: MatrixPlan, beside: Path, reason: str = "", *, tell: Tell = untold
) -> Done:
    """Do what a plan says.

    Args:
        home: The home.
        plan: From :func:`preview_matrix`.
        beside: The file the matrix came from; what cannot come in is kept beside it.
        reason: Why, for the history.
        tell: Told from time to time how far it is; if it raises, nothing is written.

    Raises:
        Outdated: The home has changed since the preview; nothing was written.
        UserError: Something must be answered first, or the disk prevented it; nothing was written.
    """
    home.require(Action.IMPORT)
    if plan.waits:
        raise UserError(
            " ".join(question.words for question in plan.waits),
            kept="Nothing was changed.", do="Say which, and bring it in again.", code="dates",
        )  # fmt: skip
    rejects = Rejects(beside, _rejects_bytes(plan.rejects)) if plan.rejects else None
    batch, written = take_in_whole(
        home,
        (lambda unit: _write(unit, plan, tell)) if plan.writes else None,
        rejects,
        reason,
        stood_at=plan.position,
        what="matrix",
    )
    Memory(home.store).keep(_said(plan.wishes))
    return Done(plan, batch, written)


def take_in_matrix(
    home: OpenHome,
    matrix: Matrix,
    wishes: MatrixWishes,
    *,
    beside: Path,
    reason: str = "",
    tell: Tell = untold,
) -> Done:
    """Preview and carry out at once, again if another program writes meanwhile.

    Args:
        home: The home.
        matrix: The matrix as the file holds it.
        wishes: How to read it.
        beside: The file it came from.
        reason: Why, for the history.
        tell: As for both.
    """
    return looked_through_again(
        lambda: preview_matrix(home, matrix, wishes, tell=tell),
        lambda plan: carry_out_matrix(home, plan, beside, reason, tell=tell),
    )


def _write(unit: UnitOfWork, plan: MatrixPlan, tell: Tell) -> None:
    staff = {key: unit.add(one) for key, one in plan.new_staff.items()}
    courses = {key: unit.add(one) for key, one in plan.new_courses.items()}
    made = bool(staff or courses)
    for record in in_steps(plan.births, tell, WRITING):
        unit.add(_settled(record, staff, courses) if made else record)


def _settled(
    record: TrainingRecord, staff: Mapping[int, int], courses: Mapping[int, int]
) -> TrainingRecord:
    """Return a record with the ids of what was made for it."""
    changes: dict[str, Any] = {}
    if record.staff is not None and record.staff in staff:
        changes["staff"] = staff[record.staff]
    if record.course is not None and record.course in courses:
        changes["course"] = courses[record.course]
    return dataclasses.replace(record, **changes) if changes else record


def _said(wishes: MatrixWishes) -> dict[tuple[str, str], Target]:
    """Return what is worth remembering of what somebody said: not that a name was new then."""
    people = {("staff", person_key(name)): target for name, target in wishes.people}
    courses = {("course", course_key(name)): target for name, target in wishes.courses}
    return {key: target for key, target in (people | courses).items() if target != NEW}


def _rejects_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    return b"".join(csv_bytes([guard(cell) for cell in row] for row in rows))
