"""The thread that reads, and the connection to the home that it reads through."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from liaison.services.homes import OpenHome
    from liaison.store.store import Store


class Reader:
    """Reads from one home after the other; called on the window's thread only."""

    def __init__(self) -> None:
        self._store: Future[Store] | None = None

    @cached_property
    def thread(self) -> ThreadPoolExecutor:
        """The thread; made when there is first something to read."""
        return threads(1, "reader")

    def open(self, home: OpenHome, *, after: Future[None] | None = None) -> None:
        """Open a home for reading; if that fails, each read says why.

        Args:
            home: The home.
            after: What must be over before it is opened; reads wait for it too.
        """

        def opened() -> Store:
            if after is not None:
                after.result()
            return open_reading(home)

        self._store = self.thread.submit(opened)

    def reading(self) -> Callable[[], Store]:
        """Return what gives the home as it is read from now, on the reader's thread.

        Raises:
            RuntimeError: No home is open.
        """
        if self._store is None:
            raise RuntimeError("no home is open")
        return self._store.result

    def close(self) -> Future[None]:
        """Close the connection after the reads asked for before.

        Returns:
            When it is closed.
        """
        store, self._store = self._store, None
        return self.thread.submit(_close, store)

    def refresh(self) -> None:
        """Forget what is remembered between reads: something was written."""
        if self._store is not None:
            self.thread.submit(_refresh, self._store)


def threads(count: int, name: str) -> ThreadPoolExecutor:
    """Return a pool of threads; none of them is started yet."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(count, name)


def open_reading(home: OpenHome) -> Store:
    """Open a connection to a home through which nothing can be written."""
    from liaison.store.store import Store

    own = home.store
    store = Store(own.path, own.key, clock=own.clock, fixed=own.fixed)
    store.hide(home.store.hidden)
    return store


def _close(store: Future[Store] | None) -> None:
    if store is not None and store.exception() is None:
        store.result().close()


def _refresh(store: Future[Store]) -> None:
    if store.exception() is None:
        store.result().refresh()
