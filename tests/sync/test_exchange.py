"""What a round does when nothing is wrong, beside another one too, or when there is nothing to do."""

from __future__ import annotations

from typing import Any

import pytest

from liaison.records.home import Resident
from liaison.store import history, outbox
from liaison.store.store import Store
from tests.store.conftest import signer_of
from tests.sync.conftest import PERSON, Ring, agree
from tests.sync.places import lying, state
from tests.sync.scenes import change, found, residents


def test_what_three_pcs_write_stands_on_all_of_them(ring: Ring) -> None:
    for number, pc in enumerate(ring.pcs):
        pc.add(Resident(name=f"Mary {number}", room="4"))
    last = ring.settle()
    assert [one.trouble for one in last] == [None, None, None]
    assert residents(ring.pcs[0]) == {"Mary 0", "Mary 1", "Mary 2"}
    agree(ring)


def test_a_round_with_nothing_to_do_writes_nothing(ring: Ring) -> None:
    ring.pcs[0].add(Resident(name="Mary"))
    ring.settle()
    before = state(ring.place)
    ring.settle(1)
    assert state(ring.place) == before


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


@pytest.mark.both_places
def test_ten_thousand_changes_at_once_arrive_in_whole_units(pair: Ring) -> None:
    office, station = pair.pcs
    with office.store.unit(PERSON, "", kind="import") as unit:
        for number in range(10_000):
            unit.add(Resident(name=f"R{number}"))
    pair.settle(2)
    assert len(residents(station)) == 10_000
    for path in pair.segments():
        assert found(path).header.changes <= 5_000
    assert station.digest() == office.digest()


@pytest.mark.both_places
def test_a_conflict_that_one_settles_is_settled_everywhere(ring: Ring) -> None:
    office, station, _ = ring.pcs
    mary = office.add(Resident(name="Mary", room="1"))
    ring.settle()
    change(office, mary, room="2")
    change(station, mary, room="3")
    ring.settle()
    for pc in ring.pcs:
        assert [(one.field, len(one.versions)) for one in history.conflicts(pc.store)] == [
            ("room", 2)
        ]
    (conflict,) = history.conflicts(station.store)
    with station.store.unit(PERSON, "she moved back") as unit:
        unit.resolve("resident", mary, "room", "2", [one.stamp for one in conflict.versions])
    ring.settle()
    for pc in ring.pcs:
        assert history.conflicts(pc.store) == []
        shown = pc.store.get("resident", mary)
        assert isinstance(shown, Resident)
        assert shown.room == "2"
    agree(ring)


@pytest.mark.both_places
def test_the_same_home_used_by_two_programs_sends_everything_once(pair: Ring) -> None:
    office, station = pair.pcs
    pair.settle()
    second = Store(office.store.path, office.store.key, signer_of(office.tag), clock=office.clock)
    other = pair.join(office.tag, second, office.clock)
    office.add(Resident(name="window"))
    other.add(Resident(name="command line"))
    assert other.round().trouble is None
    office.add(Resident(name="window again"))
    assert office.round().trouble is None
    other.close()
    station.round()
    assert residents(station) == {"window", "command line", "window again"}
    agree(pair)


def test_two_programs_that_build_at_the_same_moment_make_one_segment(
    pair: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station = pair.pcs
    pair.settle()
    second = Store(office.store.path, office.store.key, signer_of(office.tag), clock=office.clock)
    other = pair.join(office.tag, second, office.clock)
    office.add(Resident(name="once"))
    real = outbox.put

    def late(store: Store, *what: Any) -> bool:
        # the other program is through with its round just before this one's segment is kept
        monkeypatch.setattr(outbox, "put", real)
        assert other.round().sent == 1
        return real(store, *what)

    monkeypatch.setattr(outbox, "put", late)
    assert office.round().trouble is None
    other.close()
    station.round()
    assert residents(station) == {"once"}
    agree(pair)
