"""``python -m benchmarks.region``: what the homes of a region ask of one object store, and what that costs.

A typical home is played: three PCs with real databases and keys, and a real store's engine between
them. Each PC does a round every five minutes, day and night, and one eight seconds after a save, as
the window does; only the clock is made up. Every request is counted on its way to the store. The
table is what a day of that comes to, a year of it, and what that costs at the prices given.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import dataclasses
import datetime as dt
import heapq
import os
import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import data
from benchmarks.harness import check
from liaison.records.casework import Visit, VisitEntry
from liaison.records.home import Resident
from liaison.services import syncing
from liaison.services.pcs import meeting_places
from liaison.sync import names
from liaison.sync.compacting import WORTH_IT
from liaison.sync.object_store import PAGE, ObjectStore
from liaison.sync.object_store_memory import RememberingStore
from tests.services.pcs.houses import House
from tests.sync.bad_link import BadLink, bad_link
from tests.sync.real_store import running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.services.homes import OpenHome
    from liaison.sync.object_store_place import Access

_PCS: Final = ("Nurses", "Laptop")
"""The PCs beside the office's."""
_EVERY: Final = dt.timedelta(minutes=5)
_SOON: Final = dt.timedelta(seconds=8)
_DAY: Final = dt.timedelta(days=1)
_LATER: Final = dt.timedelta(days=14)
"""The invitations of the PCs have ended by then, and nobody asks for them any more."""
_AWAKE: Final = (7 * 60, 22 * 60)
"""The minutes of a day between which somebody saves."""
_RESIDENTS: Final = 30
_NOTES: Final = 3
_DAYS: Final = 365
_LIST, _PUT, _GET, _DELETE = "lists", "puts", "gets", "deletes"
_KINDS: Final = (_LIST, _PUT, _GET, _DELETE)
_MILLION: Final = 1_000_000
_GIGA: Final = 1e9


class Weighed(RememberingStore):
    """The way of a PC to the store, by the clock that is made up; bytes are weighed.

    Args:
        access: The way to the store.
        began: When the clock began.
    """

    def __init__(self, access: Access, began: dt.datetime) -> None:
        super().__init__(ObjectStore(access), clock=self._seconds)
        self._began = self.now = began
        self.sent = self.fetched = 0

    def _seconds(self) -> float:
        return (self.now - self._began).total_seconds()

    def put(self, key: str, data: bytes, /) -> None:
        """Lay an object there."""
        super().put(key, data)
        self.sent += len(data)

    def get(self, key: str, /) -> bytes | None:
        """Return an object."""
        found = super().get(key)
        self.fetched += len(found or b"")
        return found


@dataclasses.dataclass(frozen=True, slots=True)
class Prices:
    """What a provider asks for, in dollars.

    Args:
        writing: A million lists or puts.
        reading: A million gets.
        keeping: A gigabyte for a month.
    """

    writing: float
    reading: float
    keeping: float

    def of(self, asked: collections.Counter[str], size: float) -> float:
        """Return what a year costs, with so many requests, and so many bytes kept all the time."""
        dear = asked[_LIST] + asked[_PUT]
        requests = (dear * self.writing + asked[_GET] * self.reading) / _MILLION
        return requests + size / _GIGA * self.keeping * 12


@dataclasses.dataclass(slots=True)
class Played:
    """What some days came to.

    Args:
        days: How many.
        saves: Saves a day.
        rounds: Rounds of all PCs.
        asked: Requests by kind.
        idle: Requests of a round that had nothing to do.
        objects: Segments and bundles in the store at the end.
        size: By how many bytes they grew.
        sent: Bytes that all PCs sent.
        fetched: Bytes that they fetched.
    """

    days: int
    saves: int
    rounds: int = 0
    asked: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    idle: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    objects: int = 0
    size: int = 0
    sent: int = 0
    fetched: int = 0

    @property
    def year(self) -> collections.Counter[str]:
        """Requests of a year."""
        return collections.Counter(
            {kind: round(count / self.days * _DAYS) for kind, count in self.asked.items()}
        )

    def with_lists(self, each: float) -> collections.Counter[str]:
        """Return the requests of a year in which each round asks for so many lists."""
        more = (each - self.idle[_LIST]) * self.rounds / self.days * _DAYS
        return self.year + collections.Counter({_LIST: round(more)})


