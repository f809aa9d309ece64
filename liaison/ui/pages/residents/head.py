"""The head of a resident's page: who it is, and what can be done."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.widgets import (
    Avatar,
    Button,
    Elided,
    FlowRow,
    IconButton,
    Wrap,
    spaced,
)

_DOT: Final = "\N{MIDDLE DOT} "


class Head(QWidget):
    """Who it is, and what can be done.

    Args:
        also: More buttons, before the one that is wanted most.
    """

    def __init__(self, also: tuple[QWidget, ...] = ()) -> None:
        super().__init__()
        self.back = IconButton("arrow-left", "All residents", Button.SECONDARY)
        self.avatar = Avatar("", 52)
        self._name = Elided("", "title")
        self._line = Wrap("", "muted", widest=900, whole=_DOT)
        self.details = Button("Details", "id-card")
        self.change = Button("Change", "pencil")
        self.worried = Button("I'm worried", "message-circle-warning")
        self.record = Button("Record a visit", "stethoscope", Button.PRIMARY)
        words = spaced(QVBoxLayout(), 2)
        words.addWidget(self._name)
        words.addWidget(self._line)
        left = spaced(QHBoxLayout(), 12)
        left.addWidget(self.back)
        left.addWidget(self.avatar)
        left.addLayout(words, 1)
        self._row = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight, self), 12)
        self._row.addLayout(left, 1)
        self.buttons = FlowRow((self.details, self.change, self.worried, *also, self.record))
        self._row.addWidget(self.buttons, 0, Qt.AlignmentFlag.AlignVCenter)
        self._turn()

    def show_person(self, name: str, line: str) -> None:
        """Show a person."""
        self.avatar.set_name(name)
        self._name.setText(name)
        self._line.setText(line)

    def changeEvent(self, event: QEvent) -> None:
        """Put the buttons below the name when text is large."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_row"):
            self._turn()

    def _turn(self) -> None:
        direction = QBoxLayout.Direction
        self._row.setDirection(direction.LeftToRight if theme.roomy() else direction.TopToBottom)
