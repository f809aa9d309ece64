"""A record's history and the differences between PCs, in the words that people are shown.

Everything here takes a store and gives frozen values, so it runs in a read job.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from liaison.records import FieldSpec, RecordSpec, all_specs
from liaison.records.showing import show
from liaison.services.audit_words import EMPTIED_LABEL, ERASED_WORDS, emptied_words
from liaison.services.references import Names
from liaison.store import history as log
from liaison.store.changes import ERASE, TAKEN_IN

if TYPE_CHECKING:
    from liaison.store.history import Conflict, HistoryEntry, Skipped, Undone, Version
    from liaison.store.store import Store

NOTHING: Final = "nothing"
"""Stands for a field that was empty, before or after a change."""

_KINDS: Final = {
    "undo": "Taken back", "merge": "Merged", "move": "Moved", "import": "Brought in",
    TAKEN_IN: "Taken in after all",
}  # fmt: skip
_SAID_BY_THE_VERB: Final = frozenset({"archived"})


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One field before and after a change, in words."""

    label: str
    before: str
    after: str


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """One save of a record as its history tells it.

    Args:
        changes: The stamps of its changes, to take it back.
        verb: What kind of change it was.
        at: When it was written.
        who: The name of whoever wrote it.
        pc: The name of the PC.
        reason: Why, in their words; may be empty.
        steps: What it changed.
        batch: Whether it is part of something larger, such as an import.
    """

    changes: tuple[int, ...]
    verb: str
    at: dt.datetime
    who: str
    pc: str
    reason: str
    steps: tuple[Step, ...]
    batch: bool


def history(store: Store, type_name: str, identity: int) -> tuple[Told, ...]:
    """Return what became of a record, oldest first."""
    names = Names(store)
    spec = all_specs()[type_name]
    entries = [e for e in log.history(store, type_name, identity) if _changes(e)]
    return tuple(
        _told(store, names, spec, identity, together)
        for _, same in itertools.groupby(entries, key=lambda entry: entry.unit)
        if (together := list(same))
    )


def _changes(entry: HistoryEntry) -> bool:
    """Return whether anything was different afterwards; an element set again changes nothing."""
    return (
        entry.op == ERASE
        or bool(entry.erased)
        or entry.emptied is not None
        or any(step.before != step.after for step in entry.fields.values())
    )


def _told(
    store: Store, names: Names, spec: RecordSpec, identity: int, together: list[HistoryEntry]
) -> Told:
    first = together[0]
    fields: dict[str, log.Step] = {}
    gone: set[str] = set()
    for entry in together:
        gone |= entry.erased
        for name, step in entry.fields.items():
            before = fields[name].before if name in fields else step.before
            fields[name] = log.Step(before, step.after)
    return Told(
        changes=tuple(entry.id for entry in together),
        verb=_verb(first, identity),
        at=first.at,
        who=names.by_id("person", first.person),
        pc=names.by_id("pc", first.pc),
        reason=first.reason,
        steps=(
            *_steps(store, names, spec, fields, gone),
            *(
                Step(EMPTIED_LABEL, "", emptied_words(entry.emptied))
                for entry in together[:1]
                if entry.emptied is not None
            ),
        ),
        batch=first.batch is not None,
    )


def _steps(
    store: Store,
    names: Names,
    spec: RecordSpec,
    fields: Mapping[str, log.Step],
    gone: Collection[str],
) -> Iterator[Step]:
    """Yield what changed in the order of the declaration; what the program notes is left out."""
    for field in spec.fields:
        step = fields.get(field.name)
        if step is None or field.name in _SAID_BY_THE_VERB:
            continue
        before = words(store, names, field, step.before)
        after = words(store, names, field, step.after)
        if field.name in gone:
            after = ERASED_WORDS
        if before or after:
            yield Step(field.label, before, after)


def _verb(entry: HistoryEntry, identity: int) -> str:
    if entry.kind in _KINDS:
        return _KINDS[entry.kind]
    if entry.op == ERASE:
        return "Erased by law"
    if entry.op == "event":
        return "Noted"
    if entry.op == "resolve":
        return "Differences settled"
    if entry.id == identity:
        return "Added"
    archived = entry.fields.get("archived")
    if archived is not None:
        return "Archived" if archived.after else "Brought back"
    if "struck_reason" in entry.fields and entry.fields["struck_reason"].after:
        return "Struck through"
    return "Changed"


def words(store: Store, names: Names, field: FieldSpec, value: object) -> str:
    """Return a value of a field in the words it is shown by; empty for nothing."""
    return show(field, value, vocabularies=store.vocabularies, name=names.by_id)


def undone_words(undone: Undone) -> str:
    """Return what an undo did in a sentence, and what it left alone because it was changed since."""
    if not undone.skipped:
        return "Taken back." if undone.changes else "There was nothing to take back."
    named = ", ".join(dict.fromkeys(_label(skipped) for skipped in undone.skipped))
    start = "Taken back, except" if undone.changes else "Not taken back,"
    return f"{start} what was changed since: {named}."


def _label(skipped: Skipped) -> str:
    spec = all_specs()[skipped.type]
    if spec.owner:
        return all_specs()[spec.owner].by_name[spec.owner_field].label
    return spec.by_name[skipped.field].label


# ---- differences


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """One of several values of a field that PCs wrote without knowing of each other.

    Args:
        stamp: The version.
        value: The value.
        words: The value as it is shown.
        who: Who wrote it.
        pc: On which PC.
        at: When.
        reason: Why; may be empty.
    """

    stamp: int
    value: object
    words: str
    who: str
    pc: str
    at: dt.datetime
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """A field in which PCs differ, with what is needed to settle it.

    Args:
        type: The record's type.
        id: The record.
        field: The field.
        title: The words that name the record.
        choices: The values, newest first.
        heads: Every version that was shown, to be replaced by the one chosen.
        before: What the field said before, in words; empty if nothing.
    """

    type: str
    id: int
    field: FieldSpec
    title: str
    choices: tuple[Choice, ...]
    heads: tuple[int, ...]
    before: str


def differences(store: Store) -> tuple[Difference, ...]:
    """Return everything that is to be settled; elements of sets are settled by the newest word."""
    names = Names(store)
    return tuple(
        _difference(store, names, conflict)
        for conflict in log.conflicts(store)
        if all_specs()[conflict.type].cls is not None
    )


def _difference(store: Store, names: Names, conflict: Conflict) -> Difference:
    field = all_specs()[conflict.type].by_name[conflict.field]
    loaded = store.load(conflict.type, conflict.rec)
    heads = loaded.versions.get(conflict.field, ()) if loaded is not None else ()
    return Difference(
        type=conflict.type,
        id=conflict.rec,
        field=field,
        title=names.by_id(conflict.type, conflict.rec),
        choices=tuple(_choice(store, names, field, version) for version in conflict.versions),
        heads=heads,
        before=_before(store, names, conflict, field),
    )


def _choice(store: Store, names: Names, field: FieldSpec, version: Version) -> Choice:
    return Choice(
        stamp=version.stamp,
        value=version.value,
        words=words(store, names, field, version.value) or NOTHING,
        who=names.by_id("person", version.person),
        pc=names.by_id("pc", version.pc),
        at=version.at,
        reason=version.reason,
    )


def _before(store: Store, names: Names, conflict: Conflict, field: FieldSpec) -> str:
    """Return what the field said before the differing changes."""
    wanted = {version.stamp for version in conflict.versions}
    for entry in log.history(store, conflict.type, conflict.rec):
        if entry.id in wanted and conflict.field in entry.fields:
            return words(store, names, field, entry.fields[conflict.field].before)
    return ""
