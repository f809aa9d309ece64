"""Whole rounds of an open home over a real object store: what they ask, and that two homes share one."""

from __future__ import annotations

from pathlib import Path

import pytest

from liaison.records.home import Resident
from liaison.services import editing, syncing
from liaison.services.homes import OpenHome
from liaison.services.pcs import meeting_places
from liaison.store.query import Query, every
from tests import homes as made
from tests.sync.bad_link import BadLink
from tests.sync.real_store import RealStore

LISTS = 2


def test_an_idle_round_asks_as_often_however_much_was_written(
    home: OpenHome, real_store: RealStore, link: BadLink
) -> None:
    assert (
        meeting_places.set_up_store(home, real_store.access(endpoint=link.endpoint)).fault is None
    )
    places = meeting_places.Places()
    asked: list[list[str]] = []
    for written in (1, 12):
        for number in range(written):
            editing.add(home, Resident(name=f"Mary {written} {number}"))
            assert syncing.beside(home, places.of(home)).sent == 1
        link.asked.clear()
        assert syncing.beside(home, places.of(home)).trouble is None
        asked.append([one.split("?")[0] for one in link.asked])
    assert asked[0] == asked[1]
    assert len(asked[0]) == LISTS


@pytest.mark.parametrize("prefix", ["", "/second"])
def test_two_homes_in_one_store_never_see_each_other(
    home: OpenHome, real_store: RealStore, tmp_path: Path, prefix: str
) -> None:
    access = real_store.access()
    place = access.place
    beside = real_store.access(prefix=place.prefix + prefix)
    other, _ = made.make(tmp_path / "other")
    with other:
        meeting_places.set_up_store(home, access)
        meeting_places.set_up_store(other, beside)
        editing.add(home, Resident(name="Mary"))
        editing.add(other, Resident(name="John"))
        for _ in range(2):
            for one in (home, other):
                result = syncing.once(one)
                assert (result.trouble, result.waiting, result.set_apart) == (None, [], [])
        for one, name in ((home, "Mary"), (other, "John")):
            found = [r.name for r in every(one.store, Query("resident")) if isinstance(r, Resident)]
            assert found == [name]
