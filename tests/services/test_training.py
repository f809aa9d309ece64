"""The training matrix as it is read from a home, and training recorded for several at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from liaison.records.home import Home, Staff
from liaison.records.rules.compliance import State
from liaison.records.rules.matrix import Matrix, build
from liaison.records.rules.standing import Cell, Facts
from liaison.records.training import (
    Attendance,
    Course,
    Exemption,
    JobHeld,
    Requirement,
    Session,
    TrainingRecord,
)
from liaison.services import editing
from liaison.services.editing import Unfit
from liaison.services.homes import OpenHome
from liaison.services.training import matrix, record_training
from tests.services.conftest import add, got, written

DAY = dt.date(2026, 11, 22)
# the clock of the test's PC may stand anywhere, and no training is completed in the future
LONG_AGO = dt.date(2024, 2, 29)


def one(made: Matrix, staff: int, course: int) -> State:
    (state,) = [
        cell.state
        for row in made.rows
        for cell in row.cells
        if (cell.staff, cell.course) == (staff, course)
    ]
    return state


def cells_of(made: Matrix, courses: Sequence[int]) -> dict[tuple[int, int], Cell]:
    # how a gap is worded depends on the moment the person was written down, not on the rules
    return {
        (cell.staff, cell.course): cell._replace(unsaid=False)
        for row in made.rows
        for cell in row.cells
        if cell.course in courses
    }


def test_every_kind_of_record_has_its_say(home: OpenHome) -> None:
    ann, ben, caz, dee, eve = (
        add(home, Staff(name=name, job_role="cook")) for name in ("Ann", "Ben", "Caz", "Dee", "Eve")
    )
    fire = add(home, Course(name="Fire safety", refresh_months=12))
    first_aid = add(home, Course(name="First aid at work", refresh_months=36, satisfies=(fire,)))
    add(home, Requirement(course=fire, job_role="cook"))
    add(home, TrainingRecord(staff=ann, course=fire, completed=LONG_AGO))
    add(home, TrainingRecord(staff=ben, course=first_aid, completed=LONG_AGO))
    add(home, Exemption(staff=caz, course=fire, reason="Away"))
    add(home, JobHeld(staff=dee, job_role="maintenance", since=LONG_AGO))
    at = dt.datetime(2024, 9, 10, 9, tzinfo=dt.UTC)
    session = add(home, Session(course=fire, at=at))
    add(home, Attendance(session=session, staff=eve))
    on = dt.date(2024, 9, 1)
    made = matrix(home.store, on)
    assert [one(made, who, fire) for who in (ann, ben, caz, dee, eve)] == [
        State.IN_DATE, State.IN_DATE, State.EXEMPT, State.NOT_REQUIRED, State.BOOKED,
    ]  # fmt: skip
    assert [(c.course.id, c.in_date, c.required) for c in made.columns] == [
        (fire, 2, 3),
    ]  # fmt: skip
    assert (made.on, made.due_soon_days, made.complete) == (on, 60, 4)
    later = matrix(home.store, dt.date(2025, 2, 28))
    assert [one(later, who, fire) for who in (ann, ben, eve)] == [
        State.OUT_OF_DATE, State.OUT_OF_DATE, State.MISSING,
    ]  # fmt: skip


def test_whoever_was_archived_after_leaving_is_there_on_the_days_they_were(home: OpenHome) -> None:
    left = dt.date(2024, 9, 1)
    ann = add(home, Staff(name="Ann", job_role="cook", left_on=left))
    fire = add(home, Course(name="Fire safety"))
    old = add(home, Course(name="Fire"))
    add(home, Requirement(course=old, job_role="cook"))
    twin = add(home, Staff(name="Anne", job_role="cook"))
    add(home, TrainingRecord(staff=twin, course=fire, completed=LONG_AGO))
    editing.merge(home, got(home, Staff, twin), got(home, Staff, ann))
    editing.merge(home, got(home, Course, old), got(home, Course, fire))
    editing.archive(home, got(home, Staff, ann), "Left")
    made = matrix(home.store, left)
    assert one(made, ann, fire) is State.IN_DATE
    assert [(column.course.id, column.required) for column in made.columns] == [(fire, 1)]
    assert matrix(home.store, left + dt.timedelta(days=1)).rows == ()


def test_without_a_day_it_is_today(home: OpenHome) -> None:
    add(home, Staff(name="Ann", job_role="cook", started=home.store.today()))
    assert matrix(home.store).on == home.store.today()
    assert len(matrix(home.store).rows) == 1
    assert matrix(home.store, home.store.today() - dt.timedelta(days=1)).rows == ()


@pytest.mark.parametrize(("days", "state"), [(14, State.IN_DATE), (None, State.DUE_SOON)])
def test_due_soon_is_what_the_home_says(home: OpenHome, days: int | None, state: State) -> None:
    loaded = home.store.the("home")
    assert loaded is not None
    assert isinstance(loaded.record, Home)
    editing.save(home, loaded, dataclasses.replace(loaded.record, due_soon_days=days))
    ann = add(home, Staff(name="Ann", job_role="cook"))
    fire = add(home, Course(name="Fire safety", refresh_months=12))
    add(home, Requirement(course=fire, job_role="cook"))
    add(home, TrainingRecord(staff=ann, course=fire, completed=LONG_AGO))
    # it runs out on 27 February 2025, in 15 days
    assert one(matrix(home.store, dt.date(2025, 2, 12)), ann, fire) is state


def test_two_of_one_name_are_told_apart(home: OpenHome) -> None:
    add(home, Staff(name="Mary Jones", job_role="cook", started=LONG_AGO))
    add(home, Staff(name="mary jones", job_role="nurse", team="nights"))
    assert [row.name for row in matrix(home.store, DAY).rows] == [
        "mary jones (job role Nurse, team Nights, started not recorded)",
        "Mary Jones (job role Cook, team not recorded, started 29 Feb 2024)",
    ]


def test_a_matrix_takes_the_same_few_statements_however_many_there_are(home: OpenHome) -> None:
    with home.unit() as unit:
        course = unit.add(Course(name="Fire safety", refresh_months=12))
        unit.add(Requirement(course=course, job_role="cook"))
        for number in range(120):
            person = unit.add(Staff(name=f"Person {number}", job_role="cook"))
            unit.add(TrainingRecord(staff=person, course=course, completed=LONG_AGO))
    statements: list[str] = []
    home.store.connection.set_trace_callback(statements.append)
    made = matrix(home.store, dt.date(2024, 6, 1))
    home.store.connection.set_trace_callback(None)
    assert made.complete == 120
    assert len(statements) < 22


_FIRST = dt.date(2022, 1, 1)
_DAYS = st.integers(0, 900).map(lambda days: _FIRST + dt.timedelta(days=days))


# a smaller example would take minutes to find: each is written to a home
@settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    trained=st.lists(
        st.tuples(
            st.sampled_from((0, 0, 0, 1, 2)), st.sampled_from((0, 0, 0, 1, 2)), _DAYS, st.none() | _DAYS,
            st.sampled_from(("", "", "", "A mistake.")), st.booleans(),
        ),
        min_size=8,
        max_size=25,
    ),
    on=_DAYS,
)  # fmt: skip
def test_what_the_database_leaves_out_never_decides_how_anybody_stands(
    home: OpenHome,
    trained: list[tuple[int, int, dt.date, dt.date | None, str, bool]],
    on: dt.date,
) -> None:
    with home.unit() as unit:
        gone = unit.add(Staff(name="Ann Gone"))
        ann = unit.add(Staff(name="Ann", job_role="cook"))
        ben = unit.add(Staff(name="Ben", job_role="cook", left_on=_FIRST + dt.timedelta(days=950)))
        fire = unit.add(Course(name="Fire", refresh_months=12))
        safety = unit.add(Course(name="Safety", refresh_months=24, satisfies=(fire,)))
        once = unit.add(Course(name="Once", satisfies=(fire,)))
        made = [fire, safety, once]
        people = [ann, ben, gone]
        for course in made:
            unit.add(Requirement(course=course, job_role="cook"))
        ids = [
            unit.add(
                TrainingRecord(
                    staff=people[who], course=made[course], completed=completed, expires=expires,
                    struck_reason=struck or None, archived=archived and not struck,
                )
            )
            for who, course, completed, expires, struck, archived in trained
        ]  # fmt: skip
    editing.merge(home, got(home, Staff, gone), got(home, Staff, ann))
    facts = Facts(
        staff=[got(home, Staff, one) for one in people],
        courses=[got(home, Course, one) for one in made],
        requirements=[Requirement(course=course, job_role="cook") for course in made],
        trained=[got(home, TrainingRecord, one) for one in reversed(ids)],
    )
    whole = build(facts, on, due_soon_days=60, vocabularies=home.store.vocabularies, names={})
    wanted = cells_of(whole, made)
    found = cells_of(matrix(home.store, on), made)
    assert {key: cell for key, cell in found.items() if key[0] in people} == wanted
    # asked for by the duplicate's id, and nobody else is there
    alone = cells_of(matrix(home.store, on, staff=gone), made)
    assert alone == {key: cell for key, cell in wanted.items() if key[0] == ann}


def test_training_is_recorded_for_several_in_one_unit(home: OpenHome) -> None:
    ann, ben = (add(home, Staff(name=name, job_role="cook")) for name in ("Ann", "Ben"))
    fire = add(home, Course(name="Fire safety", refresh_months=12))
    before = written(home)
    training = TrainingRecord(course=fire, completed=LONG_AGO, taught_by="Gareth Powell")
    saved = record_training(home, training, [ann, ben, ann])
    assert list(saved.ids) == ["staff.0", "staff.1"]
    assert written(home) == (before[0] + 1, before[1] + 2)
    for part, person in (("staff.0", ann), ("staff.1", ben)):
        record = got(home, TrainingRecord, saved.ids[part])
        assert (record.staff, record.course, record.completed) == (person, fire, LONG_AGO)
        assert record.taught_by == "Gareth Powell"


def test_all_problems_of_all_staff_are_told(home: OpenHome) -> None:
    ann, ben = (add(home, Staff(name=name, job_role="cook")) for name in ("Ann", "Ben"))
    fire = add(home, Course(name="Fire safety", refresh_months=12))
    record_training(home, TrainingRecord(course=fire, completed=LONG_AGO), [ann])
    before = written(home)
    with pytest.raises(Unfit) as error:
        record_training(home, TrainingRecord(course=fire, completed=LONG_AGO), [ben, ann, 77])
    assert {problem.field: problem.message for problem in error.value.problems} == {
        "staff.1.completed": "Ann: This training is recorded already.",
        "staff.2.staff": "(not on this PC yet): Member of staff: there is no such record.",
    }
    future = home.store.today() + dt.timedelta(days=1)
    with pytest.raises(Unfit, match="is in the future"):
        record_training(home, TrainingRecord(course=fire, completed=future), [ben])
    with pytest.raises(Unfit, match="Member of staff is missing"):
        record_training(home, TrainingRecord(course=fire, completed=LONG_AGO), [])
    assert written(home) == before


def test_what_was_struck_through_may_be_recorded_again(home: OpenHome) -> None:
    ann = add(home, Staff(name="Ann", job_role="cook"))
    fire = add(home, Course(name="Fire safety"))
    training = TrainingRecord(course=fire, completed=LONG_AGO)
    first = record_training(home, training, [ann]).ids["staff.0"]
    editing.strike(home, got(home, TrainingRecord, first), "It was Ben")
    second = record_training(home, training, [ann]).ids["staff.0"]
    assert second != first


def test_a_place_on_the_session_becomes_attended(home: OpenHome) -> None:
    ann, ben = (add(home, Staff(name=name, job_role="cook")) for name in ("Ann", "Ben"))
    fire = add(home, Course(name="Fire safety", refresh_months=12))
    at = dt.datetime(2024, 2, 29, 13, 30, tzinfo=dt.UTC)
    session = add(home, Session(course=fire, at=at))
    places = [add(home, Attendance(session=session, staff=person)) for person in (ann, ben)]
    training = TrainingRecord(course=fire, completed=LONG_AGO, session=session)
    record_training(home, training, [ann])
    assert [got(home, Attendance, place).status for place in places] == ["attended", "booked"]
