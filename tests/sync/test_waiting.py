"""What cannot be taken in yet waits: for a key, for a PC that is not known, for a newer Liaison."""

from __future__ import annotations

from liaison.records.home import Resident
from liaison.store import segments
from liaison.sync.roster import EpochKey
from tests.sync.conftest import Ring, agree
from tests.sync.scenes import found, residents, three_segments


def test_what_needs_a_key_that_has_not_come_waits_and_is_read_when_it_has(pair: Ring) -> None:
    office, station = pair.pcs
    pair.settle()
    new = EpochKey("epoch-2", b"f" * 32)
    since = segments.highest_stamp(office.store)
    office.means.keys.epochs.append((since, new))  # type: ignore[attr-defined]
    office.add(Resident(name="under the new key"))
    office.round()
    pair.keys.epochs.remove((since, new))
    result = station.round()
    assert residents(station) == set()
    (wait,) = result.waiting
    assert wait.reason.startswith("the key it needs has not reached this PC yet")
    pair.keys.epochs.append((since, new))
    station.round()
    assert residents(station) == {"under the new key"}


def test_the_unit_that_brings_a_key_goes_under_the_old_one_and_ends_its_segment(pair: Ring) -> None:
    office, _ = pair.pcs
    pair.settle()
    office.add(Resident(name="before"))
    since = segments.frontiers(office.store)[0].replica
    brought = office.store.connection.execute("SELECT max(id) FROM unit").fetchone()[0]
    pair.keys.epochs.append((brought, EpochKey("epoch-2", b"f" * 32)))
    office.add(Resident(name="after"))
    count = len(pair.segments())
    office.round()
    new = [found(path) for path in pair.segments()][-2:]
    assert len(pair.segments()) == count + 2
    own = sorted(
        (one.header.seq, one.header.epoch)
        for one in map(found, pair.segments())
        if one.header.pc == office.pc
    )
    assert [epoch for _, epoch in own[-2:]] == ["epoch-1", "epoch-2"]
    assert since is not None
    assert new


def test_what_an_unknown_pc_wrote_waits_until_it_is_approved(pair: Ring) -> None:
    office, station, _ = three_segments(pair)
    key = pair.roster.keys.pop(office.pc)
    pair.roster.keys = {station.pc: pair.roster.keys[station.pc]}
    office.add(Resident(name="four"))
    # the office itself still goes on
    pair.roster.keys[office.pc] = key
    office.round()
    del pair.roster.keys[office.pc]
    result = station.round()
    assert {wait.reason for wait in result.waiting} == {"this PC does not know yet who wrote it"}
    pair.roster.keys[office.pc] = key
    station.round()
    assert residents(station) == {"one", "two", "three", "four"}


def test_what_a_newer_liaison_wrote_waits_and_this_pc_works_on(pair: Ring) -> None:
    _, station, (_, _, last) = three_segments(pair)
    data = last.read_bytes()
    last.write_bytes(b"LSN2" + data[4:])
    result = station.round()
    assert [wait.newer for wait in result.waiting] == [True]
    station.add(Resident(name="works on"))
    assert station.round().sent == 1
    last.write_bytes(data)
    pair.settle()
    assert residents(station) == {"one", "two", "three", "works on"}
    agree(pair)
