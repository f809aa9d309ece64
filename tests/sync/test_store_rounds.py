"""PCs of one home around a real object store: rounds go as over a folder, whatever the line does."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from liaison.records.home import Resident
from liaison.sync.exchange import Exchange
from liaison.sync.object_store import ObjectStore
from liaison.sync.object_store_memory import RememberingStore
from liaison.sync.transport import Transport
from tests.sync.bad_link import (
    PORTAL,
    Answer,
    BadLink,
    Cut,
    Fault,
    Half,
    LoseAnswer,
    Truncate,
    refusal,
)
from tests.sync.conftest import Pc, Ring, agree
from tests.sync.places import LIMITS, ONCE
from tests.sync.real_store import RealStore

FAULTS: tuple[Fault, ...] = (
    Cut(),
    Half(),
    LoseAnswer(),
    LoseAnswer(),
    Truncate(),
    Answer(200, PORTAL, "text/html"),
    Answer(404, PORTAL, "text/html"),
    Answer(429),
    refusal(403, "AccessDenied"),
    refusal(503, "SlowDown"),
)


@pytest.fixture
def around(
    tmp_path: Path, empty_homes: Path, real_store: RealStore, link: BadLink
) -> Iterator[Ring]:
    """Three PCs of one home around a folder in the store, over the bad line."""
    made = Ring(tmp_path, empty_homes)
    access = real_store.access(endpoint=link.endpoint)
    for pc in made.pcs:
        go_by(pc, RememberingStore(ObjectStore(access, limits=LIMITS, patience=ONCE)))
    yield made
    made.close()


def go_by(pc: Pc, transport: Transport) -> None:
    """Let a PC exchange over another storage from now on."""
    pc.exchange = Exchange(dataclasses.replace(pc.means, transport=transport))


def names_on(pc: Pc) -> set[str]:
    return {name for (name,) in pc.store.connection.execute("SELECT name FROM resident")}


def test_three_pcs_follow_each_other_through_the_store(around: Ring) -> None:
    for number, pc in enumerate(around.pcs):
        pc.add(Resident(name=f"Mary {number}", room="4"))
    assert [one.trouble for one in around.settle()] == [None, None, None]
    assert names_on(around.pcs[0]) == {"Mary 0", "Mary 1", "Mary 2"}
    agree(around)


def test_an_idle_round_asks_for_two_lists_and_nothing_else(around: Ring, link: BadLink) -> None:
    asked = []
    for number in range(2):
        for extra in range(1 + 10 * number):
            around.pcs[0].add(Resident(name=f"Mary {number} {extra}"))
            around.pcs[0].round()
        around.settle()
        link.asked.clear()
        assert around.pcs[1].round().trouble is None
        asked.append(len(link.asked))
    assert asked == [2, 2]


def test_a_store_that_was_wiped_is_filled_again_by_any_pc(around: Ring) -> None:
    office, station, laptop = around.pcs
    office.add(Resident(name="Mary"))
    around.settle()
    there = office.means.transport
    assert isinstance(there, RememberingStore)
    kept = there.list("")
    for name in kept:
        there.remove(name)
    told = station.round()
    assert told.went_back
    assert told.given_back
    laptop.add(Resident(name="John"))
    around.settle()
    assert names_on(office) == {"Mary", "John"}
    agree(around)


def test_a_network_that_wants_somebody_to_sign_in_is_told_and_no_wiped_store(
    around: Ring, link: BadLink
) -> None:
    around.pcs[0].add(Resident(name="Mary"))
    around.settle()
    around.pcs[0].add(Resident(name="John"))
    link.always = Answer(200, PORTAL, "text/html")
    for pc in around.pcs:
        told = pc.round()
        assert told.trouble is not None
        assert told.trouble.code == "store-web-page"
        assert not told.went_back
        assert not told.given_back
    link.always = None
    around.settle()
    assert names_on(around.pcs[2]) == {"Mary", "John"}


def test_a_line_that_is_cut_in_the_middle_of_each_put_is_told_and_nobody_takes_in_half(
    around: Ring, link: BadLink
) -> None:
    office, station, _ = around.pcs
    around.settle()
    office.add(Resident(name="Mary"))
    link.always = lambda: Half() if link.asked[-1].startswith("PUT") else None
    told = office.round()
    assert told.trouble is not None
    assert told.trouble.code == "store-cut-off"
    assert told.sent == 0
    link.always = None
    seen = station.round()
    assert (seen.taken, seen.waiting, seen.set_apart, seen.trouble) == (0, [], [], None)
    around.settle()
    assert names_on(station) == {"Mary"}
    agree(around)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_change_arrives_over_a_line_on_which_two_in_five_requests_fail(
    around: Ring, link: BadLink, seed: int, *, full_faults: bool
) -> None:
    chance = random.Random(seed)
    link.always = lambda: chance.choice(FAULTS) if chance.random() < 0.4 else None
    written: set[str] = set()
    for turn in range(40 if full_faults else 8):
        pc = chance.choice(around.pcs)
        name = f"resident {turn}"
        pc.add(Resident(name=name))
        written.add(name)
        for one in chance.sample(around.pcs, k=2):
            one.round()
    link.always = None
    around.settle()
    for pc in around.pcs:
        assert written <= names_on(pc)
    agree(around)


def test_a_home_moves_from_a_folder_to_the_store_and_back_while_its_pcs_go_on(
    tmp_path: Path, empty_homes: Path, real_store: RealStore
) -> None:
    ring = Ring(tmp_path, empty_homes)
    office, station, laptop = ring.pcs
    office.add(Resident(name="in the folder"))
    ring.settle()
    folder = office.means.transport
    access = real_store.access()

    def store() -> Transport:
        return RememberingStore(ObjectStore(access, limits=LIMITS, patience=ONCE))

    # the station has moved, the laptop has not, and the office goes by both
    to_store = store()
    go_by(station, store())
    station.add(Resident(name="first in the store"))
    laptop.add(Resident(name="last in the folder"))
    for _ in range(3):
        laptop.round()
        station.round()
        for storage in (folder, to_store):
            go_by(office, storage)
            assert office.round().trouble is None
    assert (
        names_on(station)
        == names_on(laptop)
        == {"in the folder", "first in the store", "last in the folder"}
    )
    agree(ring)
    # and back: the folder has everything again, also what it never saw
    go_by(laptop, store())
    laptop.add(Resident(name="only in the store"))
    laptop.round()
    station.round()
    for pc in (office, station, laptop):
        go_by(pc, folder)
    ring.settle()
    assert "only in the store" in names_on(office)
    agree(ring)
    ring.close()
