"""What was erased by law leaves the sealed objects on each PC too, once no PC needs them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import AccessEvent
from liaison.records.home import Resident
from liaison.store import blobs, segments, verify
from liaison.store.blobs import blob_id
from liaison.store.changes import GONE, Envelope
from liaison.sync import body, compacting, emptying, names, sealed
from liaison.sync.means import ERASED, look, units_in
from liaison.sync.sealed import NO_HASH
from liaison.sync.travel import travel
from tests.store.conftest import BLOB_KEY, HOME, change, got, replica_of, signer_of
from tests.store.test_erasing import SECRET, erase
from tests.sync.conftest import PERSON, Pc, Ring, agree
from tests.sync.places import Lying, lying
from tests.sync.test_compacting import own, plain, singles, written
from tests.sync.test_faults import residents


def opened(pc: Pc, data: bytes | None) -> list[Envelope]:
    """Return what a PC can read in an object."""
    assert data is not None
    return units_in(pc.means, look(pc.means, data, sealed.SEGMENT))


def secrets(pc: Pc) -> list[str]:
    """Return the names of what lies on a PC's shelf and says what was erased."""
    shelf = pc.means.shelf
    lying = [(name, shelf.read(name)) for name in shelf.kept]
    lying += [(name, shelf.read_fetched(name)) for name in shelf.fetched]
    return [name for name, data in lying if SECRET in str(opened(pc, data))]


def removed(ring: Ring) -> Pc:
    """Let the night's PC write a secret that all have, and be removed."""
    office, _, night = ring.pcs
    mary = office.add(Resident(name="Mary", alerts=SECRET))
    ring.settle()
    night.add(Resident(name="Tom", alerts=SECRET))
    ring.settle()
    place = segments.frontier(office.store, night.tag)
    assert place is not None
    ring.roster.cuts[night.pc] = place.replica.seq
    ring.pcs.remove(night)
    assert residents(office) == {"Mary", "Tom"}
    office.clock.advance(minutes=1)
    erase(office.store, "resident", mary, "alerts")
    return night


def named(pc: Pc, name: str) -> int:
    (found,) = pc.store.connection.execute("SELECT id FROM resident WHERE name = ?", (name,))
    return int(found[0])


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
            patch.setattr(pc.means.transport, "remove", _refuses)
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
    place = segments.frontier(station.store, office.tag)
    assert place is not None
    ring.roster.cuts[office.pc] = place.replica.seq
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
            patch.setattr(compacting, "put_and_read_back", _put_alone)
        else:
            for pc in ring.pcs:
                patch.setattr(pc.means.transport, "remove", _refuses)
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


def test_what_a_removed_pc_erased_after_its_cut_is_whole_again_everywhere(ring: Ring) -> None:
    office, station, night = ring.pcs
    mary = office.add(Resident(name="Mary", alerts=SECRET))
    ring.settle()
    place = segments.frontier(office.store, night.tag)
    cut = place.replica.seq if place is not None else 0
    night.clock.advance(minutes=1)
    erase(night.store, "resident", mary, "alerts")
    night.round()
    station.round()
    assert got(station.store, Resident, mary).alerts is None
    ring.roster.cuts[night.pc] = cut
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
    change(office.store, "resident", mary, room="12")
    ring.settle()
    place = segments.frontier(office.store, night.tag)
    cut = place.replica.seq if place is not None else 0
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
    ring.roster.cuts[night.pc] = cut
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
    place = segments.frontier(office.store, night.tag)
    cut = place.replica.seq if place is not None else 0
    night.clock.advance(minutes=1)
    erase(night.store, "resident", mary, "alerts")
    ring.settle()
    for name in sorted(office.means.shelf.kept):
        (office.means.shelf.path / "kept" / name).write_bytes(b"a page of another file")
    ring.roster.cuts[night.pc] = cut
    ring.pcs.remove(night)
    # so that a round looks
    office.add(Resident(name="Ann"))
    assert office.round().withdrawn == 1
    night.close()


def test_a_pc_that_is_left_alone_keeps_nothing_that_was_erased(pair: Ring) -> None:
    office, station = pair.pcs
    mary = office.add(Resident(name="Mary", alerts=SECRET))
    pair.settle()
    tom = station.add(Resident(name="Tom", alerts=SECRET))
    pair.settle()
    place = segments.frontier(office.store, station.tag)
    assert place is not None
    pair.roster.cuts[station.pc] = place.replica.seq
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
    place = segments.frontier(office.store, night.tag)
    assert place is not None
    ring.roster.cuts[night.pc] = place.replica.seq
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
            patch.setattr(compacting, "put_and_read_back", _put_alone)
        else:
            patch.setattr(office.means.transport, "remove", _refuses)
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


def bundles(ring: Ring, pc: Pc) -> list[str]:
    return [name for name in own(ring, pc) if "-from-" in name]


_put = compacting.put_and_read_back


def _put_alone(means: object, data: bytes, units: list[Envelope]) -> bool:
    kept = set(means.shelf.kept)  # type: ignore[attr-defined]
    _put(means, data, units)  # type: ignore[arg-type]
    for name in means.shelf.kept - kept:  # type: ignore[attr-defined]
        means.shelf.forget(name)  # type: ignore[attr-defined]
    return False


def _refuses(_name: str) -> None:
    raise UserError("Nothing may be taken away here.")


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
        monkeypatch.setattr(pc.means.transport, "remove", _refuses)
    for number in range(8):
        office.add(Resident(name=f"R{number}"))
        assert [one.trouble for one in pair.settle(1)] == [None, None]
    assert bundles(pair, office)
    assert len(residents(station)) == 8
    agree(pair)
