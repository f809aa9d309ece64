"""What runs out in the coming days, and the sessions that would close most of it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from liaison.records.home import Staff
from liaison.records.rules import gaps
from liaison.records.rules.compliance import State
from liaison.records.rules.gaps import Coming, Gap, Proposal
from liaison.records.rules.matrix import build
from liaison.records.rules.standing import Facts, counting
from liaison.records.training import (
    Attendance,
    Course,
    Exemption,
    Requirement,
    Session,
    TrainingRecord,
)
from liaison.records.vocabularies import shipped

TODAY = date(2026, 11, 22)
FIRE, FOOD, TIER_1, TIER_2 = 11, 12, 13, 14
COURSES = (
    Course(id=FIRE, name="Fire safety", refresh_months=12),
    Course(id=FOOD, name="Food hygiene", refresh_months=36),
    Course(id=TIER_1, name="Tier 1"),
    Course(id=TIER_2, name="Tier 2", satisfies=(TIER_1,)),
)
COUNTING = counting(COURSES)


def cooks(count: int, **other: object) -> tuple[Staff, ...]:
    people = [Staff(id=n, name=f"P{n:02}", job_role="cook") for n in range(1, count + 1)]
    return tuple(dataclasses.replace(one, **other) for one in people)  # type: ignore[arg-type]  # by name


def found(facts: Facts, within: int = 90) -> tuple[Gap, ...]:
    made = build(facts, TODAY, due_soon_days=60, vocabularies=shipped(), names={})
    return gaps.find(made, within)


def needing(*courses: int, role: str = "cook", grace: int = 84) -> tuple[Requirement, ...]:
    return tuple(
        Requirement(id=100 + n, course=course, job_role=role, grace_days=grace)
        for n, course in enumerate(courses)
    )


def ends(day: date, staff: int = 1, course: int = FIRE) -> TrainingRecord:
    return TrainingRecord(
        id=900 + staff, staff=staff, course=course, completed=date(2024, 2, 29), expires=day
    )


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (date(2026, 11, 21), State.OUT_OF_DATE),
        (date(2026, 11, 22), State.DUE_SOON),
        (date(2027, 2, 19), State.DUE_SOON),  # 89 days
        (date(2027, 2, 20), State.DUE_SOON),  # 90 days, the last one asked for
        (date(2027, 2, 21), None),
    ],
)
def test_a_gap_is_what_runs_out_by_the_last_day_asked_for(end: date, state: State | None) -> None:
    facts = Facts(cooks(1), COURSES, needing(FIRE), trained=[ends(end)])
    assert [gap.state for gap in found(facts)] == ([] if state is None else [state])
    assert all(gap.by == gap.runs_out == end for gap in found(facts))


@pytest.mark.parametrize(
    ("started", "by"),
    [
        (None, None),
        (date(2026, 8, 30), None),  # the 84 days are over today
        (date(2026, 8, 31), date(2026, 11, 22)),
        (date(2026, 11, 20), date(2027, 2, 11)),
    ],
)
def test_a_new_starters_gap_is_due_the_day_before_their_time_is_over(
    started: date | None, by: date | None
) -> None:
    (gap,) = found(Facts(cooks(1, started=started), COURSES, needing(FIRE)))
    assert (gap.by, gap.runs_out) == (by, None)
    assert gap.state is (State.MISSING if by is None else State.DUE_SOON)
    assert gap.is_late(TODAY) is (by is None)


def test_nobody_is_asked_for_what_they_need_not_hold_or_hold_for_longer() -> None:
    staff = cooks(3)
    facts = Facts(
        staff, COURSES, needing(FIRE),
        exemptions=[Exemption(id=7, staff=1, course=FIRE, reason="Away")],
        trained=[ends(date(2027, 6, 1), 2)],
    )  # fmt: skip
    assert [gap.staff for gap in found(facts)] == [3]
    assert found(Facts(staff, COURSES, needing(FIRE, role="nurse"))) == ()


def test_the_most_pressing_gap_comes_first_and_each_falls_into_one_span() -> None:
    days = {1: 31, 2: -5, 3: 30, 4: 60, 5: 61, 6: 90}
    trained = [ends(TODAY + timedelta(days=ahead), who) for who, ahead in days.items()]
    some = found(Facts(cooks(7), COURSES, needing(FIRE), trained=trained))
    assert [gap.staff for gap in some] == [7, 2, 3, 1, 4, 5, 6]
    # P07 and P02 are late; then 30; 31 and 60; 61 and 90
    assert gaps.by_span(some, TODAY, (30, 60, 90)) == (2, 1, 2, 2)


def proposed(some: tuple[Proposal, ...]) -> list[tuple[int, list[str]]]:
    return [(one.course, [row.name for row in one.people]) for one in some]


def test_the_session_that_closes_most_is_planned_first_and_a_wider_course_counts_for_both() -> None:
    staff = (*cooks(2), Staff(id=3, name="P03", job_role="nurse"))
    facts = Facts(
        staff, COURSES, (*needing(TIER_1, FIRE), *needing(TIER_2, role="nurse")),
    )  # fmt: skip
    made = gaps.plan(found(facts), COUNTING)
    assert proposed(made) == [(TIER_2, ["P01", "P02", "P03"]), (FIRE, ["P01", "P02"])]


def test_not_more_than_so_many_of_a_team_are_away_at_once() -> None:
    staff = tuple(
        dataclasses.replace(one, team="days" if one.id and one.id < 5 else "nights")
        for one in cooks(6)
    )
    some = found(Facts(staff, COURSES, needing(FIRE)))
    assert proposed(gaps.plan(some, COUNTING, at_once=2)) == [
        (FIRE, ["P01", "P02", "P05", "P06"]),
        (FIRE, ["P03", "P04"]),
    ]
    assert proposed(gaps.plan(some, COUNTING)) == [
        (FIRE, ["P01", "P02", "P03", "P04", "P05", "P06"])
    ]
    assert [len(one.people) for one in gaps.plan(some, COUNTING, places=4)] == [4, 2]


def test_a_planned_session_with_room_comes_first_and_nobody_booked_is_asked_again() -> None:
    at = datetime(2026, 12, 1, 13, 30, tzinfo=UTC)
    staff = cooks(4, team="days")
    facts = Facts(
        staff, COURSES, needing(FIRE),
        sessions=[Session(id=50, course=FIRE, at=at)],
        attendances=[Attendance(id=51, session=50, staff=1)],
    )  # fmt: skip
    some = found(facts)
    assert (some[0].staff, some[0].state) == (1, State.BOOKED)
    coming = Coming(50, FIRE, at, free=2, teams={"Days": 1})
    made = gaps.plan(some, COUNTING, [coming])
    assert proposed(made) == [(FIRE, ["P02", "P03"]), (FIRE, ["P04"])]
    assert [one.coming for one in made] == [coming, None]
    # one of the team has a place there already
    made = gaps.plan(some, COUNTING, [coming], at_once=2)
    assert proposed(made) == [(FIRE, ["P02"]), (FIRE, ["P03", "P04"])]


def test_a_plan_says_by_when_and_ends() -> None:
    trained = [ends(date(2027, 1, 5), 1), ends(date(2026, 12, 5), 2)]
    (one,) = gaps.plan(found(Facts(cooks(2), COURSES, needing(FIRE), trained=trained)), COUNTING)
    assert one.by == date(2026, 12, 5)
    everything = found(Facts(cooks(60), COURSES, needing(FIRE, FOOD, TIER_1, TIER_2)))
    made = gaps.plan(everything, COUNTING, at_once=1)
    assert len(made) == gaps.MOST_SESSIONS
    assert gaps.plan((), COUNTING) == ()
