"""What a removed PC sent is made anew without what was erased, if it says all the rest."""

from __future__ import annotations

import dataclasses

import pytest

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.home import Resident
from liaison.store import changes as log
from liaison.store import segments, verify
from liaison.store.changes import Envelope
from liaison.sync import body, compacting, names, sealed
from liaison.sync.means import ERASED, look, units_in
from liaison.sync.sealed import NO_HASH
from liaison.sync.travel import travel
from tests.store.conftest import HOME, replica_of, signer_of
from tests.store.test_erasing import SECRET, erase
from tests.sync.conftest import Pc, Ring, agree
from tests.sync.erasures import bundles, named, opened, put_alone, refuses, removed, secrets
from tests.sync.places import Lying
from tests.sync.scenes import come_to, residents
from tests.sync.test_compacting import plain

FAR = 1_000


def _removed_after_two(ring: Ring) -> tuple[Pc, list[str]]:
    """Let the night's PC write twice, and be removed; return it and the names of its segments."""
    office, _, night = ring.pcs
    for name in ("Tom", "Ann"):
        night.add(Resident(name=name))
        night.round()
    ring.settle()
    ring.roster.cuts[night.pc] = come_to(office, night)
    ring.pcs.remove(night)
    kept = [(names.read_segment(name), name) for name in sorted(office.means.shelf.kept)]
    return night, [name for hint, name in kept if hint is not None and hint.pc == night.pc]


def _emptied(one: Envelope) -> Envelope:
    bare = [
        log.make_change(c.stamp, c.type, c.rec, c.op, {}, {}, b"")._replace(first_digest=c.digest)
        for c in one.changes
    ]
    return Envelope(one.unit, bare)


def _lay(ring: Ring, night: Pc, olds: list[str], how: str) -> str:
    """Let the removed PC lay what says that it stands for what it sent; return its name."""
    office = ring.pcs[0]
    parts = [
        look(office.means, office.means.shelf.read(name) or b"", sealed.SEGMENT) for name in olds
    ]
    parts = parts[:1] if how == "emptied" else parts
    units = [one for part in parts for one in units_in(office.means, part)]
    before = NO_HASH
    if how == "emptied":
        units = [_emptied(one) for one in units]
    elif how == "unsigned":
        bare = units[0].unit._replace(signature=bytes(64))
        units = [units[0]._replace(unit=bare), *units[1:]]
    elif how == "lacking":
        before = units[0].unit.hash
        units = units[1:]
    header = dataclasses.replace(
        parts[0].header,
        home=HOME,
        seq=FAR if how == "reaching far" else parts[-1].header.seq,
        stands_for=b"f" * 32 if how == "followed by nothing" else parts[-1].digest,
        changes=sum(len(one.changes) for one in units),
    )
    content, epoch = body.encode(before, units), ring.keys.epochs[0][1]
    several = [sealed.seal(header, content, epoch, night.means.signer) for _ in range(64)]
    # of two for one place the lower is looked at first
    data = min(several, key=sealed.digest_of)
    name = names.segment(
        HOME, night.pc, header.incarnation, header.seq, sealed.digest_of(data), header.first
    )
    office.means.transport.put(name, data)
    return name


FALSE = ["emptied", "unsigned", "lacking", "followed by nothing", "reaching far"]


@pytest.mark.parametrize("how", FALSE)
def test_a_removed_pc_makes_nobody_drop_what_it_had_sent(ring: Ring, how: str) -> None:
    night, olds = _removed_after_two(ring)
    false = _lay(ring, night, olds, how)
    before = segments.frontier(ring.pcs[0].store, night.tag)
    ring.settle(2)
    for pc in ring.pcs:
        assert pc.means.shelf.kept.issuperset(olds)
        assert false not in pc.means.shelf.kept
    there = {one.key for one in ring.segments()}
    assert there.issuperset(olds)
    after = segments.frontier(ring.pcs[0].store, night.tag)
    assert after == before
    night.close()


@pytest.mark.parametrize("how", ["emptied", "unsigned", "reaching far"])
def test_a_pc_that_comes_later_has_it_from_the_true_ones(ring: Ring, how: str) -> None:
    office, station, _ = ring.pcs
    image = ring.image(station)
    night, olds = _removed_after_two(ring)
    _lay(ring, night, olds, how)
    station = ring.restore(station, image)
    ring.settle(3)
    assert residents(station) == residents(office) == {"Tom", "Ann"}
    assert segments.frontier(station.store, night.tag) == segments.frontier(office.store, night.tag)
    agree(ring)
    assert verify.verify(station.store, deep=True).damage == []
    night.close()


