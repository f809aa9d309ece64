"""Several PCs of one home around one storage, with who belongs to it in memory."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Protocol

import pytest

from liaison.records import Record
from liaison.store import verify
from liaison.store.replicas import Replica
from liaison.store.store import FILE_NAME, Store
from liaison.sync.exchange import Exchange
from liaison.sync.means import Means
from liaison.sync.roster import EpochKey
from liaison.sync.rounds import Round
from liaison.sync.shelf import FOLDER_NAME, Shelf
from liaison.sync.transport import Transport
from tests.store.conftest import (
    BLOB_KEY,
    KEY,
    TAG,
    FakeClock,
    Typical,
    add_typical,
    new_home,
    replica_of,
    signer_of,
)
from tests.sync.places import FolderPlace, Lying, Place, lying

TAGS: Final = (901, 17, 4242)
PERSON: Final = 1


class KnownPcs:
    """Who belongs to the home: what every PC of a test believes."""

    def __init__(self, tags: tuple[int, ...]) -> None:
        self.keys = {replica_of(tag).pc: replica_of(tag).public_key for tag in tags}
        self.cuts: dict[int, int] = {}

    def signing_key(self, pc: int) -> bytes | None:
        return self.keys.get(pc)

    def cut(self, pc: int, incarnation: int) -> int | None:
        cut = self.cuts.get(pc)
        return cut if cut is None or incarnation == 0 else 0

    def members(self) -> frozenset[int]:
        return frozenset(self.keys.keys() - self.cuts.keys())


class KnownKeys:
    """The keys of the home, oldest first, each with the stamp from which it is written with."""

    def __init__(self) -> None:
        self.epochs: list[tuple[int, EpochKey]] = [(0, EpochKey("epoch-1", b"e" * 32))]

    def key(self, epoch: str) -> bytes | None:
        return next((one.key for _, one in self.epochs if one.id == epoch), None)

    def spare(self, epoch: str) -> tuple[bytes, ...]:
        return ()

    def for_writing(self, unit: int) -> EpochKey:
        return [one for since, one in self.epochs if since < unit or since == 0][-1]


@dataclasses.dataclass
class Pc:
    """One PC: its open home and its exchange."""

    tag: int
    folder: Path
    store: Store
    exchange: Exchange
    clock: FakeClock

    @property
    def means(self) -> Means:
        return self.exchange.means

    @property
    def pc(self) -> int:
        return self.means.pc

    def begin(self, incarnation: int) -> Replica:
        replica = replica_of(self.tag)
        return self.store.new_incarnation(replica.public_key, replica.pc, incarnation)

    def round(self) -> Round:
        return self.exchange.round()

    def add(self, record: Record) -> int:
        with self.store.unit(PERSON, "") as unit:
            return unit.add(record)

    def digest(self) -> str:
        return verify.state_digest(self.store.connection)

    def close(self) -> None:
        self.store.close()


class Ring:
    """PCs around a storage."""

    def __init__(
        self,
        path: Path,
        empty: Path | None = None,
        tags: tuple[int, ...] = TAGS,
        place: Place | None = None,
    ) -> None:
        self.path = path
        self.place = place or FolderPlace(path / "storage")
        self.roster = KnownPcs(tags)
        self.keys = KnownKeys()
        self.pcs: list[Pc] = []
        for tag in tags:
            clock = FakeClock()
            folder = path / f"pc-{tag}"
            if folder.exists():
                pass
            elif empty is None:
                new_home(folder, tag, clock, person=tag == tags[0]).close()
            else:
                shutil.copytree(empty / folder.name, folder)
            store = Store(folder / FILE_NAME, KEY, signer_of(tag), clock=clock)
            self.pcs.append(self.join(tag, store, clock))

    def join(
        self, tag: int, store: Store, clock: FakeClock, transport: Transport | None = None
    ) -> Pc:
        """Make the exchange of a PC whose home is open."""
        folder = store.path.parent
        pc: Pc
        means = Means(
            store=store,
            transport=transport or self.place.transport(),
            shelf=Shelf(folder / FOLDER_NAME),
            roster=self.roster,
            keys=self.keys,
            lives=_Lives(lambda incarnation: pc.begin(incarnation)),  # noqa: PLW0108  # pc is made below
            signer=signer_of(tag),
            pc=replica_of(tag).pc,
            blob_key=BLOB_KEY,
        )
        pc = Pc(tag, folder, store, Exchange(means), clock)
        return pc

    def reopen(self, pc: Pc) -> Pc:
        """Start a PC anew, on what lies in its folder."""
        pc.close()
        # an image that was put back may have another replica than the PC had last
        store = Store(pc.folder / FILE_NAME, KEY, signer_of(pc.tag), clock=pc.clock)
        again = self.join(pc.tag, store, pc.clock, pc.means.transport)
        self.pcs[self.pcs.index(pc)] = again
        return again

    def image(self, pc: Pc, name: str = "image") -> Path:
        """Make an image of a PC's folder."""
        pc.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(shutil.copytree(pc.folder, self.path / name))

    def restore(self, pc: Pc, image: Path) -> Pc:
        """Put an image of a PC back and start it."""
        pc.close()
        shutil.rmtree(pc.folder)
        shutil.copytree(image, pc.folder)
        store = Store(pc.folder / FILE_NAME, KEY, signer_of(pc.tag), clock=pc.clock)
        again = self.join(pc.tag, store, pc.clock, pc.means.transport)
        self.pcs[self.pcs.index(pc)] = again
        return again

    def settle(self, rounds: int = 4) -> list[Round]:
        """Let everybody exchange until nothing moves; return the last rounds."""
        last: list[Round] = []
        for _ in range(rounds):
            last = [pc.round() for pc in self.pcs]
        return last

    def segments(self) -> list[Lying]:
        """Return the segments in the storage, in order."""
        return lying(self.place, ".seg")

    def close(self) -> None:
        for pc in self.pcs:
            pc.close()


