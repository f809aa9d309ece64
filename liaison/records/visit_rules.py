"""What cannot be so of a visit: seen in the future, seen after they left, done before it began.

Each problem names the field it stands beside and the dates it is about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from liaison.records import ids
from liaison.records.fields import Around, Problem, Record, spec_of
from liaison.records.rules import times

HAPPENED: Final = "happened"
PLANNED: Final = "planned"
COUNTS: Final = frozenset({HAPPENED, PLANNED})
"""What became of a visit at which somebody is, or will be, seen."""

GRACE: Final = dt.timedelta(minutes=5)
"""Two clocks of one home differ by so much without anybody noticing."""

_FROM_AFAR: Final = frozenset({"phone", "video"})
_CLOSED: Final = "closed"


def _label(record: Record, field: str) -> str:
    return spec_of(record).by_name[field].label


def _value(record: Record | None, field: str) -> object:
    return None if record is None else getattr(record, field, None)


def happened_by_now(record: Record, around: Around) -> Iterator[Problem]:
    """Refuse a visit that is said to have happened at a moment that is still to come."""
    at = _value(record, "at")
    if _value(record, "status") != HAPPENED or not isinstance(at, dt.datetime):
        return
    if around.now is not None:
        ahead = at > around.now + GRACE
    else:
        ahead = around.today is not None and times.in_london(at).date() > around.today
    if ahead:
        yield Problem(
            "at",
            f"{_label(record, 'at')}: {times.show_time(at)} has not come yet, so this visit "
            "cannot have happened. Correct the time, or keep it as a planned visit.",
        )


def asked_for_before(record: Record, _around: Around) -> Iterator[Problem]:
    """Refuse a visit that was asked for after it had begun."""
    asked, at = _value(record, "requested_at"), _value(record, "at")
    if isinstance(asked, dt.datetime) and isinstance(at, dt.datetime) and asked > at:
        yield Problem(
            "requested_at",
            f"{_label(record, 'requested_at')}: {times.show_time(asked)} is after the visit began "
            f"({times.show_time(at)}).",
        )


def organisation_is_open(record: Record, around: Around) -> Iterator[Problem]:
    """Warn of a visit from an organisation that the directory says is closed."""
    identity = _value(record, "organisation")
    found = around.find("organisation", identity) if isinstance(identity, int) else None
    if _value(found, "status") == _CLOSED and _value(record, "status") in COUNTS:
        yield Problem("organisation", closed_words(str(_value(found, "name") or "")), blocks=False)


def closed_words(name: str) -> str:
    """Return what is said of an organisation that is closed.

    Args:
        name: Its name.
    """
    return f"{name} is closed, as the directory has it. Check who really came."


def lived_here(record: Record, around: Around) -> Iterator[Problem]:
    """Refuse a note about a resident who had left before the visit.

    Somebody may still ring about them, so of a call it is only said.
    """
    visit_id, resident_id = _value(record, "visit"), _value(record, "resident")
    if not isinstance(visit_id, int) or not isinstance(resident_id, int):
        return
    visit, resident = around.find("visit", visit_id), around.find("resident", resident_id)
    at, left = _value(visit, "at"), _value(resident, "left_on")
    if not isinstance(at, dt.datetime) or not isinstance(left, dt.date):
        return
    day = times.in_london(at).date()
    if _value(visit, "status") in COUNTS and left < day:
        yield Problem(
            "resident",
            f"{_value(resident, 'name')} left on {times.show_date(left)}, before this visit on "
            f"{times.show_date(day)}. Correct the day of the visit, the resident, or the day they "
            "left.",
            blocks=_value(visit, "kind") not in _FROM_AFAR,
        )


def due_after_visit(record: Record, around: Around) -> Iterator[Problem]:
    """Refuse a follow-up that is to be done before the visit it comes from.

    One that is done already says nothing of it: an outcome must always be possible to record.
    """
    due = _value(record, "due")
    if not isinstance(due, dt.date) or _value(record, "done_at") is not None:
        return
    at = _value(_visit_behind(record, around), "at")
    if isinstance(at, dt.datetime) and due < (day := times.in_london(at).date()):
        yield Problem(
            "due",
            f"{_label(record, 'due')}: {times.show_date(due)} lies before the visit on "
            f"{times.show_date(day)}.",
        )


def _visit_behind(record: Record, around: Around) -> Record | None:
    """Return the visit an action came from, itself or through one of its notes."""
    kind, text = _value(record, "source_type"), _value(record, "source_id")
    if kind not in {"visit", "visit_entry"} or not isinstance(text, str):
        return None
    try:
        source = around.find(str(kind), ids.from_text(text))
    except ValueError:
        return None
    if kind == "visit":
        return source
    visit = _value(source, "visit")
    return around.find("visit", visit) if isinstance(visit, int) else None
