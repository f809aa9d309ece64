"""How far long work is, for whoever waits at a terminal: one line that is written over."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from liaison.cli.session import note
from liaison.services.importing.telling import Tell, untold

_QUIET_S: Final = 1.0
"""Work that is over sooner says nothing."""
_BETWEEN_S: Final = 0.2
_SLOW_S: Final = 5.0
_MEGABYTE: Final = 1_000_000


@contextlib.contextmanager
def progress() -> Iterator[Tell]:
    """Tell on standard error how far it is; nobody is told where that is no terminal.

    Ctrl+C stops the work: nothing is written then.
    """
    stream = sys.stderr
    if stream is None or not stream.isatty():
        yield untold
        return
    said_at = time.monotonic() + _QUIET_S - _BETWEEN_S
    longest = 0

    def tell(done: int, total: int, what: str) -> None:
        nonlocal said_at, longest
        now = time.monotonic()
        if now - said_at < _BETWEEN_S:
            return
        said_at = now
        rows = f"{done:,} of {total:,}" if total else f"{done:,} rows"
        words = f"{what}: {rows}"
        longest = max(longest, len(words))
        with contextlib.suppress(OSError):
            stream.write(f"\r{words.ljust(longest)}")
            stream.flush()

    try:
        yield tell
    finally:
        if longest:
            with contextlib.suppress(OSError):
                stream.write(f"\r{' ' * longest}\r")
                stream.flush()


@contextlib.contextmanager
def told_when_slow(what: str) -> Iterator[None]:
    """Say on standard error what is waited for, once that takes longer than anybody expects.

    Args:
        what: The storage.
    """
    # a request that is under way in the system or the library hears of no key
    words = f"Waiting for {what} ... Ctrl+C stops it once what is being asked just now has ended."
    timer = threading.Timer(_SLOW_S, note, (words,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def megabytes(tell: Tell, what: str) -> Callable[[int, int], object]:
    """Return what tells of bytes as megabytes.

    Args:
        tell: Tells how much of how much.
        what: What is done with them.
    """
    return lambda done, total: tell(done // _MEGABYTE, -(-total // _MEGABYTE), what)
