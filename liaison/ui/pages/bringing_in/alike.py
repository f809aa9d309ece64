"""A row beside what it may be the same as: in what they differ, and what a person says of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from liaison.records import all_specs
from liaison.services.importing import Same, Several, Suggestion
from liaison.services.references import Names

if TYPE_CHECKING:
    from liaison.store.store import Store
from liaison.ui.pages.bringing_in.wording import Words, called, joined


@dataclasses.dataclass(frozen=True, slots=True)
class Choosable:
    """A field in which a row and what is known differ.

    Args:
        name: The field's name.
        label: Its label.
        ours: What is known, as a person reads it; empty for nothing.
        theirs: What the row says.
    """

    name: str
    label: str
    ours: str
    theirs: str


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """A row beside what it may be the same as.

    Args:
        suggestion: The two.
        ours: The name of what is known.
        theirs: The name that the row gives.
        fields: In what they differ.
        alike: In what they do not, as "Phone 01632 960201".
    """

    suggestion: Suggestion
    ours: str
    theirs: str
    fields: tuple[Choosable, ...]
    alike: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Candidates:
    """A row with what it may be.

    Args:
        where: Where the row stands: "row 2".
        row: The row's number.
        title: The name that the row gives.
        said: What else it gives, in words; may be empty.
        by: By what it may be more than one.
        several: What it may be, in words that tell them apart, each beside the row.
    """

    where: str
    row: int
    title: str
    said: str
    by: str
    several: tuple[tuple[str, Suggestion], ...]


def pair(type_name: str, one: Suggestion) -> Callable[[Store], Pair]:
    """Return what reads a row beside what it may be the same as.

    Args:
        type_name: The record type.
        one: The two.
    """

    def read(store: Store) -> Pair:
        names = Names(store)
        spec = all_specs()[type_name]
        words = Words(store, names, spec)
        record = None if one.record is None else store.get(type_name, one.record)
        differ: list[Choosable] = []
        alike: list[str] = []
        for name, value in one.given.items():
            field = spec.by_name[name]
            known = one.other.get(name) if record is None else getattr(record, name)
            ours, theirs = words.value(field, known), words.value(field, value)
            if ours == theirs:
                alike.append(f"{field.label}: {theirs}")
            else:
                differ.append(Choosable(name, field.label, ours, theirs))
        of = f"{one.entry} {one.other_row:,}" if record is None else names.of(record)
        ours_name = str(one.other.get("name") or of) if record is None else of
        return Pair(
            one, ours_name, str(one.given.get("name") or ""), tuple(differ), tuple(alike)
        )  # fmt: skip

    return read


def candidates(type_name: str, one: Several) -> Callable[[Store], Candidates]:
    """Return what reads what a row may be, if that is more than one.

    Args:
        type_name: The record type.
        one: The row.
    """

    def read(store: Store) -> Candidates:
        names = Names(store)
        spec = all_specs()[type_name]
        words = Words(store, names, spec)
        reasons = (f"the same {one.by.lower()}",)
        found = []
        for identity in one.records:
            record = store.get(type_name, identity)
            if record is None:
                continue
            told, title = names.of(record), words.title(record)
            if told == title and (more := words.below(record)):
                # nothing tells it apart yet
                told = f"{title} · {more}"
            found.append((told, Suggestion(one.row, identity, None, 1.0, reasons, one.given)))
        found += [
            (
                f"The same as {one.entry} {row:,}",
                Suggestion(one.row, None, row, 1.0, reasons, one.given, entry=one.entry),
            )
            for row in one.other_rows
        ]
        said = [
            f"{spec.by_name[name].label}: {words.value(spec.by_name[name], value)}"
            for name, value in one.given.items()
            if name not in spec.title
        ]
        where = f"{one.entry} {one.row:,}"
        return Candidates(where, one.row, called(one), joined(said), one.by, tuple(found))

    return read


def gaps(type_name: str, alike: Sequence[Suggestion]) -> Callable[[Store], list[Same]]:
    """Return what reads how rows are merged with the records they may be, filling gaps alone.

    Args:
        type_name: The record type.
        alike: The rows with the records; those with other rows are left out.
    """

    def read(store: Store) -> list[Same]:
        found = []
        for one in alike:
            record = None if one.record is None else store.get(type_name, one.record)
            if record is not None:
                empty = (name for name in one.given if getattr(record, name) in {None, ()})
                found.append(said_same(one, frozenset(empty)))
        return found

    return read


def said_same(one: Suggestion, take: frozenset[str]) -> Same:
    """Return what a person says who holds a row for what it may be the same as.

    Args:
        one: The two.
        take: The fields in which the row is right.
    """
    return Same(one.row, record=one.record, other_row=one.other_row, take=take)