class MakeRing(Protocol):
    """How a test asks for PCs around a storage of their own."""

    def __call__(self, tags: tuple[int, ...] = ...) -> Ring:
        """Make them; two unless more are asked for."""
        ...


class _Lives:
    def __init__(self, begin: Callable[[int], Replica]) -> None:
        self._begin = begin

    def begin(self, incarnation: int) -> Replica:
        return self._begin(incarnation)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """One home with one person."""
    made = new_home(tmp_path / "home", TAG, FakeClock())
    yield made
    made.close()


@pytest.fixture
def typical(store: Store) -> Typical:
    """Fill the home with a few records that hang together."""
    return add_typical(store)


@pytest.fixture(scope="session")
def empty_homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an empty home for each PC once, to be copied for every test."""
    path = tmp_path_factory.mktemp("empty")
    for number, tag in enumerate(TAGS):
        new_home(path / f"pc-{tag}", tag, FakeClock(), person=number == 0).close()
    return path


@pytest.fixture
def ring(tmp_path: Path, empty_homes: Path, meeting: Place) -> Iterator[Ring]:
    """Three PCs of one home around a storage."""
    made = Ring(tmp_path, empty_homes, place=meeting)
    yield made
    made.close()


@pytest.fixture
def pair(tmp_path: Path, empty_homes: Path, meeting: Place) -> Iterator[Ring]:
    """Two PCs of one home around a storage."""
    made = Ring(tmp_path, empty_homes, TAGS[:2], meeting)
    yield made
    made.close()


@pytest.fixture
def make_ring(tmp_path: Path, empty_homes: Path, request: pytest.FixtureRequest) -> MakeRing:
    """Make rings, one for each time that a scene is played."""
    count = [0]

    def make(tags: tuple[int, ...] = TAGS[:2]) -> Ring:
        count[0] += 1
        made = Ring(tmp_path / str(count[0]), empty_homes, tags)
        request.addfinalizer(made.close)
        return made

    return make


def agree(ring: Ring) -> None:
    """Hold that all PCs show the same, from logs that hold."""
    assert len({pc.digest() for pc in ring.pcs}) == 1
    for pc in ring.pcs:
        assert verify.verify(pc.store, deep=True).damage == []
