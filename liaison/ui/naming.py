"""Qt's classes made on the window's thread, before any other thread loads modules that use them.

PySide makes each of its classes when it is first named. Two threads that do so at the same time, as
when pages are loaded ahead, end the program (seen with PySide 6.11). All of them take a quarter of a
second, so it is done in idle moments.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import ClassVar, Final

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QObject, QTimer, Signal

_SLICE_S: Final = 0.004
"""At a time, in seconds: whoever types meanwhile does not notice."""


def name_classes() -> Iterator[None]:
    """Name Qt's classes, one at each step."""
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            getattr(module, name)
            yield


class Naming(QObject):
    """Names Qt's classes once in a process, a few in each turn of the window.

    Args:
        parent: Whose it is.
    """

    over = Signal()
    """All are named: other threads may load what uses them."""

    _all: ClassVar[bool] = False

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left = name_classes()

    @property
    def is_over(self) -> bool:
        """Whether all are named."""
        return Naming._all

    def start(self) -> None:
        """Begin; told by ``over`` in any case, in a turn of its own."""
        QTimer.singleShot(0, self, self._go_on)

    def _go_on(self) -> None:
        end = time.perf_counter() + _SLICE_S
        while not Naming._all:
            if next(self._left, self) is self:
                Naming._all = True
            elif time.perf_counter() >= end:
                self.start()
                return
        self.over.emit()
