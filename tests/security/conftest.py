"""A home to unlock, and the tools of somebody who tampers with its key file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from liaison.security import Cost, RecoveryKey, Unlocked, Vault, create
from liaison.security.wire import JsonObject, with_checksum

#: The least that Argon2id allows: nothing is proven here about its strength.
CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
MANAGER = "0P9X2Q7M4R1TB"
PASSWORD = "tea at ten"


@dataclass
class Home:
    """A home made for one test."""

    path: Path
    unlocked: Unlocked
    key: RecoveryKey
    vault: Vault
    password: str = PASSWORD
    manager: str = MANAGER
    cost: Cost = CHEAP

    def document(self) -> JsonObject:
        """Return the key file on disk as JSON."""
        found: JsonObject = json.loads(self.path.read_bytes())
        return found

    def forge(self, document: JsonObject) -> None:
        """Write a key file as somebody does who knows the format and no secret."""
        self.path.write_bytes(self.forged(document))

    @staticmethod
    def forged(document: JsonObject) -> bytes:
        """Return a tampered document with all its unkeyed checksums made right again."""
        for part in ("recovery", "vault"):
            if isinstance(document.get(part), dict):
                document[part] = with_checksum(document[part])  # type: ignore[arg-type]
        slots = document.get("slots")
        if isinstance(slots, list):
            document["slots"] = [
                with_checksum(slot) if isinstance(slot, dict) else slot for slot in slots
            ]
        return json.dumps(with_checksum(document), indent=2).encode()


MakeHome = Callable[..., Home]


@pytest.fixture
def make_home(tmp_path: Path) -> MakeHome:
    """Make homes, each in a folder of its own."""

    def make(home_id: str = "1Q5M8J3K7V2XA", *, folder: str = "home") -> Home:
        path = tmp_path / folder / "keys.json"
        path.parent.mkdir()
        vault = Vault.generate("Office PC", tag=4711, incarnation=2, pc_id=99)
        unlocked, key = create(
            path,
            home_id=home_id,
            person=MANAGER,
            name="Helen Marsh",
            password=PASSWORD,
            vault=vault,
            cost=CHEAP,
        )
        return Home(path, unlocked, key, vault)

    return make


@pytest.fixture
def home(make_home: MakeHome) -> Home:
    """Make one home."""
    return make_home()
