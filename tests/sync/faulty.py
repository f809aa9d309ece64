"""A storage that fails, forgets to answer and hides what it has: for the simulation."""

from __future__ import annotations

import random

from liaison.sync.transport import Transport, TransportTrouble


class Faulty:
    """A storage behind a bad line.

    Args:
        inner: The storage.
        dice: Decides what goes wrong; seeded.
        share: How many of the operations fail, 0 to 1.
    """

    def __init__(self, inner: Transport, dice: random.Random, share: float) -> None:
        self.inner = inner
        self.dice = dice
        self.share = share

    def list(self, prefix: str, after: str = "") -> list[str]:
        """List, perhaps without some of what is there."""
        self._perhaps_fail()
        names = self.inner.list(prefix, after)
        if self.dice.random() < self.share:
            return [name for name in names if self.dice.random() > 0.3]
        return names

    def get(self, key: str) -> bytes | None:
        """Read, or fail, or find nothing, or only a part of it."""
        self._perhaps_fail()
        data = self.inner.get(key)
        if data is not None and self.dice.random() < self.share / 4:
            return self.dice.choice((None, b"", data[: len(data) // 2], bytes(len(data))))
        return data

    def put(self, key: str, data: bytes) -> None:
        """Write, or fail before it, or fail after it."""
        self._perhaps_fail()
        self.inner.put(key, data)
        if self.dice.random() < self.share:
            raise TransportTrouble("The answer was lost.")

    def remove(self, key: str) -> None:
        """Remove, or not."""
        self._perhaps_fail()
        assert hasattr(self.inner, "remove")
        self.inner.remove(key)

    def _perhaps_fail(self) -> None:
        if self.dice.random() < self.share:
            raise TransportTrouble("The line is down.")
