"""Choosing with one press: segments in a track, check boxes, radio buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.widgets.painting import box, draw_pixmap, painter_for, spaced

_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class _Segment(QRadioButton):
    """One word of a segmented control: a real radio button, painted as a segment."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(words.replace("&", "&&"), parent)
        self.words = words
        self.setAccessibleName(words)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._was_on = False

    def sizeHint(self) -> QSize:
        """Ask for the word, in the weight it has when chosen."""
        self.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
        width = self.fontMetrics().horizontalAdvance(self.words) + 2 * theme.px(13)
        return QSize(width, theme.px(34))

    def minimumSizeHint(self) -> QSize:
        """Never be shortened."""
        return self.sizeHint()

    def hitButton(self, place: QPoint) -> bool:
        """Take a press anywhere on the segment."""
        return self.rect().contains(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember whether it was chosen before: pressing it again may take that back."""
        self._was_on = self.isChecked()
        super().mousePressEvent(event)

    @property
    def was_on(self) -> bool:
        """Whether it was chosen before the press that is being handled."""
        return self._was_on

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the word, and the white plate if it is chosen."""
        painter = painter_for(self)
        colour, on = theme.colour, self.isChecked()
        rect = QRectF(self.rect())
        radius = theme.px(7)
        if on:
            edge = "accent" if self.isEnabled() else "btn"
            box(painter, rect, radius, colour("surface"), colour(edge), 1.5)
        elif self.underMouse() and self.isEnabled():
            box(painter, rect, radius, colour("raised"))
        if self.hasFocus():
            box(painter, rect, radius, None, colour("focus"), 2)
        painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD if on else theme.REGULAR))
        token = "accent" if on else "text"
        painter.setPen(colour(token if self.isEnabled() else "muted"))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), self.words)


class Segmented(QWidget):
    """One of two to four words, all of them in sight.

    Args:
        choices: Values with their words.
        name: What is chosen, for a screen reader: "Why now".
        optional: Whether pressing the chosen word again, or Delete, takes the choice back.

    Attributes:
        changed: The value that somebody chose (None if they took it back).
    """

    changed = Signal(object)

    def __init__(
        self,
        choices: Sequence[tuple[object, str]],
        name: str = "",
        *,
        optional: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._optional = optional
        self._values = [value for value, _ in choices]
        self._group = QButtonGroup(self)
        row = spaced(QHBoxLayout(self), 2, (2, 2, 2, 2))
        for index, (_, words) in enumerate(choices):
            segment = _Segment(words, self)
            self._group.addButton(segment, index)
            row.addWidget(segment)
        self._group.idClicked.connect(self._clicked)
        self._group.idToggled.connect(self._follow_focus)
        self._told: object = None
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._follow_focus()
        self.setAccessibleName(name)

    def setAccessibleName(self, name: str) -> None:
        """Name the choice; each word then says it too, as it is the word that has the focus."""
        super().setAccessibleName(name)
        for segment in self._group.buttons():
            segment.setAccessibleDescription(name)

    @property
    def value(self) -> object:
        """The value chosen; None if none is."""
        index = self._group.checkedId()
        return None if index < 0 else self._values[index]

    def set_value(self, value: object) -> None:
        """Choose a value; one that is not offered chooses none."""
        self._told = value if value in self._values else None
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)
        elif (button := self._group.checkedButton()) is not None:
            # an exclusive group lets nobody uncheck its last button
            self._group.setExclusive(False)
            button.setChecked(False)
            self._group.setExclusive(True)
            self._follow_focus()

    def _follow_focus(self) -> None:
        chosen = self._group.checkedButton() or self._group.button(0)
        self.setFocusProxy(chosen)

    def _clicked(self, index: int) -> None:
        segment = self._group.button(index)
        again = isinstance(segment, _Segment) and segment.was_on
        if self._optional and again:
            self.set_value(None)
            self.changed.emit(None)
        elif self._told != self._values[index]:
            self._told = self._values[index]
            self.changed.emit(self._told)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the choice back with Delete, where that is allowed."""
        delete = event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}
        if self._optional and delete and self.value is not None:
            self.set_value(None)
            self.changed.emit(None)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the track."""
        painter = painter_for(self)
        wrong = bool(self.property("wrong"))
        edge = theme.colour("late" if wrong else "border")
        box(
            painter,
            QRectF(self.rect()),
            theme.px(8),
            theme.colour("sunk"),
            edge,
            2 if wrong else 1,
        )


