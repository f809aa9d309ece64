"""Long lists of an object store, not asked for whole each time.

A home of many years has tens of thousands of segments. Whoever has listed them once asks only, in
each PC's folder, for the last few names and what comes after them, and whether there are new
folders: the number of requests grows with the PCs of the home, never with its history. The last
names themselves must come with the answer; where they do not, the storage lost something, and
everything is listed anew. That is done every so often in any case, for what may have been lost or
come further back.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from liaison.sync.object_store import PAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.sync.object_store import Names, ObjectStore

_WHOLE_AFTER_SECONDS: Final = 24 * 3600.0
# a store may show a name after the next one, and a PC that was set back writes a number again
_OVERLAP: Final = 20


@dataclass(slots=True)
class _Memory:
    """What a folder was last seen to hold.

    Args:
        since: When it was last listed whole.
        names: Every name below it, by the folder it lies in.
    """

    since: float
    names: dict[str, set[str]] = field(default_factory=dict)

    def add(self, name: str) -> None:
        self.names.setdefault(_folder_of(name), set()).add(name)

    def discard(self, name: str) -> None:
        there = self.names.get(_folder_of(name), set())
        there.discard(name)
        if not there:
            self.names.pop(_folder_of(name), None)

    def all(self) -> Names:
        return sorted(name for there in self.names.values() for name in there)


class RememberingStore:
    """An object store that remembers, for as long as it lives, what it was shown.

    Args:
        store: The store.
        clock: Seconds that only grow.
    """

    def __init__(self, store: ObjectStore, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.store = store
        self._clock = clock
        self._seen: dict[str, _Memory] = {}

    def __repr__(self) -> str:
        """Say where it is, and nothing about the key."""
        return repr(self.store)

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self.store.requests

    def put_away(self) -> None:
        """Forget the key, as the home is locked; every verb then says so."""
        self.store.put_away()

    def list(self, prefix: str, after: str = "") -> Names:
        """Return the names below a folder; see :class:`~liaison.sync.transport.Transport`.

        Raises:
            StoreFault: The store could not be asked.
        """
        memory = self._seen.get(prefix)
        now = self._clock()
        old = memory is None or now - memory.since >= _WHOLE_AFTER_SECONDS
        if memory is None or old or not self._take_news(prefix, memory):
            if after:
                # whoever asks so remembers by itself
                return self.store.list(prefix, after)
            self._seen.pop(prefix, None)
            memory = _Memory(now)
            for name in self.store.list(prefix):
                memory.add(name)
            self._seen[prefix] = memory
        return [name for name in memory.all() if name > after]

    def get(self, key: str, /) -> bytes | None:
        """Return what lies under a name, or None if nothing does.

        Raises:
            StoreFault: The store could not be asked.
        """
        return self.store.get(key)

    def put(self, key: str, data: bytes, /) -> None:
        """Lay an object there, whole or not at all; the same bytes again change nothing.

        Raises:
            StoreFault: The store could not be reached, or keeps something else under that name.
        """
        self.store.put(key, data)
        for prefix, memory in self._seen.items():
            if key.startswith(prefix):
                memory.add(key)

    def remove(self, key: str, /) -> None:
        """Take an object away; nothing happens if there is none.

        Raises:
            StoreFault: The store could not be asked, or does not allow it.
        """
        self.store.remove(key)
        for memory in self._seen.values():
            memory.discard(key)

    def _take_news(self, prefix: str, memory: _Memory) -> bool:
        """Add what came since; False if everything is better listed anew."""
        between = _between(prefix, memory.names)
        leaves = [folder for folder in memory.names if folder not in between]
        if sum(map(len, memory.names.values())) <= PAGE:
            # all of it fits one answer
            return False
        news: set[str] = set()
        for folder, inside in between.items():
            folders, objects = self.store.look_into(folder)
            if not inside <= set(folders) or not memory.names.get(folder, set()) <= set(objects):
                return False
            news.update(objects)
            for unknown in set(folders) - inside:
                news.update(self.store.list(unknown))
        for folder in leaves:
            newest = sorted(memory.names[folder])[-_OVERLAP:]
            there = self.store.list_from(folder, newest[0])
            if not set(newest) <= set(there):
                return False
            news.update(there)
        for name in news:
            memory.add(name)
        return True


def _folder_of(name: str) -> str:
    return name[: name.rindex("/") + 1] if "/" in name else ""


def _between(prefix: str, folders: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the folders that hold folders, from a prefix down, each with those it is known to hold."""
    found: dict[str, set[str]] = {prefix: set()}
    for folder in folders:
        above = prefix
        for step in folder[len(prefix) :].split("/")[:-1]:
            inside = f"{above}{step}/"
            found.setdefault(above, set()).add(inside)
            above = inside
    return found
