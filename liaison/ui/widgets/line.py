"""One line of text to type, apart from the other fields: the unlock window needs only this one.

It takes plain text only, keeps its own undo, and leaves every key that is not for typing (Ctrl+S,
Ctrl+K ...) to the window.
"""

from __future__ import annotations

from typing import Final

from PySide6 import QtGui
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from liaison.ui import theme

FIELD_HEIGHT: Final = 38

_EDITING_KEYS: Final = frozenset(
    {Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Z, Qt.Key.Key_Y}
)


def is_for_the_window(event: QKeyEvent) -> bool:
    """Return whether a key is one of the window's: Ctrl or Alt with a letter or a digit.

    Qt's fields would take some of them for editing (Ctrl+K, Ctrl+U, Ctrl+D on Linux).
    """
    modifiers = event.modifiers()
    wanted = Qt.KeyboardModifier.ControlModifier
    if not modifiers & wanted or modifiers & Qt.KeyboardModifier.AltModifier:
        # AltGr is Ctrl+Alt on Windows and types letters
        return False
    key = event.key()
    return Qt.Key.Key_0 <= key <= Qt.Key.Key_Z and key not in _EDITING_KEYS


def set_wrong(widget: QWidget, *, wrong: bool) -> None:
    """Give a field the red edge, or take it away."""
    if bool(widget.property("wrong")) != wrong:
        widget.setProperty("wrong", wrong)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


class LineEdit(QLineEdit):
    """One line of text.

    Args:
        text: What it holds at first.
        placeholder: An example; never the only label.
        password: Whether dots stand for what is typed.
        big: 48 pixels high with larger type.
        limit: How many characters may be kept; more can be typed, and :attr:`too_long` says so.
    """

    too_long = Signal(int)
    """How many characters too many there are; 0 when it fits again."""

    def __init__(
        self,
        text: str = "",
        placeholder: str = "",
        *,
        password: bool = False,
        big: bool = False,
        limit: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._height = 48 if big else FIELD_HEIGHT
        self._points = 12.0 if big else theme.BODY
        self._limit = limit
        self._over = 0
        self.setPlaceholderText(placeholder)
        if password:
            self.setEchoMode(QLineEdit.EchoMode.Password)
        self.textChanged.connect(self._measure)
        self._restyle()
        self.setCursorPosition(0)

    def set_limit(self, limit: int) -> None:
        """Set how many characters may be kept; 0 for any number."""
        self._limit = limit
        self._measure(self.text())

    def _measure(self, text: str) -> None:
        over = max(len(text) - self._limit, 0) if self._limit else 0
        if over != self._over:
            self._over = over
            self.too_long.emit(over)

    def _restyle(self) -> None:
        self.setFont(theme.font(self._points))
        # a style sheet's height would beat a fixed one
        self.setFixedHeight(theme.px(self._height))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._restyle()

    def event(self, event: QEvent) -> bool:
        """Leave the window's shortcuts to the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QtGui.QKeySequence.StandardKey.Undo)
            if is_for_the_window(event) or (undo and not self.isUndoAvailable()):
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Type, unless the key is the window's."""
        if is_for_the_window(event):
            event.ignore()
        else:
            super().keyPressEvent(event)