class CheckBox(QCheckBox):
    """A sentence that is true or not.

    Args:
        words: The sentence.
        on: Whether it is ticked at first.
    """

    def __init__(self, words: str, *, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(words.replace("&", "&&"), parent)
        self.words = words
        self.setAccessibleName(words)
        self.setChecked(on)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for box and words."""
        self.setFont(theme.font())
        width = theme.px(5 + 22 + 10) + self.fontMetrics().horizontalAdvance(self.words)
        return QSize(width + theme.px(8), theme.px(32))

    def minimumSizeHint(self) -> QSize:
        """Allow the words to be shortened."""
        return QSize(min(self.sizeHint().width(), theme.px(120)), theme.px(32))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def hitButton(self, place: QPoint) -> bool:
        """Take a press on the words too."""
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, its tick and the words."""
        painter = painter_for(self)
        colour = theme.colour
        side = theme.px(22)
        top = (self.height() - side) / 2
        square = QRectF(theme.px(5), top, side, side)
        state, off = self.checkState(), not self.isEnabled()
        if state == Qt.CheckState.Unchecked:
            edge = "btn" if off else "text" if self.underMouse() else "strong"
            box(painter, square, theme.px(5), colour("surface"), colour(edge), 1.2)
        else:
            box(painter, square, theme.px(5), colour("btn" if off else "accent"))
            name = "check" if state == Qt.CheckState.Checked else "minus"
            picture = theme.pixmap(name, "onaccent", 16, self)
            draw_pixmap(painter, square.x() + theme.px(3), square.center().y(), picture)
        if self.hasFocus():
            around = square.adjusted(-3, -3, 3, 3)
            box(painter, around, theme.px(7), None, colour("focus"), 2)
        painter.setFont(theme.font())
        painter.setPen(colour("muted" if off else "text"))
        x = square.right() + theme.px(10)
        room = self.width() - x
        words = painter.fontMetrics().elidedText(
            self.words, Qt.TextElideMode.ElideRight, round(room)
        )
        painter.drawText(QRectF(x, 0, room + 2, self.height()), _LEFT, words)


class RadioButton(QRadioButton):
    """One of several sentences; siblings of one parent exclude each other.

    Args:
        words: The sentence.
    """

    def __init__(self, words: str, *, parent: QWidget | None = None) -> None:
        super().__init__(words.replace("&", "&&"), parent)
        self.words = words
        self.setAccessibleName(words)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for disc and words."""
        self.setFont(theme.font())
        width = theme.px(5 + 20 + 10 + 8) + self.fontMetrics().horizontalAdvance(self.words)
        return QSize(width, theme.px(32))

    def minimumSizeHint(self) -> QSize:
        """Never be shortened."""
        return self.sizeHint()

    def hitButton(self, place: QPoint) -> bool:
        """Take a press on the words too."""
        return self.rect().contains(place)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring, its dot and the words."""
        painter = painter_for(self)
        colour, off = theme.colour, not self.isEnabled()
        radius = theme.px(10)
        centre = QPointF(theme.px(5) + radius, self.height() / 2)
        on = self.isChecked()
        token = "btn" if off else "accent" if on else "text" if self.underMouse() else "strong"
        painter.setPen(QPen(colour(token), 2 if on else 1.2))
        painter.setBrush(colour("surface"))
        painter.drawEllipse(centre, radius - 1, radius - 1)
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(token))
            painter.drawEllipse(centre, theme.px(5), theme.px(5))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("focus"), 2))
            painter.drawEllipse(centre, radius + 2, radius + 2)
        painter.setFont(theme.font())
        painter.setPen(colour("muted" if off else "text"))
        x = centre.x() + radius + theme.px(10)
        painter.drawText(QRectF(x, 0, self.width() - x, self.height()), _LEFT, self.words)
