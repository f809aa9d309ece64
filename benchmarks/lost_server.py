"""``python -m benchmarks.lost_server``: one of three volume servers is killed during rounds.

Each object lies on two of the three. Three PCs of one home write and exchange; in the middle, with
writes under way, one server is killed (SIGKILL) and never comes back. Rounds may fail for a while.
Afterwards all three PCs must show the same, with everything that was written, and the store must
still give out every segment. Ends with 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.harness import check
from liaison.records.home import Resident
from liaison.sync.exchange import Exchange
from liaison.sync.object_store import Limits, ObjectStore
from liaison.sync.object_store_memory import RememberingStore
from liaison.sync.object_store_patience import Patience
from tests.sync.conftest import Pc, Ring
from tests.sync.real_store import RealStore, replicated

_LIMITS = Limits(connect=2, silence=5, request=10)
_LONGEST = 90.0
_QUIET_ROUNDS = 2


def main() -> None:
    """Run it once and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lost_server", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--turns", type=int, default=40, help="saves, with the kill in the middle")
    asked = parser.parse_args()
    # a network's own proxy, if this machine has one, has no part in this
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = folder / "engine"
        engine.mkdir()
        with replicated(engine) as (store, servers):
            victim = servers[asked.seed % len(servers)]
            lost = _run(folder, store, victim.kill, asked.seed, asked.turns)
            check(victim.is_over(), "the server was not killed")
    print(f"lost: {len(lost)}{''.join(f' {one}' for one in sorted(lost))}")
    sys.exit(1 if lost else 0)


def _run(
    folder: Path, real: RealStore, kill: Callable[[], None], seed: int, turns: int
) -> set[str]:
    """Write, exchange, kill, go on; return the names of what is missing anywhere."""
    chance = random.Random(seed)
    access = real.access()
    ring = Ring(folder / "home")
    for pc in ring.pcs:
        transport = RememberingStore(
            ObjectStore(access, limits=_LIMITS, patience=Patience(tries=1))
        )
        pc.exchange = Exchange(dataclasses.replace(pc.means, transport=transport))
    _until_quiet(ring)
    written: set[str] = set()
    failed = 0
    for turn in range(turns):
        pc = chance.choice(ring.pcs)
        written.add(f"resident {turn}")
        pc.add(Resident(name=f"resident {turn}"))
        if turn == turns // 2:
            # in the middle of what this round writes
            threading.Timer(0.01, kill).start()
        failed += pc.round().trouble is not None
    began = time.monotonic()
    _until_quiet(ring)
    print(f"saves: {len(written)}, failed rounds: {failed}")
    print(f"seconds until all agreed after the last save: {time.monotonic() - began:.1f}")
    missing = {name for pc in ring.pcs for name in written - _names(pc)}
    if len({pc.digest() for pc in ring.pcs}) != 1:
        missing.add("the PCs do not agree")
    store = ObjectStore(access, limits=_LIMITS)
    kept = [name for name in store.list("v1/") if name.endswith(".seg")]
    missing |= {name for name in kept if not store.get(name)}
    print(f"segments in the store: {len(kept)}, each read back")
    ring.close()
    return missing


def _names(pc: Pc) -> set[str]:
    return {name for (name,) in pc.store.connection.execute("SELECT name FROM resident")}


def _until_quiet(ring: Ring) -> None:
    """Let everybody exchange until nothing moves and nobody has trouble."""
    end = time.monotonic() + _LONGEST
    quiet = 0
    while quiet < _QUIET_ROUNDS:
        rounds = [pc.round() for pc in ring.pcs]
        moved = any(one.trouble or one.taken or one.sent or one.given_back for one in rounds)
        quiet = 0 if moved else quiet + 1
        if time.monotonic() > end:
            print(f"not quiet in time: {[str(one.trouble) for one in rounds]}")
            return
        if any(one.trouble for one in rounds):
            threading.Event().wait(1)


if __name__ == "__main__":
    main()
