"""How a training matrix is to be read, and what taking it in would do."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

from liaison.services.importing.matrix_matching import Found, Target

if TYPE_CHECKING:
    from liaison.exchange.matrix_cells import Meaning, Order
    from liaison.records.home import Staff
    from liaison.records.training import Course, TrainingRecord
    from liaison.services.importing.matrix_days import Question
    from liaison.services.importing.planning import Note, Rejected


@dataclasses.dataclass(frozen=True, slots=True)
class MatrixWishes:
    """How somebody wants a matrix to be read.

    Args:
        meaning: What a day is where neither its heading nor its cell says it.
        order: What comes first in days that were typed, such as 03/04/2026.
        people: Pairs of a name as the file has it and whom it means.
        courses: Pairs of a heading and which course it means.
        new_people: The job role with which people who are not known are added, unless their row
            says another; empty to leave them out.
        new_courses: Whether courses that are not known are added.
    """

    meaning: Meaning | None = None
    order: Order | None = None
    people: tuple[tuple[str, Target], ...] = ()
    courses: tuple[tuple[str, Target], ...] = ()
    new_people: str = ""
    new_courses: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class MatrixPlan:
    """What taking a matrix in would do.

    Args:
        people: The names, in the order of the file.
        courses: The headings, in their order.
        births: The training records to add; staff and courses that are new have the ids that
            ``new_staff`` and ``new_courses`` are under.
        new_staff: The members of staff to add.
        new_courses: The courses to add.
        unchanged: How many cells say what is recorded already.
        not_required: How many cells say that a course is not needed.
        rejected: What cannot come in, by row.
        notes: What is to be said although it does, or is nothing to take in: places booked.
        questions: What is asked.
        meaning: How days without a word beside them were read.
        order: How typed days were read.
        rejects: The rows of the file of what cannot come in; headings first.
        remarks: What is to be said about the file.
        position: How far the home's log was.
        wishes: How it was read.
    """

    people: tuple[Found, ...]
    courses: tuple[Found, ...]
    births: tuple[TrainingRecord, ...]
    new_staff: Mapping[int, Staff]
    new_courses: Mapping[int, Course]
    unchanged: int
    not_required: int
    rejected: tuple[Rejected, ...]
    notes: tuple[Note, ...]
    questions: tuple[Question, ...]
    meaning: Meaning
    order: Order
    rejects: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...]
    position: int
    wishes: MatrixWishes

    @property
    def writes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.births or self.new_staff or self.new_courses)

    @property
    def waits(self) -> tuple[Question, ...]:
        """What must be answered before it can be done."""
        return tuple(one for one in self.questions if one.must)
