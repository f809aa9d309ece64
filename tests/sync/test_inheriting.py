"""What stands for a removed PC's segments takes their place only if it says all that they say."""

from __future__ import annotations

import dataclasses

import pytest

from liaison.errors import UserError
from liaison.records.home import Resident
from liaison.store import changes as log
from liaison.store import segments, verify
from liaison.store.changes import Envelope
from liaison.sync import body, names, sealed
from liaison.sync.means import look, units_in
from liaison.sync.sealed import NO_HASH
from tests.store.conftest import HOME
from tests.store.test_erasing import erase
from tests.sync.conftest import Pc, Ring, agree
from tests.sync.test_faults import residents

FAR = 1_000


def _removed(ring: Ring) -> tuple[Pc, list[str]]:
    """Let the night's PC write twice, and be removed; return it and the names of its segments."""
    office, _, night = ring.pcs
    for name in ("Tom", "Ann"):
        night.add(Resident(name=name))
        night.round()
    ring.settle()
    place = segments.frontier(office.store, night.tag)
    assert place is not None
    ring.roster.cuts[night.pc] = place.replica.seq
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
    night, olds = _removed(ring)
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
    night, olds = _removed(ring)
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
    night, olds = _removed(ring)
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
