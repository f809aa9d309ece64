"""Referral waits, transfers and the handover sheet on paper: exact days, exact words, one page."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.casework import Action, Appointment, Concern, Visit, VisitEntry
from liaison.records.directory import Contact
from liaison.records.home import Resident, Staff
from liaison.reports.spec import Document, Printed
from liaison.services import referrals, reporting
from liaison.services.homes import OpenHome
from tests.reports.paper import assert_within_margins, pages_of, text_of
from tests.services.casework import NOW, TODAY, at, care, chairs, mary, moved, on, referred
from tests.services.conftest import add, got

__all__ = ["care", "chairs", "mary"]


def printed(care: OpenHome, name: str, **asked: object) -> Document:
    made = reporting.ask(care.store, name, **asked)  # type: ignore[arg-type]  # by name
    facts = reporting.gather(care.store, name, made)
    return reporting.spec_of_report(name).render(facts, Printed(NOW, "Kate Morgan"))


def test_the_waits_stand_on_paper_as_they_do_on_the_screen(
    care: OpenHome, mary: int, chairs: int
) -> None:
    identity = referred(care, mary, chairs, on(5, 18))
    referrals.chase(care, identity, result="On leave until Monday", spoke_to="Colin")
    document = printed(care, "referral-waits", on=TODAY)
    assert_within_margins(document)
    text = text_of(document)
    assert "184 days" in text
    assert "within 126" in text
    assert "usual wait 126 days" in text
    assert "Wed 18 Nov 2026, Phone, Colin: On leave until Monday" in text
    assert "Ask again Wed 25 Nov 2026" in text
    before = text_of(printed(care, "referral-waits", on=on(11, 17)))
    assert "183 days" in before
    assert "Nobody has asked yet" in before
    assert "no referral was without an outcome" in text_of(
        printed(care, "referral-waits", on=on(5, 17))
    )


def test_an_inspectors_copy_has_initials_instead_of_names(
    care: OpenHome, mary: int, chairs: int
) -> None:
    referred(care, mary, chairs, on(5, 18))
    moved(care, mary, "discharge", at(11, 6, 18))
    for name in ("referral-waits", "transfers"):
        text = text_of(printed(care, name, names="initials"))
        assert "Mary Jones" not in text
        assert "M.J." in text


def test_transfers_tell_out_of_hours_readmission_and_the_review(care: OpenHome, mary: int) -> None:
    moved(care, mary, "discharge", at(10, 20))
    moved(care, mary, "admission", at(11, 3, 9), planned=False, cause="Chest infection")
    moved(care, mary, "discharge", at(11, 6, 18), medicines="no")
    document = printed(care, "transfers")
    assert_within_margins(document)
    text = text_of(document)
    assert "Readmitted 14 days after coming back" in text
    assert "Out of hours" in text
    assert "Medicines went along: no" in text
    assert "due Tue 17 Nov 2026" in text
    assert "November 2026 1 1 0 1" in text


@pytest.fixture
def whole(care: OpenHome, mary: int, chairs: int) -> int:
    """Fill one resident's record with what the sheet is about."""
    amy = add(care, Staff(name="Amy Bell", job_role="care assistant"))
    gp = add(care, Contact(name="Dr Priya Nair", phone="01632 960114"))
    loaded = care.store.load("resident", mary)
    assert loaded is not None
    with care.unit() as unit:
        unit.save(
            loaded,
            dataclasses.replace(
                got(care, Resident, mary), allergies="Penicillin: rash", dnacpr="in place",
                next_of_kin="Kate Jones, daughter", next_of_kin_phone="07700 900145", gp=gp,
                alerts="Hearing aid, left ear", what_matters="Tea with two sugars",
                nhs_number="9990123451",
            ),
        )  # fmt: skip
    visit = add(care, Visit(at=at(11, 2), kind="visit", professional=gp))
    add(care, VisitEntry(visit=visit, resident=mary, found="Heel not broken"))
    coming = add(care, Visit(status="planned", at=at(11, 27), kind="visit"))
    add(care, VisitEntry(visit=coming, resident=mary, raised="Not yet to be told"))
    missed = add(care, Visit(status="did not attend", at=at(11, 10), kind="visit"))
    add(care, VisitEntry(visit=missed, resident=mary, raised="Nobody came"))
    moved(care, mary, "discharge", at(11, 6, 18))
    referred(care, mary, chairs, on(5, 18))
    add(care, Appointment(resident=mary, at=at(12, 1), purpose="Eye clinic"))
    add(care, Action(what="Old bloods", resident=mary, done_at=at(11, 3), outcome="Read"))
    add(care, Concern(resident=mary, raised_by=amy, raised_at=at(11, 17), situation="Not eating"))
    return mary


