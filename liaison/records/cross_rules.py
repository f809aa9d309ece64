"""Rules across the fields of one record, named so that a declaration reads as a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from liaison.records.check import is_empty
from liaison.records.fields import Around, Problem, Record, Rule, spec_of
from liaison.records.rules.expiry import completed_problem
from liaison.records.rules.hours import hours_problem


def _label(record: Record, field: str) -> str:
    return spec_of(record).by_name[field].label


def dates_in_order(earlier: str, later: str) -> Rule:
    """Refuse a record whose ``later`` date or time lies before its ``earlier`` one."""

    def rule(record: Record, _around: Around) -> Iterator[Problem]:
        first, second = getattr(record, earlier), getattr(record, later)
        if first is None or second is None:
            return
        if isinstance(first, dt.datetime) and not isinstance(second, dt.datetime):
            first = first.date()
        if second < first:
            before, after = _label(record, later), _label(record, earlier)
            yield Problem(later, f"{before} lies before {after}.")

    return rule


def needs(field: str, other: str) -> Rule:
    """Refuse a record that has ``field`` but not ``other``."""

    def rule(record: Record, _around: Around) -> Iterator[Problem]:
        if not is_empty(getattr(record, field)) and is_empty(getattr(record, other)):
            yield Problem(other, f"{_label(record, field)} needs {_label(record, other)} too.")

    return rule


def outcome_before_done(done: str, outcome: str) -> Rule:
    """Refuse to close anything without an outcome (need N8: nothing falls through)."""

    def rule(record: Record, _around: Around) -> Iterator[Problem]:
        if getattr(record, done) is not None and is_empty(getattr(record, outcome)):
            yield Problem(
                outcome, f"{_label(record, outcome)} is missing: nothing is closed without one."
            )

    return rule


def completed_by_today(field: str) -> Rule:
    """Refuse a completion that lies in the future (domain rule 1)."""

    def rule(record: Record, around: Around) -> Iterator[Problem]:
        completed = getattr(record, field)
        if completed is None or around.today is None:
            return
        if problem := completed_problem(completed, around.today):
            yield Problem(field, f"{_label(record, field)}: {problem}")

    return rule


def exactly_one_of(text: str, flag: str) -> Rule:
    """Refuse a record with both a text and a flag set, or with neither."""

    def rule(record: Record, _around: Around) -> Iterator[Problem]:
        has_text, has_flag = not is_empty(getattr(record, text)), bool(getattr(record, flag))
        if has_text == has_flag:
            what = f"{_label(record, text)} or {_label(record, flag)}"
            yield Problem(text, f"Give either {what}, not {'both' if has_text else 'neither'}.")

    return rule


def whole_number_between(field: str, lowest: int, highest: int) -> Rule:
    """Refuse a number outside a range, both ends allowed."""

    def rule(record: Record, _around: Around) -> Iterator[Problem]:
        value = getattr(record, field)
        if value is not None and not lowest <= value <= highest:
            label = _label(record, field)
            yield Problem(field, f"{label} must be from {lowest} to {highest}, not {value}.")

    return rule


def hours_make_sense(record: Record, _around: Around) -> Iterator[Problem]:
    """Refuse in-hours that no clock shows (domain rule 4)."""
    hours_from, hours_to = getattr(record, "hours_from", None), getattr(record, "hours_to", None)
    if hours_from and hours_to and (problem := hours_problem(hours_from, hours_to)):
        yield Problem("hours_from", f"{_label(record, 'hours_from')}: {problem}")


def found_once_it_happened(record: Record, around: Around) -> Iterator[Problem]:
    """Ask what was found and advised as soon as the visit has happened."""
    visit_id = getattr(record, "visit")  # noqa: B009  # rules see records by field name only
    visit = None if visit_id is None else around.find("visit", visit_id)
    happened = visit is not None and getattr(visit, "status", None) == "happened"
    if happened and is_empty(getattr(record, "found", None)):
        yield Problem(
            "found", f"{_label(record, 'found')} is missing: the visit has already happened."
        )
