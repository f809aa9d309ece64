"""The reports that count: partner scorecard, visits and admissions, provider return."""

from __future__ import annotations

import dataclasses
import datetime as dt
import string
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.records.casework import Action, Concern, Visit, VisitEntry
from liaison.records.directory import Contact, ContactAttempt, Organisation, Post
from liaison.records.home import Resident, Staff
from liaison.records.training import Attendance, Course, Session
from liaison.reports.activity import Facts as Figures
from liaison.reports.provider_return import Facts as Return
from liaison.reports.scorecard_facts import Facts as Scorecard
from liaison.reports.scorecard_facts import Partner
from liaison.reports.spec import Document, Printed
from liaison.services import editing, reporting
from liaison.services.homes import OpenHome
from liaison.services.reporting import provider_return
from tests.homes import make
from tests.reports.paper import assert_clean, assert_within_margins, text_of
from tests.services.casework import NOW, at, care, chairs, mary, moved, on, referred
from tests.services.conftest import add, got

__all__ = ["care", "chairs", "mary"]

START, END = dt.date(2026, 1, 1), dt.date(2026, 11, 18)


def facts_of(care: OpenHome, name: str, subject: int | None = None) -> object:
    asked = reporting.ask(care.store, name, start=START, end=END)
    if subject is not None:
        asked = dataclasses.replace(asked, subject=("organisation", subject))
    return reporting.gather(care.store, name, asked)


def printed(name: str, facts: object) -> Document:
    document = reporting.spec_of_report(name).render(facts, Printed(NOW, "Kate Morgan"))
    assert_clean(document)
    assert_within_margins(document)
    return document


def partner(care: OpenHome, organisation: int) -> Partner:
    facts = facts_of(care, "scorecard", organisation)
    assert isinstance(facts, Scorecard)
    return facts.partners[0]


@pytest.fixture
def nurses(care: OpenHome) -> int:
    return add(care, Organisation(name="Marlbury Nursing", kind="community nursing"))


@pytest.fixture
def tom(care: OpenHome, nurses: int) -> int:
    found = add(care, Contact(name="Tom Redway", named_link=True))
    add(care, Post(contact=found, role="community matron", organisation=nurses))
    return found


def came(care: OpenHome, day: dt.datetime, **other: object) -> int:
    return add(care, Visit(at=day, kind="visit", **other))  # type: ignore[arg-type]  # by name


def test_the_scorecard_counts_what_one_organisation_did(
    care: OpenHome, nurses: int, tom: int
) -> None:
    asked = at(3, 2, 8)
    came(care, at(3, 2, 14), organisation=nurses, urgency="urgent", requested_at=asked)
    # of a visit that names no organisation, the one where the person works
    came(care, at(4, 2), professional=tom, urgency="planned")
    came(care, at(4, 3), professional=tom, urgency="ad hoc", requested_at=at(4, 1, 12))
    came(care, at(4, 4), professional=tom, status="cancelled")
    came(care, at(4, 5))
    came(care, dt.datetime(2025, 6, 1, 10, tzinfo=dt.UTC), organisation=nurses)
    came(care, dt.datetime(2024, 6, 1, 10, tzinfo=dt.UTC), organisation=nurses)
    one = partner(care, nurses)
    assert (one.now.planned, one.now.ad_hoc, one.now.urgent) == (1, 1, 1)
    assert one.before.all == 1
    assert sorted(round(days, 2) for _, days in one.responses) == [0.25, 2.0]
    assert [place for place, _ in one.responses] == [3, 2]
    assert one.links == ("Tom Redway, Community matron",)
    text = text_of(printed("scorecard", facts_of(care, "scorecard", nurses)))
    assert "Our named link is Tom Redway, Community matron." in text
    assert "33 % visits planned" in text
    assert "100 % as long before" in text
    assert "1 planned 1 ad hoc 1 urgent" in text


