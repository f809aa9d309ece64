"""Notices that nobody is at the keyboard any more, and that the PC has slept."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QWindow

from liaison.ui.shell.shortcuts import LOCK

WARNING_S: Final = 30
"""So long before it is time, somebody who only reads is warned."""
_SYSTEM: Final[str] = sys.platform
_TICK_S: Final = 5
_SLEPT_S: Final = 20
"""So much time that nothing ran in means that the PC slept."""
_STIRS: Final = frozenset(
    {
        QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove,
        QEvent.Type.Wheel, QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.InputMethod,
    }
)  # fmt: skip


def clock_that_never_stops() -> float:
    """Return seconds on a clock that also runs while the PC sleeps, and that nobody can set."""
    if _SYSTEM.startswith("linux"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if _SYSTEM == "darwin":
        # there it is Python's own that stands still
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


def clock_that_stops_asleep() -> float:
    """Return seconds on a clock that stands still while the PC sleeps.

    A window held up by work is no PC that slept; only the two clocks together tell. Windows has no
    such clock for Python: it says itself when it goes to sleep, and a window that comes so late is
    taken for one that slept.
    """
    return 0.0 if _SYSTEM == "win32" else time.monotonic()


def _locks(event: QKeyEvent) -> bool:
    # held down they ask once: asked again, locking leaves behind what could not be kept
    return not event.isAutoRepeat() and (QKeySequence(event.keyCombination()) == QKeySequence(LOCK))


class Idle(QObject):
    """Watches whether anybody is there.

    It listens at the windows, where keys and mouse arrive, and at whatever has the focus for what
    is composed there; a filter on the whole application would hear every event of every widget.

    Args:
        seconds: A clock, in seconds, that runs while the PC sleeps.
        awake: One that does not.
    """

    warned = Signal(int)
    """Nobody was there for a while: so many seconds are left."""
    stirred = Signal()
    """Somebody is there again, after a warning."""
    due = Signal()
    """Nobody was there for the whole time, or the PC has slept."""
    asked = Signal()
    """The keys that lock were pressed where no shortcut of the window hears them: a dialog, a menu."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        seconds: Callable[[], float] = clock_that_never_stops,
        awake: Callable[[], float] = clock_that_stops_asleep,
    ) -> None:
        super().__init__(parent)
        self._seconds = seconds
        self._awake = awake
        self._awake_at = 0.0
        self._limit = 0.0
        self._stirred_at = self._ticked_at = 0.0
        self._warning = False
        self._mouse = QPointF()
        self._listening: list[QObject] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.tick)

    @property
    def running(self) -> bool:
        """Whether it watches."""
        return self._limit > 0

    @property
    def minutes(self) -> int:
        """After how long without anybody it is time; 0 while it does not watch."""
        return round(self._limit / 60)

    def start(self, minutes: int) -> None:
        """Watch from now on.

        Args:
            minutes: After how long without anybody it is time.
        """
        if not self.running:
            application = QGuiApplication.instance()
            assert isinstance(application, QGuiApplication)  # noqa: S101  # there is a window
            application.focusWindowChanged.connect(self._listen)
            application.focusObjectChanged.connect(self._listen)
            for window in QGuiApplication.topLevelWindows():
                self._listen(window)
            self._listen(QGuiApplication.focusObject())
        self._limit = minutes * 60.0
        self._stirred_at = self._ticked_at = self._seconds()
        self._awake_at = self._awake()
        self._warning = False
        self._timer.start(_TICK_S * 1000)

    def stop(self) -> None:
        """Watch no more."""
        if not self.running:
            return
        self._limit = 0.0
        self._timer.stop()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.disconnect(self._listen)
            application.focusObjectChanged.disconnect(self._listen)
        for heard in self._listening:
            heard.removeEventFilter(self)
        self._listening.clear()

    def stir(self) -> None:
        """Somebody is there."""
        self._stirred_at = self._seconds()
        if self._warning:
            self._warning = False
            self.stirred.emit()

    def tick(self) -> None:
        """Look how long nobody has been there; comes by itself."""
        if not self.running:
            return
        now, awake = self._seconds(), self._awake()
        slept = (now - self._ticked_at) - (awake - self._awake_at) > _TICK_S + _SLEPT_S
        self._ticked_at, self._awake_at = now, awake
        left = self._limit - (now - self._stirred_at)
        if slept or left <= 0:
            self._warning = False
            self.due.emit()
        elif left <= WARNING_S:
            self._warning = True
            self.warned.emit(round(left))
        if self.running:
            until_warning = left - WARNING_S
            wait = 1.0 if self._warning else min(max(until_warning, 0.05), _TICK_S)
            self._timer.start(round(wait * 1000))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear keys and mouse; of these only the keys that lock are kept from anybody else."""
        kind = event.type()
        if kind in _STIRS and not (
            kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent) and self._still(event)
        ):
            self.stir()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and _locks(event):
            # a moment later: whatever the key was pressed in is closed by it
            QTimer.singleShot(0, self, self.asked.emit)
            return True
        return False

    def _still(self, event: QMouseEvent) -> bool:
        # some systems say now and then where the mouse lies
        where = event.globalPosition()
        still, self._mouse = where == self._mouse, where
        return still

    def _listen(self, heard: QObject | None) -> None:
        if heard is None or heard in self._listening:
            return
        if not isinstance(heard, QWindow):
            # what had the focus before need not be heard any more
            for before in [one for one in self._listening if not isinstance(one, QWindow)]:
                before.removeEventFilter(self)
                self._forget(before)
        self._listening.append(heard)
        heard.installEventFilter(self)
        heard.destroyed.connect(lambda: self._forget(heard))

    def _forget(self, heard: QObject) -> None:
        if heard in self._listening:
            self._listening.remove(heard)
