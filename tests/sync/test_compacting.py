"""Old segments become one, when everybody has them; whoever was away catches up from it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from liaison.records import ids
from liaison.records.home import Resident
from liaison.sync import compacting, sealed, taking
from liaison.sync.names import Named
from liaison.sync.transport import TransportTrouble
from tests.store.conftest import HOME
from tests.store.test_erasing import SECRET, erase
from tests.sync.conftest import Pc, Ring, agree
from tests.sync.places import Lying, add, state, wipe
from tests.sync.scenes import residents
from tests.sync.test_snapshot import filled, manifest_of


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compacting, "WORTH_IT", 5)


def singles(ring: Ring, pc: Pc) -> int:
    return sum("-from-" not in name for name in own(ring, pc))


def own(ring: Ring, pc: Pc) -> list[str]:
    return [path.name for path in ring.segments() if ids.to_text(pc.pc) in path.key]


def written(pc: Pc, count: int) -> set[str]:
    names = {f"R{number}" for number in range(count)}
    for name in sorted(names):
        pc.add(Resident(name=name))
        pc.round()
    return names


def test_segments_that_everybody_has_become_one(ring: Ring) -> None:
    office = ring.pcs[0]
    names = written(office, 8)
    assert singles(ring, office) >= 8
    ring.settle(3)
    assert [name for name in own(ring, office) if "-from-0000000001" in name]
    assert singles(ring, office) <= 1
    for pc in ring.pcs:
        assert residents(pc) == names
        # nobody gives back what was taken away
        assert pc.round().given_back == 0
    agree(ring)


def test_nothing_is_bundled_while_a_pc_is_away_and_it_catches_up_after_a_year(ring: Ring) -> None:
    office, station, night = ring.pcs
    written(office, 8)
    for _ in range(3):
        office.round()
        station.round()
    assert singles(ring, office) >= 8
    ring.settle(3)
    assert singles(ring, office) <= 1
    assert residents(night) == residents(office)


def test_a_new_pc_and_a_wiped_storage_do_with_bundles_alone(ring: Ring) -> None:
    office, _, night = ring.pcs
    manifest = manifest_of(ring, office)
    names = written(office, 8)
    ring.settle(3)
    new = filled(ring, manifest)
    new.round()
    assert residents(new) == names
    wipe(ring.place)
    night.round()
    assert singles(ring, office) <= 1
    ring.settle(3)
    agree(ring)


@pytest.mark.both_places
def test_a_crash_between_the_bundle_and_the_tidying_harms_nobody(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station, _ = ring.pcs
    names = written(office, 8)
    remove = office.means.transport.remove  # type: ignore[attr-defined]

    def fails(_key: str) -> None:
        raise TransportTrouble("The line is down.")

    monkeypatch.setattr(office.means.transport, "remove", fails)
    ring.settle(3)
    assert singles(ring, office) >= 8
    assert own(ring, office) != []
    ring.reopen(station)
    monkeypatch.setattr(office.means.transport, "remove", remove)
    # tidying up is no trouble that anybody is told of: it is tried again with news, or once a day
    office.clock.advance(days=1)
    ring.settle(2)
    assert singles(ring, office) <= 1
    assert all(residents(pc) == names for pc in ring.pcs)
    agree(ring)


@pytest.mark.both_places
def test_who_fetches_a_bundle_and_what_it_stands_for_together_gives_nothing_back(
    ring: Ring,
) -> None:
    office, _, night = ring.pcs
    image = ring.image(night)
    names = written(office, 8)
    old = state(ring.place)
    ring.settle(3)
    # the office is in the middle of tidying up
    add(ring.place, old)
    night = ring.restore(night, image)
    night.round()
    ring.reopen(office)
    ring.settle(3)
    assert singles(ring, office) <= 1
    assert not any(one.given_back for one in ring.settle(1))
    assert all(residents(pc) == names for pc in ring.pcs)
    agree(ring)


def test_nothing_goes_when_the_bundle_cannot_be_read_back(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = ring.pcs[0]
    written(office, 8)
    get = office.means.transport.get

    def damaged(key: str) -> bytes | None:
        data = get(key)
        return data[:-1] if data is not None and "-from-" in key else data

    monkeypatch.setattr(office.means.transport, "get", damaged)
    ring.settle(3)
    assert singles(ring, office) >= 8


def erased_and_bundled(ring: Ring, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the station erase what the office wrote and then bundled; return an image from before."""
    office, station, night = ring.pcs
    ring.settle()
    image = ring.image(night)
    monkeypatch.setattr(compacting, "WORTH_IT", 99)
    mary = office.add(Resident(name="Mary", room="12", alerts=SECRET))
    written(office, 8)
    ring.settle(1)
    station.clock.advance(minutes=1)
    assert erase(station.store, "resident", mary, "alerts") == 1
    ring.settle(2)
    monkeypatch.setattr(compacting, "WORTH_IT", 5)
    ring.settle(2)
    assert singles(ring, office) <= 1
    return image


