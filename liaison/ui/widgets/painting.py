"""What the painted widgets share: rounded boxes, focus rings, laid-out spacing that follows the scale."""

from __future__ import annotations

from typing import TypeVar

from PySide6 import QtGui
from PySide6.QtCore import QObject, QRectF, Qt, QTimer, SignalInstance
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QLayout, QWidget

from liaison.ui import theme

L = TypeVar("L", bound=QLayout)


def painter_for(widget: QWidget) -> QPainter:
    """Return a painter with smooth edges; the caller ends it."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    return painter


def box(  # noqa: PLR0917  # as QPainter takes them
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | None = None,
    edge: QColor | None = None,
    width: float = 1,
) -> None:
    """Paint a rounded box whose edge lies wholly inside ``rect``."""
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if edge is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
        return
    painter.setPen(QPen(edge, width))
    half = width / 2
    inner = rect.adjusted(half, half, -half, -half)
    painter.drawRoundedRect(inner, max(radius - half, 0), max(radius - half, 0))


def barred_box(  # noqa: PLR0917  # as QPainter takes them
    painter: QPainter, rect: QRectF, radius: float, fill: QColor, bar: QColor, width: float
) -> None:
    """Paint a rounded box with a straight bar down its left side, inside the rounding."""
    shape = QtGui.QPainterPath()
    shape.addRoundedRect(rect, radius, radius)
    painter.save()
    painter.setClipPath(shape)
    painter.fillRect(rect, fill)
    painter.fillRect(QRectF(rect.left(), rect.top(), width, rect.height()), bar)
    painter.restore()


def shadow(painter: QPainter, rect: QRectF, radius: float, depth: int) -> None:
    """Paint the soft shadow of something that floats.

    Layers of growing boxes: an effect of Qt's would paint the whole widget through a picture.
    """
    colour = theme.colour("shadow")
    painter.setPen(Qt.PenStyle.NoPen)
    strength = 0.03 if theme.tokens().dark else 0.008
    for grow in range(depth, 0, -1):
        colour.setAlphaF(strength)
        painter.setBrush(colour)
        spread = rect.adjusted(-grow, -grow * 0.6, grow, grow)
        painter.drawRoundedRect(spread, radius + grow, radius + grow)


def draw_pixmap(painter: QPainter, x: float, middle: float, picture: QPixmap) -> float:
    """Draw an icon centred on a line; return its width."""
    size = picture.deviceIndependentSize()
    painter.drawPixmap(round(x), round(middle - size.height() / 2), picture)
    return size.width()


def draw_words(painter: QPainter, place: QRectF, words: str) -> float:
    """Draw one line of words from the left, shortened to the room there is; return its width."""
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(round(place.width()), 0))
    # the last letter may lean out of its own width
    painter.drawText(place.adjusted(0, 0, 2, 0), int(Qt.AlignmentFlag.AlignVCenter), shown)
    return metrics.horizontalAdvance(shown)


class _Spacing(QObject):
    """Keeps a layout's margins and spacing in step with the text size."""

    def __init__(
        self, layout: QLayout, margins: tuple[float, float, float, float], spacing: float
    ) -> None:
        super().__init__(layout)
        self._layout = layout
        self._margins = margins
        self._spacing = spacing
        theme.current().changed.connect(self.apply)
        self.apply()

    def apply(self) -> None:
        left, top, right, bottom = (theme.px(length) for length in self._margins)
        self._layout.setContentsMargins(left, top, right, bottom)
        self._layout.setSpacing(theme.px(self._spacing))


def spaced(
    layout: L, spacing: float = 8, margins: tuple[float, float, float, float] = (0, 0, 0, 0)
) -> L:
    """Give a layout its spacing and margins, which follow the text size; return the layout.

    Args:
        layout: Any layout.
        spacing: Between its parts, in pixels at 100 per cent.
        margins: Left, top, right, bottom.
    """
    if spacing or any(margins):
        _Spacing(layout, margins, spacing)
    else:
        # nothing follows the text size
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
    return layout


def show_with(part: QWidget, *, wanted: bool) -> None:
    """Show or hide a part of something that may not be in sight itself yet.

    A part that nobody has shown or hidden comes with what it belongs to. To show it before would
    give it its style at once, and again whenever what holds it is put into something else.

    Args:
        part: The part.
        wanted: Whether it is to be seen.
    """
    if not wanted or part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
        part.setVisible(wanted)


def paint_from(widget: QWidget, filled: SignalInstance, *, most_ms: int) -> None:
    """Leave a widget unpainted until there is something in it, so that it is painted once.

    Args:
        widget: It, before it is shown.
        filled: Emitted when there is.
        most_ms: After this long it is painted as it is, in milliseconds.
    """
    widget.setUpdatesEnabled(False)
    filled.connect(_Unpainted(widget, most_ms).end)


class _Unpainted(QTimer):
    def __init__(self, widget: QWidget, most_ms: int) -> None:
        super().__init__(widget)
        self._widget = widget
        self.timeout.connect(self.end)
        self.start(most_ms)

    def end(self) -> None:
        """Have it painted from now on."""
        self.stop()
        self._widget.setUpdatesEnabled(True)
        self.deleteLater()


def announce(widget: QWidget, words: str, *, urgent: bool = False) -> None:
    """Have a screen reader say something that happened elsewhere than where the focus is.

    Args:
        widget: What it is about.
        words: What to say.
        urgent: Interrupt what is being read: only for what went wrong.
    """
    # by their module: a class of Qt's is made, with all its enumerations, when it is first named,
    # and the first window needs none of this
    event = QtGui.QAccessibleAnnouncementEvent(widget, words)
    if urgent:
        event.setPoliteness(QtGui.QAccessible.AnnouncementPoliteness.Assertive)
    QtGui.QAccessible.updateAccessibility(event)
