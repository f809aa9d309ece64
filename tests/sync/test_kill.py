"""The process is killed at every point at which something becomes final: nothing is ever lost."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import multiprocessing
import os
import random
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest

from liaison.records.home import Resident
from liaison.store import blobs, driver
from liaison.sync import compacting
from liaison.sync.object_store import ObjectStore
from liaison.sync.snapshot import Manifest
from tests.store.conftest import BLOB_KEY
from tests.sync.conftest import PERSON, TAGS, Ring, agree
from tests.sync.places import FolderPlace, Place, StorePlace, add, state
from tests.sync.real_store import RealStore
from tests.sync.scenes import residents
from tests.sync.test_compacting import own, written
from tests.sync.test_snapshot import filled, manifest_of
from tests.telling import told

_LIMIT_SECONDS = 60
STEP = 9
"""Every so manieth point is tried in one test; with the flag there is one for each of them."""
SEED: Final = 20_261_123
_IMAGE: Final = "night before"
_BUNDLE: Final = 3
"""The point at which the bundle is laid into the storage."""
_REMOVALS: Final = range(_BUNDLE + 5, 3 * compacting.WORTH_IT)


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
        cuts: Of PCs that were removed the last unit that counts.
    """

    real: RealStore | None = None
    cuts: Mapping[int, int] = dataclasses.field(default_factory=dict)

    def ring(self, path: Path, place: Place) -> Ring:
        """Return the PCs, started on what lies in their folders."""
        ring = Ring(path, None, TAGS, place)
        ring.roster.cuts.update(self.cuts)
        return ring

    def new(self, path: Path) -> Place:
        """Return a place in which lies what lay in the folder at the beginning."""
        folder = FolderPlace(path / "storage")
        if self.real is None:
            return folder
        place = StorePlace(self.real.access())
        add(place, state(folder))
        return place

    def played(self, path: Path, place: Place, kill: KillAt, away: int) -> int:
        """Let the PCs that are not away exchange in a process of their own; return how that ended."""
        if self.real is None:
            pid = os.fork()
            if not pid:
                # whatever happens, this process ends here
                play(self.cuts, path, place, kill, away)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        # the store's library has threads, which a fork leaves behind: these have it from nobody
        apart = multiprocessing.get_context("forkserver")
        apart.set_forkserver_preload([__name__])
        process = apart.Process(target=play, args=(self.cuts, path, place, kill, away))
        process.start()
        process.join(2 * _LIMIT_SECONDS)
        assert process.exitcode is not None
        return process.exitcode


def play(cuts: Mapping[int, int], path: Path, place: Place, kill: KillAt, away: int) -> NoReturn:
    """Let PCs exchange until they are done or killed, and end this process."""
    signal.alarm(_LIMIT_SECONDS)
    code = 1
    try:
        ring = Meeting(cuts=cuts).ring(path, place)
        kill.watch()
        for _ in range(2):
            for pc in ring.pcs[: len(TAGS) - away]:
                pc.round()
        code = 0
    except BaseException:  # noqa: BLE001  # nobody but this process can tell of it
        traceback.print_exc()
        sys.stderr.flush()
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
        metafunc.parametrize("first", range(1, STEP + 1) if whole else [1])


def test_a_kill_at_any_point_of_push_and_pull_loses_nothing(
    tmp_path: Path,
    empty_homes: Path,
    full_faults: bool,  # noqa: FBT001  # a fixture
    first: int,
) -> None:
    killed_at(first, STEP, tmp_path, empty_homes, Meeting(), both=full_faults)


def test_a_kill_at_any_point_loses_nothing_over_an_object_store(
    tmp_path: Path,
    empty_homes: Path,
    real_store: RealStore,
    full_faults: bool,  # noqa: FBT001  # a fixture
    first: int,
) -> None:
    step = STEP if full_faults else STEP * 3
    killed_at(first, step, tmp_path, empty_homes, Meeting(real_store), both=full_faults)


def killed_at(
    first: int, step: int, tmp_path: Path, empty: Path, meeting: Meeting, *, both: bool
) -> None:
    """Kill at every so manieth point until one is beyond the end.

    Args:
        first: The first point.
        step: So many lie between two of them.
        tmp_path: Where it is played.
        empty: Empty homes.
        meeting: Where the PCs meet.
        both: Whether each is tried before and after it; else by turns.
    """
    begin = tmp_path / "begin"
    prepared(begin, empty)
    point, ended, tried = first, -signal.SIGKILL, 0
    while ended == -signal.SIGKILL:
        for after in (False, True) if both else (bool(tried % 2),):
            ended = killed(begin, tmp_path / "played", meeting, KillAt(point, after=after))
            tried += 1
        point += step
    assert point > 40


