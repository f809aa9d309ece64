"""What the Today page is made of: one item for each thing to know or to do, in plain words."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, TypeVar

from liaison.records import Kind, Record, all_specs, spec_of
from liaison.records.rules import times
from liaison.services.references import Names
from liaison.services.training import matrix
from liaison.store import query
from liaison.store.driver import plain_errors

if TYPE_CHECKING:
    from liaison.records.rules.matrix import Matrix
    from liaison.store.query import Condition
    from liaison.store.store import Store

R = TypeVar("R", bound=Record)
_LONGEST: Final = 160
_MOST_NAMED: Final = 3


class Section(enum.Enum):
    """A part of the Today page, by its heading."""

    ANSWERS = "Answers to your concerns"
    COMING = "Coming"
    CONCERNS = "Concerns without an answer"
    REVIEWS = "Reviews after coming back"
    ACTIONS = "Actions due"
    RESULTS = "Results awaited"
    REFERRALS = "Referrals waiting"
    TRAINING = "Training running out"
    VISITS = "Visits of the last days"


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One thing to know or to do.

    Args:
        section: Where it stands.
        type: The record type to open; ``id`` the record.
        id: See ``type``.
        title: What or whom it is about.
        detail: More about it; may be empty.
        when: The day or moment it happened, happens or is due; None if there is none.
        words: How it stands: "1 day late", "in 9 days", "184 days, usual wait 126".
        days: How many days ago ``when`` was; negative if it lies ahead, 0 if there is none.
        late: Whether it should have been done before.
        usual: How many days it usually takes, where that is known.
    """

    section: Section
    type: str
    id: int
    title: str
    detail: str
    when: dt.date | dt.datetime | None
    words: str
    days: int = 0
    late: bool = False
    usual: int | None = None

    @property
    def when_words(self) -> str:
        """The day or moment as it is shown."""
        if isinstance(self.when, dt.datetime):
            return times.show_time(self.when)
        return "" if self.when is None else times.show_date(self.when)


class Look:
    """One look at a home on a day: reads records and names them, many at once.

    Args:
        store: The home.
        day: The day.
    """

    def __init__(self, store: Store, day: dt.date) -> None:
        self.store = store
        self.day = day
        self.names = Names(store)

    @functools.cached_property
    def matrix(self) -> Matrix:
        """How everybody stands with their training; worked out when it is first asked for."""
        return matrix(self.store, self.day)

    def find(
        self,
        cls: type[R],
        *where: Condition,
        order_by: str = "",
        newest_first: bool = True,
    ) -> list[R]:
        """Return the live records of a class for which all of it holds.

        What was struck through is left out. The conditions must be such that an index finds few:
        nothing is said here about how many there are.
        """
        return [*self.each(cls, *where, order_by=order_by, newest_first=newest_first)]

    def each(  # as find takes them
        self,
        cls: type[R],
        *where: Condition,
        order_by: str = "",
        newest_first: bool = True,
        chunk: int = 500,
    ) -> Iterator[R]:
        """Yield what :meth:`find` returns, read in chunks: whoever needs few stops early."""
        asked = query.Query(spec_of(cls).name, where, order_by=order_by, newest_first=newest_first)
        for record in query.every(self.store, asked, chunk):
            if isinstance(record, cls) and not record.struck_reason:
                yield record

    def learn(self, records: Iterable[Record]) -> None:
        """Read at once what some records refer to, before it is named."""
        wanted: defaultdict[str, set[int]] = defaultdict(set)
        for record in records:
            for field in spec_of(record).columns:
                value = getattr(record, field.name)
                if field.kind is Kind.REF and value is not None:
                    wanted[field.target].add(value)
        self.names.learn(wanted)

    def name(self, type_name: str, identity: int | None) -> str:
        """Return the words that name a record; empty for none."""
        return "" if identity is None else self.names.by_id(type_name, identity)

    def standing_ids(self, type_name: str, identity: int) -> set[int]:
        """Return the ids by which one record may be referred to: its own and its duplicates'."""
        with plain_errors():
            return set(query.same_ids(self.store.connection, all_specs()[type_name], identity))

    def label(self, record: Record, field: str) -> str:
        """Return a choice of a record as people see it; empty if nothing is recorded."""
        value = getattr(record, field)
        declared = spec_of(record).by_name[field]
        return "" if value is None else self.store.vocabularies.label(declared, value)

    def residents(self, identities: Iterable[int | None]) -> str:
        """Return the names of some residents, a few and how many more there are."""
        ids = [identity for identity in dict.fromkeys(identities) if identity is not None]
        shown = ", ".join(self.name("resident", identity) for identity in ids[:_MOST_NAMED])
        more = len(ids) - _MOST_NAMED
        return f"{shown} and {more} more" if more > 0 else shown

    def days_since(self, moment: dt.date | dt.datetime) -> int:
        """Return how many days ago a day or moment was on the home's wall; negative if ahead."""
        day = times.in_london(moment).date() if isinstance(moment, dt.datetime) else moment
        return (self.day - day).days


def id_of(record: Record) -> int:
    """Return the id of a record that came from the store."""
    assert record.id is not None  # noqa: S101  # it was saved before
    return record.id


def joined(*parts: str) -> str:
    """Return what is there of some parts, in one line."""
    return ", ".join(part for part in parts if part)


def short(text: str | None) -> str:
    """Return the beginning of a note in one line."""
    line = " ".join((text or "")[: 2 * _LONGEST].split())
    if len(line) <= _LONGEST:
        return line
    return f"{line[:_LONGEST].rsplit(' ', 1)[0]} ..."


def counted(number: int, one: str, several: str) -> str:
    """Return a number with its word."""
    return f"{number:,} {one if number == 1 else several}"


def days_words(number: int) -> str:
    """Return a number of days in words."""
    return counted(number, "day", "days")


def ago(days: int) -> str:
    """Say how long ago something happened, or when it will: "yesterday", "in 9 days"."""
    near = {-1: "tomorrow", 0: "today", 1: "yesterday"}
    if days in near:
        return near[days]
    return f"in {days_words(-days)}" if days < 0 else f"{days_words(days)} ago"


def due(days: int) -> str:
    """Say how something stands that was due so many days ago: "1 day late", "due today"."""
    return f"{days_words(days)} late" if days > 0 else f"due {ago(days)}"
