"""Homes to measure with: built fast through the store's own way of taking in what PCs send."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import itertools
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final, Self, TypeVar, cast

from benchmarks import data
from benchmarks.ahead import ahead
from benchmarks.harness import check
from benchmarks.pens import START, Pen
from liaison.records import ids
from liaison.records.administration import Person
from liaison.records.casework import Visit, VisitEntry
from liaison.records.directory import Contact
from liaison.records.home import Resident
from liaison.security import Cost
from liaison.store import changes as log
from liaison.store.merge import apply
from liaison.store.replicas import Context, admit
from liaison.store.store import FILE_NAME, Store, collector_paused
from liaison.store.unit import MOST_CHANGES

if TYPE_CHECKING:
    from liaison.security import Unlocked
    from liaison.services.homes import OpenHome

T = TypeVar("T")

TINY: Final = 1_000
SMALL: Final = 2_000
MIDDLE: Final = 25_000
LARGE: Final = 200_000
"""How many visit notes a home holds; the large one is what twenty years of a busy home leave."""

RESIDENTS: Final = 32
ENTRIES_A_VISIT: Final = 10
_MANAGER: Final = SimpleNamespace(
    role="manager", by_recovery=True, name="Kate Morgan", person=ids.to_text(1)
)
"""A round sees several residents; each note is saved, signed and chained by itself."""

PREFIX: Final = "liaison-benchmarks-"
"""What the folder of a run is called by; one that was killed outright leaves it behind."""
_WRITER: Final = 6
_YEARS: Final = dt.timedelta(days=365 * 20)
KEY: Final = bytes(range(32))
CHEAP: Final = Cost(memory_kib=8, passes=1, lanes=1)
"""What checking a password costs where that is no part of the figure."""


@dataclasses.dataclass(frozen=True, slots=True)
class Home:
    """A home on the disk, closed.

    Args:
        path: Its database.
        person: Whoever writes in it.
        residents: The ids of its residents.
        visits: How many visits it has.
        entries: The ids of its visit notes.
    """

    path: Path
    person: int
    residents: tuple[int, ...]
    visits: int
    entries: tuple[int, ...]

    def open(self) -> Store:
        """Open it for writing."""
        return open_store(self.path)


def open_store(path: Path) -> Store:
    """Open a database of any home made here."""
    return Store(path, KEY, _OURS.signer)


_OURS: Final = Pen(5)


def empty(path: Path) -> tuple[Store, int]:
    """Make a home with one person in it; return it open, and the person's id."""
    store = Store.create(
        path,
        KEY,
        context=Context("benchmark", bytes(32), _OURS.tag, 1),
        replica=_OURS.replica,
        signer=_OURS.signer,
        clock=lambda: START - dt.timedelta(days=1),
    )
    with store.unit(1, "first") as unit:
        unit.person = unit.add(Person(name="Mo", role="manager"))
    person = unit.person
    store.close()
    return open_store(path), person


class Homes:
    """Makes each size of home once and gives out copies; all is deleted at the end."""

    def __init__(self) -> None:
        # not a RAM disk: what a commit costs is the disk's answer
        self._folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._numbers = itertools.count(1)
        self._made: dict[int, Home] = {}
        self._demonstrations: dict[int, Path] = {}
        self._kept: dict[type, tuple[object, contextlib.ExitStack]] = {}

    def __enter__(self) -> Self:
        """Use the homes in a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Delete them."""
        for kind in list(self._kept):
            self.let_go(kind)
        shutil.rmtree(self._folder, ignore_errors=True)

    def kept(self, kind: type[T], begin: Callable[[], AbstractContextManager[T]]) -> T:
        """Return what several benchmarks need, begun when the first of them asks for it.

        Args:
            kind: What it is.
            begin: Begins it; it is ended by :meth:`let_go`, or at the end of the run.
        """
        if kind not in self._kept:
            stack = contextlib.ExitStack()
            self._kept[kind] = stack.enter_context(begin()), stack
        found = self._kept[kind][0]
        assert isinstance(found, kind)
        return found

    def let_go(self, kind: type) -> None:
        """End what several benchmarks needed: none that follows asks for it."""
        self._kept.pop(kind)[1].close()

    def others(self) -> list[Path]:
        """Return the folders of other runs, which go on or were killed."""
        found = self._folder.parent.glob(f"{PREFIX}*")
        return sorted(path for path in found if path != self._folder)

    def folder(self) -> Path:
        """Return a new empty folder."""
        path = self._folder / str(next(self._numbers))
        path.mkdir()
        return path

    def of(self, entries: int) -> Home:
        """Return the home with so many visit notes; it is shared: leave its records alone."""
        if entries not in self._made:
            self._made[entries] = _build(self.folder() / FILE_NAME, entries)
        return self._made[entries]

    def demonstration(self, notes: int) -> Path:
        """Return the demonstration home with so many visit notes; it is shared, as the others."""
        # a process that measures its memory needs nothing of this
        from liaison.services import demo

        if notes not in self._demonstrations:
            folder = self.folder() / "home"
            demo.make(folder, size=demo.Size(notes=notes), cost=CHEAP)
            self._demonstrations[notes] = folder
        return self._demonstrations[notes]

    def share_demonstration(self, notes: int, folder: Path) -> None:
        """Let a demonstration home that was made to measure serve others too."""
        self._demonstrations[notes] = folder

    def copy(self, path: Path) -> Path:
        """Return a copy of a closed database, for work that changes it."""
        target = self.folder() / path.name
        shutil.copy(path, target)
        return target

    @staticmethod
    def forget(path: Path) -> None:
        """Delete a copy that has done its work."""
        shutil.rmtree(path.parent)


