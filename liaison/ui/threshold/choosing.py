"""Choosing a password: typed twice, with an honest measure, or thought up by Liaison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from liaison.security.passphrases import passphrase
from liaison.security.passwords import Strength, judge
from liaison.ui import theme
from liaison.ui.threshold.parts import Note, PasswordEdit
from liaison.ui.widgets import Button, Field, Text, Wrap, spaced
from liaison.ui.widgets.painting import box, painter_for

_PARTS: Final = 4
_COLOURS: Final = ("latebar", "duebar", "okbar", "okbar")
_WORDS: Final = ("late", "due", "ok", "ok")


class Meter(QWidget):
    """How strong a password is: four parts, a word, and what it means."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = _Bar()
        self._word = Text("", "label")
        self._advice = Wrap("", "secondary", widest=520)
        top = spaced(QHBoxLayout(), 12)
        top.addWidget(self._bar, 1)
        top.addWidget(self._word)
        rows = spaced(QVBoxLayout(self), 4)
        rows.addLayout(top)
        rows.addWidget(self._advice)

    def show_strength(self, strength: Strength) -> None:
        """Show how strong a password is."""
        filled = 0 if not strength.word else strength.level + 1
        self._bar.fill(filled, strength.level)
        self._word.setText(strength.word)
        self._word.setVisible(bool(strength.word))
        self._advice.setText(strength.advice)
        self.setAccessibleName(f"Strength: {strength.word or 'nothing typed yet'}")
        self.setAccessibleDescription(strength.advice)


class _Bar(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._filled, self._level = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def fill(self, parts: int, level: int) -> None:
        self._filled, self._level = parts, level
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(160), theme.px(8))

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = painter_for(self)
        gap = theme.px(4)
        width = (self.width() - gap * (_PARTS - 1)) / _PARTS
        for part in range(_PARTS):
            rect = QRectF(part * (width + gap), 0, width, self.height())
            token = _COLOURS[self._level] if part < self._filled else "track"
            box(painter, rect, self.height() / 2, theme.colour(token))


class ChoosePassword(QWidget):
    """A new password, twice.

    Args:
        label: The label of the first field.
    """

    changed = Signal()
    """What :attr:`missing` says may be something else now."""
    finished = Signal()
    """Enter was pressed in the last field."""

    def __init__(self, label: str = "Password") -> None:
        super().__init__()
        self._about: Sequence[str] = ()
        self.first = PasswordEdit()
        self.again = PasswordEdit()
        self.show_button = Button("Show", "eye")
        self.show_button.setCheckable(True)
        self.think = Button("Think one up for me", "refresh-cw")
        self.meter = Meter()
        self._note = Note()
        typing = spaced(QHBoxLayout(), 8)
        typing.addWidget(self.first, 1)
        typing.addWidget(self.show_button)
        row = QWidget()
        row.setLayout(typing)
        row.setFocusProxy(self.first)
        self._again_field = Field("Type it again", self.again)
        column = spaced(QVBoxLayout(self), 12)
        self._label = Text(label, "label")
        self._label.setBuddy(self.first)
        self.first.setAccessibleName(label)
        column.addWidget(self._label)
        column.addSpacing(-8)
        column.addWidget(row)
        column.addWidget(self.meter)
        thinking = spaced(QHBoxLayout(), 8)
        thinking.addWidget(self.think)
        thinking.addStretch(1)
        column.addLayout(thinking)
        column.addWidget(self._note)
        column.addWidget(self._again_field)
        self.first.textChanged.connect(self._typed)
        self.again.textChanged.connect(self._typed)
        self.first.returnPressed.connect(self.again.setFocus)
        self.again.returnPressed.connect(self.finished)
        self.show_button.toggled.connect(self._show)
        self.think.clicked.connect(self._think)
        self._typed()

    @property
    def password(self) -> str:
        """What was chosen; only to be used when nothing is missing."""
        return self.first.text()

    @property
    def missing(self) -> str:
        """What is still missing, one sentence; empty when nothing is."""
        strength = judge(self.first.text(), self._about)
        if not self.first.text():
            return "Choose a password to go on"
        if not strength.enough:
            return f"{strength.word}: choose a longer one"
        if not self.again.text():
            return "Type the password again to go on"
        if self.first.text() != self.again.text():
            return "The two are not the same yet"
        return ""

    def set_about(self, about: Sequence[str]) -> None:
        """Say which words others would guess first."""
        self._about = tuple(about)
        self._typed()

    def clear(self) -> None:
        """Forget what was typed."""
        self.first.clear()
        self.again.clear()

    def _typed(self) -> None:
        self.meter.show_strength(judge(self.first.text(), self._about))
        other = self.again.text()
        wrong = bool(other) and not self.first.text().startswith(other)
        self._again_field.set_error("Not the same as above." if wrong else None)
        if self.first.caps or self.again.caps:
            self._note.hint("Caps Lock is on.", "triangle-alert")
        elif self._note.words.startswith("Caps"):
            self._note.clear()
        self.changed.emit()

    def _show(self, shown: bool) -> None:  # noqa: FBT001  # Qt's signal
        self.first.show_typed(shown=shown)
        self.again.show_typed(shown=shown)
        self.show_button.set_words("Hide" if shown else "Show")
        self.show_button.set_icon("eye-off" if shown else "eye")

    def _think(self) -> None:
        self.first.setText(passphrase())
        self.again.clear()
        self.show_button.setChecked(True)
        self._note.hint(
            "Write these five words down where only you find them, then type them again."
        )
        self.again.setFocus()
