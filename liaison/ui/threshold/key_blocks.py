"""Where the recovery key is typed from the paper: block by block, as it is printed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.threshold.parts import Note
from liaison.ui.widgets import LineEdit, Text, set_wrong, spaced

BLOCKS: Final = 9
_LETTERS: Final = 4
_LAST_LETTERS: Final = 2
_ACROSS: Final = 3
_NEVER: Final = "U"


def letters(typed: str) -> str:
    """Return the letters and digits of what was typed: dashes and spaces only keep blocks apart."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


class KeyBlocks(QWidget):
    """Nine fields, one a block; a full one leads to the next, and a whole key may be pasted."""

    changed = Signal()
    """Something else stands in them."""
    whole = Signal()
    """All nine are full."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Recovery key")
        self.blocks = tuple(_Block(number) for number in range(1, BLOCKS + 1))
        self.setFocusProxy(self.blocks[0])
        self.note = Note()
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(8))
        for place, block in enumerate(self.blocks):
            cell = spaced(QHBoxLayout(), 8)
            label = Text(str(place + 1), "caption")
            label.setMinimumWidth(theme.px(12))
            label.setBuddy(block)
            cell.addWidget(label)
            cell.addWidget(block, 1)
            grid.addLayout(cell, place // _ACROSS, place % _ACROSS)
            block.textEdited.connect(lambda _, at=place: self._edited(at))
            block.backed.connect(lambda at=place: self._go(at - 1))
        column = spaced(QVBoxLayout(self), 8)
        column.addLayout(grid)
        column.addWidget(self.note)

    def text(self) -> str:
        """Return the key as far as it is typed, blocks apart."""
        return " ".join(filter(None, (block.text() for block in self.blocks)))

    def setText(self, words: str) -> None:
        """Show a whole key."""
        for block in self.blocks:
            block.clear()
        self._put(0, words)

    def clear(self) -> None:
        """Forget what was typed."""
        self.setText("")

    @property
    def missing(self) -> str:
        """What is still missing, one sentence; empty when nothing is."""
        for block in self.blocks:
            if not block.is_full:
                return f"Type block {block.number} of the recovery key to go on"
        return ""

    @property
    def error(self) -> str:
        """What is wrong with the key as typed; empty if nothing is."""
        return self.note.words

    def mark(self, words: str, number: int | None = None) -> None:
        """Say what is wrong, and put the cursor where.

        Args:
            words: What is wrong and what to do.
            number: The block (from 1) it is in; None if it is not known.
        """
        self.note.wrong(words)
        for block in self.blocks:
            set_wrong(block, wrong=block.number == number)
        found = self.blocks[(number or 1) - 1]
        found.setFocus(Qt.FocusReason.OtherFocusReason)
        found.selectAll()

    def _edited(self, at: int) -> None:
        block = self.blocks[at]
        if len(letters(block.text())) > block.most:
            # typed on, or pasted
            self._put(at, block.text())
        elif block.is_full and block.cursorPosition() == len(block.text()):
            self._go(at + 1)
        self._tell(at)

    def _put(self, at: int, words: str) -> None:
        """Spread what was typed or pasted over a block and those after it."""
        left = letters(words)
        for block in self.blocks[at:]:
            if block is not self.blocks[at] and len(left) < block.most and block.text():
                # a letter too many in the middle is not to put the next block out
                break
            own, left = left[: block.most], left[block.most :]
            if own or block is self.blocks[at]:
                block.setText(own)
            if not left:
                self._go(self.blocks.index(block) + (1 if block.is_full else 0))
                break
        self._tell(at)

    def _go(self, at: int) -> None:
        if 0 <= at < len(self.blocks) and self.isVisible():
            self.blocks[at].setFocus(Qt.FocusReason.TabFocusReason)

    def _tell(self, at: int) -> None:
        for block in self.blocks:
            set_wrong(block, wrong=False)
        if _NEVER in self.blocks[at].text().upper():
            set_wrong(self.blocks[at], wrong=True)
            self.note.wrong("A recovery key never has the letter U; compare it with a V.")
        else:
            self.note.clear()
        self.changed.emit()
        if not self.missing:
            self.whole.emit()


class _Block(LineEdit):
    """One block."""

    backed = Signal()
    """Backspace was pressed where there is nothing left."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.most = _LAST_LETTERS if number == BLOCKS else _LETTERS
        self.setFont(theme.with_features(theme.font(12, theme.SEMIBOLD), "tnum", "zero", "ss02"))
        self.setAccessibleName(f"Block {number}")
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhPreferUppercase
        )

    @property
    def is_full(self) -> bool:
        """Whether as much was typed as stands on the sheet."""
        return len(letters(self.text())) == self.most

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Type, or go back to the block before."""
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.backed.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "number"):
            font = theme.with_features(theme.font(12, theme.SEMIBOLD), "tnum", "zero", "ss02")
            if self.font() != font:
                self.setFont(font)
