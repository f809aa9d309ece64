"""``python -m benchmarks.lost_server``: one of three volume servers is killed during rounds.

Each object lies on two of the three. Three PCs of one home write and exchange; in the middle, with
writes under way, one server is killed (SIGKILL) and never comes back. Rounds may fail for a while.
Afterwards all three PCs must show the same, with everything that was written, and the store must
still give out every segment. Ends with 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.harness import check
from tests.sync.lost_server import play
from tests.sync.real_store import replicated

_PCS = 3
_LONGEST = 90.0


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
            came = play(
                folder / "home", store.access(), victim.kill,
                pcs=_PCS, turns=asked.turns, seed=asked.seed, longest=_LONGEST,
            )  # fmt: skip
            check(victim.is_over(), "the server was not killed")
    print(f"saves: {came.saves}, failed rounds: {len(came.troubles)}")
    print(f"seconds until all agreed after the last save: {came.seconds:.1f}")
    print(f"segments in the store: {came.segments}, each read back")
    print(f"lost: {len(came.lost)}{''.join(f' {one}' for one in sorted(came.lost))}")
    sys.exit(1 if came.lost else 0)


if __name__ == "__main__":
    main()
