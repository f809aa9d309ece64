"""Closing what is open with what came of it: nothing is closed without an outcome (domain need N8)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Record, all_specs, spec_of
from liaison.records.casework import Action, AgendaLine, AgendaOutcome, Concern, Referral, Transfer
from liaison.records.check import is_empty
from liaison.records.rules import times
from liaison.services.together import Together
from liaison.store import history, query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.records import Problem
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "action": ("action", "outcome"),
    "concern": ("concern", "outcome"),
    "referral": ("referral", "outcome"),
    "transfer": ("transfer", "review"),
    "agenda_line": ("agenda_outcome", "outcome"),
}
"""By the type that waits, the type and the field in which what came of it is written."""
CLOSED_WITH: Final = frozenset(FIELDS)
"""The types of record that wait for an outcome."""


@dataclasses.dataclass(frozen=True, slots=True)
class Recorded:
    """An outcome that was recorded.

    Args:
        changes: The stamps of what was written, to take it back.
        problems: What is unusual about it.
    """

    changes: tuple[int, ...]
    problems: tuple[Problem, ...]


def label_of(type_name: str) -> str:
    """Return the label of the field in which the outcome of a type is written."""
    holder, field = FIELDS[type_name]
    return all_specs()[holder].by_name[field].label


def record_outcome(home: OpenHome, type_name: str, identity: int, words: str) -> list[Problem]:
    """Say what came of something, which is done with that; see :func:`record`.

    Returns:
        What is unusual about it.
    """
    return [*record(home, type_name, identity, words).problems]


def record(home: OpenHome, type_name: str, identity: int, words: str) -> Recorded:
    """Say what came of something, which is done with that; whoever signed in stands for it.

    Args:
        home: The home.
        type_name: One of :data:`CLOSED_WITH`.
        identity: The record.
        words: What came of it.

    Returns:
        What was written.

    Raises:
        UserError: There are no words, it is closed already, or it cannot be saved.
    """
    loaded = home.store.load(type_name, identity)
    label = all_specs()[type_name].label.lower()
    if loaded is None or is_closed(loaded.record) or _is_settled(home.store, loaded.record):
        raise UserError(
            f"This {label} has an outcome already.",
            kept="Nothing was changed.",
            do="Open it to see what was recorded.",
            code="nothing-to-do",
        )
    if is_empty(words):
        raise UserError(
            f"{_named(type_name)} is missing.",
            kept="Nothing was changed.",
            do="Say in a few words what came of it.",
            code="no-outcome",
        )
    now = home.store.clock()
    today = times.in_london(now).date()
    changed: Record
    match loaded.record:
        case Action():
            changed = dataclasses.replace(loaded.record, outcome=words, done_at=now)
        case Concern():
            changed = dataclasses.replace(loaded.record, outcome=words, closed_at=now)
        case Referral():
            # nobody asks after what is over
            changed = dataclasses.replace(
                loaded.record, outcome=words, closed_on=today, next_chase=None
            )
        case Transfer():
            changed = dataclasses.replace(loaded.record, review=words, reviewed_on=today)
        case AgendaLine():
            changed = AgendaOutcome(line=identity, outcome=words)
        case _:
            raise TypeError(f"a {label} has no outcome")
    together = Together(home)
    if changed.id is None:
        together.add(spec_of(changed).name, changed)
    else:
        together.change(type_name, loaded, changed)
    saved = together.save()
    return Recorded(tuple(history.batch_changes(home.store, saved.unit)), saved.warnings)


def is_closed(record: Record) -> bool:
    """Return whether something that waits for an outcome has one, or does not count any more."""
    closed = getattr(record, "done_at", None) or getattr(record, "closed_at", None)
    closed = closed or getattr(record, "reviewed_on", None)
    return bool(closed or getattr(record, "closed_on", None) or not record.lives)


def _is_settled(store: Store, record: Record) -> bool:
    """Return whether a line of a round has an outcome, which is an event beside it."""
    if not isinstance(record, AgendaLine):
        return False
    where = (Condition("line", record.id),)
    return any(
        not event.struck_reason and not is_empty(getattr(event, "outcome", None))
        for event in query.page(store, query.Query("agenda_outcome", where)).records
    )


def _named(type_name: str) -> str:
    label = label_of(type_name)
    return f"The {label[:1].lower()}{label[1:]}"
