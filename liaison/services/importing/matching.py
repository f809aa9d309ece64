"""Rows and records brought together: which row is which record, and which rows are one record."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from liaison.records import FieldSpec, Kind, Record, RecordSpec
from liaison.services.importing.cells import Draft
from liaison.services.importing.identity import (
    Key,
    Rule,
    compared,
    is_compared_by_likeness,
    is_known_by_all,
    rules_of,
    telling_number,
)
from liaison.services.importing.likeness import (
    ENOUGH,
    Traits,
    blocks,
    likeness,
    may_be_alike,
    traits,
)
from liaison.services.importing.same import MAY_BE, Same, Several, Suggestion
from liaison.services.importing.slots import Slot, is_unborn
from liaison.services.importing.telling import COMPARING, MATCHING, Tell, drain, in_steps, untold
from liaison.services.references import Names, described
from liaison.store import query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from liaison.store.store import Store

_MOST_ALIKE: Final = 3
_MOST_SHOWN: Final = 10
# Of one block, so that time grows with the rows and not with how many are called Smith.
_MOST_COMPARED: Final = 8
_PLACES: Final = frozenset({"organisation"})
Asked = tuple[int, Key]
"""The number of a rule, and what is looked up by it."""


@dataclasses.dataclass(eq=False, slots=True)
class _Compared:
    """A row as it is compared.

    Args:
        draft: The row.
        values: What it gives, as compared.
        keys: By what it may be known.
        look: What it may look like, and where it can meet that; None if nobody asks.
    """

    draft: Draft
    values: dict[str, object]
    keys: list[Asked] = dataclasses.field(default_factory=list)
    look: tuple[Traits, tuple[Hashable, ...]] | None = None


@dataclasses.dataclass(eq=False, slots=True)
class _Seen:
    """A record or row with which new rows are compared, and where it can meet them."""

    traits: Traits
    keys: tuple[Hashable, ...]
    values: dict[str, object]
    record: Record | None = None
    row: int | None = None
    given: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(eq=False, slots=True)
class Known:
    """A record as rows are compared with it.

    Args:
        slot: The record that stands for it.
        values: What it holds, as compared.
        seen_as: The duplicate that was merged into it, if that is what the row agrees with.
    """

    slot: Slot
    values: dict[str, object]
    seen_as: Record | None = None


class Matcher:
    """Finds the record that each row is about.

    Args:
        store: The home.
        spec: The record type.
        given: The fields that the file can give.
        drafts: The rows; only records that agree with one of them are remembered.
        same: What somebody said about rows.
        tell: Told from time to time how far it is.
    """

    def __init__(  # noqa: PLR0917  # the parts of one work
        self,
        store: Store,
        spec: RecordSpec,
        given: Sequence[str],
        drafts: Sequence[Draft],
        same: Iterable[Same] = (),
        tell: Tell = untold,
    ) -> None:
        self._store = store
        self._names = Names(store)
        self._spec = spec
        self._rules = rules_of(spec, given)
        self._number = telling_number(spec)
        self._by_likeness = is_compared_by_likeness(spec)
        self._by_key: dict[Asked, list[Known]] = defaultdict(list)
        self._archived: dict[Asked, list[dict[str, object]]] = defaultdict(list)
        self._alike: dict[Hashable, list[_Seen]] = defaultdict(list)
        self._same = {one.row: one for one in same}
        self._by_row: dict[int, Known] = {}
        self._slots: dict[int, Slot] = {}
        self._means: dict[tuple[str, int], int] = {}
        self.slots: list[Slot] = []
        """Every record that rows are about, in the order in which they came."""
        self.suggestions: list[Suggestion] = []
        """Of new rows what they may be the same as, the likeliest first."""
        self.several: list[Several] = []
        """The rows of which somebody must say which record they are about."""
        self._fields = self._compared_fields(given)
        self._tell = tell
        rows = [
            _Compared(draft, self._compared(draft.values))
            for draft in in_steps(drafts, tell, COMPARING)
        ]
        if is_known_by_all(spec):
            sound = [row.values for row in rows if not row.draft.problems]
            always = [name for name in given if all(name in values for values in sound)]
            self._rules = rules_of(spec, given, always)
        for row in in_steps(rows, tell, COMPARING):
            row.keys = self._keys(row.values)
            row.look = self._look(row.values) if self._by_likeness else None
        self._read_store(rows)
        self.found: dict[int, Known] = {}
        """Of each row without a problem the record it is about."""
        for row in in_steps(rows, tell, MATCHING):
            if not row.draft.problems and (known := self._find(row)) is not None:
                self.found[id(row.draft)] = known
                self._by_row.setdefault(row.draft.row.number, known)
        drain(rows)

    def let_go(self) -> None:
        """Let go of all that was compared; nothing is found any more."""
        drain(self.found, self._by_row, self._by_key, self._archived, self._alike, self._slots)
        drain(self.slots, self.suggestions, self.several)

    def _compared_fields(self, given: Sequence[str]) -> list[FieldSpec]:
        if is_known_by_all(self._spec):
            used = {name for rule in self._rules for name in rule.fields} | set(given)
        else:
            # also what makes two records look alike
            used = {name for rule in self._rules for name in rule.fields}
            used |= {name for rule in self._rules for name in (*rule.optional, *rule.unless)}
            used |= {"name", "phone", "mobile", "email", "postcode", "date_of_birth"}
        return [field for field in self._spec.fields if field.name in used]

    def _compared(self, values: dict[str, object] | Record) -> dict[str, object]:
        found: dict[str, object] = {}
        for field in self._fields:
            if isinstance(values, Record):
                value = getattr(values, field.name)
            elif field.name in values:
                value = values[field.name]
            else:
                continue
            if field.kind is Kind.REF:
                value = self._followed(field, value)
            if (form := compared(field, value)) is not None:
                found[field.name] = form
        return found

    def same(self, field: FieldSpec, one: object, other: object) -> bool:
        """Return whether two values of a field say the same."""
        if one == other:
            return True
        if field.kind is Kind.REF:
            one, other = self._followed(field, one), self._followed(field, other)
        if field.kind in {Kind.PHONE, Kind.REF} or field.many:
            return compared(field, one) == compared(field, other)
        return False

    def _followed(self, field: FieldSpec, value: object) -> object:
        """Return the ids that references mean today; duplicates lead to what they became."""
        if isinstance(value, tuple):
            return tuple(self._followed(field, one) for one in value)
        if not isinstance(value, int) or is_unborn(value):
            return value
        key = field.target, value
        if key not in self._means:
            record = self._store.follow(*key)
            self._means[key] = value if record is None else record.id or value
        return self._means[key]

    def _keys(self, values: dict[str, object]) -> list[Asked]:
        return [
            (number, key)
            for number, rule in enumerate(self._rules)
            if (key := rule.key(values)) is not None
        ]

    def _read_store(self, rows: Sequence[_Compared]) -> None:
        """Remember the records of the home that agree with a row in anything that is asked."""
        wanted = {key for row in rows for key in row.keys}
        alike_to = {key for row in rows if row.look is not None for key in row.look[1]}
        where = self._narrowed(rows)
        for record in query.every(self._store, query.Query(self._spec.name, where, archived=True)):
            if record.struck_reason:
                continue
            values = self._compared(record)
            keys = [key for key in self._keys(values) if key in wanted]
            stands = record
            if keys and record.merged_into is not None:
                stands = self._store.follow(self._spec.name, record.id or 0) or record
            if stands.archived:
                for key in keys:
                    self._archived[key].append(values)
                continue
            if keys:
                known = Known(
                    self._stored_slot(stands), values, None if stands is record else record
                )
                for key in keys:
                    self._by_key[key].append(known)
            if record.lives and alike_to:
                self._remember_look(_Seen(*self._look(values), values, record), alike_to)
        drain(alike_to, wanted)

    def _look(self, values: dict[str, object]) -> tuple[Traits, tuple[Hashable, ...]]:
        look = traits(values, is_place=self._spec.name in _PLACES)
        return look, blocks(look)

    def _remember_look(self, seen: _Seen, wanted: Container[Hashable] | None = None) -> None:
        for key in seen.keys:
            if wanted is None or key in wanted:
                block = self._alike[key]
                if len(block) < _MOST_COMPARED:
                    block.append(seen)

    def _narrowed(self, rows: Sequence[_Compared]) -> tuple[Condition, ...]:
        """Return what every record has that a row may be about, so that few of many are read."""
        if self._by_likeness:
            return ()
        for field in self._fields:
            always = all(field.name in rule.fields for rule in self._rules)
            if always and field.kind is Kind.REF and not field.many:
                given = {row.values[field.name] for row in rows if field.name in row.values}
                return (Condition(field.name, tuple(given), "in"),)
        return ()

    def _stored_slot(self, record: Record) -> Slot:
        identity = record.id or 0
        if identity not in self._slots:
            # it gets its place among the others with the first row that is about it
            self._slots[identity] = Slot(-1, record)
        return self._slots[identity]

    def _find(self, row: _Compared) -> Known | None:
        """Return the record a row is about; None, with a problem noted, if it may be several."""
        draft, values = row.draft, row.values
        if told := self._same.get(draft.row.number):
            return self._as_told(row, told)
        for key in row.keys:
            rule = self._rules[key[0]]
            fitting = [
                known for known in self._by_key.get(key, ()) if rule.fits(values, known.values)
            ]
            if not fitting:
                continue
            if len({id(known.slot) for known in fitting}) > 1 and not is_known_by_all(self._spec):
                draft.problems.append(self._several(draft, rule, fitting))
                return None
            # of a record and its duplicate, the record
            best = min(fitting, key=lambda known: known.seen_as is not None)
            self._count(best.slot)
            best.values.update(values)
            self._remember(best, self._keys(best.values))
            return best
        return self._new(row)

    def _as_told(self, row: _Compared, told: Same) -> Known | None:
        if told.new:
            return self._new(row)
        draft = row.draft
        draft.take = told.take
        slot: Slot | None = None
        if told.record is not None:
            stands = self._store.follow(self._spec.name, told.record)
            if stands is not None and stands.lives:
                slot = self._stored_slot(stands)
        elif told.other_row in self._by_row:
            slot = self._by_row[told.other_row].slot
        if slot is None:
            draft.problems.append("What this row was said to be the same as is not here any more.")
            return None
        self._count(slot)
        known = Known(slot, dict(row.values))
        self._remember(known, row.keys)
        return known

    def _new(self, row: _Compared) -> Known:
        known = Known(Slot(-1, row=row.draft.row.number), dict(row.values))
        self._count(known.slot)
        self._remember(known, row.keys)
        self._tell_what_is_alike(row)
        return known

    def _count(self, slot: Slot) -> None:
        if slot.number < 0:
            slot.number = len(self.slots)
            self.slots.append(slot)

    def _remember(self, known: Known, keys: Iterable[Asked]) -> None:
        for key in keys:
            there = self._by_key[key]
            if known not in there:
                there.append(known)

    def _tell_what_is_alike(self, row: _Compared) -> None:
        for key in row.keys if self._archived else ():
            rule = self._rules[key[0]]
            if any(rule.fits(row.values, gone) for gone in self._archived.get(key, ())):
                row.draft.notes.append("One like this was archived before; it is added anew.")
                break
        if row.look is not None:
            self._suggest(row, *row.look)

    def _suggest(self, row: _Compared, look: Traits, meets: tuple[Hashable, ...]) -> None:
        """Tell what a new row may be the same as, and remember it for the rows below."""
        draft, values = row.draft, row.values
        mine = _Seen(look, meets, values, row=draft.row.number, given=draft.values)
        # of what somebody has answered already nobody is asked again
        keys = () if draft.row.number in self._same else mine.keys
        found = [
            (seen, like)
            for seen in self._near(keys, values.get(self._number))
            if may_be_alike(mine.traits, seen.traits)
            and (like := likeness(mine.traits, seen.traits)).score >= ENOUGH
        ]
        # the sort is stable: of two that are as alike the one that was there first
        for seen, like in sorted(found, key=lambda one: -one[1].score)[:_MOST_ALIKE]:
            self.suggestions.append(
                Suggestion(
                    draft.row.number,
                    None if seen.record is None else seen.record.id,
                    seen.row,
                    like.score,
                    like.reasons,
                    draft.values,
                    seen.given,
                    draft.row.entry,
                )
            )
            if seen.record is None:
                draft.notes.append(
                    f"{MAY_BE} the same as {draft.row.entry} {seen.row:,} of the file."
                )
            else:
                draft.notes.append(
                    f"{MAY_BE} {self._names.of(seen.record)}, known already. If so, merge the two."
                )
        self._remember_look(mine)

    def _near(self, keys: Iterable[Hashable], number: object) -> Iterable[_Seen]:
        """Return what has one of some keys, without what has another number of its own.

        That they have another is what most rows of a long list can be told apart by.
        """
        near: dict[int, _Seen] = {}
        name = self._number
        for key in keys:
            for seen in self._alike.get(key, ()):
                theirs = seen.values.get(name)
                if number is None or theirs is None or number == theirs:
                    near[id(seen)] = seen
        return near.values()

    def _several(self, draft: Draft, rule: Rule, fitting: Sequence[Known]) -> str:
        labels = " and ".join(
            self._spec.by_name[name].label for name in (*rule.fields, *rule.optional)
        )
        slots = list({id(known.slot): known.slot for known in fitting}.values())
        records = [slot.stored for slot in slots if slot.stored is not None]
        rows = tuple(slot.row for slot in slots if slot.row is not None)
        identities = tuple(record.id or 0 for record in records)
        entry = draft.row.entry
        self.several.append(
            Several(draft.row.number, identities, rows, labels, draft.values, entry)
        )
        shown = [described(self._store, record) for record in records[:_MOST_SHOWN]]
        several = "; ".join(shown) or f"several {entry}s of this file"
        return f"By {labels} this may be more than one: {several}."