def kind_of(request: str) -> str:
    """Return what kind of request it is ("GET /bucket?list-type=2&...")."""
    verb, _, path = request.partition(" ")
    if verb == "GET" and "list-type=" in path:
        return _LIST
    return {"GET": _GET, "HEAD": _GET, "PUT": _PUT, "POST": _PUT, "DELETE": _DELETE}[verb]


def play(
    house: House, access: Access, link: BadLink, played: Played, chance: random.Random
) -> None:
    """Let the PCs of a home come and go for some days.

    Args:
        house: The home's PCs, which meet in the store.
        access: The way to it.
        link: Where their requests pass.
        played: For how long, with how many saves; what it comes to is added.
        chance: Draws who saves what, and when.
    """
    began = house.office.store.clock().replace(hour=0, minute=0) + _LATER
    stores = [Weighed(access, began) for _ in house.pcs]
    with house.office.unit() as unit:
        residents = [
            unit.add(Resident(name=data.person_name(chance), room=str(number)))
            for number in range(1, _RESIDENTS + 1)
        ]
    # everybody has everything before it is counted
    for _ in range(3):
        for home, store in zip(house.pcs, stores, strict=True):
            _round(home, store, began)
    for store in stores:
        store.sent = store.fetched = 0
    played.size = -_segments(house, access)[1]
    days = played.days
    due = [(began + _EVERY * chance.random(), number) for number in range(len(stores))]
    writes = sorted(
        (began + day * _DAY + dt.timedelta(minutes=chance.uniform(*_AWAKE)), chance.choice(range(len(stores))))
        for day in range(days)
        for _ in range(played.saves)
    )  # fmt: skip
    heapq.heapify(due)
    while due[0][0] < began + days * _DAY:
        if writes and writes[0][0] <= due[0][0]:
            now, number = writes.pop(0)
            _save(house.pcs[number], now, residents, chance)
            due = [(min(when, now + _SOON) if one == number else when, one) for when, one in due]
            heapq.heapify(due)
            continue
        now, number = heapq.heappop(due)
        link.asked.clear()
        was_idle = _round(house.pcs[number], stores[number], now)
        asked = collections.Counter(map(kind_of, link.asked))
        played.rounds += 1
        played.asked += asked
        if was_idle:
            played.idle = asked
        heapq.heappush(due, (now + _EVERY, number))
    played.objects, size = _segments(house, access)
    played.size += size
    played.sent = sum(one.sent for one in stores)
    played.fetched = sum(one.fetched for one in stores)


def _round(home: OpenHome, store: Weighed, now: dt.datetime) -> bool:
    """Do a round; return whether there was nothing to do."""
    store.now = now
    home.store.clock = lambda: now
    before = store.sent, store.fetched
    result = syncing.once(home, transports=[store])
    check(result.trouble is None and not result.waiting, "a round went wrong")
    return before == (store.sent, store.fetched)


def _save(
    home: OpenHome, now: dt.datetime, residents: Sequence[int], chance: random.Random
) -> None:
    """Record a visit with some notes, as the form for visits does."""
    home.store.clock = lambda: now
    with home.unit() as unit:
        visit = unit.add(Visit(kind="visit", at=now))
        for resident in chance.sample(residents, _NOTES):
            unit.add(VisitEntry(visit=visit, resident=resident, found=data.note(chance)))


def _segments(house: House, access: Access) -> tuple[int, int]:
    """Return how many segments there are, and their bytes."""
    store = ObjectStore(access)
    found = store.list(names.segments(house.office.store.context.home))
    return len(found), sum(len(store.get(name) or b"") for name in found)


