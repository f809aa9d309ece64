"""What a removed PC wrote after its cut does not count, and keeps nobody else from working."""

from __future__ import annotations

import json

import pytest

from liaison.records.administration import AccessEvent
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.store import quarantine, segments, verify
from liaison.store.changes import GONE
from liaison.sync import beating, names, removals, sealed
from liaison.sync.means import REMOVED
from tests.store.conftest import HOME, got, signer_of
from tests.store.test_erasing import SECRET, erase
from tests.sync.conftest import PERSON, Pc, Ring, agree
from tests.sync.scenes import change, come_to, reasons, residents


@pytest.mark.both_places
def test_what_a_removed_pc_wrote_after_its_cut_is_refused_and_taken_back(ring: Ring) -> None:
    office, station, night = ring.pcs
    mary = office.add(Resident(name="Mary", room="1"))
    ring.settle()
    night.add(Resident(name="before the cut"))
    ring.settle()
    cut = come_to(office, night)
    change(night, mary, room="66")
    night.add(Resident(name="after the cut"))
    night.round()
    station.round()
    assert residents(station) == {"Mary", "before the cut", "after the cut"}
    ring.roster.cuts[night.pc] = cut
    result = station.round()
    assert result.withdrawn == 2
    assert residents(station) == {"Mary", "before the cut"}
    assert station.store.get("resident", mary).room == "1"  # type: ignore[union-attr]
    assert [why for _, why in quarantine.withdrawn(station.store)] == [REMOVED, REMOVED]
    assert verify.verify(station.store, deep=True).damage == []
    # the office never had it, and refuses it
    office.round()
    assert REMOVED in reasons(office)
    assert office.digest() == station.digest()
    assert night.round().removed
    # put right: it counts again
    del ring.roster.cuts[night.pc]
    ring.settle()
    assert residents(station) == {"Mary", "before the cut", "after the cut"}
    agree(ring)


def test_what_the_version_before_set_apart_comes_back_if_its_pc_belongs_after_all(
    pair: Ring,
) -> None:
    office, station = pair.pcs
    station.add(Resident(name="before the cut"))
    pair.settle()
    station.add(Resident(name="after the cut"))
    station.round()
    pair.roster.cuts[station.pc] = 1
    office.round()
    assert {one.reason for one in segments.apart(office.store)} == {REMOVED}
    with office.store.writing() as connection:
        connection.execute(
            "UPDATE segment_apart SET reason = 'it was written after that PC was removed'"
        )
    del pair.roster.cuts[station.pc]
    pair.settle()
    assert residents(office) == {"before the cut", "after the cut"}


def live_on(pc: Pc, lives: int) -> None:
    """Let a PC begin one life after another, and write in each."""
    for life in range(1, lives + 1):
        pc.begin(life)
        pc.add(Resident(name=f"of life {life}"))
        pc.round()


