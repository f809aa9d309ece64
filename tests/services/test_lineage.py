"""Who taught whom, as it is read from a home."""

from __future__ import annotations

import datetime as dt

from liaison.records.directory import Contact
from liaison.records.home import Staff
from liaison.records.training import Attendance, Competency, Course, Session, TrainingRecord
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.lineage import courses_taught, of_course, teaching_doubts
from tests.services.conftest import add, got

DAY = dt.date(2026, 1, 1)


def at(year: int, month: int) -> dt.datetime:
    return dt.datetime(year, month, 3, 14, tzinfo=dt.UTC)


def held(
    home: OpenHome,
    course: int,
    when: dt.datetime,
    *learners: int,
    teacher_contact: int | None = None,
    teacher_staff: int | None = None,
) -> int:
    made = Session(
        course=course, at=when, status="happened", teacher_contact=teacher_contact,
        teacher_staff=teacher_staff,
    )  # fmt: skip
    session = add(home, made)
    for who in learners:
        add(home, Attendance(session=session, staff=who, status="attended"))
        record = TrainingRecord(staff=who, course=course, completed=when.date(), session=session)
        add(home, record)
    return session


def test_three_levels_and_where_the_teachers_own_had_lapsed(home: OpenHome) -> None:
    course = add(home, Course(name="Catheter care", refresh_months=12))
    nurse = add(home, Contact(name="Grace Adeyemi"))
    dan, kofi, joy = (add(home, Staff(name=n, job_role="nurse")) for n in ("Dan", "Kofi", "Joy"))
    first = held(home, course, at(2023, 1), dan, teacher_contact=nurse)
    second = held(home, course, at(2023, 6), kofi, teacher_staff=dan)
    third = held(home, course, at(2024, 8), joy, teacher_staff=kofi)
    add(home, Session(course=course, at=at(2024, 9), status="cancelled", teacher_staff=joy))
    add(home, Session(course=course, at=at(2024, 10), teacher_staff=joy))
    found = of_course(home.store, course, DAY)
    assert [
        (lesson.link.taught.session, lesson.link.level, lesson.teacher) for lesson in found.lessons
    ] == [(first, 0, "Grace Adeyemi"), (second, 1, "Dan"), (third, 2, "Kofi")]
    assert [lesson.doubts for lesson in found.lessons] == [
        (), (), ("Kofi's own training ran out on Sun 2 Jun 2024.",),
    ]  # fmt: skip
    assert found.lessons[1].doubts_now == ("Dan's own training ran out on Tue 2 Jan 2024.",)
    assert (found.levels, found.people, found.doubtful) == (3, 3, 1)
    assert courses_taught(home.store) == ((course, "Catheter care"),)
    assert of_course(home.store, course, dt.date(2023, 6, 2)).levels == 1


def test_somebody_who_is_to_teach_is_looked_at_before(home: OpenHome) -> None:
    course = add(home, Course(name="Catheter care"))
    wider = add(home, Course(name="Continence, all of it", satisfies=(course,)))
    dan = add(home, Staff(name="Dan", job_role="nurse"))
    assert teaching_doubts(home.store, course, dan, DAY) == (
        "Dan has no training in Catheter care recorded before that day.",
    )
    add(home, TrainingRecord(staff=dan, course=wider, completed=dt.date(2023, 5, 1)))
    assert teaching_doubts(home.store, course, dan, DAY) == ()
    skill = Competency(
        staff=dan, skill="Catheter change", level="can teach", assessed_on=dt.date(2023, 5, 1),
        review_due=dt.date(2024, 5, 1),
    )  # fmt: skip
    signed = add(home, skill)
    assert teaching_doubts(home.store, course, dan, DAY) == (
        "Dan's sign-off for Catheter change was due for review on Wed 1 May 2024.",
    )
    editing.strike(home, got(home, Competency, signed), "Wrong person")
    assert teaching_doubts(home.store, course, dan, DAY) == ()


def test_nobody_learned_it_in_the_session_they_taught(home: OpenHome) -> None:
    course = add(home, Course(name="Catheter care"))
    dan, joy = (add(home, Staff(name=name, job_role="nurse")) for name in ("Dan", "Joy"))
    # recorded for everybody who was there, the teacher too
    held(home, course, at(2024, 8), dan, joy, teacher_staff=dan)
    (lesson,) = of_course(home.store, course, DAY).lessons
    assert lesson.doubts == ("Dan has no training in Catheter care recorded before that day.",)
    assert lesson.doubts_now == ()
