"""What a removed PC had written on: looked through, taken in again or left out, for every PC."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Final

import pytest

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import Person
from liaison.records.casework import Visit, VisitEntry
from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.security import NotAllowed
from liaison.services import audit, drafts, editing, homes
from liaison.services.drafts import About
from liaison.services.erasing import erase
from liaison.services.homes import OpenHome
from liaison.services.pcs import belonging, matters, removing, reviewing, standing
from liaison.services.pcs.roster import HomeRoster, means_of
from liaison.store import changes as log
from liaison.store import drafts as typed
from liaison.store import history, quarantine, segments
from liaison.store.audit import Asked
from liaison.store.merge import units_after
from liaison.store.query import Query, every
from liaison.sync import body, names, sealed
from tests.homes import MANAGER
from tests.services.pcs.houses import ANN, House, add_manager, digests, sound


def change(home: OpenHome, identity: int, why: str = "", **values: str) -> None:
    loaded = home.store.load("resident", identity)
    assert loaded is not None
    editing.save(home, loaded, dataclasses.replace(loaded.record, **values), why)  # type: ignore[arg-type]  # by name


def residents(home: OpenHome) -> dict[str, str | None]:
    found = every(home.store, Query("resident"))
    return {one.name or "": one.room for one in found if isinstance(one, Resident)}


def named(home: OpenHome, name: str) -> int:
    found = every(home.store, Query("resident"))
    return next(one.id or 0 for one in found if isinstance(one, Resident) and one.name == name)


@pytest.fixture
def lost(house: House) -> House:
    """Three PCs; what the laptop wrote last was seen by the nurses' station, not by the office."""
    laptop, nurses = house.join("Laptop"), house.join("Nurses")
    mary, _ = editing.add(house.office, Resident(name="Mary Hale", room="3"))
    house.rounds()
    change(laptop, mary, "She moved.", room="12")
    new, _ = editing.add(laptop, Resident(name="Tom Hall", room="1"))
    change(laptop, new, room="2")
    with laptop.unit() as unit:
        visit = unit.add(Visit(at=laptop.store.clock(), status="took place"))
    with laptop.unit() as unit:
        unit.add(VisitEntry(visit=visit, resident=new, found="Heel is healing."))
    add_manager(laptop)
    house.rounds(laptop, nurses, times=1)
    removing.remove(house.office, laptop.unlocked.vault.pc.id or 0, "Lost on the bus.")
    house.rounds(house.office, nurses, times=3)
    assert residents(nurses) == residents(house.office) == {"Mary Hale": "3"}
    return house


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
    assert residents(nurses)["Mary Hale"] == "3"
    noted = list(audit.every(office.store, Asked(), 100))
    assert any(f"Left out what {MANAGER} wrote on Laptop" in one.detail for one in noted)
    assert "Left out" in {one.verb for one in noted}
    # nothing is lost by it
    reviewing.take_in(nurses, reviewing.meant(nurses, mary.id))
    assert residents(nurses)["Mary Hale"] == "12"
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
    assert residents(nurses)["Tom Hall"] == "2"
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
    before = residents(office)
    with pytest.raises(UserError, match="who belongs"):
        reviewing.take_in_all(office, found)
    assert (residents(office), reviewing.find(office)) == (before, found)
    reviewing.take_in_all(office, (tom, mary), "I was there.")
    assert residents(office) == {"Mary Hale": "12", "Tom Hall": "2"}
    with pytest.raises(UserError, match="decided about this meanwhile"):
        reviewing.leave_out_all(office, (people, mary))
    assert reviewing.find(office) == (people,)
    lost.rounds(office, nurses)
    assert reviewing.find(nurses) == (people,)
    assert len(digests(office, nurses)) == 1


SECRET: Final = "Zygomatic-canary-7731"


