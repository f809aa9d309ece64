"""What was set apart, told in words: saves that speak of the same records are one matter.

They are decided together, so that nothing is taken in that stands on something left out.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from liaison.records import all_specs, ids, showing, spec_of
from liaison.records.administration import Membership
from liaison.records.rules import times
from liaison.records.values import revive
from liaison.services.editing import kept_with_keys
from liaison.services.pcs import belonging_words, hindrances
from liaison.services.references import Names
from liaison.store import membership, quarantine
from liaison.store.changes import BIRTHS, ERASE
from liaison.sync.means import is_of_removed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from liaison.records import FieldSpec, Record, RecordSpec
    from liaison.records.values import Kept
    from liaison.store.changes import Change, Envelope
    from liaison.store.store import Store

_NOTHING: Final = "nothing"
_MEMBERSHIP: Final = spec_of(Membership).name
_MOST_NAMED: Final = 2
_LONGEST_SHOWN: Final = 400


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A field that was written.

    Args:
        label: What people call it.
        now: What the record says now, in words; "" if there is none here.
        wrote: What was written, in words.
    """

    label: str
    now: str
    wrote: str


@dataclasses.dataclass(frozen=True, slots=True)
class Touched:
    """What a save did to one record.

    Args:
        label: What people call a record of that type.
        title: The words that name the record.
        verb: What was done to it.
        lines: What was written.
    """

    label: str
    title: str
    verb: str
    lines: tuple[Line, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Save:
    """A save that does not count.

    Args:
        id: The id of its unit.
        pc: The name of the PC on which it was made.
        who: The name under which it was made.
        at: When, by that PC's clock.
        reason: Why, in their words.
        touched: What it did, record by record.
    """

    id: int
    pc: str
    who: str
    at: dt.datetime
    reason: str
    touched: tuple[Touched, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Matter:
    """Saves that are decided together, as they speak of the same records.

    Args:
        title: The words that name what they are about.
        label: What that is.
        why: Why they do not count, as the end of a sentence.
        saves: They, oldest first.
        left: Whether somebody left them out before.
        hindrance: Why they cannot be taken in again, as the end of a sentence; "" if they can.
    """

    title: str
    label: str
    why: str
    saves: tuple[Save, ...]
    left: bool = False
    hindrance: str = ""

    @property
    def able(self) -> bool:
        """Whether they can be taken in again."""
        return not self.hindrance

    @property
    def what_to_do(self) -> str:
        """What to do instead of taking it in, as a sentence; "" if it can be."""
        return hindrances.WHAT_TO_DO.get(self.hindrance, "")

    @property
    def id(self) -> str:
        """What names it, for as long as nothing more comes of that PC."""
        return ids.to_text(self.saves[0].id)


def told(store: Store, apart: Sequence[tuple[Envelope, str]], *, left: bool) -> tuple[Matter, ...]:
    """Return units as matters, what can be decided about first, then the newest first.

    Args:
        store: The home.
        apart: The units, each with why it is set apart.
        left: Whether somebody left them out before.
    """
    teller = _Teller(store, apart)
    found = [teller.matter(group, left=left) for group in teller.groups()]
    return tuple(sorted(found, key=lambda one: (not one.able, -one.saves[-1].id)))


class _Teller:
    """Tells what withdrawn units did, as matters."""

    def __init__(self, store: Store, waiting: Sequence[tuple[Envelope, str]]) -> None:
        self._store = store
        self._waiting = sorted(waiting, key=lambda one: one[0].unit.id)
        self._names = Names(store)
        self._keys = kept_with_keys()
        self._pcs = {one.tag: one.pc for one in membership.replicas(store)}
        self._born: dict[tuple[str, int], Record] = {}
        self._elements: dict[int, tuple[int, Kept]] = {}
        for one, _ in self._waiting:
            for change in one.changes:
                self._learn(change)

    def _learn(self, change: Change) -> None:
        spec = all_specs().get(change.type)
        if spec is None or change.op not in BIRTHS:
            return
        if spec.cls is None:
            owner, value = change.fields.get("owner"), change.fields.get("value")
            if isinstance(owner, int):
                self._elements[change.rec] = (owner, value)
            return
        values: dict[str, Any] = {
            field.name: revive(field, change.fields[field.name])
            for field in spec.columns
            if field.name in change.fields
        }
        self._born[spec.name, change.rec] = dataclasses.replace(spec.cls(**values), id=change.rec)

    # ---- what belongs together

    def groups(self) -> list[list[tuple[Envelope, str]]]:
        """Return the units in groups that speak of the same records."""
        born = {rec for _, rec in self._born}
        group_of: dict[int, int] = {}
        groups: dict[int, list[tuple[Envelope, str]]] = {}
        for place, one in enumerate(self._waiting):
            keys = set(self._keys_of(one, born))
            joined = sorted({group_of[key] for key in keys if key in group_of})
            into = joined[0] if joined else place
            members = [member for group in joined for member in groups.pop(group)]
            groups[into] = [*members, one]
            group_of.update({key: into for key, group in group_of.items() if group in joined})
            group_of.update(dict.fromkeys(keys, into))
        return [sorted(group, key=lambda one: one[0].unit.id) for group in groups.values()]

    def _keys_of(self, one: tuple[Envelope, str], born: set[int]) -> Iterator[int]:
        envelope, _ = one
        content = [change for change in envelope.changes if change.type not in self._keys]
        if not content:
            # a removal is looked at by itself: it may have been right. Who signed in, looked, or was
            # let in there: one matter for each PC
            removes = any(map(belonging_words.removes, envelope.changes))
            yield -envelope.unit.id if removes else -envelope.unit.tag - 1
        for change in content:
            yield self._owner(change)
            for value in change.fields.values():
                named = hindrances.named(value)
                if named in born:
                    yield named

    def _owner(self, change: Change) -> int:
        spec = all_specs().get(change.type)
        if spec is None or not spec.owner:
            return change.rec
        found = self._element(spec, change.rec)
        return found[0] if found is not None else change.rec

    def _element(self, spec: RecordSpec, rec: int) -> tuple[int, Kept] | None:
        return self._elements.get(rec) or quarantine.element(self._store, spec.name, rec)

    # ---- in words

    def matter(self, group: list[tuple[Envelope, str]], *, left: bool) -> Matter:
        """Return a group of units in words."""
        content = [
            change
            for envelope, _ in group
            for change in envelope.changes
            if change.type not in self._keys
        ]
        saves = tuple(self._save(envelope) for envelope, _ in group)
        about = next((one for save in saves for one in save.touched), None)
        # one that somebody put beside what was written hinders nobody from taking that in
        removes = not content and any(
            belonging_words.removes(one) for unit, _ in group for one in unit.changes
        )
        if removes:
            hindrance = hindrances.REMOVES
        elif content and all(is_of_removed(why) for _, why in group):
            hindrance = hindrances.hindrance(self._store, (one for one, _ in group))
        else:
            hindrance = hindrances.NEVER
        named = about is not None and (removes or bool(content))
        title = about.title if about else ""
        whom = [one for one in self._residents(content) if one not in title]
        return Matter(
            _within(", ".join(filter(None, (_some(whom), title))))
            if named and about
            else "Who signed in, looked or was let in",
            about.label if named and about else "Noted by the program",
            group[0][1],
            saves,
            left=left,
            hindrance=hindrance,
        )

    def _residents(self, content: Iterable[Change]) -> list[str]:
        """Return the names of the residents of whom changes speak, in their order."""
        spoken_of = {
            rec: None for change in content if isinstance(rec := change.fields.get("resident"), int)
        }
        return [self._title_of("resident", rec) for rec in spoken_of]

    def _save(self, envelope: Envelope) -> Save:
        unit = envelope.unit
        content = [one for one in envelope.changes if one.type not in self._keys]
        removals = filter(belonging_words.removes, envelope.changes)
        shown = [*content, *removals] if content else envelope.changes
        return Save(
            unit.id,
            self._name("pc", self._pcs.get(unit.tag, 0), "a PC that is not known here"),
            self._name("person", unit.person, "somebody who is not known here"),
            times.from_stored(unit.at),
            _within(unit.reason),
            tuple(self._touched(shown)),
        )

    def _name(self, type_name: str, identity: int, unknown: str) -> str:
        words = self._names.by_id(type_name, identity)
        return unknown if words == showing.NOT_HERE else words

    def _touched(self, changes: Iterable[Change]) -> Iterator[Touched]:
        together: defaultdict[tuple[str, int], list[Change]] = defaultdict(list)
        for change in changes:
            spec = all_specs().get(change.type)
            type_name = spec.owner if spec is not None and spec.owner else change.type
            together[type_name, self._owner(change)].append(change)
        for (type_name, rec), several in together.items():
            spec = all_specs().get(type_name)
            if spec is None:
                yield Touched("Something of a newer Liaison", "", "Written", ())
            elif type_name == _MEMBERSHIP:
                told = (belonging_words.told(one, self._title_of) for one in several)
                yield from (Touched(*words, ()) for words in told if words is not None)
            else:
                lines = [line for change in several for line in self._lines(spec, rec, change)]
                title = showing.beside(spec.label, self._title(spec, rec))
                yield Touched(spec.label, title, _verb(spec, several), tuple(lines))

    def _title_of(self, type_name: str, rec: int) -> str:
        return self._title(all_specs()[type_name], rec)

    def _title(self, spec: RecordSpec, rec: int) -> str:
        words = self._names.by_id(spec.name, rec)
        return self._born_title(spec.name, rec) if words == showing.NOT_HERE else words

    def _born_title(self, type_name: str, rec: int) -> str:
        record = self._born.get((type_name, rec))
        if record is None:
            return showing.NOT_HERE
        words = showing.title(record, find=self._find, vocabularies=self._store.vocabularies)
        return _within(words)

    def _find(self, type_name: str, identity: int) -> Record | None:
        return self._names.record(type_name, identity) or self._born.get((type_name, identity))

    def _words(self, field: FieldSpec, value: object) -> str:
        vocabularies = self._store.vocabularies
        return showing.show(field, value, vocabularies=vocabularies, name=self._title_of)

    def _lines(self, spec: RecordSpec, rec: int, change: Change) -> Iterator[Line]:
        own = all_specs().get(change.type)
        record = self._names.record(spec.name, rec)
        if own is not None and own.owner:
            found = self._element(own, change.rec)
            if found is not None and found[1] is None:
                # erased by law
                return
            field = spec.by_name[own.owner_field]
            value = None if found is None else self._words(field, revive(field, found[1]))
            out = bool(change.fields.get("archived"))
            yield Line(field.label, "", f"{value or _NOTHING} {'taken out' if out else 'added'}")
            return
        for field in spec.columns:
            # of what the program notes, what nobody is asked for are ids and the like
            if field.name not in change.fields or (spec.name in self._keys and not field.asked):
                continue
            wrote = self._words(field, revive(field, change.fields[field.name]))
            if record is None:
                if wrote:
                    yield Line(field.label, "", wrote)
                continue
            now = self._words(field, getattr(record, field.name))
            if wrote or now:
                yield Line(field.label, now or _NOTHING, wrote or _NOTHING)


def _verb(spec: RecordSpec, changes: list[Change]) -> str:
    own = [one for one in changes if one.type == spec.name]
    if any(one.op == ERASE for one in own):
        return showing.ERASED
    if any(one.op in BIRTHS for one in own):
        return "Noted" if spec.events else "Added"
    written = {name: value for one in own for name, value in one.fields.items()}
    if written.get("struck_reason"):
        return "Struck through"
    if "archived" in written:
        return "Archived" if written["archived"] else "Brought back"
    return "Changed"


def _some(names: Sequence[str]) -> str:
    """Return who a matter is about, so that a line of a list can hold them."""
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _within(words: str) -> str:
    """Return words that nobody has looked at, no longer than a screen can show."""
    return words if len(words) <= _LONGEST_SHOWN else f"{words[:_LONGEST_SHOWN]}..."
