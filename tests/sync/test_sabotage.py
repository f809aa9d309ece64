"""Checks that hold the invariants are taken out once, to see that each is what holds its own.

Each test plays one scene twice: as it is, and with the one check taken out. With the check the
scene ends well; without, it ends in what the check is there to prevent. Those of writing and sending
are in ``test_sabotage_sending``; which invariant each holds stands in ``docs/sync.md``, section 4.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.records.home import Resident
from liaison.store import history, projection, segments
from liaison.store.changes import Envelope
from liaison.store.store import Store
from liaison.sync import body, names, pulling, removals, sealed, taking
from liaison.sync.candidates import Candidate, Life
from liaison.sync.exchange import Exchange
from liaison.sync.means import Means, NotYet, look, units_in
from liaison.sync.roster import EpochKey
from liaison.sync.rounds import Round
from liaison.sync.sealed import Refused, Sealed
from tests.store.conftest import signer_of
from tests.sync.conftest import TAGS, MakeRing, Pc
from tests.sync.places import Lying, lying
from tests.sync.scenes import (
    change,
    come_to,
    found,
    plant,
    reasons,
    residents,
    take_back,
    three_segments,
)


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
        take_back(office, last)
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


def test_names_are_hints(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two segments were swapped: each lies under the other one's name."""

    def scene() -> set[str]:
        ring = make_ring()
        _, station, (first, middle, _) = three_segments(ring)
        one, two = first.read_bytes(), middle.read_bytes()
        first.write_bytes(two)
        middle.write_bytes(one)
        station.round()
        return residents(station)

    assert scene() == {"one", "two", "three"}

    def by_its_name(name: str, one: Sealed, size: int) -> Candidate:
        hint = names.read_segment(name)
        assert hint is not None
        header = dataclasses.replace(one.header, first=hint.seq, seq=hint.seq)
        return Candidate(name, dataclasses.replace(one, header=header), size)

    monkeypatch.setattr(pulling, "Candidate", by_its_name)
    assert scene() == set()


def units(pc: Pc, path: Lying) -> list[Envelope]:
    return units_in(pc.means, found(path))


