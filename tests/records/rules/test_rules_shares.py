"""Shares by job role and team, and the days the home's share is looked at."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from liaison.records.home import Staff
from liaison.records.rules import shares
from liaison.records.rules.compliance import State, counts_as, parts_of
from liaison.records.rules.matrix import build
from liaison.records.rules.standing import Facts
from liaison.records.training import Course, Requirement, TrainingRecord
from liaison.records.vocabularies import shipped

TODAY = date(2026, 11, 22)
FIRE, WHOLE = 11, 20
FACTS = Facts(
    staff=[
        Staff(id=1, name="Ann", job_role="cook", team="kitchen"),
        Staff(id=2, name="Ben", job_role="cook"),
        Staff(id=3, name="Caz", job_role="manager", team="days"),
    ],
    courses=[Course(id=FIRE, name="Fire safety", refresh_months=12)],
    requirements=[Requirement(id=1, course=FIRE, job_role="cook")],
    trained=[TrainingRecord(id=9, staff=1, course=FIRE, completed=date(2026, 3, 15))],
)


def test_shares_of_roles_teams_and_all() -> None:
    made = build(FACTS, TODAY, due_soon_days=60, vocabularies=shipped(), names={})
    whole = shares.of_home(made)
    assert (whole.complete, whole.people, whole.held, whole.required) == (2, 3, 1, 2)
    assert (whole.percent, whole.percent_held) == (Decimal("66.7"), Decimal("50.0"))
    assert [(s.key, s.complete, s.people) for s in shares.by_role(made)] == [
        ("manager", 1, 1), ("cook", 1, 2),
    ]  # fmt: skip
    assert [(s.name, s.complete, s.people) for s in shares.by_team(made)] == [
        ("Days", 1, 1), ("Kitchen", 1, 1), ("Not recorded", 0, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("on", "days"),
    [
        (date(2024, 3, 31), [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)]),
        (date(2026, 3, 1), [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 1)]),
        (date(2026, 1, 15), [date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 15)]),
    ],
)
def test_months_end_on_their_last_day_leap_years_too(on: date, days: list[date]) -> None:
    assert list(shares.month_ends(on, 3)) == days


def certificate(count: int = 16, **whole: object) -> list[Course]:
    parts = [
        Course(id=100 + n, name=f"Care Certificate {n}: Part {n}") for n in range(1, count + 1)
    ]
    ids = tuple(part.id or 0 for part in parts)
    return [Course(id=WHOLE, name="Care Certificate", satisfies=ids, **whole), *parts]  # type: ignore[arg-type]  # by name


def held(courses: list[Course], parts: dict[int, date], on: date = TODAY) -> tuple[object, ...]:
    facts = Facts(
        staff=FACTS.staff[:1], courses=courses,
        requirements=[Requirement(id=1, course=WHOLE, job_role="cook")],
        trained=[
            TrainingRecord(id=part, staff=1, course=part, completed=day)
            for part, day in parts.items()
        ],
    )  # fmt: skip
    made = build(facts, on, due_soon_days=60, vocabularies=shipped(), names={})
    (cell,) = made.rows[0].cells
    assert cell.course == WHOLE
    found = cell.held
    return (
        cell.state, cell.parts_held, cell.parts, None if found is None else found.completed,
        None if found is None else found.runs_out,
    )  # fmt: skip


def all_of(count: int, last: date) -> dict[int, date]:
    return {100 + n: date(2024, 2, n) for n in range(1, count)} | {100 + count: last}


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ({}, (State.MISSING, 0, 16, None, None)),
        (all_of(15, date(2024, 2, 29)), (State.MISSING, 15, 16, None, None)),
        (all_of(16, date(2024, 2, 29)), (State.IN_DATE, 16, 16, date(2024, 2, 29), None)),
        ({WHOLE: date(2023, 1, 2)}, (State.IN_DATE, 16, 16, date(2023, 1, 2), None)),
    ],
)
def test_all_sixteen_standards_are_the_care_certificate_and_fifteen_are_not(
    done: dict[int, date], expected: tuple[object, ...]
) -> None:
    assert held(certificate(), done) == expected


def test_a_whole_runs_out_with_its_first_part_or_by_its_own_rule() -> None:
    yearly = certificate(2, refresh_months=12)
    done = {101: date(2024, 2, 29), 102: date(2024, 3, 31)}
    assert held(yearly, done, date(2024, 6, 1))[3:] == (date(2024, 3, 31), date(2025, 3, 30))
    shorter = [yearly[0], Course(id=101, name="Care Certificate 1", refresh_months=6), yearly[2]]
    assert held(shorter, done, date(2024, 6, 1))[3:] == (date(2024, 3, 31), date(2024, 8, 28))
    assert held(shorter, done, date(2024, 8, 29))[0] is State.OUT_OF_DATE


def test_a_course_that_counts_as_others_of_another_name_has_no_parts() -> None:
    courses = [
        Course(id=1, name="First aid at work", satisfies=(2, 3)),
        Course(id=2, name="Basic life support"),
        Course(id=3, name="First aid at work 2"),
        *certificate(2),
    ]
    by_id = {course.id or 0: course for course in courses}
    assert parts_of(by_id, counts_as(by_id)) == {WHOLE: (101, 102)}
