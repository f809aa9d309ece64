"""How each member of staff stands with each course on a day, worked out from the records."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from liaison.records.fields import Record
from liaison.records.home import Staff
from liaison.records.rules import compliance
from liaison.records.rules.compliance import Done, Held, State
from liaison.records.rules.times import in_london
from liaison.records.training import (
    Attendance,
    Course,
    Exemption,
    JobHeld,
    Requirement,
    Session,
    TrainingRecord,
)

_NOT_BOOKED: Final = (None, None)
_NO_PARTS: Final = (0, 0)


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """The records that decide a matrix, archived and merged ones too.

    A reference to a merged record means the one it became; training, requirements and so on that
    were archived or struck through count for nothing.
    """

    staff: Sequence[Staff] = ()
    courses: Sequence[Course] = ()
    requirements: Sequence[Requirement] = ()
    exemptions: Sequence[Exemption] = ()
    jobs: Sequence[JobHeld] = ()
    trained: Iterable[TrainingRecord | Done] = ()
    sessions: Sequence[Session] = ()
    attendances: Iterable[Attendance] = ()


class Cell(NamedTuple):
    """How one member of staff stands with one course.

    Args:
        staff: The member of staff's id.
        course: The course's id.
        state: The state, in one word or two.
        counts: Whether the sums count it: required, not exempt, and no new starter's time running.
        in_date: Whether they hold the course on the day, required or not.
        held: The training that counts longest, in date or not; None if there is none.
        last_done: The day they last completed it, or what counts as it.
        booked: When the first session is on which a place is held for them.
        session: That session's id.
        required_from: The first day on which they must hold it; None if never.
        exemption: The id of an exemption that holds.
        unsaid: Whether it is missing of somebody who was only just written down, without the day
            they started: what they did before may still be recorded, so nobody calls it late.
        parts_held: Of a course in numbered parts, how many of them they hold; ``parts`` how many
            there are, 0 of a course without parts.
        parts: See ``parts_held``.
    """

    staff: int
    course: int
    state: State
    counts: bool
    in_date: bool
    held: Held | None = None
    last_done: date | None = None
    booked: datetime | None = None
    session: int | None = None
    required_from: date | None = None
    exemption: int | None = None
    unsaid: bool = False
    parts_held: int = 0
    parts: int = 0

    @property
    def lacks(self) -> bool:
        """Whether they must hold the course and do not, booked or not."""
        return self.counts and not self.in_date


class Day:
    """The facts of one day, in the order in which cells ask for them."""

    def __init__(self, facts: Facts, on: date, due_soon_days: int) -> None:
        self.on = on
        self._due_soon_days = due_soon_days
        self._people, self._courses = stand_ins(facts.staff), stand_ins(facts.courses)
        courses = {id_of(course): course for course in facts.courses}
        self.listed = sorted(
            (course for course in courses.values() if stands(course)),
            key=lambda c: (c.refresh_months is None, c.refresh_months or 0, c.id),
        )
        self.jobs: defaultdict[int, list[JobHeld]] = defaultdict(list)
        for job in filter(stands, facts.jobs):
            self.jobs[self._person(job.staff)].append(job)
        self._requirements: defaultdict[tuple[str | None, int], list[Requirement]] = defaultdict(
            list
        )
        for requirement in filter(stands, facts.requirements):
            if requirement.since is None or requirement.since <= on:
                key = requirement.job_role, self._course(requirement.course)
                self._requirements[key].append(requirement)
        self._exempt: dict[tuple[int, int], int] = {}
        for exemption in filter(stands, facts.exemptions):
            if exemption.until is None or on <= exemption.until:
                whom = self._person(exemption.staff), self._course(exemption.course)
                self._exempt[whom] = id_of(exemption)
        self.satisfied = satisfied = counting(facts.courses)
        self._held: dict[tuple[int, int], Held] = {}
        self._last_done: dict[tuple[int, int], date] = {}
        self._count(facts.trained, courses, satisfied)
        self._parts = compliance.parts_of(courses, satisfied)
        for whole, parts in self._parts.items():
            self._join(courses[whole], parts)
        self._booked = self._what_is_booked(facts, satisfied)

    def _person(self, identity: int | None) -> int:
        return self._people.get(identity or 0, identity or 0)

    def _course(self, identity: int | None) -> int:
        return self._courses.get(identity or 0, identity or 0)

    def _count(
        self,
        trained: Iterable[TrainingRecord | Done],
        courses: Mapping[int, Course],
        satisfied: Mapping[int, frozenset[int]],
    ) -> None:
        """Keep of all training what counts longest, for each person and course."""
        held, last_done, on = self._held, self._last_done, self.on
        for record in trained:
            completed = record.completed
            course = self._course(record.course)
            if course not in satisfied or completed is None or completed > on:
                continue
            if isinstance(record, Record) and not stands(record):
                continue
            person, own = self._person(record.staff), courses[course]
            for asked in satisfied[course]:
                end = compliance.runs_out(record, own, courses[asked])
                found = Held(record.id, completed, end)
                key = person, asked
                if key not in held:
                    held[key], last_done[key] = found, completed
                    continue
                if found.outlasts(held[key]):
                    held[key] = found
                last_done[key] = max(last_done[key], completed)

    def _join(self, whole: Course, parts: Sequence[int]) -> None:
        """Let whoever holds every numbered part of a course hold the course."""
        identity = id_of(whole)
        for person in {person for person, course in self._held if course == parts[0]}:
            pieces = [self._held.get((person, part)) for part in parts]
            found = compliance.joined([piece for piece in pieces if piece is not None], whole)
            if None in pieces or found is None:
                continue
            for asked in self.satisfied[identity].difference(parts):
                key = person, asked
                if key not in self._held or found.outlasts(self._held[key]):
                    self._held[key] = found
                last = self._last_done.get(key, found.completed)
                self._last_done[key] = max(last, found.completed)

    def parts_held(self, person: int, course: int) -> tuple[int, int]:
        """Return how many numbered parts of a course somebody holds, and out of how many."""
        parts = self._parts.get(course, ())
        held = (self._held.get((person, part)) for part in parts)
        return sum(one is not None and one.in_date(self.on) for one in held), len(parts)

    def _what_is_booked(
        self, facts: Facts, satisfied: Mapping[int, frozenset[int]]
    ) -> dict[tuple[int, int], tuple[datetime, int]]:
        coming: dict[int | None, tuple[datetime, frozenset[int]]] = {}
        for session in facts.sessions:
            if not stands(session) or session.status != "planned" or session.at is None:
                continue
            if in_london(session.at).date() >= self.on:
                courses = satisfied.get(self._course(session.course), frozenset())
                coming[session.id] = session.at, courses
        booked: dict[tuple[int, int], tuple[datetime, int]] = {}
        for attendance in facts.attendances:
            if attendance.session not in coming or attendance.status != "booked":
                continue
            if not stands(attendance):
                continue
            at, courses = coming[attendance.session]
            for asked in courses:
                key = self._person(attendance.staff), asked
                place = at, attendance.session or 0
                booked[key] = min(booked.get(key, place), place)
        return booked

    def _required_from(self, person: Staff, role: str | None, course: int) -> date | None:
        """Return the first day on which somebody must hold a course; None if never."""
        found = self._requirements.get((role, course))
        if found is None:
            return None
        if len(found) == 1:
            return compliance.required_from(found[0], person)
        return min(compliance.required_from(requirement, person) for requirement in found)

    def required_of(self, roles: Collection[str | None]) -> list[Course]:
        """Return the listed courses that somebody in one of some job roles must hold, ever."""
        asked = {course for role, course in self._requirements if role in roles}
        return [course for course in self.listed if course.id in asked]

    def cell(self, person: Staff, role: str | None, course: Course) -> Cell:
        """Return how somebody stands with a course."""
        key = id_of(person), id_of(course)
        held = self._held.get(key)
        booked, session = self._booked.get(key, _NOT_BOOKED) if self._booked else _NOT_BOOKED
        begins = self._required_from(person, role, key[1])
        exemption = None if begins is None or not self._exempt else self._exempt.get(key)
        in_date = held is not None and held.in_date(self.on)
        required = begins is not None and (in_date or begins <= self.on)
        parts = self.parts_held(*key) if key[1] in self._parts else _NO_PARTS
        state = compliance.state_of(
            held,
            self.on,
            required=required,
            exempt=exemption is not None,
            booked=booked is not None,
            due_soon_days=self._due_soon_days,
        )
        # in the order of the fields: a matrix makes thousands of them
        return Cell(
            *key, state, required and exemption is None, in_date, held,
            None if held is None else self._last_done[key],
            booked, session, begins, exemption, False, *parts,
        )  # fmt: skip


def counting(courses: Sequence[Course]) -> dict[int, frozenset[int]]:
    """Return what each course counts as, by the courses that stand for merged ones today.

    Args:
        courses: All courses, archived and merged ones too.
    """
    became = stand_ins(courses)
    standing = {
        id_of(course): dataclasses.replace(
            course, satisfies=tuple(became.get(also, also) for also in course.satisfies)
        )
        for course in courses
        if course.merged_into is None
    }
    return compliance.counts_as(standing)


def stand_ins(records: Iterable[Record]) -> dict[int, int]:
    """Return which record stands today for each one that was merged into another."""
    into = {
        id_of(record): record.merged_into for record in records if record.merged_into is not None
    }
    became: dict[int, int] = {}
    for identity, target in into.items():
        path, ahead = [identity], target
        while ahead in into and ahead not in path:
            path.append(ahead)
            ahead = into[ahead]
        # two PCs may have merged two records into each other: then neither is in any list
        became[identity] = ahead
    return became


def stands(record: Record) -> bool:
    """Return whether a record counts: neither archived, nor merged, nor struck through."""
    return record.lives and not record.struck_reason


def id_of(record: Record) -> int:
    """Return the id of a record that was saved before."""
    assert record.id is not None  # noqa: S101  # it comes from the store
    return record.id
