"""One piece of work under way: how it is cancelled, how it says how far it is, who gets its answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

if TYPE_CHECKING:
    from concurrent.futures import Future

    from liaison.errors import UserError

    Failed = Callable[[UserError], object]

_PROGRESS_SECONDS: Final = 0.05


class Cancelled(Exception):
    """Raised inside a job that notices that nobody waits for it any more."""


class Job(QObject):
    """A piece of work under way.

    Attributes:
        progress: How far it is: steps done, steps in all (0 if unknown), and what is being done.
    """

    # whole numbers: bytes are counted too, and Qt's own int ends at 2 GiB
    progress = Signal(object, object, str)

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__()
        self.cancelled = False
        self.ended = False
        """Whether its answer has been handed out or dropped."""
        self._owner = owner
        self.on_cancel: list[Callable[[], object]] = []
        """What ends the work early, where anything can."""

    def cancel(self) -> None:
        """Let the answer fall away; work that has not begun is not done at all.

        A write that has begun is finished all the same: it is wholly done or not at all.
        """
        if self.ended or self.cancelled:
            return
        self.cancelled = True
        for end in list(self.on_cancel):
            end()

    @property
    def wanted(self) -> bool:
        """Whether somebody still waits for the answer."""
        return not self.cancelled and (self._owner is None or isValid(self._owner))


class Progress:
    """How a long job says how far it is, and learns that it was cancelled."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._told = 0.0
        self.touched: Callable[[frozenset[str]], object] = lambda _: None
        """Told which record types were written, by work with a connection of its own."""

    def __call__(self, done: int, total: int = 0, words: str = "") -> None:
        """Say how far the job is; may be called as often as one likes.

        Args:
            done: Steps done.
            total: Steps in all; 0 if that is not known.
            words: What is being done, for a person.

        Raises:
            Cancelled: Nobody waits for it any more; let it through.
        """
        self.check()
        moment = time.monotonic()
        # a signal for every step of a long job would drown the window
        if done == total or moment - self._told >= _PROGRESS_SECONDS:
            self._told = moment
            self._job.progress.emit(done, total, words)

    @property
    def stopped(self) -> bool:
        """Whether nobody waits for the job any more."""
        return self._job.cancelled

    def check(self) -> None:
        """Raise :class:`Cancelled` if nobody waits for the job any more."""
        if self._job.cancelled:
            raise Cancelled


class Task:
    """A job with what is to be done with its answer, on its way between the threads."""

    def __init__(
        self,
        job: Job,
        done: Callable[[Any], object] | None,
        failed: Failed | None,
        *,
        is_write: bool = False,
    ) -> None:
        self.job = job
        self.done = done
        self.failed = failed
        self.is_write = is_write
        self.is_look = False
        """Whether it has a connection of its own to the home."""
        self.is_errand = False
        """Whether it may hang, and is waited for only so long."""
        self.dropped: Callable[[Any], object] | None = None
        """What to do with an answer that nobody waits for any more."""
        self.work: Callable[[], object] | None = None
        self.error: BaseException | None = None
        """What went wrong, once the work has ended."""
        self.future: Future[Any]
        self.touched: frozenset[str] = frozenset()

    def run(self) -> object:
        """Do the work, on a thread of its own; what goes wrong is kept, not raised.

        Raised, it would hold the frames it came through, and with them the job, until the worker is
        done with it: a job that ends there, and not on the window's thread, can end the program.
        """
        assert self.work is not None  # noqa: S101  # it is given before a thread is asked
        try:
            return self.work()
        except BaseException as error:  # noqa: BLE001  # the window's thread deals with it
            self.error = error
            return None

    def let_go(self) -> None:
        """Let go of all that belongs to the window, on its thread: a worker lets go of this last."""
        self.work = self.done = self.failed = self.dropped = self.error = None
        del self.future, self.job

    def touch(self, types: frozenset[str]) -> None:
        """Note which record types were written."""
        self.touched |= types