def send(house: House, laptop: OpenHome, *changes: tuple[object, ...], at: str = "") -> None:
    """Lay a unit into the storage that a PC signs by hand: its type, record, op and fields."""
    means = means_of(laptop, house.storage, HomeRoster(laptop))
    place = next(one for one in segments.frontiers(laptop.store) if one.replica.pc == means.pc)
    tag, incarnation = place.replica.tag, place.replica.incarnation
    last = units_after(laptop.store, tag, place.covered - 1)[0]
    tick = (last.changes[-1].stamp >> 14) + 1
    stamps = [tick + n << 14 | tag for n in range(len(changes) + 1)]
    made = [
        log.make_change(stamp, name, rec or stamp, op, fields, {}, b"5" * 16)  # type: ignore[arg-type]  # by place
        for stamp, (name, rec, op, fields) in zip(stamps[1:], changes, strict=True)
    ]
    unit = last.unit._replace(id=stamps[0], at=at or last.unit.at, seq=last.unit.seq + 1, reason="")
    signature = means.signer.sign(
        log.signed_bytes(log.unit_hash(last.unit.hash, unit, [one.digest for one in made]))
    )
    unit = unit._replace(signature=signature)
    header = sealed.Header(
        sealed.SEGMENT, means.home, means.pc, incarnation, tag,
        first=place.seq + 1, seq=place.seq + 1, previous=place.digest, changes=len(made),
    )  # fmt: skip
    content = body.encode(last.unit.hash, [log.Envelope(unit, made)])
    data = sealed.seal(header, content, means.keys.for_writing(unit.id), means.signer)
    seq = place.seq + 1
    name = names.segment(means.home, means.pc, incarnation, seq, sealed.digest_of(data), seq)
    house.storage.put(name, data)


@pytest.fixture
def stolen(house: House) -> Iterator[tuple[OpenHome, int]]:
    """A laptop that was removed, and a resident."""
    laptop = house.join("Laptop")
    mary, _ = editing.add(house.office, Resident(name="Mary Hale", room="3"))
    house.rounds()
    change(laptop, mary, alerts="None known.")
    house.rounds()
    removing.remove(house.office, laptop.unlocked.vault.pc.id or 0, "Lost on the bus.")
    house.pcs.remove(laptop)
    house.rounds()
    yield laptop, mary
    house.pcs.append(laptop)


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


def test_an_erasure_reaches_what_is_set_apart_before_and_after_it(
    house: House, stolen: tuple[OpenHome, int]
) -> None:
    office, (laptop, mary) = house.office, stolen
    send(house, laptop, ("resident", mary, log.EDIT, {"alerts": SECRET, "room": "12"}))
    nurses = house.join("Nurses")
    house.rounds(office, nurses)
    assert all(len(standing.status(one).to_review) == 1 for one in (office, nurses))
    erase(office, "resident", mary, ["alerts"], "Her own wish.")
    house.rounds(office, nurses)
    late = house.join("Late")
    for home in (office, nurses, late):
        kept = home.store.connection.execute("SELECT body FROM quarantine").fetchall()
        assert len(kept) == 1
        assert SECRET not in str(kept)
    reviewing.take_in(late, reviewing.find(late)[0])
    assert residents(late) == {"Mary Hale": "12"}
    assert sound(late)


