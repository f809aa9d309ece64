"""Rules about recurring rounds, named so that a declaration reads as a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from liaison.records.fields import Around, Problem, Record, spec_of
from liaison.records.rules.rounds import start_problem


def starts_by_the_clock(record: Record, _around: Around) -> Iterator[Problem]:
    """Refuse a recurring round that begins at a time no clock shows."""
    start = getattr(record, "start_time")  # noqa: B009  # rules see records by field name only
    if start and (problem := start_problem(start)):
        label = spec_of(record).by_name["start_time"].label
        yield Problem("start_time", f"{label}: {problem}")
