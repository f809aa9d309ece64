"""Several records saved as one: all checked first, new ones may refer to each other."""

from __future__ import annotations

import dataclasses

import pytest

from liaison.errors import UserError
from liaison.records import Problem, ids
from liaison.records.administration import Person
from liaison.records.casework import Action, Visit, VisitEntry
from liaison.records.directory import Contact, Organisation, Post, Service
from liaison.records.home import Resident
from liaison.services.editing import Unfit, strike
from liaison.services.homes import OpenHome
from liaison.services.together import Together
from tests.services.conftest import add, got, written


def problems(error: pytest.ExceptionInfo[Unfit]) -> dict[str, str]:
    return {problem.field: problem.message for problem in error.value.problems}


def test_new_records_refer_to_each_other_and_are_one_unit(home: OpenHome) -> None:
    before = written(home)
    together = Together(home)
    service = together.add("service", Service(name="Swallowing"))
    place = together.add(
        "organisation", Organisation(name="Tamar", kind="therapy", offers=(service,))
    )
    contact = together.add("contact", Contact(name="Joy Obi", ask_about=(service,)))
    together.add("post", Post(contact=contact, role="dietitian", organisation=place))
    together.add(
        "action",
        Action(what="Ring", source_type="contact", source_id=ids.to_text(contact)),
    )
    made = together.save("A new team").ids
    assert list(made) == ["service", "organisation", "contact", "post", "action"]
    post = got(home, Post, made["post"])
    assert (post.contact, post.organisation) == (made["contact"], made["organisation"])
    assert got(home, Organisation, made["organisation"]).offers == (made["service"],)
    assert got(home, Contact, made["contact"]).ask_about == (made["service"],)
    assert got(home, Action, made["action"]).source_id == ids.to_text(made["contact"])
    # one unit; five records and the two elements of sets
    assert written(home) == (before[0] + 1, before[1] + 7)


def test_all_problems_of_all_parts_are_told_and_nothing_is_saved(home: OpenHome) -> None:
    before = written(home)
    together = Together(home)
    place = together.add("organisation", Organisation(name="Tamar"))
    contact = together.add("contact", Contact(phone="12"), "The person")
    together.add("post", Post(contact=contact, organisation=place))
    also = (Problem("post.since", "Not on a Sunday."),)
    with pytest.raises(Unfit) as error:
        together.save(also=also)
    assert problems(error) == {
        "post.since": "Not on a Sunday.",
        "organisation.kind": "Kind is missing.",
        "contact.name": "The person: Name is missing.",
        "post.role": "Role is missing.",
    }
    assert written(home) == before


def test_warnings_are_handed_back_with_their_part(home: OpenHome) -> None:
    together = Together(home)
    together.add("contact", Contact(name="Joy Obi", phone="12"))
    (warning,) = together.save().warnings
    assert warning.field == "contact.phone"
    assert not warning.blocks


def test_a_reference_to_a_part_of_another_type_is_no_record(home: OpenHome) -> None:
    together = Together(home)
    place = together.add("organisation", Organisation(name="Tamar", kind="therapy"))
    together.add("post", Post(contact=place, role="dietitian"))
    with pytest.raises(Unfit) as error:
        together.save()
    assert problems(error) == {"post.contact": "Contact: there is no such record."}


def test_a_part_is_checked_against_others_as_they_will_be(home: OpenHome) -> None:
    resident = add(home, Resident(name="Mary Jones"))
    at = home.store.clock()
    visit = add(home, Visit(at=at, kind="visit", status="planned"))
    entry = add(home, VisitEntry(visit=visit, resident=resident))
    loaded, note = home.store.load("visit", visit), home.store.load("visit_entry", entry)
    assert loaded is not None
    assert note is not None
    happened = dataclasses.replace(got(home, Visit, visit), status="happened")
    together = Together(home)
    together.change("visit", loaded, happened)
    together.change("note", note, note.record)
    with pytest.raises(Unfit) as error:
        together.save()
    assert list(problems(error)) == ["note.found"]
    assert got(home, Visit, visit).status == "planned"
    together = Together(home)
    together.change("visit", loaded, happened)
    together.strike("note", note, "Not seen")
    together.save()
    assert got(home, Visit, visit).status == "happened"
    assert got(home, VisitEntry, entry).struck_reason == "Not seen"


def test_what_the_program_keeps_and_what_is_struck_is_refused(home: OpenHome) -> None:
    together = Together(home)
    with pytest.raises(UserError, match="cannot be added by hand"):
        together.add("person", Person(name="Eve", role="manager"))
    resident = add(home, Resident(name="Mary Jones"))
    strike(home, got(home, Resident, resident), "Entered twice")
    loaded = home.store.load("resident", resident)
    assert loaded is not None
    with pytest.raises(UserError, match="struck through"):
        together.change("resident", loaded, loaded.record)
    with pytest.raises(UserError, match="struck through"):
        together.strike("resident", loaded, "Again")


def test_striking_through_needs_a_reason(home: OpenHome) -> None:
    resident = add(home, Resident(name="Mary Jones"))
    loaded = home.store.load("resident", resident)
    assert loaded is not None
    with pytest.raises(UserError, match="A reason is missing"):
        Together(home).strike("resident", loaded, "  ")


def test_nothing_changed_writes_nothing(home: OpenHome) -> None:
    resident = add(home, Resident(name="Mary Jones"))
    loaded = home.store.load("resident", resident)
    assert loaded is not None
    before = written(home)
    together = Together(home)
    together.change("resident", loaded, loaded.record)
    assert together.save().ids == {}
    assert written(home) == before