@pytest.mark.both_places
def test_what_another_pc_erased_is_not_in_the_bundle_which_is_all_a_pc_needs(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, _, night = ring.pcs
    image = erased_and_bundled(ring, monkeypatch)
    assert SECRET.encode() not in b"".join(map(plain, ring.segments()))
    # it has never seen what was erased, nor the erasure
    night = ring.restore(night, image)
    assert night.round().set_apart == []
    ring.settle(3)
    assert residents(night) == residents(office) >= {"Mary"}
    agree(ring)


def test_what_a_pc_erased_itself_after_what_it_bundles_is_told_by_a_later_segment(
    pair: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station = pair.pcs
    pair.settle()
    image = pair.image(station)
    monkeypatch.setattr(compacting, "WORTH_IT", 99)
    mary = office.add(Resident(name="Mary", alerts=SECRET))
    written(office, 8)
    pair.settle(2)
    office.clock.advance(minutes=1)
    erase(office.store, "resident", mary, "alerts")
    monkeypatch.setattr(compacting, "WORTH_IT", 5)
    office.round()
    assert singles(pair, office) == 1
    # as if both were too large for one transaction
    monkeypatch.setattr(taking, "MOST_CHANGES", 1)
    station = pair.restore(station, image)
    assert station.round().waiting == []
    pair.settle()
    assert residents(station) == residents(office) >= {"Mary"}
    agree(pair)


def test_few_segments_are_bundled_as_soon_as_something_was_erased_from_one(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compacting, "WORTH_IT", 99)
    office, station, _ = ring.pcs
    mary = office.add(Resident(name="Mary", room="12", alerts=SECRET))
    written(office, 3)
    ring.settle(3)
    assert singles(ring, office) == 3
    station.clock.advance(minutes=1)
    erase(station.store, "resident", mary, "alerts")
    ring.settle(3)
    assert SECRET.encode() not in b"".join(map(plain, ring.segments()))
    assert singles(ring, office) <= 1
    # once: what was bundled so is left alone
    before = state(ring.place)
    ring.settle(2)
    assert state(ring.place) == before
    assert residents(office) >= {"Mary"}
    agree(ring)


def test_a_bundle_waits_for_who_erased_what_it_lacks(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, station, night = ring.pcs
    image = erased_and_bundled(ring, monkeypatch)
    there = state(ring.place)
    for key in there:
        if f"/d/{ids.to_text(station.pc)}/" in key:
            ring.place.remove(key)
    night = ring.restore(night, image)
    result = night.round()
    assert residents(night) == set()
    assert result.set_apart == []
    assert any("by whom has not come yet" in wait.reason for wait in result.waiting)
    add(ring.place, there)
    ring.settle(3)
    assert residents(night) == residents(office) >= {"Mary"}
    agree(ring)


def plain(one: Lying) -> bytes:
    """Return what is in a segment, unpacked."""
    found = sealed.require_home(sealed.read(one.read_bytes()), HOME)
    return sealed.open_body(found, b"e" * 32)


def test_what_bundles_stand_for_is_what_each_of_them_says() -> None:
    chance = random.Random(7)  # the same each time

    def some(first: int, seq: int, *, stands: bool) -> Named:
        return Named(chance.randint(1, 2), chance.randint(0, 1), seq, "", first, stands)

    for _ in range(200):
        begin = [chance.randint(1, 40) for _ in range(chance.randint(0, 6))]
        kept = [some(first, first + chance.randint(0, 20), stands=True) for first in begin]
        asked = [some(seq, seq, stands=False) for seq in range(70)]
        bundled = compacting.Bundled(kept)
        wanted = [compacting.is_covered(one, kept) for one in asked]
        assert [bundled.has(one) for one in asked] == wanted
        # no bundle goes for another one here
        assert not any(bundled.has(one) for one in kept)
