"""Trying a store out before a home relies on it: write, read back, list, and say what failed."""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
from typing import TYPE_CHECKING, Final

from liaison.sync.object_store import Limits, ObjectStore
from liaison.sync.object_store_faults import STRANGE, StoreFault, being_set_up
from liaison.sync.object_store_patience import Patience
from liaison.sync.sealed import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.sync.object_store_place import Access

WRITES: Final = "Write a small file"
READS: Final = "Read it back"
LISTS: Final = "Find it in the list"
_FOLDER: Final = "trial/"
_BYTES: Final = 128
# somebody sits before the screen: one more try, and a shorter wait than in the background
_LIMITS: Final = Limits(connect=8, silence=15, request=20)
_PATIENCE: Final = Patience(tries=2, longest=20)


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried.

    Args:
        words: What was tried.
        fault: Why it did not work; None if it did.
    """

    words: str
    fault: StoreFault | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Trial:
    """What became of it.

    Args:
        steps: What was tried, in order; after one that failed nothing more was.
        access: The way to the store with what was learnt of it: this is what the vault keeps.
    """

    steps: tuple[Step, ...]
    access: Access

    @property
    def fault(self) -> StoreFault | None:
        """What failed; None if the home can rely on the store."""
        return self.steps[-1].fault

    @property
    def advice(self) -> str:
        """What to do about what failed; a trial is not tried again by itself."""
        fault = self.fault
        return being_set_up(fault.do) if fault else ""


def try_out(access: Access, *, store: ObjectStore | None = None) -> Trial:
    """Write a small file to a store, read it back, list it, and take it away again.

    Args:
        access: The way to the store.
        store: The store, if not with the usual waits.

    Returns:
        What worked and what did not; nothing is raised for a store that cannot be used.
    """
    store = store or ObjectStore(access, limits=_LIMITS, patience=_PATIENCE)
    data = secrets.token_bytes(_BYTES)
    # named as segments are: it is written without a question whose answer could not say why not
    key = f"{_FOLDER}{digest_of(data).hex()}"

    def read_back() -> None:
        if store.get(key) != data:
            raise StoreFault(STRANGE)

    def find() -> None:
        if key not in store.list(_FOLDER):
            raise StoreFault(STRANGE)

    steps: list[Step] = []
    todo: tuple[tuple[str, Callable[[], None]], ...] = (
        (WRITES, lambda: store.put(key, data)),
        (READS, read_back),
        (LISTS, find),
    )
    for words, work in todo:
        try:
            work()
        except StoreFault as fault:
            return Trial((*steps, Step(words, fault)), access)
        steps.append(Step(words))
    refused = store.overwriting_is_refused(key)
    # a key that may not delete is a good key: the file is small, and nothing else reads it
    with contextlib.suppress(StoreFault):
        store.remove(key)
    return Trial(tuple(steps), dataclasses.replace(access, refuses_overwriting=refused))
