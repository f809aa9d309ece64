"""The passport and the attendance sheet, from a home's own records."""

from __future__ import annotations

import datetime as dt

import pytest

from liaison.errors import UserError
from liaison.records.directory import Contact
from liaison.records.home import Resident, Staff
from liaison.records.training import Competency, Course, Requirement, Session, TrainingRecord
from liaison.reports.kit.marks import Mark
from liaison.reports.spec import Asked
from liaison.services import reporting, sessions
from liaison.services.homes import OpenHome
from liaison.services.reporting import attendance_sheet, passport
from liaison.services.reporting.passport import without_name
from tests.reports.facts import PRINTED
from tests.reports.paper import text_of
from tests.services.conftest import add

AT = dt.datetime(2026, 3, 2, 14, 0, tzinfo=dt.UTC)
ON = dt.date(2026, 11, 1)


def test_a_passport_says_what_counts_who_taught_and_names_no_resident(home: OpenHome) -> None:
    dan, joy = (
        add(home, Staff(name=n, job_role="nurse", started=dt.date(2020, 1, 1)))
        for n in ("Dan Okafor", "Joy Cruz")
    )
    nurse = add(home, Contact(name="Helen Ashworth"))
    wolski = add(home, Resident(name="Tadeusz Wolski", room="3"))
    care, fire = (add(home, Course(name=n, refresh_months=12)) for n in ("Catheters", "Fires"))
    for course in (care, fire):
        add(home, Requirement(course=course, job_role="nurse"))
    first = add(home, Session(course=care, at=AT, teacher_contact=nurse, length=90,
                              delivery="face to face"))  # fmt: skip
    sessions.record_attendance(home, first, [dan])
    second = add(home, Session(course=care, at=AT + dt.timedelta(days=7), teacher_staff=dan))
    sessions.record_attendance(home, second, [joy])
    add(home, TrainingRecord(staff=dan, course=fire, completed=dt.date(2025, 2, 1)))
    add(home, Competency(staff=dan, skill="Sling of Mr Wolski", level="can teach",
                         assessed_on=dt.date(2026, 1, 5), assessor_contact=nurse, resident=wolski,
                         delegated=True, review_due=dt.date(2026, 10, 1)))  # fmt: skip
    asked = reporting.ask(home.store, "passport", on=ON, subject="Dan Okafor")
    facts = passport.gather(home.store, asked)
    assert [(c.name, c.mark, c.state, c.taught) for c in facts.courses] == [
        ("Catheters", Mark.DONE, "In date", "Helen Ashworth, face to face"),
        ("Fires", Mark.PAST, "Ran out", ""),
    ]
    assert (facts.in_date, facts.required, facts.out) == (1, 2, "Fires is not")
    assert [(s.name, s.level, s.mark, s.late) for s in facts.skills] == [
        ("Sling of the resident, one named resident", "Can teach, delegated", Mark.DONE, True)
    ]
    assert (facts.taught, facts.sessions, facts.minutes, facts.face) == (1, 1, 90, 90)
    (chain,) = facts.chains
    assert chain.boxes == (
        ("Helen Ashworth", "taught on 2 Mar 2026"),
        ("Dan Okafor", "taught on 9 Mar 2026"),
        ("1 colleague", "Joy"),
    )
    text = text_of(reporting.make(home, "passport", asked))
    assert "Wolski" not in text
    assert "Helen Ashworth" in text
    then = reporting.ask(home.store, "passport", on=dt.date(2026, 3, 1), subject="Dan Okafor")
    before = passport.gather(home.store, then)
    assert (before.taught, before.chains, before.minutes) == (0, (), 0)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Hoist of Mr Wolski", "Tadeusz Wolski", "Hoist of the resident"),
        ("TADEUSZ WOLSKI's pen", "Tadeusz Wolski", "the resident pen"),
        ("Insulin by pen", "Al Pen-Ins", "Insulin by pen"),
        ("Anything", "", "Anything"),
    ],
)
def test_a_skill_loses_the_name_of_the_resident(text: str, name: str, expected: str) -> None:
    assert without_name(text, name) == expected


def test_an_attendance_sheet_has_everybody_expected_and_room_for_more(home: OpenHome) -> None:
    course = add(home, Course(name="Catheters"))
    people = [
        add(home, Staff(name=f"Person {n:02}", job_role="nurse", started=dt.date(2020, 1, 1)))
        for n in range(30)
    ]
    session = add(home, Session(course=course, at=AT, place="Lounge", length=45))
    sessions.book(home, session, people)
    asked = Asked(subject=("session", session))
    facts = attendance_sheet.gather(home.store, asked)
    assert [one.came for one in facts.expected] == [None] * 30
    document = attendance_sheet.SPEC.render(facts, PRINTED)
    assert document.pages == 2
    text = " ".join(text_of(document).split())
    for words in ("Mon 2 Mar 2026, 14:00", "Lounge", "45 minutes", "Person 29", "Signature", "36"):
        assert words in text, words
    with pytest.raises(UserError, match="Say which session"):
        attendance_sheet.gather(home.store, Asked())
    with pytest.raises(UserError, match="Say whose passport"):
        passport.gather(home.store, Asked())
