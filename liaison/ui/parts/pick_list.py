"""A list of which one line is open, or several are picked together: with Shift, Ctrl, and Ctrl+A."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from liaison.ui.parts import sheets
from liaison.ui.parts.side_line import SideLine
from liaison.ui.walking import bring_into_sight
from liaison.ui.widgets import ScrollPage

_NONE: Final = Qt.KeyboardModifier.NoModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_CTRL: Final = Qt.KeyboardModifier.ControlModifier
_STEPS: Final = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Home: -1_000_000,
    Qt.Key.Key_End: 1_000_000,
}


class PickLine(SideLine):
    """A line of it; whether it is picked is up to the list."""

    pressed_with = Signal(object)
    """It was pressed, with these modifiers (``Qt.KeyboardModifier``)."""

    def __init__(self, title: str, line: str) -> None:
        super().__init__(title, line)
        self._held = _NONE
        self.clicked.connect(self._tell)

    def _tell(self) -> None:
        held, self._held = self._held, _NONE
        self.pressed_with.emit(held)

    def nextCheckState(self) -> None:
        """Leave it to the list; Qt would turn it over."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Remember what was held down as it was pressed."""
        self._held = event.modifiers()
        super().mouseReleaseEvent(event)
        self._held = _NONE

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Remember what was held down as it was pressed."""
        self._held = event.modifiers()
        super().keyReleaseEvent(event)
        self._held = _NONE

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrows to the list; Qt would go on to another control."""
        if event.key() in _STEPS:
            event.ignore()
        else:
            super().keyPressEvent(event)


class PickList(ScrollPage):
    """The list. Tab stops at one of its lines; the arrows go on from there."""

    changed = Signal()
    """Others are picked now."""

    def __init__(self) -> None:
        super().__init__(spacing=6, margins=(0, 0, 0, 0))
        self.lines: list[PickLine] = []
        self._picked: frozenset[int] = frozenset()
        self._at = 0
        """The line where the keyboard is, or comes to."""
        self._anchor = 0
        """Where a stretch that is picked begins."""

    @property
    def picked(self) -> tuple[int, ...]:
        """The numbers of the lines that are picked, from 0, in their order."""
        return tuple(sorted(self._picked))

    @property
    def has_keyboard(self) -> bool:
        """Whether the keyboard is on one of the lines."""
        return any(line.hasFocus() for line in self.lines)

    def fill(self, lines: Sequence[tuple[str, str]], picked: Iterable[int]) -> None:
        """Show other lines; nobody is told.

        Args:
            lines: The name of each, and what it is about.
            picked: The numbers of those that are picked.
        """
        sheets.empty(self)
        self.lines = []
        for number, words in enumerate(lines):
            line = PickLine(*words)
            line.pressed_with.connect(lambda held, at=number: self._press(at, held))
            self.lines.append(line)
            sheets.put(self, line)
        self.body.addStretch(1)
        self._picked = frozenset(picked)
        self._at = self._anchor = min(self._picked, default=0)
        self._show()

    def pick(self, numbers: Iterable[int]) -> None:
        """Pick lines, and no others.

        Args:
            numbers: Their numbers, from 0.
        """
        picked = frozenset(numbers)
        changed = picked != self._picked
        self._picked = picked
        self._show()
        if changed:
            self.changed.emit()

    def pick_all(self) -> None:
        """Pick all of them."""
        self.pick(range(len(self.lines)))

    def focus(self) -> None:
        """Give the keyboard to the line where it was."""
        if self.lines:
            self.lines[self._at].setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- by mouse and keyboard

    def _press(self, number: int, held: Qt.KeyboardModifier) -> None:
        self._at = number
        if held & _SHIFT:
            self._stretch()
            return
        self._anchor = number
        # the last one that is picked stays: something is always open
        turned = self._picked ^ {number}
        self.pick(turned if held & _CTRL and turned else {number})

    def _stretch(self) -> None:
        first, last = sorted((self._anchor, self._at))
        self.pick(range(first, last + 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on by the arrows; with Shift pick what lies between, with Ctrl pick nothing yet."""
        key, held = event.key(), event.modifiers()
        step = _STEPS.get(Qt.Key(key))
        if not self.lines:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_A and held & _CTRL:
            self.pick_all()
        elif key == Qt.Key.Key_Escape and len(self._picked) > 1:
            self._press(self._at, _NONE)
        elif step is not None:
            self._at = min(max(self._at + step, 0), len(self.lines) - 1)
            if held & _SHIFT:
                self._stretch()
            elif not held & _CTRL:
                self._press(self._at, _NONE)
            self._show()
            self.focus()
            bring_into_sight(self.lines[self._at])
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        policy = Qt.FocusPolicy
        for number, line in enumerate(self.lines):
            line.setChecked(number in self._picked)
            line.setFocusPolicy(policy.StrongFocus if number == self._at else policy.ClickFocus)
