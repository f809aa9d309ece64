"""One PC of the home says, well signed, what nobody can keep or show: it stops nobody (invariant 4)."""

from __future__ import annotations

import json
from typing import Final

import pytest

from liaison.records.home import Resident
from liaison.store import changes as log
from liaison.store import quarantine, segments
from liaison.store import snapshot as copies
from liaison.sync import snapshot
from tests.store.conftest import HOME
from tests.sync.conftest import Pc, Ring, agree
from tests.sync.crafted import (
    HALF,
    Says,
    as_body,
    beat_words,
    lay_beat,
    lay_segment,
    lay_words,
    manifest,
)
from tests.sync.scenes import come_to, residents

DEEP: Final = b"[" * 200_000
GOOD: Final = Says('{"name":"Tom"}')
UNKEEPABLE: Final = {
    "half a character": Says(r'{"name":"\ud800"}'),
    "the other half, in a field of a newer version": Says(r'{"name":"A","hat":"\udfff"}'),
    "half a character of a record that is not known": Says(r'{"size":"\ud83d"}', type="hat"),
    "the first second of the calendar": Says('{"name":"A"}', at="0001-01-01T00:00:00Z+00:00"),
    "its last": Says('{"name":"A"}', at="9999-12-31T23:59:59Z+00:00"),
    "a time at its edge": Says('{"at":"0001-01-01T00:00:00Z+00:00"}', type="visit"),
    "a day at its edge": Says('{"name":"A","date_of_birth":"0001-01-01"}'),
    "a number that no column holds": Says(f'{{"name":"A","review_every_days":{1 << 63}}}'),
}


def three(ring: Ring) -> tuple[Pc, Pc, Pc]:
    """Let each of three PCs have written, and all have it."""
    for pc in ring.pcs:
        pc.add(Resident(name=f"from {pc.tag}"))
    ring.settle()
    office, station, night = ring.pcs
    return office, station, night


def still_exchanges(office: Pc, others: list[Pc]) -> None:
    """Hold that what a PC and others write goes to and fro."""
    for pc in (office, *others):
        pc.add(Resident(name=f"later, {pc.tag}"))
    for _ in range(3):
        for pc in (office, *others):
            result = pc.round()
            assert result.trouble is None
            assert result.unsent == 0
    assert {f"later, {pc.tag}" for pc in others} <= residents(office)
    assert len({frozenset(residents(pc)) for pc in (office, *others)}) == 1


@pytest.mark.both_places
@pytest.mark.parametrize("what", UNKEEPABLE)
def test_a_unit_that_nobody_can_keep_is_set_apart_and_stops_nobody(ring: Ring, what: str) -> None:
    office, station, night = three(ring)
    name = lay_segment(night.means, office.means, UNKEEPABLE[what], GOOD)
    result = office.round()
    assert result.trouble is None
    (apart,) = segments.apart(office.store)
    assert apart.name == name
    assert result.set_apart == [apart.reason] != [""]
    assert "Tom" not in residents(office)
    ring.pcs.remove(night)
    still_exchanges(office, [station])
    agree(ring)
    night.close()


@pytest.mark.parametrize(
    "words",
    [DEEP, rf'[2, [["{HALF}"]]]'.encode("utf-8", "surrogatepass"), rb'[2, [["\ud800"]]]', b"7" * 9_000],
    ids=["nested", "half, raw", "half, spelled", "a number"],
)  # fmt: skip
def test_a_segment_that_cannot_be_read_is_set_apart(ring: Ring, words: bytes) -> None:
    office, station, night = three(ring)
    name = lay_words(night.means, office.means, as_body(words))
    assert office.round().trouble is None
    assert [one.name for one in segments.apart(office.store)] == [name]
    ring.pcs.remove(night)
    still_exchanges(office, [station])
    night.close()


@pytest.mark.both_places
@pytest.mark.parametrize(
    "more",
    [
        {"program": HALF}, {"damaged": [f"v1/{HALF}"]}, {"lacking": [HALF]}, {"places": [HALF]},
        {"at": "0001-01-01T00:00:00Z+00:00"}, {"at": "9999-12-31T23:59:59Z+00:00"},
        {"hat": HALF}, {"claims": [[1e400, 0, 1]]}, {"claims": [[10**4000, 0, 1]]},
    ],
    ids=str,
)  # fmt: skip
def test_a_sign_of_life_that_nobody_can_keep_is_not_heard(
    ring: Ring, more: dict[str, object]
) -> None:
    office, station, night = three(ring)
    lay_beat(night.means, 1_000, beat_words(night.means, **more))
    assert office.round().trouble is None
    heard = {one.pc: one.counter for one in segments.heard(office.store)}
    # a claim that cannot be one is left out; of what cannot be kept nothing is
    assert heard[night.pc] < 1_000 or more == {"claims": [[10**4000, 0, 1]]}
    ring.pcs.remove(night)
    still_exchanges(office, [station])
    # the next good one is
    lay_beat(night.means, 1_001, beat_words(night.means))
    office.round()
    assert 1_001 in {one.counter for one in segments.heard(office.store)}
    night.close()


def test_a_record_that_begins_with_a_change_of_itself_is_no_damage(ring: Ring) -> None:
    office, station, night = three(ring)
    lay_segment(night.means, office.means, Says("{}", op=log.EDIT), GOOD)
    for pc in (office, station):
        assert pc.round().set_apart == []
        assert "Tom" in residents(pc)
    ring.pcs.remove(night)
    agree(ring)
    night.close()


def test_what_a_removed_pc_wrote_on_is_kept_for_people_but_for_what_nobody_can_read(
    ring: Ring,
) -> None:
    office, _, night = three(ring)
    lay_segment(night.means, office.means, *UNKEEPABLE.values(), GOOD)
    ring.roster.cuts[night.pc] = come_to(office, night)
    assert office.round().trouble is None
    assert [one.changes[0].fields for one, _ in quarantine.withdrawn(office.store)] == [
        {"name": "Tom"}
    ]


@pytest.mark.parametrize(
    "piece", [f"v1/{HALF}", "x" * 201, "x/" * 250 + "x", "\u00fc" * 101], ids=ascii
)
def test_a_manifest_whose_pieces_cannot_be_files_is_no_manifest(pair: Ring, piece: str) -> None:
    office, station = pair.pcs
    words = {
        "at": "2026-07-02T10:50:00Z+01:00", "key": "00" * 32, "schema": copies.schema(),
        "heads": [], "pieces": [["v1/piece", 5, "00" * 32]],
    }  # fmt: skip
    roster, keys = office.means.roster, office.means.keys

    def read() -> snapshot.Manifest:
        data = manifest(station.means, json.dumps(words).encode())
        return snapshot.read_manifest(data, HOME, roster.signing_key, keys.key)

    assert read().size == 5
    words["pieces"] = [[piece, 5, "00" * 32]]
    with pytest.raises(snapshot.BadSnapshot):
        read()


def test_a_manifest_that_is_nested_without_end_is_no_manifest(pair: Ring) -> None:
    office, station = pair.pcs
    data = manifest(station.means, DEEP)
    with pytest.raises(snapshot.BadSnapshot):
        snapshot.read_manifest(
            data, HOME, office.means.roster.signing_key, office.means.keys.key
        )  # fmt: skip
