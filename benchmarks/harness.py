"""Measuring: what Liaison does against the plainest way of doing the same, side by side.

A machine is busy for a moment and slow for an hour, so seconds of two runs say little. Ours and the
floor take turns within one run, each turn gives one ratio, and the median of the ratios counts.
Times are never asserted; that the work was done always is.
"""

from __future__ import annotations

import dataclasses
import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from benchmarks.homes import Homes

_NANO: Final = 1e9
_LONGEST_WAIT_MS: Final = 120_000
_TURNS: Final = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """One line of the table.

    Args:
        name: What was done.
        ours: Seconds Liaison took (the median).
        floor: Seconds the plainest way took (the median), if there is one.
        ratio: The median of the ratios; not the ratio of the medians.
        reach: The ratio that should not be passed.
        unit: What ours and the floor are counted in, if not in seconds.
    """

    name: str
    ours: float
    floor: float | None = None
    ratio: float | None = None
    reach: float | None = None
    unit: str = "s"

    @property
    def met(self) -> bool | None:
        """Whether the reach is met; None if there is none."""
        if self.ratio is None or self.reach is None:
            return None
        return self.ratio <= self.reach


@dataclasses.dataclass(frozen=True, slots=True)
class Bench:
    """What a benchmark is given.

    Args:
        homes: Makes homes of a size, each once a run.
        quick: Whether to be done soon: fewer turns, the same work.
    """

    homes: Homes
    quick: bool

    def turns(self, quick: int, full: int) -> int:
        """Return how often ours and the floor take turns."""
        return quick if self.quick else full


Benchmark = Callable[[Bench], Iterator[Result]]


class Wrong(AssertionError):
    """The work that was timed was not done, or not rightly."""


def check(condition: object, what: str) -> None:
    """Stop with a reason if the work was not done (also under ``python -O``)."""
    if not condition:
        raise Wrong(what)


class Stopwatch:
    """Holds the seconds its block took."""

    seconds = 0.0


@contextmanager
def timed() -> Iterator[Stopwatch]:
    """Time a block; what was thrown away before it is collected before the clock starts."""
    watch = Stopwatch()
    gc.collect()
    started = time.perf_counter_ns()
    yield watch
    watch.seconds = (time.perf_counter_ns() - started) / _NANO


def seconds_of(work: Callable[[], object]) -> float:
    """Return the seconds of one short piece of work."""
    started = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - started) / _NANO


def compare(  # one line of the table
    name: str,
    reach: float | None,
    turns: int,
    ours: Callable[[], float],
    floor: Callable[[], float],
    *,
    rehearsed: bool = False,
) -> Result:
    """Let ours and the floor take turns and return the median of the ratios.

    Args:
        name: What is done.
        reach: The ratio that should not be passed.
        turns: How many pairs; one more comes first and does not count.
        ours: Does the work once and returns the seconds that count.
        floor: The same in the plainest way.
        rehearsed: No pair comes first: the work is so long that what it loads the first time is
            lost in it, or it was done in small beforehand.
    """
    if not rehearsed:
        ours(), floor()
    pairs: list[tuple[float, float]] = []
    for turn in range(turns):
        # who goes second finds warmer caches: they take turns in that too
        if turn % 2:
            theirs = floor()
            pairs.append((ours(), theirs))
        else:
            mine = ours()
            pairs.append((mine, floor()))
    return Result(
        name,
        median(mine for mine, _ in pairs),
        median(theirs for _, theirs in pairs),
        median(mine / theirs for mine, theirs in pairs),
        reach,
    )


def percentile(times: list[float], part: float) -> float:
    """Return the time that a part of all times does not pass."""
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]


def loop_until(done: Callable[[], bool]) -> None:
    """Run the window's loop until something holds."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, watch, end = QEventLoop(), QTimer(), QTimer()
    held: list[bool] = []

    def look() -> None:
        if done():
            # it may hold no more once the loop has ended: other work begins in the same turn
            held.append(True)
            loop.quit()

    watch.timeout.connect(look)
    end.setSingleShot(True)
    end.timeout.connect(loop.quit)
    watch.start(2)
    end.start(_LONGEST_WAIT_MS)
    loop.exec()
    watch.stop()
    check(bool(held), "the window did not get so far")


def gap_of(work: Callable[[], None]) -> float:
    """Return the longest gap between two turns of the window's loop while something is done."""
    from PySide6.QtCore import QTimer

    gaps: list[float] = []
    last = [time.perf_counter()]

    def turn() -> None:
        now = time.perf_counter()
        gaps.append(now - last[0])
        last[0] = now

    tick = QTimer()
    tick.timeout.connect(turn)
    tick.start(0)
    work()
    tick.stop()
    check(len(gaps) > _TURNS, "the loop hardly turned")
    return max(gaps)
