"""A disk that is full, breaks or refuses at any single call: a plain message, nothing lost.

What failed is done once more, as a person would: it must then work, or say plainly why not.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.faults import work
from tests.faults.conftest import LINUX, tell
from tests.faults.victims import Recording, Victims
from tests.telling import told

pytestmark = LINUX

SEED: Final = 20_261_122
SAMPLE: Final = 6
MOST: Final = 150
"""Of one kind of call in one flow, spread from the first to the last."""

_NAMES: Final = ("rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat")
_LINKS: Final = ("link", "linkat")
_WRITES: Final = ("write", "pwrite64", "ftruncate", "fallocate")
_SYNCS: Final = ("fsync", "fdatasync")

#: Which calls fail how.
ERRORS: Final = {
    "ENOSPC": (*_WRITES, *_SYNCS, *_LINKS, "openat", "mkdir"),
    "EIO": (*_WRITES, *_SYNCS, *_NAMES, *_LINKS, "openat", "pread64"),
    "EACCES": ("openat", *_NAMES, *_LINKS),
}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("flow", work.FLOWS)
def test_a_call_that_fails_is_told_plainly_and_nothing_is_lost(
    flow: str,
    error: str,
    recorded: Callable[[str], Recording],
    victims: Victims,
    memory: Path,
    *,
    full_faults: bool,
) -> None:
    done = recorded(flow)
    calls = chosen(done, *ERRORS[error])
    if not full_faults:
        chance = Random(f"{flow} {error} {SEED}")
        calls = chance.sample(calls, min(SAMPLE // len(ERRORS), len(calls)))
    words: Counter[str] = Counter()
    for name, nth in calls:
        place = Path(shutil.copytree(done.before, memory / "place"))
        end = victims.do(
            flow, place, "-o", "/dev/null", "-e", f"trace={name}",
            "-e", f"inject={name}:error={error}:when={nth}",
        )  # fmt: skip
        with told(f"{error} at {name} number {nth}: {end}"):
            assert not end.killed
            for word in end.told:
                assert not word.startswith("bug"), victims.errors()
                assert "unplain" not in word
            work.FLOWS[flow].judge(place, end.said)
        words.update(end.told or ["nothing"])
        shutil.rmtree(place)
    tell(f"{flow} {error}: {len(calls)} calls failed, told: {dict(words)}")


def chosen(done: Recording, *names: str) -> list[tuple[str, int]]:
    """Return which calls are to fail: every one, but of thousands of pages alike only some."""
    found: list[tuple[str, int]] = []
    for name in names:
        calls = [(call.name, call.nth) for call in done.about_the_place(name)]
        step = -(-len(calls) // MOST) if calls else 1
        found += calls[::step]
    return found
