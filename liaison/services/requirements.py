"""Who must hold what: the courses of a home, its job roles, and which must hold which since when."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

from liaison.records import spec_of
from liaison.records.home import Staff
from liaison.records.rules.compliance import refresh_words
from liaison.records.rules.same_name import name_key
from liaison.records.rules.standing import id_of
from liaison.records.training import Course, Requirement
from liaison.services import starting
from liaison.store import query

if TYPE_CHECKING:
    from liaison.store.store import Store


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """A course that a job role must hold; of several such records the one that began first.

    Args:
        requirement: The record's id.
        record: The record.
    """

    requirement: int
    record: Requirement


@dataclasses.dataclass(frozen=True, slots=True)
class Grid:
    """Courses and job roles, and what is required.

    Args:
        courses: The courses: those required first, refreshed most often first, then the others.
        roles: The job roles: as they are kept, and in words.
        asked: What is required, by course and job role.
    """

    courses: tuple[Course, ...]
    roles: tuple[tuple[str, str], ...]
    asked: Mapping[tuple[int, str], Asked]


def grid(store: Store) -> Grid:
    """Return who must hold what today; parts of a course that nobody must hold are left out."""
    courses = [
        one
        for one in query.every(store, query.Query("course"))
        if isinstance(one, Course) and not one.struck_reason
    ]
    asked: dict[tuple[int, str], Asked] = {}
    for one in query.every(store, query.Query("requirement")):
        assert isinstance(one, Requirement)  # noqa: S101  # of its type
        if one.struck_reason or one.course is None or one.job_role is None:
            continue
        course = store.follow("course", one.course)
        if course is None or course.id is None:
            continue
        key = course.id, one.job_role
        before = asked.get(key)
        if before is None or _first(one) < _first(before.record):
            asked[key] = Asked(id_of(one), one)
    field = spec_of(Staff).by_name["job_role"]
    roles = {item.value: item.label for item in store.vocabularies.items(field)}
    for _, role in asked:
        # a word that was taken out of the list is still required of whoever has it
        roles.setdefault(role, store.vocabularies.label(field, role))
    wanted = {course for course, _ in asked}
    usual = {name_key(course.name): place for place, course in enumerate(starting.courses())}
    parts = {part for one in courses for part in one.satisfies}
    shown = [one for one in courses if id_of(one) in wanted or id_of(one) not in parts]
    shown.sort(
        key=lambda one: (
            id_of(one) not in wanted, one.refresh_months is None, one.refresh_months or 0,
            usual.get(name_key(one.name or ""), len(usual)), name_key(one.name or ""),
        )
    )  # fmt: skip
    return Grid(tuple(shown), tuple(roles.items()), asked)


def _first(one: Requirement) -> tuple[bool, str]:
    return one.since is not None, "" if one.since is None else one.since.isoformat()


def how_often(course: Course) -> str:
    """Return how often a course is refreshed, in words."""
    return refresh_words(course.refresh_months)
