"""A clock that is years off, two programs on one home, and thousands of operations in a row."""

from __future__ import annotations

import ctypes
import dataclasses
import datetime as dt
import gc
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from liaison.records.casework import Visit, VisitEntry
from liaison.records.directory import Service
from liaison.records.home import Resident
from liaison.services import backups, drafts, editing
from liaison.services.homes import OpenHome, open_home
from liaison.store.history import history
from liaison.store.search import search
from liaison.store.store import now
from liaison.store.verify import verify
from tests import homes as made
from tests.faults import work
from tests.faults.conftest import tell

SEED: Final = 20_261_122
LIMIT: Final = 60


# ---- the clock


def test_a_clock_three_years_off_refuses_nothing_and_mixes_nothing_up(memory: Path) -> None:
    folder = memory / "home"
    made.make(folder)[0].close()
    identity = None
    for number, years in enumerate((0, 3, -3, 0, 1000, -50, 0)):
        shift = dt.timedelta(days=365 * years)

        def clock(shift: dt.timedelta = shift) -> dt.datetime:
            return now() + shift

        with open_home(folder, None, made.PASSWORD, clock=clock) as home:
            if identity is None:
                identity, _ = editing.add(home, Service(name="0"))
            else:
                loaded = home.store.load("service", identity)
                assert loaded is not None
                assert isinstance(loaded.record, Service)
                assert loaded.record.name == str(number - 1)
                renamed = dataclasses.replace(loaded.record, name=str(number))
                editing.save(home, loaded, renamed, "a reason")
            # the newest word is the one that was said last, whatever the clock said
            shown = home.store.get("service", identity)
            assert isinstance(shown, Service)
            assert shown.name == str(number)
            assert len(history(home.store, "service", identity)) == number + 1
            backups.by_hand(home, memory / f"{number}.backup")
            assert verify(home.store, deep=True).damage == []


# ---- two programs

SAVING: Final = """
import sys
from pathlib import Path
from liaison.errors import UserError
from liaison.records.directory import Service
from liaison.services import backups, editing
from tests import homes as made

mark, count = sys.argv[2], int(sys.argv[3])
with made.unlock(Path(sys.argv[1])) as home:
    for number in range(count):
        editing.add(home, Service(name=f"{mark}{number}"))
        print(f"{mark}{number}", flush=True)
"""


def test_two_programs_on_one_home_lose_nothing_of_each_other(
    memory: Path, *, full_faults: bool
) -> None:
    """Both save at once, and one is killed while it does."""
    folder = memory / "home"
    made.make(folder)[0].close()
    count = 500 if full_faults else 40
    acknowledged: list[str] = []
    with (
        made.child(SAVING, folder, "one", count) as one,
        made.child(SAVING, folder, "two", count * 100) as two,
    ):
        try:
            assert one.stdout is not None
            assert two.stdout is not None
            acknowledged.append(two.stdout.readline().decode().strip())
            out, err = one.communicate(timeout=LIMIT)
            assert one.returncode == 0, err
            acknowledged += out.decode().split()
            two.kill()
            acknowledged += two.stdout.read().decode().split()
        finally:
            one.kill()
            two.kill()
    with work.whole(folder) as home:
        names = [service.name for service in work.named(home, "service")]
    assert len([name for name in acknowledged if name.startswith("one")]) == count
    assert set(acknowledged) <= set(names)
    assert len(set(names)) == len(names) <= len(acknowledged) + 1


# ---- a long day


READS: Final = """
import os, sys
from pathlib import Path
from liaison.errors import UserError
from liaison.records.directory import Service
from liaison.services import editing
from tests import homes as made

assert not os.access(sys.argv[1], os.W_OK)
with made.unlock(Path(sys.argv[1])) as home:
    print(home.cannot_write.code, home.store.the("home") is not None)
    try:
        editing.add(home, Service(name="Chiropody"))
    except UserError as refused:
        print(refused.code)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="takes a right from the system's")
def test_a_home_that_can_only_be_read_opens_and_says_so(memory: Path) -> None:
    home, _ = made.make(memory / "home")
    home.close()
    before = made.names(home.folder)
    # root, too, without the right to go past what a file allows; setpriv comes with every Debian
    without = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    words = [sys.executable, "-c", READS, str(home.folder)]
    home.folder.chmod(0o500)
    for file in home.folder.iterdir():
        file.chmod(0o400 if file.is_file() else 0o500)
    try:
        done = subprocess.run(
            [*without, *words] if os.geteuid() == 0 else words,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    finally:
        home.folder.chmod(0o700)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["read-only", "True", "read-only"]
    assert made.names(home.folder) == before


def in_use() -> tuple[int, int]:
    """Return this process's memory in KiB and how many files it has open."""
    gc.collect()
    # what a cache has given back lies in the process until something else wants it
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
    words = Path("/proc/self/status").read_text("ascii").split()
    return int(words[words.index("VmRSS:") + 1]), len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_thousands_of_operations_need_no_more_memory_or_files(
    memory: Path, *, full_faults: bool
) -> None:
    """In a process of its own: what other tests have left in memory is not measured."""
    turns = 10_000 if full_faults else 500
    done = subprocess.run(
        [sys.executable, "-u", "-W", "error", "-m", "tests.faults.test_surroundings", memory, str(turns)],
        cwd=made.ROOT, capture_output=True, text=True, check=False,
        timeout=LIMIT * (20 if full_faults else 1),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    tell(f"{turns} operations: memory and files at each tenth: {figures}")
    assert len(figures) == 10
    assert len({count for _, count in figures}) == 1, figures
    # the first fifth fills the caches
    assert figures[-1][0] - figures[1][0] < 4 * 1024, figures


def soak(folder: Path, turns: int) -> None:
    """Do what a home does in a year, and print memory and files at each tenth."""
    chance = Random(SEED)
    home = made.make(folder / "home")[0]
    residents = [editing.add(home, Resident(name=f"Resident {n}"))[0] for n in range(30)]
    for turn in range(1, turns + 1):
        home = one_operation(home, folder, residents, turn, chance)
        if turn % (turns // 10) == 0:
            # closed: SQLite keeps up to 32 MiB of an open database in memory, and this one grows
            home.close()
            tell("{} {}".format(*in_use()))
            home = made.unlock(folder / "home")
    assert verify(home.store).damage == []
    home.close()


def one_operation(
    home: OpenHome, folder: Path, residents: list[int], turn: int, chance: Random
) -> OpenHome:
    """Do one thing a home does."""
    resident = chance.choice(residents)

    def note() -> None:
        with home.unit() as unit:
            visit = unit.add(Visit(kind="visit", at=now()))
            unit.add(VisitEntry(visit=visit, resident=resident, found=f"word{turn} " * 20))

    def change() -> None:
        loaded = home.store.load("resident", resident)
        assert loaded is not None
        moved = dataclasses.replace(loaded.record, room=str(turn))  # type: ignore[call-arg]  # of a resident
        editing.save(home, loaded, moved, "")

    def look() -> None:
        assert search(home.store, "word", typing=True) is not None
        assert history(home.store, "resident", resident)
        assert len(work.named(home, "resident")) == len(residents)

    def draft() -> None:
        drafts.save(home, work.ABOUT, {"found": f"typed {turn}"})

    common: list[Callable[[], Any]] = [note, change, look, draft]
    if turn % 100 == 0:
        backups.by_hand(home, folder / "nightly.backup")
    elif turn % 50 == 0:
        home.close()
        return made.unlock(folder / "home")
    else:
        chance.choice(common)()
    return home


if __name__ == "__main__":
    soak(Path(sys.argv[1]), int(sys.argv[2]))
