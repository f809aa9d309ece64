"""The storage and the other PCs at their worst: each fault by itself, and what people are told."""

from __future__ import annotations

import dataclasses
import json
import tracemalloc
import zlib
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.errors import UserError
from liaison.records.administration import Attachment
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.store import blobs, history, outbox, quarantine, segments, verify
from liaison.store.driver import DatabaseTrouble
from liaison.store.store import Store
from liaison.sync import beating, body, names, removals, sealed
from liaison.sync.means import FORKED, REMOVED, Means, units_in
from liaison.sync.roster import EpochKey
from liaison.sync.sealed import Header, Sealed
from liaison.sync.travel import travel
from tests.store.conftest import BLOB_KEY, HOME, signer_of
from tests.sync.conftest import PERSON, Pc, Ring, agree
from tests.sync.places import Lying, add, lying, set_back, state, wipe


def residents(pc: Pc) -> set[str]:
    rows = pc.store.connection.execute("SELECT name FROM resident")
    return {name for (name,) in rows}


def reasons(pc: Pc) -> list[str]:
    return [one.reason for one in segments.apart(pc.store)]


def three_segments(pair: Ring) -> tuple[Pc, Pc, list[Lying]]:
    """Let the office send three segments that the station has not fetched."""
    office, station = pair.pcs
    pair.settle()
    before = set(pair.segments())
    for name in ("one", "two", "three"):
        office.add(Resident(name=name))
        office.round()
    return office, station, sorted(set(pair.segments()) - before)


def copy(one: Lying, name: str) -> None:
    """Lay a copy beside it, as cloud programs do."""
    one.with_name(name).write_bytes(one.read_bytes())


def found(path: Lying) -> Sealed:
    return sealed.require_home(sealed.read(path.read_bytes()), HOME)


# ---- what lies in the storage


@pytest.mark.both_places
def test_a_missing_middle_is_waited_for_and_told(pair: Ring) -> None:
    _, station, (_, middle, _) = three_segments(pair)
    away = middle.read_bytes()
    middle.unlink()
    result = station.round()
    assert residents(station) == {"one"}
    assert [wait.reason for wait in result.waiting] == [
        "what that PC wrote before it has not come yet"
    ]
    assert result.behind == [pair.pcs[0].pc]
    middle.write_bytes(away)
    station.round()
    assert residents(station) == {"one", "two", "three"}
    agree(pair)


@pytest.mark.both_places
@pytest.mark.parametrize("how", ["empty", "zeros", "truncated", "header", "body", "signature"])
def test_a_damaged_segment_is_never_taken_in_and_its_own_pc_heals_it(pair: Ring, how: str) -> None:
    office, station, (_, middle, _) = three_segments(pair)
    whole = middle.read_bytes()
    damaged = bytearray(whole)
    at = {"header": 60, "body": 300, "signature": len(whole) - 3}.get(how, 0)
    damaged[at] ^= 4
    content = {"empty": b"", "zeros": bytes(len(whole)), "truncated": whole[:-70]}
    middle.write_bytes(content.get(how, bytes(damaged)))
    result = station.round()
    assert residents(station) == {"one"}
    told = {wait.name for wait in result.waiting} | {
        one.name for one in segments.apart(station.store)
    }
    assert middle.key in told
    # told of in the station's sign of life, and put right by whoever has it whole
    office.round()
    station.round()
    assert residents(station) == {"one", "two", "three"}
    assert reasons(station) == []
    agree(pair)


@pytest.mark.both_places
def test_swapped_segments_are_known_by_what_they_say_not_by_their_names(pair: Ring) -> None:
    _, station, (first, middle, _) = three_segments(pair)
    one, two = first.read_bytes(), middle.read_bytes()
    first.write_bytes(two)
    middle.write_bytes(one)
    station.round()
    assert residents(station) == {"one", "two", "three"}
    agree(pair)


@pytest.mark.both_places
def test_the_litter_of_cloud_folders_changes_nothing(pair: Ring) -> None:
    _, station, (first, middle, last) = three_segments(pair)
    copy(first, first.stem + " (1).seg")
    copy(last, last.stem + "-DESKTOP-7Q2.seg")
    # only the copy is left of this one
    copy(middle, middle.stem + " (1).seg")
    middle.unlink()
    first.with_name("desktop.ini").write_bytes(b"[.ShellClassInfo]")
    first.with_name("Thumbs.db").write_bytes(b"")
    first.with_name(last.stem + " (2).seg").write_bytes(last.read_bytes()[:300])
    station.round()
    assert residents(station) == {"one", "two", "three"}
    result = station.round()
    # of what never was a packet nothing is said; half of one may become whole
    assert [wait.name.rsplit("/", 1)[1] for wait in result.waiting] == [last.stem + " (2).seg"]
    agree(pair)


