"""The poster and the booklet, from a home's own directory."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from liaison.records import all_specs
from liaison.records.directory import Contact, Organisation, Post, Service
from liaison.records.home import Resident, Staff
from liaison.reports.who_to_ring import MOST_LINES, Facts
from liaison.services import editing, reporting
from liaison.services.homes import OpenHome
from liaison.services.reporting import directory, who_to_ring
from tests.reports.paper import text_of
from tests.services.conftest import add

NEVER = "Karen says yes on a Friday"


def poster(home: OpenHome) -> Facts:
    return who_to_ring.gather(home.store, reporting.ask(home.store, "who-to-ring"))


@pytest.fixture
def nursing(home: OpenHome) -> int:
    """Nurses by day and by night, and a surgery."""
    catheters = add(home, Service(name="Catheter care"))
    place = add(
        home,
        Organisation(
            name="Tamar Nursing", kind="community nursing", phone="01632 960410",
            phone_out_of_hours="01632 960118", offers=(catheters,), private_notes=NEVER,
            last_checked=dt.date(2026, 11, 4),
        ),
    )  # fmt: skip
    surgery = add(
        home,
        Organisation(name="Meadow Lane", kind="GP practice", phone="01632 960200",
                     phone_out_of_hours="111", last_checked=dt.date(2026, 10, 4)),
    )  # fmt: skip
    loaded = home.store.the("home")
    assert loaded is not None
    changed = dataclasses.replace(loaded.record, practice=surgery, phone="01632 960100")  # type: ignore[call-arg]
    editing.save(home, loaded, changed)
    sam = add(home, Contact(name="Sam Bright", mobile="07700 900367"))
    grace = add(
        home,
        Contact(name="Grace Adeyemi", phone="01632 960412", ask_about=(catheters,), deputy=sam,
                named_link=True, private_notes=NEVER, last_checked=dt.date(2026, 11, 4)),
    )  # fmt: skip
    doctor = add(home, Contact(name="Dr Anwar", phone="01632 960201",
                               last_checked=dt.date(2026, 11, 4)))  # fmt: skip
    karen = add(home, Contact(name="Karen Pook", phone="01632 960203", named_link=True))
    for contact, role, at in (
        (grace, "district nurse", place), (sam, "district nurse", place),
        (doctor, "GP", surgery), (karen, "receptionist", surgery),
    ):  # fmt: skip
        add(home, Post(contact=contact, role=role, organisation=at))
    return place


def test_the_poster_has_one_number_for_each_kind_by_day_and_by_night(
    home: OpenHome, nursing: int
) -> None:
    facts = poster(home)
    assert [(one.need, one.who, one.number, one.note) for one in facts.by_day] == [
        ("Doctor", "Meadow Lane, ask for Dr Anwar", "01632 960201", "Not there: 01632 960200"),
        ("Catheter care", "Grace Adeyemi, district nurse", "01632 960412",
         "Not there: Sam Bright, 07700 900367"),
    ]  # fmt: skip
    assert [(one.need, one.who, one.number) for one in facts.out] == [
        ("Doctor", "NHS 111", "111"),
        ("Catheter care", "Tamar Nursing", "01632 960118"),
    ]
    assert facts.checked == dt.date(2026, 10, 4)
    assert facts.phone == "01632 960100"


def test_by_night_nobody_is_named_who_is_off(home: OpenHome, nursing: int) -> None:
    off = add(home, Contact(name="Off Duty", phone="01632 960777"))
    maria = add(
        home, Contact(name="Maria Santos", phone="01632 960119", cover="out of hours", deputy=off)
    )
    add(home, Post(contact=maria, role="district nurse", organisation=nursing))
    lines = {one.who: one.note for one in poster(home).out}
    assert lines["Maria Santos, district nurse"] == "Not there: 01632 960118"


def test_the_poster_stays_one_page_of_different_numbers(home: OpenHome, nursing: int) -> None:
    field = all_specs()["organisation"].by_name["kind"]
    with home.store.unit(home.person, "many") as unit:
        for number, item in enumerate(home.store.vocabularies.items(field)):
            unit.add(
                Organisation(
                    name=f"Place {number}",
                    kind=item.value,
                    phone=f"01632 9603{number:02}",
                    phone_out_of_hours="999",
                )
            )
    facts = poster(home)
    assert len(facts.by_day) + len(facts.out) == MOST_LINES
    numbers = [one.number for one in facts.out]
    assert "999" not in numbers
    assert len(set(numbers)) == len(numbers)
    assert reporting.make(home, "who-to-ring", reporting.ask(home.store, "who-to-ring")).pages == 1


def test_private_notes_residents_and_staff_are_never_printed(
    home: OpenHome, nursing: int, tmp_path: Path
) -> None:
    add(home, Resident(name="Joan Tully", next_of_kin="Mark Tully"))
    add(home, Staff(name="Moira Kelly", job_role="cook", phone="07700 900999"))
    for name in ("who-to-ring", "directory"):
        said = text_of(reporting.make(home, name, reporting.ask(home.store, name)))
        for words in (NEVER, "Tully", "Moira", "07700 900999"):
            assert words not in said
    written = reporting.write(
        home, "directory", reporting.ask(home.store, "directory"), tmp_path / "directory.pdf"
    )
    assert written.pages == 1


def test_the_booklet_lists_people_under_their_places_and_leaves_closed_ones_out(
    home: OpenHome, nursing: int
) -> None:
    add(home, Organisation(name="Old Surgery", kind="GP practice", status="closed"))
    add(home, Contact(name="Nobody's Nora"))
    facts = directory.gather(home.store, reporting.ask(home.store, "directory"))
    assert [(group.name, [one.name for one in group.entries]) for group in facts.groups] == [
        ("GP practice", ["Meadow Lane", "Dr Anwar", "Karen Pook"]),
        ("Community nursing", ["Tamar Nursing", "Grace Adeyemi", "Sam Bright"]),
        ("Belongs to no organisation", ["Nobody's Nora"]),
    ]
    grace = facts.groups[1].entries[1]
    assert grace.detail == "District nurse, Tamar Nursing"
    assert ("Phone", "01632 960412") in grace.numbers
    assert ("Ask them about", "Catheter care") in grace.about


def test_an_empty_home_has_a_poster_and_a_booklet(home: OpenHome) -> None:
    for name in ("who-to-ring", "directory"):
        assert reporting.make(home, name, reporting.ask(home.store, name)).pages == 1
