"""Long work on the window's thread, a little in each turn of the loop."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QObject, QTimer

AT_ONCE: Final = 4
"""So many new rows are made in one turn; nobody feels how long that takes."""


class InTurns:
    """Work that is done in several turns, of which only the newest counts.

    The first turn is taken at once, so that little work is whole when :meth:`begin` returns.

    Args:
        owner: Whose it is: nothing more is done once it is gone.
    """

    def __init__(self, owner: QObject) -> None:
        self._owner = owner
        self._work: Iterator[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether some of it is still to be done."""
        return self._work is not None

    def begin(self, work: Iterator[None]) -> None:
        """Begin work that yields wherever a turn may end; what was not done yet is dropped."""
        self._work = work
        self._turn(work)

    def finish(self) -> None:
        """Do what is left at once."""
        while self._work is not None:
            self._step(self._work)

    def _turn(self, work: Iterator[None]) -> None:
        if work is self._work and self._step(work):
            QTimer.singleShot(0, self._owner, functools.partial(self._turn, work))

    def _step(self, work: Iterator[None]) -> bool:
        """Do some; return whether there is more."""
        for _ in work:
            return True
        if work is self._work:
            self._work = None
        return False
