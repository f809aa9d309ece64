"""Skills signed off and judged anew, supervisions held, and the dates everybody has to keep."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.records.directory import Contact
from liaison.records.home import Resident, Staff
from liaison.records.training import Competency, Supervision
from liaison.services import competency, editing, homes, supervision
from liaison.services.homes import OpenHome
from tests import homes as made
from tests.services.conftest import add, got, written

NOW = dt.datetime(2026, 11, 18, 10, 40, tzinfo=dt.UTC)
TODAY = NOW.date()


def on(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


@pytest.fixture
def care(folder: Path) -> Iterator[OpenHome]:
    with homes.open_home(folder, None, made.PASSWORD, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def ana(care: OpenHome) -> int:
    return add(care, Staff(name="Ana Silva", job_role="care assistant", started=on(-900)))


@pytest.fixture
def ben(care: OpenHome) -> int:
    return add(care, Staff(name="Ben Hall", job_role="care assistant", started=on(-900)))


@pytest.fixture
def nurse(care: OpenHome) -> int:
    return add(care, Contact(name="Helen Ashworth"))


def test_several_are_signed_off_at_once_and_the_same_twice_is_refused(
    care: OpenHome, ana: int, ben: int, nurse: int
) -> None:
    units = written(care)[0]
    skill = Competency(
        skill="Catheter care", level="competent", assessed_on=TODAY, assessor_contact=nurse,
        review_due=on(30),
    )  # fmt: skip
    done = competency.sign_off(care, skill, [ana, ben])
    assert written(care)[0] == units + 1
    found = competency.skills(care.store, TODAY)
    assert [(one.name, one.level, one.assessor, one.state, one.days) for one in found] == [
        ("Ana Silva", "Competent", "Helen Ashworth", "due", -30),
        ("Ben Hall", "Competent", "Helen Ashworth", "due", -30),
    ]
    with pytest.raises(UserError, match="Ana Silva: this skill was signed off on that day already"):
        competency.sign_off(care, skill, [ana])
    editing.undo(care, done.changes)
    assert competency.skills(care.store, TODAY) == ()


def test_what_is_doubtful_for_everybody_is_said_once_and_of_one_alone_with_the_name(
    care: OpenHome, ana: int, ben: int
) -> None:
    skill = Competency(skill="Catheter care", level="competent", assessed_on=TODAY)
    several = competency.sign_off(care, skill, [ana, ben])
    words = "Assessed by (from outside): nobody is named who judged this."
    assert [one.message for one in several.warnings] == [words]
    alone = competency.sign_off(care, dataclasses.replace(skill, skill="Insulin"), [ana])
    assert [one.message for one in alone.warnings] == [f"Ana Silva: {words}"]


def test_judged_anew_the_latest_counts_and_the_earlier_stays(
    care: OpenHome, ana: int, nurse: int
) -> None:
    mary = add(care, Resident(name="Mary Jones", room="4"))
    first = add(care, Competency(
        staff=ana, skill="Insulin by pen", level="supervised", assessed_on=on(-200),
        assessor_contact=nurse, review_due=on(-1),
    ))  # fmt: skip
    add(care, Competency(
        staff=ana, skill="insulin by  pen", level="can teach", assessed_on=on(-300),
        assessor_contact=nurse, resident=mary, delegated=True,
    ))  # fmt: skip
    late, for_mary = competency.skills(care.store, TODAY)
    assert (late.state, late.days, late.resident) == ("late", 1, "")
    assert (for_mary.state, for_mary.resident) == ("none", "Mary Jones")
    competency.review(care, first, level="competent", assessed_on=TODAY, review_due=on(365))
    # an older judgement that is written down late
    add(care, Competency(
        staff=ana, skill="Insulin by pen", level="aware", assessed_on=on(-250),
        assessor_contact=nurse,
    ))  # fmt: skip
    now, _ = competency.skills(care.store, TODAY)
    assert (now.level, now.state, now.assessor) == ("Competent", "ok", "Helen Ashworth")
    before, _ = competency.skills(care.store, on(-1))
    assert (before.level, before.id) == ("Supervised", first)


def test_a_skill_is_not_signed_off_by_oneself_ahead_or_after_leaving(
    care: OpenHome, ana: int, nurse: int
) -> None:
    def signed(**other: object) -> Competency:
        fields: dict[str, object] = {
            "staff": ana, "skill": "Hoist", "level": "competent", "assessed_on": on(-9),
            "assessor_contact": nurse,
        } | other  # fmt: skip
        return Competency(**fields)  # type: ignore[arg-type]  # by name

    with pytest.raises(UserError, match="nobody signs off their own skill"):
        add(care, signed(assessor_contact=None, assessor_staff=ana))
    with pytest.raises(UserError, match="lies in the future"):
        add(care, signed(assessed_on=on(1)))
    with pytest.raises(UserError, match="lies before"):
        add(care, signed(review_due=on(-10)))
    gone = add(care, Staff(name="Gone", job_role="care assistant", left_on=on(-10)))
    with pytest.raises(UserError, match="Gone left on Sun 8 Nov 2026"):
        add(care, signed(staff=gone))
    _, warnings = editing.add(care, signed(assessor_contact=None))
    assert [problem.blocks for problem in warnings] == [False]


def test_the_dates_of_everybody_stand_with_the_most_pressing_first(
    care: OpenHome, ana: int, ben: int, nurse: int
) -> None:
    add(care, Staff(name="Left", job_role="care assistant", left_on=on(-1)))
    loaded = care.store.load("staff", ben)
    assert loaded is not None
    person = dataclasses.replace(
        got(care, Staff, ben), nmc_pin="12A3456E", nmc_expires=on(20), dbs_checked=on(-1000)
    )
    editing.save(care, loaded, person)
    add(care, Supervision(staff=ana, kind="supervision", done=on(-100), next_due=on(-9)))
    add(care, Supervision(staff=ana, kind="appraisal", done=on(-10), next_due=on(355)))
    planned = add(care, Supervision(staff=ben, kind="supervision", planned=on(-2)))
    add(care, Supervision(staff=ben, kind="appraisal", done=on(-30)))
    add(care, Competency(staff=ana, skill="Hoist", level="competent", assessed_on=on(-400),
                         review_due=on(-35), assessor_contact=nurse))  # fmt: skip
    found = supervision.readiness(care.store, TODAY)
    assert [(one.name, one.kind, one.state, one.days, one.planned) for one in found] == [
        ("Ana Silva", "skill", "late", 35, False),
        ("Ana Silva", "supervision", "late", 9, False),
        ("Ben Hall", "supervision", "late", 2, True),
        ("Ben Hall", "nmc", "due", -20, False),
        ("Ana Silva", "dbs", "none", 0, False),
    ]
    theirs = supervision.readiness(care.store, TODAY, staff=ben)
    assert {one.kind: (one.state, one.last) for one in theirs} == {
        "supervision": ("late", None), "nmc": ("due", None), "appraisal": ("ok", on(-30)),
        "dbs": ("ok", on(-1000)),
    }  # fmt: skip
    supervision.hold(care, planned, TODAY, on(91), "Went well")
    assert got(care, Supervision, planned).notes == "Went well"
    again = {one.kind: one for one in supervision.readiness(care.store, TODAY, staff=ben)}
    assert (again["supervision"].state, again["supervision"].day) == ("ok", on(91))
    with pytest.raises(UserError, match="held"):
        supervision.hold(care, planned, TODAY)


@pytest.mark.parametrize(
    ("months", "checked", "state", "day"),
    [
        (36, dt.date(2023, 12, 1), "due", dt.date(2026, 11, 30)),
        (36, dt.date(2023, 11, 18), "late", dt.date(2026, 11, 17)),
        (12, dt.date(2024, 2, 29), "late", dt.date(2025, 2, 27)),
        (None, dt.date(2010, 1, 1), "ok", None),
    ],
)
def test_dbs_checks_come_again_after_the_time_the_home_says(  # noqa: PLR0917  # a table of cases
    care: OpenHome, ben: int, months: int | None, checked: dt.date, state: str, day: dt.date | None
) -> None:
    home = care.store.the("home")
    assert home is not None
    editing.save(care, home, dataclasses.replace(home.record, dbs_months=months))  # type: ignore[call-arg]  # the home
    loaded = care.store.load("staff", ben)
    assert loaded is not None
    editing.save(care, loaded, dataclasses.replace(got(care, Staff, ben), dbs_checked=checked))
    dates = supervision.readiness(care.store, TODAY, staff=ben)
    (dbs,) = (one for one in dates if one.kind == "dbs")
    assert (dbs.state, dbs.day, dbs.last) == (state, day, checked)
    # what the list of everybody tells, too
    listed = {(one.staff, one.kind) for one in supervision.readiness(care.store, TODAY)}
    assert ((ben, "dbs") in listed) is (state != "ok")


def test_a_supervision_without_any_day_or_held_ahead_is_refused(care: OpenHome, ana: int) -> None:
    with pytest.raises(UserError, match="Give a day: Planned, Held or Next due"):
        add(care, Supervision(staff=ana, kind="supervision"))
    planned = add(care, Supervision(staff=ana, kind="supervision", planned=on(5)))
    with pytest.raises(UserError, match="lies in the future"):
        supervision.hold(care, planned, on(1))
    with pytest.raises(UserError, match="lies before"):
        supervision.hold(care, planned, TODAY, on(-1))
