"""Our own bugs while the window is open: none is lost, none ends the program in silence.

Whatever is raised and caught by nobody (in a slot, in a thread, by Qt itself) comes here, is noted in
the log without personal data, and is handed on to be shown with its reference.
"""

from __future__ import annotations

import dataclasses
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)

from liaison.errors import UserError
from liaison.faults import write_fault

_GRAVE: Final = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
_MOST_QT_MESSAGES: Final = 20


class QtComplained(Exception):
    """Qt said that something is wrong; its words may quote a person's, so they are not kept."""


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """A bug of ours that has been noted.

    Args:
        reference: What to name it by.
        log: Where it is described; None if that could not be written.
    """

    reference: str
    log: Path | None


class Faults(QObject):
    """Catches what nobody else does.

    Args:
        note: Writes a fault to the log.
    """

    happened = Signal(object)
    """A :class:`Fault`, on the window's thread."""
    troubled = Signal(object)
    """A :class:`UserError` that was raised where nobody shows it: for the banner."""
    _arrived = Signal(object)

    def __init__(
        self, note: Callable[[BaseException], tuple[str, Path | None]] = write_fault
    ) -> None:
        super().__init__()
        self._note = note
        self._qt_said: set[str] = set()
        self._before: tuple[object, object] | None = None
        # from whichever thread; never in the middle of what went wrong
        self._arrived.connect(self._hand_on, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Catch everything from now on."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._raised
        threading.excepthook = self._raised_in_thread
        qInstallMessageHandler(self._qt_message)

    def remove(self) -> None:
        """Give the hooks back to whoever had them."""
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before  # type: ignore[assignment]
            self._before = None
            qInstallMessageHandler(None)

    def take(self, fault: BaseException) -> None:
        """Note a fault and have it shown; what a person can act on goes to the banner instead."""
        if isinstance(fault, KeyboardInterrupt | SystemExit):
            return
        if isinstance(fault, UserError):
            self._arrived.emit(fault)
            return
        if _somebody_watches():
            import traceback

            traceback.print_exception(fault)
        self._arrived.emit(Fault(*self._note(fault)))

    def _raised(
        self, _: type[BaseException], fault: BaseException, __: TracebackType | None
    ) -> None:
        self.take(fault)

    def _raised_in_thread(self, said: threading.ExceptHookArgs) -> None:
        if said.exc_value is not None:
            self.take(said.exc_value)

    def _qt_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if _somebody_watches():
            sys.stderr.write(f"{message}\n")
        new = message not in self._qt_said and len(self._qt_said) < _MOST_QT_MESSAGES
        if kind in _GRAVE and new:
            self._qt_said.add(message)
            self._note(_named(context.category)())

    def _hand_on(self, arrived: object) -> None:
        if isinstance(arrived, UserError):
            self.troubled.emit(arrived)
        else:
            self.happened.emit(arrived)


def _somebody_watches() -> bool:
    """Return whether a developer's terminal is open; anything else keeps what is written there."""
    return sys.stderr is not None and sys.stderr.isatty()


def _named(category: str | None) -> type[QtComplained]:
    """Return a class whose name says which part of Qt complained: names are all the log keeps."""
    letters = "".join(letter for letter in (category or "") if letter.isalnum())
    return type(f"QtComplained_{letters}", (QtComplained,), {})
