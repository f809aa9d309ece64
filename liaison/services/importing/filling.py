"""Rows made into records: new ones and changed ones, checked one by one."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from liaison.records import Kind, Record, RecordSpec
from liaison.services import editing
from liaison.services.importing.cells import Draft
from liaison.services.importing.matching import Matcher
from liaison.services.importing.slots import Slot, is_unborn, place_of
from liaison.services.importing.telling import CHECKING, Tell, in_steps, untold

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded


@dataclasses.dataclass(frozen=True, slots=True)
class Birth:
    """A new record; what it refers to in the same file has no id yet either."""

    reference: int
    record: Record


@dataclasses.dataclass(frozen=True, slots=True)
class Correction:
    """A record that is there and what it becomes."""

    loaded: Loaded
    record: Record


@dataclasses.dataclass(eq=False, slots=True)
class Filled:
    """What becomes of the rows that can come in, and the records they make or change."""

    new: list[Draft] = dataclasses.field(default_factory=list)
    changed: list[Draft] = dataclasses.field(default_factory=list)
    same: list[Draft] = dataclasses.field(default_factory=list)
    births: tuple[Birth, ...] = ()
    corrections: tuple[Correction, ...] = ()


class Filling:
    """Makes records of rows, in the order of the file, with the same checks as by hand.

    Args:
        home: The home.
        spec: What the rows are.
        matcher: Knows which record each row is about.
        drafts: The rows.
        tell: Told from time to time how far it is.
    """

    def __init__(  # the parts of one work, in its order
        self,
        home: OpenHome,
        spec: RecordSpec,
        matcher: Matcher,
        drafts: Sequence[Draft],
        tell: Tell = untold,
    ) -> None:
        self._tell = tell
        self._home = home
        self._spec = spec
        self._matcher = matcher
        self._drafts = [draft for draft in drafts if id(draft) in matcher.found]
        self._seen: dict[tuple[str, int], Record | None] = {}

    def filled(self) -> Filled:
        """Return what becomes of the rows; those that cannot come in have their problems noted."""
        while True:
            done = self._fill()
            if not self._reject_what_refers_to_nothing():
                break
            # what had been made of them must not stay in other rows' records
            for slot in self._matcher.slots:
                slot.record = None
        return self._sorted_out(done)

    def _fill(self) -> list[tuple[Draft, Slot, bool]]:
        """Apply each row to its record; return the rows with whether they changed anything."""
        done: list[tuple[Draft, Slot, bool]] = []
        for draft in in_steps(self._drafts, self._tell, CHECKING):
            if draft.problems:
                continue
            known = self._matcher.found[id(draft)]
            slot = known.slot
            base = slot.record or slot.stored
            if base is None:
                assert self._spec.cls is not None  # noqa: S101  # only records are imported
                self._apply(draft, slot, self._spec.cls(**draft.values))  # type: ignore[arg-type]  # by name
                changed = True
            else:
                changes = self._changes(draft, base, known.seen_as)
                changed = bool(changes)
                if changed:
                    self._apply(draft, slot, dataclasses.replace(base, **changes))
            if not draft.problems:
                done.append((draft, slot, changed))
        return done

    def _changes(self, draft: Draft, base: Record, seen_as: Record | None) -> dict[str, Any]:
        """Return what a row says otherwise; of a merged duplicate, otherwise than that did."""
        changes: dict[str, Any] = {}
        for name, value in draft.values.items():
            field = self._spec.by_name[name]
            if draft.take is not None and name not in draft.take:
                continue
            if self._matcher.same(field, getattr(base, name), value):
                continue
            if seen_as is not None and self._matcher.same(field, getattr(seen_as, name), value):
                continue
            changes[name] = value
        return changes

    def _apply(self, draft: Draft, slot: Slot, record: Record) -> None:
        problems = editing.problems_of(self._home, record, slot.stored, find=self._find)
        if any(problem.blocks for problem in problems):
            draft.problems += [problem.message for problem in problems if problem.blocks]
            return
        slot.record = record
        draft.notes += [problem.message for problem in problems if problem.field in draft.values]

    def _find(self, type_name: str, identity: int) -> Record | None:
        """Find a record in the home, or among those that the file makes."""
        if is_unborn(identity):
            slot = self._matcher.slots[place_of(identity)]
            assert self._spec.cls is not None  # noqa: S101  # only records are imported
            return slot.record or self._spec.cls()
        key = type_name, identity
        if key not in self._seen:
            self._seen[key] = self._home.store.get(type_name, identity)
        return self._seen[key]

    def _reject_what_refers_to_nothing(self) -> bool:
        """Reject rows that refer to a row that cannot come in; return whether there were any."""
        missing = {slot.reference for slot in self._matcher.slots if _is_lost(slot)}
        own = [
            field
            for field in self._spec.fields
            if field.kind is Kind.REF and field.target == self._spec.name
        ]
        found = False
        for draft in self._drafts:
            for field in own if missing and not draft.problems else ():
                value = draft.values.get(field.name)
                if missing.intersection(value if isinstance(value, tuple) else (value,)):
                    draft.problems.append(
                        f"{field.label}: the row of this file that it names cannot come in itself."
                    )
                    found = True
        return found

    def _sorted_out(self, done: Sequence[tuple[Draft, Slot, bool]]) -> Filled:
        result = Filled()
        corrections: dict[Slot, Correction] = {}
        for slot in self._matcher.slots:
            if slot.stored is not None and slot.record is not None and self._differs(slot):
                loaded = self._home.store.load(self._spec.name, slot.stored.id or 0)
                assert loaded is not None  # noqa: S101  # it was read a moment ago
                corrections[slot] = Correction(loaded, slot.record)
        born: set[int] = set()
        for draft, slot, changed in done:
            if slot.stored is None and slot.number not in born:
                born.add(slot.number)
                result.new.append(draft)
            elif changed and (slot.stored is None or slot in corrections):
                result.changed.append(draft)
            else:
                result.same.append(draft)
        result.births = tuple(
            Birth(slot.reference, slot.record)
            for slot in self._matcher.slots
            if slot.stored is None and slot.record is not None
        )
        result.corrections = tuple(corrections.values())
        return result

    def _differs(self, slot: Slot) -> bool:
        """Return whether a record ends otherwise than it stands; two rows may cancel out."""
        stored, record = slot.stored, slot.record
        return any(
            not self._matcher.same(field, getattr(stored, field.name), getattr(record, field.name))
            for field in self._spec.fields
        )


def _is_lost(slot: Slot) -> bool:
    return slot.stored is None and slot.record is None
