"""Rules across the fields of sessions, places on them, competencies and supervisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from liaison.records.fields import Around, Problem, Record, Rule, spec_of
from liaison.records.rules import times

_HAPPENED = "happened"
_CAME = frozenset({"attended", "did not attend"})


def happened_has_been(record: Record, around: Around) -> Iterator[Problem]:
    """Refuse a session that took place before its day has come."""
    at, status = getattr(record, "at", None), getattr(record, "status", None)
    if at is None or around.today is None or status != _HAPPENED:
        return
    if times.in_london(at).date() > around.today:
        label = spec_of(record).by_name["status"].label
        yield Problem("status", f"{label}: it is on {times.show_time(at)}, which has not come yet.")


def place_is_theirs(record: Record, around: Around) -> Iterator[Problem]:
    """Refuse a place on a session for somebody who had left by then, or coming before its day."""
    session = _found(record, around, "session")
    at = None if session is None else getattr(session, "at", None)
    if at is None:
        return
    day = times.in_london(at).date()
    yield from _left(record, around, day)
    if getattr(record, "status", None) in _CAME and around.today is not None and day > around.today:
        label = spec_of(record).by_name["status"].label
        yield Problem(
            "status", f"{label}: the session is on {times.show_date(day)}, which has not come yet."
        )


def worked_here(field: str) -> Rule:
    """Refuse a day on which the member of staff had left.

    Args:
        field: The day it happened; what happened before they left stays right.
    """

    def rule(record: Record, around: Around) -> Iterable[Problem]:
        day = getattr(record, field)
        return () if day is None else _left(record, around, day, field)

    return rule


def _left(
    record: Record, around: Around, day: dt.date, field: str = "staff"
) -> tuple[Problem, ...]:
    who = _found(record, around, "staff")
    left = None if who is None else getattr(who, "left_on", None)
    if who is None or left is None or day <= left:
        return ()
    name = getattr(who, "name", None) or "They"
    label = spec_of(who).by_name["left_on"].label
    said = (
        f"{name} left on {times.show_date(left)}, before this. If they work here again, clear "
        f"“{label}” in their record first."
    )
    return (Problem(field, said),)


def nobody_assesses_themselves(record: Record, around: Around) -> Iterator[Problem]:
    """Refuse a skill that somebody signed off for themselves; warn where nobody is named."""
    by_name = spec_of(record).by_name
    staff, by = getattr(record, "staff", None), getattr(record, "assessor_staff", None)
    if by is not None and staff is not None and _stands(around, by) == _stands(around, staff):
        label = by_name["assessor_staff"].label
        yield Problem("assessor_staff", f"{label}: nobody signs off their own skill.")
    elif by is None and getattr(record, "assessor_contact", None) is None:
        label = by_name["assessor_contact"].label
        yield Problem(
            "assessor_contact", f"{label}: nobody is named who judged this.", blocks=False
        )


def planned_or_held(record: Record, _around: Around) -> Iterator[Problem]:
    """Refuse a supervision of which no day at all is known."""
    by_name = spec_of(record).by_name
    fields = ("planned", "done", "next_due")
    if all(getattr(record, field) is None for field in fields):
        labels = [by_name[field].label for field in fields]
        yield Problem("planned", f"Give a day: {labels[0]}, {labels[1]} or {labels[2]}.")


def _found(record: Record, around: Around, field: str) -> Record | None:
    identity = getattr(record, field, None)
    return (
        None if identity is None else around.find(spec_of(record).by_name[field].target, identity)
    )


def _stands(around: Around, staff: int) -> int:
    """Return who stands for a member of staff today, of duplicates too."""
    seen: set[int] = set()
    while staff not in seen:
        seen.add(staff)
        found = around.find("staff", staff)
        merged = None if found is None else found.merged_into
        if merged is None:
            break
        staff = merged
    return staff