def killed(begin: Path, path: Path, meeting: Meeting, kill: KillAt) -> int:
    """Play until one point, then go on, and hold that all is well; return how the process ended."""
    with crashed(begin, path, meeting, kill) as (ring, ended):
        ring.settle(3)
        assert residents(ring.pcs[0]) == {"R0", "R1", "R2"}
        assert not any(one.blobs_missing for one in ring.settle(1))
        agree(ring)
    return ended


@contextlib.contextmanager
def crashed(
    begin: Path, path: Path, meeting: Meeting, kill: KillAt, away: int = 0
) -> Iterator[tuple[Ring, int]]:
    """Play until one point; yield the PCs, started anew, and how the process ended.

    Args:
        begin: How everything is at the beginning.
        path: Where it is played.
        meeting: Where the PCs meet.
        kill: The point.
        away: So many of the PCs, from the last one, are not switched on until then.
    """
    with told(f"point {kill.left}, {'after' if kill.after else 'before'}"):
        shutil.copytree(begin, path)
        place = meeting.new(path)
        ended = meeting.played(path, place, kill, away)
        assert ended in {0, -signal.SIGKILL}
        ring = meeting.ring(path, place)
        yield ring, ended
        ring.close()
    shutil.rmtree(path)


# ---- tidying up: old segments are bundled, read back and taken away


@pytest.fixture(scope="module")
def old(
    tmp_path_factory: pytest.TempPathFactory, empty_homes: Path
) -> tuple[Path, Manifest, set[str]]:
    """Make a home in which everybody has as many segments of the office as are worth a bundle.

    Returned with the copy for a new PC, made before the first of them, and the residents in them.
    """
    path = tmp_path_factory.mktemp("old") / "begin"
    ring = Ring(path, empty_homes)
    office, *others = ring.pcs
    manifest = manifest_of(ring, office)
    ring.image(others[-1], _IMAGE)
    names = written(office, compacting.WORTH_IT)
    # the office has not heard of it yet: its next round begins with the bundle
    for pc in others:
        pc.round()
    ring.close()
    return path, manifest, names


def test_a_kill_at_any_point_of_tidying_up_loses_nothing(
    tmp_path: Path,
    old: tuple[Path, Manifest, set[str]],
    full_faults: bool,  # noqa: FBT001  # a fixture
    first: int,
) -> None:
    # the bundle is laid there, kept here, one of the old is dropped here and taken away there;
    # more of those, and what the other PC does then
    drawn = [*range(_BUNDLE, _BUNDLE + 5), *random.Random(SEED).sample(_REMOVALS, 3)]
    points = itertools.count(first, STEP) if full_faults else drawn
    assert tidied(tmp_path, old, Meeting(), points) >= len(drawn)


def test_a_kill_while_tidying_up_loses_nothing_over_an_object_store(
    tmp_path: Path,
    old: tuple[Path, Manifest, set[str]],
    real_store: RealStore,
    full_faults: bool,  # noqa: FBT001  # a fixture
) -> None:
    # the bundle is there and not here, one of the old is there and not here, any other
    drawn = [_BUNDLE, _BUNDLE + 3, random.Random(SEED).choice(_REMOVALS)]
    points = itertools.count(_BUNDLE, STEP * 3) if full_faults else drawn
    assert tidied(tmp_path, old, Meeting(real_store), points) >= len(drawn)


def tidied(
    tmp_path: Path,
    old: tuple[Path, Manifest, set[str]],
    meeting: Meeting,
    points: Iterable[int],
) -> int:
    """Kill whoever tidies up at some points, until one is beyond the end; return how many were tried.

    Each is held from what the crash left alone, and again when the PC that was killed has gone on.
    """
    begin, manifest, names = old
    halfway = tried = 0
    for point in points:
        kill = KillAt(point, after=bool(point % 2))
        with crashed(begin, tmp_path / "played", meeting, kill, away=1) as (ring, ended):
            office, _, night = ring.pcs
            left = own(ring, office)
            halfway += len(left) > 1 and any("-from-" in name for name in left)
            night = ring.restore(night, ring.path / _IMAGE)
            for pc in (night, filled(ring, manifest)):
                result = pc.round()
                assert (result.trouble, result.waiting, result.set_apart) == (None, [], [])
                assert residents(pc) == names
            ring.settle(3)
            assert all(residents(pc) == names for pc in ring.pcs)
            # it was finished, and nobody gives back what was taken away
            assert [name[:10] for name in own(ring, office)] == [f"{compacting.WORTH_IT:010}"]
            assert not any(one.given_back for one in ring.settle(1))
            agree(ring)
        if ended == 0:
            break
        tried += 1
    # or it was not the tidying up that was cut short
    assert halfway
    return tried
