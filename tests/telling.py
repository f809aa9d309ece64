"""What was drawn is said with whatever fails, an assertion or a crash, so that it can be had again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def told(drawn: str) -> Iterator[None]:
    """Say with whatever fails inside what was being tried.

    Args:
        drawn: What repeats it: a seed, a point, a case.
    """
    try:
        yield
    except BaseException as fault:
        fault.add_note(drawn)
        raise