def test_the_scorecard_tells_waits_tries_training_and_what_they_took_on(
    care: OpenHome, mary: int, chairs: int
) -> None:
    fitter = add(care, Contact(name="Colin Webber"))
    add(care, Post(contact=fitter, role="equipment adviser", organisation=chairs))
    referred(care, mary, chairs, on(5, 18))
    referred(care, mary, chairs, on(6, 1), first_seen=on(6, 11))
    for hour, reached in ((9, False), (9, False), (14, True)):
        add(care, ContactAttempt(at=at(7, 1, hour), contact=fitter, reached=reached))
    course = add(care, Course(name="Hoists", kind="role"))
    staff = [add(care, Staff(name=name, job_role="nurse")) for name in ("Amy Bell", "Bo Fell")]
    first = add(
        care, Session(course=course, at=at(8, 1), status="happened", teacher_contact=fitter)
    )
    add(care, Attendance(session=first, staff=staff[0], status="attended"))
    second = add(
        care,
        Session(
            course=course, at=at(9, 1), status="happened", teacher_staff=staff[0],
            cascaded_from=first,
        ),
    )  # fmt: skip
    for member in staff:
        add(care, Attendance(session=second, staff=member, status="attended"))
    one = partner(care, chairs)
    assert [(wait.days, wait.over) for wait in one.waiting] == [(184, True)]
    assert [(wait.days, wait.over) for wait in one.seen] == [(10, False)]
    assert (one.tried, one.unmet, one.hours) == (3, 2, ((10, 2),)), "in summer time"
    assert [(lesson.by, lesson.staff, lesson.passed) for lesson in one.taught] == [
        ("Colin Webber", 1, 1)
    ], "whoever was there themselves was not taught by a colleague"
    text = text_of(printed("scorecard", facts_of(care, "scorecard", chairs)))
    for words in ("97 days typical wait", "longest 184; 1 over the usual", "2 tries not answered",
                  "Hoists Colin Webber 1 1"):  # fmt: skip
        assert words in text, words


def test_what_a_partner_took_on_counts_from_when_it_was_written(tmp_path: Path) -> None:
    with make(tmp_path / "home", clock=lambda: NOW)[0] as home:
        place = add(home, Organisation(name="Wheelchair Service", kind="equipment"))
        fitter = add(home, Contact(name="Colin Webber"))
        add(home, Post(contact=fitter, role="equipment adviser", organisation=place))
        for due, done in ((on(11, 1), None), (on(12, 1), None), (on(11, 2), at(11, 1)),
                          (on(11, 2), at(11, 5)), (None, at(11, 5))):  # fmt: skip
            add(home, Action(what="Send it", owner_contact=fitter, due=due, done_at=done,
                             outcome="Sent" if done else None))  # fmt: skip
        add(home, Action(what="Ours", due=on(11, 1)))
        agreed = partner(home, place).agreed
        assert (agreed.in_time, agreed.late, agreed.open, agreed.past) == (2, 1, 1, 1)
        earlier = reporting.ask(home.store, "scorecard", start=START, end=on(11, 17))
        facts = reporting.gather(home.store, "scorecard", earlier)
        assert facts.partners == (), "it had not been written then"


def test_a_duplicate_counts_for_the_one_it_became(care: OpenHome, nurses: int) -> None:
    other = add(care, Organisation(name="Marlbury District Nurses", kind="community nursing"))
    came(care, at(3, 2), organisation=other)
    editing.merge(care, got(care, Organisation, other), got(care, Organisation, nurses))
    assert partner(care, nurses).now.all == 1
    facts = facts_of(care, "scorecard")
    assert isinstance(facts, Scorecard)
    assert [one.name for one in facts.partners] == ["Marlbury Nursing"]


def test_where_nothing_is_recorded_the_papers_say_so(care: OpenHome, nurses: int) -> None:
    empty = text_of(printed("scorecard", facts_of(care, "scorecard")))
    assert "No organisation has anything recorded" in empty
    assert "Nothing is recorded in this period." in text_of(
        printed("scorecard", facts_of(care, "scorecard", nurses))
    )
    activity = text_of(printed("activity", facts_of(care, "activity")))
    assert "No visit and no admission is recorded" in activity
    assert "No resident is recorded." in activity
    drafted = text_of(printed("provider-return", facts_of(care, "provider-return")))
    assert drafted.count("Nothing is recorded in this period that would answer this.") == 5


