"""One of several values to choose from: what differs is marked, and who wrote it stands below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QTextLayout
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from liaison.records.rules import times
from liaison.ui import theme
from liaison.ui.parts.differences import Span
from liaison.ui.parts.marked import height_of, paint_marked, paint_radio, text_layout
from liaison.ui.widgets.painting import box, draw_pixmap, painter_for

if TYPE_CHECKING:
    from liaison.ui.parts.told import Choice

_BIG: Final = 22.0
SHORT_ENOUGH: Final = 24
"""Letters of a value that is shown large, and named on a button."""

_RADIO: Final = 20


class ChoiceCard(QAbstractButton):
    """One of the values: a radio button that shows it whole, who wrote it, where, when and why.

    Args:
        choice: The value.
        marked: The value in stretches, with what differs from the other one.
    """

    def __init__(
        self, choice: Choice, marked: tuple[Span, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.choice = choice
        self._spans = marked
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        different = ", ".join(span.text.strip() for span in marked if span.differs)
        self.setAccessibleName(choice.words)
        self.setAccessibleDescription(
            f"Written by {choice.who} on {choice.pc}, {times.show_time(choice.at)}. "
            f"{choice.reason} Different: {different}".strip()
        )

    @property
    def _facts(self) -> list[tuple[str, str]]:
        choice = self.choice
        lines = [
            ("user", choice.who),
            ("monitor", choice.pc),
            ("clock", times.show_time(choice.at)),
        ]
        return [*lines, ("message-square", f"“{choice.reason}”")] if choice.reason else lines

    def _layout(self, width: float) -> QTextLayout:
        points = _BIG if len(self.choice.words) <= SHORT_ENOUGH else theme.BODY
        weight = theme.BOLD if points == _BIG else theme.REGULAR
        return text_layout(self.choice.words, theme.font(points, weight), width)

    def _fact_layouts(self, width: float) -> list[QTextLayout]:
        """Return the facts in as many lines as they need: of a time cut short nothing is known."""
        return [
            text_layout(
                words, theme.font(theme.BODY, theme.REGULAR if n else theme.SEMIBOLD),
                width - theme.px(24),
            )
            for n, (_, words) in enumerate(self._facts)
        ]  # fmt: skip

    def _fact_height(self, layout: QTextLayout) -> float:
        return max(height_of(layout) + theme.px(4), theme.px(26))

    def _text_width(self, width: int) -> float:
        return width - 2 * theme.px(18) - theme.px(_RADIO + 12)

    def hasHeightForWidth(self) -> bool:
        """Tell that a narrower card is taller; Qt asks."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height the value and its facts need; Qt asks."""
        inside = self._text_width(width)
        text = height_of(self._layout(inside))
        facts = sum(self._fact_height(layout) for layout in self._fact_layouts(inside))
        return round(text + facts) + theme.px(48)

    def sizeHint(self) -> QSize:
        """Ask for a comfortable width; Qt asks."""
        width = theme.px(340)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow card; Qt asks."""
        width = theme.px(220)
        return QSize(width, theme.px(26 * len(self._facts) + 80))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card, the value with its marks, and the facts."""
        painter = painter_for(self)
        colour, on = theme.colour, self.isChecked()
        rect = QRectF(self.rect())
        inset = 3
        inner = rect.adjusted(inset, inset, -inset, -inset)
        edge = colour("accent") if on else colour("muted" if self.underMouse() else "btn")
        box(painter, inner, theme.px(12), colour("soft" if on else "surface"), edge, 2 if on else 1)
        if self.hasFocus():
            box(painter, rect, theme.px(14), None, colour("focus"), 2)
        left, top = theme.px(18), theme.px(18)
        paint_radio(painter, left, top + theme.px(4), on=on)
        left += theme.px(_RADIO + 12)
        layout = self._layout(self._text_width(self.width()))
        bottom = paint_marked(painter, layout, self._spans, left, top)
        painter.setPen(colour("text"))
        y = bottom + theme.px(10)
        facts = self._fact_layouts(self._text_width(self.width()))
        for (icon, _), fact in zip(self._facts, facts, strict=True):
            draw_pixmap(painter, left, y + theme.px(13), theme.pixmap(icon, "muted", 16, self))
            first = fact.lineAt(0).height()
            fact.draw(painter, QPointF(left + theme.px(24), y + theme.px(13) - first / 2))
            y += self._fact_height(fact)
