"""Real encrypted homes to write to, a clock to turn, and a few records to start from."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.records import Record, all_specs, spec_of
from liaison.records.administration import Person
from liaison.records.casework import Visit, VisitEntry
from liaison.records.directory import Contact, Organisation, Service
from liaison.records.home import Resident
from liaison.store import merge, migrations
from liaison.store.changes import Envelope, decode, encode
from liaison.store.replicas import Context, Replica, admit
from liaison.store.stamps import Clock
from liaison.store.store import FILE_NAME, Store
from tests import folders

KEY: Final = bytes(range(32))
"""The database key of every home made here."""
BLOB_KEY: Final = b"b" * 32
HOME: Final = "1Q5M8J3K7V2XA"
TAG: Final = 5
"""The replica that writes unless a test asks for another."""
START: Final = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)

R = TypeVar("R", bound=Record)


class FakeClock:
    """A clock that stands still until a test turns it."""

    def __init__(self, now: dt.datetime = START) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """Turn it on, for example by ``minutes=5``."""
        self.now += dt.timedelta(**by)


def signer_of(tag: int) -> Ed25519PrivateKey:
    """Return the signing key of the PC with a tag: the same every time."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"pc {tag}".encode()).digest())


def replica_of(tag: int) -> Replica:
    """Return the PC with a tag as other PCs know it."""
    return Replica(tag, 1000 + tag, 0, signer_of(tag).public_key().public_bytes_raw())


class MakeStore(Protocol):
    """How a test asks for another PC's copy of the home."""

    def __call__(
        self, tag: int = ..., *, clock: Clock = ..., person: bool = ..., folder: str = ...
    ) -> Store:
        """Make an empty home on the PC with a tag; with one person unless told otherwise."""
        ...


_MADE: Final[dict[tuple[object, ...], folders.Files]] = {}
"""Each empty home that was made once."""


def new_home(
    folder: Path, tag: int, clock: Clock, *, person: bool = True, anew: bool = False
) -> Store:
    """Make a home in a folder that does not exist yet; the caller closes it.

    It is made once for each PC and moment: the others have the same first unit, unless one is
    wanted that is made anew.
    """
    folder.mkdir(parents=True)
    if anew or not isinstance(clock, FakeClock):
        return _made(folder, tag, clock, person=person)
    # a test may play a newer Liaison for a while
    one = (tag, clock.now, person, migrations.names(), tuple(all_specs()))
    if one not in _MADE:
        _made(folder, tag, clock, person=person).close()
        _MADE[one] = folders.take(folder)
    else:
        folders.lay(_MADE[one], folder)
    return Store(folder / FILE_NAME, KEY, signer_of(tag), clock=clock)


def _made(folder: Path, tag: int, clock: Clock, *, person: bool) -> Store:
    made = Store.create(
        folder / FILE_NAME,
        KEY,
        context=Context(HOME, b"r" * 32, tag, 1),
        replica=replica_of(tag),
        signer=signer_of(tag),
        clock=clock,
    )
    if person:
        with made.unit(1, "first") as unit:
            unit.person = unit.add(Person(name="Mo Farrell", role="manager"))
    return made


@pytest.fixture
def clock() -> FakeClock:
    """Make the clock of every PC that is given no other."""
    return FakeClock()


@pytest.fixture
def make_store(tmp_path: Path, clock: FakeClock) -> Iterator[MakeStore]:
    """Make homes, each in a folder of its own; all are closed at the end."""
    opened: list[Store] = []

    def make(
        tag: int = TAG, *, clock: Clock = clock, person: bool = True, folder: str = ""
    ) -> Store:
        place = tmp_path / (folder or f"pc-{tag}")
        # a second one of the same PC is a fork: it has a first unit of its own
        made = new_home(place, tag, clock, person=person, anew=bool(folder))
        opened.append(made)
        return made

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def store(make_store: MakeStore) -> Store:
    """Make a fresh home with one person, on one PC."""
    return make_store()


def reopened(store: Store, *, clock: Clock | None = None) -> Store:
    """Close a home and open it again, as a restart does; the caller closes it."""
    store.close()
    return Store(store.path, KEY, signer_of(store.context.tag), clock=clock or store.clock)


