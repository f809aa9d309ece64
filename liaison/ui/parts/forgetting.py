"""A secret that somebody typed where no home is open to lock: it is not left on the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from liaison import settings

LEFT: Final = "What you typed was cleared, because nobody went on."
"""What stands there afterwards."""
_AFTER_MS: Final = settings.USUAL_LOCK * 60_000


class Forgetting(QTimer):
    """Clears a secret when nobody went on for as long as a home usually stays open.

    Args:
        part: What it is typed in.
        is_busy: Whether something is being done with it just now.
        forget: Clears it.
    """

    def __init__(
        self, part: QWidget, is_busy: Callable[[], bool], forget: Callable[[], None]
    ) -> None:
        super().__init__(part, interval=_AFTER_MS, singleShot=True)
        self._is_busy, self._forget = is_busy, forget
        self.timeout.connect(self._due)

    def typed(self, *_: object) -> None:
        """Wait anew: somebody is typing."""
        self.start()

    def _due(self) -> None:
        if self._is_busy():
            self.start()
        else:
            self._forget()
