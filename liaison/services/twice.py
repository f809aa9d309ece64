"""Training that is recorded already: the same person, course and day, through whatever door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.records import Problem, Record, spec_of
from liaison.records.training import TrainingRecord
from liaison.store import query

if TYPE_CHECKING:
    from liaison.store.store import Store


def recorded_twice(store: Store, record: Record) -> list[Problem]:
    """Say that a new training record is there already; nothing of other records.

    Args:
        store: The home.
        record: The record as it would be added.
    """
    if not isinstance(record, TrainingRecord):
        return []
    if record.staff is None or record.course is None or record.completed is None:
        return []
    same = query.equal(
        {"staff": record.staff, "course": record.course, "completed": record.completed}
    )
    found = query.every(store, query.Query(spec_of(record).name, same))
    if all(other.struck_reason for other in found):
        return []
    return [Problem("completed", "This training is recorded already.")]
