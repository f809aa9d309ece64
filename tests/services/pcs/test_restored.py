"""A home brought back from a backup meets its other PCs again, or says that somebody must say where."""

from __future__ import annotations

import pytest

from liaison.records.administration import Person
from liaison.records.home import Resident
from liaison.security import WrongRecoveryKey
from liaison.services import backups, editing, homes, people, recovery, restoring
from liaison.services.homes import OpenHome
from liaison.services.pcs import meeting_places, overview, removing, restored
from liaison.sync.object_store_place import Access, Credentials, place_from_url
from tests.homes import CHEAP, MANAGER, PASSWORD
from tests.services.pcs.houses import House, able, add_manager, digests, sound


def bring_back(house: House, name: str) -> OpenHome:
    file = house.root / f"{name}.liaison-backup"
    backups.by_hand(house.office, file)
    return restoring.restore_home(file, house.root / name, MANAGER, PASSWORD)


@pytest.mark.folder_alone("a store is named by the backup: the next test")
def test_a_folder_must_be_named_again_where_there_are_other_pcs(house: House) -> None:
    with bring_back(house, "alone") as home:
        assert not restored.meet_again(home)
    house.join("Laptop")
    assert not restored.is_cut_off(house.office)
    with bring_back(house, "cut off") as home:
        assert restored.meet_again(home)
        assert overview.read(home).cut_off
        house.meet(home)
        assert not restored.is_cut_off(home)
        assert not overview.read(home).cut_off
    (laptop,) = (one for one in removing.everyone(house.office) if not one.here)
    removing.remove(house.office, laptop.id, "Given away.")
    with bring_back(house, "alone again") as home:
        assert not restored.meet_again(home)


def test_a_store_is_in_the_backup_with_its_key(house: House) -> None:
    house.join("Laptop")
    place = place_from_url("http://127.0.0.1:9/bucket")
    meeting_places.use_store(house.office, Access(place, Credentials("key", "secret")))
    with bring_back(house, "by the store") as home:
        assert restored.is_cut_off(home)
        assert not restored.meet_again(home)
        setup = meeting_places.read_setup(home.folder)
        assert setup == meeting_places.Setup(None, store=place.shown)


@pytest.mark.both_places
def test_a_restored_pc_catches_up_with_what_it_had_sent_and_with_who_belongs(house: House) -> None:
    office = house.office
    sam = people.add(
        office, Person(name="Sam Reed", role="carer"), "rushes by the water", cost=CHEAP
    )
    laptop = house.join("Laptop")
    editing.add(office, Resident(name="Before the backup"))
    file = house.root / "office.liaison-backup"
    backups.by_hand(office, file)
    lived = office.unlocked.vault
    editing.add(office, Resident(name="Sent after it"))
    add_manager(office)
    people.remove(office, sam, "Left us.")
    sheet = recovery.new_sheet(office)
    house.rounds()
    office.close()
    back = restoring.restore_home(file, house.root / "again", MANAGER, PASSWORD)
    house.pcs[0] = back
    # until it has met the others it stands as it did
    assert "Sam Reed" in able(back)
    homes.read_keys(back.folder).unlock_with_recovery(house.key)
    house.meet(back)
    editing.add(back, Resident(name="Written once more"))
    house.rounds(times=3)
    assert len(digests(back, laptop)) == 1
    assert sound(back)
    vault = back.unlocked.vault
    assert (vault.incarnation, vault.pc.id) == (lived.incarnation + 1, lived.pc.id)
    assert able(back) == able(laptop)
    assert "Sam Reed" not in able(back)
    assert vault.database.current != lived.database.current
    assert {one.id for one in vault.epochs} == {one.id for one in laptop.unlocked.vault.epochs}
    keys = homes.read_keys(back.folder)
    keys.unlock_with_recovery(sheet)
    with pytest.raises(WrongRecoveryKey):
        keys.unlock_with_recovery(house.key)
