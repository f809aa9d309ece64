"""A round that cannot go on says so and loses nothing: no storage, no room, here or there."""

from __future__ import annotations

import dataclasses
from types import ModuleType
from typing import Any

import pytest

from liaison.errors import UserError
from liaison.records.home import Resident
from liaison.store import outbox, segments
from liaison.store.driver import DatabaseTrouble
from tests.sync.conftest import Ring, agree
from tests.sync.scenes import residents, three_segments


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
