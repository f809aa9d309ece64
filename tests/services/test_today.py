"""The Today page: what is open is shown with its age, what is done is not, to each role its own."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison.errors import UserError
from liaison.records import Record, all_specs
from liaison.records.casework import (
    Action,
    AgendaLine,
    Appointment,
    Chase,
    Concern,
    Referral,
    Round,
    Series,
    Transfer,
    Visit,
    VisitEntry,
)
from liaison.records.directory import Contact, Organisation
from liaison.records.home import Resident, Staff
from liaison.records.training import Course, Requirement, Session, TrainingRecord
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.today import SHOWN_TO, Item, Section, today
from liaison.services.today.happening import MOST_VISITS
from liaison.services.today.items import ago, due, short
from liaison.store.stamps import made_at
from tests.services.conftest import add, got

DAY = dt.date(2026, 11, 18)


def on(days: int) -> dt.date:
    """Return a day counted from the day the page is for."""
    return DAY + dt.timedelta(days=days)


def at(days: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(on(days), dt.time(hour, minute), dt.UTC)


def shown(
    home: OpenHome, section: Section, *, role: str = "manager", staff: int | None = None
) -> list[Item]:
    return list(today(home.store, DAY, role=role, staff=staff).sections[section])


@pytest.fixture
def mary(home: OpenHome) -> int:
    return add(home, Resident(name="Mary Ellis", room="4"))


@pytest.fixture
def priya(home: OpenHome) -> int:
    # long enough here that no time for new starters is running
    return add(home, Staff(name="Priya Nair", job_role="care assistant", started=on(-900)))


# ---- words


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "yesterday"), (-1, "tomorrow"), (2, "2 days ago"), (-9, "in 9 days")],
)
def test_days_in_words(days: int, words: str) -> None:
    assert ago(days) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "due today"), (1, "1 day late"), (1_200, "1,200 days late"), (-9, "due in 9 days")],
)
def test_how_something_due_stands_in_words(days: int, words: str) -> None:
    assert due(days) == words


def test_a_long_note_is_cut_at_a_word() -> None:
    text = short("coughs after tea\n" * 100)
    assert text.endswith(" ...")
    assert len(text) <= 164
    assert set(text.split()) == {"coughs", "after", "tea", "..."}


# ---- actions and results


def test_actions_due_are_shown_the_most_overdue_first(
    home: OpenHome, mary: int, priya: int
) -> None:
    for what, days in (("late", -3), ("today", 0), ("soon", 7), ("far", 8), ("later", -30)):
        add(home, Action(what=what, due=on(days), resident=mary, owner_staff=priya))
    add(home, Action(what="without a day", resident=mary))
    items = shown(home, Section.ACTIONS)
    assert [(item.title, item.words, item.late) for item in items] == [
        ("later", "30 days late", True),
        ("late", "3 days late", True),
        ("today", "due today", False),
        ("soon", "due in 7 days", False),
    ]
    assert items[0].detail == "Mary Ellis, Priya Nair"
    assert items[0].when_words == "Mon 19 Oct 2026"


def test_what_is_done_or_struck_is_not_shown_and_nothing_open_can_be_put_away(
    home: OpenHome,
) -> None:
    done, struck = (add(home, Action(what=w, due=on(0))) for w in ("done", "no"))
    loaded = home.store.load("action", done)
    assert loaded is not None
    finished = dataclasses.replace(got(home, Action, done), done_at=at(0), outcome="Rang.")
    editing.save(home, loaded, finished)
    editing.strike(home, got(home, Action, struck), "Not ours.")
    assert shown(home, Section.ACTIONS) == []
    left = add(home, Action(what="Ring the ward", due=on(0)))
    with pytest.raises(UserError, match="still open") as told:
        editing.archive(home, got(home, Action, left), "Not ours.")
    assert told.value.code == "still-open"
    assert len(shown(home, Section.ACTIONS)) == 1
    with pytest.raises(UserError, match="still open"):
        editing.merge(home, got(home, Action, left), got(home, Action, done))
    # what is done may leave the lists
    editing.archive(home, got(home, Action, done), "Tidying up.")


def test_results_awaited_have_a_section_of_their_own(home: OpenHome, mary: int) -> None:
    for what, day in (("no day", None), ("late", on(-2)), ("ahead", on(30))):
        add(home, Action(what=what, kind="result awaited", due=day, resident=mary))
    assert shown(home, Section.ACTIONS) == []
    assert [(item.title, item.words) for item in shown(home, Section.RESULTS)] == [
        ("late", "2 days late"),
        ("ahead", "due in 30 days"),
        ("no day", "no day set"),
    ]


# ---- concerns


def concern(resident: int, staff: int, days: int, **more: object) -> Concern:
    made = Concern(
        resident=resident, raised_by=staff, raised_at=at(days), situation="Coughs after tea"
    )
    return dataclasses.replace(made, **more)  # type: ignore[arg-type]  # by name


def test_concerns_nobody_answered_are_shown_pressing_ones_first(
    home: OpenHome, mary: int, priya: int
) -> None:
    add(home, concern(mary, priya, -9))
    add(home, concern(mary, priya, 0, urgency="now"))
    add(home, concern(mary, priya, -1, urgency="today"))
    add(home, concern(mary, priya, -2, answer="Seen", answered_at=at(-1)))
    add(home, concern(mary, priya, -2, outcome="Settled", closed_at=at(-1)))
    items = shown(home, Section.CONCERNS)
    assert [(item.words, item.late) for item in items] == [
        ("no answer for 1 day, wanted today", True),
        ("no answer yet, wanted now", False),
        ("no answer for 9 days", False),
    ]
    assert {(item.title, item.detail) for item in items} == {("Mary Ellis", "Coughs after tea")}


def test_answers_are_shown_to_whoever_raised_it_until_they_were_seen(
    home: OpenHome, mary: int, priya: int
) -> None:
    other = add(home, Staff(name="Jo", job_role="nurse"))
    answered = {"answer": "Referred", "answered_by": "Dr Anwar", "answered_at": at(-1, 17, 20)}
    mine = add(home, concern(mary, priya, -2, **answered))
    # closed already, and still to be told
    closed = add(home, concern(mary, priya, -9, **answered, outcome="Done", closed_at=at(0)))
    add(home, concern(mary, priya, -3, **answered, acknowledged_at=at(0)))
    add(home, concern(mary, other, -3, **answered))
    add(home, concern(mary, priya, -3))
    items = shown(home, Section.ANSWERS, role="carer", staff=priya)
    assert {item.id for item in items} == {mine, closed}
    assert {item.detail for item in items} == {"Dr Anwar: Referred"}
    assert {item.words for item in items} == {"answered yesterday"}
    assert shown(home, Section.ANSWERS, role="carer") == []


# ---- referrals and reviews


def test_a_wait_is_counted_against_what_is_usual(home: OpenHome, mary: int) -> None:
    wheels = add(
        home, Organisation(name="Wheelchair Service", kind="equipment", typical_wait_days=126)
    )
    feet = add(home, Organisation(name="Podiatry", kind="therapy"))
    chair = Referral(resident=mary, organisation=wheels, sent=on(-184), reason="Chair")
    nails = Referral(resident=mary, organisation=feet, sent=on(-200), reason="Nails")
    late = add(home, chair)
    own = add(home, dataclasses.replace(chair, sent=on(-20), threshold_days=10))
    waits = add(home, nails)
    add(home, dataclasses.replace(nails, first_seen=on(-3)))
    add(home, dataclasses.replace(nails, closed_on=on(-3), outcome="Declined"))
    items = shown(home, Section.REFERRALS)
    assert [(item.id, item.words, item.late) for item in items] == [
        (late, "184 days, usual wait 126", True),
        (own, "20 days, usual wait 10", True),
        (waits, "200 days", False),
    ]
    assert items[0].title == "Wheelchair Service, Mary Ellis"


def test_a_referral_to_chase_comes_first_with_the_last_chase(home: OpenHome, mary: int) -> None:
    feet = add(home, Organisation(name="Podiatry", kind="therapy"))
    nails = Referral(resident=mary, organisation=feet, sent=on(-99), reason="Nails")
    add(home, nails)
    due_today = add(home, dataclasses.replace(nails, sent=on(-9), next_chase=on(0)))
    add(home, dataclasses.replace(nails, sent=on(-8), next_chase=on(1)))
    for days, result in ((-8, "engaged"), (-5, "no reply"), (-7, "on leave")):
        add(home, Chase(referral=due_today, at=at(days), how="phone", result=result))
    first, second, third = shown(home, Section.REFERRALS)
    assert first.id == due_today
    assert first.words == "9 days, to chase"
    assert first.detail == "last chased Fri 13 Nov 2026, no reply"
    assert first.late
    assert second.detail == "Nails"
    assert third.words == "8 days"


def test_a_review_is_due_seven_working_days_after_coming_back(home: OpenHome, mary: int) -> None:
    back = add(home, Transfer(resident=mary, direction="discharge", at=at(-12, 18)))
    add(home, Transfer(resident=mary, direction="admission", at=at(-20)))
    seen = Transfer(resident=mary, direction="return from A&E", at=at(-3))
    add(home, dataclasses.replace(seen, reviewed_on=on(-1), review="No change"))
    # back on Fri 6 Nov 2026
    (item,) = shown(home, Section.REVIEWS)
    assert item.id == back
    assert item.when == dt.date(2026, 11, 17)
    assert (item.words, item.late) == ("1 day late", True)
    assert item.detail == "Discharge Fri 6 Nov 2026"


# ---- coming and past


def test_what_is_coming_stands_in_the_order_of_the_clock(
    home: OpenHome, mary: int, priya: int
) -> None:
    nurse = add(home, Contact(name="Grace Adeyemi"))
    eye = add(home, Organisation(name="Eye Clinic", kind="hospital"))
    series = add(home, Series(name="Weekly round"))
    sitting = add(home, Round(series=series, at=at(0, 14)))
    for _ in range(2):
        add(home, AgendaLine(round=sitting, resident=mary))
    visit = add(home, Visit(status="planned", at=at(0, 10, 30), kind="visit", professional=nurse))
    add(home, VisitEntry(visit=visit, resident=mary, raised="Catheter"))
    add(home, Appointment(resident=mary, at=at(1, 9), purpose="Eyes", place=eye, escort=priya))
    course = add(home, Course(name="Fire safety"))
    add(home, Session(course=course, at=at(6), teacher_contact=nurse))
    assert [
        (item.type, item.title, item.detail, item.words) for item in shown(home, Section.COMING)
    ] == [
        ("visit", "Grace Adeyemi", "Mary Ellis", "today"),
        ("round", "Weekly round", "1 resident", "today"),
        ("appointment", "Mary Ellis", "Eyes, Eye Clinic, with Priya Nair", "tomorrow"),
        ("session", "Fire safety", "Training, Grace Adeyemi", "in 6 days"),
    ]


def test_what_is_cancelled_past_or_far_off_is_not_coming(home: OpenHome, mary: int) -> None:
    for status, days in (("cancelled", 1), ("happened", 0), ("planned", -1), ("planned", 7)):
        add(home, Visit(status=status, at=at(days), kind="visit"))
    add(home, Appointment(resident=mary, at=at(1), purpose="Eyes", status="cancelled"))
    add(home, Round(at=at(1), status="cancelled"))
    assert shown(home, Section.COMING) == []


def test_visits_of_the_last_week_are_shown_the_latest_first(home: OpenHome, mary: int) -> None:
    doctor = add(home, Contact(name="Yusuf Anwar"))
    first = add(home, Visit(at=at(-7, 0, 30), kind="visit", professional=doctor))
    add(home, VisitEntry(visit=first, resident=mary, found="Well."))
    add(home, Visit(at=at(-8, 23, 30), kind="visit"))
    add(home, Visit(at=at(0), kind="phone", reason="Results"))
    add(home, Visit(at=at(-1), kind="visit", status="did not attend", professional=doctor))
    forgotten = add(home, Visit(at=at(-2), kind="visit", status="planned", professional=doctor))
    add(home, Visit(at=at(0, 23), kind="visit", status="planned", professional=doctor))
    items = shown(home, Section.VISITS)
    assert [(item.title, item.detail, item.words) for item in items] == [
        ("Phone", "Results", "today"),
        ("Yusuf Anwar", "", "yesterday, did not attend"),
        ("Yusuf Anwar", "", "planned, nothing recorded"),
        ("Yusuf Anwar", "Mary Ellis", "7 days ago"),
    ]
    assert [item.id for item in items if item.late] == [forgotten]


def test_the_day_is_that_of_the_home_not_of_greenwich(home: OpenHome) -> None:
    # ten past midnight on 2 June by the home's clock
    visit = dt.datetime(2026, 6, 1, 23, 10, tzinfo=dt.UTC)
    add(home, Visit(status="planned", at=visit, kind="visit"))
    summer = today(home.store, dt.date(2026, 6, 2), role="reader")
    assert [item.words for item in summer.sections[Section.COMING]] == ["today"]
    before = today(home.store, dt.date(2026, 6, 1), role="reader")
    assert [item.words for item in before.sections[Section.COMING]] == ["tomorrow"]


def test_many_residents_are_named_in_part(home: OpenHome) -> None:
    visit = add(home, Visit(at=at(0), kind="visit"))
    for name in ("Ann", "Bea", "Cy", "Di", "Eve"):
        who = add(home, Resident(name=name))
        add(home, VisitEntry(visit=visit, resident=who, found="Seen."))
    (item,) = shown(home, Section.VISITS)
    assert item.detail.endswith(" and 2 more")
    assert item.detail.count(",") == 2


# ---- training


@pytest.fixture
def courses(home: OpenHome, priya: int) -> dict[str, int]:
    """Add two courses that care assistants must hold; one ran out, one runs out in 9 days."""
    jo = add(home, Staff(name="Jo Smith", job_role="care assistant", started=on(-900)))
    made: dict[str, int] = {}
    for name, ends in (("Fire safety", 9), ("Oral health", -5)):
        course = made[name] = add(home, Course(name=name, refresh_months=12))
        add(home, Requirement(course=course, job_role="care assistant", grace_days=0))
        for who, more in ((priya, 0), (jo, 300)):
            held = TrainingRecord(
                staff=who, course=course, completed=on(-300), expires=on(ends + more)
            )
            add(home, held)
    return made


def test_training_that_runs_out_is_shown_by_course(home: OpenHome, courses: dict[str, int]) -> None:
    items = shown(home, Section.TRAINING)
    assert [(item.title, item.detail, item.words, item.late) for item in items] == [
        ("Oral health", "1 person, Priya Nair first", "5 days late", True),
        ("Fire safety", "1 person, Priya Nair first", "runs out in 9 days", False),
    ]
    assert [item.id for item in items] == [courses["Oral health"], courses["Fire safety"]]


def test_a_course_nobody_ever_did_is_missing(home: OpenHome, priya: int) -> None:
    course = add(home, Course(name="Medication", refresh_months=12))
    add(home, Requirement(course=course, job_role="care assistant", grace_days=0))
    (item,) = shown(home, Section.TRAINING)
    assert (item.words, item.late, item.when) == ("missing", True, None)


def test_training_of_somebody_just_written_down_is_not_late_before_the_time_for_new_starters(
    home: OpenHome,
) -> None:
    course = add(home, Course(name="Medication", refresh_months=12))
    add(home, Requirement(course=course, job_role="care assistant"))
    written_down = made_at(add(home, Staff(name="New Person", job_role="care assistant"))).date()

    def training(days: int) -> list[tuple[str, bool]]:
        found = today(home.store, written_down + dt.timedelta(days=days), role="manager")
        return [(item.words, item.late) for item in found.sections[Section.TRAINING]]

    assert training(1) == [("not recorded yet", False)]
    assert training(83) == [("not recorded yet", False)]
    assert training(85) == [("missing", True)]


def test_a_carer_sees_their_own_training_alone(
    home: OpenHome, priya: int, courses: dict[str, int]
) -> None:
    mine = shown(home, Section.TRAINING, role="carer", staff=priya)
    assert [(item.title, item.detail) for item in mine] == [
        ("Oral health", ""),
        ("Fire safety", ""),
    ]
    other = add(home, Staff(name="New", job_role="cook"))
    assert shown(home, Section.TRAINING, role="carer", staff=other) == []


# ---- roles, and the whole


def test_a_carer_sees_their_own_actions_alone(home: OpenHome, priya: int) -> None:
    add(home, Action(what="mine", due=on(0), owner_staff=priya))
    add(home, Action(what="somebody's", due=on(0)))
    items = shown(home, Section.ACTIONS, role="carer", staff=priya)
    assert [item.title for item in items] == ["mine"]


def test_whoever_is_not_among_the_staff_is_not_shown_everybodys(
    home: OpenHome, courses: dict[str, int]
) -> None:
    add(home, Action(what="somebody's", due=on(0)))
    found = today(home.store, DAY, role="carer")
    assert found.items == ()


def test_each_role_is_shown_its_sections_and_every_role_has_some(home: OpenHome) -> None:
    assert set(SHOWN_TO) == set(all_specs()["person"].by_name["role"].choices)
    assert list(today(home.store, DAY, role="reader").sections) == [Section.COMING, Section.VISITS]
    assert list(today(home.store, DAY, role="manager").sections) == list(Section)
    with pytest.raises(ValueError, match="no role 'cook'"):
        today(home.store, DAY, role="cook")


def test_an_empty_home_has_nothing_to_do(home: OpenHome) -> None:
    found = today(home.store, DAY, role="manager")
    assert found.items == ()
    assert found.late == 0


def test_every_item_leads_to_a_record_that_is_there(
    home: OpenHome, mary: int, priya: int, courses: dict[str, int]
) -> None:
    add(home, Action(what="Ring", due=on(-1)))
    add(home, concern(mary, priya, -1))
    add(home, Visit(at=at(-1), kind="visit"))
    found = today(home.store, DAY, role="manager")
    assert len(found.items) == 5
    assert found.late == 2
    assert found.count(Section.TRAINING) == 2
    for item in found.items:
        assert isinstance(home.store.get(item.type, item.id), Record)
        assert item.title


def test_what_is_done_is_not_even_read(home: OpenHome, mary: int, priya: int) -> None:
    feet = add(home, Organisation(name="Podiatry", kind="therapy"))

    def steps() -> int:
        """Count the steps the database takes, in hundreds."""
        count = 0

        def counted() -> int:
            nonlocal count
            count += 1
            return 0

        home.store.connection.set_progress_handler(counted, 100)
        try:
            today(home.store, DAY, role="manager")
        finally:
            home.store.connection.set_progress_handler(None, 0)
        return count

    add(home, Action(what="open", due=on(0)))
    few = steps()
    with home.unit() as unit:
        for number in range(800):
            past = -30 - number
            unit.add(Action(what="x", due=on(past), done_at=at(past), outcome="Done"))
            unit.add(concern(mary, priya, past, outcome="Done", closed_at=at(past)))
            referral = Referral(resident=mary, organisation=feet, sent=on(past), reason="x")
            unit.add(dataclasses.replace(referral, closed_on=on(past), outcome="Done"))
            unit.add(Visit(at=at(past), kind="visit"))
            back = Transfer(resident=mary, direction="discharge", at=at(past))
            unit.add(dataclasses.replace(back, reviewed_on=on(past)))
    assert steps() <= few + 10


def test_of_very_many_visits_the_latest_are_shown_and_all_that_nobody_recorded(
    home: OpenHome,
) -> None:
    with home.unit() as unit:
        for number in range(200):
            unit.add(Visit(at=at(-1) - dt.timedelta(minutes=number), kind="visit"))
        forgotten = unit.add(Visit(at=at(-6), kind="visit", status="planned"))
    items = shown(home, Section.VISITS)
    assert len(items) == MOST_VISITS + 1
    assert items[0].when == at(-1)
    assert items[-1].id == forgotten


def test_a_carers_page_reads_nobody_elses_training(home: OpenHome, priya: int) -> None:
    with home.unit() as unit:
        course = unit.add(Course(name="Fire safety", refresh_months=12))
        unit.add(Requirement(course=course, job_role="care assistant"))
        for number in range(50):
            other = unit.add(Staff(name=f"Other {number}", job_role="care assistant"))
            unit.add(TrainingRecord(staff=other, course=course, completed=on(-10)))
        unit.add(TrainingRecord(staff=priya, course=course, completed=on(-400)))
    read: list[str] = []
    home.store.connection.set_trace_callback(read.append)
    items = shown(home, Section.TRAINING, role="carer", staff=priya)
    home.store.connection.set_trace_callback(None)
    assert [item.words for item in items] == ["36 days late"]
    trained = [sql for sql in read if "FROM training_record" in sql]
    assert trained
    assert all(f"json_each('[{priya}]')" in sql for sql in trained)


def test_how_the_home_stands_is_told_in_few_numbers(home: OpenHome, priya: int) -> None:
    course = add(home, Course(name="Data security awareness", refresh_months=12))
    add(home, Requirement(course=course, job_role="care assistant"))
    found = today(home.store, DAY, role="manager").learned
    assert found is not None
    assert (found.complete, found.people, found.lacking) == (0, 1, 1)
    assert found.target is not None
    assert (found.course, found.target.met) == ("Data security awareness", False)
    assert today(home.store, DAY, role="carer", staff=priya).learned is None