def test_figures_add_up_to_the_visits_that_took_place(
    care: OpenHome, mary: int, nurses: int
) -> None:
    joan = add(care, Resident(name="Joan Frost", room="7"))
    add(care, Resident(name="Gone Before", left_on=on(2, 1)))
    for day, urgency, seen in (
        (at(2, 3), "planned", (mary, joan)), (at(2, 4), "ad hoc", (mary,)),
        (at(5, 5), "urgent", ()), (at(11, 18, 8), None, (mary,)),
    ):  # fmt: skip
        visit = came(care, day, urgency=urgency, organisation=nurses)
        for resident in seen:
            add(care, VisitEntry(visit=visit, resident=resident, found="Seen"))
    came(care, at(11, 17), status="did not attend")
    facts = facts_of(care, "activity")
    assert isinstance(facts, Figures)
    assert facts.visits == 4
    assert (sum(facts.planned), sum(facts.ad_hoc), sum(facts.urgent)) == (2, 1, 1)
    assert [(one.resident, one.times, one.planned) for one in facts.residents] == [
        ("Mary Jones", 3, 2), ("Joan Frost", 1, 1),
    ]  # fmt: skip
    text = text_of(printed("activity", facts))
    assert "4 visits and 0 admissions" in text
    assert "50 % planned" in text


def test_visits_are_told_by_practice_and_by_gp(care: OpenHome, mary: int) -> None:
    surgery = add(care, Organisation(name="Castle Street Surgery", kind="GP practice"))
    nair = add(care, Contact(name="Dr Priya Nair"))
    add(care, Post(contact=nair, role="GP", organisation=surgery))
    loaded = care.store.load("resident", mary)
    assert loaded is not None
    with care.unit() as unit:
        unit.save(loaded, dataclasses.replace(got(care, Resident, mary), practice=surgery, gp=nair))
    visit = came(care, at(6, 1), professional=nair, urgency="planned")
    add(care, VisitEntry(visit=visit, resident=mary, found="Seen"))
    came(care, at(6, 2), organisation=surgery, urgency="urgent")
    facts = facts_of(care, "activity")
    assert isinstance(facts, Figures)
    assert [
        (one.name, one.place, one.registered, one.visits, one.planned, one.seen)
        for one in facts.practices
    ] == [
        ("Castle Street Surgery", "", 1, 2, 1, 1),
        ("Dr Priya Nair", "Castle Street Surgery", 1, 1, 1, 1),
    ]


def test_admissions_are_counted_by_month_and_kind(care: OpenHome, mary: int) -> None:
    moved(care, mary, "admission", at(1, 5), planned=True)
    moved(care, mary, "discharge", at(1, 8))
    moved(care, mary, "admission", at(1, 20, 23), planned=False, end_of_life=True)
    moved(care, mary, "A&E", at(3, 1), planned=False)
    moved(care, mary, "admission", dt.datetime(2025, 12, 1, 10, tzinfo=dt.UTC))
    facts = facts_of(care, "activity")
    assert isinstance(facts, Figures)
    found = facts.admissions
    assert (found.all, found.planned[0], found.unplanned[0], found.before) == (2, 1, 1, 1)
    assert (found.again, found.end_of_life, found.out_of_hours) == (1, 1, 1)


def test_a_provider_return_counts_its_words_and_names_nobody(
    care: OpenHome, mary: int, nurses: int, tom: int
) -> None:
    amy = add(care, Staff(name="Amy Bell", job_role="nurse"))
    add(care, Concern(resident=mary, raised_by=amy, raised_at=at(11, 1), situation="Mary fell"))
    visit = came(care, at(6, 1), professional=tom, organisation=nurses)
    add(care, VisitEntry(visit=visit, resident=mary, found="Mary Jones walks", voice="I do"))
    facts = facts_of(care, "provider-return")
    assert isinstance(facts, Return)
    safe = facts.questions[0]
    assert ("Concerns and queries raised", "1") in [(one.label, one.value) for one in safe.counts]
    assert "In the period they raised 1\u00a0concern." in safe.draft[0]
    assert safe.words == len(" ".join(safe.draft).replace("\u00a0", " ").split(" "))
    text = text_of(printed("provider-return", facts))
    assert f"Draft: {safe.words} words of 500" in text
    for name in ("Mary", "Jones", "Amy", "Bell", "Tom", "Redway", "Marlbury", "walks", "I do"):
        assert name not in text.replace("Marlbury House", ""), name


def test_the_shipped_questions_ask_only_for_what_can_be_counted() -> None:
    form = provider_return.questions()
    known = set(provider_return._NOUNS)
    assert len(form["questions"]) == 5
    for question in form["questions"]:
        assert set(question["counts"]) <= known
        for line in question["draft"]:
            asked = {name for _, name, _, _ in string.Formatter().parse(line["text"]) if name}
            assert asked <= known
            assert line["needs"] in known


def test_a_scorecard_of_nobody_is_refused_plainly(care: OpenHome) -> None:
    with pytest.raises(UserError, match="organisation"):
        reporting.ask(care.store, "scorecard", subject="No such place")
