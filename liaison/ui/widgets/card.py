"""Cards: white sheets with an edge, which hold what belongs together."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.widgets.chips import StateChip
from liaison.ui.widgets.painting import box, draw_pixmap, painter_for, show_with, spaced
from liaison.ui.widgets.picture import Icon
from liaison.ui.widgets.text import Text


class CardKind(Enum):
    """How a card stands out."""

    PLAIN = "plain"
    SUNK = "sunk"
    """Nested in another card."""
    EMPHASISED = "emphasised"
    """The one thing that is being done now."""


class Card(QFrame):
    """A sheet with a title and whatever is added to its ``body``.

    Args:
        title: Its title; it also names the card for a screen reader.
        icon: A Lucide name beside the title.
        note: A few words at the right of the title.
        kind: ``Card.PLAIN``, ``SUNK`` or ``EMPHASISED``.
        caption: Whether the title is a small caption.
        margins: Left, top, right, bottom, in pixels at 100 per cent.

    Attributes:
        head: The row of the title; more can be added at its end.
        body: The column below it.
    """

    PLAIN: ClassVar = CardKind.PLAIN
    SUNK: ClassVar = CardKind.SUNK
    EMPHASISED: ClassVar = CardKind.EMPHASISED

    def __init__(
        self,
        title: str = "",
        icon: str = "",
        note: str = "",
        *,
        kind: CardKind = CardKind.PLAIN,
        caption: bool = False,
        margins: tuple[float, float, float, float] = (16, 14, 16, 16),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind = kind
        self._title = Text(title, "caption" if caption else "card", self)
        self._note = Text(note, "secondary", self)
        self.head = spaced(QHBoxLayout(), 8)
        if icon:
            self.head.addWidget(Icon(icon, "text", parent=self))
        self.head.addWidget(self._title)
        self.head.addStretch(1)
        self.head.addWidget(self._note)
        self.body = spaced(QVBoxLayout(), 12)
        self._column = spaced(QVBoxLayout(self), 12, margins)
        # also without a title, which may come later: its parts must be the card's own
        self._column.addLayout(self.head)
        self._column.addLayout(self.body, 1)
        self.set_title(title)
        self.set_note(note)

    def add(self, part: QWidget | QLayout, stretch: int = 0) -> None:
        """Add something at the end of the body."""
        if isinstance(part, QLayout):
            self.body.addLayout(part, stretch)
        else:
            self.body.addWidget(part, stretch)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)
        show_with(self._title, wanted=bool(title))
        self.setAccessibleName(title)

    def set_note(self, note: str) -> None:
        """Show another note at the right of the title."""
        self._note.setText(note)
        show_with(self._note, wanted=bool(note))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet."""
        painter = painter_for(self)
        colour = theme.colour
        rect = QRectF(self.rect())
        if self.kind is CardKind.SUNK:
            box(painter, rect, theme.px(10), colour("raised"), colour("border"))
        elif self.kind is CardKind.EMPHASISED:
            box(painter, rect, theme.px(12), colour("surface"), colour("accent"), 2)
        else:
            box(painter, rect, theme.px(12), colour("surface"), colour("border"))


class Divider(QFrame):
    """A rule between parts of a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rule."""
        painter_for(self).fillRect(self.rect(), theme.colour("line"))


class FigureTile(QPushButton):
    """One figure, large, with what it means and how it stands; pressing it shows the list behind it.

    Args:
        icon: A Lucide name.
        label: What is counted: "Open loops".
        figure: "14", "184 days".
        unit: Small words after it: "without an outcome".
        state: How it stands, a state's name; with ``words``.
        words: "2 older than 90 days".
    """

    def __init__(
        self,
        icon: str,
        label: str,
        figure: str = "",
        unit: str = "",
        *,
        state: str = "",
        words: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._label = icon, label
        self._figure = self._unit = ""
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._chip = StateChip("none", "", parent=self)
        # the tile says it all in its own name
        self._chip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_figure(figure, unit, state=state, words=words)

    def set_figure(self, figure: str, unit: str = "", *, state: str = "", words: str = "") -> None:
        """Show another figure."""
        self._figure, self._unit = figure, unit
        self._chip.setVisible(bool(words))
        if words:
            self._chip.set_state(state or "none", words)
        said = " ".join(part for part in (figure, unit) if part)
        self.setAccessibleName(f"{self._label}: {said}")
        self.setAccessibleDescription(words)
        self._place()
        self.updateGeometry()
        self.update()

    def _place(self) -> None:
        hint = self._chip.sizeHint()
        width = min(hint.width(), max(self.width() - 2 * theme.px(16), 0))
        self._chip.setGeometry(theme.px(16), theme.px(74), width, hint.height())

    def sizeHint(self) -> QSize:
        """Ask for the height of its three lines."""
        return QSize(theme.px(240), theme.px(112))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow tile."""
        return QSize(theme.px(150), theme.px(112))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the chip in its place."""
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._place()
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tile; the chip is a widget of its own on it."""
        painter = painter_for(self)
        colour = theme.colour
        rect = QRectF(self.rect())
        hover = self.underMouse() or self.isDown()
        edge = colour("strong" if hover else "border")
        box(painter, rect, theme.px(12), colour("raised" if hover else "surface"), edge)
        if self.hasFocus():
            box(painter, rect, theme.px(12), None, colour("focus"), 2)
        left = theme.px(16)
        room = self.width() - 2 * left
        picture = theme.pixmap(self._icon, "muted", 17, self)
        used = draw_pixmap(painter, left, theme.px(22), picture) + theme.px(8)
        at = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        elide = Qt.TextElideMode.ElideRight
        painter.setFont(theme.font(theme.BODY))
        painter.setPen(colour("muted"))
        words = painter.fontMetrics().elidedText(self._label, elide, round(room - used))
        painter.drawText(QRectF(left + used, theme.px(10), room, theme.px(24)), at, words)
        figure = theme.font(22, theme.BOLD)
        painter.setFont(figure)
        painter.setPen(colour("text"))
        base = theme.px(62)
        words = painter.fontMetrics().elidedText(self._figure, elide, room)
        painter.drawText(left, base, words)
        x = left + painter.fontMetrics().horizontalAdvance(words) + theme.px(9)
        painter.setFont(theme.font(theme.SECONDARY))
        painter.setPen(colour("muted"))
        words = painter.fontMetrics().elidedText(self._unit, elide, left + room - x)
        painter.drawText(x, base, words)
