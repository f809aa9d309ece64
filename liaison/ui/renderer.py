"""The window's end of the process that makes documents; :mod:`liaison.ui.child` is the other.

Only :mod:`liaison.ui.jobs` uses it, on a thread of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from liaison.errors import UserError
from liaison.ui.job import Cancelled, Job

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
_GOING_SECONDS: Final = 5.0


class Renderer:
    """The process that makes documents; started when first needed, and again after it ended."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._pipe: Connection[Any, Any] | None = None
        # held while a cancel ends the process, and while a job takes it or leaves it
        self._lock = threading.Lock()
        self._job: Job | None = None
        self._spoiled = False

    def start(self) -> Connection[Any, Any]:
        """Start the process unless it runs; return our end of its pipe."""
        alive = self._process is not None and self._process.is_alive()
        if self._pipe is not None and alive and not self._spoiled:
            return self._pipe
        self.stop()
        # neither is needed before the first document, and the window is to show at once
        import multiprocessing

        from liaison.ui import child

        # spawn: a fork would copy a window with all its threads
        context = multiprocessing.get_context("spawn")
        ours, its = context.Pipe()
        process = context.Process(target=child.serve, args=(its,), daemon=True)
        process.start()
        # only now: one that could not be started can be neither ended nor waited for
        self._process = process
        its.close()
        self._pipe = ours
        return ours

    def call(self, job: Job, work: Callable[..., T], facts: tuple[object, ...]) -> T:
        """Have the process do a job; on the renderer's thread."""
        pipe = self.start()
        with self._lock:
            self._job = job
        job.on_cancel.append(lambda: self._end_work_of(job))
        if job.cancelled:
            raise Cancelled
        try:
            import pickle

            pickled = _Pieces()
            pickle.Pickler(pickled).dump((work, facts))
            pipe.send_bytes(b"".join(pickled.pieces))
            good, value = pickle.loads(pipe.recv_bytes())  # noqa: S301  # our own child's answer
        except (EOFError, OSError) as error:
            self._spoiled = True
            if job.cancelled:
                raise Cancelled from error
            raise UserError(
                "The part of Liaison that makes documents has stopped.",
                kept="Everything saved is kept; only this document was not made.",
                do="Try again; if it stops again, choose a shorter time or fewer people.",
                code="renderer-stopped",
            ) from error
        finally:
            with self._lock:
                self._job = None
        if not good:
            raise value
        answer: T = value
        return answer

    def _end_work_of(self, job: Job) -> None:
        # nothing inside the process could notice a cancel; the next document starts a new one
        with self._lock:
            if self._job is job and self._process is not None:
                self._spoiled = True
                self._process.terminate()

    def stop(self) -> None:
        """End the process and wait for its end."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.terminate()
            self._process.join(_GOING_SECONDS)
            if self._process.is_alive():
                # one that hangs in the system, say on a network drive, hears nothing else
                self._process.kill()
                self._process.join()
            self._process.close()
        self._process = self._pipe = None
        self._spoiled = False


class _Pieces:
    """Takes what is pickled piece by piece.

    A pickle made in one go keeps the window's thread waiting until it is whole, which for years of
    visits is longer than anybody should notice; between two pieces that thread has its turn.
    """

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Take a piece."""
        self.pieces.append(bytes(piece))
        return len(piece)
