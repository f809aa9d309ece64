"""Several real homes that meet in one real folder, for the tests of who belongs."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Final

from liaison.records.administration import Person
from liaison.security import RecoveryKey
from liaison.services import homes, people, syncing
from liaison.services.homes import OpenHome
from liaison.services.pcs import inviting, joining, meeting_places
from liaison.store.verify import state_digest, verify
from liaison.sync.folder import Folder
from liaison.sync.rounds import Round
from tests.homes import CHEAP, MANAGER, PASSWORD, again

ANN: Final = "Ann Lee"
ANNS: Final = "meadow grass in the rain"


@dataclasses.dataclass
class House:
    """A home and the folder in which its PCs meet.

    Args:
        root: Where everything lies.
        office: The first PC, open.
        key: The recovery key.
    """

    root: Path
    office: OpenHome
    key: RecoveryKey
    pcs: list[OpenHome] = dataclasses.field(default_factory=list)

    @classmethod
    def build(cls, root: Path) -> House:
        """Make a home with one PC and a folder to meet in."""
        (root / "share").mkdir()
        office, key = again(root / "office")
        house = cls(root, office, key, [office])
        meeting_places.set_up_folder(office, house.share)
        return house

    @property
    def share(self) -> Path:
        """The folder."""
        return self.root / "share"

    @property
    def storage(self) -> Folder:
        """The folder, as a storage."""
        return Folder(self.share)

    def join(
        self, name: str, *, at: OpenHome | None = None, person: str = MANAGER,
        password: str = PASSWORD,
    ) -> OpenHome:  # fmt: skip
        """Let one more PC join, from invitation to first fill."""
        at = at or self.office
        folder = self.root / name.lower()
        made = inviting.invite(at, self.storage)
        waiting = joining.ask(made.invitation, folder, self.storage, name, cost=CHEAP)
        inviting.approve(at, self.storage, waiting.digits, cost=CHEAP)
        waiting = joining.ask(made.invitation, folder, self.storage, name, cost=CHEAP)
        waiting = joining.fetch(waiting, folder, self.storage)
        home = joining.complete(
            waiting, folder, person, password,
            beside=lambda made: meeting_places.keep_setup(made, meeting_places.Setup(self.share)),
        )  # fmt: skip
        self.pcs.append(home)
        self.rounds()
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


def digests(*which: OpenHome) -> set[str]:
    """Return what some homes show, each once."""
    return {state_digest(home.store.connection) for home in which}


def able(home: OpenHome) -> list[str]:
    """Return who can unlock a PC."""
    return sorted(one.name for one in homes.read_keys(home.folder).people if one.can_unlock)


def sound(home: OpenHome) -> bool:
    """Return whether nothing is wrong with a home's log and records."""
    return not verify(home.store).damage
