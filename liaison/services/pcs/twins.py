"""Records that two PCs may both have made of the same person or place, offered for merging.

Each PC wrote one before it heard of the other's, so nothing refused the second. They are shown to a
person, never acted upon; what somebody says of two records stays on this PC.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from liaison.errors import UserError
from liaison.records import all_specs
from liaison.records.showing import show
from liaison.services import editing
from liaison.services.importing import identity
from liaison.services.importing.likeness import ENOUGH, blocks, likeness, traits
from liaison.services.references import Names
from liaison.store import history, membership, query
from liaison.store.kept_choices import keep_choice, kept_choice

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from liaison.records import FieldSpec, RecordSpec
    from liaison.records.fields import Record
    from liaison.services.homes import OpenHome
    from liaison.services.importing.likeness import Traits
    from liaison.store.store import Store

_KEPT: Final = "not twins"
_MOST_ALIKE: Final = 40
"""So many that have something in common have it in common by chance: one switchboard's number."""
_MOST: Final = 200
_PLACES: Final = frozenset({"organisation"})


@dataclasses.dataclass(frozen=True, slots=True)
class Twins:
    """Two records that may be about the same, made on two PCs.

    Args:
        type: Their type.
        first: The one that was written first.
        second: The other one.
        name: The words that name the first.
        second_name: The words that name the second.
        pc: The name of the PC on which the first was made.
        second_pc: That of the second.
        reasons: What they have in common, in plain words.
        fields: What is said of them: label, the first's words, the second's.
    """

    type: str
    first: int
    second: int
    name: str
    second_name: str
    pc: str
    second_pc: str
    reasons: tuple[str, ...]
    fields: tuple[tuple[str, str, str], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class _One:
    record: Record
    values: dict[str, object]
    traits: Traits
    born: int
    pc: int

    @property
    def id(self) -> int:
        return self.record.id or 0


def find(store: Store) -> tuple[Twins, ...]:
    """Return the records that two PCs may both have made, and nobody said they are different.

    Args:
        store: The home.
    """
    if len({one.pc for one in membership.replicas(store)}) < 2:  # noqa: PLR2004  # it takes two
        return ()
    different = _said_different(store)
    names = Names(store)
    found: list[Twins] = []
    for spec in all_specs().values():
        if identity.is_compared_by_likeness(spec):
            for one, other, reasons in _pairs(spec, _ones(store, spec)):
                if (one.id, other.id) not in different:
                    found.append(_told(store, names, spec, one, other, reasons))
                if len(found) >= _MOST:
                    return tuple(found)
    return tuple(found)


def _ones(store: Store, spec: RecordSpec) -> list[_One]:
    records = [
        record
        for record in query.every(store, query.Query(spec.name))
        if record.lives and record.id is not None
    ]
    born = membership.births(store, [record.id for record in records if record.id is not None])
    ones = []
    for record in records:
        if record.id not in born:
            continue
        values = {
            field.name: identity.compared(field, getattr(record, field.name))
            for field in spec.columns
        }
        look = traits(values, is_place=spec.name in _PLACES)
        ones.append(_One(record, values, look, *born[record.id]))
    return ones


def _pairs(spec: RecordSpec, ones: Iterable[_One]) -> Iterator[tuple[_One, _One, tuple[str, ...]]]:
    """Yield those that look alike and were made on different PCs, each two once."""
    meeting: dict[Hashable, list[_One]] = defaultdict(list)
    for one in ones:
        for key in set(blocks(one.traits)):
            meeting[key].append(one)
    seen: set[tuple[int, int]] = set()
    for group in meeting.values():
        if not 1 < len(group) <= _MOST_ALIKE or len({one.pc for one in group}) == 1:
            continue
        ordered = sorted(group, key=lambda one: one.born)
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 :]:
                if one.pc == other.pc or (one.id, other.id) in seen:
                    continue
                seen.add((one.id, other.id))
                alike = likeness(one.traits, other.traits)
                if alike.score >= ENOUGH and not identity.differ_for_sure(
                    spec, one.values, other.values
                ):
                    yield one, other, alike.reasons


def _told(  # noqa: PLR0917  # what is told of two records
    store: Store, names: Names, spec: RecordSpec, one: _One, other: _One, reasons: tuple[str, ...]
) -> Twins:
    return Twins(
        spec.name, one.id, other.id,
        _name(names, one.record), _name(names, other.record),
        names.by_id("pc", one.pc), names.by_id("pc", other.pc),
        reasons,
        tuple(_fields(store, names, spec, one.record, other.record)),
    )  # fmt: skip


def _name(names: Names, record: Record) -> str:
    # what tells namesakes apart is told field by field
    return str(getattr(record, "name", "") or names.of(record))


def _fields(
    store: Store, names: Names, spec: RecordSpec, one: Record, other: Record
) -> Iterator[tuple[str, str, str]]:
    for field in spec.columns:
        if (spec.name, field.name) in store.hidden:
            continue
        words = tuple(
            _words(store, names, field, getattr(each, field.name)) for each in (one, other)
        )
        if any(words):
            yield field.label, words[0], words[1]


def _words(store: Store, names: Names, field: FieldSpec, value: Any) -> str:
    return show(field, value, vocabularies=store.vocabularies, name=names.by_id)


def merge(home: OpenHome, twins: Twins) -> tuple[int, ...]:
    """Let the first of the two stand for both; nothing of the other is erased.

    Args:
        home: The open home.
        twins: The two.

    Returns:
        The stamps of what was written, to take it back.

    Raises:
        UserError: One of them is not as it was, or whoever unlocked the home may not.
    """
    first = home.store.get(twins.type, twins.first)
    second = home.store.get(twins.type, twins.second)
    if first is None or second is None:
        raise UserError(
            f"{twins.name} is not here any more.", kept="Nothing was changed.", code="not-found"
        )
    before = {entry.id for entry in history.history(home.store, twins.type, twins.second)}
    editing.merge(home, second, first, "Entered on two PCs")
    after = {entry.id for entry in history.history(home.store, twins.type, twins.second)}
    return tuple(sorted(after - before))


def say_different(home: OpenHome, twins: Twins) -> None:
    """Remember on this PC that two records are different, so that they are not offered again.

    Args:
        home: The open home.
        twins: The two.
    """
    said = _said_different(home.store) | {(twins.first, twins.second)}
    keep_choice(home.store, _KEPT, {"pairs": sorted(map(list, said))})


def _said_different(store: Store) -> set[tuple[int, int]]:
    pairs = kept_choice(store, _KEPT).get("pairs", [])
    return {(int(one), int(other)) for one, other in pairs}