def test_a_removed_pc_takes_few_numbers_from_others_whatever_lives_it_begins(
    pair: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station = pair.pcs
    pair.settle()
    live_on(station, 5)
    monkeypatch.setattr(removals, "_MOST_LATE_LIVES", 2)
    pair.roster.cuts[station.pc] = 0
    for _ in range(3):
        office.round()
    known = [one.replica for one in segments.frontiers(office.store)]
    assert [one.incarnation for one in known if one.pc == station.pc] == [1, 2]
    # nothing waits for ever, and what it wrote can be looked through all the same
    assert office.round().waiting == []
    assert {one.reason for one in segments.apart(office.store)} == {REMOVED}
    assert len(quarantine.withdrawn(office.store)) == 5
    assert residents(office) == set()


def test_all_lives_of_a_removed_pc_together_are_kept_no_further_than_one(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station, night = ring.pcs
    ring.settle()
    # with lives that take no number any more among them
    live_on(station, 6)
    monkeypatch.setattr(quarantine, "MOST_LATE", 4)
    ring.roster.cuts[station.pc] = 0
    for _ in range(3):
        office.round()
    assert len(quarantine.withdrawn(office.store)) == 4
    assert quarantine.overfull(office.store) == [station.pc]
    # it takes nothing from what another one wrote
    night.add(Resident(name="of the night"))
    night.round()
    ring.roster.cuts[night.pc] = 0
    office.round()
    assert len(quarantine.withdrawn(office.store)) == 5
    assert quarantine.overfull(office.store) == [station.pc]


def test_what_a_removed_pc_says_of_others_before_and_after_it_makes_nobody_begin_anew(
    ring: Ring,
) -> None:
    office, station, night = ring.pcs
    office.add(Resident(name="Mary"))
    ring.settle()
    lies = {(office.pc, 0): 99, (office.pc, 1 << 40): 1, (station.pc, 0): 99}

    def lie(counter: int) -> None:
        words = {
            "program": "0",
            "at": times.to_stored(night.clock.now),
            "claims": segments.words_of(lies),
        }
        header = sealed.Header(
            sealed.HEARTBEAT, HOME, night.pc, 0, night.tag, first=counter, seq=counter
        )  # fmt: skip
        data = sealed.seal(
            header, json.dumps(words).encode(), ring.keys.epochs[0][1], signer_of(night.tag)
        )
        name = names.beat(HOME, night.pc, 0, counter, sealed.digest_of(data))
        ring.place.transport().put(name, data)

    ring.roster.cuts[night.pc] = 1
    lie(1_000)
    office.add(Resident(name="Tom"))
    assert not office.round().new_life
    assert {one.counter for one in segments.heard(office.store) if one.pc == night.pc} != {1_000}
    # one that was heard before is as little
    del ring.roster.cuts[night.pc]
    beating.listen(office.means, ring.place.transport().list(names.beats(HOME)))
    assert segments.claims(office.store)[night.pc, office.pc, 0] == 99
    assert (night.pc, office.pc, 1 << 40) not in segments.claims(office.store)
    ring.roster.cuts[night.pc] = 1
    office.add(Resident(name="Ann"))
    result = office.round()
    assert (result.new_life, result.behind, result.trouble) == (False, [], None)


def test_what_a_removed_pc_erased_after_its_cut_is_whole_again_everywhere(ring: Ring) -> None:
    office, station, night = ring.pcs
    mary = office.add(Resident(name="Mary", alerts=SECRET))
    ring.settle()
    night.clock.advance(minutes=1)
    erase(night.store, "resident", mary, "alerts")
    night.round()
    station.round()
    assert got(station.store, Resident, mary).alerts is None
    ring.roster.cuts[night.pc] = 0
    ring.pcs.remove(night)
    ring.settle()
    for pc in ring.pcs:
        assert got(pc.store, Resident, mary).alerts == SECRET
    agree(ring)
    night.close()


@pytest.mark.parametrize("still_there", [True, False])
def test_what_a_removed_pc_erased_as_a_whole_after_its_cut_is_whole_again(
    ring: Ring, *, still_there: bool
) -> None:
    office, station, night = ring.pcs
    mary = office.add(Resident(name="Mary", alerts=SECRET))
    change(office, mary, room="12")
    ring.settle()
    before = office.digest()
    units = office.store.connection.execute(
        "SELECT id FROM unit WHERE id IN (SELECT unit FROM change WHERE rec = ?)", (mary,)
    ).fetchall()
    # it never was set apart anywhere
    for (unit,) in units:
        with night.store.unit(PERSON, "", kind=GONE, batch=unit) as work:
            work.add(AccessEvent(kind="role changed"))
    night.round()
    station.round()
    assert got(station.store, Resident, mary).alerts is None
    if not still_there:
        for name in list(station.means.shelf.kept):
            station.means.shelf.forget(name)
    ring.roster.cuts[night.pc] = 0
    ring.pcs.remove(night)
    ring.settle(4 if still_there else 1)
    assert office.digest() == before
    assert got(station.store, Resident, mary).alerts == (SECRET if still_there else None)
    if still_there:
        agree(ring)
    assert verify.verify(station.store, deep=True).damage == []
    night.close()


def test_a_kept_segment_that_the_disk_damaged_does_not_end_the_round_of_a_removal(
    ring: Ring,
) -> None:
    office, _, night = ring.pcs
    mary = office.add(Resident(name="Mary", alerts=SECRET))
    ring.settle()
    night.clock.advance(minutes=1)
    erase(night.store, "resident", mary, "alerts")
    ring.settle()
    for name in sorted(office.means.shelf.kept):
        (office.means.shelf.path / "kept" / name).write_bytes(b"a page of another file")
    ring.roster.cuts[night.pc] = 0
    ring.pcs.remove(night)
    # so that a round looks
    office.add(Resident(name="Ann"))
    assert office.round().withdrawn == 1
    night.close()
