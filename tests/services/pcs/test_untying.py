"""Records that PCs merged into each other: one of them stands, on every PC alike."""

from __future__ import annotations

import dataclasses

import pytest

from liaison.errors import UserError
from liaison.records.home import Resident
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.pcs import untying
from liaison.store import history, query
from tests.services.pcs.houses import House, digests, sound


def residents(home: OpenHome) -> list[int | None]:
    return [one.id for one in query.every(home.store, query.Query("resident"))]


def merge(home: OpenHome, one: int, into: int) -> None:
    record, survivor = (home.store.get("resident", which) for which in (one, into))
    assert record is not None
    assert survivor is not None
    editing.merge(home, record, survivor)


def add(home: OpenHome, *names: str) -> list[int]:
    with home.unit() as unit:
        return [unit.add(Resident(name=name)) for name in names]


def test_two_records_that_two_pcs_merged_into_each_other_leave_the_older_one(house: House) -> None:
    nurses = house.join("Nurses")
    older, newer = add(house.office, "Joan Tully", "Joan Tully")
    house.rounds()
    merge(house.office, newer, into=older)
    merge(nurses, older, into=newer)
    house.rounds(times=3)
    for home in (house.office, nurses):
        assert residents(home) == [older]
        assert not history.conflicts(home.store), "both PCs said the same of it"
        assert sound(home)
    assert len(digests(house.office, nurses)) == 1
    assert untying.WHY in [
        step.reason for step in history.history(house.office.store, "resident", older)
    ]


def test_a_ring_of_three_is_opened_once_and_what_leads_into_it_stays(house: House) -> None:
    home = house.office
    first, second, third, fourth, fifth = add(home, "A", "B", "C", "D", "E")
    ring = {first: second, second: third, third: first, fourth: second}
    with home.unit() as unit:
        for identity, into in ring.items():
            loaded = home.store.load("resident", identity)
            assert loaded is not None
            unit.save(loaded, dataclasses.replace(loaded.record, merged_into=into))
    assert residents(home) == [fifth]
    assert untying.untie(home) == 1
    assert set(residents(home)) == {first, fifth}
    stands = home.store.follow("resident", fourth)
    assert stands is not None
    assert stands.id == first
    assert untying.untie(home) == 0, "a chain of duplicates is no ring"


def test_a_home_that_cannot_be_written_is_left_as_it_is(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = add(house.office, "A", "B")
    merge(house.office, one, into=other)
    monkeypatch.setattr(OpenHome, "cannot_write", UserError("It cannot be written."))
    monkeypatch.setattr(query, "merged_on", lambda *_: {one: other, other: one})
    assert untying.untie(house.office) == 0
