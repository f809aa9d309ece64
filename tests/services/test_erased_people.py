"""Somebody whose name was erased by law: in no list and no count, and named nowhere but as erased."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from liaison.records import spec_of
from liaison.records.casework import Action, Visit, VisitEntry
from liaison.records.directory import Contact, Organisation
from liaison.records.home import Resident, Staff
from liaison.records.showing import ERASED
from liaison.reports.spec import Asked
from liaison.services import audit, editing, erasing, lists
from liaison.services.exporting import export
from liaison.services.homes import OpenHome
from liaison.services.references import Names
from liaison.services.reporting import visits
from liaison.store import audit as log
from liaison.store import search, verify
from liaison.store.query import Condition, Query, every
from tests.services.conftest import add, got, refused

HERE = Query("resident", (Condition("left_on", None),))
AT = dt.datetime(2026, 11, 20, 14, tzinfo=dt.UTC)


@pytest.fixture
def mary(home: OpenHome) -> int:
    """Add two residents, and erase all that the record of one of them says."""
    add(home, Resident(name="Joan Frost", room="7"))
    identity = add(home, Resident(name="Mary Jones", room="4", alerts="Likes tea"))
    visit = add(home, Visit(at=AT, kind="visit"))
    add(home, VisitEntry(visit=visit, resident=identity, found="Chest clear."))
    add(home, Action(what="Ring the surgery", resident=identity))
    erasing.erase(home, "resident", identity, ["name", "room", "alerts"], "her son's request")
    return identity


def test_they_are_not_among_those_who_live_here(home: OpenHome, mary: int, tmp_path: Path) -> None:
    assert [getattr(one, "name", "") for one in every(home.store, HERE)] == ["Joan Frost"]
    assert lists.count(home.store, HERE).number == 1
    export(home, "resident", tmp_path / "residents.csv")
    with (tmp_path / "residents.csv").open(encoding="utf-8-sig", newline="") as file:
        first, *rows = csv.reader(file)
    assert [row[first.index("Name")] for row in rows] == ["Joan Frost"]
    # what was left of them still lies in the record, and the log holds
    assert got(home, Resident, mary).archived
    assert verify.verify(home.store).damage == []


def test_wherever_their_name_would_stand_it_says_that_it_was_erased(
    home: OpenHome, mary: int
) -> None:
    assert Names(home.store).by_id("resident", mary) == ERASED
    assert Names(home.store).words("resident", [mary]) == {mary: ERASED}
    [entry] = every(home.store, Query("visit_entry"))
    assert Names(home.store).of(entry).startswith(f"{ERASED}, ")
    facts = visits.gather(home.store, Asked(dt.date(2026, 11, 1), dt.date(2026, 11, 30)))
    assert [note.resident.name for visit in facts.visits for note in visit.entries] == [ERASED]
    lines = audit.lines(home.store, log.Asked(record=("resident", mary))).lines
    assert {line.about for line in lines} == {f"Resident: {ERASED}"}
    newest = lines[0]
    assert newest.verb == ERASED
    # that they left the lists with it goes without saying
    assert {step.name for step in newest.steps} == {"name", "room", "alerts"}


def test_what_others_wrote_about_them_stays_and_the_question_says_so(
    home: OpenHome, mary: int
) -> None:
    [entry] = every(home.store, Query("visit_entry"))
    assert isinstance(entry, VisitEntry)
    assert (entry.resident, entry.found) == (mary, "Chest clear.")
    told = erasing.what_stays("resident")
    assert "visit notes" in told
    assert "in no list and no count" in told
    assert ERASED in told
    assert "in no list" not in erasing.what_stays("visit_entry")


def test_nobody_can_bring_them_back_and_nobody_finds_them(home: OpenHome, mary: int) -> None:
    said = refused(lambda: editing.bring_back(home, got(home, Resident, mary), "by mistake"))
    assert said.code == "erased"
    assert got(home, Resident, mary).archived
    assert search.find_names(home.store, "Mary", types=("resident",)) == []


def test_whoever_keeps_their_name_stays_in_the_lists(home: OpenHome, mary: int) -> None:
    [joan] = every(home.store, HERE)
    assert joan.id is not None
    erasing.erase(home, "resident", joan.id, ["room"], "her own wish")
    assert [one.id for one in every(home.store, HERE)] == [joan.id]
    assert Names(home.store).by_id("resident", joan.id) == "Joan Frost"


def test_so_it_is_with_staff_contacts_and_places_but_not_with_who_may_sign_in(
    home: OpenHome,
) -> None:
    for record in (
        Staff(name="Ann Lee", job_role="nurse"),
        Contact(name="Dr Priya Nair"),
        Organisation(name="Castle Street Surgery", kind="GP practice"),
    ):
        identity = add(home, record)
        type_name = spec_of(record).name
        erasing.erase(home, type_name, identity, ["name"], "as the law demands")
        assert identity not in [one.id for one in every(home.store, Query(type_name))]
        assert Names(home.store).by_id(type_name, identity) == ERASED
    # who may sign in goes with the keys: nobody is locked out by an erasure
    erasing.erase(home, "person", home.person, ["name"], "as the law demands")
    person = home.store.get("person", home.person)
    assert person is not None
    assert person.lives
    assert Names(home.store).by_id("person", home.person) == ERASED
