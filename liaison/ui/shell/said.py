"""What was done, as it is said for a while over the page, and taking it back again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from liaison.ui.widgets import Toast

_MOST_UNDO: Final = 50


class Said(QObject):
    """Says what was done, and keeps what takes it back.

    Args:
        over: Over what it is said.
        parent: Whose it is.
    """

    def __init__(self, over: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._over = over
        self.toast: Toast | None = None
        """The toast on the screen."""
        self._undo: list[Callable[[], object]] = []
        self._just_said = QTimer(self, singleShot=True, interval=0)
        """Runs while what is said and a change of page may be one and the same act."""

    def say(self, words: str, undo: Callable[[], object] | None = None) -> None:
        """Say what was done; what takes it back is also behind Ctrl+Z."""
        self._leave()
        toast = Toast(self._over, words, "Undo" if undo is not None else "")
        if undo is not None:
            self._undo = [*self._undo[-_MOST_UNDO:], undo]
            toast.undone.connect(lambda: self._take_back(undo))
        toast.gone.connect(lambda: self._gone(toast))
        self.toast = toast
        self._just_said.start()
        toast.start()

    def undo_last(self) -> None:
        """Take back what was done last, unless it was taken back already."""
        if self._undo:
            self._take_back(self._undo[-1])
        else:
            self.say("There is nothing to take back.")

    def page_left(self) -> None:
        """Say no more of the page that is left; Ctrl+Z still takes it back."""
        if not self._just_said.isActive():
            self._leave()

    def _leave(self) -> None:
        if self.toast is not None:
            self.toast.leave()

    def _take_back(self, undo: Callable[[], object]) -> None:
        if undo in self._undo:
            self._undo.remove(undo)
            self._leave()
            undo()

    def _gone(self, toast: Toast) -> None:
        if self.toast is toast:
            self.toast = None
