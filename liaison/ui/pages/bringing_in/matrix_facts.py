"""What the page shows of a training matrix, read and put into words off the window's thread."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison.exchange.matrix_reading import looks_like_matrix, read_matrix
from liaison.records import all_specs, spec_of
from liaison.records.home import Staff
from liaison.records.rules import times
from liaison.services import importing
from liaison.services.importing import Outdated
from liaison.services.importing.matrix import (
    MatrixPlan,
    MatrixWishes,
    carry_out_matrix,
    preview_matrix,
)
from liaison.services.references import Names
from liaison.store import query
from liaison.store.history import batch_changes
from liaison.store.store import collector_paused
from liaison.ui.job import Cancelled
from liaison.ui.pages.bringing_in import facts
from liaison.ui.pages.bringing_in.doing import Stopped
from liaison.ui.pages.bringing_in.facts import Line, Sample, What
from liaison.ui.parts.asking_files import opened_to_read

if TYPE_CHECKING:
    from liaison.records.training import TrainingRecord
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.ui.job import Progress

MATRIX: Final = "training-matrix"
"""What stands for a matrix among the types of rows."""
KIND: Final = (MATRIX, "A training matrix: names down, courses across")

_MOST_DAYS: Final = 6


@dataclasses.dataclass(frozen=True, slots=True)
class Choices:
    """What names and headings can be said to mean.

    Args:
        staff: Ids and names of staff, in order.
        courses: Ids and names of courses, in order.
        roles: Job roles with their words.
    """

    staff: tuple[tuple[int, str], ...]
    courses: tuple[tuple[int, str], ...]
    roles: tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class MatrixLooked:
    """What taking a matrix in would do.

    Args:
        plan: The plan.
        lines: It in words.
        choices: What can be chosen from.
    """

    plan: MatrixPlan
    lines: Mapping[What, Sequence[Line]]
    choices: Choices


@dataclasses.dataclass(frozen=True, slots=True)
class MatrixBrought:
    """What became of bringing a matrix in.

    Args:
        plan: What was done; None if it is to be looked at again first.
        changes: What undo takes back.
        rejects: The file of what could not come in, if there is one.
    """

    plan: MatrixPlan | None
    changes: tuple[int, ...] = ()
    rejects: Path | None = None


def is_likely(sample: Sample) -> bool:
    """Return whether a file looks like a matrix, and not like a list whose headings are known."""
    if not looks_like_matrix(sample.rows):
        return False
    types = [name for name, _ in facts.kinds()]
    for row in sample.rows:
        known = max(importing.fit(all_specs()[str(name)], row)[0] for name in types)
        filled = len([cell for cell in row if cell.strip()])
        if filled > 1 and 2 * known > filled:
            return False
    return True


def look_through(home: OpenHome, file: Path, wishes: MatrixWishes, tell: Progress) -> MatrixLooked:
    """Return what taking a matrix in would do; nothing is written.

    Raises:
        UserError: It cannot be read, or is no matrix.
    """
    with opened_to_read(file) as opened, collector_paused():
        matrix = read_matrix(opened)
    plan = preview_matrix(home, matrix, wishes, tell=tell)
    names = Names(home.store)
    choices = _choices(home.store, names)
    return MatrixLooked(plan, _lines(plan, choices), choices)


def _choices(store: Store, names: Names) -> Choices:
    def listed(type_name: str) -> tuple[tuple[int, str], ...]:
        found = [
            (record.id or 0, names.of(record))
            for record in query.every(store, query.Query(type_name))
            if not record.struck_reason
        ]
        return tuple(sorted(found, key=lambda one: one[1].casefold()))

    items = store.vocabularies.items(spec_of(Staff).by_name["job_role"])
    roles = tuple((item.value, item.label) for item in items if not item.retired)
    return Choices(listed("staff"), listed("course"), roles)


def _lines(plan: MatrixPlan, choices: Choices) -> dict[What, list[Line]]:
    staff, courses = dict(choices.staff), dict(choices.courses)
    staff |= {key: f"{one.name} (new)" for key, one in plan.new_staff.items()}
    courses |= {key: one.name or "" for key, one in plan.new_courses.items()}
    by_person: dict[int, list[TrainingRecord]] = {}
    for record in plan.births:
        by_person.setdefault(record.staff or 0, []).append(record)
    return {
        What.REJECTED: [
            Line(What.REJECTED, ", ".join(one.cells), " ".join(one.problems), one.row)
            for one in plan.rejected
        ],
        What.NOTED: [Line(What.NOTED, one.about, one.text, one.row) for one in plan.notes],
        What.NEW: [
            Line(What.NEW, staff.get(who, all_specs()["staff"].label), _days(records, courses))
            for who, records in by_person.items()
        ],
    }


def _days(records: Sequence[TrainingRecord], courses: Mapping[int, str]) -> str:
    told = []
    for record in records[:_MOST_DAYS]:
        day = "" if record.completed is None else times.show_plain_date(record.completed)
        told.append(f"{courses.get(record.course or 0, '')} {day}")
    more = f" and {len(records) - _MOST_DAYS:,} more" if len(records) > _MOST_DAYS else ""
    return f"{', '.join(told)}{more}"


def bring_in(home: OpenHome, plan: MatrixPlan, file: Path, tell: Progress) -> MatrixBrought:
    """Do what a plan says.

    If something was written meanwhile it is worked out anew, and done if that comes to the same.

    Raises:
        Stopped: Somebody stopped it; nothing was written.
        UserError: The disk or another program prevented it; nothing was written.
    """
    reason = f"Brought in: {file.name}"[:200]
    beside = file.absolute()
    try:
        try:
            done = carry_out_matrix(home, plan, beside, reason, tell=tell)
        except Outdated:
            again = look_through(home, file, plan.wishes, tell).plan
            if (again.births, again.rejected, again.notes) != (
                plan.births, plan.rejected, plan.notes,
            ):  # fmt: skip
                return MatrixBrought(None)
            done = carry_out_matrix(home, again, beside, reason, tell=tell)
    except Cancelled:
        raise Stopped("It was stopped.", kept="Nothing of the matrix was brought in.") from None
    changes = () if done.batch is None else tuple(batch_changes(home.store, done.batch))
    return MatrixBrought(done.plan, changes, done.rejects)
