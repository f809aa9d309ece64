"""The lines of an agenda, closed: what each is about and how it stands; pressed, they open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from liaison.records.rules.rounds import Kind
from liaison.services.rounds.lines import State
from liaison.ui import theme
from liaison.ui.widgets import Elided, StateChip, Tag, Text, spaced
from liaison.ui.widgets.painting import box, painter_for

if TYPE_CHECKING:
    from liaison.services.rounds.lines import Line

ICONS: Final = {
    Kind.BACK_HOME: "house",
    Kind.NEW: "user-plus",
    Kind.CONCERN: "message-circle-warning",
    Kind.QUERY: "message-circle",
    Kind.ACTION: "list-checks",
    Kind.REFERRAL: "hourglass",
    Kind.REVIEW: "repeat",
    Kind.ASKED: "notebook-pen",
}
CHIPS: Final = {
    State.OUTCOME: ("ok", "circle-check"),
    State.CARRIED: ("due", "corner-down-right"),
    State.ELSEWHERE: ("info", "check-check"),
    State.TO_DO: ("none", "circle-dashed"),
}
TAG: Final = 116
_NUMBER: Final = 26
_LONGEST_CHIP: Final = 34


class Row(QPushButton):
    """A whole row that can be pressed.

    Args:
        name: What a screen reader says.
    """

    walked = Signal(int)
    """Somebody wants to be on the row so many further."""
    shifted = Signal(int)
    """Somebody wants the row itself so many places further."""
    dragged = Signal(int)
    """It is being dragged: where the pointer is, in pixels from the top of its parent."""
    dropped = Signal(int)
    """It was let go there."""

    def __init__(self, name: str, *, drags: bool = False) -> None:
        super().__init__()
        self._drags = drags
        self._pressed_at: int | None = None
        self._dragging = False
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def pass_through(self) -> None:
        """Let its parts leave the pointer to the row itself."""
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """Ask for what its parts need."""
        layout = self.layout()
        return super().sizeHint() if layout is None else layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Allow shortened words."""
        layout = self.layout()
        return super().minimumSizeHint() if layout is None else layout.minimumSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows; with Alt, take the row along."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self.click()
                return
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.shifted.emit(step)
        else:
            self.walked.emit(step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where it was taken hold of."""
        self._pressed_at = round(event.position().y())
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it, once it was moved far enough to be meant."""
        at = round(event.position().y())
        if self._drags and self._pressed_at is not None:
            far = abs(at - self._pressed_at) >= QApplication.startDragDistance()
            self._dragging = self._dragging or far
        if self._dragging:
            self.dragged.emit(self.y() + at)
            return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it go: where it was dragged to, or as an ordinary press."""
        self._pressed_at = None
        if self._dragging:
            self._dragging = False
            self.setDown(False)
            self.dropped.emit(self.y() + round(event.position().y()))
            return
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint hover, focus and the rule under it."""
        painter = painter_for(self)
        rect, colour = QRectF(self.rect()), theme.colour
        if self.isDown() or self.underMouse():
            box(painter, rect, theme.px(8), colour("raised"))
        if self.hasFocus():
            box(painter, rect.adjusted(1, 1, -1, -1), theme.px(8), None, colour("focus"), 2)
        else:
            painter.fillRect(QRectF(0, rect.height() - 1, rect.width(), 1), colour("line"))


class LineRow(Row):
    """One line of the agenda.

    Args:
        line: The line.
        drags: Whether it can be put in another place.
    """

    def __init__(self, line: Line, *, drags: bool) -> None:
        self.line = line
        whom = line.whom
        who = "" if whom is None else f"{whom.name}, {whom.apart}: "
        question = " ".join(line.question.split())
        state = self._words(line)
        super().__init__(
            f"{line.number}, {line.kind.value}: {who}{question} ({state})", drags=drags
        )
        self.setToolTip(f"{line.why}\nAlt+Up and Alt+Down move it" if drags else line.why)
        self._number = Text(str(line.number), "muted")
        self._number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._tag = QWidget()
        tag = Tag(ICONS[line.kind], line.kind.value)
        spaced(QHBoxLayout(self._tag), 0).addWidget(tag, 0, Qt.AlignmentFlag.AlignLeft)
        upper, lower = spaced(QHBoxLayout(), 8), spaced(QHBoxLayout(), 8)
        upper.addWidget(self._number)
        upper.addWidget(self._tag)
        # above the words, as with large text, they begin where these do
        upper.addStretch(1)
        if whom is not None:
            lower.addWidget(Elided(whom.name, "label"))
            lower.addWidget(
                Text(f"Room {whom.room}" if whom.room else "Room not recorded", "muted")
            )
        lower.addWidget(Elided(question), 1)
        if line.often:
            lower.addWidget(StateChip("late", f"Carried {line.carried} times", "repeat"))
        lower.addWidget(self._chip(line))
        self._row = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight, self), 8, (4, 7, 6, 8))
        self._row.addLayout(upper)
        self._row.addLayout(lower, 1)
        self._restyle()
        self.pass_through()

    @staticmethod
    def _words(line: Line) -> str:
        if line.state is State.OUTCOME:
            words = next((" ".join(said.words.split()) for said in line.said if said.words), "")
            if len(words) > _LONGEST_CHIP:
                words = f"{words[:_LONGEST_CHIP].rsplit(' ', 1)[0]} ..."
            return words or str(line.state.value)
        return str(line.state.value)

    def _chip(self, line: Line) -> QWidget:
        if line.state is State.TO_DO:
            return Text("to do", "secondary")
        state, icon = CHIPS[line.state]
        return StateChip(state, self._words(line), icon)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size: from 140 per cent on it takes two rows."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_row"):
            self._restyle()

    def _restyle(self) -> None:
        self._number.setFixedWidth(theme.px(_NUMBER))
        self._tag.setFixedWidth(theme.px(TAG))
        direction = QBoxLayout.Direction
        self._row.setDirection(direction.LeftToRight if theme.roomy() else direction.TopToBottom)
