"""What a removed PC had written on: looked through, taken in again or left out, for every PC."""

from __future__ import annotations

import dataclasses

import pytest

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import Person
from liaison.records.casework import VisitEntry
from liaison.records.rules import times
from liaison.security import NotAllowed
from liaison.services import audit, homes
from liaison.services.homes import OpenHome
from liaison.services.pcs import belonging, matters, reviewing, standing
from liaison.services.pcs.roster import HomeRoster
from liaison.store import changes as log
from liaison.store import history, quarantine
from liaison.store.audit import Asked
from liaison.store.query import Query, every
from tests.homes import MANAGER
from tests.services.pcs.houses import ANN, House, digests, sound
from tests.services.pcs.written_on import SECRET, change, named, rooms, send


def test_what_the_version_before_set_apart_is_decided_like_the_rest(lost: House) -> None:
    nurses = lost.pcs[2]
    before = [(one.title, one.able) for one in reviewing.find(nurses)]
    with nurses.store.writing() as connection:
        connection.execute(
            "UPDATE quarantine SET reason = 'it was written after that PC was removed'"
        )
    assert [(one.title, one.able) for one in reviewing.find(nurses)] == before


def test_it_is_told_record_by_record_and_what_is_left_out_stays_out_on_every_pc(
    lost: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, _, nurses = lost.pcs
    found = reviewing.find(office)
    assert found == reviewing.find(nurses)
    tom, mary, people = found
    assert (mary.title, mary.label, mary.able) == ("Mary Hale", "Resident", True)
    (save,) = mary.saves
    assert (save.pc, save.who, save.reason) == ("Laptop", MANAGER, "She moved.")
    (touched,) = save.touched
    assert (touched.verb, touched.lines) == ("Changed", (matters.Line("Room", "3", "12"),))
    # what builds on something is decided with it: a note with its visit and the resident
    assert tom.title == "Tom Hall"
    assert [(one.touched[0].label, one.touched[0].verb) for one in tom.saves] == [
        ("Resident", "Added"), ("Resident", "Changed"), ("Visit", "Added"),
        ("Visit note", "Added"),
    ]  # fmt: skip
    assert "Tom Hall" in tom.saves[-1].touched[0].title
    assert len(standing.status(office).to_review) == sum(len(one.saves) for one in found)

    for one in (people, mary):
        reviewing.leave_out(office, one, "It was stolen by then.")
    lost.rounds(office, nurses)
    assert reviewing.find(nurses) == (tom,)
    assert len(standing.status(nurses).to_review) == len(tom.saves)
    assert [one.title for one in reviewing.find(nurses, left=True)] == ["Mary Hale", people.title]
    assert rooms(nurses)["Mary Hale"] == "3"
    noted = list(audit.every(office.store, Asked(), 100))
    assert any(f"Left out what {MANAGER} wrote on Laptop" in one.detail for one in noted)
    assert "Left out" in {one.verb for one in noted}
    # nothing is lost by it
    reviewing.take_in(nurses, reviewing.meant(nurses, mary.id))
    assert rooms(nurses)["Mary Hale"] == "12"
    assert [one.title for one in reviewing.find(nurses, left=True)] == [people.title]

    monkeypatch.setattr(homes.OpenHome, "_roles", property(lambda _: ("senior",)))
    for act in (reviewing.find, lambda home: reviewing.take_in(home, tom)):
        with pytest.raises(NotAllowed):
            act(office)
    with pytest.raises(NotAllowed):
        reviewing.leave_out(office, tom)


@pytest.mark.both_places
def test_what_is_taken_in_again_counts_everywhere_but_nothing_of_who_belongs(lost: House) -> None:
    office, _, nurses = lost.pcs
    tom, mary, people = reviewing.find(nurses)
    reviewing.take_in(nurses, tom, "I was there.")
    change(office, named(office, "Mary Hale"), room="7")
    reviewing.take_in(office, mary)
    # two managers may decide the same before they hear of each other
    reviewing.take_in(office, tom)
    lost.rounds(office, nurses)
    assert len(digests(office, nurses)) == 1
    assert rooms(nurses)["Tom Hall"] == "2"
    # the room was changed since: both stand until somebody settles it
    assert [one.field for one in history.conflicts(office.store)] == ["room"]
    (note,) = every(nurses.store, Query("visit_entry"))
    assert isinstance(note, VisitEntry)
    assert (note.resident, note.found) == (named(nurses, "Tom Hall"), "Heel is healing.")
    told = history.history(office.store, "resident", named(office, "Tom Hall"))
    wanted = f"As {MANAGER} wrote on Laptop, "
    assert any(one.reason.startswith(f"I was there. {wanted}") for one in told)
    with pytest.raises(UserError, match="decided about this meanwhile"):
        reviewing.take_in(nurses, mary)

    # a manager whom the removed PC let in: neither when asked for, nor by whoever claims it can be
    before = belonging.standing_of(office)
    with pytest.raises(UserError, match="who belongs"):
        reviewing.take_in(office, people)
    reviewing.take_in(office, dataclasses.replace(people, hindrance=""))
    assert belonging.standing_of(office).members == before.members
    found = every(office.store, Query("person"))
    assert ANN not in {one.name for one in found if isinstance(one, Person)}
    for home in (office, nurses):
        assert reviewing.find(home) == (people,)
        assert sound(home)


def test_what_says_who_belongs_is_told_in_words(lost: House) -> None:
    people = reviewing.find(lost.office)[-1]
    touched = [one for save in people.saves for one in save.touched]
    told = [(one.label, one.title, one.verb) for one in touched]
    assert ("Person who can sign in", ANN, "Given keys and a role") in told
    words = [
        word
        for one in touched
        for word in (one.title, *(part for line in one.lines for part in (line.now, line.wrote)))
    ]
    # neither what was signed, nor the id of what it speaks of
    assert not [word for word in words if "{" in word or ids.looks_like_id(word)]


def test_several_are_decided_at_once_all_of_them_or_none(lost: House) -> None:
    office, _, nurses = lost.pcs
    found = reviewing.find(office)
    tom, mary, people = found
    before = rooms(office)
    with pytest.raises(UserError, match="who belongs"):
        reviewing.take_in_all(office, found)
    assert (rooms(office), reviewing.find(office)) == (before, found)
    reviewing.take_in_all(office, (tom, mary), "I was there.")
    assert rooms(office) == {"Mary Hale": "12", "Tom Hall": "2"}
    with pytest.raises(UserError, match="decided about this meanwhile"):
        reviewing.leave_out_all(office, (people, mary))
    assert reviewing.find(office) == (people,)
    lost.rounds(office, nurses)
    assert reviewing.find(nurses) == (people,)
    assert len(digests(office, nurses)) == 1


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"room": "12"}, "yesterday"),
        ({"room": "12", "Room !": 1}, ""),
        ({"name": 12}, ""),
    ],
)
def test_what_no_pc_could_read_is_not_kept_to_be_looked_through(
    house: House, stolen: tuple[OpenHome, int], fields: dict[str, object], at: str
) -> None:
    laptop, mary = stolen
    send(house, laptop, ("resident", mary, log.EDIT, fields), at=at)
    house.rounds(house.office)
    assert len(standing.status(house.office).apart) == 1
    assert (standing.status(house.office).to_review, reviewing.find(house.office)) == ((), ())
    kept = house.office.store.connection.execute("SELECT count(*) FROM quarantine").fetchone()
    assert kept == (0,)


