"""Liaison's mark: two rings that hold each other, on the sidebar's bright square."""

from __future__ import annotations

from PySide6 import QtGui
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from liaison.ui import theme

_BRIGHT = "#7ADCE5"
_DEEP = "#12343B"


def paint_mark(
    painter: QPainter, square: QRectF, ground: str = _BRIGHT, rings: str = _DEEP
) -> None:
    """Paint the mark.

    Args:
        painter: Paints with smooth edges.
        square: Where.
        ground: The square's colour.
        rings: The rings' colour.
    """
    side = square.width()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(square, side * 0.24, side * 0.24)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(rings), side * 0.095))
    for shift in (-0.12, 0.12):
        centre = square.center() + QPointF(side * shift, 0)
        painter.drawEllipse(centre, side * 0.2, side * 0.2)
    painter.restore()


def window_icon() -> QtGui.QIcon:
    """Return the mark as the icon of a window."""
    # by its module: the class is made when it is first named, which the first window never does
    icon = QtGui.QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        picture = QPixmap(side, side)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_mark(painter, QRectF(picture.rect()))
        painter.end()
        icon.addPixmap(picture)
    return icon


class Mark(QWidget):
    """The mark as a widget; it says nothing that a name beside it does not.

    Args:
        side: Its width and height at 100 %.
    """

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Liaison")

    def sizeHint(self) -> QSize:
        """Return its size at today's text size."""
        return QSize(theme.px(self._side), theme.px(self._side))

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        paint_mark(painter, QRectF(self.rect()), theme.tokens().sidebar)
        painter.end()
