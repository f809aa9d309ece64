"""How much each section of a pack holds, in the few words the contents have for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from liaison.reports.kit.wording import counted


def note(name: str, facts: Any) -> str:
    """Return how much a section holds: "480 visits, 706 entries".

    Args:
        name: The report's permanent name.
        facts: Its facts.

    Returns:
        The words; empty for a report nothing is counted of.
    """
    words = _NOTES.get(name)
    return "" if words is None else words(facts)


def _visits(facts: Any) -> str:
    happened = [visit for visit in facts.visits if visit.counts]
    entries = sum(not entry.struck for visit in happened for entry in visit.entries)
    said = f"{counted(len(happened), 'visit')}, {counted(entries, 'entry', 'entries')}"
    return f"{said}; {len(facts.listed):,} visits listed" if facts.extract else said


def _loops(facts: Any) -> str:
    return f"{len(facts.rows):,} open"


def _matrix(facts: Any) -> str:
    courses = counted(len(facts.matrix.columns), "course")
    return f"{len(facts.matrix.rows):,} staff, {courses}"


def _gaps(facts: Any) -> str:
    return f"{len(facts.lacks):,} missing or soon to run out"


def _unmet(facts: Any) -> str:
    tries = sum(tally.tries for tally in facts.tallies)
    missed = sum(tally.missed for tally in facts.tallies)
    return f"{missed:,} of {counted(tries, 'attempt')} unmet"


def _activity(facts: Any) -> str:
    visits = sum((*facts.planned, *facts.ad_hoc, *facts.urgent))
    return f"{counted(visits, 'visit')} in figures"


_NOTES: Final[Mapping[str, Callable[[Any], str]]] = {
    "visits": _visits,
    "open-loops": _loops,
    "training-matrix": _matrix,
    "gap-plan": _gaps,
    "lineage": lambda facts: counted(len(facts.courses), "course"),
    "referral-waits": lambda facts: counted(len(facts.rows), "referral"),
    "transfers": lambda facts: counted(len(facts.rows), "transfer"),
    "unmet-contacts": _unmet,
    "directory": lambda facts: counted(
        sum(len(group.entries) for group in facts.groups), "entry", "entries"
    ),
    "activity": _activity,
    "at-a-glance": lambda facts: counted(sum(len(area.rows) for area in facts.areas), "question"),
    "evidence": lambda facts: counted(sum(len(group.rows) for group in facts.groups), "tag"),
    "scorecard": lambda facts: counted(len(facts.partners), "partner"),
    "audit-summary": lambda facts: counted(sum(doer.saves for doer in facts.doers), "change"),
}
