"""What the audit page shows, read from the home; no widget is known here."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from liaison.records import all_specs
from liaison.records.administration import Person
from liaison.records.rules import times
from liaison.services import audit
from liaison.services.audit_words import ERASED_WORDS
from liaison.services.erasing import erasable
from liaison.services.references import Names
from liaison.store import query
from liaison.store.audit import Asked

if TYPE_CHECKING:
    from liaison.services.audit import Line
    from liaison.store.audit import Key
    from liaison.store.store import Store

PAGE: Final = 120
"""Changes that are read at once."""

#: What can be looked at: the word, and the kinds of access (none: see ``asked_for``).
SIGN_INS: Final = ("sign in", "failed sign in", "sign out")
OUT: Final = ("exported", "printed", "backed up", "restored")
ONE_DAY: Final = -1
"""Stands for a day that is typed."""
PERIODS: Final[tuple[tuple[int, str], ...]] = (
    (0, "At any time"), (1, "Today"), (7, "Last 7 days"), (28, "Last 4 weeks"),
    (91, "Last 3 months"), (365, "Last 12 months"), (ONE_DAY, "One day"),
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Filters:
    """What somebody chose to see.

    Args:
        what: "all", "changes", "opened", "out", "sign-ins" or "roles".
        person: Only of this person; 0 for everybody.
        type: Only of this type of record; empty for all.
        days: Only of so many days up to today; 0 for any, :data:`ONE_DAY` for ``day`` alone.
        day: That day.
        record: Only about this record.
        title: The words that name it.
    """

    what: str = "all"
    person: int = 0
    type: str = ""
    days: int = 0
    day: dt.date | None = None
    record: tuple[str, int] | None = None
    title: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: people, and types of record, each with the words for it."""

    people: tuple[tuple[int, str], ...]
    types: tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Content:
    """A field of a record that holds something which can be erased."""

    name: str
    label: str
    words: str


def choices(store: Store) -> Choices:
    """Return what the filters offer."""
    names = Names(store)
    people = [
        (record.id or 0, names.of(record))
        for record in query.every(store, query.Query("person", archived=True))
        if isinstance(record, Person)
    ]
    types = [
        (spec.name, spec.plural)
        for spec in all_specs().values()
        if spec.cls is not None and spec.name != "access_event"
    ]
    return Choices(
        tuple(sorted(people, key=lambda one: one[1].casefold())),
        tuple(sorted(types, key=lambda one: one[1].casefold())),
    )


def asked_for(filters: Filters, today: dt.date) -> Asked:
    """Return what is asked of the log."""
    kinds: tuple[str, ...] = {
        "opened": ("opened",), "out": OUT, "sign-ins": SIGN_INS, "roles": ("role changed",),
    }.get(filters.what, ())  # fmt: skip
    first = today - dt.timedelta(days=filters.days - 1) if filters.days > 0 else None
    end = None
    if filters.days == ONE_DAY and filters.day is not None:
        first = filters.day
        end = times.start_of_day(first + dt.timedelta(days=1))
    return Asked(
        person=filters.person or None,
        record=filters.record,
        # of what was opened or printed the kind of record is not asked
        types=(filters.type,) if filters.type and not kinds else (),
        kinds=kinds,
        accesses=False if filters.what == "changes" else None,
        start=times.start_of_day(first) if first else None,
        end=end,
    )


def page(store: Store, asked: Asked, after: Key | None) -> audit.Lines:
    """Return a page of the audit."""
    return audit.lines(store, asked, after=after, limit=PAGE)


def contents(store: Store, type_name: str, identity: int) -> tuple[Content, ...]:
    """Return the fields of a record with content that can be erased."""
    said = audit.as_known(store, type_name, identity, store.clock())
    can = {field.name for field in erasable(type_name)}
    return tuple(
        Content(field.name, field.label, words)
        for field, words in said or ()
        if field.name in can and words != ERASED_WORDS
    )


def said(line: Line) -> str:
    """Return a line of the audit as a screen reader says it."""
    parts = (
        times.show_time(line.at), f"{line.who}, on {line.pc}", line.verb, line.about, line.detail,
        line.reason,
    )  # fmt: skip
    return ", ".join(part for part in parts if part)
