"""How long somebody must wait after guessing wrong too often: counted down, in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

_MINUTE: Final = 60


def in_words(seconds: int) -> str:
    """Return a time in words: "40 seconds", "1 minute 5 seconds"."""
    minutes, rest = divmod(seconds, _MINUTE)
    parts = [(minutes, "minute"), (rest, "second")]
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " ".join(said) or "a moment"


class Countdown(QObject):
    """Counts seconds down.

    Args:
        clock: Seconds on a clock that nobody sets.
    """

    ticked = Signal(int)
    """So many seconds are left; the first time at once."""
    over = Signal()
    """It is over."""

    def __init__(
        self, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._until = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.tick)

    @property
    def left(self) -> int:
        """The whole seconds that are left; 0 if none are."""
        left = self._until - self._clock()
        # a little less than a second is still one
        return max(0, -int(-left // 1))

    def start(self, seconds: int) -> None:
        """Count down from so many seconds."""
        self._until = self._clock() + seconds
        self.tick()

    def stop(self) -> None:
        """Count no more, and say nothing."""
        self._timer.stop()
        self._until = 0.0

    def tick(self) -> None:
        """Say how much is left; comes by itself."""
        left = self.left
        if left:
            self.ticked.emit(left)
            # at the moment the number changes
            self._timer.start(max(20, round((self._until - self._clock() - (left - 1)) * 1000)))
        else:
            self._timer.stop()
            self.over.emit()
