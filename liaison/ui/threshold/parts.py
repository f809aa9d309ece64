"""Small parts of the door's screens."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.walking import LAID_OUT_MS
from liaison.ui.widgets import Icon, LineEdit, Wrap, announce, spaced
from liaison.ui.widgets.painting import box, painter_for


class Plate(QFrame):
    """A card with an edge: the one task of the screen lies on it.

    Args:
        margin: The space inside, at 100 %.
        spacing: Between its parts.
    """

    def __init__(self, margin: int = 24, spacing: int = 12) -> None:
        super().__init__()
        self.column = spaced(QVBoxLayout(self), spacing, (margin, margin, margin, margin))

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint ground and edge."""
        ground, edge = theme.colour("surface"), theme.colour("border")
        box(painter_for(self), QRectF(self.rect()), theme.px(12), ground, edge)


class Note(QWidget):
    """A sentence with an icon: what went wrong, what to look at, or what is well.

    Its parts are made when there is first something to say: the door must be there at once.
    """

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[Icon, Wrap] | None = None
        self.hide()

    def _made(self) -> tuple[Icon, Wrap]:
        if self._parts is None:
            icon, words = Icon("info", "muted", 16), Wrap("", "secondary", widest=640)
            row = spaced(QHBoxLayout(self), 8)
            row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(words, 1)
            self._parts = (icon, words)
        return self._parts

    @property
    def words(self) -> str:
        """What it says; empty if nothing."""
        return self._parts[1].text() if self._parts is not None and not self.isHidden() else ""

    def wrong(self, words: str) -> None:
        """Say what went wrong and what to do; a screen reader says it at once."""
        self._show("circle-x", "late", "error", words)
        announce(self, words, urgent=True)

    def count(self, words: str, *, aloud: bool) -> None:
        """Say that it does not go on yet; words that change every second are said aloud once."""
        self._show("hourglass", "late", "error", words)
        if aloud:
            announce(self, words, urgent=True)

    def hint(self, words: str, icon: str = "info") -> None:
        """Say something by the way."""
        self._show(icon, "muted", "secondary", words)
        announce(self, words)

    def well(self, words: str) -> None:
        """Say that something is done."""
        self._show("circle-check", "ok", "secondary", words)
        announce(self, words)

    def clear(self) -> None:
        """Say nothing."""
        if self._parts is not None:
            self._parts[1].setText("")
        self.hide()

    def _show(self, icon: str, token: str, kind: str, words: str) -> None:
        picture, label = self._made()
        picture.set_icon(icon, token)
        label.set_kind(kind)
        label.setText(words)
        self.show()


class PasswordEdit(LineEdit):
    """Where a password is typed; it notices Caps Lock by what letters come out of which keys."""

    def __init__(self, *, big: bool = False) -> None:
        super().__init__(password=True, big=big)
        self.caps = False
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Type, and look at the letter."""
        text = event.text()
        if event.key() == Qt.Key.Key_CapsLock:
            # pressed while it is on, it goes off; if it was off nothing is known until a letter
            self.caps = False
        elif len(text) == 1 and text.isalpha() and text.lower() != text.upper():
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps = text.isupper() != shift
        super().keyPressEvent(event)

    def show_typed(self, *, shown: bool) -> None:
        """Show what was typed, or dots."""
        self.setEchoMode(self.EchoMode.Normal if shown else self.EchoMode.Password)


class Middle(QScrollArea):
    """The right side of the door: a column that stays in the middle and scrolls if it must.

    Args:
        column: What is in it.
        widest: How wide it grows, at 100 %.
        top: Whether it begins at the top instead.
    """

    def __init__(self, column: QWidget, widest: int, *, top: bool = False) -> None:
        super().__init__()
        self._column, self._widest = column, widest
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        ground = QWidget()
        # while it is empty: what it holds would be given its style here, and again later
        self.setWidget(ground)
        ground.setAutoFillBackground(False)
        rows = QVBoxLayout(ground)
        rows.setContentsMargins(24, 24, 24, 24)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(column, 100)
        across.addStretch(1)
        if not top:
            rows.addStretch(2)
        rows.addLayout(across)
        rows.addStretch(3)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_column"):
            self._fit()

    def reveal(self, part: QWidget) -> None:
        """Scroll to a part that has just been shown; it finds its place over several layouts."""
        bar = self.verticalScrollBar()
        follow = bar.rangeChanged.connect(lambda *_: self.ensureWidgetVisible(part))
        QTimer.singleShot(LAID_OUT_MS, bar, lambda: bar.rangeChanged.disconnect(follow))

    def _fit(self) -> None:
        self._column.setMaximumWidth(theme.px(self._widest))
