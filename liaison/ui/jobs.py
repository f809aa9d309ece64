"""Work off the window's thread: the only concurrency code of the window.

One writer thread owns the open home, one reader thread a read-only store of its own, a small pool
does what needs no home (key derivation, files), and a child process makes documents. Answers come
back to the window's thread as queued signals, in the order in which the work ended.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal

from liaison.errors import UserError
from liaison.ui.job import Cancelled, Job, Progress, Task
from liaison.ui.reader import Reader, open_reading, threads
from liaison.ui.renderer import Renderer
from liaison.ui.tidying import Tidying

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future, ThreadPoolExecutor

    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.ui.errands import Errands
    from liaison.ui.job import Failed

T = TypeVar("T")
__all__ = ["Cancelled", "Job", "Jobs", "Progress"]

_TURN_SECONDS: Final = 0.0002
_RUNNERS: Final = 2
_ERRAND_SECONDS: Final = 5.0
"""So long at most anything waits for an errand that was told to stop."""


class Jobs(QObject):
    """Work off the window's thread; made, called and answered on that thread only.

    Attributes:
        changed: The record types (``frozenset[str]``) that a write which has ended touched.
        busy: Whether a write is under way.
        trouble: A :class:`UserError` nobody else takes; for the window's banner.
        fault: Any other exception, which is a bug of ours; for the window's dialog.
    """

    changed = Signal(object)
    busy = Signal(bool)
    trouble = Signal(object)
    fault = Signal(object)
    _ended = Signal(object)
    _frozen: ClassVar[bool] = False

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # the window's thread waits this long for Python whenever another one is at work: with
        # Python's own 5 ms a list that reads rows while it scrolls paints half as often
        sys.setswitchinterval(_TURN_SECONDS)
        self._renderer_process = Renderer()
        self._tidying = Tidying(lambda: all(task.is_errand for task in self._live), self)
        self._home: OpenHome | None = None
        self._reader = Reader()
        self._lanes: dict[str, Errands] = {}
        self._live: set[Task] = set()
        self._latest: dict[object, Job] = {}
        self._writes = 0
        self._closed = False
        self.hangs = False
        """Whether an errand hangs although everything is closed; all else is done."""
        # emitted on the workers' threads; queued also where a cancel emits it on the window's own,
        # so that no answer arrives in the middle of the call that caused it
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    # the threads are made when there is first something to do, after the door is on the screen

    @cached_property
    def _writer(self) -> ThreadPoolExecutor:
        return threads(1, "writer")

    @cached_property
    def _runners(self) -> ThreadPoolExecutor:
        return threads(_RUNNERS, "runner")

    @cached_property
    def _renderer(self) -> ThreadPoolExecutor:
        return threads(1, "renderer")

    def _errands(self, lane: str) -> Errands:
        from liaison.ui.errands import Errands

        return self._lanes.setdefault(lane, Errands())

    # ---- a home comes and goes

    @property
    def home(self) -> OpenHome | None:
        """The home that is open; only to ask whether there is one, or for what never changes."""
        return self._home

    @property
    def is_idle(self) -> bool:
        """Whether every job has ended and was answered."""
        return not self._live

    def open(
        self,
        work: Callable[[Progress], OpenHome],
        done: Callable[[OpenHome], object],
        failed: Failed | None = None,
        *,
        owner: QObject | None = None,
    ) -> Job:
        """Unlock or make a home on the thread that will write to it, then take it over.

        Args:
            work: Derives the keys and opens the home. If the job was cancelled meanwhile, the home
                is closed again.
            done: Gets the home once reads and writes may be asked for.
            failed: Gets what the person can act on, such as a wrong password.
            owner: Nothing is called once this object is gone.
        """
        task = self._task(done, failed, owner)

        def opened() -> OpenHome:
            home = work(Progress(task.job))
            if task.job.cancelled:
                home.close()
                raise Cancelled
            return home

        def take(home: OpenHome) -> None:
            self.attach(home)
            done(home)

        task.done = take
        task.dropped = self._close_home
        return self._start(self._writer, task, opened)

    def attach(self, home: OpenHome) -> None:
        """Take over an open home; from now on only the writer thread touches it.

        Raises:
            RuntimeError: Another home is open.
        """
        if self._home is not None:
            raise RuntimeError("a home is open already")
        if not Jobs._frozen:
            # all that was loaded stays to the end: the collector, which stops every thread, need
            # not go over it again whenever one of them reads much (to ask it whether that was done
            # already takes 20 ms)
            Jobs._frozen = True
            gc.freeze()
        self._home = home
        self._reader.open(home)

    def detach(self, done: Callable[[], object] | None = None) -> None:
        """Close the home after the writes under way; nothing may be read or written meanwhile.

        Args:
            done: Called when both connections are closed.
        """
        from concurrent.futures import wait

        home = self._home
        if home is None:
            raise RuntimeError("no home is open")
        self._home = None
        for task in self._live:
            if not task.is_write:
                task.job.cancel()
        closed = [self._reader.close(), *self._looks()]
        errands = self._running_errands()

        def close() -> None:
            # last, so that the write-ahead log can be folded into the file
            wait(closed)
            wait(errands, _ERRAND_SECONDS)
            home.close()

        task = self._task(lambda _: done() if done is not None else None, None, self)
        self._start(self._writer, task, close)

    # ---- work

    def read(
        self,
        work: Callable[[Store], T],
        done: Callable[[T], object],
        failed: Failed | None = None,
        *,
        latest: object = None,
        owner: QObject | None = None,
    ) -> Job:
        """Read from the home.

        Args:
            work: Reads, on the reader's thread; returns values, never the store.
            done: Gets what was read, on the window's thread.
            failed: Gets what the person can act on; without it that goes to ``trouble``.
            latest: A newer read of the same key makes this one's answer fall away.
            owner: Nothing is called once this object is gone; by default the object whose method
                ``done`` is.

        Raises:
            RuntimeError: No home is open.
        """
        reading = self._reader.reading()
        task = self._task(done, failed, owner)
        if latest is not None:
            if (older := self._latest.get(latest)) is not None:
                older.cancel()
            self._latest[latest] = task.job
        return self._start(self._reader.thread, task, lambda: work(reading()))

    def write(
        self,
        work: Callable[[OpenHome], T],
        done: Callable[[T], object] | None = None,
        failed: Failed | None = None,
        *,
        owner: QObject | None = None,
    ) -> Job:
        """Write to the home, after the writes asked for before.

        Args:
            work: Writes, on the writer's thread.
            done: Gets its answer on the window's thread, before ``changed`` is emitted.
            failed: Gets what the person can act on. Without it, or if its owner is gone, that goes
                to ``trouble``: a save that failed is never kept quiet.
            owner: As for :meth:`read`.

        Raises:
            RuntimeError: No home is open.
        """
        home = self._home
        if home is None:
            raise RuntimeError("no home is open")
        task = self._task(done, failed, owner, is_write=True)

        def written() -> T:
            before = home.store
            try:
                return work(home)
            finally:
                task.touched = home.store.take_touched()
                if home.store is not before:
                    # it has another key now, and so was opened anew
                    task.touched |= before.take_touched()

        self._writes += 1
        if self._writes == 1:
            self.busy.emit(True)
        return self._start(self._writer, task, written)

    def alone(
        self,
        work: Callable[[OpenHome], T],
        done: Callable[[T], object] | None = None,
        failed: Failed | None = None,
        *,
        owner: QObject | None = None,
    ) -> Job:
        """Write with the database to itself, as giving it another key needs.

        The reader's connection is closed for it and opened again afterwards; what is to be read
        meanwhile waits.

        Args:
            work: Writes, on the writer's thread; it may close the home's store and open another.
            done: As for :meth:`write`.
            failed: As for :meth:`write`.
            owner: As for :meth:`read`.

        Raises:
            RuntimeError: No home is open.
        """
        from concurrent.futures import Future, wait

        home = self._home
        if home is None:
            raise RuntimeError("no home is open")
        closed = [self._reader.close(), *self._looks()]
        for task in self._live:
            if task.is_errand:
                task.job.cancel()
        errands = self._running_errands()
        over: Future[None] = Future()

        self._reader.open(home, after=over)

        def by_itself(open_home: OpenHome) -> T:
            wait(closed)
            wait(errands, _ERRAND_SECONDS)
            return work(open_home)

        job = self.write(by_itself, done, failed, owner=owner)
        # whatever becomes of it, even if it never begins, the reader goes on
        task = next(task for task in self._live if task.job is job)
        task.future.add_done_callback(lambda _: over.set_result(None))
        return job

    def run(
        self,
        work: Callable[[Progress], T],
        done: Callable[[T], object],
        failed: Failed | None = None,
        *,
        owner: QObject | None = None,
        dropped: Callable[[T], object] | None = None,
    ) -> Job:
        """Do something slow that needs no home: derive a key, read or write a file.

        Args:
            work: Does it on a thread of a pool; told how to report progress and notice a cancel.
            done: Gets its answer.
            failed: Gets what the person can act on.
            owner: As for :meth:`read`.
            dropped: Gets an answer that nobody waits for any more, so as to take back what was done.
        """
        task = self._task(done, failed, owner)
        task.dropped = dropped
        return self._start(self._runners, task, lambda: work(Progress(task.job)))

    def look(
        self,
        work: Callable[[OpenHome, Progress], T],
        done: Callable[[T], object],
        failed: Failed | None = None,
        *,
        owner: QObject | None = None,
    ) -> Job:
        """Look through the home for long, on a connection of its own: nobody waits for it meanwhile.

        Args:
            work: Reads; the home it gets cannot be written to. Told how to report progress and
                notice a cancel, which locking the home does too.
            done: Gets its answer.
            failed: Gets what the person can act on.
            owner: As for :meth:`read`.

        Raises:
            RuntimeError: No home is open.
        """
        home = self._home
        if home is None:
            raise RuntimeError("no home is open")
        task = self._task(done, failed, owner)
        task.is_look = True

        def looked() -> T:
            progress = Progress(task.job)
            progress.check()
            store = open_reading(home)
            try:
                return work(type(home)(home.folder, home.unlocked, store), progress)
            finally:
                store.close()

        return self._start(self._runners, task, looked)

    def errand(
        self,
        work: Callable[[Progress], T],
        done: Callable[[T], object],
        failed: Failed | None = None,
        *,
        owner: QObject | None = None,
        lane: str = "",
    ) -> Job:
        """Do something that may hang, as asking a network folder may; one after the other in a lane.

        Locking and closing cancel it and wait for it only so long, so it must be whole at every
        moment, as after a power cut. It needs no home, or opens a connection of its own.

        Args:
            work: Does it; told how to report progress and notice a cancel. What it
                wrote into the home it says with :meth:`Progress.touched`.
            done: Gets its answer.
            failed: Gets what the person can act on.
            owner: As for :meth:`read`.
            lane: What hangs in one lane holds nothing up in another: a new folder can be chosen
                while the old one does not answer.
        """
        task = self._task(done, failed, owner)
        task.is_errand = True

        def gone() -> T:
            progress = Progress(task.job)
            progress.touched = task.touch
            return work(progress)

        return self._start(self._errands(lane), task, gone)

    def _running_errands(self) -> list[Future[Any]]:
        errands = [task.future for task in self._live if task.is_errand]
        return [future for future in errands if not future.cancelled()]

    def _looks(self) -> list[Future[Any]]:
        # one that was cancelled before it began has opened nothing, and would be done with only
        # once a thread comes by, which a drive that does not answer may hold up for minutes
        looks = [task.future for task in self._live if task.is_look]
        return [future for future in looks if not future.cancelled()]

    def render(
        self,
        work: Callable[..., T],
        *facts: object,
        done: Callable[[T], object],
        failed: Failed | None = None,
        owner: QObject | None = None,
    ) -> Job:
        """Make a document in the child process; cancelling ends it at once.

        Args:
            work: A function of a module (it is found by its name), such as a report's.
            facts: What it is called with: plain values and frozen dataclasses, sent as a copy.
            done: Gets its answer, such as the bytes of a PDF.
            failed: Gets what the person can act on.
            owner: As for :meth:`read`.
        """
        task = self._task(done, failed, owner)
        return self._start(
            self._renderer, task, lambda: self._renderer_process.call(task.job, work, facts)
        )

    def warm_renderer(self) -> None:
        """Start the child process, so that the first document need not wait for it."""
        self._renderer.submit(self._renderer_process.start)

    # ---- the end

    def settle(self) -> None:
        """Wait until every write has ended and hand out the answers.

        A window that is being closed calls it first: what was typed a moment ago is then saved, or
        ``failed`` has said why not.
        """
        from concurrent.futures import wait

        while writes := [task.future for task in self._live if task.is_write]:
            wait(writes)
            QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)

    def close(self) -> None:
        """End all work, the writes in full, and close the home."""
        if self._closed:
            return
        self.settle()
        for task in list(self._live):
            task.job.cancel()
        if self._home is not None:
            self.detach()
        self._closed = True
        for pool in (self._renderer, self._runners, self._reader.thread, self._writer):
            pool.shutdown(wait=True)
        for lane in self._lanes.values():
            lane.shutdown()
        end = time.monotonic() + _ERRAND_SECONDS
        self.hangs = not all(one.ended(end - time.monotonic()) for one in self._lanes.values())
        self._renderer_process.stop()
        self._tidying.stop()
        # a home whose unlocking ended a moment ago is still to be closed
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)

    # ---- inside

    def _close_home(self, home: OpenHome) -> None:
        if self._closed:
            home.close()
        else:
            self._writer.submit(home.close)

    def _task(
        self,
        done: Callable[[Any], object] | None,
        failed: Failed | None,
        owner: QObject | None,
        *,
        is_write: bool = False,
    ) -> Task:
        if self._closed:
            raise RuntimeError("the jobs are closed")
        receiver = owner if owner is not None else getattr(done, "__self__", None)
        job = Job(receiver if isinstance(receiver, QObject) else None)
        return Task(job, done, failed, is_write=is_write)

    def _start(self, pool: Executor, task: Task, work: Callable[[], object]) -> Job:
        self._live.add(task)
        task.work = work
        task.future = pool.submit(task.run)
        # a future that has begun takes no cancel; its answer is then dropped
        task.job.on_cancel.append(task.future.cancel)
        task.future.add_done_callback(lambda _: self._ended.emit(task))
        return task.job

    def _deliver(self, task: Task) -> None:
        """Hand out an answer, on the window's thread."""
        self._live.discard(task)
        task.job.ended = True
        self._latest = {key: job for key, job in self._latest.items() if job is not task.job}
        try:
            self._answer(task)
        finally:
            # the two hold each other: the answer would stay until the collector comes by
            task.job.on_cancel.clear()
            task.let_go()
            if task.is_write:
                self._writes -= 1
                if self._writes == 0:
                    self.busy.emit(False)
            if task.touched:
                self._reader.refresh()
                self.changed.emit(task.touched)

    def _answer(self, task: Task) -> None:
        from concurrent.futures import CancelledError

        future, wanted = task.future, task.job.wanted
        error = CancelledError() if future.cancelled() else task.error
        if isinstance(error, Cancelled | CancelledError):
            return
        if error is None:
            deal = task.done if wanted else task.dropped
            if deal is not None:
                deal(future.result())
        elif not isinstance(error, UserError):
            self.fault.emit(error)
        elif wanted and task.failed is not None:
            task.failed(error)
        elif wanted or task.is_write:
            self.trouble.emit(error)
