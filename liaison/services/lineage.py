"""Who taught whom in a course, from the first teacher down, and where a teacher's own had lapsed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from liaison.records.rules import compliance, lineage
from liaison.records.rules.compliance import Held
from liaison.records.rules.lineage import Link, Taught
from liaison.records.rules.standing import counting, id_of
from liaison.records.rules.times import in_london
from liaison.records.training import Attendance, Competency, Course, Session, TrainingRecord
from liaison.services.references import Names
from liaison.store import query
from liaison.store.query import Condition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison.store.store import Store


@dataclasses.dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who was taught in a session."""

    staff: int
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class Lesson:
    """A session of a lineage, in words.

    Args:
        link: The session and where it came from.
        teacher: Who taught; empty if that was not recorded.
        place: The teacher's organisation, or their job role here; may be empty.
        learners: Who was taught, by name.
        doubts: What spoke against the teacher on that day, in sentences.
        doubts_now: What speaks against them teaching it again today.
    """

    link: Link
    teacher: str
    place: str
    learners: tuple[Learner, ...]
    doubts: tuple[str, ...] = ()
    doubts_now: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Lineage:
    """Who taught whom in a course.

    Args:
        course: The course's id.
        name: Its name.
        on: The day this is about.
        lessons: The sessions, each followed by those that passed it on.
    """

    course: int
    name: str
    on: dt.date
    lessons: tuple[Lesson, ...]

    @property
    def people(self) -> int:
        """How many members of staff were taught."""
        return len({one.staff for lesson in self.lessons for one in lesson.learners})

    @property
    def levels(self) -> int:
        """How many levels of teaching there are."""
        return lineage.generations(lesson.link for lesson in self.lessons)

    @property
    def doubtful(self) -> int:
        """How many sessions were taught by somebody whose own had lapsed."""
        return sum(bool(lesson.doubts) for lesson in self.lessons)


def of_course(store: Store, course: int, on: dt.date | None = None) -> Lineage:
    """Return who taught whom in a course up to a day.

    Args:
        store: The home.
        course: The course.
        on: The day; today if not given.
    """
    on = store.today() if on is None else on
    names = Names(store)
    found = names.record("course", course)
    name = (found.name if isinstance(found, Course) else None) or "this course"
    sessions = _sessions(store, course, on)
    taught = _taught(store, course, sessions)
    links = lineage.handed_down(taught)
    by_id = {id_of(one): one for one in sessions}
    ours = {one.staff for one in taught if one.staff is not None}
    theirs = _Theirs(store, course, ours)
    names.learn(
        {
            "staff": {who for one in taught for who in one.learners} | ours,
            "contact": {one.contact for one in taught if one.contact is not None},
        }
    )
    lessons = tuple(
        _lesson(names, link, by_id[link.taught.session], theirs, (name, on)) for link in links
    )
    return Lineage(course, name, on, lessons)


def _lesson(
    names: Names, link: Link, session: Session, theirs: _Theirs, about: tuple[str, dt.date]
) -> Lesson:
    taught, (course, on) = link.taught, about
    teacher, place = "", ""
    then: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    if taught.contact is not None:
        teacher = names.by_id("contact", taught.contact)
        if session.organisation is not None:
            place = names.by_id("organisation", session.organisation)
    elif taught.staff is not None:
        teacher = names.by_id("staff", taught.staff)
        place = "Our staff"
        then = theirs.doubts(taught.staff, teacher, course, taught)
        now = theirs.doubts(taught.staff, teacher, course, None, on)
    learners = [Learner(who, names.by_id("staff", who)) for who in taught.learners]
    learners.sort(key=lambda one: one.name.casefold())
    return Lesson(link, teacher, place, tuple(learners), then, now)


def teaching_doubts(store: Store, course: int, staff: int, on: dt.date) -> tuple[str, ...]:
    """Say what speaks against a member of staff teaching a course on a day; for planning one.

    Args:
        store: The home.
        course: The course.
        staff: Who is to teach it.
        on: The day.
    """
    names = Names(store)
    theirs = _Theirs(store, course, {staff})
    name = names.by_id("staff", staff)
    return theirs.doubts(staff, name, names.by_id("course", course), None, on)


def session_doubts(store: Store, session: int) -> tuple[str, ...]:
    """Say what speaks against whoever of our staff teaches a session; nothing of other teachers.

    Args:
        store: The home.
        session: The session, planned or held.
    """
    one = store.get("session", session)
    if not isinstance(one, Session) or one.teacher_staff is None or one.course is None:
        return ()
    day = store.today() if one.at is None else in_london(one.at).date()
    course = store.follow("course", one.course)
    found = one.course if course is None or course.id is None else course.id
    return teaching_doubts(store, found, _stands(store, one.teacher_staff), day)