def test_what_counts_after_all_is_not_asked_about(
    lost: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    nurses = lost.pcs[2]
    assert reviewing.find(nurses)
    monkeypatch.setattr(HomeRoster, "cut", lambda *_: None)
    lost.rounds(nurses)
    assert residents(nurses)["Tom Hall"] == "2"
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
    assert residents(house.office) == {"Mary Hale": "12"}


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


def kept(home: OpenHome) -> str:
    """Return all that a PC keeps of what was set apart."""
    return str(home.store.connection.execute("SELECT body FROM quarantine").fetchall())


def test_what_only_a_removed_pc_wrote_is_erased_on_every_pc(
    house: House, stolen: tuple[OpenHome, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, (laptop, _) = house.office, stolen
    nurses = house.join("Nurses")
    born = {"name": "Tom Hall", "alerts": SECRET}
    send(house, laptop, ("resident", None, log.BIRTH, born))
    house.rounds(office, nurses)
    (tom,) = reviewing.find(nurses)
    # one that lies among what was left out before
    reviewing.leave_out(nurses, tom)
    (tom,) = reviewing.find(nurses, left=True)
    with pytest.raises(UserError, match="reason"):
        reviewing.erase(nurses, tom, " ")
    assert SECRET in kept(nurses)
    # it had come with a scan
    segments.keep_blob(nurses.store, "0" * 64, b"his letter")
    reviewing.erase(nurses, tom, "His family's request.")
    assert segments.blob(nurses.store, "0" * 64) is None
    assert SECRET not in kept(nurses)
    house.rounds(nurses, office)
    # of whoever comes later it is never kept
    late = house.join("Late")
    for home in (office, nurses, late):
        assert SECRET not in kept(home)
        assert (reviewing.find(home), reviewing.find(home, left=True)) == ((), ())
        assert standing.status(home).to_review == ()
        assert sound(home)
    noted = [one for one in audit.every(office.store, Asked(), 100) if "Tom" not in one.detail]
    assert "Erased, set apart" in {one.verb for one in noted}
    with pytest.raises(UserError, match="decided about this meanwhile"):
        reviewing.erase(office, tom, "Once more.")
    monkeypatch.setattr(homes.OpenHome, "_roles", property(lambda _: ("senior",)))
    with pytest.raises(NotAllowed):
        reviewing.erase(office, tom, "By somebody else.")


def places(home: OpenHome) -> set[str]:
    """Return where anybody has typed something that is not saved."""
    return set(typed.places(home.store, ""))


def test_erasing_what_is_set_apart_takes_out_what_anybody_typed_about_it(lost: House) -> None:
    nurses = lost.pcs[2]
    tom, other, *_ = reviewing.find(nurses)
    # its name before an earlier save of it came
    as_it_was = dataclasses.replace(tom, saves=tom.saves[1:])
    about_tom = [
        reviewing.where_decided([tom]),
        reviewing.where_decided([as_it_was]),
        reviewing.where_decided([tom, other]),
        reviewing.where_erased(tom),
    ]
    about_others = {
        reviewing.where_decided([other]),
        reviewing.where_erased(other),
        About("pc", None, "asked/rename"),
        About("resident", page="record"),
    }
    for about in (*about_tom, *about_others):
        drafts.save(nurses, about, {"why": SECRET})
    for one in typed.of_person(nurses.store, nurses.person):
        typed.keep(nurses.store, dataclasses.replace(one, person=4711))
    before = places(nurses)
    assert len(before) == 8
    # refused, it leaves what was typed
    unknown = dataclasses.replace(tom, saves=(dataclasses.replace(tom.saves[0], id=4711),))
    with pytest.raises(UserError, match="decided about this meanwhile"):
        reviewing.erase(nurses, unknown, "The family's request.")
    assert places(nurses) == before
    reviewing.erase(nurses, tom, "The family's request.")
    assert {one.about for one in drafts.mine(nurses)} == about_others
    assert len(typed.of_person(nurses.store, 4711)) == len(about_others)


def test_what_was_erased_there_does_not_come_back_if_its_pc_belongs_after_all(
    lost: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop, nurses = lost.pcs
    # it lacks the new key
    lost.pcs.remove(laptop)
    tom, *_ = reviewing.find(nurses)
    reviewing.erase(nurses, tom, "The family's request.")
    lost.rounds(nurses, office)
    monkeypatch.setattr(HomeRoster, "cut", lambda *_: None)
    editing.add(office, Resident(name="Sue Ball"))
    lost.rounds(times=3)
    # what was not erased follows again
    for home in lost.pcs:
        assert residents(home) == {"Mary Hale": "12", "Sue Ball": None}
        assert sound(home)
    assert len(digests(*lost.pcs)) == 1
    # nor does it reach who comes now
    lost.join("Late")
    for home in lost.pcs:
        said = str(home.store.connection.execute("SELECT fields FROM change").fetchall())
        assert "Mary Hale" in said
        assert "Tom Hall" not in said
        assert "Heel is healing." not in said
        assert reviewing.find(home) == ()


def test_an_erasure_reaches_an_element_of_a_set_that_only_a_removed_pc_wrote(
    house: House, stolen: tuple[OpenHome, int]
) -> None:
    office, (laptop, _) = house.office, stolen
    surgery, _ = editing.add(office, Organisation(name="The Surgery", kind="GP practice"))
    nurses = house.join("Nurses")
    link = "organisation_former_names"
    element = ids.derived_id(link, surgery, "former_names", SECRET)
    named = {"owner": surgery, "value": SECRET}
    send(house, laptop, (link, element, log.BIRTH, named))
    house.rounds(office, nurses)
    assert all(SECRET in kept(home) for home in (office, nurses))
    erase(office, "organisation", surgery, ["former_names"], "A wrong entry.")
    assert SECRET not in kept(office)
    house.rounds(office, nurses)
    (matter,) = reviewing.find(nurses)
    assert SECRET not in kept(nurses) + repr(matter)
    # nothing of it is left to be taken in
    assert (matter.able, matter.what_to_do) == (False, "Leave it out.")
    reviewing.leave_out(nurses, matter)
    house.rounds(office, nurses)
    for home in (office, nurses):
        organisation = home.store.get("organisation", surgery)
        assert isinstance(organisation, Organisation)
        assert organisation.former_names == ()
        assert sound(home)
    assert len(digests(office, nurses)) == 1
