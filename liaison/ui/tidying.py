"""Garbage that refers to itself is collected on the window's thread, and nowhere else.

Python's collector runs on whatever thread happens to allocate. On a worker's thread it would destroy
forgotten widgets there, whose timers and windows belong to the window's thread: Qt warns of that, and
the program may end.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import ClassVar, Final

from PySide6.QtCore import QObject, Qt, QTimer

_EVERY_MS: Final = 1000


class Tidying(QObject):
    """Collects on the thread it was made on, as long as it is not stopped; the collector itself rests.

    Several may be at work, in tests; the collector is as before once the last one was stopped.

    Args:
        is_calm: Whether nothing is at work. Years of visits on their way are hundreds of thousands
            of objects, none of them garbage: looking through them would stop every thread for a
            tenth of a second.
        parent: Whose it is.
    """

    _at_work: ClassVar[int] = 0

    def __init__(self, is_calm: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_calm = is_calm
        Tidying._at_work += 1
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self._tidy)
        self._timer.start(_EVERY_MS)
        self._stopped = False

    def stop(self) -> None:
        """Stop; there are no workers any more."""
        if not self._stopped:
            self._stopped = True
            self._timer.stop()
            Tidying._at_work -= 1
            if not Tidying._at_work:
                gc.enable()

    def _tidy(self) -> None:
        if self._is_calm():
            collect_what_is_due()


def collect_what_is_due() -> None:
    """Collect the generations whose time has come, as Python itself would have done."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return
