"""A home brought back from a backup meets its other PCs again, or says that somebody must say where."""

from __future__ import annotations

from liaison.services import backups, restoring
from liaison.services.homes import OpenHome
from liaison.services.pcs import meeting_places, overview, removing, restored
from liaison.sync.object_store_place import Access, Credentials, place_from_url
from tests.homes import MANAGER, PASSWORD
from tests.services.pcs.houses import House


def bring_back(house: House, name: str) -> OpenHome:
    file = house.root / f"{name}.liaison-backup"
    backups.by_hand(house.office, file)
    return restoring.restore_home(file, house.root / name, MANAGER, PASSWORD)


def test_a_folder_must_be_named_again_where_there_are_other_pcs(house: House) -> None:
    with bring_back(house, "alone") as home:
        assert not restored.meet_again(home)
    house.join("Laptop")
    assert not restored.is_cut_off(house.office)
    with bring_back(house, "cut off") as home:
        assert restored.meet_again(home)
        assert overview.read(home).cut_off
        meeting_places.set_up_folder(home, house.share)
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
