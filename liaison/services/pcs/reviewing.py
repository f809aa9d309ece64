"""What was set apart for people to look through: told in words, taken in again, or left out.

After a PC was removed, what it had written beyond its cut point is taken back out of the record
(``store.withdrawing``). A manager looks at it, as matters: saves that speak of the same records are
decided together, so that nothing is taken in that stands on something left out. The decision stands
in the log, for every PC. What says who belongs is never taken in again.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from liaison.errors import UserError
from liaison.records import Kind, all_specs, ids, showing, spec_of
from liaison.records.administration import AccessEvent
from liaison.records.rules import times
from liaison.records.values import revive
from liaison.security.roles import Action
from liaison.services.editing import kept_with_keys, reason_given
from liaison.services.references import Names
from liaison.store import blobs, erasing, membership, segments, withdrawing
from liaison.store.changes import BIRTHS, ERASE, GONE, LEFT_OUT
from liaison.sync.means import is_of_removed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from liaison.records import FieldSpec, Record, RecordSpec
    from liaison.records.values import Kept
    from liaison.services.homes import OpenHome
    from liaison.store.changes import Change, Envelope
    from liaison.store.store import Store

DECIDED: Final = "decided"
"""The code of a refusal: somebody else was quicker."""
_NOTHING: Final = "nothing"
_ROLES: Final = "role changed"
_NEVER: Final = "it says who belongs to the home, or is damaged"
_NEWER: Final = "a newer Liaison wrote what this one does not know"
_ERASES: Final = "it erased something, which only an erasure made here can do"
_UNFOUNDED: Final = "it builds on something that is not here"
_EMPTIED: Final = "all that it said was erased by law"
_DO: Final = {
    _NEVER: "Leave it out.",
    _EMPTIED: "Leave it out.",
    _NEWER: "Install the newest Liaison first.",
    _ERASES: "Erase it again.",
    _UNFOUNDED: "Look again when more has come, or leave it out.",
}
_LONGEST_WHY: Final = 200
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
        return _DO.get(self.hindrance, "")

    @property
    def id(self) -> str:
        """What names it, for as long as nothing more comes of that PC."""
        return ids.to_text(self.saves[0].id)


def find(home: OpenHome, *, left: bool = False) -> tuple[Matter, ...]:
    """Return what waits to be looked through, the newest first.

    Args:
        home: The home, unlocked by a manager; one open for reading will do.
        left: What was left out instead.

    Raises:
        NotAllowed: Only a manager may.
    """
    home.require(Action.PCS)
    teller = _Teller(home.store, _waiting(home.store, left=left))
    found = [teller.matter(group, left=left) for group in teller.groups()]
    # what can be decided about first
    return tuple(sorted(found, key=lambda one: (not one.able, -one.saves[-1].id)))


def not_kept(home: OpenHome) -> tuple[str, ...]:
    """Return a sentence for each PC that wrote on more than is kept.

    Args:
        home: The home, unlocked by a manager.

    Raises:
        NotAllowed: Only a manager may.
    """
    home.require(Action.PCS)
    full = withdrawing.overfull(home.store)
    names = Names(home.store)
    pcs = {one.tag: names.by_id("pc", one.pc) for one in membership.replicas(home.store)}
    return tuple(
        f"{pcs.get(tag, 'A PC that is not known here')} wrote on and on: only its first "
        f"{withdrawing.MOST_LATE:,} saves after that are kept here."
        for tag in full
    )


def notes_left_out(home: OpenHome) -> str:
    """Return a sentence on the notes that are left out by themselves; "" if there are none.

    Args:
        home: The home, unlocked by a manager.

    Raises:
        NotAllowed: Only a manager may.
    """
    home.require(Action.PCS)
    count = sum(is_note(one, why) for one, why in withdrawing.withdrawn(home.store))
    if not count:
        return ""
    notes, are = ("note", "is") if count == 1 else ("notes", "are")
    return f"{count:,} {notes} of who looked or signed in there {are} left out without being asked."


def is_note(envelope: Envelope, why: str) -> bool:
    """Return whether all that a removed PC's save says is who looked or signed in there.

    Nobody need decide about it: it never counts, and nothing is lost to the record.

    Args:
        envelope: The save.
        why: Why it is set apart.
    """
    return is_of_removed(why) and all(
        one.type == spec_of(AccessEvent).name
        and one.op in BIRTHS
        and one.fields.get("kind") not in {None, _ROLES}
        for one in envelope.changes
    )


def meant(home: OpenHome, typed: str) -> Matter:
    """Return the matter that an id names, one that was left out among them.

    Raises:
        UserError: None is.
    """
    wanted = typed.strip().casefold()
    for one in (*find(home), *find(home, left=True)):
        if wanted in {ids.to_text(save.id).casefold() for save in one.saves}:
            return one
    raise UserError(
        f"Nothing of that id waits to be looked through: {typed[:60]}.",
        kept="Nothing was changed.",
        do="Look at the list: “liaison pc review”.",
        code="no-such-save",
    )


def take_in(home: OpenHome, matter: Matter, why: str = "") -> int:
    """Write again what a PC wrote that was removed meanwhile, as whoever decided so.

    Where the record was changed since, both values stand and wait to be settled.

    Args:
        home: The home, unlocked by a manager.
        matter: The saves.
        why: Why, in the manager's words.

    Returns:
        How many changes were written.

    Raises:
        NotAllowed: Only a manager may.
        UserError: It was decided meanwhile, or cannot be written again (``hindrance``).
    """
    home.require(Action.PCS)
    envelopes = _still_waiting(home.store, matter) if matter.able else []
    # what it builds on may have gone since it was looked at
    if hindrance := matter.hindrance or _hindrance(home.store, envelopes):
        raise UserError(
            f"This cannot be taken in again: {hindrance}.",
            kept="Nothing was changed.",
            do=_DO[hindrance],
            code="not-taken-in",
        )
    said = {one.id: one for one in matter.saves}

    def words(envelope: Envelope) -> str:
        save = said[envelope.unit.id]
        wrote = f"As {save.who} wrote on {save.pc}, {times.show_time(save.at)}."
        return " ".join(part for part in (_short(why), wrote, save.reason) if part)

    return withdrawing.take_in(home.store, envelopes, home.person, words, without=kept_with_keys())


def leave_out(home: OpenHome, matter: Matter, why: str = "") -> None:
    """Let it be: it counts nowhere, is kept on this PC, and is not asked about again.

    Args:
        home: The home, unlocked by a manager.
        matter: The saves.
        why: Why, in the manager's words.

    Raises:
        NotAllowed: Only a manager may.
        UserError: It was decided meanwhile.
    """
    home.require(Action.PCS)
    with home.store.together():
        _note(home, matter, LEFT_OUT, "Left out", why)


def erase(home: OpenHome, matter: Matter, why: str) -> None:
    """Erase by law what was set apart: nothing of it stays, on any PC that takes this in.

    Where a record of it is in the home, what that says is erased as everything else is
    (``services.erasing``), which reaches what is set apart about it too.

    Args:
        home: The home, unlocked by a manager.
        matter: The saves.
        why: Why, such as whose request it was; it must not repeat what is erased.

    Raises:
        NotAllowed: Only a manager may.
        UserError: It was decided meanwhile, or another window has the home open.
    """
    home.require(Action.PCS)
    home.require(Action.ERASE, kept="Nothing was erased.")
    reason = _short(reason_given(why))
    with erasing.leaving_nothing(home.store):
        _note(home, matter, GONE, "Erased", reason)
        withdrawing.forget_erased(home.store)
        left = (envelope for envelope, _ in withdrawing.withdrawn(home.store))
        blobs.drop_unnamed(home.store, segments.attached_in(left))


def _note(home: OpenHome, matter: Matter, kind: str, done: str, why: str) -> None:
    """Write for every PC what was decided about each save, and for the audit."""
    store = home.store
    pcs = {one.tag: one.pc for one in membership.replicas(store)}
    said = {one.id: one for one in matter.saves}
    for envelope in _still_waiting(store, matter):
        save = said[envelope.unit.id]
        event = AccessEvent(
            at=store.clock(), kind=_ROLES, subject_type="pc",
            subject_id=ids.to_text(pcs.get(envelope.unit.tag, 0)),
            detail=f"{done} what {save.who} wrote on {save.pc}, {times.show_time(save.at)}",
        )  # fmt: skip
        with home.unit(_short(why), kind=kind, batch=envelope.unit.id) as unit:
            unit.add(event)


def _short(why: str) -> str:
    return " ".join(why.split())[:_LONGEST_WHY]


def _waiting(store: Store, *, left: bool = False) -> list[tuple[Envelope, str]]:
    """Return what is set apart and not decided; or what was left out."""
    apart: dict[int, tuple[Envelope, str]] = {}
    for one, why in withdrawing.withdrawn(store):
        # of two under one id the first stands: what was looked at is what is taken in
        apart.setdefault(one.unit.id, (one, why))
    done = withdrawing.decided(store, apart) if apart else {}
    wanted = LEFT_OUT if left else None
    return [
        both
        for identity, both in apart.items()
        if done.get(identity) == wanted
        and not withdrawing.is_done_again(both[1])
        and not is_note(*both)
    ]


def _still_waiting(store: Store, matter: Matter) -> list[Envelope]:
    known = {one.unit.id: one for one, _ in (*_waiting(store), *_waiting(store, left=matter.left))}
    if any(save.id not in known for save in matter.saves):
        raise UserError(
            "Somebody decided about this meanwhile.",
            kept="Nothing was changed.",
            do="Look at the list again.",
            code=DECIDED,
        )
    return [known[save.id] for save in matter.saves]


def _hindrance(store: Store, envelopes: Iterable[Envelope]) -> str:
    """Return why units cannot be written again together; "" if they can."""
    keys = kept_with_keys()
    content = [one for unit in envelopes for one in unit.changes if one.type not in keys]
    if any(_is_newer(one) for one in content):
        return _NEWER
    if any(one.op == ERASE for one in content):
        return _ERASES
    if content and all(map(withdrawing.is_emptied, content)):
        return _EMPTIED
    born = {(one.type, one.rec) for one in content if one.op in BIRTHS}
    born |= {("", rec) for _, rec in born}
    touched = {named for one in content for named in ((one.type, one.rec), *_referred(one))}
    return _UNFOUNDED if withdrawing.unfounded(store, touched - born) else ""


def _is_newer(change: Change) -> bool:
    spec = all_specs().get(change.type)
    return spec is None or any(name not in spec.by_name for name in change.written)


def _referred(change: Change) -> Iterator[tuple[str, int]]:
    """Return the records that a change points to: their types, "" for any, and ids."""
    spec = all_specs()[change.type]
    for name, value in change.fields.items():
        field = spec.by_name.get(name)
        if field is None or not value:
            continue
        if field.kind is Kind.REF and isinstance(value, int):
            yield field.target, value
        # a record of any type is named by two texts, of which one is its type
        elif f"{name.removesuffix('_id')}_type" in spec.by_name and (named := _named(value)):
            yield "", named


class _Teller:
    """Tells what withdrawn units did, as matters."""

    def __init__(self, store: Store, waiting: list[tuple[Envelope, str]]) -> None:
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
            # who signed in, looked, or was let in there: one matter for each PC
            yield -envelope.unit.tag - 1
        for change in content:
            yield self._owner(change)
            for value in change.fields.values():
                named = _named(value)
                if named in born:
                    yield named

    def _owner(self, change: Change) -> int:
        spec = all_specs().get(change.type)
        if spec is None or not spec.owner:
            return change.rec
        found = self._element(spec, change.rec)
        return found[0] if found is not None else change.rec

    def _element(self, spec: RecordSpec, rec: int) -> tuple[int, Kept] | None:
        return self._elements.get(rec) or withdrawing.element(self._store, spec.name, rec)

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
        hindrance = (
            _hindrance(self._store, (one for one, _ in group))
            if content and all(is_of_removed(why) for _, why in group)
            else _NEVER
        )
        return Matter(
            about.title if content and about is not None else "Who signed in, looked or was let in",
            about.label if content and about is not None else "Noted by the program",
            group[0][1],
            saves,
            left=left,
            hindrance=hindrance,
        )

    def _save(self, envelope: Envelope) -> Save:
        unit = envelope.unit
        content = [one for one in envelope.changes if one.type not in self._keys]
        return Save(
            unit.id,
            self._name("pc", self._pcs.get(unit.tag, 0), "a PC that is not known here"),
            self._name("person", unit.person, "somebody who is not known here"),
            times.from_stored(unit.at),
            _within(unit.reason),
            tuple(self._touched(content or envelope.changes)),
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
            else:
                lines = [line for change in several for line in self._lines(spec, rec, change)]
                yield Touched(
                    spec.label, self._title(spec, rec), _verb(spec, several), tuple(lines)
                )

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
        def name(target: str, identity: int) -> str:
            return self._title(all_specs()[target], identity)

        return showing.show(field, value, vocabularies=self._store.vocabularies, name=name)

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
            if field.name not in change.fields:
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
        return "Erased by law"
    if any(one.op in BIRTHS for one in own):
        return "Noted" if spec.events else "Added"
    written = {name: value for one in own for name, value in one.fields.items()}
    if written.get("struck_reason"):
        return "Struck through"
    if "archived" in written:
        return "Archived" if written["archived"] else "Brought back"
    return "Changed"


def _within(words: str) -> str:
    """Return words that nobody has looked at, no longer than a screen can show."""
    return words if len(words) <= _LONGEST_SHOWN else f"{words[:_LONGEST_SHOWN]}..."


def _named(value: Kept) -> int:
    """Return the id that a kept value may be; 0 for none."""
    if isinstance(value, str):
        return ids.from_text(value) if ids.looks_like_id(value) else 0
    return value if isinstance(value, int) else 0
