"""A home that moves goes by two places at once: each is given what it lacks, and nobody is alarmed."""

from __future__ import annotations

import pytest

from liaison.records.home import Resident
from liaison.services import editing, syncing
from liaison.services.homes import OpenHome
from liaison.services.pcs import meeting_places, moved
from liaison.store import segments
from tests.services.pcs.houses import House, digests
from tests.sync.places import Lying, lying


@pytest.mark.both_places
def test_what_is_sent_while_a_home_moves_lies_in_both_places_and_nothing_seems_lost(
    house: House,
) -> None:
    laptop = house.join("Laptop")
    there = (house.place.beside(), house.place)
    both = tuple(place.transport() for place in there)
    for home in (house.office, laptop):
        syncing.once(home, transports=both)
    for number in range(2):
        editing.add(house.office, Resident(name=f"Mary {number}"))
        sent = syncing.once(house.office, transports=both)
        assert (sent.sent, sent.unsent, sent.went_back) == (1, 0, False)
    # the laptop still knows the old place only
    syncing.once(laptop)
    assert len(digests(house.office, laptop)) == 1
    editing.add(laptop, Resident(name="John"))
    syncing.once(laptop)
    taken = syncing.once(house.office, transports=both)
    assert not taken.went_back
    assert lying(there[0], ".seg") == lying(there[1], ".seg") != []


def test_the_homes_last_exchange_is_that_of_any_place(house: House) -> None:
    def setup() -> meeting_places.Setup:
        found = meeting_places.read_setup(house.office.folder)
        assert found is not None
        return found

    assert not setup().used
    syncing.once(house.office)
    last, used = setup().last, setup().used
    assert last is not None
    assert used
    new = house.root / "new"
    new.mkdir()
    meeting_places.use_folder(house.office, new)
    assert (setup().last, setup().used) == (last, False), "in the new place there was none"
    again = syncing.once(house.office)
    assert not again.went_back, "a place that is new has lost nothing"
    assert setup().used


def test_who_goes_by_one_place_alone_hears_of_those_that_go_by_the_other(house: House) -> None:
    laptop, nurses = house.join("Laptop"), house.join("Nurses")
    there = (house.place.beside(), house.place)
    new = there[0].transport()

    def heard_at_the_office() -> int:
        syncing.once(house.office)
        said = segments.heard(house.office.store)
        return max(one.counter for one in said if one.pc == laptop.unlocked.vault.pc.id)

    before = heard_at_the_office()
    editing.add(laptop, Resident(name="John"))
    syncing.once(laptop, transports=(new,))
    assert heard_at_the_office() == before, "they meet nowhere"
    both = (new, house.storage)
    for _ in range(2):
        syncing.once(nurses, transports=both)
    assert heard_at_the_office() > before
    assert len(digests(house.office, laptop, nurses)) == 1

    def signs() -> list[list[Lying]]:
        syncing.once(nurses, transports=both)
        return [lying(place, ".hb") for place in there]

    signs()
    before_that = signs()
    assert signs() == before_that, "what lies in both is carried no more"
    for number in range(3):
        editing.add(laptop, Resident(name=f"Joan {number}"))
        syncing.once(laptop, transports=(new,))
        found = signs()
        # the laptop never comes by there to tidy up
        assert [len(lies) for lies in found] == [len(lies) for lies in before_that]


def test_a_pc_that_goes_by_the_old_place_alone_is_named_before_that_is_left(house: House) -> None:
    laptop = house.join("Laptop")

    def goes_by(home: OpenHome, *, store: bool) -> None:
        folder = house.root / "share"
        setup = meeting_places.Setup(folder, store="store/homes" if store else "")
        meeting_places.keep_setup(home.folder, setup)
        syncing.once(home, transports=(house.storage,))

    goes_by(house.office, store=True)
    goes_by(laptop, store=False)
    goes_by(house.office, store=True)
    behind = moved.left_behind(house.office, folder=True)
    assert behind == ("Laptop",)
    assert moved.words(behind, folder=True).startswith("“Laptop” has not said yet that it goes by")
    assert moved.left_behind(house.office, folder=False) == ()
    goes_by(laptop, store=True)
    goes_by(house.office, store=True)
    assert moved.left_behind(house.office, folder=True) == ()


def test_several_that_would_be_left_behind_are_all_named() -> None:
    said = moved.words(("A", "B", "C"), folder=False)
    assert said.startswith("“A”, “B” and “C” have not said yet that they go by the folder.")
