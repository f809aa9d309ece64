"""Domain rule 6: the matrix of staff and courses as it was on a day, with its sums."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from liaison.records.home import Staff
from liaison.records.rules.compliance import State
from liaison.records.rules.matrix import Matrix, build
from liaison.records.rules.standing import Cell, Day, Facts
from liaison.records.training import (
    Attendance,
    Course,
    Exemption,
    JobHeld,
    Requirement,
    Session,
    TrainingRecord,
)
from liaison.records.vocabularies import shipped

TODAY = date(2026, 11, 22)
ANN, BEN, CAZ = 1, 2, 3
FIRE, FOOD, CARE, DATA = 11, 12, 13, 14

STAFF = (
    Staff(id=ANN, name="Ann", job_role="care assistant"),
    Staff(id=BEN, name="Ben", job_role="care assistant"),
    Staff(id=CAZ, name="Caz", job_role="manager"),
)
COURSES = (
    Course(id=CARE, name="Care Certificate"),
    Course(id=FOOD, name="Food hygiene", refresh_months=36),
    Course(id=FIRE, name="Fire safety", refresh_months=12),
)


def needs(course: int, *roles: str, **other: object) -> tuple[Requirement, ...]:
    made = [
        Requirement(id=course * 100 + n, course=course, job_role=r) for n, r in enumerate(roles)
    ]
    return tuple(dataclasses.replace(r, **other) for r in made)  # type: ignore[arg-type]  # by name


def done(staff: int, course: int, completed: date, **other: object) -> TrainingRecord:
    made = TrainingRecord(
        id=int(completed.strftime("%Y%m%d")), staff=staff, course=course, completed=completed
    )
    return dataclasses.replace(made, **other)  # type: ignore[arg-type]  # by name


FACTS = Facts(
    staff=STAFF,
    courses=COURSES,
    requirements=needs(FIRE, "care assistant", "manager"),
    trained=(done(ANN, FIRE, date(2026, 3, 15)),),
)


def matrix(facts: Facts, on: date = TODAY, days: int = 60) -> Matrix:
    return build(facts, on, due_soon_days=days, vocabularies=shipped(), names={})


def cell(facts: Facts, staff: int, course: int, on: date = TODAY) -> Cell:
    (found,) = [
        cell
        for row in matrix(facts, on).rows
        for cell in row.cells
        if (cell.staff, cell.course) == (staff, course)
    ]
    return found


def test_sums_of_rows_columns_and_the_whole() -> None:
    made = matrix(
        dataclasses.replace(
            FACTS,
            requirements=(
                *needs(FIRE, "care assistant", "manager"),
                *needs(FOOD, "care assistant"),
            ),
            trained=(
                done(ANN, FIRE, date(2026, 3, 15)),
                done(ANN, FOOD, date(2024, 3, 15)),
                done(BEN, FOOD, date(2020, 3, 15)),
                done(CAZ, FIRE, date(2026, 1, 10)),
            ),
        )
    )
    assert [(row.name, row.role, row.in_date, row.required) for row in made.rows] == [
        ("Caz", "Manager", 1, 1),
        ("Ann", "Care assistant", 2, 2),
        ("Ben", "Care assistant", 0, 2),
    ]
    assert [(c.course.id, c.group, c.in_date, c.required) for c in made.columns] == [
        (FIRE, "Every year", 2, 3),
        (FOOD, "Every three years", 1, 2),
    ]
    assert [c.share for c in made.columns] == [Decimal("66.7"), Decimal("50.0")]
    assert (made.complete, made.share_complete) == (2, Decimal("66.7"))
    assert (made.in_date, made.required, made.share_in_date) == (3, 5, Decimal("60.0"))
    assert [[c.state for c in row.cells] for row in made.rows] == [
        [State.DUE_SOON, State.NOT_REQUIRED],
        [State.IN_DATE, State.IN_DATE],
        [State.MISSING, State.OUT_OF_DATE],
    ]
    assert made.count(State.IN_DATE) == 2
    assert made.rows[1].cells[0].held is not None
    assert made.rows[1].cells[0].held.runs_out == date(2027, 3, 14)


def test_the_domains_own_case_20_of_22_is_flagged() -> None:
    staff = [Staff(id=n, name=f"P{n}", job_role="nurse") for n in range(1, 23)]
    facts = Facts(
        staff=staff,
        courses=[Course(id=DATA, name="Data security", refresh_months=12)],
        requirements=needs(DATA, "nurse"),
        trained=[done(n, DATA, date(2026, 2, n)) for n in range(1, 21)],
    )
    (column,) = matrix(facts).columns
    assert (column.in_date, column.required, column.share) == (20, 22, Decimal("90.9"))
    assert column.target is not None
    assert (column.target.percent, column.target.share) == (95, Decimal("90.9"))
    assert not column.target.met
    trained = [*facts.trained, done(21, DATA, TODAY)]
    (column,) = matrix(dataclasses.replace(facts, trained=trained)).columns
    assert column.target is not None
    assert column.target.met
    assert column.target.share == Decimal("95.5")


def test_the_target_asks_for_the_last_twelve_months_however_long_the_home_lets_it_count() -> None:
    facts = Facts(
        staff=STAFF[:1],
        courses=[Course(id=DATA, name="Data security", refresh_months=36)],
        requirements=needs(DATA, "care assistant"),
        trained=[done(ANN, DATA, date(2025, 11, 22))],
    )
    (column,) = matrix(facts).columns
    assert column.in_date == 1
    assert column.target is not None
    assert not column.target.met
    (column,) = matrix(facts, date(2026, 11, 21)).columns
    assert column.target is not None
    assert column.target.met


def test_a_later_completion_does_not_count_yet() -> None:
    facts = dataclasses.replace(
        FACTS,
        trained=(done(ANN, FIRE, date(2024, 2, 29)), done(ANN, FIRE, date(2026, 3, 15))),
    )
    assert cell(facts, ANN, FIRE, date(2026, 3, 14)).state is State.OUT_OF_DATE
    assert cell(facts, ANN, FIRE, date(2026, 3, 15)).state is State.IN_DATE
    # 29 February 2024 and a year: 27 February 2025 is the last day
    assert cell(facts, ANN, FIRE, date(2025, 2, 27)).in_date
    assert not cell(facts, ANN, FIRE, date(2025, 2, 28)).in_date
    assert cell(facts, ANN, FIRE, date(2024, 2, 28)).state is State.MISSING


def test_the_job_role_held_on_the_day_decides() -> None:
    facts = dataclasses.replace(
        FACTS,
        requirements=needs(FIRE, "nurse"),
        trained=(),
        jobs=(JobHeld(id=5, staff=ANN, job_role="nurse", since=date(2026, 6, 1)),),
    )
    assert cell(facts, ANN, FIRE).state is State.MISSING
    assert matrix(facts, date(2026, 5, 31)).columns == ()
    struck = dataclasses.replace(facts.jobs[0], struck_reason="A mistake")
    assert matrix(dataclasses.replace(facts, jobs=(struck,))).columns == ()


def test_a_requirement_begins_on_its_day() -> None:
    facts = dataclasses.replace(
        FACTS, requirements=needs(FIRE, "manager", since=date(2026, 9, 1)), trained=()
    )
    assert matrix(facts, date(2026, 8, 31)).columns == ()
    assert cell(facts, CAZ, FIRE, date(2026, 9, 1)).state is State.MISSING


def test_a_new_starter_has_time_and_is_not_counted_until_it_is_over() -> None:
    new = Staff(id=4, name="Dee", job_role="manager", started=date(2026, 11, 1))
    facts = dataclasses.replace(FACTS, staff=(*STAFF, new))
    running = cell(facts, 4, FIRE)
    assert (running.state, running.counts) == (State.NOT_REQUIRED, False)
    assert running.required_from == date(2027, 1, 24)
    assert cell(facts, 4, FIRE, date(2027, 1, 23)).state is State.NOT_REQUIRED
    over = cell(facts, 4, FIRE, date(2027, 1, 24))
    assert (over.state, over.counts, over.lacks) == (State.MISSING, True, True)
    trained = (*facts.trained, done(4, FIRE, date(2026, 11, 10)))
    early = cell(dataclasses.replace(facts, trained=trained), 4, FIRE)
    assert (early.state, early.counts) == (State.IN_DATE, True)


def test_an_exemption_holds_until_its_last_day() -> None:
    exemption = Exemption(id=70, staff=BEN, course=FIRE, reason="Back injury", until=TODAY)
    facts = dataclasses.replace(FACTS, exemptions=(exemption,))
    exempt = cell(facts, BEN, FIRE)
    assert (exempt.state, exempt.counts, exempt.exemption) == (State.EXEMPT, False, 70)
    assert cell(facts, BEN, FIRE, date(2026, 11, 23)).state is State.MISSING
    struck = dataclasses.replace(exemption, struck_reason="Wrong person")
    assert cell(dataclasses.replace(FACTS, exemptions=(struck,)), BEN, FIRE).counts


def test_oliver_mcgowan_is_the_e_learning_and_either_tier() -> None:
    learning, tier_1, tier_2 = 41, 42, 43
    facts = Facts(
        staff=STAFF,
        courses=(
            Course(id=learning, name="Oliver McGowan (e-learning)"),
            Course(id=tier_1, name="Oliver McGowan (Tier 1)"),
            Course(id=tier_2, name="Oliver McGowan (Tier 2)", satisfies=(tier_1,)),
        ),
        requirements=(
            *needs(learning, "care assistant", "manager"),
            *needs(tier_1, "care assistant", "manager"),
        ),
        trained=(
            done(ANN, learning, date(2025, 1, 1)),
            done(ANN, tier_2, date(2025, 2, 1)),
            done(BEN, learning, date(2025, 1, 1)),
            done(CAZ, tier_1, date(2025, 1, 1)),
        ),
    )
    complete = {row.name: row.complete for row in matrix(facts).rows}
    assert complete == {"Ann": True, "Ben": False, "Caz": False}
    assert cell(facts, ANN, tier_1).state is State.IN_DATE
    # the tier nobody asks for counts as the other and has no column of its own
    assert tier_2 not in [column.course.id for column in matrix(facts).columns]
    assert [c.required for c in matrix(facts).columns] == [3, 3]


def test_booked_is_a_place_on_a_planned_session_from_that_day_on() -> None:
    at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    session = Session(id=50, course=FIRE, at=at, status="planned")
    place = Attendance(id=60, session=50, staff=BEN, status="booked")
    facts = dataclasses.replace(FACTS, sessions=(session,), attendances=(place,))
    booked = cell(facts, BEN, FIRE)
    assert (booked.state, booked.booked, booked.session) == (State.BOOKED, at, 50)
    # a place that is held is no training yet
    assert booked.lacks
    assert matrix(facts).complete == 1
    assert cell(facts, BEN, FIRE, date(2026, 11, 23)).state is State.MISSING
    for changed in (
        dataclasses.replace(facts, sessions=(dataclasses.replace(session, status="cancelled"),)),
        dataclasses.replace(facts, sessions=(dataclasses.replace(session, archived=True),)),
        dataclasses.replace(
            facts, attendances=(dataclasses.replace(place, status="did not attend"),)
        ),
        dataclasses.replace(
            facts, attendances=(dataclasses.replace(place, struck_reason="Wrong one"),)
        ),
    ):
        assert cell(changed, BEN, FIRE).state is State.MISSING


def test_the_first_of_several_places_is_shown() -> None:
    sessions = tuple(
        Session(id=n, course=FIRE, at=datetime(2026, 12, n, 9, tzinfo=UTC)) for n in (20, 10)
    )
    places = tuple(Attendance(id=60 + n, session=n, staff=BEN) for n in (20, 10))
    facts = dataclasses.replace(FACTS, sessions=sessions, attendances=places)
    assert cell(facts, BEN, FIRE).session == 10


def test_struck_and_archived_training_counts_for_nothing() -> None:
    for gone in ({"struck_reason": "Wrong person"}, {"archived": True}, {"merged_into": 5}):
        facts = dataclasses.replace(FACTS, trained=(done(ANN, FIRE, date(2026, 3, 15), **gone),))
        assert cell(facts, ANN, FIRE).state is State.MISSING


def test_merged_staff_and_courses_are_those_they_became() -> None:
    twin = Staff(id=8, name="Anne", job_role="care assistant", merged_into=ANN)
    double = Course(id=18, name="Fire", refresh_months=12, merged_into=FIRE)
    facts = dataclasses.replace(
        FACTS,
        staff=(*STAFF, twin),
        courses=(*COURSES, double),
        requirements=needs(18, "care assistant"),
        trained=(done(8, 18, date(2026, 3, 15)),),
    )
    assert cell(facts, ANN, FIRE).state is State.IN_DATE
    assert [row.name for row in matrix(facts).rows] == ["Caz", "Ann", "Ben"]


def test_two_merged_into_each_other_are_in_no_list() -> None:
    one = Course(id=21, name="One", merged_into=22)
    two = Course(id=22, name="Two", merged_into=21)
    facts = dataclasses.replace(FACTS, courses=(*COURSES, one, two), trained=())
    assert {c.course.id for c in matrix(facts).columns} == {FIRE}


def test_nobody_and_nothing() -> None:
    empty = matrix(Facts())
    assert (empty.rows, empty.columns, empty.complete) == ((), (), 0)
    assert empty.share_complete == empty.share_in_date == 100
    assert matrix(Facts(staff=STAFF)).rows[0].cells == ()


def test_a_home_that_has_not_said_what_it_requires_sees_what_its_staff_hold() -> None:
    course = Course(id=41, name="Fire safety", refresh_months=12)
    facts = Facts(staff=FACTS.staff[:1], courses=(course,), trained=(done(ANN, 41, TODAY),))
    assert [(column.course.id, column.required) for column in matrix(facts).columns] == [(41, 0)]


def test_of_courses_nobody_must_hold_no_cell_is_made_and_the_others_are_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facts = dataclasses.replace(
        FACTS,
        requirements=(
            *needs(FIRE, "care assistant"),
            *needs(FOOD, "manager", since=date(2026, 1, 1)),
            # nobody has the role, and a day that has not come
            *needs(CARE, "cook"),
            *needs(CARE, "manager", since=date(2027, 1, 1)),
        ),
        trained=(*FACTS.trained, done(BEN, CARE, date(2026, 1, 1))),
    )
    day = Day(facts, TODAY, 60)
    every = {
        person.name: [day.cell(person, person.job_role, c) for c in COURSES] for person in STAFF
    }
    asked = [
        n for n in range(len(COURSES)) if any(line[n].required_from for line in every.values())
    ]
    made: list[int] = []
    cell_of = Day.cell

    def counted(self: Day, person: Staff, role: str | None, course: Course) -> Cell:
        made.append(course.id or 0)
        return cell_of(self, person, role, course)

    monkeypatch.setattr(Day, "cell", counted)
    found = matrix(facts)
    assert {COURSES[n].id for n in asked} == {column.course.id for column in found.columns}
    assert set(made) == {FIRE, FOOD}
    for row in found.rows:
        assert set(row.cells) == {every[row.name][n] for n in asked}
