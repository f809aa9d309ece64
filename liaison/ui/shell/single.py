"""One window a home: a second start brings the first one to the front."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCryptographicHash, QDir, QLockFile, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_PATIENCE_MS: Final = 500
_RAISE: Final = b"raise\n"


class OnlyWindow(QObject):
    """The claim to be the only window of a home.

    The claim itself is a lock file, which is quick; the part of Qt that lets two processes talk is
    only loaded when there are two, or once the window is on the screen.

    Args:
        home: The home's folder.
        folder: Where the lock file lies; for temporary files unless given.
    """

    asked = Signal()
    """Somebody started Liaison again: come to the front."""

    def __init__(
        self, home: Path, folder: Path | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._name = claim_name(home)
        self._lock = QLockFile(str((folder or Path(QDir.tempPath())) / f"{self._name}.lock"))
        # a window stays open for days: only the end of its process makes its lock a dead one
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None

    def claim(self) -> bool:
        """Claim the home for this process.

        Returns:
            Whether it is ours; if not, the window that has it was asked to come to the front.
        """
        if self._lock.tryLock(0):
            return True
        if self._lock.error() != QLockFile.LockError.LockFailedError:
            # no lock can be made here, so there is no second start to catch: no reason not to open
            return True
        _call(self._name)
        return False

    def listen(self) -> None:
        """Hear when Liaison is started again."""
        from PySide6.QtNetwork import QLocalServer

        if self._server is None:
            self._server = QLocalServer(self)
            self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
            self._server.newConnection.connect(self._answer)
            # what a killed process left
            QLocalServer.removeServer(self._name)
            self._server.listen(self._name)

    def release(self) -> None:
        """Give the claim up."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    def _answer(self) -> None:
        assert self._server is not None  # noqa: S101  # it calls this
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.asked.emit()


def _call(name: str) -> None:
    """Ask the window that has a home to come to the front."""
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(name)
    # a first start that is not listening yet is about to show its window anyhow
    if socket.waitForConnected(_PATIENCE_MS):
        socket.write(_RAISE)
        socket.waitForBytesWritten(_PATIENCE_MS)
        socket.disconnectFromServer()


def claim_name(home: Path) -> str:
    """Return the name under which the window of a home is found by this person's processes."""
    who = os.environ.get("USERNAME") or os.environ.get("USER") or ""
    key = f"{who}\n{home.expanduser().resolve()}".encode("utf-8", "surrogateescape")
    # Qt's own, as it is loaded anyhow
    digest = QCryptographicHash.hash(key, QCryptographicHash.Algorithm.Sha256).toHex()
    return f"liaison-{bytes(digest.data()).decode()[:24]}"
