"""Of two lines of one PC nothing is bundled: whoever has the other one could not settle it any more."""

from __future__ import annotations

import pytest

from tests.store.test_erasing import SECRET, erase
from tests.sync.conftest import Ring
from tests.sync.erasures import bundles, named
from tests.sync.places import add, set_back, state
from tests.sync.scenes import change
from tests.sync.test_lines import Digests, digests, settled, write

__all__ = ["digests"]


@pytest.mark.parametrize("first_is_lower", [True, False])
def test_what_was_erased_on_one_of_two_lines_leaves_each_pc_able_to_settle_them(
    ring: Ring,
    digests: Digests,
    *,
    first_is_lower: bool,
) -> None:
    office, station, night = ring.pcs
    write(office, "Mary")
    mary = named(office, "Mary")
    change(office, mary, alerts=SECRET)
    ring.settle()
    image, then = ring.image(office), state(ring.place)
    digests(first_is_lower)
    write(office, "first line")
    erase(office.store, "resident", mary, "alerts")
    office.round()
    station.round()
    there = state(ring.place)
    set_back(ring.place, then)
    office = ring.restore(office, image)
    office.clock.advance(minutes=5)
    digests(not first_is_lower)
    write(office, "second line")
    write(office, "and more")
    night.round()
    add(ring.place, there)
    settled(ring, "Mary", "first line", "second line", "and more")
    # what comes before the two lines is bundled all the same
    assert [name[:10] for name in bundles(ring, office)] == ["0000000002"]
