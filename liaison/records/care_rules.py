"""Rules across the fields of referrals, transfers, appointments and loans (as cross_rules)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from liaison.records.fields import Around, Problem, Record, Rule, spec_of
from liaison.records.rules import times

_BOOKED = "booked"


def not_ahead(field: str, do: str = "") -> Rule:
    """Refuse a day that has not come yet.

    Args:
        field: The field.
        do: A sentence about what to do instead; may be empty.
    """

    def rule(record: Record, around: Around) -> Iterator[Problem]:
        value = getattr(record, field)
        if value is None or around.today is None:
            return
        day = _day(value)
        if day > around.today:
            label = spec_of(record).by_name[field].label
            words = f"{label}: {times.show_date(day)} lies in the future. {do}"
            yield Problem(field, words.strip())

    return rule


def resident_was_here(field: str) -> Rule:
    """Refuse something that would begin after its resident had left.

    Args:
        field: The day or time on which it begins.
    """

    def rule(record: Record, around: Around) -> Iterator[Problem]:
        value, resident = getattr(record, field), getattr(record, "resident", None)
        if value is None or resident is None or not _begins(record):
            return
        who = around.find("resident", resident)
        left = None if who is None else getattr(who, "left_on", None)
        if who is not None and left is not None and _day(value) > left:
            name = getattr(who, "name", None) or "The resident"
            label = spec_of(who).by_name["left_on"].label
            yield Problem(
                field,
                f"{name} left on {times.show_date(left)}, before this. If they live here again, "
                f"clear “{label}” in their record first.",
            )

    return rule


def place_is_open(field: str) -> Rule:
    """Warn of a place that has closed; an older record may go on naming it."""

    def rule(record: Record, around: Around) -> Iterator[Problem]:
        identity = getattr(record, field)
        place = None if identity is None else around.find("organisation", identity)
        status = getattr(place, "status", None)
        if place is not None and status in {"closed", "merged"} and _begins(record):
            name = getattr(place, "name", None) or spec_of(record).by_name[field].label
            was = "has closed" if status == "closed" else "was merged into another"
            yield Problem(field, f"{name} {was}: is there another place now?", blocks=False)

    return rule


def planned_if_ahead(record: Record, around: Around) -> Iterator[Problem]:
    """Refuse a transfer in the future that nobody planned."""
    at, planned = getattr(record, "at", None), getattr(record, "planned", None)
    if at is None or planned or around.today is None or _day(at) <= around.today:
        return
    by_name = spec_of(record).by_name
    yield Problem(
        "at",
        f"{by_name['at'].label}: {times.show_date(_day(at))} lies in the future. If it is to "
        f"happen then, say that it is planned (“{by_name['planned'].label}”).",
    )


def attended_has_been(record: Record, around: Around) -> Iterator[Problem]:
    """Refuse an appointment that was attended, or missed, before its day."""
    at, status = getattr(record, "at", None), getattr(record, "status", None)
    if at is None or around.today is None or status not in {"attended", "missed"}:
        return
    if _day(at) > around.today:
        label = spec_of(record).by_name["status"].label
        yield Problem(
            "status", f"{label}: it is on {times.show_date(_day(at))}, which has not come yet."
        )


def same_resident(field: str) -> Rule:
    """Refuse to follow from a record about somebody else, or from itself."""

    def rule(record: Record, around: Around) -> Iterator[Problem]:
        identity, spec = getattr(record, field), spec_of(record)
        if identity is None:
            return
        label = spec.by_name[field].label
        if identity == record.id:
            yield Problem(field, f"{label}: it cannot follow from itself.")
            return
        other = around.find(spec.name, identity)
        theirs = getattr(other, "resident", None)
        ours = getattr(record, "resident", None)
        if theirs is None or ours is None or _stands(around, theirs) == _stands(around, ours):
            return
        yield Problem(field, f"{label}: that one is about another resident.")

    return rule


def _stands(around: Around, resident: int) -> int:
    """Return the resident who stands for an id, which may be that of a duplicate."""
    seen = set[int]()
    while resident not in seen:
        seen.add(resident)
        into = getattr(around.find("resident", resident), "merged_into", None)
        resident = resident if into is None else into
    return resident


def _begins(record: Record) -> bool:
    """Return whether a record is still open: what is over may name what is not here any more."""
    status = getattr(record, "status", _BOOKED)
    over = getattr(record, "closed_on", None) or getattr(record, "returned_on", None)
    return status == _BOOKED and not over


def _day(value: dt.date | dt.datetime) -> dt.date:
    return times.in_london(value).date() if isinstance(value, dt.datetime) else value
