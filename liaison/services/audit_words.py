"""One line of the audit: what was done, to what, and each field from what to what, in words."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from liaison.records import FieldSpec, RecordSpec
from liaison.records.rules import times
from liaison.records.showing import ERASED, beside, show
from liaison.services.references import Names
from liaison.store.changes import ERASE, EVENT, RESOLVE, TAKEN_IN

if TYPE_CHECKING:
    from liaison.store.audit import Key
    from liaison.store.store import Store

ERASED_WORDS: Final = ERASED.lower()
"""The same where it does not begin a line."""
EMPTIED_LABEL: Final = "What it said"
"""Stands for fields of which not even the names are known any more."""
_KINDS: Final = {
    "undo": "Taken back", "merge": "Merged", "move": "Moved", "import": "Brought in",
    TAKEN_IN: "Taken in after all",
}  # fmt: skip
ACCESSES: Final = {
    "sign in": "Signed in",
    "failed sign in": "Failed to sign in",
    "sign out": "Signed out",
    "opened": "Opened",
    "exported": "Exported",
    "printed": "Printed",
    "backed up": "Backed up",
    "restored": "Restored",
    "role changed": "Changed who may sign in",
}
"""What is noted, by its wire name, as something somebody did."""
_SAID_BY_THE_VERB: Final = frozenset({"archived"})


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One field before and after a change, in words; empty stands for nothing.

    Args:
        name: The field's wire name.
        label: What people call it.
        before: What it said.
        after: What it says since.
    """

    name: str
    label: str
    before: str
    after: str


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done: all that one save did to one record, or one access.

    Args:
        key: Its place in the stream.
        at: When, by the clock of the PC it was done on.
        who: The name of whoever did it.
        pc: The PC.
        verb: What was done, such as "Changed" or "Signed in".
        type: The record type it was done to; empty if to none.
        rec: The record; 0 for none.
        label: What people call a record of that type.
        title: The words that name the record.
        reason: Why, in their words.
        detail: More about an access.
        steps: What was changed.
        changes: The stamps of the changes.
        access: The wire name of the kind of access; empty for a change.
    """

    key: Key
    at: dt.datetime
    who: str
    pc: str
    verb: str
    type: str = ""
    rec: int = 0
    label: str = ""
    title: str = ""
    reason: str = ""
    detail: str = ""
    steps: tuple[Step, ...] = ()
    changes: tuple[int, ...] = ()
    access: str = ""

    @property
    def about(self) -> str:
        """The record in a few words: its type and its name."""
        title = beside(self.label, self.title)
        return f"{self.label}: {title}" if title and self.label else self.title


def emptied_words(on: dt.datetime) -> str:
    """Return what is said of a change all of which was erased by law.

    Args:
        on: When it was erased.
    """
    return f"{ERASED_WORDS} on {times.show_date(times.in_london(on).date())}"


def steps_of(
    store: Store,
    names: Names,
    spec: RecordSpec,
    values: Mapping[str, tuple[object, object]],
    gone: Iterable[str],
    *,
    erasing: bool,
) -> Iterator[Step]:
    """Yield what changed, in the order of the declaration; what the verb says is left out.

    Args:
        store: The home.
        names: The words that name records.
        spec: The record's type.
        values: Of each field that was written, what it said before and after.
        gone: The fields whose content was erased since.
        erasing: Whether this is the erasure itself.
    """
    gone = set(gone)
    for field in spec.fields:
        if field.name not in values or field.name in _SAID_BY_THE_VERB:
            continue
        if _points(spec, field.name):
            continue
        before, after = (words_of(store, names, field, value) for value in values[field.name])
        if field.name in gone or erasing:
            yield Step(field.name, field.label, before, ERASED_WORDS)
        elif before or after:
            yield Step(field.name, field.label, before, after)


def _points(spec: RecordSpec, name: str) -> bool:
    """Return whether a field is half of a pair that names a record by wire name and id."""
    pair = name.removesuffix("_id").removesuffix("_type")
    return pair != name and {f"{pair}_id", f"{pair}_type"} <= spec.by_name.keys()


def words_of(store: Store, names: Names, field: FieldSpec, value: object) -> str:
    """Return a value of a field in the words it is shown by; empty for nothing."""
    return show(field, value, vocabularies=store.vocabularies, name=names.by_id)


def verb_of(kind: str, op: str, *, is_birth: bool, fields: Mapping[str, object]) -> str:
    """Return what was done, in a word.

    Args:
        kind: The unit's kind of work.
        op: What kind of change it is.
        is_birth: Whether the record was made by it.
        fields: What was written.
    """
    if kind in _KINDS:
        return _KINDS[kind]
    if op == ERASE:
        return ERASED
    if op == RESOLVE:
        return "Settled differences"
    if op == EVENT:
        return "Noted"
    if is_birth:
        return "Added"
    if "archived" in fields:
        return "Archived" if fields["archived"] else "Brought back"
    if fields.get("struck_reason"):
        return "Struck through"
    return "Changed"
