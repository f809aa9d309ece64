"""Several real homes that meet in one real folder or object store, for the tests of who belongs."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison.records.administration import Person
from liaison.records.home import Resident
from liaison.security import RecoveryKey
from liaison.services import homes, people, syncing
from liaison.services.homes import OpenHome
from liaison.services.pcs import inviting, joining, letting_in, meeting_places
from liaison.services.pcs.meeting_places import Setup
from liaison.store.query import Query, every
from liaison.store.verify import state_digest, verify
from liaison.sync.folder import Folder
from liaison.sync.object_store import ObjectStore
from liaison.sync.rounds import Round
from tests.homes import CHEAP, MANAGER, PASSWORD, again
from tests.sync.places import FolderPlace, Place, StorePlace

if TYPE_CHECKING:
    import pytest

    from liaison.errors import UserError
    from liaison.services.pcs.inviting import Made
    from liaison.services.pcs.joining import Waiting
    from liaison.sync.object_store_place import Access
    from liaison.sync.transport import Transport

ANN: Final = "Ann Lee"
ANNS: Final = "meadow grass in the rain"


@dataclasses.dataclass
class House:
    """A home and the place in which its PCs meet.

    Args:
        root: Where everything of the PCs lies.
        office: The first PC, open.
        key: The recovery key.
        place: Where they meet.
        pcs: All of them, open.
    """

    root: Path
    office: OpenHome
    key: RecoveryKey
    place: Place
    pcs: list[OpenHome] = dataclasses.field(default_factory=list)

    @classmethod
    def build(cls, root: Path, place: Place | None = None) -> House:
        """Make a home with one PC and a place to meet in, a folder of its own unless it is named."""
        place = place or FolderPlace(root / "share")
        office, key = again(root / "office")
        house = cls(root, office, key, place, [office])
        house.meet(office)
        return house

    @property
    def share(self) -> Path:
        """The folder, for what is played in a folder alone."""
        assert isinstance(self.place, FolderPlace)
        return self.place.path

    @property
    def access(self) -> Access | None:
        """The way to the store; None if they meet in a folder."""
        return self.place.access if isinstance(self.place, StorePlace) else None

    @property
    def setup(self) -> Setup:
        """Where they meet, as each PC notes it."""
        if self.access is None:
            return Setup(self.share)
        return Setup(None, store=self.access.place.shown)

    @property
    def storage(self) -> Transport:
        """The place, as a storage."""
        return self.place.transport()

    @property
    def kind(self) -> type[Folder | ObjectStore]:
        """What every way to it is made of, for a test that lets one of its verbs fail."""
        return Folder if self.access is None else ObjectStore

    def meet(self, home: OpenHome) -> None:
        """Let a PC that is set up by hand meet the others."""
        if self.access is None:
            meeting_places.set_up_folder(home, self.share)
        else:
            assert meeting_places.set_up_store(home, self.access).fault is None

    def join(
        self, name: str, *, at: OpenHome | None = None, person: str = MANAGER,
        password: str = PASSWORD,
    ) -> OpenHome:  # fmt: skip
        """Let one more PC join, from invitation to first fill."""
        folder = self.root / name.lower()
        waiting = joining.fetch(self.let_in(name, folder, at=at), folder, self.storage)
        home = self.complete(waiting, folder, person, password)
        self.rounds()
        return home

    def let_in(self, name: str, folder: Path, *, at: OpenHome | None = None) -> Waiting:
        """Let one more PC in; what lies there for it was not fetched yet."""
        at = at or self.office
        made = inviting.invite(at, self.storage)
        waiting = joining.ask(made.invitation, folder, self.storage, name, cost=CHEAP)
        letting_in.approve(at, self.storage, waiting.digits, cost=CHEAP)
        return joining.ask(made.invitation, folder, self.storage, name, cost=CHEAP)

    def complete(
        self, waiting: Waiting, folder: Path, person: str = MANAGER, password: str = PASSWORD
    ) -> OpenHome:
        """Make the home on a PC that was let in."""
        home = joining.complete(
            waiting, folder, person, password,
            beside=lambda made: meeting_places.keep_setup(made, self.setup),
            storage=self.access.encode() if self.access else None,
        )  # fmt: skip
        self.pcs.append(home)
        return home

    def rounds(self, *which: OpenHome, times: int = 2) -> list[Round]:
        """Exchange until everybody has everything."""
        return [syncing.once(home) for _ in range(times) for home in which or self.pcs]

    def close(self) -> None:
        """Close every home."""
        for home in self.pcs:
            home.close()


def add_manager(home: OpenHome, name: str = ANN, password: str = ANNS) -> int:
    """Let one more manager sign in, with a password of their own."""
    return people.add(home, Person(name=name, role="manager"), password, cost=CHEAP)


def reopen(home: OpenHome, person: str = MANAGER, password: str = PASSWORD) -> OpenHome:
    """Open the folder of a home that was closed."""
    return homes.open_home(home.folder, person, password)


def residents(home: OpenHome) -> set[str | None]:
    """Return the names of the residents."""
    return {one.name for one in every(home.store, Query("resident")) if isinstance(one, Resident)}


def digests(*which: OpenHome) -> set[str]:
    """Return what some homes show, each once."""
    return {state_digest(home.store.connection) for home in which}


def able(home: OpenHome) -> list[str]:
    """Return who can unlock a PC."""
    return sorted(one.name for one in homes.read_keys(home.folder).people if one.can_unlock)


def sound(home: OpenHome) -> bool:
    """Return whether nothing is wrong with a home's log and records."""
    return not verify(home.store).damage


def ask(house: House, made: Made, folder: Path, name: str = "Laptop") -> Waiting:
    """Ask to join with an invitation, or see what came of it."""
    return joining.ask(made.invitation, folder, house.storage, name, cost=CHEAP)


def code(caught: pytest.ExceptionInfo[UserError]) -> str:
    """Return what a refusal is, which also says what to do."""
    assert caught.value.do
    return caught.value.code


class Crash(BaseException):
    """The program ends here."""


def failing(house: House, at: int, *, after: bool) -> Transport:
    """Return a way to the storage on which the program ends before or after its n-th put."""
    storage = house.storage
    real, counted = storage.put, itertools.count(1)

    def put(key: str, data: bytes) -> None:
        number = next(counted)
        if number == at and not after:
            raise Crash
        real(key, data)
        if number == at:
            raise Crash

    storage.put = put  # type: ignore[method-assign]  # of this one alone
    return storage
