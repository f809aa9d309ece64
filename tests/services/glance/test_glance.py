"""At a glance: every figure is counted from the records shown behind it, and is right."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison.errors import UserError
from liaison.records.casework import Concern, Referral, Round, Transfer, Visit, VisitEntry
from liaison.records.directory import Contact, ContactAttempt, Organisation
from liaison.records.home import Resident, Staff
from liaison.records.training import Course, Requirement, TrainingRecord
from liaison.services import glance
from liaison.services.glance import Behind, Glance
from liaison.services.homes import OpenHome
from tests.services.conftest import add

TODAY = dt.date(2026, 11, 18)
NOW = dt.datetime(2026, 11, 18, 10, 40, tzinfo=dt.UTC)
START, END = glance.period(TODAY)
CANARY = "Zerubabel"


def at(month: int, day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock(home: OpenHome) -> None:
    home.store.clock = lambda: NOW


@pytest.fixture
def lived_in(home: OpenHome) -> OpenHome:
    """Return a home in which each question has a whole, and some of it is not as it should be."""
    ann = add(
        home, Staff(name=f"Ann {CANARY}", job_role="care assistant", started=dt.date(2020, 1, 1))
    )
    ben = add(
        home, Staff(name=f"Ben {CANARY}", job_role="care assistant", started=dt.date(2020, 1, 1))
    )
    fire = add(home, Course(name="Fire safety", refresh_months=12))
    add(home, Requirement(course=fire, job_role="care assistant"))
    add(home, TrainingRecord(staff=ann, course=fire, completed=dt.date(2026, 3, 2)))
    add(home, TrainingRecord(staff=ben, course=fire, completed=dt.date(2024, 3, 2)))
    place = add(
        home, Organisation(name=f"{CANARY} Surgery", kind="GP practice", phone="01632 960 001")
    )
    gp = add(home, Contact(name=f"Dr {CANARY}", last_checked=dt.date(2026, 11, 1)))
    mary = add(home, Resident(name=f"Mary {CANARY}", room="4", gp_choice="own choice"))
    joan = add(home, Resident(name=f"Joan {CANARY}", room="5"))
    add(home, Resident(name=f"Gone {CANARY}", left_on=dt.date(2026, 1, 2)))
    for when, urgency in ((at(11, 3), "planned"), (at(11, 4), "urgent"), (at(2, 4), "planned")):
        visit = add(home, Visit(at=when, kind="visit", urgency=urgency, professional=gp))
        heard = "Better" if urgency == "urgent" else None
        add(
            home,
            VisitEntry(
                visit=visit, resident=mary, found="Seen", plan_changed="yes", voice=heard,
                family_informed="yes" if urgency == "planned" else "no", medicines_changed=True,
                pharmacy_told=urgency == "urgent",
            ),
        )  # fmt: skip
    add(home, Visit(at=at(11, 5), kind="visit", status="cancelled", professional=gp))
    add(home, Visit(at=at(1, 5).replace(year=2025), kind="visit", professional=gp))
    for when, answer in ((at(11, 2), at(11, 3, 15)), (at(11, 9), None)):
        add(
            home,
            Concern(
                resident=joan, raised_by=ann, raised_at=when, situation=f"{CANARY} is pale",
                urgency="today", answer="Fluids" if answer else None, answered_at=answer,
            ),
        )  # fmt: skip
    add(
        home, Referral(resident=mary, organisation=place, sent=dt.date(2026, 5, 18), reason="Chair")
    )
    add(home, Transfer(resident=mary, direction="admission", at=at(10, 20, 22), planned=False))
    back = Transfer(resident=mary, direction="discharge", at=at(11, 2))
    add(home, dataclasses.replace(back, reviewed_on=dt.date(2026, 11, 16), review="Sleeps well"))
    add(home, Transfer(resident=joan, direction="discharge", at=at(11, 17)))
    add(home, ContactAttempt(at=at(11, 1), contact=gp, reached=False, waited=20))
    add(home, ContactAttempt(at=at(11, 2), contact=gp, reached=True))
    add(home, ContactAttempt(at=at(11, 3), organisation=place, reached=False))
    add(home, Round(at=at(11, 4), status="happened"))
    add(home, Round(at=at(11, 11), status="planned"))
    add(home, Round(at=at(11, 25), status="planned"))
    return home


def figures(found: Glance) -> dict[str, tuple[str, str]]:
    return {one.name: (one.figure, one.state) for one in found.answers}


def behind(home: OpenHome, name: str) -> tuple[Behind, ...]:
    return glance.behind(home.store, name, START, END)


def test_each_figure_is_what_was_recorded(lived_in: OpenHome) -> None:
    assert figures(glance.read(lived_in.store, START, END)) == {
        "training": ("1 of 2", "late"),
        "checks": ("2", "due"),
        "medicines": ("1 of 3", "due"),
        "planned": ("2 of 3", "info"),
        "reviews": ("0 of 1", "due"),
        "hospital": ("1", "info"),
        "voice": ("1 of 3", "info"),
        "family": ("2 of 3", "due"),
        "own-gp": ("1 of 2", "due"),
        "answered": ("1 of 2", "late"),
        "waits": ("1", "ok"),
        # the wait, both concerns, and the reviews of two who came back less the one that was made
        "open": ("4", "late"),
        "reached": ("1 of 2", "due"),
        "fed-back": ("0 of 1", "due"),
        "supervisions": ("4", "due"),
        "rounds": ("1 of 2", "due"),
        "checked": ("1", "due"),
    }


def test_behind_each_figure_stand_just_the_records_it_counts(lived_in: OpenHome) -> None:
    found = glance.read(lived_in.store, START, END)
    for answer in found.answers:
        rows = behind(lived_in, answer.name)
        if answer.whole is None:
            assert len(rows) == answer.count, answer.name
        else:
            assert (sum(row.counts for row in rows), len(rows)) == (answer.count, answer.whole)
        for row in rows:
            assert lived_in.store.get(row.type, row.id) is not None, "it can be opened"
            assert row.title
            assert row.words


def test_what_is_to_be_looked_at_comes_before_what_is_as_it_should_be(
    lived_in: OpenHome,
) -> None:
    assert [row.counts for row in behind(lived_in, "family")] == [False, True, True]
    # of what is only counted, those that are counted come first
    assert [row.counts for row in behind(lived_in, "voice")] == [True, False, False]


def test_an_answer_names_nobody_and_quotes_nobody(lived_in: OpenHome) -> None:
    for answer in glance.read(lived_in.store, START, END).answers:
        assert CANARY not in repr(dataclasses.replace(answer, waits=())), answer.name
    # a wait is told by the place, which is no secret
    assert any(CANARY in row.title for row in behind(lived_in, "answered"))


def test_a_month_has_its_own_column_and_a_long_period_its_last_twelve(lived_in: OpenHome) -> None:
    bars = glance.read(lived_in.store, START, END).of("planned").bars
    assert [bar.label for bar in bars][-2:] == ["Oct", "Nov"]
    assert sum(bar.count for bar in bars) == 3
    long = glance.read(lived_in.store, dt.date(2020, 1, 1), END).of("planned")
    assert (long.whole, len(long.bars), sum(bar.count for bar in long.bars)) == (4, 12, 3)


def test_an_earlier_period_tells_of_its_last_day(lived_in: OpenHome) -> None:
    found = glance.read(lived_in.store, dt.date(2026, 4, 1), dt.date(2026, 6, 30))
    assert found.of("waits").figure == "1"
    assert "43 days" in found.of("waits").words
    assert found.of("answered").figure == "None"


def test_a_home_with_nothing_in_it_has_answers_and_no_charts(home: OpenHome) -> None:
    found = glance.read(home.store, START, END)
    assert {one.figure for one in found.answers} == {"None"}
    assert not any(one.bars or one.waits for one in found.answers)
    assert {one.state for one in found.answers} <= {"none", "ok"}
    assert next(area for area, _ in found.areas) == "Safe"


def test_a_period_that_ends_before_it_begins_and_an_unknown_question_are_said_plainly(
    home: OpenHome,
) -> None:
    with pytest.raises(UserError):
        glance.read(home.store, END, START)
    with pytest.raises(UserError) as refused:
        glance.behind(home.store, "weather", START, END)
    assert refused.value.code == "no-question"
    assert "training" in (refused.value.do or "")
