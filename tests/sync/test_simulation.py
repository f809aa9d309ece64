"""Three PCs with wrong clocks, a bad line and restored images: all agree in the end, all is kept."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import random
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from liaison.records.home import Resident
from liaison.store import blobs, verify
from liaison.sync.travel import travel
from tests.store.conftest import BLOB_KEY, HOME, FakeClock, new_home
from tests.sync.conftest import PERSON, TAGS, Pc, Ring
from tests.sync.faulty import Faulty
from tests.sync.places import FolderPlace, Place, StorePlace
from tests.sync.real_store import RealStore
from tests.telling import told

YEARS_OFF = (0, 3, -10)
FEW = 5
MANY = 150
STEPS = 30


@contextlib.contextmanager
def salts_of(seed: object) -> Iterator[None]:
    """Let salts be those of a seed: of two lines of one PC the one counts whose digest is lower.

    Tags of new lives too, after which PCs are taken in turn.
    """
    drawn = random.Random(f"salts of {seed}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", drawn.randbytes)
        patch.setattr(secrets, "token_bytes", drawn.randbytes)
        patch.setattr(secrets, "choice", drawn.choice)
        yield


@pytest.fixture(scope="module")
def same_homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an empty home for each PC, with the same first unit whenever that is."""
    path = tmp_path_factory.mktemp("same")
    with salts_of("the homes"):
        for number, tag in enumerate(TAGS):
            folder = path / f"pc-{tag}"
            new_home(folder, tag, FakeClock(), person=number == 0, anew=True).close()
    return path


