"""A few things to choose from, listed at the left of a page; the chosen one is open at its right."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.widgets import ComboBox, Icon, Text, Wrap, spaced
from liaison.ui.widgets.painting import box, painter_for


@dataclasses.dataclass(frozen=True, slots=True)
class Side:
    """One line of a side list.

    Args:
        name: What it is known by in the program.
        title: Its name.
        icon: A Lucide name; may be empty.
        words: A sentence below its name; may be empty.
    """

    name: str
    title: str
    icon: str = ""
    words: str = ""


class SideList(QWidget):
    """The list; from 140 per cent text on it is a list that drops down, to leave room.

    Args:
        sides: Its lines.
        name: What is chosen, for a screen reader.
    """

    chosen = Signal(str)
    """Somebody chose this line (its name)."""

    def __init__(self, sides: Sequence[Side], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = [side.name for side in sides]
        self._group = QButtonGroup(self)
        self._lines = QWidget()
        lines = spaced(QVBoxLayout(self._lines), 4)
        for number, side in enumerate(sides):
            line = _Line(side, name)
            self._group.addButton(line, number)
            lines.addWidget(line)
        self.combo = ComboBox([(side.name, side.title) for side in sides])
        self.combo.setAccessibleName(name)
        column = spaced(QVBoxLayout(self), 0)
        column.addWidget(self._lines)
        column.addWidget(self.combo)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._group.idClicked.connect(lambda number: self._choose(self._names[number]))
        self.combo.changed.connect(lambda value: self._choose(str(value)))
        self.setAccessibleName(name)
        self._turn()

    @property
    def value(self) -> str:
        """The name of the chosen line; empty if none is."""
        number = self._group.checkedId()
        return "" if number < 0 else self._names[number]

    @property
    def chosen_line(self) -> QWidget | None:
        """The line that is chosen, to bring into sight; None if none is."""
        return self._group.checkedButton()

    def show_chosen(self, name: str) -> None:
        """Show that a line is chosen, without telling anybody."""
        line = self._group.button(self._names.index(name))
        line.setChecked(True)
        self.combo.set_value(name)
        self.setFocusProxy(line if theme.roomy() else self.combo)

    def _choose(self, name: str) -> None:
        self.show_chosen(name)
        self.chosen.emit(name)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "combo"):
            self._turn()

    def _turn(self) -> None:
        self._lines.setVisible(theme.roomy())
        self.combo.setVisible(not theme.roomy())


class _Line(QRadioButton):
    """One line: a real radio button, painted as a line of a list."""

    def __init__(self, side: Side, group: str) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(side.title)
        self.setAccessibleDescription(f"{group}. {side.words}" if side.words else group)
        row = spaced(QHBoxLayout(self), 10, (12, 9, 10, 9))
        self._icon = Icon(side.icon, "muted", 18)
        if side.icon:
            # beside the name, not in the middle of all lines
            row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = spaced(QVBoxLayout(), 2)
        words.addWidget(Text(side.title, "label"))
        if side.words:
            words.addWidget(Wrap(side.words, "secondary"))
        row.addLayout(words, 1)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._side = side
        self.toggled.connect(self._toggle)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _toggle(self, *_: object) -> None:
        self._icon.set_icon(self._side.icon, "accent" if self.isChecked() else "muted")

    def hitButton(self, place: QPoint) -> bool:
        """Take a press anywhere on the line."""
        return self.rect().contains(place)

    def sizeHint(self) -> QSize:
        """Ask for the words."""
        layout = self.layout()
        assert layout is not None  # noqa: S101  # it was given one
        return layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Allow the words to wrap."""
        return QSize(theme.px(120), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Ask for another height when the words wrap otherwise."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground: soft if it is chosen."""
        painter = painter_for(self)
        rect, radius = QRectF(self.rect()), theme.px(8)
        if self.isChecked():
            box(painter, rect, radius, theme.colour("soft"), theme.colour("accent"), 1.5)
        elif self.underMouse():
            box(painter, rect, radius, theme.colour("raised"))
        if self.hasFocus():
            box(painter, rect, radius, None, theme.colour("focus"), 2)
