"""What the header says of saving and of the other PCs; pressing it says more."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from liaison.ui import theme
from liaison.ui.widgets.painting import box, draw_pixmap, painter_for

_HEIGHT, _SIDE, _ICON, _GAP = 40, 8, 18, 8
_MORE = "Says how the other PCs stand, and sends and fetches"


class SavedButton(QPushButton):
    """An icon with a few words; where there is little room the icon alone.

    Args:
        words: The words.
        icon: The icon.
        token: The icon's colour.
    """

    def __init__(self, words: str, icon: str, token: str) -> None:
        super().__init__()
        self._icon, self._token = icon, token
        self._narrow = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(_MORE)
        self.say(words, icon, token)

    def say(self, words: str, icon: str, token: str, more: str = "") -> None:
        """Say something else.

        Args:
            words: The words.
            icon: The icon.
            token: The icon's colour.
            more: A sentence for its tip.
        """
        self._icon, self._token = icon, token
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(f"{words}. {more}" if more else words)
        self.updateGeometry()
        self.update()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001  # a state, as Qt's setters
        """Show the icon alone, or the words beside it."""
        self._narrow = narrow
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the icon and the words."""
        self.setFont(theme.font(theme.BODY))
        words = 0 if self._narrow else self.fontMetrics().horizontalAdvance(self.text())
        gap = theme.px(_GAP) if words else 0
        return QSize(theme.px(2 * _SIDE + _ICON) + gap + words + 1, theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Allow the icon alone."""
        return QSize(theme.px(2 * _SIDE + _ICON), theme.px(_HEIGHT))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint ground, icon and words."""
        painter = painter_for(self)
        rect, radius = QRectF(self.rect()), theme.px(8)
        if self.underMouse() or self.isDown():
            box(painter, rect, radius, theme.colour("raised"))
        if self.hasFocus() and self.window().isActiveWindow():
            box(painter, rect, radius, None, theme.colour("focus"), 2)
        left, side = theme.px(_SIDE), theme.px(_ICON)
        picture = theme.pixmap(self._icon, self._token, _ICON, self)
        draw_pixmap(painter, left, self.height() / 2, picture)
        width = self.width() - left - side - theme.px(_GAP + _SIDE) + 1
        if self._narrow or width <= 0:
            return
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font(theme.BODY))
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, width)
        place = QRectF(left + side + theme.px(_GAP), 0, width, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
