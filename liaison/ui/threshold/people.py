"""Who are you: a card for each person."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy

from liaison.ui import theme
from liaison.ui.widgets import Avatar

CARD_HEIGHT: Final = 64
_DISC: Final = 40


class PersonCard(QRadioButton):
    """A person to choose.

    Args:
        key: Their id; empty for a card that is no person.
        name: Their name, or the card's word.
        line: A line below it.
        icon: An icon in the place of initials.
    """

    def __init__(self, key: str, name: str, line: str, icon: str = "") -> None:
        super().__init__(name)
        self.key = key
        self._line, self._icon = line, icon
        self._avatar = None if icon else Avatar(name, _DISC, self)
        if self._avatar is not None:
            self._avatar.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(name)
        self.setAccessibleDescription(line)
        self.setToolTip(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return its size at today's text size."""
        return QSize(theme.px(180), theme.px(CARD_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return a size at which the name is elided."""
        return QSize(theme.px(140), theme.px(CARD_HEIGHT))

    def hitButton(self, position: object) -> bool:
        """Take a click anywhere on the card."""
        return True

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint card, avatar, name, line and tick."""
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        focused = self.hasFocus() and self.window().isActiveWindow()
        edge = tokens.focus if focused else tokens.accent if chosen else tokens.border
        width = 2 if chosen or focused else 1
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        hovered = self.underMouse() and not chosen
        ground = tokens.soft if chosen else tokens.raised if hovered else tokens.surface
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, theme.px(12), theme.px(12))
        disc = QRectF(self._disc())
        if self._icon:
            self._paint_icon(painter, disc)
        right = float(self.width() - theme.px(14))
        if chosen:
            tick = theme.pixmap("circle-check", "accent", 20, self)
            side = tick.width() / tick.devicePixelRatio()
            right -= side
            painter.drawPixmap(round(right), round((self.height() - side) / 2), tick)
            right -= theme.px(8)
        left = disc.right() + theme.px(12)
        self._paint_words(painter, left, right - left)
        painter.end()

    def _paint_icon(self, painter: QPainter, disc: QRectF) -> None:
        icon = theme.pixmap(self._icon, "muted", 22, self)
        side = icon.width() / icon.devicePixelRatio()
        middle = disc.center()
        painter.drawPixmap(round(middle.x() - side / 2), round(middle.y() - side / 2), icon)

    def _disc(self) -> QRect:
        side = theme.px(_DISC)
        return QRect(theme.px(14), (self.height() - side) // 2, side, side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the initials in their place."""
        super().resizeEvent(event)
        if self._avatar is not None:
            self._avatar.setGeometry(self._disc())

    def _paint_words(self, painter: QPainter, left: float, width: float) -> None:
        tokens = theme.tokens()
        middle = self.height() / 2
        elide = Qt.TextElideMode.ElideRight
        painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
        painter.setPen(QColor(tokens.text))
        name = painter.fontMetrics().elidedText(self.text(), elide, int(width))
        height = theme.px(20)
        gap = theme.px(1) if self._line else -height / 2
        upper = QRectF(left, middle - height + gap, width, height)
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, name)
        if self._line:
            painter.setFont(theme.font(theme.SECONDARY))
            painter.setPen(QColor(tokens.muted))
            line = painter.fontMetrics().elidedText(self._line, elide, int(width))
            lower = QRectF(left, middle - theme.px(1), width, height)
            painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, line)
