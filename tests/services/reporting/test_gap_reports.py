"""The gap plan and who taught whom, gathered from a home for paper."""

from __future__ import annotations

import datetime as dt

from liaison.records.directory import Contact
from liaison.records.home import Staff
from liaison.records.training import Attendance, Course, Requirement, Session, TrainingRecord
from liaison.reports import gap_plan, lineage
from liaison.services import reporting
from liaison.services.homes import OpenHome
from tests.services.conftest import add

ON = dt.date(2024, 9, 1)


def taught(home: OpenHome) -> tuple[int, int]:
    """Let Grace teach Ann fire safety, and Ann, whose own has run out, teach Ben."""
    fire = add(home, Course(name="Fire safety", refresh_months=12))
    food = add(home, Course(name="Food hygiene"))
    add(home, Requirement(course=fire, job_role="cook"))
    ann = add(home, Staff(name="Ann Frost", job_role="cook"))
    ben = add(home, Staff(name="Ben Hart", job_role="cook"))
    nurse = add(home, Contact(name="Grace Adeyemi"))
    at = dt.datetime(2023, 3, 3, 14, tzinfo=dt.UTC)
    first = add(home, Session(course=fire, at=at, status="happened", teacher_contact=nurse))
    later = at.replace(year=2024, month=8)
    second = add(home, Session(course=fire, at=later, status="happened", teacher_staff=ann))
    other = add(home, Session(course=food, at=at, status="happened", teacher_contact=nurse))
    for session, who in ((first, ann), (second, ben), (other, ben)):
        add(home, Attendance(session=session, staff=who, status="attended"))
    add(home, TrainingRecord(staff=ann, course=fire, completed=at.date(), session=first))
    return fire, food


def test_the_gap_plan_names_staff_or_their_initials(home: OpenHome) -> None:
    taught(home)
    asked = reporting.ask(home.store, "gap-plan", on=ON)
    facts = reporting.gather(home.store, "gap-plan", asked)
    assert isinstance(facts, gap_plan.Facts)
    assert [(one.name, one.course, one.runs_out) for one in facts.lacks] == [
        ("Ben Hart", "Fire safety", None),
        ("Ann Frost", "Fire safety", dt.date(2024, 3, 2)),
    ]
    assert [(one.course, one.people, one.closes) for one in facts.lessons] == [
        ("Fire safety", ("Ben Hart", "Ann Frost"), 2)
    ]
    short = reporting.ask(home.store, "gap-plan", on=ON, names="initials")
    assert "Frost" not in repr(reporting.gather(home.store, "gap-plan", short))


def test_without_a_course_those_that_were_passed_on_are_printed(home: OpenHome) -> None:
    _, food = taught(home)
    facts = reporting.gather(
        home.store, "lineage", reporting.ask(home.store, "lineage", on=ON, names="initials")
    )
    assert isinstance(facts, lineage.Facts)
    (course,) = facts.courses
    assert [(one.teacher, one.learners, one.doubts) for one in course.lessons] == [
        ("Grace Adeyemi", ("A.F.",), ()),
        ("A.F.", ("B.H.",), ("A.F.'s own training ran out on Sat 2 Mar 2024.",)),
    ]
    asked = reporting.ask(home.store, "lineage", on=ON, subject="food hygiene")
    facts = reporting.gather(home.store, "lineage", asked)
    assert [(one.name, len(one.lessons)) for one in facts.courses] == [("Food hygiene", 1)]
    assert asked.subject == ("course", food)
    assert reporting.make(home, "lineage", asked).pages == 1
    assert reporting.make(home, "gap-plan", reporting.ask(home.store, "gap-plan")).pages == 1
