"""Old segments become one, when everybody has them; whoever was away catches up from it."""

from __future__ import annotations

import shutil

import pytest

from liaison.records.home import Resident
from liaison.sync import compacting
from liaison.sync.transport import TransportTrouble
from tests.sync.conftest import Pc, Ring, agree
from tests.sync.test_faults import residents
from tests.sync.test_snapshot import filled, manifest_of


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compacting, "WORTH_IT", 5)


def singles(ring: Ring, pc: Pc) -> int:
    return sum("-from-" not in name for name in own(ring, pc))


def own(ring: Ring, pc: Pc) -> list[str]:
    from liaison.records import ids

    return [path.name for path in ring.segments() if ids.to_text(pc.pc) in str(path)]


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
    shutil.rmtree(ring.storage)
    ring.storage.mkdir()
    night.round()
    assert singles(ring, office) <= 1
    ring.settle(3)
    agree(ring)


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
    ring.settle(2)
    assert singles(ring, office) <= 1
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
