"""Saving from the window: what was written, what to take back, and what others did meanwhile.

Everything here takes an open home and gives frozen values, so it runs in a write job.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from liaison.records import Problem, Record, spec_of
from liaison.services import editing
from liaison.services.references import Names
from liaison.store import history as log

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded


@dataclasses.dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save.

    Args:
        type: The record's type.
        id: The record.
        title: The words that name it now.
        changes: The stamps of the changes written, to take them back; none if nothing differed.
        warnings: What is unusual about it, though it was saved.
        both: The labels of fields that somebody else changed as well since the form was opened:
            both values are kept, to be settled.
        theirs: The labels of fields that only somebody else changed; theirs stand.
        loaded: The record as it stands now, to go on from.
    """

    type: str
    id: int
    title: str
    changes: tuple[int, ...]
    warnings: tuple[Problem, ...] = ()
    both: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    loaded: Loaded | None = None


def add(home: OpenHome, record: Record) -> Saved:
    """Add a record; see :func:`liaison.services.editing.add`."""
    identity, warnings = editing.add(home, record)
    return _saved(home, spec_of(record).name, identity, frozenset(), tuple(warnings))


def save(home: OpenHome, loaded: Loaded, record: Record, reason: str = "") -> Saved:
    """Save what somebody changed in a record since it was loaded, and nothing else.

    Args:
        home: The home.
        loaded: The record as the form showed it, with its versions.
        record: The record as the form has it now.
        reason: Why, in their words.
    """
    return save_by(home, loaded, record, lambda: editing.save(home, loaded, record, reason)[1])


def save_by(
    home: OpenHome, loaded: Loaded, record: Record, work: Callable[[], Iterable[Problem]]
) -> Saved:
    """Save a record in its service's own way.

    Args:
        home: The home.
        loaded: The record as the form showed it, with its versions.
        record: The record as the form has it now.
        work: Saves it; returns what is unusual.
    """
    type_name = spec_of(record).name
    known = _changes(home, type_name, loaded.id)
    both, theirs = _meanwhile(home, loaded, record)
    warnings = tuple(work())
    saved = _saved(home, type_name, loaded.id, known, warnings)
    return dataclasses.replace(saved, both=both, theirs=theirs)


def added(home: OpenHome, type_name: str, identity: int, warnings: Iterable[Problem]) -> Saved:
    """Tell of a record that its service has just added."""
    return _saved(home, type_name, identity, frozenset(), tuple(warnings))


def act(
    home: OpenHome, type_name: str, identity: int, work: Callable[[OpenHome, Record], Record]
) -> Saved:
    """Do something else to a record: archive it, strike it through, merge or move it.

    Args:
        home: The home.
        type_name: The record's type.
        identity: The record.
        work: Does it to the record as it is now; returns the record to show afterwards.
    """
    record = home.store.get(type_name, identity)
    assert record is not None  # noqa: S101  # what was shown is never deleted
    known = _changes(home, type_name, identity)
    after = work(home, record)
    saved = _saved(home, type_name, identity, known, ())
    if after.id is None or after.id == identity:
        return saved
    return dataclasses.replace(saved, id=after.id, title=Names(home.store).of(after))


def _saved(
    home: OpenHome,
    type_name: str,
    identity: int,
    known: frozenset[int],
    warnings: tuple[Problem, ...],
) -> Saved:
    new = _changes(home, type_name, identity) - known
    title = Names(home.store).by_id(type_name, identity)
    loaded = home.store.load(type_name, identity)
    return Saved(type_name, identity, title, tuple(sorted(new)), warnings, loaded=loaded)


def _changes(home: OpenHome, type_name: str, identity: int) -> frozenset[int]:
    return frozenset(entry.id for entry in log.history(home.store, type_name, identity))


def _meanwhile(
    home: OpenHome, loaded: Loaded, record: Record
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the labels of the fields that somebody else changed too, and alone, meanwhile."""
    spec = spec_of(record)
    stands = home.store.load(spec.name, loaded.id)
    assert stands is not None  # noqa: S101  # what was loaded is never deleted
    both: list[str] = []
    theirs: list[str] = []
    for field in spec.columns:
        if stands.versions.get(field.name) == loaded.versions.get(field.name):
            continue
        was, here, there = (
            getattr(one, field.name) for one in (loaded.record, record, stands.record)
        )
        if here == there:
            continue
        (theirs if here == was else both).append(field.label)
    return tuple(both), tuple(theirs)


def settle(  # noqa: PLR0917  # what a settled difference says
    home: OpenHome,
    type_name: str,
    identity: int,
    field: str,
    value: object,
    heads: tuple[int, ...],
) -> tuple[int, ...]:
    """Let one value of a field stand for all that PCs wrote without knowing of each other.

    Args:
        home: The home.
        type_name: The record's type.
        identity: The record.
        field: The field.
        value: The value that is right.
        heads: The versions that were shown; one that came meanwhile is settled another time.

    Returns:
        The stamps of what was written, to take it back.

    Raises:
        UserError: The value has problems.
    """
    known = _changes(home, type_name, identity)
    editing.settle(home, type_name, identity, field, value, heads)
    return tuple(sorted(_changes(home, type_name, identity) - known))
