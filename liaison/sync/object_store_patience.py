"""Trying again: how often, how long to wait between, and never in step with other PCs."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from liaison.sync.object_store_faults import StoreFault

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a fault that passes is waited for.

    The wait before the second try is drawn between nothing and `first`, and the range doubles with
    each further one up to `most`: after a fault that met many PCs at once they come back one by
    one. What is longer than that is left to the next round.

    Args:
        tries: How often in all.
        first: Seconds the first wait takes at most.
        most: Seconds any wait takes at most.
        longest: Seconds after which no further try begins.
        clock: Seconds that only grow.
        sleep: Waits so many seconds.
        chance: A number from 0 up to 1.
    """

    tries: int = 4
    first: float = 0.5
    most: float = 8.0
    longest: float = 45.0
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    chance: Callable[[], float] = field(default=random.random, repr=False)

    def wait_for(self, work: Callable[[], Answer]) -> Answer:
        """Return what `work` does, tried again while its fault is one that passes.

        Args:
            work: One request; it must do no harm when it is done twice.

        Raises:
            StoreFault: The last one, if all tries met one, or the first that does not pass.
        """
        begun = self.clock()
        reach = self.first
        for left in range(self.tries - 1, -1, -1):
            try:
                return work()
            except StoreFault as fault:
                pause = self.chance() * reach
                if not fault.passing or not left:
                    raise
                if self.clock() - begun + pause > self.longest:
                    raise
            self.sleep(pause)
            reach = min(self.most, reach * 2)
        raise ValueError("somebody who is to wait tries at least once")
