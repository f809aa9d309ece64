"""While a home is locked its sealed objects go to and fro."""

from __future__ import annotations

import pytest

from liaison.sync.travel import travel
from tests.store.conftest import HOME
from tests.sync.conftest import Ring
from tests.sync.scenes import residents, three_segments


@pytest.mark.both_places
def test_sealed_segments_travel_both_ways_while_the_home_is_locked(pair: Ring) -> None:
    office, station, sent = three_segments(pair)
    came = travel(station.means.transport, station.means.shelf, HOME)
    assert (came.fetched, came.trouble) == (3, None)
    assert residents(station) == set()
    for path in sent:
        path.unlink()
    # what was fetched while it was locked is taken in without the storage having it any more
    station.round()
    assert residents(station) == {"one", "two", "three"}
    for path in pair.segments():
        path.unlink()
    assert travel(office.means.transport, office.means.shelf, HOME).given >= 3