def _build(path: Path, entries: int) -> Home:
    chance = random.Random(1)
    store, person = empty(path)
    store.clock = lambda: START - dt.timedelta(hours=1)
    with store.unit(person, "who there is") as unit:
        residents = tuple(
            unit.add(Resident(name=data.person_name(chance), room=str(n)))
            for n in range(1, RESIDENTS + 1)
        )
        organisations = [unit.add(data.organisation(chance, n)) for n in range(60)]
        contacts = [unit.add(Contact(name=data.person_name(chance))) for _ in range(120)]
    pen = Pen(_WRITER)
    admit_pen(store, pen)
    ids: list[int] = []
    wanted = chance, entries, residents, organisations, contacts
    # to write many takes as long as to take them in
    written = ahead(_stretches, *wanted) if entries >= LARGE else _stretches(*wanted)
    for chunk in written:
        ids += [e.changes[0].rec for e in chunk if e.changes[0].type == "visit_entry"]
        take_in(store, pen, chunk)
    (visits,) = store.connection.execute("SELECT count(*) FROM visit").fetchone()
    check(visits == entries // ENTRIES_A_VISIT, "visits are missing")
    check(len(ids) == entries, "visit notes are missing")
    store.close()
    return Home(path, person, residents, visits, tuple(ids))


def admit_pen(store: Store, pen: Pen) -> None:
    """Let a PC's units be taken in."""
    with store.writing() as connection:
        admit(connection, pen.replica)


def take_in(store: Store, pen: Pen, units: Sequence[log.Envelope]) -> None:
    """Take in what a pen just wrote, as a merge does: only that it needs no checking."""
    with collector_paused():
        apply(store, pen.replica, units)


def _stretches(
    chance: random.Random,
    entries: int,
    residents: Sequence[int],
    organisations: Sequence[int],
    contacts: Sequence[int],
) -> Iterator[list[log.Envelope]]:
    """Yield the units of all visits, as many at a time as are taken in at once."""
    units = _casework(chance, entries, residents, organisations, contacts)
    while chunk := list(itertools.islice(units, MOST_CHANGES)):
        yield chunk


def _casework(  # whoever takes part in a visit
    chance: random.Random,
    entries: int,
    residents: Sequence[int],
    organisations: Sequence[int],
    contacts: Sequence[int],
) -> Iterator[log.Envelope]:
    pen = Pen(_WRITER)
    visits = entries // ENTRIES_A_VISIT
    for number in range(visits):
        pen.now = START + _YEARS * number / visits
        visit = pen.birth(
            Visit(
                at=pen.now,
                kind=chance.choice(("GP visit", "district nurse", "phone call", "clinic")),
                professional=chance.choice(contacts),
                organisation=chance.choice(organisations),
                reason=chance.choice((None, data.note(chance)[:60])),
            ),
            chance.randbytes(log.SALT_BYTES),
        )
        yield visit
        for resident in chance.sample(residents, ENTRIES_A_VISIT):
            yield pen.birth(
                VisitEntry(
                    visit=visit.changes[0].rec,
                    resident=resident,
                    found=data.note(chance),
                    plan_changed=chance.choice(("yes", "no", "not sure", None)),
                ),
                chance.randbytes(log.SALT_BYTES),
            )


def opened(store: Store) -> OpenHome:
    """Return a store as an open home: these have no key file, a manager of no name opened them."""
    from liaison.services.homes import OpenHome

    return OpenHome(store.path.parent, cast("Unlocked", _MANAGER), store)