@pytest.mark.both_places
def test_a_segment_of_another_home_is_set_apart(pair: Ring) -> None:
    office, station, (first, *_) = three_segments(pair)
    header = dataclasses.replace(found(first).header, home="ANOTHERH0ME00", seq=9, first=9)
    plant(pair, header, b"x", office.means.signer)
    result = station.round()
    assert result.set_apart == ["it belongs to another home"]
    assert residents(station) == {"one", "two", "three"}
    # and is not fetched again
    assert station.round().set_apart == []


def plant(ring: Ring, header: Header, content: bytes, signer: object) -> Lying:
    """Lay a well-formed object into the storage, as somebody with the keys could."""
    data = sealed.seal(header, content, EpochKey("epoch-1", b"e" * 32), signer)  # type: ignore[arg-type]
    name = names.segment(HOME, header.pc, header.incarnation, header.seq, sealed.digest_of(data))
    planted = Lying(name, ring.place)
    planted.write_bytes(data)
    return planted


@pytest.mark.both_places
def test_a_segment_that_a_stranger_signed_anew_is_set_apart(pair: Ring) -> None:
    _, station, (_, middle, _) = three_segments(pair)
    data = middle.read_bytes()
    stranger = Ed25519PrivateKey.generate()
    middle.write_bytes(data[:-64] + stranger.sign(b"liaison object 1\n" + sealed.digest_of(data)))
    result = station.round()
    assert result.set_apart == ["its signature is not that PC's"]
    assert residents(station) == {"one"}


@pytest.mark.both_places
def test_a_paired_pc_that_forges_anothers_segment_is_found_out(ring: Ring) -> None:
    office, station, night = ring.pcs
    office.add(Resident(name="true"))
    ring.settle()
    last = found(ring.segments()[0])
    for path in ring.segments():
        one = found(path)
        if one.header.pc == office.pc and one.header.seq >= last.header.seq:
            last = one
    header = dataclasses.replace(
        last.header, first=last.header.seq + 1, seq=last.header.seq + 1, previous=last.digest
    )
    plant(ring, header, sealed.open_body(last, b"e" * 32), night.means.signer)
    assert station.round().set_apart == ["its signature is not that PC's"]
    assert residents(station) == {"true"}


@pytest.mark.both_places
def test_a_bomb_from_a_paired_pc_is_set_apart_and_blocks_nobody_else(ring: Ring) -> None:
    office, station, night = ring.pcs
    ring.settle()
    header = Header(sealed.SEGMENT, HOME, night.pc, 0, night.tag, first=1, seq=1)
    plant(ring, header, b"\0\0\0\x05[1,2]" + b"x" * 99, night.means.signer)
    office.add(Resident(name="true"))
    office.round()
    result = station.round()
    assert len(result.set_apart) == 1
    assert residents(station) == {"true"}


