"""Where the PCs of a test meet, and what a test does there behind their backs.

The same faults are played in a folder and in an object store, so what lies there is read, damaged,
taken away and rolled back by one set of words.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from liaison.sync.folder import Folder
from liaison.sync.object_store import Limits, ObjectStore
from liaison.sync.object_store_memory import RememberingStore
from liaison.sync.object_store_patience import Patience
from liaison.sync.transport import Transport

if TYPE_CHECKING:
    from obstore.store import S3Store

    from liaison.sync.object_store_place import Access

ONCE: Final = Patience(tries=1)
LIMITS: Final = Limits(connect=5, silence=10, request=10)


class Place(Protocol):
    """Where PCs meet."""

    def transport(self) -> Transport:
        """Return the way to it for one PC."""
        ...

    def unreachable(self) -> Transport:
        """Return a way that leads nowhere today."""
        ...

    def beside(self) -> Place:
        """Return another place of this kind, in which nothing lies."""
        ...

    def keys(self) -> list[str]:
        """Return the names of everything that lies there, in order."""
        ...

    def read(self, key: str) -> bytes:
        """Return what lies under a name."""
        ...

    def write(self, key: str, data: bytes) -> None:
        """Lay something under a name, over what lies there."""
        ...

    def remove(self, key: str) -> None:
        """Take something away."""
        ...


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Lying:
    """Something that lies in a place; named and handled as a path is.

    Args:
        key: Its name.
        place: Where.
    """

    key: str
    place: Place = dataclasses.field(compare=False)

    @property
    def name(self) -> str:
        """The last part of its name."""
        return self.key.rsplit("/", 1)[1]

    @property
    def stem(self) -> str:
        """The last part without its ending."""
        return Path(self.key).stem

    def with_name(self, name: str) -> Lying:
        """Return what lies beside it under another name."""
        return Lying(f"{self.key.rsplit('/', 1)[0]}/{name}", self.place)

    def exists(self) -> bool:
        """Return whether it is there."""
        return self.key in self.place.keys()  # noqa: SIM118  # no dictionary

    def read_bytes(self) -> bytes:
        """Return its bytes."""
        return self.place.read(self.key)

    def write_bytes(self, data: bytes) -> None:
        """Give it other bytes."""
        self.place.write(self.key, data)

    def unlink(self) -> None:
        """Take it away."""
        self.place.remove(self.key)


def lying(place: Place, ending: str) -> list[Lying]:
    """Return what lies in a place under names with an ending, in order."""
    return [Lying(key, place) for key in place.keys() if key.endswith(ending)]  # noqa: SIM118  # no dictionary


def state(place: Place) -> dict[str, bytes]:
    """Return everything that lies in a place."""
    return {key: place.read(key) for key in place.keys()}  # noqa: SIM118  # no dictionary


def set_back(place: Place, then: Mapping[str, bytes]) -> None:
    """Let exactly that lie in a place which lay there once."""
    wipe(place)
    add(place, then)


def add(place: Place, more: Mapping[str, bytes]) -> None:
    """Lay more into a place."""
    for key, data in more.items():
        place.write(key, data)


def hide(place: Place, keys: Iterable[str]) -> dict[str, bytes]:
    """Take some of it away and return it, to be added again: as where a line is down for a while."""
    hidden = {key: place.read(key) for key in keys}
    for key in hidden:
        place.remove(key)
    return hidden


def wipe(place: Place) -> None:
    """Take everything away."""
    for key in place.keys():  # noqa: SIM118  # no dictionary
        place.remove(key)


class FolderPlace:
    """A folder.

    Args:
        path: It; made if it is not there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    def transport(self) -> Transport:
        """Return the way to it, with no waits."""
        return Folder(self.path, sleep=lambda _: None)

    def unreachable(self) -> Transport:
        """Return the way to a folder that is not there."""
        return Folder(self.path.with_name("unplugged"), sleep=lambda _: None)

    def beside(self) -> Place:
        """Return a folder beside it."""
        return FolderPlace(self.path.with_name(f"{self.path.name} 2"))

    def keys(self) -> list[str]:
        """Return the names of all files."""
        return sorted(
            path.relative_to(self.path).as_posix()
            for path in self.path.rglob("*")
            if path.is_file()
        )

    def read(self, key: str) -> bytes:
        """Return what is in a file."""
        return (self.path / key).read_bytes()

    def write(self, key: str, data: bytes) -> None:
        """Write a file, and the folders it lies in."""
        path = self.path / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def remove(self, key: str) -> None:
        """Remove a file, and folders that are empty then."""
        path = self.path / key
        path.unlink()
        while path.parent != self.path and not any(path.parent.iterdir()):
            path = path.parent
            shutil.rmtree(path)


class StorePlace:
    """A folder of its own in a real object store; another process can be told of it.

    Args:
        access: The way to it.
    """

    def __init__(self, access: Access) -> None:
        self.access = access
        self._own = ObjectStore(access, limits=LIMITS, patience=ONCE)

    def __reduce__(self) -> tuple[type[StorePlace], tuple[Access]]:
        """Return what makes it anew: connections belong to one process."""
        return StorePlace, (self.access,)

    def transport(self) -> Transport:
        """Return the way to it as a running Liaison has it; each fault meets one try."""
        return RememberingStore(ObjectStore(self.access, limits=LIMITS, patience=ONCE))

    def unreachable(self) -> Transport:
        """Return the way to an address where nobody is."""
        place = dataclasses.replace(self.access.place, endpoint="http://127.0.0.1:9")
        nowhere = dataclasses.replace(self.access, place=place)
        return ObjectStore(nowhere, limits=LIMITS, patience=ONCE)

    def beside(self) -> Place:
        """Return a folder beside it, in the same bucket and with the same key."""
        place = self.access.place
        other = dataclasses.replace(place, prefix=f"{place.prefix}-2")
        return StorePlace(dataclasses.replace(self.access, place=other))

    def keys(self) -> list[str]:
        """Return the names of all objects."""
        return self._own.list("")

    def read(self, key: str) -> bytes:
        """Return an object's bytes."""
        data = self._own.get(key)
        assert data is not None, key
        return data

    def write(self, key: str, data: bytes) -> None:
        """Lay an object over what is there, as only somebody with the store itself does."""
        self._library.put(key, data, use_multipart=False)

    def remove(self, key: str) -> None:
        """Take an object away."""
        self._own.remove(key)

    @property
    def _library(self) -> S3Store:
        library = self._own._library
        assert library is not None
        return library
