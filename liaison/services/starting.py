"""The starting lists: needs, glossary, courses and frameworks that ship as data files.

A new home is empty. Whoever wishes gets lists to begin with, as records of their own that can be
corrected, archived and added to like any other.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from typing import TYPE_CHECKING, Any, Final

from liaison.records import Record, ids, spec_of
from liaison.records.directory import Service, Term
from liaison.records.rules.same_name import name_key
from liaison.records.training import Course, Requirement
from liaison.security.roles import Action
from liaison.settings import resource
from liaison.store import query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from liaison.services.homes import OpenHome
    from liaison.store.store import Store

_REASON: Final = "The starting lists were added."


@dataclasses.dataclass(frozen=True, slots=True)
class StartingService:
    """A need that residents and staff have of health and social care.

    Args:
        name: What the need is called in lists.
        synonyms: What people type or say instead.
        explanation: What the service does, in plain English.
        organisations: The kinds of organisation that are likely to offer it, likeliest first.
        roles: The professional roles that are likely to see to it, likeliest first.
    """

    name: str
    synonyms: tuple[str, ...]
    explanation: str
    organisations: tuple[str, ...]
    roles: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class StartingTerm:
    """An abbreviation that a care home meets, its meaning, and one sentence in plain English."""

    abbreviation: str
    meaning: str
    explanation: str


@dataclasses.dataclass(frozen=True, slots=True)
class StartingCourse:
    """A course with its usual interval, and who usually must hold it.

    Args:
        name: The course.
        category: Its code in the workforce return; empty if there is none.
        refresh_months: How long it lasts; None if once is enough.
        kind: As in ``Course.kind``.
        satisfies: The names of the courses it also counts as.
        required_of: The job roles that must hold it, unless the home decides otherwise.
    """

    name: str
    category: str
    refresh_months: int | None
    kind: str
    satisfies: tuple[str, ...]
    required_of: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """One item of a framework: the word it is kept by, its label, question and plain wording.

    ``reports`` are those that answer it, the best first; ``under`` is the key question it belongs
    to, for an item that is not one itself.
    """

    item: str
    label: str
    question: str
    plain: str
    reports: tuple[str, ...] = ()
    under: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Framework:
    """What records can be tagged as evidence for; ``overall`` are the reports that answer all of it."""

    framework: str
    explanation: str
    items: tuple[Question, ...]
    overall: tuple[str, ...] = ()


@functools.cache
def services() -> tuple[StartingService, ...]:
    """Return the needs that ship with the program, in the order of the file."""
    return tuple(StartingService(**_tuples(entry)) for entry in _entries("services.json"))


@functools.cache
def terms() -> tuple[StartingTerm, ...]:
    """Return the glossary that ships with the program, in the order of the alphabet."""
    return tuple(StartingTerm(**entry) for entry in _entries("glossary.json"))


@functools.cache
def courses() -> tuple[StartingCourse, ...]:
    """Return the courses that ship with the program, those that most homes require first."""
    return tuple(StartingCourse(**_tuples(entry)) for entry in _entries("courses.json"))


@functools.cache
def key_questions() -> Framework:
    """Return the five questions that the regulator asks of every care service."""
    return frameworks()["key-questions"]


@functools.cache
def frameworks() -> dict[str, Framework]:
    """Return the frameworks that ship with the program, each by its permanent name."""
    found = {}
    for name in ("key-questions", "quality-statements"):
        file = resource("frameworks", f"{name.replace('-', '_')}.json")
        entry = json.loads(file.read_text("utf-8"))
        items = tuple(Question(**_tuples(item)) for item in entry["items"])
        overall = tuple(entry["overall"])
        found[name] = Framework(entry["framework"], entry["explanation"], items, overall)
    return found


def _entries(file: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(resource(file).read_text("utf-8"))
    return entries


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(v) if isinstance(v, list) else v for name, v in entry.items()}


def add_starting_lists(home: OpenHome) -> dict[str, int]:
    """Add the needs, glossary, courses and requirements that this home does not have yet.

    What is there already under the same name is left as it is, archived or not: whoever took a
    course out does not want it back. All of it is one batch, to be undone as one.

    Args:
        home: The home.

    Returns:
        How many records of each type were added; all 0 if they were there.

    Raises:
        NotAllowed: Only a manager may.
    """
    home.require(Action.IMPORT)
    planned = list(_planned(home.store))
    counts = {spec_of(cls).name: 0 for cls in (Service, Term, Course, Requirement)}
    for record, _ in planned:
        counts[spec_of(record).name] += 1
    if planned:
        with home.unit(_REASON, kind="import") as unit:
            unit.start_batch()
            for record, source in planned:
                unit.add(record, derived_from=source)
    return counts


def _planned(store: Store) -> Iterator[tuple[Record, tuple[str | int, ...]]]:
    """Yield the records to add, each with what its id is built from."""
    known = _Known(store, "service", "name")
    for need in services():
        if need.name not in known:
            yield (
                Service(
                    name=need.name,
                    synonyms=", ".join(need.synonyms),
                    explanation=need.explanation,
                ),
                (need.name,),
            )
    known = _Known(store, "term", "abbreviation")
    for term in terms():
        if term.abbreviation not in known:
            yield (
                Term(
                    abbreviation=term.abbreviation,
                    meaning=term.meaning,
                    explanation=term.explanation,
                ),
                (term.abbreviation,),
            )
    yield from _planned_training(store)


def _planned_training(store: Store) -> Iterator[tuple[Record, tuple[str | int, ...]]]:
    known = _Known(store, "course", "name")
    for course in courses():
        if course.name not in known:
            yield (
                Course(
                    name=course.name,
                    category=course.category or None,
                    refresh_months=course.refresh_months,
                    kind=course.kind,
                    satisfies=tuple(known.identity(other) for other in course.satisfies),
                ),
                (course.name,),
            )
    required = set(_required(store, known))
    for course in courses():
        identity = known.identity(course.name)
        for role in course.required_of:
            source = identity, role
            if source not in required and not _is_here(store, "requirement", *source):
                yield Requirement(course=identity, job_role=role), source


def _required(store: Store, known: _Known) -> Iterable[tuple[int | None, str | None]]:
    for record in query.every(store, query.Query("requirement", archived=True)):
        assert isinstance(record, Requirement)  # noqa: S101  # of its type
        yield record.course and known.standing(record.course), record.job_role


def _is_here(store: Store, type_name: str, *source: str | int) -> bool:
    return store.get(type_name, ids.derived_id(type_name, *source)) is not None


class _Known:
    """The records of a type that a home has, by name.

    Args:
        store: The home.
        type_name: The record type.
        field: The field that names its records.
    """

    def __init__(self, store: Store, type_name: str, field: str) -> None:
        self._store = store
        self._type = type_name
        self._ids: dict[str, int] = {}
        # those in the lists are seen last, so they win over archived ones of the same name
        everything = query.every(store, query.Query(type_name, archived=True))
        for record in sorted(everything, key=lambda r: r.lives):
            if record.id is not None:
                self._ids[name_key(getattr(record, field) or "")] = record.id

    def __contains__(self, name: str) -> bool:
        """Return whether it is there, under this name or renamed since it was added."""
        return name_key(name) in self._ids or _is_here(self._store, self._type, name)

    def identity(self, name: str) -> int:
        """Return the id of the record of a name: of the one here, or of the one to be added."""
        found = self._ids.get(name_key(name))
        return self.standing(ids.derived_id(self._type, name) if found is None else found)

    def standing(self, identity: int) -> int:
        """Return the id of the record that stands for an id today; the id itself if none does."""
        record = self._store.follow(self._type, identity)
        return identity if record is None or record.id is None else record.id
