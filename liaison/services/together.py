"""Several records saved as one: all of them checked first, all problems told at once.

A visit, its notes and what follows from them are written on one form. They are saved together or
not at all, and somebody who forgot three things hears of three things.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from liaison.records import Kind, Problem, Record, ids, spec_of
from liaison.services import editing, permissions
from liaison.services.editing import Unfit

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded

# A real id is a stamp: the milliseconds since 1970 stand in its upper bits, so none is this small.
_MOST_NEW: Final = 1 << 20


@dataclasses.dataclass(frozen=True, slots=True)
class Saved:
    """What was saved together.

    Args:
        ids: The ids of the new records by part.
        warnings: What is unusual about any of it; the fields stand after their part.
        unit: The unit of work, whose changes (``history.batch_changes``) are taken back together.
    """

    ids: Mapping[str, int]
    warnings: tuple[Problem, ...]
    unit: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Part:
    name: str
    called: str
    record: Record
    provisional: int | None = None
    loaded: Loaded | None = None
    checked: bool = True


class Together:
    """Collects what is to be saved in one unit of work.

    Args:
        home: The home.
    """

    def __init__(self, home: OpenHome) -> None:
        self._home = home
        self._parts: list[_Part] = []

    def add(self, part: str, record: Record, called: str = "") -> int:
        """Add a new record.

        Args:
            part: What it is called in the fields of problems: ``visit``, ``entries.0``.
            record: The record; its id is ignored.
            called: What people call it, to stand before its problems; empty if that is plain.

        Returns:
            A provisional id for records added later to refer to it with.

        Raises:
            UserError: It is of a type that only the program adds, or not theirs to add.
        """
        editing.refuse_adding(self._home, spec_of(record).name)
        permissions.require_seeing(self._home, record)
        provisional = len(self._parts) + 1
        assert provisional < _MOST_NEW  # noqa: S101  # a form, not an import
        self._parts.append(_Part(part, called, record, provisional=provisional))
        return provisional

    def change(self, part: str, loaded: Loaded, record: Record, called: str = "") -> None:
        """Correct a record; only what is different since it was loaded is written.

        Args:
            part: As for :meth:`add`.
            loaded: The record as it was shown, with its versions.
            record: The record as it shall be.
            called: As for :meth:`add`.

        Raises:
            UserError: It is not corrected by hand, or not any more.
        """
        editing.refuse_change(self._home, loaded, record)
        self._parts.append(_Part(part, called, record, loaded=loaded))

    def strike(self, part: str, loaded: Loaded, reason: str) -> None:
        """Strike a record through.

        Args:
            part: As for :meth:`add`.
            loaded: The record as it was shown, with its versions.
            reason: Why, in their words.

        Raises:
            UserError: There is no reason, or the record is struck through already.
        """
        editing.refuse_change(self._home, loaded, loaded.record)
        permissions.require_striking(self._home, loaded.record)
        struck = dataclasses.replace(loaded.record, struck_reason=editing.reason_given(reason))
        # what was wrong with it is no reason to keep it standing
        self._parts.append(_Part(part, "", struck, loaded=loaded, checked=False))

    def problems(self) -> list[Problem]:
        """Return everything wrong with any part, blocking problems first.

        The field of a problem stands after its part: ``entries.0.found``.
        """
        found = [
            dataclasses.replace(
                problem,
                field=f"{part.name}.{problem.field}",
                message=f"{part.called}: {problem.message}" if part.called else problem.message,
            )
            for part in self._parts
            if part.checked
            for problem in editing.problems_of(
                self._home,
                part.record,
                None if part.loaded is None else part.loaded.record,
                find=self._find,
            )
        ]
        return sorted(found, key=lambda problem: not problem.blocks)

    def _find(self, type_name: str, identity: int) -> Record | None:
        """Find a record as it will be once everything is saved."""
        for part in self._parts:
            known = part.provisional if part.loaded is None else part.loaded.id
            if known == identity and spec_of(part.record).name == type_name:
                return part.record
        return self._home.store.get(type_name, identity)

    def save(self, reason: str = "", *, also: tuple[Problem, ...] = ()) -> Saved:
        """Save everything, in one unit of work.

        Args:
            reason: Why, in their words.
            also: Problems the caller found, to be told with the others.

        Returns:
            The ids of the new records, and what is unusual.

        Raises:
            Unfit: Any part has problems; nothing is saved.
        """
        problems = [*also, *self.problems()]
        if blocking := [problem for problem in problems if problem.blocks]:
            raise Unfit(blocking)
        became: dict[int, int] = {}
        made: dict[str, int] = {}
        with self._home.unit(reason) as unit:
            for part in self._parts:
                record = _settled(part.record, became)
                if part.loaded is not None:
                    unit.save(part.loaded, record)
                    continue
                assert part.provisional is not None  # noqa: S101  # a new one
                made[part.name] = became[part.provisional] = unit.add(record)
            written = unit.id
        return Saved(made, tuple(problems), written)


def _settled(record: Record, became: Mapping[int, int]) -> Record:
    """Return a record that refers by provisional ids as it refers by real ones."""
    spec = spec_of(record)
    words = {ids.to_text(provisional): ids.to_text(real) for provisional, real in became.items()}
    changed: dict[str, object] = {}
    for field in spec.fields:
        value = getattr(record, field.name)
        if field.kind is Kind.REF and field.many:
            changed[field.name] = tuple(became.get(element, element) for element in value)
        elif field.kind is Kind.REF and value in became:
            changed[field.name] = became[value]
        elif value in words and f"{field.name.removesuffix('_id')}_type" in spec.by_name:
            changed[field.name] = words[value]
    return dataclasses.replace(record, **changed)  # type: ignore[arg-type]  # by name
