"""The power fails at any moment: what was acknowledged is there, and the home opens.

Each flow is done once with all its calls recorded; from the recording follow the states that a power
cut at any of them could leave (``disk``), and each is opened like any home.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.faults import disk, work
from tests.faults.conftest import LINUX, tell
from tests.faults.disk import BLOCK, Disk, File
from tests.faults.recording import Call
from tests.faults.victims import Recording
from tests.telling import told

pytestmark = LINUX

SEED: Final = 20_261_122
ALL: Final = 2000
SAMPLE: Final = 16


@pytest.mark.parametrize("flow", work.FLOWS)
def test_after_a_power_cut_nothing_acknowledged_is_lost_and_the_home_opens(
    flow: str, recorded: Callable[[str], Recording], memory: Path, *, full_faults: bool
) -> None:
    chance = Random(f"{flow} {SEED}")
    outcomes: Counter[str] = Counter()
    left = memory / "left"
    drawn = cuts(recorded(flow), chance, ALL if full_faults else SAMPLE)
    for number, (files, said) in enumerate(drawn):
        left.mkdir()
        disk.write_out(files, left)
        with told(f"cut {number} of seed {SEED}"):
            outcomes[work.FLOWS[flow].judge(left, said)] += 1
        shutil.rmtree(left)
    tell(f"{flow}: {sum(outcomes.values())} power cuts, {dict(outcomes)}")
    # both ends were seen, or the cuts were of no use
    assert {work.FLOWS[flow].states[0], work.FLOWS[flow].states[-1]} <= outcomes.keys()


def cuts(
    done: Recording, chance: Random, count: int
) -> Iterator[tuple[dict[str, bytes], list[str]]]:
    """Yield what power cuts leave, spread over all moments, with what was acknowledged by then."""
    calls = done.calls
    scout = Disk(done.before, done.place)
    moments = [number for number, call in enumerate(calls) if scout.follow(call)]
    # the first and the last moment, each sync's two sides, and any
    syncs = [number for number in moments if calls[number].name in {"fsync", "fdatasync"}]
    near = [number - side for number in syncs for side in (0, 1)]
    wanted = Counter([-1, len(calls) - 1])
    for turn in range(count - 2):
        wanted[chance.choice(near if turn % 2 else moments)] += 1
    real = Disk(done.before, done.place)
    said: list[str] = []
    for _ in range(wanted[-1]):
        yield real.cut(chance), []
    for number, call in enumerate(calls):
        real.follow(call)
        if call.name == "write" and call.handle == 1:
            said += call.texts[0].decode().splitlines()
        for _ in range(wanted[number]):
            yield real.cut(chance), list(said)


# ---- the model itself: what it allows and what it does not


def left_by(file: File, count: int = 300) -> set[bytes]:
    return {file.after_cut(Random(turn)) for turn in range(count)}


def test_what_was_synced_is_left_by_every_cut() -> None:
    file = File()
    file.write(0, b"a" * 3 * BLOCK)
    file.sync()
    assert left_by(file) == {b"a" * 3 * BLOCK}


def test_what_was_not_synced_is_left_in_parts_out_of_order_and_torn() -> None:
    file = File(bytearray(b"." * 3 * BLOCK), bytearray(b"." * 3 * BLOCK))
    file.write(0, b"a" * 3 * BLOCK)
    left = left_by(file, 3000)
    ways = {bytes(data[start] for start in range(0, 3 * BLOCK, BLOCK)) for data in left}
    assert {b"...", b"aaa", b"a..", b"..a", b".a.", b"a.a"} <= ways
    assert any(b"a." in data[:BLOCK] for data in left)


def test_a_new_file_that_was_not_synced_may_be_empty_or_full_of_anything() -> None:
    file = File()
    file.write(0, b"key" * BLOCK)
    left = left_by(file, 1000)
    assert b"" in left
    assert bytes(3 * BLOCK) in left
    assert any(len(data) == 3 * BLOCK and b"key" not in data and any(data) for data in left)


def renaming(place: Path, *, synced: bool) -> set[tuple[str, ...]]:
    """Return the names after cuts that follow the making of a file and its renaming."""
    (place / "keys.json").write_bytes(b"old")

    def call(name: str, *texts: str, result: int = 0, handle: int = -1) -> Call:
        paths = tuple(f"{place}/{text}".rstrip("/").encode() for text in texts)
        return Call(name, 1, True, paths, handle, "", (), "O_CREAT", result)

    real = Disk(place, place)
    for step in (
        call("openat", "new", result=7),
        Call("write", 1, True, (b"new",), 7, "", (), "", 3),
        call("fsync", handle=7),
        call("rename", "new", "keys.json"),
        *([call("openat", "", result=8), call("fsync", handle=8)] if synced else []),
    ):
        real.follow(step)
    return {
        tuple(f"{name} {data.decode()}" for name, data in sorted(real.cut(Random(turn)).items()))
        for turn in range(300)
    }


def test_a_name_is_kept_for_sure_when_its_folder_was_synced(memory: Path) -> None:
    assert renaming(memory, synced=True) == {("keys.json new",)}


def test_a_name_whose_folder_was_not_synced_may_be_old_or_new(memory: Path) -> None:
    assert renaming(memory, synced=False) == {
        ("keys.json old",), ("keys.json new",), ("keys.json old", "new new"),
    }  # fmt: skip