def courses_taught(store: Store) -> tuple[tuple[int, str], ...]:
    """Return the courses that have been taught in sessions, by name: id and name."""
    names = Names(store)
    found: dict[int, str] = {}
    asked = query.Query("session", (Condition("status", "happened"),))
    for one in query.every(store, asked):
        course = one.course if isinstance(one, Session) and not one.struck_reason else None
        known = None if course is None else names.record("course", course)
        if isinstance(known, Course) and known.id is not None and known.id not in found:
            found[known.id] = known.name or ""
    return tuple(sorted(found.items(), key=lambda pair: pair[1].casefold()))


def _sessions(store: Store, course: int, on: dt.date) -> list[Session]:
    found = query.every(store, query.Query("session", query.equal({"course": course})))
    return [
        one
        for one in found
        if isinstance(one, Session)
        and one.at is not None
        and one.status != "cancelled"
        and not one.struck_reason
        and in_london(one.at).date() <= on
    ]


def _taught(store: Store, course: int, sessions: Iterable[Session]) -> list[Taught]:
    """Return the sessions that were held: said to be, or somebody is known to have come."""
    listed = list(sessions)
    ids = tuple(id_of(one) for one in listed)
    came: defaultdict[int, set[int]] = defaultdict(set)
    within = (Condition("session", ids, "in"),)
    for place in query.every(store, query.Query("attendance", within)):
        assert isinstance(place, Attendance)  # noqa: S101  # of its type
        if place.status == "attended" and not place.struck_reason and place.staff and place.session:
            came[place.session].add(_stands(store, place.staff))
    # by the course first: of training there is much, and its session is in no index
    recorded = (*query.equal({"course": course}), *within)
    for record in query.every(store, query.Query("training_record", recorded)):
        assert isinstance(record, TrainingRecord)  # noqa: S101  # of its type
        if not record.struck_reason and record.staff and record.session:
            came[record.session].add(_stands(store, record.staff))
    return [
        Taught(
            id_of(one), one.at, one.teacher_contact,
            None if one.teacher_staff is None else _stands(store, one.teacher_staff),
            tuple(sorted(came[id_of(one)])), one.cascaded_from,
        )
        for one in listed
        if one.at is not None and (one.status == "happened" or came[id_of(one)])
    ]  # fmt: skip


def _stands(store: Store, staff: int) -> int:
    record = store.follow("staff", staff)
    return staff if record is None or record.id is None else record.id


class _Theirs:
    """What our own teachers of a course have learned themselves, and were signed off for."""

    def __init__(self, store: Store, course: int, staff: set[int]) -> None:
        self._course = course
        courses = [
            one
            for one in query.every(store, query.Query("course", archived=True))
            if isinstance(one, Course)
        ]
        self._courses = {id_of(one): one for one in courses}
        self._counting = counting(courses)
        theirs = (Condition("staff", tuple(staff), "in"),)
        self._trained: defaultdict[int, list[TrainingRecord]] = defaultdict(list)
        self._signed_off: defaultdict[int, list[Competency]] = defaultdict(list)
        if not staff:
            return
        for record in query.every(store, query.Query("training_record", theirs)):
            assert isinstance(record, TrainingRecord)  # noqa: S101  # of its type
            if not record.struck_reason and record.staff is not None:
                self._trained[_stands(store, record.staff)].append(record)
        for one in query.every(store, query.Query("competency", theirs)):
            assert isinstance(one, Competency)  # noqa: S101  # of its type
            if not one.struck_reason and one.staff is not None:
                self._signed_off[_stands(store, one.staff)].append(one)

    def doubts(
        self, staff: int, name: str, course: str, taught: Taught | None, on: dt.date | None = None
    ) -> tuple[str, ...]:
        """Say what speaks against somebody teaching the course: in a session, or on a day."""
        day = taught.day if taught is not None else on
        assert day is not None  # noqa: S101  # one of the two is given
        leave_out = None if taught is None else taught.session
        held = self._held(staff, day, leave_out)
        return lineage.doubts(name, course, day, held, self._signed_off[staff])

    def _held(self, staff: int, day: dt.date, leave_out: int | None) -> Held | None:
        """Return the training of theirs that counts longest on a day, their own lesson left out."""
        best: Held | None = None
        for record in self._trained[staff]:
            if record.completed is None or record.completed > day:
                continue
            if leave_out is not None and record.session == leave_out:
                continue
            course = self._courses.get(record.course or 0)
            if course is not None and course.merged_into is not None:
                course = self._courses.get(course.merged_into)
            if course is None or self._course not in self._counting.get(id_of(course), ()):
                continue
            end = compliance.runs_out(record, course, self._courses.get(self._course))
            found = Held(record.id, record.completed, end)
            if best is None or found.outlasts(best):
                best = found
        return best
