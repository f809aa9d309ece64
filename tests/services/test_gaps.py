"""The gap plan as it is read from a home: sessions with room, partners to ask, places held."""

from __future__ import annotations

import datetime as dt

import pytest

from liaison.errors import UserError
from liaison.records.directory import Contact, Organisation, Post
from liaison.records.home import Staff
from liaison.records.training import (
    Attendance,
    Competency,
    Course,
    Requirement,
    Session,
    TrainingRecord,
)
from liaison.security import NotAllowed
from liaison.services import sessions
from liaison.services.editing import Unfit
from liaison.services.gaps import gap_plan
from liaison.services.homes import OpenHome
from liaison.store import query
from tests.services.conftest import add

DAY = dt.date(2024, 9, 1)
LONG_AGO = dt.date(2023, 2, 28)


@pytest.fixture
def fire(home: OpenHome) -> int:
    """Two cooks who need fire safety, one of whom held it; a nurse taught it."""
    course = add(home, Course(name="Fire safety", refresh_months=12))
    add(home, Requirement(course=course, job_role="cook"))
    ann = add(home, Staff(name="Ann", job_role="cook", team="kitchen"))
    add(home, Staff(name="Ben", job_role="cook", team="kitchen"))
    add(home, TrainingRecord(staff=ann, course=course, completed=LONG_AGO))
    return course


def taught_by(home: OpenHome, course: int, kind: str) -> int:
    place = add(home, Organisation(name="Harbour Nursing", kind=kind))
    nurse = add(home, Contact(name="Grace"))
    add(home, Post(contact=nurse, role="district nurse", organisation=place))
    at = dt.datetime(2023, 3, 1, 14, tzinfo=dt.UTC)
    add(
        home,
        Session(
            course=course, at=at, status="happened", teacher_contact=nurse, organisation=place
        ),
    )  # fmt: skip
    return nurse


@pytest.mark.parametrize(
    ("kind", "asked"), [("community nursing", 1), ("training provider", 0)]
)  # fmt: skip
def test_partners_in_health_are_asked_for_what_they_taught_and_nobody_is_named(
    home: OpenHome, fire: int, kind: str, asked: int
) -> None:
    nurse = taught_by(home, fire, kind)
    (ann,) = query.with_text(home.store, "staff", "name", "Ann")
    skill = Competency(
        staff=ann.id, skill="Catheter change", level="competent", assessed_on=LONG_AGO,
        assessor_contact=nurse, review_due=dt.date(2024, 10, 1),
    )  # fmt: skip
    add(home, skill)
    made = gap_plan(home.store, DAY)
    assert made.teachers[fire].name == "Grace"
    assert [(n.what, n.partner, n.people, n.roles, n.late, n.by) for n in made.needs] == [
        ("Fire safety", "Harbour Nursing", 2, (("Cook", 2),), 2, None),
        ("Catheter change", "Harbour Nursing", 1, (("Cook", 1),), 0, dt.date(2024, 10, 1)),
    ][: 2 * asked]
    assert not any("Ann" in str(need) or "Ben" in str(need) for need in made.needs)


def test_a_planned_session_is_filled_first_and_its_places_are_held_in_one_step(
    home: OpenHome, fire: int
) -> None:
    at = dt.datetime(2024, 9, 10, 13, tzinfo=dt.UTC)
    session = add(home, Session(course=fire, at=at, capacity=5))
    made = gap_plan(home.store, DAY)
    (one,) = made.proposals
    assert one.coming is not None
    assert (one.coming.session, one.coming.free, len(one.gaps)) == (session, 5, 2)
    assert (made.late, made.courses[fire]) == (2, "Fire safety")
    people = [row.staff.id or 0 for row in one.people]
    assert len(sessions.book(home, session, [*people, people[0]]).changes) == 2
    after = gap_plan(home.store, DAY)
    assert after.proposals == ()
    assert [gap.state.value for gap in after.gaps] == ["booked", "booked"]
    with pytest.raises(Unfit, match="have one already"):
        sessions.book(home, session, people)
    places = list(query.every(home.store, query.Query("attendance")))
    assert [isinstance(p, Attendance) and p.status for p in places] == ["booked", "booked"]


def test_one_of_the_team_at_a_time_makes_two_sessions(home: OpenHome, fire: int) -> None:
    made = gap_plan(home.store, DAY, at_once=1)
    assert [[row.name for row in one.people] for one in made.proposals] == [["Ben"], ["Ann"]]
    assert fire in made.courses


@pytest.mark.parametrize(("within", "at_once"), [(-1, None), (731, None), (30, 0)])
def test_what_cannot_be_planned_with_is_a_plain_error(
    home: OpenHome, within: int, at_once: int | None
) -> None:
    with pytest.raises(UserError) as refused:
        gap_plan(home.store, DAY, within, at_once=at_once)
    assert refused.value.code == "bad-number"
    assert not isinstance(refused.value, NotAllowed)
