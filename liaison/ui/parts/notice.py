"""The banner of a form: what went wrong, and a button that does something about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from liaison.ui.widgets import Banner

if TYPE_CHECKING:
    from liaison.errors import UserError


class Notice(Banner):
    """A banner that is there while there is something to say; its button acts, and puts it away."""

    shown = Signal(bool)
    """Whether there is something to say now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("late", "", parent=parent)
        self.act: Callable[[], object] | None = None
        """What its button does."""
        self.hide()
        self.pressed.connect(self._press)

    def tell(
        self,
        words: str,
        button: str = "",
        act: Callable[[], object] | None = None,
        *,
        kind: str = "late",
    ) -> None:
        """Say something.

        Args:
            words: What.
            button: The words on its button; empty for none.
            act: What the button does.
            kind: As of a banner: ``late`` for what went wrong.
        """
        self.act = act
        self.shown.emit(True)
        self.say(kind, words, button)

    def trouble(self, error: UserError, act: Callable[[], object]) -> None:
        """Say what the disk or another program did; everything typed stays where it is."""
        words = " ".join(part for part in (error.what, error.do) if part)
        self.tell(f"{words} What you have typed is still here.", "Try again", act)

    def put_away(self) -> None:
        """Say nothing any more."""
        self.act = None
        self.hide()
        self.shown.emit(False)

    def _press(self) -> None:
        act = self.act
        self.put_away()
        if act is not None:
            act()
