"""A server of victims, and folders in memory for homes that are opened by the thousand."""

from __future__ import annotations

import contextlib
import functools
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.victims import Recording, Victims

_MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of its own is made in it
LINUX = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="strace is a program of Linux"
)


@pytest.fixture(scope="session")
def victims() -> Iterator[Victims]:
    """Start the server once."""
    with Victims() as server:
        yield server


@pytest.fixture(scope="session")
def recorded(victims: Victims) -> Iterator[Callable[[str], Recording]]:
    """Record what a flow asks of the disk, each flow once."""
    with in_memory() as folder:

        @functools.cache
        def record(flow: str) -> Recording:
            inside = folder / flow
            inside.mkdir()
            return victims.record(flow, inside)

        yield record


def tell(figures: str) -> None:
    """Print figures for ``docs/reliability.md``; seen with pytest's ``-s``."""
    print(figures)  # noqa: T201  # what they are for


@contextlib.contextmanager
def in_memory() -> Iterator[Path]:
    """Make a folder in memory where the system has that: nothing here waits for a disk."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        yield Path(name).resolve()


@pytest.fixture
def memory() -> Iterator[Path]:
    """Make a folder in memory for one test."""
    with in_memory() as folder:
        yield folder
