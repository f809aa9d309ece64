"""Whole homes for the tests of the services and of the command line: real keys, real database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from liaison import security
from liaison.security import Cost, RecoveryKey
from liaison.services import founding, homes
from liaison.services.homes import OpenHome
from liaison.store import mark
from liaison.store.store import FILE_NAME
from tests import folders

#: The least that Argon2id allows: nothing is proven here about its strength.
CHEAP: Final = Cost(memory_kib=8, passes=1, lanes=1)
PASSWORD: Final = "tea at ten by the willow pond"
MANAGER: Final = "Kate Morgan"
NAME: Final = "Willow House"
KEYS: Final = security.FILE_NAME
DATABASE: Final = FILE_NAME
MARK: Final = mark.FILE_NAME
ROOT: Final = Path(__file__).parents[1]


def make(folder: Path, **other: Any) -> tuple[OpenHome, RecoveryKey]:
    """Make a home and return it open, with its recovery key."""
    wanted: dict[str, Any] = {"name": NAME, "person": MANAGER, "password": PASSWORD, "cost": CHEAP}
    return founding.make_home(folder, **(wanted | other))


_MADE: Final[list[tuple[folders.Files, RecoveryKey]]] = []


def again(folder: Path) -> tuple[OpenHome, RecoveryKey]:
    """Give the usual home, open: made once, and laid down again with the same keys."""
    if not _MADE:
        home, key = make(folder)
        home.close()
        _MADE.append((folders.take(folder), key))
    else:
        folders.lay(_MADE[0][0], folder)
    return unlock(folder), _MADE[0][1]


def unlock(folder: Path, password: str = PASSWORD, person: str | None = None) -> OpenHome:
    """Open a home as its manager does."""
    return homes.open_home(folder, person, password)


def copy(home: Path, folder: Path) -> Path:
    """Copy a closed home's folder, as somebody does in the file manager."""
    shutil.copytree(home, folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder, to see that nothing of it changed."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def names(folder: Path) -> list[str]:
    """Return what lies in a folder, hidden things too."""
    return sorted(path.name for path in folder.iterdir())


def flip(path: Path, place: int, bit: int = 0) -> None:
    """Flip one bit of a file."""
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << bit
    path.write_bytes(data)


def child(code: str, *arguments: object, **environment: str) -> subprocess.Popen[bytes]:
    """Start Python on some code, in a process that can be killed or limited."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def words_in(folder: Path, *words: str) -> list[str]:
    """Return which files under a folder hold any of some words in the clear."""
    sought = [word.encode(code) for word in words for code in ("utf-8", "utf-16-le")]
    return [name for name, data in contents(folder).items() if any(word in data for word in sought)]
