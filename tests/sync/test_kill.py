"""The process is killed at every point at which something becomes final: nothing is ever lost."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from liaison.records.home import Resident
from liaison.store import blobs, driver
from tests.store.conftest import BLOB_KEY
from tests.sync.conftest import PERSON, TAGS, Ring, agree
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
        for name in ("replace", "unlink"):
            setattr(os, name, self.around(getattr(os, name)))
        plain = driver._Connection.execute
        commit = self.around(plain)

        def execute(connection: Any, sql: str, *values: Any) -> Any:
            return (commit if sql == "COMMIT" else plain)(connection, sql, *values)

        driver._Connection.execute = execute


def played(path: Path, empty: Path, kill: KillAt) -> int:
    """Let three PCs exchange in a process of their own; return how that ended."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    # whatever happens, this process ends here
    signal.alarm(_LIMIT_SECONDS)
    code = 1
    try:
        ring = opened(path, empty)
        kill.watch()
        for _ in range(2):
            for pc in ring.pcs:
                pc.round()
        code = 0
    finally:
        os._exit(code)


def opened(path: Path, empty: Path) -> Ring:
    """Open the PCs of a folder, which are made if they are not there."""
    return Ring(path, None if (path / "storage").exists() else empty, TAGS)


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
            path = Path(shutil.copytree(begin, tmp_path / f"{point}-{after}"))
            ended = played(path, empty_homes, KillAt(point, after=after))
            assert ended in {0, -signal.SIGKILL}, f"point {point}"
            ring = opened(path, empty_homes)
            ring.settle(3)
            assert residents(ring.pcs[0]) == {"R0", "R1", "R2"}, f"point {point}, {after}"
            assert not any(one.blobs_missing for one in ring.settle(1)), f"point {point}"
            agree(ring)
            ring.close()
            shutil.rmtree(path)
            tried += 1
        point += _STEP
    assert point > 40
