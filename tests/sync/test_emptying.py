"""What was erased by law leaves the sealed objects on each PC too, once no PC needs them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.home import Resident
from liaison.store import blobs, segments, verify
from liaison.store.blobs import blob_id
from liaison.store.changes import Envelope
from liaison.sync import compacting, sealed
from liaison.sync.means import look, units_in
from liaison.sync.travel import travel
from tests.store.conftest import BLOB_KEY, HOME, got
from tests.store.test_erasing import SECRET, erase
from tests.sync.conftest import PERSON, Pc, Ring, agree
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


def test_what_a_removed_pc_wrote_leaves_every_shelf_once_all_have_it(ring: Ring) -> None:
    office, station, _ = ring.pcs
    night = removed(ring)
    ring.settle()
    # of Tom nothing was erased
    (toms,) = secrets(office)
    assert secrets(station) == [toms]
    erase(office.store, "resident", named(office, "Tom"), "alerts")
    # the station has not said yet that it has everything: here it has
    ring.settle(3)
    assert (secrets(office), secrets(station)) == ([], [])
    before = ring.segments()
    travel(office.means.transport, office.means.shelf, HOME)
    ring.settle(2)
    assert (secrets(office), secrets(station)) == ([], [])
    # it stays in the storage, for who comes without a copy of the home
    assert toms in {one.key for one in before}
    assert ring.segments() == before
    assert all(one.round().taken == 0 for one in ring.pcs)
    agree(ring)
    # the removal did not count after all: what it writes follows again
    del ring.roster.cuts[night.pc]
    ring.pcs.append(night)
    office.add(Resident(name="Sue"))
    office.round()
    assert segments.apart(office.store) == []
    night.add(Resident(name="Ann"))
    ring.settle(4)
    assert residents(office) == residents(station) == {"Mary", "Tom", "Sue", "Ann"}
    agree(ring)
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


def test_an_attachment_that_was_erased_leaves_every_pc(pair: Ring) -> None:
    office, station = pair.pcs
    letter, picture = (blob_id(BLOB_KEY, content) for content in (b"a letter", b"a picture"))
    with office.store.unit(PERSON, "") as unit:
        for content in (b"a letter", b"a picture"):
            blobs.attach(
                office.store, unit, BLOB_KEY, owner_type="resident", owner=1, name="scan.pdf",
                media_type="application/pdf", data=content,
            )  # fmt: skip
    pair.settle()
    assert segments.blob(station.store, letter) == b"a letter"
    (row,) = office.store.connection.execute(
        "SELECT id FROM attachment WHERE sha256 = ?", (letter,)
    ).fetchall()
    office.clock.advance(minutes=1)
    erase(office.store, "attachment", row[0], "sha256")
    blobs.drop_unused(office.store, [letter])
    pair.settle(2)
    for pc in pair.pcs:
        assert segments.blob(pc.store, letter) is None
        assert segments.blob(pc.store, picture) == b"a picture"
        assert verify.verify(pc.store, deep=True).damage == []


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
            patch.setattr(compacting, "_put_and_read_back", _put_alone)
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


_put = compacting._put_and_read_back


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
