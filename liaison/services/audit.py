"""The audit: what was changed, and who signed in, looked, printed, exported.

Everything here takes a store and gives frozen values, for the window, the command line and paper.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from liaison.records import FieldSpec, RecordSpec, all_specs
from liaison.services.audit_page import Teller
from liaison.services.audit_words import (
    EMPTIED_LABEL,
    ERASED_WORDS,
    Line,
    Step,
    emptied_words,
    steps_of,
    verb_of,
    words_of,
)
from liaison.services.references import Names
from liaison.store import audit
from liaison.store import history as log
from liaison.store.changes import BIRTHS, ERASE, ERASED

if TYPE_CHECKING:
    from liaison.store.audit import Asked, Key
    from liaison.store.history import HistoryEntry
    from liaison.store.store import Store

__all__ = ["Line", "Lines", "Step", "as_known", "every", "lines", "record_lines"]

_SCAN: Final = 400


@dataclasses.dataclass(frozen=True, slots=True)
class Lines:
    """A page of the stream in words, newest first, and where the next one goes on."""

    lines: tuple[Line, ...]
    next: Key | None


def lines(store: Store, asked: Asked, *, after: Key | None = None, limit: int = 100) -> Lines:
    """Return a page of the audit.

    Args:
        store: The home.
        asked: What is wanted of it.
        after: Where the page before ended.
        limit: How many changes it tells of at most; a save's changes to one record are one line.
    """
    found = audit.page(store, asked, after=after, limit=limit)
    return Lines(tuple(Teller(store, found.entries).lines()), found.next)


def every(store: Store, asked: Asked, most: int) -> Iterator[Line]:
    """Yield lines, newest first, until there are no more or so many were read from the log."""
    after = None
    while most > 0:
        page = audit.page(store, asked, after=after, limit=min(_SCAN, most))
        yield from Teller(store, page.entries).lines()
        most -= len(page.entries)
        after = page.next
        if after is None:
            return


def record_lines(
    store: Store, type_name: str, identity: int, *, as_known_at: dt.datetime | None = None
) -> tuple[Line, ...]:
    """Return what became of one record, oldest first: each save of it as a line.

    Args:
        store: The home.
        type_name: Its type.
        identity: The record.
        as_known_at: Only what had been written by then.
    """
    names, spec = Names(store), all_specs()[type_name]
    entries = log.history(store, type_name, identity, as_known_at=as_known_at)
    return tuple(
        _line_of_save(store, names, spec, identity, list(together))
        for _, together in itertools.groupby(filter(_counts, entries), lambda entry: entry.unit)
    )


def as_known(
    store: Store, type_name: str, identity: int, moment: dt.datetime
) -> tuple[tuple[FieldSpec, str], ...] | None:
    """Return what a record said at a moment, in words; None if it was not written yet.

    Args:
        store: The home.
        type_name: Its type.
        identity: The record.
        moment: What had been written by then counts (domain rule 6).
    """
    entries = log.history(store, type_name, identity, as_known_at=moment)
    if not entries:
        return None
    names = Names(store)
    values: dict[str, object] = {}
    gone: set[str] = set()
    for entry in entries:
        for name, step in entry.fields.items():
            values[name] = step.after
            # a later version that stands is not the one that was erased
            is_gone = name in entry.erased or entry.op == ERASE
            (gone.add if is_gone else gone.discard)(name)
    return tuple(
        (field, ERASED_WORDS if field.name in gone else words_of(store, names, field, value))
        for field in all_specs()[type_name].fields
        if (value := values.get(field.name)) not in (None, ()) or field.name in gone
    )


def _counts(entry: HistoryEntry) -> bool:
    """Return whether anything was different afterwards, or is known no more."""
    return (
        bool(entry.erased)
        or entry.emptied is not None
        or entry.op == ERASE
        or any(step.before != step.after for step in entry.fields.values())
    )


def _line_of_save(
    store: Store, names: Names, spec: RecordSpec, identity: int, together: list[HistoryEntry]
) -> Line:
    first = together[0]
    values: dict[str, tuple[object, object]] = {}
    gone: set[str] = set()
    for entry in together:
        gone |= entry.erased
        for name, step in entry.fields.items():
            values[name] = values.get(name, (step.before, None))[0], step.after
    verb = verb_of(
        first.kind, first.op, is_birth=first.op in BIRTHS and first.id == identity,
        fields={name: after for name, (_, after) in values.items()},
    )  # fmt: skip
    return Line(
        key=(first.unit, first.id),
        at=first.at,
        who=names.by_id("person", first.person),
        pc=names.by_id("pc", first.pc),
        verb=verb,
        type=spec.name,
        rec=identity,
        label=spec.label,
        title=names.by_id(spec.name, identity),
        reason=first.reason,
        steps=(
            *steps_of(store, names, spec, values, gone, erasing=first.op == ERASE),
            *(
                Step(ERASED, EMPTIED_LABEL, "", emptied_words(entry.emptied))
                for entry in together[:1]
                if entry.emptied is not None
            ),
        ),
        changes=tuple(entry.id for entry in together),
    )
