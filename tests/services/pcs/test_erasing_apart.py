"""What a removed PC had written on is erased by law too: wherever it is set apart, on every PC."""

from __future__ import annotations

import dataclasses

import pytest

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.security import NotAllowed
from liaison.services import audit, drafts, editing, homes
from liaison.services.drafts import About
from liaison.services.erasing import erase
from liaison.services.homes import OpenHome
from liaison.services.pcs import reviewing, standing
from liaison.services.pcs.roster import HomeRoster
from liaison.store import changes as log
from liaison.store import drafts as typed
from liaison.store import segments
from liaison.store.audit import Asked
from tests.services.pcs.houses import House, digests, sound
from tests.services.pcs.written_on import SECRET, kept, rooms, send


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
    assert rooms(late) == {"Mary Hale": "12"}
    assert sound(late)


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
        assert rooms(home) == {"Mary Hale": "12", "Sue Ball": None}
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
