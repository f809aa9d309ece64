"""Checks that hold the invariants are taken out once, to see that each is what holds its own.

Each test plays one scene twice: as it is, and with the one check taken out. With the check the
scene ends well; without, it ends in what the check is there to prevent.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Protocol

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.records.home import Resident
from liaison.store import history, outbox, projection, segments
from liaison.store.changes import Envelope
from liaison.store.outbox import Unsent
from liaison.sync import body, pushing, removals, sealed, taking
from liaison.sync.exchange import Exchange
from liaison.sync.folder import FolderTrouble
from liaison.sync.means import Means, units_in
from liaison.sync.rounds import Round
from tests.sync.conftest import TAGS, Pc, Ring
from tests.sync.places import Lying, lying
from tests.sync.test_faults import change, found, plant, residents, three_segments


class MakeRing(Protocol):
    """How a test asks for PCs around a storage of their own."""

    def __call__(self, tags: tuple[int, ...] = ...) -> Ring:
        """Make them; two unless more are asked for."""
        ...


@pytest.fixture
def make_ring(tmp_path: Path, empty_homes: Path, request: pytest.FixtureRequest) -> MakeRing:
    """Make rings, one for each time that a scene is played."""
    count = [0]

    def make(tags: tuple[int, ...] = TAGS[:2]) -> Ring:
        count[0] += 1
        made = Ring(tmp_path / str(count[0]), empty_homes, tags)
        request.addfinalizer(made.close)
        return made

    return make


def test_signature(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger who can write to the storage signs a segment anew."""

    def scene() -> set[str]:
        ring = make_ring()
        _, station, (first, *_) = three_segments(ring)
        data = first.read_bytes()
        stranger = Ed25519PrivateKey.generate()
        signed = stranger.sign(b"liaison object 1\n" + sealed.digest_of(data))
        first.write_bytes(data[:-64] + signed)
        station.round()
        return residents(station)

    assert scene() == set()
    monkeypatch.setattr(sealed, "require_signature", lambda *_: None)
    assert scene() == {"one", "two", "three"}