def lists_of_many(access: Access, link: BadLink) -> int:
    """Return the lists of an idle round in a home with more objects than one answer holds."""
    folders = [f"{names.segments('many')}pc{number}/1/" for number in range(1 + len(_PCS))]
    store = ObjectStore(access)
    with ThreadPoolExecutor(8) as pool:
        for number in range(PAGE // len(folders) + 1):
            keys = [f"{folder}{number:010}-{'0' * 32}.seg" for folder in folders]
            list(pool.map(lambda key: store.put(key, os.urandom(8)), keys))
    remembering = RememberingStore(store)
    for _ in range(2):
        link.asked.clear()
        check(len(remembering.list(names.segments("many"))) > PAGE, "names are missing")
    # and the one of the signs of life
    return 1 + sum(kind_of(one) == _LIST for one in link.asked)


def tell(played: Played, many: int, prices: Prices, homes: int) -> None:
    """Print it."""
    each = played.idle[_LIST]
    bundled = played.saves * _DAYS / WORTH_IT
    print(
        f"A home of {1 + len(_PCS)} PCs, {played.saves} saves a day ({_NOTES} notes a visit); "
        f"{played.days} days played, {played.rounds:,} rounds, {played.rounds / played.days:,.0f} a day"
    )
    print(
        f"{'':<24}{'a day':>12}{'a year':>14}{'a year, more than ' + f'{PAGE:,}' + ' objects':>38}"
    )
    beyond = played.with_lists(many)
    for kind in _KINDS:
        day = played.asked[kind] / played.days
        print(f"{kind:<24}{day:>12,.0f}{played.year[kind]:>14,}{beyond[kind]:>38,}")
    for what, size in (("bytes sent", played.sent), ("bytes fetched", played.fetched),
                       ("bytes of segments kept", played.size)):  # fmt: skip
        print(f"{what:<24}{size / played.days:>12,.0f}{size / played.days * _DAYS:>14,.0f}")
    print(
        f"segments and bundles at the end: {played.objects:,}; an idle round: {dict(played.idle)}"
    )
    print(
        f"bundles a year: {bundled:,.0f}, beside at most {(1 + len(_PCS)) * WORTH_IT:,} single "
        f"segments: more than {PAGE:,} objects, and {many} lists instead of {each} a round, after "
        f"{(PAGE - (1 + len(_PCS)) * WORTH_IT) / bundled:.1f} years"
    )
    kept = played.size / played.days * _DAYS
    cost, dear = (prices.of(asked, kept) for asked in (played.year, beyond))
    print(
        f"cost of a year, at ${prices.writing:g} a million lists and puts, ${prices.reading:g} a million "
        f"gets, ${prices.keeping:g} a GB and month: ${cost:.2f}; with more objects ${dear:.2f}"
    )
    seconds = _DAY.total_seconds() * played.days
    listed = [
        homes * count[_LIST] / _DAYS / _DAY.total_seconds() for count in (played.year, beyond)
    ]
    other = homes * sum(played.asked[kind] for kind in (_PUT, _GET, _DELETE)) / seconds
    print(
        f"{homes:,} homes: {homes * played.rounds / seconds:.1f} rounds, {listed[0]:.0f} to "
        f"{listed[1]:.0f} lists and {other:.1f} other requests a second on average, "
        f"{homes * kept / _GIGA:.0f} GB more a year"
    )


def main() -> None:
    """Play it and print it."""
    reading = argparse.ArgumentParser(prog="python -m benchmarks.region", description=__doc__)
    reading.add_argument("--days", type=int, default=2)
    reading.add_argument("--saves", type=int, default=100, help="of the whole home, a day")
    reading.add_argument("--homes", type=int, default=1_000, help="of the region")
    reading.add_argument("--writing", type=float, default=5.0, help="dollars a million lists, puts")
    reading.add_argument("--reading", type=float, default=0.4, help="dollars a million gets")
    reading.add_argument("--keeping", type=float, default=0.023, help="dollars a GB and month")
    reading.add_argument("--seed", type=int, default=1)
    asked = reading.parse_args()
    with contextlib.ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = stack.enter_context(running(root / "store"))
        link = stack.enter_context(bad_link(store.endpoint))
        access = store.access(endpoint=link.endpoint)
        (root / "house").mkdir()
        house = House.build(root / "house")
        stack.callback(house.close)
        for name in _PCS:
            house.join(name)
        for home in house.pcs:
            check(meeting_places.set_up_store(home, access).fault is None, "the store is not there")
            meeting_places.leave(home, folder=True)
        played = Played(asked.days, asked.saves)
        play(house, access, link, played, random.Random(asked.seed))
        prices = Prices(asked.writing, asked.reading, asked.keeping)
        tell(played, lists_of_many(access, link), prices, asked.homes)


if __name__ == "__main__":
    main()
