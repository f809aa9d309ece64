"""States, kinds and filters, each an icon and a word: a colour alone says nothing."""

from __future__ import annotations

from enum import Enum
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from liaison.ui import theme
from liaison.ui.widgets.painting import box, draw_pixmap, painter_for


class State(Enum):
    """How something stands; the value is its tokens' name."""

    OK = "ok"
    DUE = "due"
    LATE = "late"
    NONE = "none"
    INFO = "info"


STATE_ICONS: Final = {
    State.OK: "circle-check",
    State.DUE: "triangle-alert",
    State.LATE: "circle-x",
    State.NONE: "minus",
    State.INFO: "info",
}


_HEIGHT: Final = 23
_SIDE: Final = 8
_LEFT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class _Mark(QLabel):
    """A label with an icon; the base of chips and tags."""

    def __init__(self, words: str, icon: str, parent: QWidget | None) -> None:
        super().__init__(words, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._icon = icon

    def sizeHint(self) -> QSize:
        """Ask for the icon and the words."""
        self.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
        width = 2 * theme.px(_SIDE) + theme.px(15 + 5) + theme.px(2)
        width += self.fontMetrics().horizontalAdvance(self.text())
        return QSize(width, theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Allow the words to be shortened where there is no room."""
        return QSize(min(theme.px(56), self.sizeHint().width()), theme.px(_HEIGHT))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def _paint(self, token: str, icon_token: str, fill: str, edge: str, radius: float) -> None:
        painter = painter_for(self)
        rect = QRectF(self.rect())
        box(painter, rect, radius, theme.colour(fill), theme.colour(edge) if edge else None)
        picture = theme.pixmap(self._icon, icon_token, 15, self)
        _paint_inside(painter, rect, picture, token, self.text())


def _paint_inside(
    painter: QPainter, rect: QRectF, picture: QPixmap, token: str, words: str
) -> None:
    """Paint the icon of a chip and its words, shortened to the room there is."""
    x = rect.left() + theme.px(_SIDE)
    x += draw_pixmap(painter, x, rect.center().y(), picture) + theme.px(5)
    painter.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
    painter.setPen(theme.colour(token))
    room = rect.right() - x - theme.px(4)
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, round(room))
    painter.drawText(QRectF(x, rect.top(), room + 2, rect.height()), _LEFT, shown)


def paint_state(  # noqa: PLR0917  # as QPainter takes them
    painter: QPainter, left: float, middle: float, most: float, state: State | str, words: str,
    widget: QWidget,
) -> None:  # fmt: skip
    """Paint a :class:`StateChip` as a part of something that paints itself.

    Args:
        painter: Paints the widget.
        left: Where it begins.
        middle: The middle of its line.
        most: How wide it may be.
        state: As for :class:`StateChip`; ``words`` too.
        words: See ``state``.
        widget: What is painted.
    """
    state = State(state)
    painter.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
    wanted = 2 * theme.px(_SIDE) + theme.px(15 + 5) + theme.px(2)
    wanted += painter.fontMetrics().horizontalAdvance(words)
    height = theme.px(_HEIGHT)
    rect = QRectF(left, round(middle - height / 2), min(wanted, most), height)
    box(painter, rect, height / 2, theme.colour(f"{state.value}bg"))
    picture = theme.pixmap(STATE_ICONS[state], state.value, 15, widget)
    _paint_inside(painter, rect, picture, state.value, words)


class StateChip(_Mark):
    """How something stands: tint, icon and word. Never clickable.

    Args:
        state: A :class:`State`, or its name: ok, due, late, none, info.
        words: "In date", "Due in 9 days", "Overdue".
        icon: Another icon than the state's own, such as ``hourglass``.
    """

    def __init__(
        self, state: State | str, words: str, icon: str = "", parent: QWidget | None = None
    ) -> None:
        self.state = State(state)
        super().__init__(words, icon or STATE_ICONS[self.state], parent)

    def set_state(self, state: State | str, words: str, icon: str = "") -> None:
        """Show another state."""
        self.state = State(state)
        self._icon = icon or STATE_ICONS[self.state]
        self.setText(words)
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip."""
        name = self.state.value
        self._paint(name, name, f"{name}bg", "", self.height() / 2)


class Tag(_Mark):
    """What kind of thing something is: outline, icon and word, no tint.

    Args:
        icon: A Lucide name.
        words: "Concern", "Referral", "Review".
    """

    def __init__(self, icon: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, icon, parent)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tag."""
        self._paint("text", "muted", "surface", "border", theme.px(6))


class CountBadge(QLabel):
    """A number in a pill, such as how many things wait."""

    def __init__(self, count: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_count(count)

    def set_count(self, count: int) -> None:
        """Show another number; none at all for 0."""
        self.setText(str(count))
        self.setAccessibleName(f"{count} {self._name}")
        self.setVisible(count > 0)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for the digits."""
        self.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
        width = self.fontMetrics().horizontalAdvance(self.text()) + theme.px(14)
        return QSize(max(width, theme.px(20)), theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pill and the number."""
        painter = painter_for(self)
        rect = QRectF(self.rect())
        box(painter, rect, rect.height() / 2, theme.colour("nonebg"))
        painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
        painter.setPen(theme.colour("none"))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), self.text())


class FilterChip(QPushButton):
    """A filter that is on or off, with how many things it leaves.

    Args:
        words: "Visits".
        count: How many, or words for it such as "1,000+"; None where that is not known.
        icon: A Lucide name before the words, or nothing.
        on: Whether it is on at first.
        closable: Whether it shows a cross: one that is taken away by pressing it.
    """

    def __init__(
        self,
        words: str,
        count: int | str | None = None,
        *,
        icon: str = "",
        on: bool = False,
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.words = words
        self._count = count
        self._icon = icon
        self._closable = closable
        self.setCheckable(True)
        self.setChecked(on)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_count(count)

    def set_count(self, count: int | str | None) -> None:
        """Show another number."""
        self._count = count
        self.setAccessibleName(self.words if count is None else f"{self.words}, {count}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for word and count."""
        self.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
        metrics = self.fontMetrics()
        width = 2 * theme.px(12) + metrics.horizontalAdvance(self.words)
        if self._count is not None:
            width += theme.px(7) + metrics.horizontalAdvance(str(self._count))
        if self._icon:
            width += theme.px(16 + 6)
        if self._closable:
            width += theme.px(6 + 14)
        return QSize(width, theme.px(31))

    def minimumSizeHint(self) -> QSize:
        """Never be shortened."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pill."""
        painter = painter_for(self)
        colour, on = theme.colour, self.isChecked()
        rect = QRectF(self.rect())
        radius = rect.height() / 2
        hover = self.underMouse() and self.isEnabled()
        fill = colour("soft") if on else colour("raised" if hover else "surface")
        edge = colour("accent") if on else colour("muted" if hover else "btn")
        box(painter, rect, radius, fill, edge, 1.5 if on else 1)
        if self.hasFocus():
            box(painter, rect, radius, None, colour("focus"), 2)
        painter.setFont(theme.font(theme.SECONDARY, theme.SEMIBOLD))
        metrics = painter.fontMetrics()
        x = theme.px(12)
        left = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        if self._icon:
            picture = theme.pixmap(self._icon, "accent" if on else "muted", 16, self)
            x += round(draw_pixmap(painter, x, rect.height() / 2, picture)) + theme.px(6)
        painter.setPen(colour("accent" if on else "text" if self.isEnabled() else "disabled"))
        painter.drawText(QRectF(x, 0, rect.width(), rect.height()), left, self.words)
        x += metrics.horizontalAdvance(self.words) + theme.px(7)
        if self._count is not None:
            painter.setPen(colour("accent" if on else "muted"))
            painter.drawText(QRectF(x, 0, rect.width(), rect.height()), left, str(self._count))
        if self._closable:
            cross = theme.pixmap("x", "accent" if on else "muted", 14, self)
            draw_pixmap(painter, rect.width() - theme.px(10 + 14), rect.height() / 2, cross)
