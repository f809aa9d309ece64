"""Sessions: places, who came, training for all at once, corrections, certificates."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.records.directory import Contact
from liaison.records.home import Staff
from liaison.records.rules.certificates import whose
from liaison.records.rules.compliance import State
from liaison.records.training import Attendance, Course, Requirement, Session, TrainingRecord
from liaison.services import certificates, editing, homes, sessions
from liaison.services.attachments import Incoming
from liaison.services.homes import OpenHome
from liaison.services.training import matrix
from liaison.store import query
from tests import homes as made
from tests.services.conftest import add, got, written

NOW = dt.datetime(2026, 11, 18, 16, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
DAY = dt.timedelta(days=1)


@dataclasses.dataclass
class School:
    """A home with three staff, a nurse who teaches, and a session this afternoon."""

    home: OpenHome
    ana: int
    ben: int
    chloe: int
    nurse: int
    course: int
    session: int

    def seats(self) -> list[tuple[int, str]]:
        found = sessions.one(self.home.store, self.session)
        assert found is not None
        return [(seat.staff, seat.status) for seat in found.seats]

    def records(self) -> list[TrainingRecord]:
        found = query.every(self.home.store, query.Query("training_record", newest_first=False))
        return [one for one in found if isinstance(one, TrainingRecord) and not one.struck_reason]


@pytest.fixture
def school(folder: Path) -> Iterator[School]:
    with homes.open_home(folder, None, made.PASSWORD, clock=lambda: NOW) as home:
        ana, ben, chloe = (
            add(home, Staff(name=name, job_role="care assistant", started=dt.date(2020, 1, 1)))
            for name in ("Ana Silva", "Ben Hall", "Chloe Hall")
        )
        nurse = add(home, Contact(name="Helen Ashworth"))
        course = add(home, Course(name="Catheter care", refresh_months=12))
        add(home, Requirement(course=course, job_role="care assistant"))
        at = NOW - dt.timedelta(hours=2)
        session = add(home, Session(
            course=course, at=at, teacher_contact=nurse, delivery="face to face", length=90,
            capacity=2,
        ))  # fmt: skip
        yield School(home, ana, ben, chloe, nurse, course, session)


def test_everybody_who_came_is_recorded_at_once_and_taken_back_at_once(school: School) -> None:
    home = school.home
    sessions.book(home, school.session, [school.ana, school.ben])
    units = written(home)[0]
    done = sessions.record_attendance(home, school.session, [school.ana, school.chloe])
    assert written(home)[0] == units + 1
    assert school.seats() == [
        (school.ana, "attended"), (school.ben, "did not attend"), (school.chloe, "attended"),
    ]  # fmt: skip
    assert [
        (r.staff, r.completed, r.session, r.taught_by, r.delivered_by, r.delivery)
        for r in school.records()
    ] == [
        (who, TODAY, school.session, "Helen Ashworth", "external", "face to face")
        for who in (school.ana, school.chloe)
    ]
    assert got(home, Session, school.session).status == "happened"
    cells = {row.staff.id: row.cells[0].state for row in matrix(home.store, TODAY).rows}
    assert cells == {
        school.ana: State.IN_DATE, school.ben: State.MISSING, school.chloe: State.IN_DATE,
    }  # fmt: skip
    editing.undo(home, done.changes)
    assert got(home, Session, school.session).status == "planned"
    assert school.seats() == [(school.ana, "booked"), (school.ben, "booked")]
    assert [r for r in school.records() if r.lives] == []


def test_said_anew_it_corrects_what_was_said_before(school: School) -> None:
    sessions.record_attendance(school.home, school.session, [school.ana, school.ben])
    sessions.record_attendance(school.home, school.session, [school.ana, school.chloe])
    assert dict(school.seats()) == {
        school.ana: "attended", school.ben: "did not attend", school.chloe: "attended",
    }  # fmt: skip
    assert {r.staff for r in school.records()} == {school.ana, school.chloe}
    struck = query.every(school.home.store, query.Query("training_record"))
    assert [one.struck_reason for one in struck if one.struck_reason] == [
        "Did not attend after all"
    ]


def test_training_that_was_recorded_by_hand_is_not_recorded_twice(school: School) -> None:
    add(school.home, TrainingRecord(staff=school.ana, course=school.course, completed=TODAY))
    sessions.record_attendance(school.home, school.session, [school.ana])
    assert len(school.records()) == 1


def test_places_are_for_so_many_once_each_and_for_nobody_who_left(school: School) -> None:
    home = school.home
    with pytest.raises(UserError, match="Places: 2 are left, for 3"):
        sessions.book(home, school.session, [school.ana, school.ben, school.chloe])
    loaded = home.store.load("staff", school.ben)
    assert loaded is not None
    person = dataclasses.replace(loaded.record, left_on=TODAY - DAY)  # type: ignore[call-arg]
    editing.save(home, loaded, person)
    with pytest.raises(UserError, match=r"Ben Hall: Ben Hall left on Tue 17 Nov 2026"):
        sessions.book(home, school.session, [school.ana, school.ben])
    assert school.seats() == []
    sessions.book(home, school.session, [school.ana, school.ana])
    with pytest.raises(UserError, match="have one already"):
        sessions.book(home, school.session, [school.ana])
    assert school.seats() == [(school.ana, "booked")]
    with pytest.raises(UserError, match="left on Tue 17 Nov 2026"):
        sessions.record_attendance(home, school.session, [school.ben])


def test_two_places_at_the_same_time_are_warned_of(school: School) -> None:
    other = add(school.home, Session(
        course=school.course, at=NOW - dt.timedelta(hours=1), length=30,
    ))  # fmt: skip
    sessions.book(school.home, other, [school.ana])
    told = sessions.book(school.home, school.session, [school.ana])
    assert [problem.message for problem in told.warnings] == [
        "Ana Silva also has a place on Catheter care, Wed 18 Nov 2026, 15:00."
    ]


def test_a_session_ahead_a_cancelled_one_and_one_without_anybody_are_refused(
    school: School,
) -> None:
    home = school.home
    ahead = add(home, Session(course=school.course, at=NOW + DAY))
    with pytest.raises(UserError, match=r"it is on Thu 19 Nov 2026, 16:00\. Record who came once"):
        sessions.record_attendance(home, ahead, [school.ana])
    with pytest.raises(UserError, match="Tick who came"):
        sessions.record_attendance(home, school.session, [])
    with pytest.raises(UserError, match="why"):
        sessions.cancel(home, ahead, "  ")
    sessions.cancel(home, ahead, "Nurse is ill")
    with pytest.raises(UserError, match="was cancelled"):
        sessions.book(home, ahead, [school.ana])
    with pytest.raises(UserError, match="was cancelled"):
        sessions.record_attendance(home, ahead, [school.ana])
    with pytest.raises(UserError, match="has not come yet"):
        add(home, Session(course=school.course, at=NOW + DAY, status="happened"))


def test_a_place_given_up_is_free_again_and_stays_readable(school: School) -> None:
    sessions.book(school.home, school.session, [school.ana])
    found = sessions.one(school.home.store, school.session)
    assert found is not None
    assert found.free == 1
    sessions.give_up(school.home, found.seats[0].attendance, "On leave")
    assert school.seats() == []
    place = got(school.home, Attendance, found.seats[0].attendance)
    assert place.struck_reason == "On leave"
    with pytest.raises(UserError, match="does not stand"):
        sessions.give_up(school.home, found.seats[0].attendance, "Again")


def test_what_is_coming_and_what_is_over_are_two_lists_and_ours_who_teach_are_looked_at(
    school: School,
) -> None:
    ours = add(school.home, Session(
        course=school.course, at=NOW + 7 * DAY, teacher_staff=school.ana,
    ))  # fmt: skip
    late = add(school.home, Session(course=school.course, at=NOW - 3 * DAY))
    found = sessions.coming(school.home.store, TODAY)
    assert [(one.id, one.days, one.to_record) for one in found] == [
        (late, -3, True), (school.session, 0, False), (ours, 7, False),
    ]  # fmt: skip
    sessions.record_attendance(school.home, late, [school.ana])
    (over,), more = sessions.past(school.home.store, 5)
    assert (over.id, len(over.came), more) == (late, 1, None)
    planned = sessions.one(school.home.store, ours)
    assert planned is not None
    assert planned.doubts == ()
    editing.strike(school.home, school.records()[0], "Left half way")
    planned = sessions.one(school.home.store, ours)
    assert planned is not None
    assert planned.doubts == (
        "Ana Silva has no training in Catheter care recorded before that day.",
    )


def test_certificates_go_to_whom_their_names_say_all_or_none_and_never_twice(
    school: School,
) -> None:
    home = school.home
    sessions.record_attendance(home, school.session, [school.ana, school.ben, school.chloe])
    found = sessions.one(home.store, school.session)
    assert found is not None
    by_name = {seat.name: seat.record for seat in found.seats}
    names = ("cert_ANA-SILVA_2026.pdf", "Hall.pdf", "hall, ben.pdf", "scan0001.pdf")
    assert certificates.suggested(found, names) == (
        by_name["Ana Silva"], None, by_name["Ben Hall"], None,
    )  # fmt: skip
    paper = Incoming("ana.pdf", "application/pdf", b"%PDF-1.4 one")
    ana, ben = by_name["Ana Silva"], by_name["Ben Hall"]
    assert ana is not None
    assert ben is not None
    done = certificates.certify(home, [(ana, paper), (ben, paper)])
    assert (done.attached, done.known) == (2, ())
    again = certificates.certify(home, [(ana, dataclasses.replace(paper, name="copy.pdf"))])
    assert (again.attached, again.known) == (0, ("copy.pdf",))
    with pytest.raises(UserError):
        certificates.certify(home, [(ana, Incoming("b.pdf", "application/pdf", b"2")), (7, paper)])
    after = sessions.one(home.store, school.session)
    assert after is not None
    assert [(s.name, s.certificates) for s in after.seats] == [
        ("Ana Silva", 1), ("Ben Hall", 1), ("Chloe Hall", 0),
    ]  # fmt: skip
    editing.undo(home, done.changes)
    after = sessions.one(home.store, school.session)
    assert after is not None
    assert sum(seat.certificates for seat in after.seats) == 0


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("Łukasz Nowak fire.pdf", 1),
        ("lukasz-nowak.PDF", 1),
        ("NOWAK.pdf", 1),
        ("nowak and hall.pdf", None),
        ("smith ann.pdf", 2),
        ("smith.pdf", None),
        ("Hallmark.pdf", None),
        ("", None),
    ],
)
def test_a_file_is_whose_name_is_in_its_name(file: str, expected: int | None) -> None:
    people = {1: "Łukasz Nowak", 2: "Ann Smith", 3: "Ben Smith", 4: "Chloe Hall"}
    assert whose(file, people) == expected
