"""How far long work is, for whoever waits at a terminal: one line that is written over."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final

from liaison.services.importing.telling import Tell, untold

_QUIET_S: Final = 1.0
"""Work that is over sooner says nothing."""
_BETWEEN_S: Final = 0.2
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


def megabytes(tell: Tell, what: str) -> Callable[[int, int], object]:
    """Return what tells of bytes as megabytes.

    Args:
        tell: Tells how much of how much.
        what: What is done with them.
    """
    return lambda done, total: tell(done // _MEGABYTE, -(-total // _MEGABYTE), what)
