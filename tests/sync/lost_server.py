"""PCs of one home around a store of several servers, of which one is killed in the middle of a round.

For the test of it and for ``python -m benchmarks.lost_server``, which plays it for longer.
"""

from __future__ import annotations

import contextlib
import dataclasses
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records.home import Resident
from liaison.sync.exchange import Exchange
from liaison.sync.object_store import Limits, ObjectStore
from liaison.sync.object_store_memory import RememberingStore
from liaison.sync.object_store_patience import Patience
from tests.sync.conftest import TAGS, Pc, Ring

if TYPE_CHECKING:
    from liaison.sync.object_store_place import Access

_LIMITS: Final = Limits(connect=2, silence=5, request=10)
_QUIET_ROUNDS: Final = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Args:
        saves: How many saves there were.
        troubles: What the rounds said that did not go through.
        seconds: From the last save until all agreed.
        segments: How many segments the store holds, each read back.
        lost: What is missing on a PC or in the store, or does not hold.
    """

    saves: int
    troubles: list[UserError]
    seconds: float
    segments: int
    lost: set[str]


def play(
    folder: Path,
    access: Access,
    kill: Callable[[], None],
    *,
    pcs: int,
    turns: int,
    seed: int,
    longest: float,
) -> Outcome:
    """Write and exchange, let the server be killed while a round of the middle puts, and go on.

    Args:
        folder: Where the PCs lie.
        access: The way to the store.
        kill: Kills the server.
        pcs: How many PCs there are.
        turns: How many saves.
        seed: Which PC saves when.
        longest: After so many seconds all must agree.
    """
    chance = random.Random(seed)
    ring = Ring(folder, tags=TAGS[:pcs])
    for pc in ring.pcs:
        transport = RememberingStore(
            ObjectStore(access, limits=_LIMITS, patience=Patience(tries=1))
        )
        pc.exchange = Exchange(dataclasses.replace(pc.means, transport=transport))
    _until_quiet(ring, longest)
    written: set[str] = set()
    troubles: list[UserError] = []
    for turn in range(turns):
        pc = chance.choice(ring.pcs)
        written.add(f"resident {turn}")
        pc.add(Resident(name=f"resident {turn}"))
        if turn == turns // 2:
            _while_it_puts(pc, kill)
        trouble = pc.round().trouble
        troubles += [trouble] if trouble else []
    began = time.monotonic()
    later, lost = _until_quiet(ring, longest)
    seconds = time.monotonic() - began
    lost |= {name for pc in ring.pcs for name in written - _names(pc)}
    if len({pc.digest() for pc in ring.pcs}) != 1:
        lost.add("the PCs do not agree")
    store = ObjectStore(access, limits=_LIMITS)
    kept = [name for name in store.list("v1/") if name.endswith(".seg")]
    lost |= {name for name in kept if not _read_back(store, name)}
    ring.close()
    return Outcome(len(written), troubles + later, seconds, len(kept), lost)


def _while_it_puts(pc: Pc, kill: Callable[[], None]) -> None:
    """Let the server be killed with the first request that lays something there."""
    transport = pc.means.transport
    real = transport.put

    def put(key: str, data: bytes) -> None:
        transport.put = real  # type: ignore[method-assign]
        kill()
        real(key, data)

    transport.put = put  # type: ignore[method-assign]  # of this one alone


def _read_back(store: ObjectStore, name: str) -> bytes | None:
    with contextlib.suppress(UserError):
        return store.get(name)
    return None


def _names(pc: Pc) -> set[str]:
    return {name for (name,) in pc.store.connection.execute("SELECT name FROM resident")}


def _until_quiet(ring: Ring, longest: float) -> tuple[list[UserError], set[str]]:
    """Let everybody exchange until nothing moves; return what was said, and what did not come to rest."""
    end = time.monotonic() + longest
    quiet = 0
    troubles: list[UserError] = []
    while quiet < _QUIET_ROUNDS:
        rounds = [pc.round() for pc in ring.pcs]
        said = [one.trouble for one in rounds if one.trouble]
        troubles += said
        moved = any(one.taken or one.sent or one.given_back for one in rounds)
        quiet = 0 if moved or said else quiet + 1
        if time.monotonic() > end:
            return troubles, {f"not quiet in time: {said}"}
        if said:
            threading.Event().wait(1)
    return troubles, set()
