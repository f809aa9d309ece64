"""What a timeline says of each kind of thing."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison.records.casework import (
    Action,
    Appointment,
    Concern,
    EquipmentLoan,
    Referral,
    Transfer,
    Visit,
    VisitEntry,
)
from liaison.records.directory import ContactAttempt
from liaison.records.home import Resident
from liaison.services import editing, timeline
from liaison.services.homes import OpenHome
from liaison.services.timeline import Told
from liaison.services.visits import record_visit
from liaison.ui.pages.residents import facts
from tests.ui.parts.conftest import NOW, Ids

TODAY = NOW.date()


def told(home: OpenHome, resident: int) -> list[Told]:
    return list(timeline.page(home.store, resident, TODAY).items)


def newest(home: OpenHome, resident: int) -> Told:
    return told(home, resident)[0]


def hours_ago(hours: float) -> dt.datetime:
    return NOW - dt.timedelta(hours=hours)


def test_a_visit_says_who_came_what_was_found_and_what_follows(home: OpenHome, ids: Ids) -> None:
    visit = Visit(at=hours_ago(-0.25), kind="visit", professional=ids.grace)
    note = VisitEntry(resident=ids.dorothy, raised="Left shin", found="Smaller, dry.")
    action = Action(
        what="Order dressings", resident=ids.dorothy, owner_staff=ids.moira,
        due=dt.date(2026, 11, 25),
    )  # fmt: skip
    record_visit(home, visit, [note], [action])
    first = newest(home, ids.dorothy)
    assert first.title == "Visit: Grace Adeyemi, district nurse"
    assert first.text.split("\n") == [
        "Raised: Left shin",
        "Smaller, dry.",
        "Follow-up: Order dressings, Moira Kelly, by Wed 25 Nov 2026.",
    ]
    assert first.when == "Today 10:56"
    assert first.author == "Written by Kate Morgan"
    assert first.mark is None


def test_what_is_planned_says_so(home: OpenHome, ids: Ids) -> None:
    visit = Visit(at=NOW + dt.timedelta(days=1), kind="visit", status="planned")
    record_visit(home, visit, [VisitEntry(resident=ids.dorothy, raised="Shin")])
    first = newest(home, ids.dorothy)
    assert first.when == "Tomorrow 10:41"
    assert first.mark is not None
    assert first.mark.words == "Planned"


def test_what_was_planned_for_a_day_gone_by_was_not_recorded(home: OpenHome, ids: Ids) -> None:
    visit = Visit(at=NOW - dt.timedelta(days=1), kind="visit", status="planned")
    record_visit(home, visit, [VisitEntry(resident=ids.dorothy, raised="Shin")])
    first = next(one for one in told(home, ids.dorothy) if one.when.startswith("Yesterday"))
    assert first.mark is not None
    assert (first.mark.state, first.mark.words) == ("due", "Not recorded")


@pytest.mark.parametrize(
    ("later", "state", "words"),
    [
        ({}, "due", "No answer for 2 days"),
        ({"answered_at": hours_ago(1), "answer": "Thank you."}, "info", "Answered"),
        (
            {"answered_at": hours_ago(1), "answer": "Thank you.", "closed_at": hours_ago(0.5),
             "outcome": "Seen"},
            "ok", "Closed",
        ),
    ],
)  # fmt: skip
def test_a_concern_says_whether_it_was_answered(
    home: OpenHome, ids: Ids, later: dict[str, object], state: str, words: str
) -> None:
    concern = Concern(
        resident=ids.dorothy, raised_by=ids.moira, raised_at=hours_ago(48), situation="Coughs."
    )
    editing.add(home, dataclasses.replace(concern, **later))  # type: ignore[arg-type]  # by name
    first = next(one for one in told(home, ids.dorothy) if one.type == "concern")
    assert first.title == "Concern raised by Moira Kelly"
    assert first.mark is not None
    assert (first.mark.state, first.mark.words) == (state, words)
    assert first.text.startswith("Coughs.")


@pytest.mark.parametrize(
    ("fields", "state", "words"),
    [
        ({}, "info", "Waiting, 17 days"),
        ({"threshold_days": 10}, "late", "Waiting, 17 days"),
        ({"first_seen": dt.date(2026, 11, 11)}, "ok", "Seen after 10 days"),
        ({"closed_on": dt.date(2026, 11, 2), "outcome": "No longer needed"}, "none",
         "Closed after 1 day"),
    ],
)  # fmt: skip
def test_a_referral_says_how_long_it_waits(
    home: OpenHome, ids: Ids, fields: dict[str, object], state: str, words: str
) -> None:
    referral = Referral(
        resident=ids.other_dorothy, organisation=ids.surgery, sent=dt.date(2026, 11, 1),
        reason="Swallowing",
    )  # fmt: skip
    editing.add(home, dataclasses.replace(referral, **fields))  # type: ignore[arg-type]  # by name
    first = newest(home, ids.other_dorothy)
    assert first.title == "Referral: Meadow Lane Surgery"
    assert first.when == "Sun 1 Nov 2026"
    assert first.mark is not None
    assert (first.mark.state, first.mark.words) == (state, words)


def test_coming_back_in_the_evening_without_papers_is_told(home: OpenHome, ids: Ids) -> None:
    friday = dt.datetime(2026, 11, 6, 18, 40, tzinfo=dt.UTC)
    editing.add(
        home,
        Transfer(
            resident=ids.other_dorothy, direction="discharge", at=friday, place=ids.surgery,
            ward="Ward 6", summary="no", cause="A fall.",
        ),
    )  # fmt: skip
    first = newest(home, ids.other_dorothy)
    assert first.title == "Back from Meadow Lane Surgery, Ward 6"
    assert first.text == "Out of hours. A fall."
    assert first.mark is not None
    assert (first.mark.state, first.mark.words) == ("late", "Summary missing")


def test_a_call_nobody_answered_says_how_long_they_held(home: OpenHome, ids: Ids) -> None:
    editing.add(
        home,
        ContactAttempt(
            at=hours_ago(1), organisation=ids.surgery, resident=ids.other_dorothy, how="phone",
            waited=20, reached=False,
        ),
    )  # fmt: skip
    first = newest(home, ids.other_dorothy)
    assert first.title == "Rang Meadow Lane Surgery, no answer"
    assert first.text == "Held 20 minutes."
    assert first.icon == "phone-missed"


def test_appointments_and_equipment_say_how_they_stand(home: OpenHome, ids: Ids) -> None:
    editing.add(
        home,
        Appointment(
            resident=ids.other_dorothy, at=hours_ago(2), place=ids.surgery, purpose="Blood test",
            escort=ids.moira,
        ),
    )  # fmt: skip
    editing.add(
        home,
        EquipmentLoan(resident=ids.other_dorothy, what="Frame", requested_on=dt.date(2026, 11, 2)),
    )
    appointment, loan = told(home, ids.other_dorothy)
    assert appointment.title == "Appointment: Meadow Lane Surgery"
    assert appointment.text == "Blood test\nWith Moira Kelly."
    assert loan.title == "Equipment: Frame"
    assert loan.mark is not None
    assert loan.mark.words == "Asked for, not here yet"


def test_what_was_struck_through_stays_with_its_reason(home: OpenHome, ids: Ids) -> None:
    note = home.store.get("visit_entry", ids.entry)
    assert note is not None
    editing.strike(home, note, "wrong Dorothy")
    first = newest(home, ids.dorothy)
    assert first.struck == "wrong Dorothy"
    assert "Struck through: wrong Dorothy" in first.said


def test_pages_follow_each_other_without_a_gap(home: OpenHome, ids: Ids) -> None:
    for number in range(90):
        editing.add(
            home,
            ContactAttempt(at=hours_ago(number), resident=ids.other_dorothy, reached=True),
        )
    seen: list[int] = []
    found = timeline.page(home.store, ids.other_dorothy, TODAY)
    while True:
        seen += [item.id for item in found.items]
        if found.next is None:
            break
        found = timeline.page(home.store, ids.other_dorothy, TODAY, after=found.next)
    assert len(seen) == len(set(seen)) == 90


def test_only_one_kind_or_a_period_is_read_and_counted(home: OpenHome, ids: Ids) -> None:
    for days in (1, 200):
        editing.add(
            home,
            ContactAttempt(at=hours_ago(24 * days), resident=ids.dorothy, reached=True),
        )
    calls = timeline.page(home.store, ids.dorothy, TODAY, types=("contact_attempt",))
    assert [item.type for item in calls.items] == ["contact_attempt"] * 2
    since = TODAY - dt.timedelta(days=90)
    lately = timeline.page(home.store, ids.dorothy, TODAY, since=since)
    assert sorted(item.type for item in lately.items) == ["contact_attempt", "visit_entry"]
    counts = timeline.counts(home.store, ids.dorothy, None)
    assert (counts["Visits"], counts["Calls"], counts["Concerns"]) == (1, 2, 0)
    assert timeline.counts(home.store, ids.dorothy, since)["Calls"] == 1


# ---- what stands beside the timeline


def resident(home: OpenHome, identity: int) -> facts.ResidentFacts:
    found = facts.resident(home.store, identity, TODAY)
    assert found is not None
    return found


def change(home: OpenHome, identity: int, **fields: object) -> None:
    loaded = home.store.load("resident", identity)
    assert loaded is not None
    changed = dataclasses.replace(loaded.record, **fields)  # type: ignore[arg-type]  # by name
    editing.save(home, loaded, changed)


def test_two_of_one_name_are_told_apart_by_room_and_birth(home: OpenHome, ids: Ids) -> None:
    one, other = resident(home, ids.dorothy), resident(home, ids.other_dorothy)
    assert one.line == "Room 12 · born 3 Mar 1938, 88"
    assert other.line == "Room 7 · born 9 May 1941, 85"


@pytest.mark.parametrize(
    ("allergies", "alerts"),
    [("Penicillin", ("Allergies: Penicillin",)), ("None known", ()), (None, ())],
)
def test_an_allergy_is_an_alert_and_none_known_is_not(
    home: OpenHome, ids: Ids, allergies: str | None, alerts: tuple[str, ...]
) -> None:
    change(home, ids.dorothy, allergies=allergies)
    found = resident(home, ids.dorothy)
    assert found.alerts == alerts
    assert found.allergic == bool(alerts)


def test_whom_to_reach_are_gp_nurse_practice_and_family(home: OpenHome, ids: Ids) -> None:
    change(
        home, ids.dorothy, gp=ids.grace, named_nurse=ids.grace, gp_choice="own choice",
        next_of_kin="Carol, daughter", next_of_kin_phone="07700 900544",
    )  # fmt: skip
    reach = resident(home, ids.dorothy).reach
    assert [one.name for one in reach] == [
        "Grace Adeyemi", "Meadow Lane Surgery", "Carol, daughter",
    ]  # fmt: skip
    assert reach[0].detail == "GP, district nurse, Meadow Lane Surgery"
    assert reach[0].note == "Choice of GP: own choice"
    assert reach[2].phone == "07700 900544"


def test_what_waits_comes_late_things_first(home: OpenHome, ids: Ids) -> None:
    editing.add(home, Action(what="Ring them", resident=ids.dorothy, due=dt.date(2026, 11, 30)))
    editing.add(home, Action(what="Order", resident=ids.dorothy, due=dt.date(2026, 11, 16)))
    editing.add(
        home,
        Referral(
            resident=ids.dorothy, organisation=ids.surgery, sent=dt.date(2026, 11, 8), reason="x",
            threshold_days=30,
        ),
    )  # fmt: skip
    found = resident(home, ids.dorothy).waits
    assert [(one.what, one.words, one.state) for one in found] == [
        ("Order", "2 days late", "late"),
        ("Meadow Lane Surgery", "10 days", "ok"),
        ("Ring them", "due in 12 days", "ok"),
    ]


def test_a_review_that_is_over_is_late(home: OpenHome, ids: Ids) -> None:
    change(home, ids.dorothy, review_every_days=28, last_reviewed=dt.date(2026, 10, 20))
    found = resident(home, ids.dorothy)
    assert found.next_review == "Next review Tue 17 Nov 2026, yesterday"
    assert found.review_late


def test_a_duplicate_is_shown_by_who_stands_for_both(home: OpenHome, ids: Ids) -> None:
    one, other = (home.store.get("resident", who) for who in (ids.dorothy, ids.other_dorothy))
    assert isinstance(one, Resident)
    assert isinstance(other, Resident)
    editing.merge(home, other, one)
    assert resident(home, ids.other_dorothy).record.id == ids.dorothy
