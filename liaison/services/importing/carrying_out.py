"""An import done: all of it in one transaction and one batch, or nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liaison.exchange.sheets import Sheet
from liaison.records import Kind, Record, all_specs, spec_of
from liaison.security.roles import Action
from liaison.services.importing.planning import Plan, Wishes, preview
from liaison.services.importing.posts import settled
from liaison.services.importing.rejects import Rejects, rejects_bytes
from liaison.services.importing.slots import is_unborn
from liaison.services.importing.telling import WRITING, Tell, in_steps, untold
from liaison.services.importing.whole import looked_through_again, take_in_whole
from liaison.store.rows import Loaded

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.unit import UnitOfWork


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did.

    Args:
        plan: What was planned, and done.
        batch: What ``undo`` takes back; None if there was nothing to write.
        rejects: The file of the rows that could not come in, if there are any.
    """

    plan: Plan
    batch: int | None = None
    rejects: Path | None = None


def carry_out(
    home: OpenHome, plan: Plan, beside: Path, reason: str = "", *, tell: Tell = untold
) -> Outcome:
    """Do what a plan says.

    Args:
        home: The home.
        plan: From :func:`preview`.
        beside: The file the rows came from; the rejected ones are kept beside it.
        reason: Why, for the history.
        tell: Told from time to time how far it is; if it raises, nothing is written.

    Raises:
        Outdated: The home has changed since the preview; nothing was written.
        UserError: The disk or another program prevented it; nothing was written.
    """
    home.require(Action.IMPORT)
    rejects = Rejects(beside, rejects_bytes(plan)) if plan.rejected else None
    batch, written = take_in_whole(
        home,
        (lambda unit: _write(unit, plan, tell)) if plan.writes else None,
        rejects,
        reason,
        stood_at=plan.position,
        what="list",
    )
    return Outcome(plan, batch, written)


def take_in(
    home: OpenHome,
    type_name: str,
    read: Callable[[], Sheet],
    wishes: Wishes,
    *,
    beside: Path,
    reason: str = "",
    tell: Tell = untold,
) -> Outcome:
    """Preview and carry out at once, again if another program writes meanwhile.

    Args:
        home: The home.
        type_name: What the rows are.
        read: Reads the file from its beginning.
        wishes: How to read it.
        beside: The file; the rejected rows are kept beside it.
        reason: Why, for the history.
        tell: As for both.
    """
    return looked_through_again(
        lambda: preview(home, type_name, read(), wishes, tell=tell),
        lambda plan: carry_out(home, plan, beside, reason, tell=tell),
    )


def _write(unit: UnitOfWork, plan: Plan, tell: Tell) -> None:
    born: dict[int, int] = {}
    unfinished: list[tuple[int, Record, Record]] = []
    places = {place.reference: unit.add(place.record) for place in plan.posts.places}
    for birth in in_steps(plan.births, tell, WRITING):
        # what it refers to may come later in the file, or refer back to it
        record = _settled(birth.record, born)
        identity = unit.add(record)
        born[birth.reference] = identity
        if _refers_to_unborn(birth.record):
            unfinished.append((identity, record, birth.record))
    for identity, added, wanted in unfinished:
        before = dataclasses.replace(added, id=identity)
        unit.save(Loaded(before), _settled(dataclasses.replace(wanted, id=identity), born))
    for correction in in_steps(plan.corrections, tell, WRITING):
        unit.save(correction.loaded, _settled(correction.record, born))
    for post in in_steps(plan.posts.births, tell, WRITING):
        unit.add(settled(post, born, places))


def _refers_to_unborn(record: Record) -> bool:
    return any(
        any(map(is_unborn, value)) if isinstance(value, tuple) else is_unborn(value)
        for value in _own_references(record).values()
    )


@cache
def _own_fields(type_name: str) -> tuple[str, ...]:
    """Return the fields of a type that refer to its own records."""
    return tuple(
        field.name
        for field in all_specs()[type_name].fields
        if field.kind is Kind.REF and field.target == type_name
    )


def _own_references(record: Record) -> Mapping[str, Any]:
    return {
        name: value
        for name in _own_fields(spec_of(record).name)
        if (value := getattr(record, name)) is not None and value != ()
    }


def _settled(record: Record, born: Mapping[int, int]) -> Record:
    """Return a record with the ids of what it refers to; without those that have none yet."""
    changes: dict[str, Any] = {}
    for name, value in _own_references(record).items():
        if isinstance(value, tuple):
            found = (born.get(one) if is_unborn(one) else one for one in value)
            changes[name] = tuple(one for one in found if one is not None)
        elif is_unborn(value):
            changes[name] = born.get(value)
    return dataclasses.replace(record, **changes) if changes else record