def test_chain(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A segment that names another one before it: somebody left one out and counted anew."""

    def scene() -> set[str]:
        ring = make_ring()
        office, station, (_, _, last) = three_segments(ring)
        one = found(last)
        content = sealed.open_body(one, b"e" * 32)
        take_back(office, last)
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


def test_whole_or_not_at_all(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PC of the home sends a segment of two units, of which one is not what was signed."""

    def scene() -> set[str]:
        ring = make_ring()
        office, station = ring.pcs
        ring.settle()
        begin = set(ring.segments())
        office.add(Resident(name="good"))
        office.add(Resident(name="bad"))
        office.round()
        (path,) = set(ring.segments()) - begin
        one = found(path)
        good, bad = units(office, path)
        bad = bad._replace(unit=bad.unit._replace(reason="not what was signed"))
        content = body.encode(body.before(sealed.open_body(one, b"e" * 32)), [good, bad])
        take_back(office, path)
        plant(ring, one.header, content, office.means.signer)
        station.round()
        return residents(station)

    assert scene() == set()
    whole = segments.take

    def one_by_one(store: Store, tag: int, several: Sequence[Envelope], **more: Any) -> str:
        problems = (whole(store, tag, [one], **more) for one in several)
        return next(filter(None, problems), "")

    monkeypatch.setattr(segments, "take", one_by_one)
    # half of a segment is in the log
    assert scene() == {"good"}


def test_nobody_blocks_another(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A segment of one PC is missing; what the other one wrote does not wait for it."""

    def scene() -> set[str]:
        ring = make_ring(TAGS)
        ring.settle()
        stuck, free, third = sorted(ring.pcs, key=lambda one: one.pc)
        begin = set(ring.segments())
        for name in ("missing", "stuck"):
            stuck.add(Resident(name=name))
            stuck.round()
        min(set(ring.segments()) - begin).unlink()
        free.add(Resident(name="free"))
        # it has not the missing one either
        free.round()
        third.round()
        return residents(third)

    assert scene() == {"free"}
    waits: set[int] = set()

    def in_one_line(
        means: Means, life: Life, candidates: list[Candidate], *rest: Any
    ) -> list[Candidate]:
        left = candidates if waits else taking.take_life(means, life, candidates, *rest)
        waits.update(one.seq for one in left)
        return left

    monkeypatch.setattr(pulling, "take_life", in_one_line)
    assert scene() == set()


def test_twice(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two programs of one PC take in the same segment, the second one just after the first."""

    def scene() -> list[str]:
        ring = make_ring()
        _, station, _ = three_segments(ring)
        second = Store(
            station.store.path, station.store.key, signer_of(station.tag), clock=station.clock
        )
        other = ring.join(station.tag, second, station.clock)
        take = segments.take

        with pytest.MonkeyPatch.context() as race:

            def late(*what: Any, **more: Any) -> str:
                race.undo()
                assert other.round().taken == 3
                return take(*what, **more)

            race.setattr(segments, "take", late)
            station.round()
        other.close()
        assert residents(station) == {"one", "two", "three"}
        return reasons(station)

    assert scene() == []
    monkeypatch.setattr(segments, "_fresh", lambda _connection, _replica, several: (several, ""))
    # a good segment counts as a bad one
    assert scene() == ["it does not continue what came before it"]


def test_unread_waits(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of a segment comes later than the segment."""

    def scene() -> set[str]:
        ring = make_ring()
        office, station = ring.pcs
        ring.settle()
        new = segments.highest_stamp(office.store), EpochKey("epoch-2", b"f" * 32)
        ring.keys.epochs.append(new)
        office.add(Resident(name="Mary"))
        office.round()
        ring.keys.epochs.remove(new)
        station.round()
        ring.keys.epochs.append(new)
        station.round()
        return residents(station)

    assert scene() == {"Mary"}
    monkeypatch.setattr(taking, "units_in", never_again(units_in))
    assert scene() == set()


def test_newer_waits(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A segment that only a newer Liaison reads is read once this PC has it."""

    def scene() -> set[str]:
        ring = make_ring()
        _, station, (_, _, last) = three_segments(ring)
        data, read = last.read_bytes(), sealed.read

        def by_an_older_one(one: bytes) -> Sealed:
            if one == data:
                raise Refused("a newer version of Liaison wrote it", newer=True)
            return read(one)

        with pytest.MonkeyPatch.context() as older:
            older.setattr(sealed, "read", by_an_older_one)
            station.round()
        station.round()
        return residents(station)

    assert scene() == {"one", "two", "three"}
    monkeypatch.setattr(pulling, "look", never_again(look))
    assert scene() == {"one", "two"}


def never_again(read: Callable[..., Any]) -> Callable[..., Any]:
    """Let what cannot be read yet count as what never will be."""

    def done(*what: Any) -> Any:
        try:
            return read(*what)
        except NotYet as wait:
            raise Refused(wait.reason) from None

    return done


def test_reasons(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A segment of another home lies here: somebody can see that, and why it is not taken in."""

    def scene() -> list[str]:
        ring = make_ring()
        office, station, (first, *_) = three_segments(ring)
        header = dataclasses.replace(found(first).header, home="ANOTHERH0ME00", seq=9, first=9)
        plant(ring, header, b"x", office.means.signer)
        station.round()
        return reasons(station)

    assert scene() == ["it belongs to another home"]
    monkeypatch.setattr(segments, "set_apart", lambda *_: False)
    assert scene() == []


def test_revocation(make_ring: MakeRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PC that was removed wrote on, and its work had been taken in before that was known."""

    def scene() -> set[str]:
        ring = make_ring()
        office, station = ring.pcs
        ring.settle()
        office.add(Resident(name="before"))
        ring.settle()
        cut = come_to(station, office)
        office.add(Resident(name="after"))
        office.round()
        station.round()
        ring.roster.cuts[office.pc] = cut
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
