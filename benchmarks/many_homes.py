"""``python -m benchmarks.many_homes``: hundreds of homes with three PCs each around one store.

The store's engine is real, and so is what each PC asks of it: the product's own transport, with a
connection of its own. The PCs are played: instead of opening a database they list, fetch, send and
tidy up as a round does, with bytes of the usual sizes. They come ten times as often as real ones
(each every 30 seconds instead of every five minutes), so that 300 homes load the engine as 3,000
would. Both numbers of homes are measured in one run, with the same load for each home.
"""

from __future__ import annotations

import argparse
import heapq
import os
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.harness import check, percentile
from liaison.errors import UserError
from liaison.sync.object_store import ObjectStore
from liaison.sync.object_store_memory import RememberingStore
from liaison.sync.object_store_patience import Patience
from liaison.sync.object_store_place import Access
from tests.sync.real_store import running

PCS: Final = 3
EVERY_SECONDS: Final = 30.0
#: In a home that saves 150 times a day, one round in seven has something to send.
SENDS: Final = 0.15
SEGMENT_BYTES: Final = 2_500
BEAT_BYTES: Final = 600
_THREADS: Final = 12
_REACH: Final = 1.5


@dataclass(slots=True)
class PlayedPc:
    """A PC that asks of the store what a round asks.

    Args:
        store: Its way to the store.
        home: The home's folder.
        name: The PC's folder in it.
        chance: Draws whether there is something to send.
    """

    store: RememberingStore
    home: str
    name: str
    chance: random.Random
    seen: set[str] = field(default_factory=set)
    sent: int = 0

    def round(self) -> None:
        """List, fetch what is new, and send."""
        for folder in ("d/", "hb/"):
            for name in self.store.list(self.home + folder):
                if name not in self.seen:
                    check(self.store.get(name) or folder == "hb/", "a segment vanished")
                    self.seen.add(name)
        if self.sent and self.chance.random() >= SENDS:
            return
        before = self._name("hb/")
        self.sent += 1
        for folder, size in (("d/", SEGMENT_BYTES), ("hb/", BEAT_BYTES)):
            name = self._name(folder)
            self.store.put(name, os.urandom(size))
            self.seen.add(name)
        if self.sent > 1:
            self.store.remove(before)

    def _name(self, folder: str) -> str:
        return f"{self.home}{folder}{self.name}/1/{self.sent:010}-{'0' * 32}.seg"


@dataclass(frozen=True, slots=True)
class Load:
    """What a number of homes came to.

    Args:
        homes: How many.
        latencies: Seconds of each round.
        late: Seconds by which rounds began after their time, at most.
        requests: Requests sent.
        faults: Rounds that failed.
    """

    homes: int
    latencies: list[float]
    late: float
    requests: int
    faults: int

    def line(self) -> str:
        """Return a row of the table."""
        p50, p95 = (percentile(self.latencies, part) * 1000 for part in (0.5, 0.95))
        each = self.requests / len(self.latencies)
        return (
            f"{self.homes:>6} {len(self.latencies):>7} {p50:>8.1f} {p95:>8.1f} "
            f"{each:>9.2f} {self.late:>7.1f} {self.faults:>7}"
        )


def load(access: Access, homes: int, seconds: float, seed: int) -> Load:
    """Let the PCs of so many homes come and go for so many seconds.

    Args:
        access: The way to the store.
        homes: How many homes.
        seconds: How long.
        seed: For what is drawn.
    """
    chance = random.Random(seed)
    pcs = [
        PlayedPc(
            RememberingStore(ObjectStore(access, patience=Patience(tries=2))),
            f"v1/{seed:04}{home:012x}/",
            f"PC{pc}",
            random.Random(chance.random()),
        )
        for home in range(homes)
        for pc in range(PCS)
    ]
    with ThreadPoolExecutor(_THREADS) as pool:
        # the first rounds make connections and folders and fetch each other's: they do not count
        for _ in range(2):
            list(pool.map(PlayedPc.round, pcs))
        before = sum(pc.store.requests for pc in pcs)
        times, late, faults = _play(pool, pcs, seconds, chance)
    return Load(homes, times, late, sum(pc.store.requests for pc in pcs) - before, faults)


def _play(
    pool: ThreadPoolExecutor, pcs: list[PlayedPc], seconds: float, chance: random.Random
) -> tuple[list[float], float, int]:
    begun = time.monotonic()
    due = [(begun + chance.random() * EVERY_SECONDS, number) for number in range(len(pcs))]
    heapq.heapify(due)
    guard = threading.Lock()
    latencies: list[float] = []
    lates: list[float] = [0.0]
    faults: list[str] = []

    def next_due() -> Iterator[tuple[float, PlayedPc]]:
        while True:
            with guard:
                when, number = due[0]
                if when > begun + seconds:
                    return
                heapq.heapreplace(due, (when + EVERY_SECONDS, number))
            yield when, pcs[number]

    def work(_: int) -> None:
        pause = threading.Event()
        for when, pc in next_due():
            pause.wait(max(0.0, when - time.monotonic()))
            started = time.monotonic()
            try:
                pc.round()
            except UserError as fault:
                faults.append(fault.code)
            latencies.append(time.monotonic() - started)
            lates.append(started - when)

    list(pool.map(work, range(_THREADS)))
    return latencies, max(lates), len(faults)


def main() -> None:
    """Measure few homes and many, and print both."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many_homes", description=__doc__)
    parser.add_argument("--homes", type=int, default=300)
    parser.add_argument("--few", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60.0, help="for each number of homes")
    asked = parser.parse_args()
    print(
        f"{'homes':>6} {'rounds':>7} {'p50 ms':>8} {'p95 ms':>8} {'req/round':>9} {'late s':>7} {'faults':>7}"
    )
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as store:
        results = []
        for seed, homes in enumerate((asked.few, asked.homes)):
            results.append(load(store.access(prefix="many"), homes, asked.seconds, seed))
            print(results[-1].line(), flush=True)
    few, many = (percentile(one.latencies, 0.5) for one in results)
    met = "met" if many / few <= _REACH else "MISSED"
    print(
        f"round latency, {asked.homes} homes against {asked.few}: {many / few:.2f} (reach {_REACH}) {met}"
    )


if __name__ == "__main__":
    main()
