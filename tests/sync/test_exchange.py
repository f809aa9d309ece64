"""What a round does when nothing is wrong, and that a round with nothing to do does nothing."""

from __future__ import annotations

from liaison.records.home import Resident
from liaison.store.store import Store
from tests.store.conftest import signer_of
from tests.sync.conftest import Pc, Ring, agree
from tests.sync.places import lying, state


def names(pc: Pc) -> set[str]:
    rows = pc.store.connection.execute("SELECT name FROM resident")
    return {name for (name,) in rows}


def test_what_three_pcs_write_stands_on_all_of_them(ring: Ring) -> None:
    for number, pc in enumerate(ring.pcs):
        pc.add(Resident(name=f"Mary {number}", room="4"))
    last = ring.settle()
    assert [one.trouble for one in last] == [None, None, None]
    assert names(ring.pcs[0]) == {"Mary 0", "Mary 1", "Mary 2"}
    agree(ring)


def test_a_round_with_nothing_to_do_writes_nothing(ring: Ring) -> None:
    ring.pcs[0].add(Resident(name="Mary"))
    ring.settle()
    before = state(ring.place)
    ring.settle(1)
    assert state(ring.place) == before


def test_an_image_that_was_put_back_goes_on_as_a_new_life_and_nothing_is_lost(ring: Ring) -> None:
    office, station, _ = ring.pcs
    office.add(Resident(name="before"))
    ring.settle()
    image = ring.image(office)
    office.add(Resident(name="after the image"))
    ring.settle()
    office = ring.restore(office, image)
    office.add(Resident(name="written on the image", room="Physiotherapy"))
    first = office.round()
    assert first.new_life
    assert first.written_again == 1
    ring.settle()
    assert names(station) == {"before", "after the image", "written on the image"}
    agree(ring)


def test_a_quiet_exchange_wakes_for_anything_that_is_new(pair: Ring) -> None:
    office, station = pair.pcs
    pair.settle()
    for _ in range(2):
        assert office.round() == station.round()
    # by another program of the same PC
    second = Store(office.store.path, office.store.key, signer_of(office.tag), clock=office.clock)
    other = pair.join(office.tag, second, office.clock)
    other.add(Resident(name="Mary"))
    other.close()
    assert office.round().sent == 1
    assert station.round().taken == 1
    pair.settle()
    # the storage lost something
    pair.segments()[0].unlink()
    assert office.round().given_back == 1
    pair.settle()
    # a day went by: others must see that it lives
    before = lying(pair.place, ".hb")
    office.clock.advance(hours=25)
    office.round()
    assert lying(pair.place, ".hb") != before
