"""A thread for work that may never come back: a network folder whose server is gone, say.

Nothing waits for it without a limit, and the program can end while it hangs: what it does must be
whole at every moment, as after a power cut.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


class Errands(Executor):
    """One thread that does one piece of work after the other, and that nobody need wait for."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do something once what was asked for before is done; see ``Executor.submit``."""
        future: Future[T] = Future()
        self._queue.put((future, lambda: fn(*args, **kwargs)))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="errands", daemon=True)
            self._thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  # Executor's own
        """Let the thread end once it has nothing more to do; it is never waited for."""
        del wait, cancel_futures
        self._queue.put(None)

    def ended(self, seconds: float) -> bool:
        """Wait for the thread to end, after :meth:`shutdown`.

        Args:
            seconds: How long at most; none at all if it is below zero.

        Returns:
            Whether it has; if not it hangs, and would hang when the interpreter winds up.
        """
        if self._thread is None:
            return True
        self._thread.join(max(seconds, 0))
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            future, work = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work())
            except BaseException as fault:  # noqa: BLE001  # whoever asked for it gets it, as from any executor
                future.set_exception(fault)
            del item, future, work
