"""What setting up and joining share: the steps at the left, the one being done, back and on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.threshold.panel import StepsPanel
from liaison.ui.threshold.parts import Middle, Note
from liaison.ui.widgets import Button, Divider, Narrow, OneOf, ProgressLine, Text, Wrap, spaced

_COLUMN = 1010
"""The width of the column and of the buttons below it, in pixels at 100 per cent."""
_EDGE = 24


class StepsScreen(QWidget):
    """A screen of several steps, of which one is done at a time.

    Args:
        name: What it is, for a screen reader.
        steps: The steps in a few words each, in order.
        title: What they are the steps of.
        waits: What the line of progress says it waits for, for a screen reader.

    Attributes:
        panel: The steps, at the left; where there is little room it is not shown.
        pages: What is shown of each step, in their order.
        progress: Moves while something is done that takes a while.
        note: Says what went wrong, or what to look at.
        back: Goes back.
        missing: What is missing before it goes on.
        go_on: Goes on.
    """

    def __init__(self, name: str, steps: Sequence[str], title: str, waits: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.panel = StepsPanel(steps, title)
        self.pages = OneOf()
        self.progress = ProgressLine(waits)
        self.note = Note()
        self.back = Button("Back", "arrow-left")
        self.missing = Text("", "muted")
        self.go_on = Button("Continue", "arrow-right", Button.PRIMARY)
        self._title = Wrap("", "figure", widest=900)
        self._line = Wrap("", "muted", widest=900)
        self._middle = Middle(self._inside(), _COLUMN, top=True)
        self._foot = self._buttons()
        self._lay_out()

    def _inside(self) -> QWidget:
        inside = QWidget()
        rows = spaced(QVBoxLayout(inside), 4, (_EDGE, 12, _EDGE, 0))
        rows.addWidget(self._title)
        rows.addWidget(self._line)
        rows.addSpacing(16)
        rows.addWidget(self.pages)
        rows.addSpacing(12)
        under = QWidget()
        told = spaced(QVBoxLayout(under), 8)
        told.addWidget(self.progress)
        told.addWidget(self.note)
        rows.addWidget(Narrow(under))
        rows.addStretch(1)
        self.progress.hide()
        return inside

    def _buttons(self) -> QWidget:
        """Return the row below the column; it is as wide, and ends where that ends."""
        foot = QWidget()
        rows = spaced(QVBoxLayout(foot), 16, (_EDGE, 0, _EDGE, 32))
        rows.addWidget(Divider())
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.missing)
        row.addWidget(self.go_on)
        rows.addLayout(row)
        return foot

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        # as the column above it lies in its own
        below.setContentsMargins(_EDGE, 0, _EDGE, 0)
        below.addStretch(1)
        below.addWidget(self._foot, 100)
        below.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._middle, 1)
        right.addLayout(below)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.panel)
        whole.addLayout(right, 1)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_foot"):
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the window's width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._foot.setMaximumWidth(theme.px(_COLUMN))
        self.panel.setVisible(self.width() - self.panel.width() >= theme.px(600))

    def show_page(self, step: int, title: str, line: str, foot: str) -> None:
        """Show one of the steps, from its top.

        Args:
            step: Which, from 0.
            title: What is done in it.
            line: A sentence on it.
            foot: What the panel says of it at its foot.
        """
        self.say_head(title, line)
        self.pages.setCurrentIndex(step)
        self.panel.show_step(step, foot)
        self._middle.verticalScrollBar().setValue(0)
        self.note.clear()

    def say_head(self, title: str, line: str) -> None:
        """Say what is done now, and a sentence on it."""
        self._title.setText(title)
        self._line.setText(line)

    def reveal_note(self) -> None:
        """Scroll to what the note has just said, which stands below all of the step."""
        self._middle.ensureWidgetVisible(self.note)
        self._middle.reveal(self.note)
