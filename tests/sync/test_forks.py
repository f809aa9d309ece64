"""An image of a PC was put back: it goes on as a new life, and of two lines both are kept."""

from __future__ import annotations

import pytest

from liaison.records import ids
from liaison.records.home import Resident
from liaison.store import history
from tests.sync.conftest import Ring, agree
from tests.sync.places import add, set_back, state
from tests.sync.scenes import attach, change, residents


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
    assert residents(station) == {"before", "after the image", "written on the image"}
    agree(ring)


@pytest.mark.both_places
def test_two_lines_of_one_pc_are_settled_alike_everywhere_and_both_are_kept(ring: Ring) -> None:
    """The image was put back while the storage hid what came after it: both lines were sent."""
    office, station, night = ring.pcs
    mary = office.add(Resident(name="Mary", room="1"))
    ring.settle()
    image = ring.image(office)
    storage_then = state(ring.place)
    change(office, mary, room="2")
    office.add(Resident(name="first line"))
    office.round()
    station.round()
    first_line = state(ring.place)
    set_back(ring.place, storage_then)
    office = ring.restore(office, image)
    office.clock.advance(minutes=5)
    change(office, mary, room="3")
    office.add(Resident(name="second line"))
    office.round()
    night.round()
    assert residents(night) == {"Mary", "second line"}
    assert residents(station) == {"Mary", "first line"}
    add(ring.place, first_line)
    ring.settle()
    for pc in ring.pcs:
        assert residents(pc) == {"Mary", "first line", "second line"}
        # nobody has to know which of the two rooms it was: people choose
        (shown,) = history.conflicts(pc.store)
        assert {version.value for version in shown.versions} == {"2", "3"}
    agree(ring)


@pytest.mark.both_places
def test_a_clock_that_is_ten_years_behind_gives_no_record_of_one_line_to_the_other(
    pair: Ring,
) -> None:
    """Stamps then follow each other one by one, so both lines give the same ids."""
    office, station = pair.pcs
    office.clock.now = office.clock.now.replace(year=2016)
    pair.settle()
    image = pair.image(office)
    office.add(Resident(name="after the image"))
    pair.settle()
    office = pair.restore(office, image)
    attach(office, {"letter.pdf": b"%PDF a letter"}, to="on the image")
    pair.settle()
    assert residents(station) == {"after the image", "on the image"}
    found_ = station.store.connection.execute(
        "SELECT a.owner_id, r.id FROM attachment AS a, resident AS r WHERE r.name = 'on the image'"
    ).fetchone()
    assert ids.from_text(found_[0]) == found_[1]
    agree(pair)


@pytest.mark.both_places
def test_a_pc_that_was_set_back_with_the_storage_learns_it_from_the_others(pair: Ring) -> None:
    office, _ = pair.pcs
    office.add(Resident(name="Mary"))
    pair.settle()
    image = pair.image(office)
    office.add(Resident(name="after the image"))
    pair.settle()
    # only what the other PC says of it is left
    for path in pair.segments():
        path.unlink()
    office = pair.restore(office, image)
    assert office.round().new_life
    pair.settle()
    assert residents(office) == {"Mary", "after the image"}
    agree(pair)
