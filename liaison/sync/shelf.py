"""What this PC keeps of the storage beside its home: sealed objects, which need no key to travel.

``fetched`` holds what came and was not looked into yet, ``kept`` what was proven or made here, and
``refused`` only the names of what was set apart, which is not to come again. So
every PC can give a storage that was lost all of it back, and while the home is locked objects still
go both ways as they are.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from liaison.files import plain_errors, replace_file
from liaison.sync.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

FOLDER_NAME: Final = "exchange"
_KEPT: Final = "kept"
_FETCHED: Final = "fetched"
_REFUSED: Final = "refused"


class Shelf:
    """The sealed objects of one home on this PC.

    Args:
        path: Its folder, which is made if it is missing; the one above it must exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        for folder in (path, path / _KEPT, path / _FETCHED):
            folder.mkdir(exist_ok=True)
        self._kept = Folder(path / _KEPT)
        # what others made can be fetched again after a power cut
        self._kept_quickly = Folder(path / _KEPT, durable=False)
        self._fetched = Folder(path / _FETCHED, durable=False)
        self._names: set[str] | None = None
        self._waiting: set[str] | None = None
        self._refused: frozenset[str] | None = None

    @property
    def kept(self) -> set[str]:
        """The names of what was proven or made here."""
        if self._names is None:
            self._names = set(self._kept.list(""))
        return self._names

    @property
    def fetched(self) -> set[str]:
        """The names of what came and waits to be looked into."""
        if self._waiting is None:
            self._waiting = set(self._fetched.list(""))
        return self._waiting

    @property
    def refused(self) -> frozenset[str]:
        """The names of what was set apart: it is not fetched again.

        Raises:
            UserError: This PC's own disk would not go on.
        """
        if self._refused is None:
            path = self.path / _REFUSED
            with plain_errors(path):
                text = path.read_text("utf-8", "replace") if path.exists() else ""
            self._refused = frozenset(text.split("\n")) - {""}
        return self._refused

    def refuse(self, names: Collection[str]) -> None:
        """Note which objects are not fetched again, in the place of those noted before.

        Raises:
            UserError: This PC's own disk would not go on.
        """
        if self.refused != frozenset(names):
            replace_file(self.path / _REFUSED, "\n".join(sorted(names)).encode())
            self._refused = frozenset(names)

    def sizes(self) -> dict[str, int]:
        """Return how many bytes each kept object has, by name; what vanishes meanwhile is left out.

        Raises:
            UserError: The folder cannot be read.
        """
        found: dict[str, int] = {}
        for name in self.kept:
            with contextlib.suppress(FileNotFoundError), plain_errors(self.path):
                found[name] = (self.path / _KEPT / name).stat().st_size
        return found

    def read(self, name: str) -> bytes | None:
        """Return what was kept under a name."""
        return self._kept.get(name)

    def read_fetched(self, name: str) -> bytes | None:
        """Return what came under a name."""
        return self._fetched.get(name)

    def put(self, name: str, data: bytes) -> None:
        """Keep what was made here; it is on the disk when this returns."""
        self._kept.put(name, data)
        self.kept.add(name)

    def fetch(self, name: str, data: bytes) -> None:
        """Put down what came from the storage, unlooked at."""
        self._fetched.put(name, data)
        self.fetched.add(name)

    def keep(self, name: str, under: str) -> None:
        """Keep what came under a name, now that it is proven, under the name it should have."""
        data = self._fetched.get(name)
        if data is not None and under not in self.kept:
            self._kept_quickly.put(under, data)
            self.kept.add(under)
        self.drop(name)

    def doubt(self, name: str) -> None:
        """Put what was kept back among what waits to be looked into."""
        data = self._kept.get(name)
        if data is not None:
            self.fetch(name, data)
        self.forget(name)

    def drop(self, name: str) -> None:
        """Throw away what came under a name."""
        if name in self.fetched:
            self._fetched.remove(name)
            self.fetched.discard(name)

    def forget(self, name: str) -> None:
        """Throw away what was kept under a name: something else stands for it."""
        self._kept.remove(name)
        self.kept.discard(name)