def test_what_was_made_anew_before_the_storage_failed_is_not_made_once_more(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station, _ = ring.pcs
    night, olds = _removed_after_two(ring)
    ring.settle()
    for name in ("Tom", "Ann"):
        (row,) = office.store.connection.execute("SELECT id FROM resident WHERE name = ?", (name,))
        office.clock.advance(minutes=1)
        erase(office.store, "resident", row[0], "name")
    put = office.means.transport.put
    put_anew: list[str] = []

    def fails_at_the_second(name: str, data: bytes) -> None:
        if "-from-" in name:
            put_anew.append(name)
            if len(put_anew) > 1:
                raise UserError("The storage is away.")
        put(name, data)

    with monkeypatch.context() as patch:
        patch.setattr(office.means.transport, "put", fails_at_the_second)
        # the office alone gets as far as that
        patch.setattr(station.means.transport, "put", fails_at_the_second)
        ring.settle(3)
        assert len(put_anew) > 1
    ring.settle(4)
    anew = [one.key for one in ring.segments() if "-from-" in one.key]
    assert len(anew) == len(olds)
    assert office.means.shelf.kept == station.means.shelf.kept
    assert [one.given_back for one in ring.settle(2)] == [0, 0]
    night.close()


def anew(ring: Ring, pc: Pc) -> Lying:
    """Return what was made anew of what a removed PC sent."""
    (found,) = [
        one
        for one in ring.segments()
        if ids.to_text(pc.pc) in one.key and one.name in bundles(ring, pc)
    ]
    return found


def signed(pc: Pc, made: Lying) -> bool:
    """Return whether a PC's signature is on something in the storage."""
    found = sealed.read(made.read_bytes())
    try:
        sealed.require_signature(found, replica_of(pc.tag).public_key)
    except sealed.Refused:
        return False
    return True


@pytest.mark.both_places
def test_what_a_removed_pc_wrote_leaves_every_shelf_and_the_storage_once_all_have_it(
    ring: Ring,
) -> None:
    office, station, _ = ring.pcs
    image = ring.image(station)
    night = removed(ring)
    ring.settle()
    # of Tom nothing was erased
    (toms,) = secrets(office)
    assert secrets(station) == [toms]
    erase(office.store, "resident", named(office, "Tom"), "alerts")
    # the station has not said yet that it has everything: here it has
    rounds = [one.round() for _ in range(4) for one in ring.pcs]
    assert (secrets(office), secrets(station)) == ([], [])
    assert SECRET.encode() not in b"".join(map(plain, ring.segments()))
    # made anew once, by one of them; that the old ones went is no loss
    assert len(bundles(ring, night)) == 1
    assert not any(one.went_back or one.set_apart for one in rounds)
    before = ring.segments()
    travel(office.means.transport, office.means.shelf, HOME)
    ring.settle(2)
    assert (secrets(office), secrets(station)) == ([], [])
    assert ring.segments() == before
    assert all(one.round().taken == 0 for one in ring.pcs)
    agree(ring)
    # who comes without a copy of the home has it from there
    station = ring.restore(station, image)
    ring.settle(3)
    assert residents(station) == {"Mary", "Tom"}
    agree(ring)
    night.close()


def test_a_removed_pc_that_belongs_after_all_follows_again_whatever_was_made_anew(
    ring: Ring,
) -> None:
    office, station, _ = ring.pcs
    night = removed(ring)
    erase(office.store, "resident", named(office, "Tom"), "alerts")
    ring.settle(4)
    assert bundles(ring, night)
    # the removal did not count after all: what it writes follows again
    del ring.roster.cuts[night.pc]
    ring.pcs.append(night)
    office.add(Resident(name="Sue"))
    office.round()
    assert not [one for one in segments.apart(office.store) if one.reason == ERASED]
    night.add(Resident(name="Ann"))
    ring.settle(4)
    assert residents(office) == residents(station) == {"Mary", "Tom", "Sue", "Ann"}
    agree(ring)
    night.close()


def test_of_two_pcs_that_make_the_same_anew_one_counts_on_both(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station, _ = ring.pcs
    night = removed(ring)
    tom = named(office, "Tom")
    with monkeypatch.context() as patch:
        # nobody is heard to have passed
        patch.setattr(compacting, "passed", lambda *_: 0)
        erase(office.store, "resident", tom, "alerts")
        ring.settle(3)
    put, get = office.means.transport.put, office.means.transport.get
    late: dict[str, bytes] = {}
    monkeypatch.setattr(office.means.transport, "put", late.__setitem__)
    monkeypatch.setattr(office.means.transport, "get", lambda name: late.get(name) or get(name))
    office.add(Resident(name="Sue"))
    office.round()
    station.add(Resident(name="Bea"))
    station.round()
    monkeypatch.undo()
    for one in late.items():
        put(*one)
    both = bundles(ring, night)
    assert len(both) == 2
    with monkeypatch.context() as patch:
        for pc in ring.pcs:
            patch.setattr(pc.means.transport, "remove", refuses)
        ring.settle(1)
    # whichever each of them had: as if both rounds had been at the same moment
    for pc in ring.pcs:
        assert [one for one in both if any(one in kept for kept in pc.means.shelf.kept)] == both[:1]
    ring.settle(4)
    assert len(bundles(ring, night)) == 1
    assert office.means.shelf.kept == station.means.shelf.kept
    assert SECRET.encode() not in b"".join(map(plain, ring.segments()))
    agree(ring)
    night.close()


def test_what_was_made_anew_is_made_so_again_when_its_maker_is_removed(ring: Ring) -> None:
    office, station, _ = ring.pcs
    image = ring.image(station)
    night = removed(ring)
    erase(office.store, "resident", named(office, "Tom"), "alerts")
    ring.settle(4)
    made = anew(ring, night)
    assert signed(office, made)
    ring.roster.cuts[office.pc] = come_to(station, office)
    ring.pcs.remove(office)
    station.add(Resident(name="Sue"))
    ring.settle(3)
    again = anew(ring, night)
    assert again != made
    assert signed(station, again)
    station = ring.restore(station, image)
    ring.settle(3)
    assert residents(station) == {"Mary", "Tom", "Sue"}
    for one in (office, night):
        one.close()


def test_what_was_made_anew_and_lacks_a_unit_takes_the_place_of_nothing(ring: Ring) -> None:
    office, station, night = ring.pcs
    night.add(Resident(name="Tom"))
    night.add(Resident(name="Ann"))
    ring.settle()
    ring.roster.cuts[night.pc] = 2
    ring.pcs.remove(night)
    (whole,) = [one for one in ring.segments() if ids.to_text(night.pc) in one.key]
    old = sealed.read(whole.read_bytes())
    units = opened(office, whole.read_bytes())
    header = dataclasses.replace(
        old.header, home=HOME, stands_for=old.ends_with, changes=len(units[0].changes)
    )
    content = body.encode(NO_HASH, units[:1])
    made = sealed.seal(header, content, ring.keys.epochs[0][1], office.means.signer)
    compacting.put_and_read_back(office.means, made, units[:1])
    station.round()
    assert whole.key in station.means.shelf.kept
    assert "it lacks some of what it stands for" in {
        one.reason for one in segments.apart(station.store)
    }
    night.close()


@pytest.mark.parametrize("after", ["put", "remove"])
def test_a_crash_while_a_removed_pcs_segment_is_made_anew_harms_nobody(
    ring: Ring, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    office, station, _ = ring.pcs
    night = removed(ring)
    erase(office.store, "resident", named(office, "Tom"), "alerts")
    with monkeypatch.context() as patch:
        if after == "put":
            # it is in the storage, and this PC does not know
            patch.setattr(compacting, "put_and_read_back", put_alone)
        else:
            for pc in ring.pcs:
                patch.setattr(pc.means.transport, "remove", refuses)
        ring.settle(3)
    office.add(Resident(name="Sue"))
    ring.settle(4)
    assert len(bundles(ring, night)) == 1
    assert SECRET.encode() not in b"".join(map(plain, ring.segments()))
    assert (secrets(office), secrets(station)) == ([], [])
    agree(ring)
    night.close()


def test_nobody_but_a_pc_of_the_home_makes_a_removed_pcs_segment_anew(ring: Ring) -> None:
    office, station, _ = ring.pcs
    night = removed(ring)
    erase(office.store, "resident", named(office, "Tom"), "alerts")
    ring.settle(4)
    made = anew(ring, night)
    data = made.read_bytes()
    stranger = signer_of(1)
    signature = stranger.sign(b"liaison object 1\n" + sealed.digest_of(data))
    for pc, place in ((office, data[:-64] + signature), (station, data)):
        found = sealed.read(place)
        if place is data:
            # nor of one that was not removed
            ring.roster.cuts.clear()
        with pytest.raises(sealed.Refused, match="signature"):
            look(pc.means, found.data, sealed.SEGMENT)
    night.close()


def test_a_pc_that_is_behind_keeps_what_others_may_still_need_of_it(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station, _ = ring.pcs
    night = removed(ring)
    erase(office.store, "resident", named(office, "Tom"), "alerts")
    monkeypatch.setattr(compacting, "passed", lambda *_: 0)
    ring.settle(3)
    assert any(ids.to_text(night.pc) in name for name in secrets(office))
    monkeypatch.undo()
    office.add(Resident(name="Ann"))
    ring.settle(3)
    assert (secrets(office), secrets(station)) == ([], [])
    night.close()