def test_what_unpacks_to_far_more_than_it_says_is_never_unpacked_in_a_round(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station, night = ring.pcs
    ring.settle()
    header = Header(sealed.SEGMENT, HOME, night.pc, 0, night.tag, first=1, seq=1)
    much = 256 << 20
    bomb = zlib.compress(bytes(much), 9)
    with monkeypatch.context() as lying:
        lying.setattr(zlib, "compress", lambda *_: bomb)
        plant(ring, header, b"[]", night.means.signer)
    office.add(Resident(name="true"))
    office.round()
    tracemalloc.start()
    try:
        result = station.round()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(result.set_apart) == 1
    assert residents(station) == {"true"}
    assert most < much // 8


def test_a_segment_that_names_another_one_before_it_waits_and_is_told(pair: Ring) -> None:
    office, station, (_, _, last) = three_segments(pair)
    one = found(last)
    last.unlink()
    office.means.shelf.forget(last.key)
    header = dataclasses.replace(one.header, previous=b"?" * 32)
    plant(pair, header, sealed.open_body(one, b"e" * 32), office.means.signer)
    result = station.round()
    assert residents(station) == {"one", "two"}
    assert [wait.reason for wait in result.waiting] == [
        "it does not continue what that PC wrote before"
    ]


@pytest.mark.both_places
def test_an_old_segment_put_back_under_another_name_changes_nothing(pair: Ring) -> None:
    _, station, (first, *_) = three_segments(pair)
    station.round()
    before = station.digest()
    copy(first, f"0000000099-{'a' * 32}.seg")
    result = station.round()
    assert (result.taken, result.set_apart) == (0, [])
    assert station.digest() == before


@pytest.mark.both_places
def test_a_storage_that_was_wiped_is_filled_again_from_any_pc(ring: Ring) -> None:
    office, station, night = ring.pcs
    office.add(Resident(name="Mary"))
    station.add(Resident(name="John"))
    ring.settle()
    before = [path.name for path in ring.segments()]
    wipe(ring.place)
    # not the ones that wrote it: the third has everything
    result = night.round()
    assert result.went_back
    assert result.given_back == len(before)
    assert [path.name for path in ring.segments()] == before


@pytest.mark.both_places
def test_a_storage_that_went_back_is_noticed_and_put_right(pair: Ring) -> None:
    _, station, (_, _, last) = three_segments(pair)
    station.round()
    last.unlink()
    result = station.round()
    assert result.went_back
    assert result.given_back == 1
    assert last.exists()
    assert not station.round().went_back


# ---- this PC


@pytest.mark.both_places
def test_an_outage_keeps_everything_and_says_so(pair: Ring) -> None:
    office, station = pair.pcs
    pair.settle()
    there = office.means
    office.exchange.means = dataclasses.replace(there, transport=pair.place.unreachable())
    office.add(Resident(name="meanwhile"))
    result = office.round()
    assert result.trouble is not None
    assert result.trouble.code in {"no-folder", "store-not-there"}
    assert result.unsent == 0
    office.exchange.means = there
    office.round()
    station.round()
    assert residents(station) == {"meanwhile"}


@pytest.mark.both_places
def test_sealed_segments_travel_both_ways_while_the_home_is_locked(pair: Ring) -> None:
    office, station, sent = three_segments(pair)
    came = travel(station.means.transport, station.means.shelf, HOME)
    assert (came.fetched, came.trouble) == (3, None)
    assert residents(station) == set()
    for path in sent:
        path.unlink()
    # what was fetched while it was locked is taken in without the storage having it any more
    station.round()
    assert residents(station) == {"one", "two", "three"}
    for path in pair.segments():
        path.unlink()
    assert travel(office.means.transport, office.means.shelf, HOME).given >= 3


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


def test_an_attachment_is_in_the_storage_before_the_segment_that_names_it(pair: Ring) -> None:
    office, station = pair.pcs
    pair.settle()
    with office.store.unit(PERSON, "") as unit:
        mary = unit.add(Resident(name="Mary"))
        blobs.attach(
            office.store, unit, BLOB_KEY, owner_type="resident", owner=mary, name="letter.pdf",
            media_type="application/pdf", data=b"%PDF a letter",
        )  # fmt: skip
    put: list[str] = []
    transport = office.means.transport
    real = transport.put

    def noting(key: str, data: bytes) -> None:
        put.append(key.split("/")[2])
        real(key, data)

    transport.put = noting  # type: ignore[method-assign]
    office.round()
    assert put == ["blob", "d", "hb"]
    assert station.round().blobs_missing == 0
    (row,) = station.store.connection.execute("SELECT id FROM attachment").fetchall()
    loaded = station.store.get("attachment", row[0])
    assert isinstance(loaded, Attachment)
    assert blobs.read_blob(station.store, loaded) == b"%PDF a letter"
    assert b"a letter" not in b"".join(one.read_bytes() for one in lying(pair.place, ".blob"))


@pytest.mark.both_places
def test_an_attachment_that_is_missing_is_told_and_fetched_when_it_is_there(pair: Ring) -> None:
    office, station = pair.pcs
    pair.settle()
    with office.store.unit(PERSON, "") as unit:
        mary = unit.add(Resident(name="Mary"))
        blobs.attach(
            office.store, unit, BLOB_KEY, owner_type="resident", owner=mary, name="letter.pdf",
            media_type="application/pdf", data=b"%PDF a letter",
        )  # fmt: skip
    office.round()
    (blob,) = lying(pair.place, ".blob")
    away = blob.read_bytes()
    blob.unlink()
    assert station.round().blobs_missing == 1
    assert residents(station) == {"Mary"}
    blob.write_bytes(away)
    assert station.round().blobs_missing == 0


# ---- forks and removals


@pytest.mark.both_places
def test_two_lines_of_one_pc_are_settled_alike_everywhere_and_both_are_kept(ring: Ring) -> None:
    """The image was put back while the storage hid what came after it: both lines were sent."""
    office, station, night = ring.pcs
    mary = office.add(Resident(name="Mary", room="1"))
    ring.settle()
    image = ring.image(office)
    storage_then = state(ring.place)
    change(office, mary, room="2")
    office.add(Resident(name="first line"))
    office.round()
    station.round()
    first_line = state(ring.place)
    set_back(ring.place, storage_then)
    office = ring.restore(office, image)
    office.clock.advance(minutes=5)
    change(office, mary, room="3")
    office.add(Resident(name="second line"))
    office.round()
    night.round()
    assert residents(night) == {"Mary", "second line"}
    assert residents(station) == {"Mary", "first line"}
    add(ring.place, first_line)
    ring.settle()
    for pc in ring.pcs:
        assert residents(pc) == {"Mary", "first line", "second line"}
        # nobody has to know which of the two rooms it was: people choose
        (shown,) = history.conflicts(pc.store)
        assert {version.value for version in shown.versions} == {"2", "3"}
    agree(ring)


def change(pc: Pc, rec: int, **fields: object) -> None:
    loaded = pc.store.load("resident", rec)
    assert loaded is not None
    with pc.store.unit(PERSON, "") as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, **fields))  # type: ignore[arg-type]


