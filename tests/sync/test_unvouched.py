"""A bundle that lacks what nobody is known to have erased takes the place of nothing.

The PC that made it belongs to the home: it may be damaged, or in a stranger's hands.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from liaison.records import ids
from liaison.records.home import Resident
from liaison.store import changes as log
from liaison.store.changes import Envelope
from liaison.sync import body, names, sealed
from liaison.sync.means import units_in
from liaison.sync.sealed import NO_HASH
from tests.store.conftest import HOME
from tests.store.test_erasing import SECRET, erase
from tests.sync.conftest import Pc, Ring, agree
from tests.sync.erasures import secrets
from tests.sync.places import Lying, add, hide
from tests.sync.scenes import found, reasons, residents


def segments_of(ring: Ring, pc: Pc) -> list[Lying]:
    """Return what lies there of a PC, in order."""
    return [one for one in ring.segments() if ids.to_text(pc.pc) in one.key]


def bare(one: Envelope) -> Envelope:
    """Return a unit as if all that it says had been erased."""
    changes = [
        log.make_change(c.stamp, c.type, c.rec, c.op, {}, {}, b"")._replace(first_digest=c.digest)
        for c in one.changes
    ]
    return Envelope(one.unit, changes)


def lay_bare(ring: Ring, pc: Pc, olds: Sequence[Lying], whole: int) -> str:
    """Lay a bundle of a PC's segments there, as whoever has its keys could; return its name.

    Args:
        ring: Whose storage and keys.
        pc: The PC.
        olds: What it is to stand for.
        whole: How many of their units, from the last, say what they say; the others are bare.
    """
    parts = [found(one) for one in olds]
    units = [one for part in parts for one in units_in(pc.means, part)]
    emptied = len(units) - whole
    units = [*map(bare, units[:emptied]), *units[emptied:]]
    header = dataclasses.replace(
        parts[0].header,
        home=HOME,
        seq=parts[-1].header.seq,
        stands_for=parts[-1].digest,
        changes=sum(len(one.changes) for one in units),
    )
    epoch, digest = ring.keys.epochs[0][1], parts[-1].digest
    # of two that reach as far the lower is looked at first
    while digest >= parts[-1].digest:
        data = sealed.seal(header, body.encode(NO_HASH, units), epoch, pc.means.signer)
        digest = sealed.digest_of(data)
    name = names.segment(HOME, pc.pc, 0, header.seq, digest, header.first)
    ring.place.write(name, data)
    return name


@pytest.mark.both_places
@pytest.mark.parametrize("news", [0, 1])
def test_a_bundle_that_lacks_what_nobody_erased_makes_nobody_drop_what_it_stands_for(
    ring: Ring, news: int
) -> None:
    """It may bring something new besides, which is to be had from the single ones as well."""
    office, station, night = ring.pcs
    ring.settle()
    image = ring.image(station)
    written = {"Tom", "Ann"}
    for name in sorted(written):
        night.add(Resident(name=name))
        night.round()
    office.round()
    if news:
        written.add("Eve")
        night.add(Resident(name="Eve"))
        night.round()
    olds = segments_of(ring, night)
    ring.pcs.remove(night)
    false = lay_bare(ring, night, olds, whole=news)
    for _ in range(2):
        office.round()
    kept = office.means.shelf.kept
    assert kept.issuperset(one.key for one in olds)
    assert false not in kept
    # as its PC does with what it bundled
    for one in olds:
        one.unlink()
    office.round()
    station = ring.restore(station, image)
    ring.settle(3)
    assert residents(station) == residents(office) == written
    agree(ring)
    night.close()


@pytest.mark.both_places
def test_a_bundle_waits_for_its_erasure_on_a_pc_that_has_what_it_stands_for(ring: Ring) -> None:
    office, station, night = ring.pcs
    mary = office.add(Resident(name="Mary", alerts=SECRET))
    office.round()
    office.add(Resident(name="Tom"))
    ring.settle()
    singles = {one.key for one in segments_of(ring, office)}
    assert len(singles) > 1
    station.clock.advance(minutes=1)
    before = set(ring.segments())
    assert erase(station.store, "resident", mary, "alerts") == 1
    station.round()
    erasure = [one.key for one in set(ring.segments()) - before]
    office.round()
    (bundle,) = (one.key for one in segments_of(ring, office))
    assert bundle not in singles
    hidden = hide(ring.place, erasure)
    night.round()
    assert night.means.shelf.kept.issuperset(singles)
    assert bundle not in night.means.shelf.kept
    add(ring.place, hidden)
    ring.settle(3)
    assert bundle in night.means.shelf.kept
    assert night.means.shelf.kept.isdisjoint(singles)
    # and what it gave back meanwhile is gone again
    assert [one.key for one in segments_of(ring, office)] == [bundle]
    assert not any(one.given_back for one in ring.settle(1))
    agree(ring)


def test_a_bundle_from_between_two_erasures_does_not_stay_where_both_have_come(ring: Ring) -> None:
    office, station, night = ring.pcs
    mary = office.add(Resident(name="Mary", room="12", alerts=SECRET))
    office.round()
    office.add(Resident(name="Tom"))
    ring.settle()
    station.clock.advance(minutes=1)
    assert erase(station.store, "resident", mary, "room") == 1
    station.round()
    office.round()
    (one,) = segments_of(ring, office)
    between, data = one.key, one.read_bytes()
    assert erase(station.store, "resident", mary, "alerts") == 1
    station.round()
    night.round()
    # it came, and nobody says any more what it hashes to
    assert between not in night.means.shelf.kept
    assert not [name for name in secrets(night) if "-from-" in name]
    ring.settle(3)
    assert between not in {one.key for one in ring.segments()}
    for pc in ring.pcs:
        assert secrets(pc) == []
    # nor is it fetched time and again if somebody lays it there once more
    ring.place.write(between, data)
    station.round()
    assert reasons(station) == ["it holds what was erased by law since"]
    agree(ring)