def test_the_handover_sheet_says_what_the_record_says_on_one_page(
    care: OpenHome, whole: int
) -> None:
    document = printed(care, "handover-sheet", subject="Mary Jones")
    assert document.pages == 1
    assert_within_margins(document)
    text = text_of(document)
    for words in (
        "Mary Jones", "95 years", "Born", "3 Feb 1931", "999 012 3451", "Room", "4",
        "Allergies: Penicillin: rash", "DNACPR: in place", "Hearing aid, left ear",
        "Tea with two sugars", "Kate Jones, daughter", "07700 900145", "GP, Dr Priya Nair",
        "01632 960114", "Heel not broken", "Fri 6 Nov 18:00", "Not eating",
        "Referred 18 May 2026: Chair too small", "Review after discharge", "Tue 17 Nov",
        "Appointment: Eye clinic", "Concern Tue 17 Nov: Not eating",
    ):  # fmt: skip
        assert words in text, words
    assert "Not yet to be told" not in text
    assert "Nobody came" not in text
    assert "Old bloods" not in text


def test_what_is_not_recorded_is_said_and_not_left_out(care: OpenHome) -> None:
    add(care, Resident(name="Ann Lee"))
    text = text_of(printed(care, "handover-sheet", subject="Ann Lee"))
    assert "Allergies: not recorded" in text
    assert "DNACPR: not recorded" in text
    assert "Nothing is open." in text


def test_however_much_is_recorded_the_sheet_stays_one_page_and_says_that_there_is_more(
    care: OpenHome, whole: int, chairs: int
) -> None:
    loaded = care.store.load("resident", whole)
    assert loaded is not None
    long = "Swells up after nuts, eggs, plasters and many antibiotics. " * 30
    with care.unit() as unit:
        changed = dataclasses.replace(got(care, Resident, whole), allergies=long, what_matters=long)
        unit.save(loaded, dataclasses.replace(changed, name="Mary " + "Longname" * 20))
    for number in range(20):
        add(care, Action(what=f"Thing {number} " * 20, resident=whole))
        moved(care, whole, "A&E", at(10, 1 + number), cause="Fell again in the night. " * 40)
    document = printed(care, "handover-sheet", subject=ids.to_text(whole))
    assert document.pages == 1
    assert_within_margins(document)
    text = text_of(document)
    assert "More is recorded: ring the home" in text
    assert "more things in the home's record" in text
    assert "Taken by" in pages_of(document)[0]


def test_a_sheet_about_nobody_is_refused(care: OpenHome) -> None:
    with pytest.raises(UserError, match="whose handover sheet"):
        printed(care, "handover-sheet")


def test_a_birthday_counts_from_its_very_day(care: OpenHome) -> None:
    add(care, Resident(name="Ann Lee", date_of_birth=dt.date(1940, 11, 19)))
    add(care, Resident(name="Bea Orr", date_of_birth=dt.date(1940, 11, 18)))
    assert "85 years" in text_of(printed(care, "handover-sheet", subject="Ann Lee"))
    assert "86 years" in text_of(printed(care, "handover-sheet", subject="Bea Orr"))
