"""The process is killed at every point at which something becomes final: nothing is ever lost."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from liaison.records.home import Resident
from liaison.store import blobs, driver
from liaison.sync.object_store import ObjectStore
from tests.store.conftest import BLOB_KEY
from tests.sync.conftest import PERSON, TAGS, Ring, agree
from tests.sync.places import FolderPlace, Place, StorePlace
from tests.sync.real_store import RealStore
from tests.sync.test_faults import residents

_LIMIT_SECONDS = 60
_STEP = 9
"""Every so manieth point is tried in one test; with the flag there is one for each of them."""


class KillAt:
    """Ends this process at the n-th point, before or after it: a commit, a rename, a removal."""

    def __init__(self, point: int, *, after: bool) -> None:
        self.left = point
        self.after = after

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        """Return something that does what it did, and may be the end."""

        def done(*args: Any, **more: Any) -> Any:
            self.left -= 1
            if self.left == 0 and not self.after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = act(*args, **more)
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return done

    def watch(self) -> None:
        """Watch every point of this process from now on."""
        for owner, name in (
            (os, "replace"),
            (os, "unlink"),
            (ObjectStore, "put"),
            (ObjectStore, "remove"),
        ):
            setattr(owner, name, self.around(getattr(owner, name)))
        plain = driver._Connection.execute
        commit = self.around(plain)

        def execute(connection: Any, sql: str, *values: Any) -> Any:
            return (commit if sql == "COMMIT" else plain)(connection, sql, *values)

        driver._Connection.execute = execute


@dataclasses.dataclass(frozen=True, slots=True)
class Meeting:
    """Where the PCs of a point meet; a place of its own for each.

    Args:
        real: The object store; None for a folder.
    """

    real: RealStore | None = None

    def new(self, path: Path) -> Place:
        """Return a place in which nothing lies."""
        return (
            FolderPlace(path / "storage") if self.real is None else StorePlace(self.real.access())
        )

    def played(self, path: Path, place: Place, kill: KillAt) -> int:
        """Let three PCs exchange in a process of their own; return how that ended."""
        if self.real is None:
            pid = os.fork()
            if not pid:
                # whatever happens, this process ends here
                play(path, place, kill)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        # the store's library has threads, which a fork leaves behind: these have it from nobody
        apart = multiprocessing.get_context("forkserver")
        apart.set_forkserver_preload([__name__])
        process = apart.Process(target=play, args=(path, place, kill))
        process.start()
        process.join(2 * _LIMIT_SECONDS)
        assert process.exitcode is not None
        return process.exitcode


def play(path: Path, place: Place, kill: KillAt) -> NoReturn:
    """Let three PCs exchange until they are done or killed, and end this process."""
    signal.alarm(_LIMIT_SECONDS)
    code = 1
    try:
        ring = Ring(path, None, TAGS, place)
        kill.watch()
        for _ in range(2):
            for pc in ring.pcs:
                pc.round()
        code = 0
    finally:
        os._exit(code)


def prepared(path: Path, empty: Path) -> None:
    """Make three PCs that have something to send to each other."""
    ring = Ring(path, empty, TAGS)
    for number, pc in enumerate(ring.pcs):
        with pc.store.unit(PERSON, "") as unit:
            owner = unit.add(Resident(name=f"R{number}"))
            if number == 1:
                blobs.attach(
                    pc.store, unit, BLOB_KEY, owner_type="resident", owner=owner, name="a.txt",
                    media_type="text/plain", data=b"a letter",
                )  # fmt: skip
    ring.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try every point with the flag, in stretches that each end soon; else a sample."""
    if "first" in metafunc.fixturenames:
        whole = metafunc.config.getoption("--full-faults")
        metafunc.parametrize("first", range(1, _STEP + 1) if whole else [1])


def test_a_kill_at_any_point_of_push_and_pull_loses_nothing(
    tmp_path: Path,
    empty_homes: Path,
    full_faults: bool,  # noqa: FBT001  # a fixture
    first: int,
) -> None:
    begin = tmp_path / "begin"
    prepared(begin, empty_homes)
    point, ended = first, -signal.SIGKILL
    tried = 0
    while ended == -signal.SIGKILL:
        for after in (False, True) if full_faults else (bool(tried % 2),):
            ended = killed(begin, tmp_path / "played", Meeting(), KillAt(point, after=after))
            tried += 1
        point += _STEP
    assert point > 40


def test_a_kill_at_any_point_loses_nothing_over_an_object_store(
    tmp_path: Path,
    empty_homes: Path,
    real_store: RealStore,
    full_faults: bool,  # noqa: FBT001  # a fixture
) -> None:
    begin = tmp_path / "begin"
    prepared(begin, empty_homes)
    point, ended = 2, -signal.SIGKILL
    while ended == -signal.SIGKILL:
        kill = KillAt(point, after=bool(point % 2))
        ended = killed(begin, tmp_path / "played", Meeting(real_store), kill)
        point += 1 if full_faults else _STEP * 3
    assert point > 40


def killed(begin: Path, path: Path, meeting: Meeting, kill: KillAt) -> int:
    """Play until one point, then go on, and hold that all is well; return how the process ended."""
    told = f"point {kill.left}, {'after' if kill.after else 'before'}"
    shutil.copytree(begin, path)
    place = meeting.new(path)
    ended = meeting.played(path, place, kill)
    assert ended in {0, -signal.SIGKILL}, told
    ring = Ring(path, None, TAGS, place)
    ring.settle(3)
    assert residents(ring.pcs[0]) == {"R0", "R1", "R2"}, told
    assert not any(one.blobs_missing for one in ring.settle(1)), told
    agree(ring)
    ring.close()
    shutil.rmtree(path)
    return ended
