"""The big tiles a carer's day begins with."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from liaison.ui import theme
from liaison.ui.widgets.painting import box, draw_pixmap, painter_for

_LEFT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_SIDE: Final = 24
_DISC: Final = 56


class BigTile(QPushButton):
    """One thing people come for, large.

    Args:
        icon: A Lucide name.
        title: What it does.
        words: A sentence below.
        primary: Whether it is the one that is filled.
    """

    def __init__(
        self,
        icon: str,
        title: str,
        words: str,
        *,
        primary: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._title, self._words, self._primary = icon, title, words, primary
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)

    def sizeHint(self) -> QSize:
        """Ask for the height of a tile."""
        return QSize(theme.px(420), theme.px(104))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow tile."""
        return QSize(theme.px(240), theme.px(104))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tile."""
        painter = painter_for(self)
        colour, primary = theme.colour, self._primary
        rect, radius = QRectF(self.rect()), theme.px(14)
        over = self.underMouse() or self.isDown()
        if primary:
            box(painter, rect, radius, colour("accenthi" if over else "accent"))
        else:
            fill = colour("raised" if over else "surface")
            box(painter, rect, radius, fill, colour("accent"), 1.5)
        if self.hasFocus():
            box(painter, rect, radius, None, colour("focus"), 2)
            if primary:
                # amber on teal is 1.2 to 1: a light line inside makes the ring visible
                inner = rect.adjusted(2, 2, -2, -2)
                box(painter, inner, radius - 2, None, colour("surface"), 1.5)
        middle = self.height() / 2
        disc = QRectF(
            theme.px(_SIDE), middle - theme.px(_DISC) / 2, theme.px(_DISC), theme.px(_DISC)
        )
        ground = colour("onaccent" if primary else "soft")
        if primary:
            ground.setAlphaF(0.16)
        box(painter, disc, theme.px(10), ground)
        ink = "onaccent" if primary else "accent"
        picture = theme.pixmap(self._icon, ink, 28, self)
        draw_pixmap(painter, disc.center().x() - theme.px(14), middle, picture)
        chevron = theme.pixmap("chevron-right", ink, 20, self)
        end = self.width() - theme.px(_SIDE + 20)
        draw_pixmap(painter, end, middle, chevron)
        left = disc.right() + theme.px(20)
        room = end - left - theme.px(12)
        for points, weight, token, shift, words in (
            (16.0, theme.BOLD, "onaccent" if primary else "text", -13, self._title),
            (theme.BODY, theme.REGULAR, "onaccent" if primary else "muted", 16, self._words),
        ):
            painter.setFont(theme.font(points, weight))
            painter.setPen(colour(token))
            tall = theme.px(30)
            shown = painter.fontMetrics().elidedText(
                words, Qt.TextElideMode.ElideRight, round(room)
            )
            y = middle + theme.px(shift) - tall / 2
            painter.drawText(QRectF(left, y, room + 2, tall), _LEFT, shown)
