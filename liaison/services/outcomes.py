"""Closing what is open with what came of it: nothing is closed without an outcome (domain need N8)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Record, all_specs
from liaison.records.casework import Action, Concern, Referral
from liaison.records.check import is_empty
from liaison.records.rules import times
from liaison.services import editing

if TYPE_CHECKING:
    from liaison.records import Problem
    from liaison.services.homes import OpenHome

CLOSED_WITH: Final = frozenset({"action", "concern", "referral"})
"""The types of record that wait for an outcome."""


def record_outcome(home: OpenHome, type_name: str, identity: int, words: str) -> list[Problem]:
    """Say what came of something, which is done with that.

    Args:
        home: The home.
        type_name: One of :data:`CLOSED_WITH`.
        identity: The record.
        words: What came of it.

    Returns:
        What is unusual about it.

    Raises:
        UserError: There are no words, it is closed already, or it cannot be saved.
    """
    loaded = home.store.load(type_name, identity)
    label = all_specs()[type_name].label.lower()
    if loaded is None or is_closed(loaded.record):
        raise UserError(
            f"This {label} has an outcome already.",
            kept="Nothing was changed.",
            do="Open it to see what was recorded.",
            code="nothing-to-do",
        )
    if is_empty(words):
        raise UserError(
            "The outcome is missing.",
            kept="Nothing was changed.",
            do="Say in a few words what came of it.",
            code="no-outcome",
        )
    now = home.store.clock()
    changed: Record
    match loaded.record:
        case Action():
            changed = dataclasses.replace(loaded.record, outcome=words, done_at=now)
        case Concern():
            changed = dataclasses.replace(loaded.record, outcome=words, closed_at=now)
        case Referral():
            today = times.in_london(now).date()
            changed = dataclasses.replace(loaded.record, outcome=words, closed_on=today)
        case _:
            raise TypeError(f"a {label} has no outcome")
    return editing.save(home, loaded, changed)[1]


def is_closed(record: Record) -> bool:
    """Return whether something that waits for an outcome has one, or does not count any more."""
    closed = getattr(record, "done_at", None) or getattr(record, "closed_at", None)
    return bool(closed or getattr(record, "closed_on", None) or not record.lives)
