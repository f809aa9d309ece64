"""A chart of :mod:`liaison.charts` on the screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from liaison.charts import Chart, Mark, Measure, Rect, Words
from liaison.ui import theme
from liaison.ui.widgets.painting import box, painter_for

Make = Callable[[float, float, Measure], Chart]
"""Makes a chart of a width and height in pixels at 100 per cent."""


class ChartView(QLabel):
    """A chart that fills its place; a screen reader is told its numbers.

    Args:
        name: What it shows.
        least: Its least height, in pixels at 100 per cent; ``most`` the greatest.
        most: See ``least``.
    """

    def __init__(
        self, name: str, least: float = 160, most: float = 312, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._least, self._most = name, least, most
        self._make: Make | None = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)
        self._restyle()

    def show_chart(self, make: Make, told: str) -> None:
        """Show other numbers.

        Args:
            make: Makes the chart.
            told: The numbers in words.
        """
        self._make = make
        self.setAccessibleName(f"{self._name}: {told}")
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the least height; Qt asks."""
        return QSize(theme.px(240), theme.px(self._least))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow chart; Qt asks."""
        return QSize(theme.px(160), theme.px(self._least))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._restyle()

    def _restyle(self) -> None:
        self.setMaximumHeight(theme.px(self._most))
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shapes."""
        if self._make is None:
            return
        scale = theme.scale()
        painter = painter_for(self)
        for shape in self._make(self.width() / scale, self.height() / scale, _measure).shapes:
            match shape:
                case Rect():
                    where = QRectF(
                        shape.x * scale, shape.y * scale, shape.width * scale, shape.height * scale
                    )
                    box(painter, where, shape.radius * scale, theme.colour(shape.fill))
                case Words():
                    _paint_words(painter, shape, scale)
                case Mark():
                    picture = theme.pixmap(shape.name, shape.colour, round(shape.side), self)
                    painter.drawPixmap(QPointF(shape.x * scale, shape.y * scale), picture)


def _measure(words: str, points: float, bold: bool) -> float:  # noqa: FBT001  # as charts ask
    weight = theme.SEMIBOLD if bold else theme.REGULAR
    return QFontMetricsF(theme.font(points, weight)).horizontalAdvance(words) / theme.scale()


def _paint_words(painter: QPainter, shape: Words, scale: float) -> None:
    painter.setFont(theme.font(shape.points, theme.SEMIBOLD if shape.bold else theme.REGULAR))
    painter.setPen(theme.colour(shape.colour))
    metrics = QFontMetricsF(painter.font())
    room = shape.room * scale
    words = metrics.elidedText(shape.words, Qt.TextElideMode.ElideRight, room + 1)
    wide = metrics.horizontalAdvance(words)
    left = shape.x * scale - {"start": 0.0, "middle": wide / 2, "end": wide}[shape.anchor]
    tall = metrics.height()
    where = QRectF(left, shape.y * scale - tall / 2, wide + 2, tall)
    painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
