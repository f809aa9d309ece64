"""A PC that is too old for what another one sends says so, works on, and catches up when upgraded."""

from __future__ import annotations

from liaison.cli.sync_commands import _told
from liaison.records.home import Resident
from liaison.services import editing, syncing
from liaison.services.homes import OpenHome
from liaison.store.query import Query, every
from tests.services.pcs.houses import House, digests
from tests.sync.places import lying


def names(home: OpenHome) -> set[str]:
    return {str(one.name) for one in every(home.store, Query("resident")) if type(one) is Resident}


def test_a_pc_that_is_too_old_says_so_and_works_on_until_it_is_upgraded(house: House) -> None:
    laptop = house.join("Laptop")
    before = set(lying(house.place, ".seg"))
    editing.add(laptop, Resident(name="Mary"))
    syncing.once(laptop)
    (sent,) = set(lying(house.place, ".seg")) - before
    ours = sent.read_bytes()
    # as a Liaison of a later day would write it
    sent.write_bytes(b"LSN2" + ours[4:])
    editing.add(house.office, Resident(name="John"))
    result = syncing.once(house.office)
    assert [one.newer for one in result.waiting] == [True]
    assert (result.sent, result.set_apart, result.trouble) == (1, [], None)
    assert any("needs a newer Liaison" in line for line in _told(result))
    syncing.once(laptop)
    assert (names(house.office), names(laptop)) == ({"John"}, {"John", "Mary"})
    # what waits is looked at anew: upgrading it means reading those bytes
    sent.write_bytes(ours)
    house.rounds()
    assert names(house.office) == {"John", "Mary"}
    assert len(digests(house.office, laptop)) == 1
