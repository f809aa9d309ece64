"""Domain rules 1 and 6: how somebody stands with a course on a day, and shares of staff."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records.home import Staff
from liaison.records.rules import compliance
from liaison.records.rules.compliance import Held, State
from liaison.records.training import Course, JobHeld, Requirement, TrainingRecord

TODAY = date(2026, 11, 22)


def held(runs_out: date | None) -> Held:
    return Held(1, date(2024, 2, 29), runs_out)


@pytest.mark.parametrize(
    ("training", "required", "exempt", "booked", "state"),
    [
        pytest.param(None, True, False, False, State.MISSING, id="required, no record"),
        pytest.param(None, True, False, True, State.BOOKED, id="no record, but a place held"),
        pytest.param(None, True, True, False, State.EXEMPT, id="no record, and needs none"),
        pytest.param(None, False, False, False, State.NOT_REQUIRED, id="nobody asks for it"),
        pytest.param(None, False, False, True, State.BOOKED, id="goes although nobody asks"),
        pytest.param(held(None), True, False, False, State.IN_DATE, id="once is enough"),
        pytest.param(held(None), True, False, True, State.IN_DATE, id="once, and goes again"),
        pytest.param(held(TODAY), True, False, False, State.DUE_SOON, id="the last day counts"),
        pytest.param(
            held(date(2026, 11, 21)), True, False, False, State.OUT_OF_DATE, id="the day after"
        ),
        pytest.param(held(date(2027, 1, 21)), True, False, False, State.DUE_SOON, id="60 days"),
        pytest.param(held(date(2027, 1, 22)), True, False, False, State.IN_DATE, id="61 days"),
        pytest.param(held(date(2027, 1, 22)), True, False, True, State.IN_DATE, id="booked early"),
        pytest.param(held(date(2026, 12, 24)), True, False, True, State.BOOKED, id="due, booked"),
        pytest.param(held(date(2026, 10, 9)), True, False, True, State.BOOKED, id="late, booked"),
        pytest.param(
            held(date(2026, 12, 24)), False, False, False, State.IN_DATE,
            id="nobody need refresh what nobody asks for",
        ),
        pytest.param(
            held(date(2026, 12, 24)), True, True, False, State.IN_DATE, id="exempt all the same"
        ),
        pytest.param(held(date(2026, 10, 9)), True, True, False, State.EXEMPT, id="late, exempt"),
        pytest.param(
            held(date(2026, 10, 9)), False, False, False, State.NOT_REQUIRED, id="late, not asked"
        ),
    ],
)  # fmt: skip
def test_state_of_one_person_and_one_course(
    training: Held | None,
    required: bool,  # noqa: FBT001  # a column of the table
    exempt: bool,  # noqa: FBT001  # a column of the table
    booked: bool,  # noqa: FBT001  # a column of the table
    state: State,
) -> None:
    assert (
        compliance.state_of(
            training, TODAY, required=required, exempt=exempt, booked=booked, due_soon_days=60
        )
        is state
    )


def test_words_of_the_states_are_those_people_see() -> None:
    assert [state.value for state in State] == [
        "in date", "due soon", "out of date", "missing", "booked", "not required", "exempt",
    ]  # fmt: skip


YEARLY = Course(id=1, name="Basic life support", refresh_months=12)
THREE_YEARLY = Course(id=2, name="First aid at work", refresh_months=36)
ONCE = Course(id=3, name="Care Certificate")


def done(completed: date, expires: date | None = None) -> TrainingRecord:
    return TrainingRecord(id=9, staff=1, course=1, completed=completed, expires=expires)


@pytest.mark.parametrize(
    ("record", "course", "asked", "last_day"),
    [
        pytest.param(done(date(2026, 3, 15)), YEARLY, None, date(2027, 3, 14), id="a year"),
        pytest.param(done(date(2024, 2, 29)), YEARLY, None, date(2025, 2, 27), id="leap day"),
        pytest.param(
            done(date(2024, 2, 29)), THREE_YEARLY, None, date(2027, 2, 27), id="leap day, 3 years"
        ),
        pytest.param(done(date(2024, 2, 29)), ONCE, None, None, id="never"),
        pytest.param(
            done(date(2026, 3, 15), date(2026, 9, 1)), YEARLY, None, date(2026, 9, 1),
            id="what the certificate says",
        ),
        pytest.param(
            done(date(2026, 3, 15), date(2028, 9, 1)), ONCE, None, date(2028, 9, 1),
            id="a certificate that ends although the course does not",
        ),
        pytest.param(
            done(date(2026, 3, 15)), THREE_YEARLY, YEARLY, date(2027, 3, 14),
            id="counts as the yearly one for a year",
        ),
        pytest.param(
            done(date(2026, 3, 15)), YEARLY, THREE_YEARLY, date(2027, 3, 14),
            id="never longer than it lasts itself",
        ),
        pytest.param(done(date(2026, 3, 15)), ONCE, YEARLY, date(2027, 3, 14), id="once as yearly"),
        pytest.param(done(date(2026, 3, 15)), ONCE, ONCE, None, id="itself"),
    ],
)  # fmt: skip
def test_last_day_on_which_training_counts(
    record: TrainingRecord, course: Course, asked: Course | None, last_day: date | None
) -> None:
    assert compliance.runs_out(record, course, asked) == last_day


def test_of_two_trainings_the_one_that_counts_longer_is_shown() -> None:
    older = Held(1, date(2025, 1, 1), date(2027, 1, 1))
    newer = Held(2, date(2026, 1, 1), date(2026, 6, 1))
    assert older.outlasts(newer)
    assert not newer.outlasts(older)
    assert Held(3, date(2020, 1, 1), None).outlasts(older)
    assert Held(4, date(2026, 1, 1), date(2027, 1, 1)).outlasts(older)
    assert not older.outlasts(older)


def test_what_counts_as_what_goes_on_and_circles_end() -> None:
    courses = {
        1: Course(id=1, satisfies=(2,)),
        2: Course(id=2, satisfies=(3,)),
        3: Course(id=3, satisfies=(2, 99)),
        4: Course(id=4),
    }
    assert compliance.counts_as(courses) == {
        1: frozenset({1, 2, 3}), 2: frozenset({2, 3}), 3: frozenset({3, 2}), 4: frozenset({4}),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("person", "here"),
    [
        pytest.param(Staff(), True, id="no dates"),
        pytest.param(Staff(started=TODAY), True, id="first day"),
        pytest.param(Staff(started=date(2026, 11, 23)), False, id="starts tomorrow"),
        pytest.param(Staff(left_on=TODAY), True, id="last day"),
        pytest.param(Staff(left_on=date(2026, 11, 21)), False, id="left yesterday"),
        pytest.param(Staff(archived=True), False, id="entered by mistake"),
        pytest.param(Staff(archived=True, left_on=date(2026, 12, 1)), True, id="archived later"),
        pytest.param(Staff(merged_into=5), False, id="counted as the other one"),
        pytest.param(Staff(struck_reason="Wrong home"), False, id="struck through"),
    ],
)
def test_who_works_here_on_a_day(person: Staff, here: bool) -> None:  # noqa: FBT001  # a column
    assert compliance.works_here(person, TODAY) is here


@pytest.mark.parametrize(
    ("on", "role"),
    [
        (date(2025, 1, 1), "manager"),
        (date(2025, 6, 1), "care assistant"),
        (date(2026, 2, 28), "care assistant"),
        (date(2026, 3, 1), "senior carer"),
        (TODAY, "nurse"),
    ],
)
def test_job_role_is_the_one_held_on_the_day(on: date, role: str) -> None:
    person = Staff(job_role="manager")
    jobs = [
        JobHeld(id=3, job_role="nurse", since=date(2026, 11, 1)),
        JobHeld(id=1, job_role="care assistant", since=date(2025, 6, 1)),
        # two of one day: the one written later corrects the other
        JobHeld(id=9, job_role="senior carer", since=date(2026, 3, 1)),
        JobHeld(id=2, job_role="cook", since=date(2026, 3, 1)),
    ]
    assert compliance.job_role_on(person, jobs, on) == role


@pytest.mark.parametrize(
    ("since", "grace", "started", "first_day"),
    [
        (None, 84, None, date.min),
        (None, 84, date(2026, 11, 1), date(2027, 1, 24)),
        (None, 0, date(2026, 11, 1), date(2026, 11, 1)),
        (None, None, date(2026, 11, 1), date(2026, 11, 1)),
        (date(2026, 9, 1), 84, date(2020, 5, 1), date(2026, 9, 1)),
        (date(2026, 9, 1), 84, date(2026, 8, 20), date(2026, 11, 12)),
        (date(2026, 9, 1), 84, None, date(2026, 9, 1)),
        (None, 10**12, date(2026, 11, 1), date.max),
    ],
)
def test_new_starters_have_time(
    since: date | None, grace: int | None, started: date | None, first_day: date
) -> None:
    requirement = Requirement(course=1, job_role="nurse", since=since, grace_days=grace)
    assert compliance.required_from(requirement, Staff(started=started)) == first_day


@pytest.mark.parametrize(
    ("part", "whole", "target", "shown"),
    [
        pytest.param(20, 22, 95, "90.9", id="the domain's own case"),
        pytest.param(19, 22, 100, "86.4", id="half up"),
        pytest.param(21, 22, 100, "95.5", id="half up again"),
        pytest.param(19, 20, 95, "95.0", id="just reached"),
        pytest.param(189, 199, 95, "94.9", id="never rounds up to a target that is missed"),
        pytest.param(1999, 2000, 100, "99.9", id="never rounds up to all"),
        pytest.param(22, 22, 95, "100.0", id="all"),
        pytest.param(0, 22, 95, "0.0", id="none"),
        pytest.param(0, 0, 95, "100", id="nobody of nobody"),
    ],
)
def test_shares_in_per_cent(part: int, whole: int, target: int, shown: str) -> None:
    assert str(compliance.percent(part, whole, target)) == shown


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_share_is_shown_on_the_right_side_of_its_target(part: int, whole: int) -> None:
    part = min(part, whole)
    shown = compliance.percent(part, whole, 95)
    assert (shown >= 95) == (100 * part >= 95 * whole)
    assert (shown == 100) == (part == whole)
    assert abs(shown - Decimal(100 * part) / whole) < Decimal("0.1")


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (None, "Once"), (1, "Every month"), (6, "Every six months"), (12, "Every year"),
        (18, "Every 18 months"), (24, "Every two years"), (36, "Every three years"),
        (120, "Every ten years"), (132, "Every 11 years"),
    ],
)  # fmt: skip
def test_how_often_a_course_is_refreshed_in_words(months: int | None, words: str) -> None:
    assert compliance.refresh_words(months) == words


def test_the_national_target_finds_its_course_by_name_then_by_category() -> None:
    named = Course(id=1, name="DATA SECURITY and protection", category="37")
    category = Course(id=2, name="Information governance", category="26")
    other = Course(id=3, name="Fire safety", category="6")
    assert compliance.data_security([category, named, other]) == {1}
    assert compliance.data_security([category, other]) == {2}
    assert compliance.data_security([other]) == frozenset()