@pytest.mark.parametrize(
    ("wrote", "why"),
    [
        (("resident", 0, log.EDIT, {"room": "12", "garden": "rose"}), "newer Liaison"),
        (("garden", 0, log.EDIT, {"name": "Rose"}), "newer Liaison"),
        (("resident", 0, log.ERASE, {"alerts": None, log.ERASED: "{}"}), "erased something"),
        (("resident", 4711, log.EDIT, {"room": "12"}), "not here"),
        # it is here, as something else
        (("visit", 0, log.EDIT, {"status": "took place"}), "not here"),
        (("visit_entry", None, log.EVENT, {"resident": 4711, "found": "x"}), "not here"),
        (
            (
                "attachment",
                None,
                log.BIRTH,
                {"owner_type": "resident", "owner_id": ids.to_text(4711), "name": "Letter.pdf"},
            ),
            "not here",
        ),
    ],
)
def test_what_cannot_be_written_again_is_told_and_not_taken_in(
    house: House, stolen: tuple[OpenHome, int], wrote: tuple[object, ...], why: str
) -> None:
    laptop, mary = stolen
    name, rec, op, fields = wrote
    send(house, laptop, (name, mary if rec == 0 else rec, op, fields))
    house.rounds(house.office)
    (matter,) = reviewing.find(house.office)
    assert not matter.able
    assert why in matter.hindrance
    # nor by whoever claims that it can be
    for one in (matter, dataclasses.replace(matter, hindrance="")):
        with pytest.raises(UserError, match=why):
            reviewing.take_in(house.office, one)


def test_what_counts_after_all_is_not_asked_about(
    lost: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    nurses = lost.pcs[2]
    assert reviewing.find(nurses)
    monkeypatch.setattr(HomeRoster, "cut", lambda *_: None)
    lost.rounds(nurses)
    assert rooms(nurses)["Tom Hall"] == "2"
    assert (standing.status(nurses).to_review, reviewing.find(nurses)) == ((), ())


def test_what_was_looked_at_is_what_is_taken_in_whatever_came_under_its_id_since(
    house: House, stolen: tuple[OpenHome, int]
) -> None:
    laptop, mary = stolen
    send(house, laptop, ("resident", mary, log.EDIT, {"room": "12"}))
    house.rounds(house.office)
    (seen,) = reviewing.find(house.office)
    send(house, laptop, ("resident", mary, log.EDIT, {"room": "66", "alerts": SECRET}))
    house.rounds(house.office)
    assert reviewing.find(house.office) == (seen,)
    reviewing.take_in(house.office, seen)
    assert rooms(house.office) == {"Mary Hale": "12"}


def test_notes_of_who_looked_there_are_counted_and_ask_for_no_decision(
    house: House, stolen: tuple[OpenHome, int]
) -> None:
    office, (laptop, mary) = house.office, stolen
    assert reviewing.notes_left_out(office) == ""
    at = times.to_stored(laptop.store.clock())
    note = {"at": at, "kind": "opened", "subject_id": ids.to_text(mary)}
    send(house, laptop, ("access_event", None, log.EVENT, note))
    house.rounds(office)
    assert reviewing.find(office) == reviewing.find(office, left=True) == ()
    assert standing.status(office).to_review == ()
    assert reviewing.notes_left_out(office).startswith("1 note of who looked or signed in there is")


def test_who_wrote_on_more_than_is_kept_is_told(
    house: House, stolen: tuple[OpenHome, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, mary = stolen
    assert reviewing.not_kept(house.office) == ()
    monkeypatch.setattr(quarantine, "MOST_LATE", 1)
    send(house, laptop, ("resident", mary, log.EDIT, {"room": "12"}))
    house.rounds(house.office)
    (told,) = reviewing.not_kept(house.office)
    assert told == "Laptop wrote on and on: only its first 1 saves after that are kept here."