def test_home_binding(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PC that belongs to two homes, and a segment of the other one laid into this one's folder."""

    def scene() -> set[str]:
        ring = make_ring()
        office, station, (_, _, last) = three_segments(ring)
        one = found(last)
        content = body.encode(body.before(sealed.open_body(one, b"e" * 32)), units(office, last))
        last.unlink()
        office.means.shelf.forget(last.key)
        header = dataclasses.replace(one.header, home="ANOTHERH0ME00")
        path = plant(ring, header, content, office.means.signer)
        assert path.exists()
        station.round()
        return residents(station)

    assert scene() == {"one", "two"}
    monkeypatch.setattr(
        sealed,
        "require_home",
        lambda one, home: dataclasses.replace(
            one, header=dataclasses.replace(one.header, home=home)
        ),
    )
    assert scene() == {"one", "two", "three"}


def units(pc: Pc, path: Lying) -> list[Envelope]:
    return units_in(pc.means, found(path))


def test_chain(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A segment that names another one before it: somebody left one out and counted anew."""

    def scene() -> set[str]:
        ring = make_ring()
        office, station, (_, _, last) = three_segments(ring)
        one = found(last)
        content = sealed.open_body(one, b"e" * 32)
        last.unlink()
        office.means.shelf.forget(last.key)
        header = dataclasses.replace(one.header, previous=b"?" * 32)
        plant(ring, header, content, office.means.signer)
        station.round()
        return residents(station)

    assert scene() == {"one", "two"}
    monkeypatch.setattr(
        taking,
        "_next",
        lambda left, seq, *_, **__: next((one for one in left if one.seq == seq + 1), None),
    )
    assert scene() == {"one", "two", "three"}


def test_gap(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The middle one comes late; what followed it must still be there to be taken in."""

    def scene() -> set[str]:
        ring = make_ring()
        _, station, (_, middle, _) = three_segments(ring)
        away = middle.read_bytes()
        middle.unlink()
        station.round()
        middle.write_bytes(away)
        station.round()
        return residents(station)

    assert scene() == {"one", "two", "three"}
    monkeypatch.setattr(
        taking, "_next", lambda left, *_, **__: min(left, key=lambda one: one.seq, default=None)
    )
    assert scene() == {"one", "two"}


def test_revocation(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PC that was removed wrote on, and its work had been taken in before that was known."""

    def scene() -> set[str]:
        ring = make_ring()
        office, station = ring.pcs
        ring.settle()
        office.add(Resident(name="before"))
        ring.settle()
        cut = next(at for at in segments.frontiers(station.store) if at.replica.pc == office.pc)
        office.add(Resident(name="after"))
        office.round()
        station.round()
        ring.roster.cuts[office.pc] = cut.replica.seq
        station.round()
        return residents(station)

    assert scene() == {"before"}
    monkeypatch.setattr(removals, "withdraw_removed", lambda *_: None)
    assert scene() == {"before", "after"}


def test_superseded(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to a change comes before the change: it must not look like a conflict."""

    def scene() -> int:
        ring = make_ring(TAGS)
        office, station, night = ring.pcs
        mary = office.add(Resident(name="Mary", room="1"))
        ring.settle()
        before = set(ring.segments())
        change(office, mary, room="2")
        office.round()
        (late,) = set(ring.segments()) - before
        station.round()
        change(station, mary, room="3")
        station.round()
        away = late.read_bytes()
        late.unlink()
        night.round()
        late.write_bytes(away)
        night.round()
        return len(history.conflicts(night.store))

    assert scene() == 0
    monkeypatch.setattr(projection, "_not_replaced_early", lambda _, heads: heads)
    assert scene() == 1


def test_peer_heads(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Image and storage were both set back; only the other PC knows how far this one had been."""

    def scene() -> int:
        ring = make_ring()
        office, _ = ring.pcs
        ring.settle()
        image = ring.image(office)
        office.add(Resident(name="after the image"))
        ring.settle()
        newest = max(found(path).header.seq for path in ring.segments())
        for path in ring.segments():
            path.unlink()
        office = ring.restore(office, image)
        office.add(Resident(name="on the image"))
        office.round()
        return sum(
            one.header.seq == newest and one.header.incarnation == 0
            for one in map(found, ring.segments())
            if one.header.pc == office.pc
        )

    assert scene() == 0
    monkeypatch.setattr(segments, "claims", lambda _: {})
    # a number that was used before is used for something else
    assert scene() == 1


def test_marked_sent_before_put(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full at the moment at which a segment goes out."""

    def scene() -> set[str]:
        ring = make_ring()
        office, station = ring.pcs
        ring.settle()
        office.add(Resident(name="Mary"))
        room = office.means.shelf.put

        def full(_name: str, _data: bytes) -> None:
            raise FolderTrouble("The disk is full.", code="disk-full")

        monkeypatch.setattr(office.means.shelf, "put", full)
        office.round()
        monkeypatch.setattr(office.means.shelf, "put", room)
        ring.settle()
        return residents(station)

    assert scene() == {"Mary"}

    def marked_first(means: Means, one: Unsent) -> None:
        outbox.mark_sent(means.store, one.tag, one.seq)

    monkeypatch.setattr(pushing, "_send_blobs", marked_first)
    assert scene() == set()


def test_own_prefix_first(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """An image was put back; before it sends anything it must see what it had sent."""

    def scene() -> list[Round]:
        ring = make_ring()
        office, _ = ring.pcs
        ring.settle()
        image = ring.image(office)
        office.add(Resident(name="after the image"))
        ring.settle()
        office = ring.restore(office, image)
        for beat in lying(ring.place, ".hb"):
            beat.unlink()
        office.add(Resident(name="on the image"))
        return [office.round()]

    assert [one.new_life for one in scene()] == [True]
    monkeypatch.setattr(Exchange, "_own_future", lambda *_: False)
    assert [one.new_life for one in scene()] == [False]
