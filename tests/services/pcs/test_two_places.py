"""A home that moves goes by two places at once: each is given what it lacks, and nobody is alarmed."""

from __future__ import annotations

from liaison.records.home import Resident
from liaison.services import editing, syncing
from liaison.sync.folder import Folder
from tests.services.pcs.houses import House, digests


def test_what_is_sent_while_a_home_moves_lies_in_both_places_and_nothing_seems_lost(
    house: House,
) -> None:
    laptop = house.join("Laptop")
    new = house.root / "new"
    new.mkdir()
    both = (Folder(new), house.storage)
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
    segments = [{path.name for path in place.path.rglob("*.seg")} for place in both]
    assert segments[0] == segments[1]
