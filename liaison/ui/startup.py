"""How long a start takes, for ``--startup-report``: milliseconds since the process began."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

_STAT: Final = Path("/proc/self/stat")
_PROC_START: Final = 19
"""Where the start time stands in it, counted after the process's name."""
_WINDOWS_TICKS: Final = 10_000_000
_WINDOWS_EPOCH: Final = 11_644_473_600


class StartupReport:
    """The moments of a start.

    Args:
        path: Where they are written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.moments: dict[str, float] = {}

    def mark(self, name: str) -> None:
        """Note that something has happened now; only the first time counts."""
        self.moments.setdefault(name, round(since_start() * 1000, 1))

    def write(self) -> None:
        """Write the moments as one JSON document.

        Raises:
            CannotWrite: The disk refused.
        """
        from liaison.files import replace_file

        replace_file(self.path, json.dumps(self.moments).encode(), mode=0o644)


class _Watch(QObject):
    def __init__(self, widget: QWidget, then: Callable[[], object]) -> None:
        super().__init__(widget)
        self._then = then
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            # the paint itself comes after the filter
            QTimer.singleShot(0, self, self._done)
        return False

    def _done(self) -> None:
        self._then()
        self.deleteLater()


def when_painted(widget: QWidget, then: Callable[[], object]) -> None:
    """Call a function once, after a widget has been painted next."""
    _Watch(widget, then)


def since_start() -> float:
    """Return the seconds since this process began, by the system's own note of when that was."""
    if os.name == "nt":  # pragma: no cover  # Windows only
        return time.time() - _windows_start()
    if not _STAT.exists():  # pragma: no cover  # a Unix without /proc
        # Python's own clock, which begins a little later
        return time.perf_counter()
    text = _STAT.read_text("utf-8", "replace")
    ticks = int(text.rpartition(")")[2].split()[_PROC_START])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def _windows_start() -> float:  # pragma: no cover  # Windows only
    import ctypes

    class Moment(ctypes.Structure):
        _fields_ = (("low", ctypes.c_uint32), ("high", ctypes.c_uint32))

    made, ended, kernel, user = Moment(), Moment(), Moment(), Moment()
    windll = getattr(ctypes, "windll")  # noqa: B009  # only there on Windows
    process = ctypes.c_void_p(windll.kernel32.GetCurrentProcess())
    windll.kernel32.GetProcessTimes(
        process, ctypes.byref(made), ctypes.byref(ended), ctypes.byref(kernel), ctypes.byref(user)
    )
    ticks = int(made.high) * 2**32 + int(made.low)
    return ticks / _WINDOWS_TICKS - _WINDOWS_EPOCH
