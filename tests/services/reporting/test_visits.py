"""The facts of the visits report, out of a real home."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.casework import Action, Visit, VisitEntry
from liaison.records.directory import Contact, Organisation, Post
from liaison.records.home import Resident, Staff
from liaison.reports.spec import Asked
from liaison.reports.visits import Facts, render
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.reporting import visits
from liaison.store import store as stores
from tests import homes as made
from tests.reports.facts import PRINTED
from tests.reports.paper import assert_within_margins, text_of
from tests.services.conftest import add

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
AT = dt.datetime(2026, 11, 20, 14, 0, tzinfo=dt.UTC)
YEAR = Asked(dt.date(2025, 12, 1), dt.date(2026, 11, 30), on=dt.date(2026, 11, 22))


@pytest.fixture
def surgery(home: OpenHome) -> int:
    return add(home, Organisation(name="Castle Street Surgery", kind="GP practice"))


@pytest.fixture
def doctor(home: OpenHome, surgery: int) -> int:
    contact = add(home, Contact(name="Dr Priya Nair"))
    add(home, Post(contact=contact, role="GP", organisation=surgery))
    return contact


@pytest.fixture
def joan(home: OpenHome) -> int:
    return add(home, Resident(name="Joan Frost", room="7", date_of_birth=dt.date(1931, 2, 3)))


def visit(home: OpenHome, at: dt.datetime = AT, **fields: Any) -> int:
    return add(home, Visit(at=at, kind=fields.pop("kind", "visit"), **fields))


def note(home: OpenHome, visit_id: int, resident: int, **fields: Any) -> int:
    found = fields.pop("found", "Chest clear.")
    return add(home, VisitEntry(visit=visit_id, resident=resident, found=found, **fields))


def gathered(home: OpenHome, **asked: Any) -> Facts:
    return visits.gather(home.store, dataclasses.replace(YEAR, **asked))


def test_a_visit_comes_with_who_their_role_and_place_and_the_residents_seen(
    home: OpenHome, doctor: int, surgery: int, joan: int
) -> None:
    made = visit(home, professional=doctor, organisation=surgery, kind="phone", urgency="urgent")
    note(home, made, joan, raised="Cough.", voice="Tired.", plan_changed="yes", pharmacy_told=False)
    facts = gathered(home)
    [shown] = facts.visits
    assert facts.home == "Willow House"
    assert (shown.person, shown.role, shown.organisation) == (
        "Dr Priya Nair",
        "GP",
        "Castle Street Surgery",
    )
    assert (shown.kind, shown.urgency, shown.urgency_label) == ("Phone", "urgent", "Urgent")
    [entry] = shown.entries
    assert (entry.resident.name, entry.resident.room, entry.resident.born) == (
        "Joan Frost",
        "7",
        "",
    )
    assert (entry.raised, entry.found, entry.voice) == ("Cough.", "Chest clear.", "Tired.")
    assert entry.more == ("Care plan changed: yes", "Pharmacy told: no")


def test_visits_are_newest_first_and_the_last_day_counts_in(home: OpenHome) -> None:
    moments = [
        dt.datetime(2026, 11, 30, 23, 30, tzinfo=dt.UTC),
        dt.datetime(2026, 12, 1, 0, 30, tzinfo=dt.UTC),
        dt.datetime(2025, 12, 1, 0, 30, tzinfo=dt.UTC),
        dt.datetime(2025, 11, 30, 23, 30, tzinfo=dt.UTC),
    ]
    for moment in moments:
        visit(home, moment, status="planned")
    assert [shown.at for shown in gathered(home).visits] == [moments[0], moments[2]]


@pytest.mark.parametrize(
    ("start", "end"),
    [(dt.date(2026, 11, 2), dt.date(2026, 11, 1)), (None, dt.date(2026, 11, 1)),
     (dt.date(2026, 11, 2), None)],
)  # fmt: skip
def test_a_period_that_is_none_is_refused_plainly(
    home: OpenHome, start: dt.date | None, end: dt.date | None
) -> None:
    with pytest.raises(UserError) as refused:
        gathered(home, start=start, end=end)
    assert refused.value.code == "period"


def test_by_professional_and_by_organisation_leave_out_the_others(
    home: OpenHome, doctor: int, surgery: int
) -> None:
    visit(home, professional=doctor, organisation=surgery)
    visit(home, organisation=surgery)
    visit(home)
    by_doctor = gathered(home, subject=("contact", doctor))
    by_surgery = gathered(home, subject=("organisation", surgery))
    assert (len(by_doctor.visits), by_doctor.about) == (1, "by Dr Priya Nair")
    assert (len(by_surgery.visits), by_surgery.about) == (2, "from Castle Street Surgery")


def test_by_resident_shows_nothing_of_another_resident(home: OpenHome, joan: int) -> None:
    other = add(home, Resident(name="Idris Morgan", room="8"))
    made = visit(home)
    note(home, made, joan)
    note(home, made, other, found="Something private.")
    add(home, Action(what="Ring Idris's son", source_type="visit", source_id=ids.to_text(made)))
    note(home, visit(home, AT - dt.timedelta(days=1)), other)
    facts = gathered(home, subject=("resident", joan))
    assert facts.about == "to Joan Frost"
    assert "Idris" not in repr(facts)
    assert "private" not in repr(facts)
    assert len(facts.visits) == 1


def test_a_subject_that_is_not_here_is_refused(home: OpenHome) -> None:
    with pytest.raises(UserError) as refused:
        gathered(home, subject=("resident", 12345))
    assert refused.value.code == "not-found"


def test_residents_of_one_name_come_with_room_and_birth_even_if_one_has_left(
    home: OpenHome, joan: int
) -> None:
    twin = add(home, Resident(name="joan  frost", room="9"))
    record = home.store.get("resident", twin)
    assert record is not None
    editing.archive(home, record, "Moved away")
    note(home, visit(home), joan)
    [shown] = gathered(home).visits
    assert shown.entries[0].resident.born == "born 3 Feb 1931"
    assert gathered(home, subject=("resident", joan)).about == (
        "to Joan Frost (room 7, born 3 Feb 1931)"
    )


def test_by_initials_no_name_of_a_resident_is_in_the_facts(home: OpenHome, joan: int) -> None:
    add(home, Resident(name="Joan Frost", room="9"))
    note(home, visit(home), joan)
    for subject in (None, ("resident", joan)):
        facts = gathered(home, names="initials", subject=subject)
        assert "Frost" not in repr(facts)
        assert "1931" not in repr(facts)
        assert facts.visits[0].entries[0].resident.name == "J.F."
        assert "Frost" not in text_of(render(facts, PRINTED))
    assert gathered(home, names="initials", subject=("resident", joan)).about == "to J.F. (room 7)"


def test_sensitive_fields_are_never_gathered(home: OpenHome, surgery: int) -> None:
    contact = add(home, Contact(name="Ana Pop", private_notes="Rude on the phone"))
    person = add(
        home,
        Resident(name="Bo Lee", next_of_kin="Secret Son", attorney="Secret Solicitor"),
    )
    note(home, visit(home, professional=contact, organisation=surgery), person)
    facts = repr(gathered(home))
    assert "Rude" not in facts
    assert "Secret" not in facts


def test_struck_through_notes_and_visits_stay_with_their_reason(home: OpenHome, joan: int) -> None:
    made = visit(home)
    entry = home.store.get("visit_entry", note(home, made, joan))
    assert entry is not None
    editing.strike(home, entry, "Written on the wrong resident")
    [shown] = gathered(home).visits
    assert shown.entries[0].struck == "Written on the wrong resident"
    record = home.store.get("visit", made)
    assert record is not None
    editing.strike(home, record, "Entered twice")
    assert gathered(home).visits[0].struck == "Entered twice"


def test_a_note_moved_from_another_record_says_so_and_not_from_whom(
    home: OpenHome, joan: int
) -> None:
    wrong = add(home, Resident(name="Idris Morgan"))
    moved = home.store.get("visit_entry", note(home, visit(home), wrong))
    assert isinstance(moved, VisitEntry)
    editing.move(home, moved, joan, "It was about Joan")
    entries = gathered(home, subject=("resident", joan)).visits[0].entries
    assert [entry.moved for entry in entries] == [True]


@pytest.mark.parametrize(("minutes", "late"), [(10, False), (29, False), (31, True), (300, True)])
def test_a_note_written_long_after_the_visit_is_a_late_entry(
    home: OpenHome,
    joan: int,
    minutes: int,
    late: bool,  # noqa: FBT001  # a table of cases
) -> None:
    at = stores.now() - dt.timedelta(minutes=minutes)
    note(home, visit(home, at.replace(microsecond=0)), joan)
    today = home.store.today()
    facts = gathered(home, start=today - dt.timedelta(days=3), end=today + dt.timedelta(days=1))
    assert (facts.visits[0].entries[0].written is not None) == late


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"due": dt.date(2026, 11, 22)}, "open"),
        ({"due": dt.date(2026, 11, 21)}, "past"),
        ({}, "open"),
        ({"due": dt.date(2026, 11, 1), "done_at": AT, "outcome": "Done"}, "done"),
    ],
)
def test_follow_ups_come_with_their_note_and_how_they_stand(
    home: OpenHome,
    joan: int,
    fields: dict[str, Any],
    state: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(home.store, "clock", lambda: dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC))
    entry = note(home, visit(home), joan)
    nurse = add(home, Staff(name="Łukasz Nowak", job_role="nurse"))
    add(home, Action(what="Take bloods", owner_staff=nurse, source_type="visit_entry",
                     source_id=ids.to_text(entry), **fields))  # fmt: skip
    [action] = gathered(home).visits[0].entries[0].follow_ups
    assert (action.what, action.owner, action.state) == ("Take bloods", "Łukasz Nowak", state)


def test_a_renamed_organisation_keeps_the_name_of_the_day(
    home: OpenHome, surgery: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(home, organisation=surgery)
    loaded = home.store.load("organisation", surgery)
    assert loaded is not None
    assert isinstance(loaded.record, Organisation)
    editing.save(home, loaded, dataclasses.replace(loaded.record, name="Riverside Practice"))
    later = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(minutes=5)
    visit(home, later, organisation=surgery, status="planned")
    facts = gathered(home, end=later.date() + dt.timedelta(days=1))
    names = [shown.organisation for shown in facts.visits]
    assert set(names) == {"Riverside Practice", "Castle Street Surgery"}
    [earlier] = [shown for shown in facts.visits if shown.at == AT]
    assert earlier.organisation == "Castle Street Surgery"


def test_a_role_is_the_one_held_on_the_day(home: OpenHome, surgery: int) -> None:
    contact = add(home, Contact(name="Tom Redway"))
    add(home, Post(contact=contact, role="district nurse", until=dt.date(2026, 6, 30)))
    add(home, Post(contact=contact, role="community matron", since=dt.date(2026, 7, 1)))
    visit(home, AT, professional=contact)
    visit(home, dt.datetime(2026, 6, 30, 10, tzinfo=dt.UTC), professional=contact)
    roles = [shown.role for shown in gathered(home).visits]
    assert roles == ["Community matron", "District nurse"]


def test_a_duplicate_resident_is_one_person(home: OpenHome, joan: int) -> None:
    twice = add(home, Resident(name="Joan Frost"))
    note(home, visit(home), twice)
    duplicate, kept = (home.store.get("resident", identity) for identity in (twice, joan))
    assert duplicate is not None
    assert kept is not None
    editing.merge(home, duplicate, kept, "The same person")
    facts = gathered(home, subject=("resident", joan))
    assert facts.about == "to Joan Frost"
    assert [entry.resident.room for entry in facts.visits[0].entries] == ["7"]


def test_a_home_becomes_paper(home: OpenHome, doctor: int, surgery: int, joan: int) -> None:
    for day in range(30):
        made = visit(home, AT - dt.timedelta(days=day), professional=doctor, organisation=surgery)
        note(home, made, joan, raised="<b>Cough</b> since Monday")
    document = render(gathered(home), PRINTED)
    assert_within_margins(document)
    assert text_of(document).count("<b>Cough</b> since Monday") == 30
    assert "30 entries in 30 visits" in text_of(document)


def test_a_post_that_was_struck_through_gives_nobody_a_role(home: OpenHome) -> None:
    contact = add(home, Contact(name="Tom Redway"))
    post = add(home, Post(contact=contact, role="district nurse"))
    loaded = home.store.load("post", post)
    assert loaded is not None
    editing.strike(home, loaded.record, "Another Tom")
    visit(home, AT, professional=contact)
    assert [shown.role for shown in gathered(home).visits] == [""]


def test_what_is_past_its_date_is_told_by_the_homes_own_clock(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with made.unlock(folder) as home:
        resident = add(home, Resident(name="Joan Tully"))
        entry = note(home, visit(home), resident)
        add(home, Action(what="Take bloods", due=dt.date(2026, 11, 25), source_type="visit_entry",
                         source_id=ids.to_text(entry)))  # fmt: skip
        for day, state in ((25, "open"), (26, "past")):
            clock = dt.datetime(2026, 11, day, 12, tzinfo=dt.UTC)
            monkeypatch.setattr(home.store, "clock", lambda clock=clock: clock)
            [action] = gathered(home).visits[0].entries[0].follow_ups
            assert action.state == state