@pytest.mark.both_places
def test_a_clock_that_is_ten_years_behind_gives_no_record_of_one_line_to_the_other(
    pair: Ring,
) -> None:
    """Stamps then follow each other one by one, so both lines give the same ids."""
    office, station = pair.pcs
    office.clock.now = office.clock.now.replace(year=2016)
    pair.settle()
    image = pair.image(office)
    office.add(Resident(name="after the image"))
    pair.settle()
    office = pair.restore(office, image)
    with office.store.unit(PERSON, "") as unit:
        john = unit.add(Resident(name="on the image"))
        blobs.attach(
            office.store, unit, BLOB_KEY, owner_type="resident", owner=john, name="letter.pdf",
            media_type="application/pdf", data=b"%PDF a letter",
        )  # fmt: skip
    pair.settle()
    assert residents(station) == {"after the image", "on the image"}
    found_ = station.store.connection.execute(
        "SELECT a.owner_id, r.id FROM attachment AS a, resident AS r WHERE r.name = 'on the image'"
    ).fetchone()
    from liaison.records import ids

    assert ids.from_text(found_[0]) == found_[1]
    agree(pair)


@pytest.mark.both_places
def test_a_pc_that_was_set_back_with_the_storage_learns_it_from_the_others(pair: Ring) -> None:
    office, _ = pair.pcs
    office.add(Resident(name="Mary"))
    pair.settle()
    image = pair.image(office)
    office.add(Resident(name="after the image"))
    pair.settle()
    # only what the other PC says of it is left
    for path in pair.segments():
        path.unlink()
    office = pair.restore(office, image)
    assert office.round().new_life
    pair.settle()
    assert residents(office) == {"Mary", "after the image"}
    agree(pair)


@pytest.mark.both_places
def test_what_a_removed_pc_wrote_after_its_cut_is_refused_and_taken_back(ring: Ring) -> None:
    office, station, night = ring.pcs
    mary = office.add(Resident(name="Mary", room="1"))
    ring.settle()
    night.add(Resident(name="before the cut"))
    ring.settle()
    cut = next(one for one in segments.frontiers(office.store) if one.replica.pc == night.pc)
    change(night, mary, room="66")
    night.add(Resident(name="after the cut"))
    night.round()
    station.round()
    assert residents(station) == {"Mary", "before the cut", "after the cut"}
    ring.roster.cuts[night.pc] = cut.replica.seq
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


