"""A text in which what differs from another one is tinted and underlined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from liaison.ui import theme
from liaison.ui.widgets.painting import box, painter_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QFont

    from liaison.ui.parts.differences import Span

_MARK: Final = 6
"""Room for the mark under the letters of each line, in pixels at 100 per cent."""
_RADIO: Final = 20
_SIDE: Final = 12


def text_layout(words: str, font: QFont, width: float) -> QTextLayout:
    """Return a text broken into lines, with room under each for a mark.

    Args:
        words: The text; line ends in it are kept.
        font: Its font.
        width: How wide a line may be, in pixels.
    """
    layout = QTextLayout(words.replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, theme.px(40)))
        line.setPosition(line.position() + QPointF(0.0, y))
        y += line.height() + theme.px(_MARK)
    layout.endLayout()
    return layout


def height_of(layout: QTextLayout) -> float:
    """Return how tall a text is, in pixels, without the mark under its last line."""
    if not layout.lineCount():
        return 0.0
    last = layout.lineAt(layout.lineCount() - 1)
    return last.y() + last.height()


def paint_marked(
    painter: QPainter, layout: QTextLayout, spans: Iterable[Span], left: float, top: float
) -> float:
    """Paint a text with its marks; return where it ends."""
    at = 0
    for span in spans:
        end = at + len(span.text)
        if span.differs:
            _mark(painter, layout, QPointF(left, top), (at, end))
        at = end
    painter.setPen(theme.colour("text"))
    layout.draw(painter, QPointF(left, top))
    return top + height_of(layout)


def _mark(painter: QPainter, layout: QTextLayout, at: QPointF, span: tuple[int, int]) -> None:
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        start = max(span[0], line.textStart())
        end = min(span[1], line.textStart() + line.textLength())
        if start >= end:
            continue
        x1, x2 = _x(line.cursorToX(start)), _x(line.cursorToX(end))
        if x2 < x1:
            # letters that run from right to left
            x1, x2 = x2, x1
        tint = QRectF(at.x() + x1 - 1, at.y() + line.y(), x2 - x1 + 2, line.height())
        box(painter, tint, theme.px(4), theme.colour("duebg"))
        under = QRectF(at.x() + x1, tint.bottom(), x2 - x1, theme.px(3))
        painter.fillRect(under, theme.colour("due"))


def _x(found: Any) -> float:
    """Return where a letter stands; Qt's answer is a pair of that and the letter."""
    return float(found[0] if isinstance(found, tuple) else found)


def paint_radio(painter: QPainter, x: float, y: float, *, on: bool) -> None:
    """Paint the ring of a radio button, and its dot if it is chosen."""
    side = theme.px(_RADIO)
    ring = QRectF(x, y, side, side)
    edge = theme.colour("accent" if on else "strong")
    box(painter, ring, side / 2, theme.colour("surface"), edge, 2)
    if on:
        inset = side * 0.27
        dot = ring.adjusted(inset, inset, -inset, -inset)
        box(painter, dot, dot.width() / 2, theme.colour("accent"))


def _differing(spans: Iterable[Span]) -> str:
    return ", ".join(span.text.strip() for span in spans if span.differs and span.text.strip())


class Marked(QWidget):
    """A text to read, with what differs from another one marked.

    Args:
        marked: The text in stretches.
        name: What it is, for a screen reader: "Now".
    """

    def __init__(self, marked: tuple[Span, ...], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spans = marked
        self.words = "".join(span.text for span in marked)
        self.setSizePolicy(_tall_by_width())
        self.setAccessibleName(f"{name}: {self.words}")
        self.setAccessibleDescription(f"Different: {_differing(marked)}")

    def _layout(self, width: float) -> QTextLayout:
        return text_layout(self.words, theme.font(), width)

    def hasHeightForWidth(self) -> bool:
        """Tell that a narrower text is taller; Qt asks."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of its lines; Qt asks."""
        return round(height_of(self._layout(width))) + theme.px(_MARK)

    def sizeHint(self) -> QSize:
        """Ask for a comfortable width; Qt asks."""
        width = theme.px(240)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow text; Qt asks."""
        return QSize(theme.px(120), theme.px(28))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text with its marks."""
        paint_marked(painter_for(self), self._layout(self.width()), self._spans, 0.0, 0.0)


class MarkedChoice(QRadioButton):
    """One of two values to choose between, with what differs marked.

    Args:
        marked: The value in stretches; none for "nothing".
        whose: Where it comes from, for a screen reader: "In Liaison".
    """

    def __init__(self, marked: tuple[Span, ...], whose: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spans = marked
        self.words = "".join(span.text for span in marked) or "Nothing"
        self.setAutoExclusive(False)
        self.setSizePolicy(_tall_by_width())
        self.setAccessibleName(f"{whose}: {self.words}")
        self.setAccessibleDescription(f"Different: {_differing(marked)}" if marked else "")

    def _layout(self, width: float) -> QTextLayout:
        inside = width - theme.px(2 * _SIDE + _RADIO + 10)
        return text_layout(self.words, theme.font(theme.BODY), inside)

    def hitButton(self, place: object) -> bool:
        """Take a press anywhere on it."""
        return True

    def hasHeightForWidth(self) -> bool:
        """Tell that a narrower value is taller; Qt asks."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height the value needs; Qt asks."""
        text = round(height_of(self._layout(width))) + theme.px(2 * _SIDE)
        return max(text, theme.px(_RADIO + 2 * _SIDE))

    def sizeHint(self) -> QSize:
        """Ask for a comfortable width; Qt asks."""
        width = theme.px(260)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow one; Qt asks."""
        return QSize(theme.px(150), theme.px(_RADIO + 2 * _SIDE))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint box, ring and value."""
        painter = painter_for(self)
        colour, on = theme.colour, self.isChecked()
        rect = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        edge = colour("accent") if on else colour("muted" if self.underMouse() else "btn")
        box(painter, rect, theme.px(8), colour("soft" if on else "surface"), edge, 2 if on else 1)
        if self.hasFocus():
            box(painter, QRectF(self.rect()), theme.px(10), None, colour("focus"), 2)
        left, top = theme.px(_SIDE), theme.px(_SIDE)
        paint_radio(painter, left, top, on=on)
        layout = self._layout(self.width())
        paint_marked(painter, layout, self._spans, left + theme.px(_RADIO + 10), top)


def _tall_by_width() -> QSizePolicy:
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    return policy
