"""The directory's list: who is in it, under which heading, and by what each is found."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison.records.directory import Contact, Organisation, Post, Service
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.ui.pages.directory import entries, facts
from liaison.ui.pages.directory.entries import NO_NEED, Directory
from tests.ui.parts.conftest import NOW, Ids

EVENING = NOW.replace(hour=19)


def names(directory: Directory, by: str, which: str = "") -> list[tuple[str, list[str]]]:
    groups = directory.grouped(directory.narrowed("", which), by)
    return [(group.words, [entry.name for entry in group.entries]) for group in groups]


def found(home: OpenHome, typed: str) -> list[str]:
    return [entry.name for entry in entries.read(home.store).narrowed(typed, "")]


def test_people_stand_under_their_place_and_places_under_what_they_do(
    home: OpenHome, ids: Ids
) -> None:
    editing.add(home, Organisation(name="Westbrook General", kind="hospital"))
    editing.add(home, Contact(name="Nobody's"))
    assert names(entries.read(home.store), "kind") == [
        ("GP practice", ["Meadow Lane Surgery", "Grace Adeyemi"]),
        ("Hospital", ["Westbrook General"]),
        ("Belongs to no organisation", ["Nobody's"]),
    ]


def test_a_need_lists_the_named_person_before_the_place(home: OpenHome, ids: Ids) -> None:
    editing.add(home, Organisation(name="Westbrook General", kind="hospital"))
    assert names(entries.read(home.store), "need") == [
        ("Catheters", ["Grace Adeyemi", "Meadow Lane Surgery"]),
        (NO_NEED, ["Westbrook General"]),
    ]


def test_a_to_z_has_no_headings(home: OpenHome, ids: Ids) -> None:
    assert names(entries.read(home.store), "name") == [
        ("", ["Grace Adeyemi", "Meadow Lane Surgery"])
    ]
    assert names(entries.read(home.store), "name", "contact") == [("", ["Grace Adeyemi"])]


@pytest.mark.parametrize(
    "typed",
    [
        "grace",
        "ADEY",
        "district nurse",
        "01632960412",
        "01632 960 412",
        "not draining",
        "meadow gr",
    ],
)
def test_somebody_is_found_by_name_role_number_need_and_place(
    home: OpenHome, ids: Ids, typed: str
) -> None:
    assert "Grace Adeyemi" in found(home, typed)


def test_what_fits_nobody_finds_nobody(home: OpenHome, ids: Ids) -> None:
    assert found(home, "grace plumber") == []


def test_accents_need_not_be_typed(home: OpenHome) -> None:
    editing.add(home, Contact(name="Ștefan Ionescu"))
    assert found(home, "stefan") == ["Ștefan Ionescu"]


def test_what_was_checked_lately_is_not_to_check(home: OpenHome, ids: Ids) -> None:
    today = home.store.today()
    editing.add(home, Contact(name="Fresh", last_checked=today))
    editing.add(home, Contact(name="Stale", last_checked=today - dt.timedelta(days=400)))
    stale = entries.read(home.store).narrowed("", "to check")
    assert {entry.name for entry in stale} == {"Stale", "Grace Adeyemi", "Meadow Lane Surgery"}


def test_whoever_left_a_post_no_longer_stands_under_its_place(home: OpenHome, ids: Ids) -> None:
    gone = Contact(name="Left")
    contact, _ = editing.add(home, gone)
    editing.add(
        home,
        Post(contact=contact, role="GP", organisation=ids.surgery, until=dt.date(2020, 1, 1)),
    )
    assert ("Belongs to no organisation", ["Left"]) in names(entries.read(home.store), "kind")


# ---- cards


def card(home: OpenHome, type_name: str, identity: int, now: dt.datetime) -> facts.CardFacts:
    shown = facts.card(home.store, type_name, identity, now, "manager")
    assert shown is not None
    return shown


def change(home: OpenHome, type_name: str, identity: int, **fields: object) -> None:
    loaded = home.store.load(type_name, identity)
    assert loaded is not None
    changed = dataclasses.replace(loaded.record, **fields)  # type: ignore[arg-type]  # by name
    editing.save(home, loaded, changed)


def test_the_number_that_answers_at_this_hour_comes_first(home: OpenHome, ids: Ids) -> None:
    change(home, "organisation", ids.surgery, phone_out_of_hours="111")
    by_day = card(home, "organisation", ids.surgery, NOW)
    assert [(n.label, n.first) for n in by_day.numbers] == [
        ("Phone", True), ("Phone out of hours", False),
    ]  # fmt: skip
    assert (by_day.state, by_day.hours) == ("ok", "In hours until 18:00")
    evening = card(home, "organisation", ids.surgery, EVENING)
    assert evening.numbers[0].number == "111"
    assert (evening.state, evening.hours) == ("none", "Out of hours until tomorrow 08:00")


@pytest.mark.parametrize(
    ("cover", "now", "words"),
    [
        ("in hours", NOW, "Can be reached until 18:00"),
        ("in hours", EVENING, "Off until tomorrow 08:00"),
        ("out of hours", NOW, "Off until 18:00"),
        ("both", EVENING, "Can be reached at any hour"),
        (None, NOW, ""),
        ("in hours", dt.datetime(2026, 11, 20, 18, tzinfo=dt.UTC), "Off until Mon 23 Nov 2026, 08:00"),
    ],
)  # fmt: skip
def test_a_contact_says_whether_they_can_be_reached_now(
    home: OpenHome, ids: Ids, cover: str | None, now: dt.datetime, words: str
) -> None:
    change(home, "contact", ids.grace, cover=cover)
    assert card(home, "contact", ids.grace, now).hours == words


def test_a_contact_s_card_leads_to_place_needs_deputy_and_residents(
    home: OpenHome, ids: Ids
) -> None:
    sam, _ = editing.add(home, Contact(name="Sam Bright", mobile="07700 900367"))
    change(home, "contact", ids.grace, deputy=sam)
    change(home, "resident", ids.dorothy, named_nurse=ids.grace)
    shown = card(home, "contact", ids.grace, NOW)
    assert shown.line == "District nurse, Meadow Lane Surgery"
    assert [link.words for link in shown.asked_for] == ["Catheters"]
    assert shown.deputy is not None
    assert (shown.deputy.link.words, shown.deputy.phone) == ("Sam Bright", "07700 900367")
    assert [link.words for link in shown.residents] == [
        "Dorothy Hale (room 12, date of birth 3 Mar 1938)"
    ]
    assert [one.link.words for one in shown.people] == ["Meadow Lane Surgery"]


def test_who_left_is_not_among_the_residents_they_look_after(home: OpenHome, ids: Ids) -> None:
    assert len(card(home, "organisation", ids.surgery, NOW).residents) == 1
    change(home, "resident", ids.dorothy, left_on=dt.date(2026, 11, 1))
    assert card(home, "organisation", ids.surgery, NOW).residents == ()


def test_an_organisation_says_how_to_refer_and_who_is_there(home: OpenHome, ids: Ids) -> None:
    change(
        home, "organisation", ids.surgery, criteria="Registered residents.",
        how_to_refer="By telephone.", typical_wait_days=18, private_notes="Code 1234",
    )  # fmt: skip
    shown = card(home, "organisation", ids.surgery, NOW)
    assert [row.text for row in shown.refer] == [
        "Registered residents.",
        "By telephone.",
        "18 days",
    ]
    assert [(p.link.words, p.detail) for p in shown.people] == [
        ("Grace Adeyemi", "District nurse, Meadow Lane Surgery")
    ]
    everything = [row.text for row in (*shown.rows, *shown.refer, *shown.rest)]
    assert "Code 1234" not in everything, "a card is seen by whoever walks past"


def test_who_checked_the_details_is_told(home: OpenHome, ids: Ids) -> None:
    change(home, "contact", ids.grace, last_checked=dt.date(2026, 11, 4))
    change(home, "contact", ids.grace, best_time="mornings")
    checked = card(home, "contact", ids.grace, NOW).checked
    assert checked is not None
    assert checked.words == "Checked Wed 4 Nov 2026 by Kate Morgan."
    assert not checked.stale


def test_a_need_says_whom_to_ask(home: OpenHome, ids: Ids) -> None:
    shown = card(home, "service", ids.catheters, NOW)
    assert [one.link.words for one in shown.people] == ["Grace Adeyemi", "Meadow Lane Surgery"]


def test_a_place_that_closed_says_so(home: OpenHome, ids: Ids) -> None:
    change(home, "organisation", ids.surgery, status="closed")
    assert card(home, "organisation", ids.surgery, NOW).marks == (("This place is closed.", "due"),)


def test_hours_nobody_can_read_say_nothing(home: OpenHome, ids: Ids) -> None:
    loaded = home.store.the("home")
    assert loaded is not None
    with home.unit("spoilt") as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, hours_from="early"))  # type: ignore[call-arg]  # a home
    assert card(home, "contact", ids.grace, NOW).hours == ""


def test_a_service_of_several_names_is_one_need(home: OpenHome, ids: Ids) -> None:
    need, _ = editing.add(home, Service(name="Wheelchairs", synonyms="chair"))
    change(home, "contact", ids.grace, ask_about=(ids.catheters, need))
    groups = names(entries.read(home.store), "need", "contact")
    assert groups == [("Catheters", ["Grace Adeyemi"]), ("Wheelchairs", ["Grace Adeyemi"])]
