"""Hears from the system that the PC is about to sleep, while there is still time to lock.

Linux tells it over the system bus (logind), Windows in a message to the window. Where neither comes,
:mod:`liaison.ui.shell.idle` notices on waking.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    SLOT,
    QAbstractNativeEventFilter,
    QByteArray,
    QCoreApplication,
    QObject,
    Signal,
    Slot,
)

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

_SYSTEM: Final[str] = sys.platform
SERVICE: Final = "org.freedesktop.login1"
PATH: Final = "/org/freedesktop/login1"
INTERFACE: Final = "org.freedesktop.login1.Manager"
_SIGNAL: Final = "PrepareForSleep"
# bytes by its declaration; what it takes is Qt's own spelling of a slot, a text
_HEARD_BY: Final[Any] = SLOT("prepare(bool)")
_ANSWER_MS: Final = 2_000
_POWER: Final = 0x0218
_SUSPENDS: Final = 0x0004
_WINDOWS_MESSAGES: Final = (b"windows_generic_MSG", b"windows_dispatcher_MSG")


def is_suspend(message: int, detail: int) -> bool:
    """Return whether a message of Windows says that the PC is about to sleep.

    Args:
        message: The number of the message (WM_POWERBROADCAST is meant).
        detail: Its first argument (PBT_APMSUSPEND is meant).
    """
    return message == _POWER and detail == _SUSPENDS


class Sleeping(QObject):
    """Says when the PC is about to sleep.

    Args:
        bus: The system bus on Linux; asked for unless given.
        service: Who answers there.
    """

    soon = Signal()
    """The PC is about to sleep; once locked, :meth:`ready` lets it."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        bus: QDBusConnection | None = None,
        service: str = SERVICE,
    ) -> None:
        super().__init__(parent)
        self._bus = bus
        self._service = service
        self._delay: QDBusMessage | None = None
        self._messages: _Messages | None = None
        self._hears = False

    def start(self) -> bool:
        """Listen; return whether this system tells it. It may be called again at each unlocking."""
        if self._hears:
            if self._delay is None:
                self._ask_for_time()
            return True
        self._hears = self._begin()
        return self._hears

    def _begin(self) -> bool:
        if self._bus is not None or _SYSTEM.startswith("linux"):
            return self._listen()
        application = QCoreApplication.instance()
        if _SYSTEM != "win32" or application is None:
            return False
        self._messages = _Messages(self.soon.emit)
        application.installNativeEventFilter(self._messages)
        return True

    def stop(self) -> None:
        """Listen no more, and hold nobody up."""
        self.ready()
        application = QCoreApplication.instance()
        if self._messages is not None and application is not None:
            application.removeNativeEventFilter(self._messages)
            self._messages = None
        if self._bus is not None:
            self._bus.disconnect(self._service, PATH, INTERFACE, _SIGNAL, self, _HEARD_BY)
            self._bus = None
        self._hears = False

    def ready(self) -> None:
        """Let the PC sleep: all is locked."""
        # what logind handed out lies in its answer, and is closed with it; only then it goes on
        self._delay = None

    @Slot(bool)
    def prepare(self, begins: bool) -> None:  # noqa: FBT001  # the signal's own
        """Hear that the PC is about to sleep, or has woken."""
        if begins:
            self.soon.emit()
        else:
            self._ask_for_time()

    def _listen(self) -> bool:
        from PySide6.QtDBus import QDBusConnection

        if self._bus is None:
            self._bus = QDBusConnection.systemBus()
        if not self._bus.isConnected():
            return False
        heard = bool(self._bus.connect(self._service, PATH, INTERFACE, _SIGNAL, self, _HEARD_BY))
        if heard:
            self._ask_for_time()
        return heard

    def _ask_for_time(self) -> None:
        """Ask logind to wait for us, some seconds at most, before the PC sleeps."""
        from PySide6.QtDBus import QDBusMessage, QDBusPendingCallWatcher

        if self._bus is None:
            return
        ask = QDBusMessage.createMethodCall(self._service, PATH, INTERFACE, "Inhibit")
        ask.setArguments(["sleep", "Liaison", "Locks the record", "delay"])
        watcher = QDBusPendingCallWatcher(self._bus.asyncCall(ask, _ANSWER_MS), self)
        watcher.finished.connect(self._answered)

    def _answered(self, watcher: QDBusPendingCallWatcher) -> None:
        # without it the PC sleeps at once, and what was shown is locked on waking
        if not watcher.isError() and self._bus is not None:
            self._delay = watcher.reply()
        watcher.deleteLater()


class _Messages(QAbstractNativeEventFilter):
    """Looks at the messages of Windows."""

    def __init__(self, sleeps: Callable[[], object]) -> None:
        super().__init__()
        self._sleeps = sleeps

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        if QByteArray(kind).data() in _WINDOWS_MESSAGES:
            from ctypes import wintypes

            found = wintypes.MSG.from_address(int(message))
            if is_suspend(found.message, found.wParam):
                self._sleeps()
        return False, 0
