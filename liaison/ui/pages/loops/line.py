"""One open loop on its line: what it is, who has it, how long it has waited, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.widgets import AgeBar, Button, Elided, Tag, Text, spaced
from liaison.ui.widgets.painting import box, draw_words, painter_for

if TYPE_CHECKING:
    from liaison.services.loop_words import Line

ICONS: Final = {
    "referral": "send",
    "concern": "message-circle-warning",
    "query": "message-circle",
    "action": "list-checks",
    "result": "hourglass",
    "review": "repeat",
    "appointment": "calendar-clock",
    "loan": "archive",
    "carried": "clipboard-list",
}
_TAG: Final = 118
_TRACK: Final = 146
_AGE: Final = 226
_BUTTON: Final = 84

# between the two halves of a line, and around them: left, top, right, bottom
_BESIDE: Final = (10, 4, 2, 4, 3)
_BELOW: Final = (0, 4, 5, 4, 9)


class Heading(QWidget):
    """The heading of some lines, with how many they are.

    Args:
        words: The heading.
        count: How many lie under it.
        aside: What stands at its right; may be empty.
    """

    def __init__(self, words: str, count: int, aside: str = "") -> None:
        super().__init__()
        row = spaced(QHBoxLayout(self), 8, (10, 5, 10, 5))
        title = Elided(words, "label")
        row.addWidget(title)
        row.addWidget(Text(f"{count:,}", "secondary"))
        row.addStretch(1)
        if aside:
            row.addWidget(Text(aside, "secondary"))
        self.setAccessibleName(f"{words}, {count:,}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint its ground."""
        box(painter_for(self), QRectF(self.rect()), theme.px(8), theme.colour("raised"))


class _Words(QPushButton):
    """What a loop is about, in two lines; pressing it opens the record."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Open {line.said}")
        about = f"\n{line.resident}" if line.resident else ""
        self.setToolTip(f"{line.what}{about}")

    def sizeHint(self) -> QSize:
        """Ask for two lines."""
        return QSize(theme.px(320), theme.px(44))

    def minimumSizeHint(self) -> QSize:
        """Allow shortened words."""
        return QSize(theme.px(140), theme.px(44))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both lines."""
        painter = painter_for(self)
        rect, colour = QRectF(self.rect()), theme.colour
        if self.underMouse() or self.isDown():
            box(painter, rect, theme.px(8), colour("raised"))
        if self.hasFocus():
            box(painter, rect, theme.px(8), None, colour("focus"), 2)
        side, tall = theme.px(8), theme.px(22)
        room = rect.width() - 2 * side

        def line(middle: float, words: str) -> None:
            draw_words(painter, QRectF(side, middle - tall / 2, room, tall), words)

        upper, lower = rect.height() * 0.29, rect.height() * 0.71
        painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
        painter.setPen(colour("text"))
        line(upper if self._line.resident else rect.height() / 2, self._line.what)
        painter.setFont(theme.font(theme.SECONDARY))
        painter.setPen(colour("muted"))
        line(lower, self._line.resident)


class LoopLine(QWidget):
    """One open loop.

    Args:
        line: The loop in words.
        may: Whether whoever looks may do what its button says; else it opens the record.

    Attributes:
        words: What it is about; pressing it opens the record.
        button: What to do with it.
    """

    def __init__(self, line: Line, *, may: bool) -> None:
        super().__init__()
        self.line = line
        loop = line.loop
        self._tag = QWidget()
        tag = Tag(ICONS[loop.kind], line.kind)
        spaced(QHBoxLayout(self._tag), 0).addWidget(tag, 0, Qt.AlignmentFlag.AlignLeft)
        self.words = _Words(line)
        self._owner = QWidget()
        column = spaced(QVBoxLayout(self._owner), 0)
        column.addWidget(Elided(line.owner))
        column.addWidget(Elided(line.step, "secondary"))
        self._bar = AgeBar(loop.days, loop.expected, loop.state, line.days)
        self._age = QWidget()
        spaced(QHBoxLayout(self._age), 0).addWidget(self._bar, 0, Qt.AlignmentFlag.AlignLeft)
        self.verb = line.verb if may else "Open"
        self.button = Button(self.verb, small=True)
        self.button.setAccessibleName(f"{self.verb}: {line.said}")
        self.setFocusProxy(self.button)
        direction = QBoxLayout.Direction.LeftToRight
        self._row = QBoxLayout(direction, self)
        first, second = spaced(QHBoxLayout(), 8), spaced(QHBoxLayout(), 10)
        first.addWidget(self._tag)
        first.addWidget(self.words, 1)
        second.addWidget(self._owner, 1)
        second.addWidget(self._age)
        second.addWidget(self.button)
        self._row.addLayout(first, 5)
        self._row.addLayout(second, 6)
        self._restyle()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size: from 140 per cent on it takes two rows."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "button"):
            self._restyle()

    def _restyle(self) -> None:
        self._tag.setFixedWidth(theme.px(_TAG))
        self._owner.setMinimumWidth(theme.px(120))
        self._age.setFixedWidth(theme.px(_AGE))
        # every track is as long as the others, whatever number stands behind it
        words = QFontMetrics(theme.font()).horizontalAdvance(self._bar.words)
        self._bar.setFixedWidth(theme.px(_TRACK) + words)
        self.button.setFixedWidth(theme.px(_BUTTON))
        direction = QBoxLayout.Direction
        roomy = theme.roomy()
        self._row.setDirection(direction.LeftToRight if roomy else direction.TopToBottom)
        # two rows of one loop stand closer to each other than to the next loop's
        between, left, top, right, bottom = _BESIDE if roomy else _BELOW
        self._row.setSpacing(theme.px(between))
        self._row.setContentsMargins(*(theme.px(edge) for edge in (left, top, right, bottom)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rule under it."""
        painter = painter_for(self)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.colour("line"))
