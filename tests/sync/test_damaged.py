"""What lies in the storage is missing, damaged, swapped, forged or put there by somebody else."""

from __future__ import annotations

import dataclasses
import tracemalloc
import zlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.records.home import Resident
from liaison.store import segments
from liaison.sync import body, sealed
from liaison.sync.means import FORKED, units_in
from liaison.sync.sealed import Header
from tests.store.conftest import HOME
from tests.sync.conftest import Ring, agree
from tests.sync.places import Lying
from tests.sync.scenes import found, plant, reasons, residents, take_back, three_segments


def copy(one: Lying, name: str) -> None:
    """Lay a copy beside it, as cloud programs do."""
    one.with_name(name).write_bytes(one.read_bytes())


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
def test_an_old_segment_put_back_under_another_name_changes_nothing(pair: Ring) -> None:
    _, station, (first, *_) = three_segments(pair)
    station.round()
    before = station.digest()
    copy(first, f"0000000099-{'a' * 32}.seg")
    result = station.round()
    assert (result.taken, result.set_apart) == (0, [])
    assert station.digest() == before


def test_a_segment_that_names_another_one_before_it_waits_and_is_told(pair: Ring) -> None:
    office, station, (_, _, last) = three_segments(pair)
    one = found(last)
    take_back(office, last)
    header = dataclasses.replace(one.header, previous=b"?" * 32)
    plant(pair, header, sealed.open_body(one, b"e" * 32), office.means.signer)
    result = station.round()
    assert residents(station) == {"one", "two"}
    assert [wait.reason for wait in result.waiting] == [
        "it does not continue what that PC wrote before"
    ]


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


def test_a_body_that_holds_another_number_of_changes_than_it_says_is_set_apart(pair: Ring) -> None:
    office, station, (_, _, last) = three_segments(pair)
    one = found(last)
    take_back(office, last)
    content = body.encode(b"b" * 32, units_in(office.means, one))
    plant(pair, dataclasses.replace(one.header, changes=7), content, office.means.signer)
    assert station.round().set_apart == ["it holds another number of changes than it says"]
    assert FORKED not in reasons(station)


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
