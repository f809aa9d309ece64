"""Homes to measure with: built fast through the store's own way of taking in what PCs send."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import random
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final, Self, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks import data
from benchmarks.harness import check
from liaison.records import ids, spec_of
from liaison.records.administration import Person
from liaison.records.casework import Visit, VisitEntry
from liaison.records.directory import Contact
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.records.values import Kept, kept_columns
from liaison.store import changes as log
from liaison.store.merge import merge
from liaison.store.stamps import Stamper
from liaison.store.store import FILE_NAME, Context, Replica, Store, admit

if TYPE_CHECKING:
    from liaison.records import Record
    from liaison.security import Unlocked
    from liaison.services.homes import OpenHome

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

Edit = tuple[int, Mapping[str, Kept], bytes]
"""A record, the fields to write and a salt."""

_CHUNK: Final = 20_000
_START: Final = dt.datetime(2005, 1, 3, 9, tzinfo=dt.UTC)
_YEARS: Final = dt.timedelta(days=365 * 20)
KEY: Final = bytes(range(32))


@dataclasses.dataclass(slots=True)
class Pen:
    """A PC that writes units of work, as they reach another PC.

    Args:
        tag: Its replica tag.
        now: What its clock shows.
        units: How many units it has written.
        hash: Where its chain stands.
    """

    tag: int
    now: dt.datetime = _START
    units: int = 0
    hash: bytes = log.NO_HASH
    signer: Ed25519PrivateKey = dataclasses.field(init=False)
    _stamper: Stamper = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        """Derive its key from its tag."""
        self.signer = Ed25519PrivateKey.from_private_bytes(self.tag.to_bytes(32, "big"))
        self._stamper = Stamper(self.tag, 0, lambda: self.now)

    @property
    def replica(self) -> Replica:
        """What other PCs know of it."""
        return Replica(self.tag, self.tag, 0, self.signer.public_key().public_bytes_raw())

    def birth(self, record: Record, salt: bytes) -> log.Envelope:
        """Write a new record in a unit of its own, as a person's save does."""
        spec = spec_of(record)
        identity, stamp = self._stamper.next(), self._stamper.next()
        fields = kept_columns(spec, record)
        change = log.make_change(stamp, spec.name, stamp, log.BIRTH, fields, {}, salt)
        return self._seal(identity, (change,))

    def edits(self, type_name: str, edits: Iterable[Edit]) -> log.Envelope:
        """Write edits of fields that nobody has edited before, all in one unit."""
        identity = self._stamper.next()
        changes = [
            log.make_change(self._stamper.next(), type_name, rec, log.EDIT, fields, {}, salt)
            for rec, fields, salt in edits
        ]
        return self._seal(identity, changes)

    def _seal(self, identity: int, changes: Sequence[log.Change]) -> log.Envelope:
        self.units += 1
        at = times.to_stored(self.now)
        unit = log.Unit(identity, self.tag, self.units, at, 1, "save", "", None, b"", b"")
        self.hash = log.unit_hash(self.hash, unit, [change.digest for change in changes])
        signature = self.signer.sign(log.signed_bytes(self.hash))
        return log.Envelope(unit._replace(hash=self.hash, signature=signature), changes)


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
        clock=lambda: _START - dt.timedelta(days=1),
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
        self._folder = Path(tempfile.mkdtemp(prefix="liaison-benchmarks-"))
        self._numbers = itertools.count(1)
        self._made: dict[int, Home] = {}

    def __enter__(self) -> Self:
        """Use the homes in a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Delete them."""
        shutil.rmtree(self._folder, ignore_errors=True)

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
    store.clock = lambda: _START - dt.timedelta(hours=1)
    with store.unit(person, "who there is") as unit:
        residents = tuple(
            unit.add(Resident(name=data.person_name(chance), room=str(n)))
            for n in range(1, RESIDENTS + 1)
        )
        organisations = [unit.add(data.organisation(chance, n)) for n in range(60)]
        contacts = [unit.add(Contact(name=data.person_name(chance))) for _ in range(120)]
    pen = Pen(6)
    admit_pen(store, pen)
    ids: list[int] = []
    units = _casework(chance, pen, entries, residents, organisations, contacts)
    while chunk := list(itertools.islice(units, _CHUNK)):
        ids += [e.changes[0].rec for e in chunk if e.changes[0].type == "visit_entry"]
        merged = merge(store, chunk)
        check(merged.applied == len(chunk), "a part of the home was not taken in")
    (visits,) = store.connection.execute("SELECT count(*) FROM visit").fetchone()
    check(visits == entries // ENTRIES_A_VISIT, "visits are missing")
    check(len(ids) == entries, "visit notes are missing")
    store.close()
    return Home(path, person, residents, visits, tuple(ids))


def admit_pen(store: Store, pen: Pen) -> None:
    """Let a PC's units be taken in."""
    with store.writing() as connection:
        admit(connection, pen.replica)


def _casework(  # noqa: PLR0917  # whoever takes part in a visit
    chance: random.Random,
    pen: Pen,
    entries: int,
    residents: Sequence[int],
    organisations: Sequence[int],
    contacts: Sequence[int],
) -> Iterator[log.Envelope]:
    visits = entries // ENTRIES_A_VISIT
    for number in range(visits):
        pen.now = _START + _YEARS * number / visits
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