def person_of(store: Store) -> int:
    """Return the id of the first person who may sign in."""
    (found,) = store.connection.execute("SELECT min(id) FROM person").fetchone()
    return int(found)


def know_each_other(*stores: Store) -> None:
    """Let each of some PCs accept what the others write."""
    for store in stores:
        for other in stores:
            tag = other.context.tag
            known = store.connection.execute("SELECT 1 FROM replica WHERE tag = ?", (tag,))
            if known.fetchone() is None:
                with store.applying() as connection:
                    admit(connection, replica_of(tag))


def add(store: Store, record: Record, reason: str = "", **unit: Any) -> int:
    """Add one record in a unit of its own and return its id."""
    with store.unit(person_of(store), reason, **unit) as work:
        return work.add(record)


def change(store: Store, type_name: str, rec: int, reason: str = "", **fields: Any) -> int:
    """Load a record, change some of its fields, save it; return the stamp of the change."""
    loaded = store.load(type_name, rec)
    assert loaded is not None
    with store.unit(person_of(store), reason) as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, **fields))
    return last_stamp(store)


def last_stamp(store: Store) -> int:
    """Return the highest stamp in the log."""
    (found,) = store.connection.execute("SELECT max(stamp) FROM change").fetchone()
    return int(found)


def got(store: Store, cls: type[R], rec: int) -> R:
    """Return a record that must be there, as its class."""
    found = store.get(spec_of(cls).name, rec)
    assert isinstance(found, cls)
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class Typical:
    """The ids of a few records that hang together."""

    surgery: int
    service: int
    contact: int
    mary: int
    john: int
    visit: int
    entry: int


def add_typical(store: Store) -> Typical:
    """Add a surgery with a service and former names, a contact, two residents, a visit, a note."""
    with store.unit(person_of(store), "a first day") as unit:
        service = unit.add(Service(name="District nursing", synonyms="catheter, dressings"))
        surgery = unit.add(
            Organisation(
                name="Larkfield Surgery",
                kind="GP practice",
                phone="01632 960123",
                postcode="TA1 1AA",
                offers=(service,),
                former_names=("Old Surgery",),
            )
        )
        contact = unit.add(Contact(name="Siân O'Neil", mobile="07700 900123"))
        mary = unit.add(Resident(name="Mary Jones", room="4", practice=surgery))
        john = unit.add(Resident(name="John Kowalski", room="5", practice=surgery))
        visit = unit.add(Visit(at=START, kind="visit", professional=contact, organisation=surgery))
        entry = unit.add(VisitEntry(visit=visit, resident=mary, found="Catheter blocked, flushed."))
    return Typical(surgery, service, contact, mary, john, visit, entry)


@pytest.fixture
def typical(store: Store) -> Typical:
    """Fill the home with a few records that hang together."""
    return add_typical(store)


OFFICE, NURSES, STRANGER = 5, 9, 13


@dataclasses.dataclass
class Two:
    """Two PCs that know each other; the office holds nothing of the nurses' yet."""

    office: Store
    nurses: Store

    @property
    def sent(self) -> list[Envelope]:
        """What the nurses' PC has to send, as it comes out of the bytes it travels as."""
        return sent_by(self.nurses)


@pytest.fixture
def two(make_store: MakeStore) -> Two:
    """The nurses' PC has added three residents and moved one of them thrice."""
    office, nurses = make_store(OFFICE), make_store(NURSES)
    know_each_other(office, nurses)
    with nurses.unit(person_of(nurses), "three residents") as unit:
        for name in ("Ann", "Bob", "Cyd"):
            unit.add(Resident(name=name, room="4"))
    for room in ("5", "6", "7"):
        change(nurses, "resident", ann(nurses), "moved", room=room)
    return Two(office, nurses)


def ann(store: Store) -> int:
    """Return the record of the one who was moved."""
    (found,) = store.connection.execute("SELECT id FROM resident WHERE name = 'Ann'").fetchone()
    return int(found)


def sent_by(store: Store, after: int = 0) -> list[Envelope]:
    """Return what a PC has to send, as it comes out of the bytes it travels as."""
    return [decode(encode(e)) for e in merge.units_after(store, store.context.tag, after)]
