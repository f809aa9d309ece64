"""A home of two PCs that meet in a folder, for the tests of what the window does with it."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any, Final

from liaison.records.home import Resident
from liaison.services import homes
from liaison.services.homes import OpenHome
from liaison.services.pcs import meeting_places
from liaison.store import query
from tests import homes as made
from tests.services.pcs.houses import House

OFFICE: Final = "office"
NURSES: Final = "Nurses' station PC"


@dataclasses.dataclass(frozen=True)
class Pair:
    """Two PCs of one home, both closed, and the folder in which they meet.

    Args:
        root: Where everything lies.
    """

    root: Path

    @classmethod
    def build(cls, root: Path) -> Pair:
        """Make the home on one PC and let the other join."""
        root.mkdir()
        house = House.build(root)
        with house.office.unit() as unit:
            unit.add(Resident(name="Margaret Ellis"))
        house.join(NURSES)
        house.rounds()
        house.close()
        return cls(root)

    def copied(self, to: Path) -> Pair:
        """Copy all of it, so that a test may do with it what it likes."""
        shutil.copytree(self.root, to)
        pair = Pair(to)
        for home in (pair.office, pair.nurses):
            meeting_places.keep_setup(home, meeting_places.Setup(pair.share))
        return pair

    @property
    def office(self) -> Path:
        """The first PC's home."""
        return self.root / OFFICE

    @property
    def nurses(self) -> Path:
        """The other PC's home."""
        return self.root / NURSES.lower()

    @property
    def share(self) -> Path:
        """The folder in which they meet."""
        return self.root / "share"

    def at_nurses(self) -> OpenHome:
        """Open the home on the other PC."""
        return homes.open_home(self.nurses, made.MANAGER, made.PASSWORD)


def add(home: OpenHome, name: str) -> int:
    """Add a resident; return their id."""
    with home.unit() as unit:
        return unit.add(Resident(name=name))


def change(home: OpenHome, identity: int, **values: Any) -> None:
    """Change a resident, as somebody at one PC does."""
    loaded = home.store.load("resident", identity)
    assert loaded is not None
    with home.unit("Said at handover") as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, **values))


def residents(home: OpenHome) -> list[str]:
    """Return the names of the residents, by name."""
    return sorted(
        one.name or "" for one in query.every(home.store, query.Query("resident"))
        if isinstance(one, Resident)
    )  # fmt: skip