class Simulation:
    """One seeded run."""

    def __init__(self, seed: int, path: Path, empty: Path, place: Place) -> None:
        self.dice = random.Random(seed)
        self.ring = Ring(path, empty, TAGS, place)
        self.markers: list[str] = []
        """What was written and must be found everywhere in the end."""
        self.records: list[int] = []
        self.images: dict[int, Path] = {}
        self.numbers = itertools.count()
        self.done: dict[str, int] = {}
        for pc, years in zip(self.ring.pcs, YEARS_OFF, strict=True):
            pc.clock.now = pc.clock.now.replace(year=pc.clock.now.year + years)
            pc.store.connection.execute("PRAGMA synchronous = OFF")
            self._behind_a_bad_line(pc)

    def _behind_a_bad_line(self, pc: Pc) -> None:
        faulty = Faulty(self.ring.place.transport(), self.dice, 0.4)
        pc.exchange.means = dataclasses.replace(pc.means, transport=faulty)

    def go(self) -> None:
        """Do anything in any order, then exchange over a good line until nothing moves."""
        acts = (
            (self._add, 5), (self._edit, 6), (self._attach, 1), (self._round, 9),
            (self._travel, 2), (self._restart, 1), (self._image, 1), (self._restore, 1),
            (self._roll_storage_back, 1),
        )  # fmt: skip
        for _ in range(STEPS):
            pc = self.dice.choice(self.ring.pcs)
            pc.clock.advance(milliseconds=self.dice.choice((0, 0, 1, 700, 90_000)))
            (act,) = self.dice.choices([a for a, _ in acts], [weight for _, weight in acts])
            act(pc)
            self.done[act.__name__] = self.done.get(act.__name__, 0) + 1
        self._settle()

    def _marker(self, pc: Pc) -> str:
        marker = f"<{pc.tag}.{len(self.markers)}>"
        self.markers.append(marker)
        return marker

    def _add(self, pc: Pc) -> None:
        self.records.append(pc.add(Resident(name=self._marker(pc))))

    def _edit(self, pc: Pc) -> None:
        loaded = pc.store.load("resident", self.dice.choice(self.records)) if self.records else None
        if loaded is not None:
            assert isinstance(loaded.record, Resident)
            with pc.store.unit(PERSON, "") as unit:
                unit.save(loaded, dataclasses.replace(loaded.record, room=self._marker(pc)))

    def _attach(self, pc: Pc) -> None:
        marker = self._marker(pc)
        with pc.store.unit(PERSON, "") as unit:
            owner = unit.add(Resident(name=marker))
            blobs.attach(
                pc.store, unit, BLOB_KEY, owner_type="resident", owner=owner, name="a.txt",
                media_type="text/plain", data=marker.encode(),
            )  # fmt: skip

    def _round(self, pc: Pc) -> None:
        pc.round()

    def _travel(self, pc: Pc) -> None:
        travel(pc.means.transport, pc.means.shelf, HOME)

    def _restart(self, pc: Pc) -> None:
        self._started(self.ring.reopen(pc))

    def _started(self, pc: Pc) -> None:
        pc.store.connection.execute("PRAGMA synchronous = OFF")

    def _image(self, pc: Pc) -> None:
        self.images[pc.tag] = self.ring.image(pc, f"image-{next(self.numbers)}")

    def _restore(self, pc: Pc) -> None:
        """Put an image back; first all that was written must have left the PC, or it is lost."""
        image = self.images.pop(pc.tag, None)
        if image is None:
            return
        share, pc.means.transport.share = pc.means.transport.share, 0.0  # type: ignore[attr-defined]
        pc.round()
        pc.means.transport.share = share  # type: ignore[attr-defined]
        self._started(self.ring.restore(pc, image))

    def _roll_storage_back(self, pc: Pc) -> None:
        paths = self.ring.segments()
        # what only the storage holds must not go: of a PC that was restored it may be all there is
        kept = {name for one in self.ring.pcs for name in one.means.shelf.kept}
        for path in self.dice.sample(paths, len(paths) // 3):
            if path.key in kept:
                path.unlink()

    def _settle(self) -> None:
        for pc in self.ring.pcs:
            pc.means.transport.share = 0.0  # type: ignore[attr-defined]
        for _ in range(12):
            last = [pc.round() for pc in self.ring.pcs]
            if not any(r.taken or r.sent or r.given_back or r.written_again for r in last):
                break
        for pc, one in zip(self.ring.pcs, last, strict=True):
            how = f"PC {pc.tag}, {self.done}: {one}"
            assert one.trouble is None, how
            assert not one.waiting, how
            assert not one.blobs_missing, how

    def check(self) -> None:
        """Hold that all PCs agree and that nothing that was written is missing."""
        for pc in self.ring.pcs:
            rows = pc.store.connection.execute("SELECT fields FROM change").fetchall()
            whole = "".join(text for (text,) in rows)
            missing = [marker for marker in self.markers if marker not in whole]
            assert not missing, f"{self.done}: {pc.tag} lacks {missing}"
            assert verify.verify(pc.store).damage == [], self.done
            left = pc.store.connection.execute("SELECT * FROM superseded").fetchall()
            assert not left, self.done
        assert len({pc.digest() for pc in self.ring.pcs}) == 1, self.done


def play(seed: int, path: Path, empty: Path, place: Place) -> list[str]:
    """Play one seed and hold what came of it; return the names of what lies in the storage then."""
    with told(f"seed {seed}"), salts_of(seed):
        run = Simulation(seed, path, empty, place)
        try:
            run.go()
            run.check()
        finally:
            run.ring.close()
    there = place.keys()
    shutil.rmtree(path)
    return there


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play many seeds with the flag, in stretches that each end soon; else a few."""
    if "seeds" in metafunc.fixturenames:
        whole = metafunc.config.getoption("--full-faults")
        starts = range(0, MANY, FEW) if whole else [0]
        metafunc.parametrize("seeds", [range(start, start + FEW) for start in starts], ids=str)


def test_any_interleaving_ends_with_equal_homes_and_every_change_kept(
    tmp_path: Path, same_homes: Path, seeds: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    # nothing is proven here about power cuts
    monkeypatch.setattr(os, "fsync", lambda _: None)
    for seed in seeds:
        path = tmp_path / str(seed)
        play(seed, path, same_homes, FolderPlace(path / "storage"))


def test_a_seed_that_failed_plays_the_same_again(
    tmp_path: Path, same_homes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    path = tmp_path / "again"
    # a name says the digest of what lies under it, which says that of all before it
    first, again = (play(FEW, path, same_homes, FolderPlace(path / "storage")) for _ in range(2))
    assert first == again


def test_any_interleaving_ends_so_over_an_object_store_too(
    tmp_path: Path,
    same_homes: Path,
    real_store: RealStore,
    monkeypatch: pytest.MonkeyPatch,
    *,
    full_faults: bool,
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    for seed in range(1000, 1020 if full_faults else 1002):
        play(seed, tmp_path / str(seed), same_homes, StorePlace(real_store.access()))
