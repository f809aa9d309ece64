"""The child process that makes documents: the window's process never holds still for one.

It imports nothing of the window, so it starts quickly and stays small. One job at a time comes in
through a pipe as (function, facts), and its answer goes out the same way.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from liaison.errors import UserError
from liaison.faults import write_fault

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


class ChildFault(RuntimeError):
    """A bug of ours in the child process; where it happened is in the log under a reference."""


def serve(pipe: Connection[Any, Any]) -> None:
    """Do jobs until the other end of the pipe closes.

    Args:
        pipe: Gives (function, facts) and takes the answer: pickled (True, value) or (False, error).
    """
    while True:
        try:
            work, facts = pipe.recv()
        except EOFError:
            return
        pipe.send_bytes(_answer(work, facts))


def _answer(work: Callable[..., object], facts: tuple[object, ...]) -> bytes:
    try:
        return pickle.dumps((True, work(*facts)))
    except UserError as error:
        return pickle.dumps((False, error))
    except BaseException as fault:  # noqa: BLE001  # the edge of a process: told, logged, never lost
        reference, _ = write_fault(fault)
        words = f"{type(fault).__name__} in the process that makes documents ({reference})"
        return pickle.dumps((False, ChildFault(words)))