def test_a_removed_pc_takes_few_numbers_from_others_whatever_lives_it_begins(
    pair: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station = pair.pcs
    pair.settle()
    for life in range(1, 6):
        station.begin(life)
        station.add(Resident(name=f"of life {life}"))
        station.round()
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
    for life in range(1, 7):
        station.begin(life)
        station.add(Resident(name=f"of life {life}"))
        station.round()
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


@pytest.mark.both_places
def test_ten_thousand_changes_at_once_arrive_in_whole_units(pair: Ring) -> None:
    office, station = pair.pcs
    with office.store.unit(PERSON, "", kind="import") as unit:
        for number in range(10_000):
            unit.add(Resident(name=f"R{number}"))
    pair.settle(2)
    assert len(residents(station)) == 10_000
    for path in pair.segments():
        assert found(path).header.changes <= 5_000
    assert station.digest() == office.digest()


@pytest.mark.both_places
def test_the_same_home_used_by_two_programs_sends_everything_once(pair: Ring) -> None:
    office, station = pair.pcs
    pair.settle()
    second = Store(office.store.path, office.store.key, signer_of(office.tag), clock=office.clock)
    other = pair.join(office.tag, second, office.clock)
    office.add(Resident(name="window"))
    other.add(Resident(name="command line"))
    assert other.round().trouble is None
    office.add(Resident(name="window again"))
    assert office.round().trouble is None
    other.close()
    station.round()
    assert residents(station) == {"window", "command line", "window again"}
    agree(pair)


def units_of(means: Means, path: Lying) -> int:
    return len(units_in(means, found(path)))


def test_a_body_that_holds_another_number_of_changes_than_it_says_is_set_apart(pair: Ring) -> None:
    office, station, (_, _, last) = three_segments(pair)
    one = found(last)
    last.unlink()
    office.means.shelf.forget(last.key)
    content = body.encode(b"b" * 32, units_in(office.means, one))
    plant(pair, dataclasses.replace(one.header, changes=7), content, office.means.signer)
    assert station.round().set_apart == ["it holds another number of changes than it says"]
    assert FORKED not in reasons(station)


@pytest.mark.both_places
def test_a_conflict_that_one_settles_is_settled_everywhere(ring: Ring) -> None:
    office, station, _ = ring.pcs
    mary = office.add(Resident(name="Mary", room="1"))
    ring.settle()
    change(office, mary, room="2")
    change(station, mary, room="3")
    ring.settle()
    for pc in ring.pcs:
        assert [(one.field, len(one.versions)) for one in history.conflicts(pc.store)] == [
            ("room", 2)
        ]
    (conflict,) = history.conflicts(station.store)
    with station.store.unit(PERSON, "she moved back") as unit:
        unit.resolve("resident", mary, "room", "2", [one.stamp for one in conflict.versions])
    ring.settle()
    for pc in ring.pcs:
        assert history.conflicts(pc.store) == []
        shown = pc.store.get("resident", mary)
        assert isinstance(shown, Resident)
        assert shown.room == "2"
    agree(ring)


def test_two_programs_that_build_at_the_same_moment_make_one_segment(
    pair: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station = pair.pcs
    pair.settle()
    second = Store(office.store.path, office.store.key, signer_of(office.tag), clock=office.clock)
    other = pair.join(office.tag, second, office.clock)
    office.add(Resident(name="once"))
    real = outbox.put

    def late(store: Store, *what: Any) -> bool:
        # the other program is through with its round just before this one's segment is kept
        monkeypatch.setattr(outbox, "put", real)
        assert other.round().sent == 1
        return real(store, *what)

    monkeypatch.setattr(outbox, "put", late)
    assert office.round().trouble is None
    other.close()
    station.round()
    assert residents(station) == {"once"}
    agree(pair)


@pytest.mark.both_places
@pytest.mark.parametrize(("of", "at"), [(segments, "take"), (outbox, "put"), (outbox, "mark_sent")])
def test_a_full_disk_of_this_pc_is_told_and_nothing_is_lost(
    pair: Ring, monkeypatch: pytest.MonkeyPatch, of: ModuleType, at: str
) -> None:
    _, station, _ = three_segments(pair)
    station.add(Resident(name="of its own"))
    real = getattr(of, at)

    def full(*_: Any, **__: Any) -> None:
        raise DatabaseTrouble("The disk is full.", code="disk-full")

    monkeypatch.setattr(of, at, full)
    result = station.round()
    assert result.trouble is not None
    assert result.trouble.code == "disk-full"
    monkeypatch.setattr(of, at, real)
    pair.settle(2)
    for pc in pair.pcs:
        assert residents(pc) == {"one", "two", "three", "of its own"}
    agree(pair)


def test_a_round_never_raises_what_the_storage_says(pair: Ring) -> None:
    office, _ = pair.pcs
    office.add(Resident(name="Mary"))

    def full(_key: str, _data: bytes) -> None:
        raise UserError("The storage is full.", code="disk-full")

    office.means.transport.put = full  # type: ignore[method-assign]
    result = office.round()
    assert result.trouble is not None
    assert (result.sent, result.unsent) == (0, 1)
