"""What the page of practices shows, read and put into words off the window's thread."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison.records.directory import Organisation
from liaison.records.rules import times
from liaison.records.rules.ringing import SURGERY
from liaison.services import ods
from liaison.services.ods import Difference, Differences, What
from liaison.services.references import Names
from liaison.store import history, query
from liaison.store.history import batch_changes
from liaison.store.ods import count as lines_loaded
from liaison.ui.parts.asking_files import opened_to_read

if TYPE_CHECKING:
    from liaison.records.rules.practices import Practice
    from liaison.services.homes import OpenHome
    from liaison.services.ods import LoadedList
    from liaison.store.store import Store

MOST_FOUND: Final = 8
"""Practices that are shown while somebody types."""

__all__ = [
    "MOST_FOUND",
    "Added",
    "Compared",
    "Found",
    "Taken",
    "accept",
    "add",
    "compare",
    "lines_loaded",
    "load",
    "search",
    "words_of",
]


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A practice that was looked up.

    Args:
        practice: The practice.
        organisation: Its id in the directory; None if it is not there.
    """

    practice: Practice
    organisation: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Compared:
    """What a newer list says otherwise than the directory.

    Args:
        differences: All of it.
        residents: By code, the names of the residents whose practice it is.
        unlisted: The names of practices in the directory that the list does not have.
        loaded: What was loaded to look practices up in; None if it was there already.
    """

    differences: Differences
    residents: Mapping[str, Sequence[str]]
    unlisted: Sequence[str]
    loaded: LoadedList | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Added:
    """A practice that was added.

    Args:
        id: The organisation.
        name: Its name.
        changes: What takes it back.
    """

    id: int
    name: str
    changes: tuple[int, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Taken:
    """Differences that were taken over.

    Args:
        done: How many.
        left: How many were not, because somebody changed the directory meanwhile.
        changes: What takes them back.
    """

    done: int
    left: int
    changes: tuple[int, ...]


def search(typed: str) -> Callable[[Store], tuple[Found, ...]]:
    """Return what looks practices up by a part of their name, town, postcode or code."""

    def read(store: Store) -> tuple[Found, ...]:
        found = ods.search(store, typed, MOST_FOUND)
        there = _in_directory(store, [one.code for one in found])
        return tuple(Found(one, there.get(one.code)) for one in found)

    return read


def _in_directory(store: Store, codes: Sequence[str]) -> dict[str, int]:
    if not codes:
        return {}
    where = (query.Condition("ods_code", tuple(codes), "in"),)
    return {
        (one.ods_code or "").strip().upper(): one.id
        for one in query.every(store, query.Query("organisation", where))
        if isinstance(one, Organisation) and one.id is not None and not one.struck_reason
    }


def load(home: OpenHome, file: Path) -> Compared:
    """Load a list to look practices up in, and compare it with the directory.

    Raises:
        UserError: It is another file, or damaged, or cannot be read; the list before stays.
    """
    with opened_to_read(file) as opened:
        loaded = ods.load(home, opened)
        opened.seek(0)
        return dataclasses.replace(_compared(home, ods.refresh(home, opened)), loaded=loaded)


def compare(home: OpenHome, file: Path) -> Compared:
    """Compare a list with the directory; nothing is written.

    Raises:
        UserError: It cannot be read any more.
    """
    with opened_to_read(file) as opened:
        return _compared(home, ods.refresh(home, opened))


def _compared(home: OpenHome, differences: Differences) -> Compared:
    names = Names(home.store)
    names.learn({"resident": [one for people in differences.residents.values() for one in people]})
    people = {
        code: tuple(sorted(names.by_id("resident", one) for one in found))
        for code, found in differences.residents.items()
    }
    unlisted = _in_directory(home.store, differences.unlisted)
    # pharmacies and others have codes too, and were never in this list
    places = [
        names.by_id("organisation", one)
        for one in unlisted.values()
        if getattr(home.store.get("organisation", one), "kind", "") == SURGERY
    ]
    return Compared(differences, people, sorted(places))


def add(home: OpenHome, code: str) -> Added:
    """Add a practice of the list to the directory.

    Raises:
        UserError: It is there already, or not in the list.
    """
    identity, practice, _ = ods.add(home, code)
    entries = history.history(home.store, "organisation", identity)
    return Added(identity, practice.name, tuple(sorted({entry.id for entry in entries})))


def accept(home: OpenHome, differences: Differences, which: Sequence[Difference]) -> Taken:
    """Take over what a newer list says.

    Raises:
        UserError: The disk or another program prevented it; nothing was written.
    """
    accepted = ods.accept(home, differences, which)
    batch = accepted.batch
    changes = () if batch is None else tuple(batch_changes(home.store, batch))
    return Taken(len(accepted.done), len(accepted.left), changes)


def words_of(one: Difference) -> tuple[str, str, str]:
    """Return what is different, what the directory says and what the newer list does, in words."""
    match one.what:
        case What.RENAMED:
            return "Renamed", one.before, one.now
        case What.CLOSED:
            day = f" on {times.show_date(dt.date.fromisoformat(one.now))}" if one.now else ""
            return "Closed", "Open", f"Closed{day}"
        case What.PHONE:
            return "New phone number", one.before, one.now
        case What.ADDRESS:
            return "New address", one.before, one.now
