"""What was erased by law leaves the sealed objects on each PC too, once no PC needs them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from liaison.records import ids
from liaison.records.home import Resident
from liaison.store import blobs, segments, verify
from liaison.store.blobs import blob_id
from liaison.sync import compacting, emptying, names
from liaison.sync.travel import travel
from tests.store.conftest import BLOB_KEY, HOME
from tests.store.test_erasing import SECRET, erase
from tests.sync.conftest import PERSON, Pc, Ring, agree
from tests.sync.erasures import bundles, put_alone, refuses, removed, secrets
from tests.sync.places import lying
from tests.sync.scenes import come_to, residents
from tests.sync.test_compacting import plain, singles, written


def test_a_pc_that_is_left_alone_keeps_nothing_that_was_erased(pair: Ring) -> None:
    office, station = pair.pcs
    mary = office.add(Resident(name="Mary", alerts=SECRET))
    pair.settle()
    tom = station.add(Resident(name="Tom", alerts=SECRET))
    pair.settle()
    pair.roster.cuts[station.pc] = come_to(office, station)
    pair.pcs.remove(station)
    assert len(secrets(office)) == 2
    office.clock.advance(minutes=1)
    erase(office.store, "resident", mary, "alerts")
    erase(office.store, "resident", tom, "alerts")
    pair.settle(1)
    # nor is it fetched again while nobody can say what it is
    travel(office.means.transport, office.means.shelf, HOME)
    assert not [name for name in secrets(office) if ids.to_text(station.pc) in name]
    pair.settle(1)
    assert secrets(office) == []
    station.close()


def test_nobody_attaches_a_file_while_those_that_were_erased_are_dropped(pair: Ring) -> None:
    office, _ = pair.pcs
    segments.keep_blob(office.store, "0" * 64, b"erased elsewhere")

    def spared() -> Iterator[str]:
        assert office.store.connection.in_transaction
        yield "1" * 64

    assert blobs.drop_unnamed(office.store, spared()) == 1


def attach(pc: Pc, *contents: bytes) -> list[str]:
    """Attach files on a PC; return their names."""
    with pc.store.unit(PERSON, "") as unit:
        for content in contents:
            blobs.attach(
                pc.store, unit, BLOB_KEY, owner_type="resident", owner=1, name="scan.pdf",
                media_type="application/pdf", data=content,
            )  # fmt: skip
    return [blob_id(BLOB_KEY, content) for content in contents]


def erase_attached(pc: Pc, name: str) -> None:
    """Erase an attachment on a PC, as the service does."""
    (row,) = pc.store.connection.execute(
        "SELECT id FROM attachment WHERE sha256 = ?", (name,)
    ).fetchall()
    pc.clock.advance(minutes=1)
    erase(pc.store, "attachment", row[0], "sha256")
    blobs.drop_unused(pc.store, [name, "scan of Mary.pdf"])


def attached(ring: Ring) -> list[str]:
    """Return which attachments lie in the storage."""
    return sorted(str(names.read_blob(one.key)) for one in lying(ring.place, ".blob"))


@pytest.mark.both_places
def test_an_attachment_that_was_erased_leaves_every_pc_and_the_storage(ring: Ring) -> None:
    office, station, night = ring.pcs
    letter, picture = attach(office, b"a letter", b"a picture")
    ring.settle()
    assert segments.blob(station.store, letter) == b"a letter"
    assert attached(ring) == sorted([letter, picture])
    # the one that erases is not the one that laid it there; the night's PC is off
    ring.pcs.remove(night)
    erase_attached(station, letter)
    ring.settle(3)
    assert letter in attached(ring)
    ring.pcs.append(night)
    ring.settle(3)
    assert attached(ring) == [picture]
    for pc in ring.pcs:
        assert segments.blob(pc.store, letter) is None
        assert segments.blob(pc.store, picture) == b"a picture"
        assert verify.verify(pc.store, deep=True).damage == []
        # nothing else of it is remembered either
        assert blobs.leaving(pc.store) == []


def test_an_attachment_stays_in_the_storage_until_its_erasure_is_on_its_way(pair: Ring) -> None:
    office, _ = pair.pcs
    (letter,) = attach(office, b"a letter")
    pair.settle()
    # in the window, between what a round sends and what it tidies up
    erase_attached(office, letter)
    emptying.take_attachments_away(office.means)
    assert attached(pair) == [letter]
    pair.settle(3)
    assert attached(pair) == []


def test_an_erased_attachment_leaves_each_place_while_the_home_moves(pair: Ring) -> None:
    office, _ = pair.pcs
    (letter,) = attach(office, b"a letter")
    pair.settle()
    moving = dataclasses.replace(office.means, places=("folder", "s3"))
    office.exchange.means = moving
    erase_attached(office, letter)
    pair.settle(3)
    assert attached(pair) == []
    assert blobs.leaving(office.store) == [letter]
    office.exchange.means = dataclasses.replace(moving, places=("s3",))
    office.add(Resident(name="Sue"))
    pair.settle(2)
    assert blobs.leaving(office.store) == []


def test_what_a_removed_pc_attached_leaves_the_storage_too(ring: Ring) -> None:
    office, _, night = ring.pcs
    (letter,) = attach(night, b"a letter")
    ring.settle()
    ring.roster.cuts[night.pc] = come_to(office, night)
    ring.pcs.remove(night)
    erase_attached(office, letter)
    ring.settle(3)
    assert attached(ring) == []
    night.close()


def test_a_file_that_is_attached_again_after_its_erasure_is_there_for_all(pair: Ring) -> None:
    office, station = pair.pcs
    (letter,) = attach(office, b"a letter")
    pair.settle()
    erase_attached(office, letter)
    attach(office, b"a letter")
    pair.settle()
    assert segments.blob(station.store, letter) == b"a letter"
    assert attached(pair) == [letter]
    # another PC attaches it while it leaves: its bytes are asked for and come
    erase_attached(office, letter)
    office.round()
    station.round()
    attach(station, b"a letter")
    station.round()
    for one in lying(pair.place, ".blob"):
        one.unlink()
    pair.settle(3)
    assert segments.blob(office.store, letter) == b"a letter"
    assert attached(pair) == [letter]
    agree(pair)


@pytest.mark.both_places
def test_a_bundle_that_was_made_before_is_made_anew_without_it(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station, night = ring.pcs
    image = ring.image(night)
    monkeypatch.setattr(compacting, "WORTH_IT", 5)
    mary = office.add(Resident(name="Mary", alerts=SECRET))
    written(office, 8)
    ring.settle(3)
    assert singles(ring, office) <= 1
    assert SECRET.encode() in b"".join(map(plain, ring.segments()))
    station.clock.advance(minutes=1)
    erase(station.store, "resident", mary, "alerts")
    ring.settle(4)
    assert SECRET.encode() not in b"".join(map(plain, ring.segments()))
    assert [secrets(pc) for pc in ring.pcs] == [[], [], []]
    # once: what was made anew is left alone
    before = ring.segments()
    office.add(Resident(name="Late"))
    ring.settle(3)
    assert set(before) <= set(ring.segments())
    # a PC that was away takes it in, whatever it had of the old one
    night = ring.restore(night, image)
    ring.settle(4)
    assert residents(night) == residents(office) >= {"Mary", "Late"}
    agree(ring)


@pytest.mark.parametrize("after", ["put", "keep", "remove"])
def test_a_crash_while_a_bundle_is_made_anew_harms_nobody(
    ring: Ring, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    office, *_ = ring.pcs
    monkeypatch.setattr(compacting, "WORTH_IT", 5)
    mary = office.add(Resident(name="Mary", alerts=SECRET))
    names = written(office, 8)
    ring.settle(3)
    office.clock.advance(minutes=1)
    erase(office.store, "resident", mary, "alerts")
    with monkeypatch.context() as patch:
        if after == "put":
            # it is in the storage, and this PC does not know
            patch.setattr(compacting, "put_and_read_back", put_alone)
        else:
            patch.setattr(office.means.transport, "remove", refuses)
        if after == "keep":
            patch.setattr(office.means.shelf, "forget", lambda _: None)
        ring.settle(3)
        # whatever the storage still has: nobody takes the old one for the new one
        assert [secrets(pc) for pc in ring.pcs[1:]] == [[], []]
    office.clock.advance(days=1)
    office = ring.reopen(office)
    office.round()
    assert len(bundles(ring, office)) == 1
    ring.settle(4)
    assert len(bundles(ring, office)) == 1
    assert SECRET.encode() not in b"".join(map(plain, ring.segments()))
    assert [secrets(pc) for pc in ring.pcs] == [[], [], []]
    assert residents(office) == names | {"Mary"}
    agree(ring)


def test_what_nobody_will_look_into_does_not_stay_on_the_shelf(ring: Ring) -> None:
    """After a removal, or a crash: what was set apart, is kept, or a bundle stands for."""
    office, station, _ = ring.pcs
    night = removed(ring)
    night.add(Resident(name="Late", alerts=SECRET))
    night.means.roster.cuts.clear()  # type: ignore[attr-defined]
    night.round()
    ring.roster.cuts[night.pc] = 1
    ring.settle()
    apart = {one.name for one in segments.apart(office.store)}
    assert apart
    # locked, nobody can say what it is
    travel(office.means.transport, office.means.shelf, HOME)
    assert not apart & office.means.shelf.fetched
    name = min(station.means.shelf.kept)
    station.means.shelf.fetch(name, b"a crash came before it was dropped")
    station.add(Resident(name="Ann"))
    station.round()
    assert station.means.shelf.fetched == set()
    night.close()


def test_where_nothing_may_be_taken_away_no_round_is_in_trouble(
    pair: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compacting, "WORTH_IT", 5)
    office, station = pair.pcs
    for pc in pair.pcs:
        monkeypatch.setattr(pc.means.transport, "remove", refuses)
    for number in range(8):
        office.add(Resident(name=f"R{number}"))
        assert [one.trouble for one in pair.settle(1)] == [None, None]
    assert bundles(pair, office)
    assert len(residents(station)) == 8
    agree(pair)
