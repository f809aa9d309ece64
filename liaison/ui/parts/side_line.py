"""A line of a list that stands beside what it opens."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout

from liaison.ui import theme
from liaison.ui.widgets import Wrap, spaced
from liaison.ui.widgets.painting import box, painter_for


class SideLine(QAbstractButton):
    """One line of a list beside what it opens: its name, and what it is about.

    Args:
        title: Its name.
        line: What it is about.
    """

    def __init__(self, title: str, line: str) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{title}, {line}")
        column = spaced(QVBoxLayout(self), 1, (12, 8, 12, 8))
        for words, kind in ((title, "label"), (line, "secondary")):
            # whole: what tells one from the next may stand at the end
            text = Wrap(words, kind)
            text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(text)

    def sizeHint(self) -> QSize:
        """Ask for all of its words; Qt asks."""
        layout = self.layout()
        assert layout is not None  # noqa: S101  # it was given one
        return layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow list."""
        return QSize(theme.px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground: soft if it is the one that is open."""
        painter = painter_for(self)
        rect, radius = QRectF(self.rect()), theme.px(10)
        if self.isChecked():
            box(painter, rect, radius, theme.colour("soft"), theme.colour("accent"), 1.5)
        elif self.underMouse():
            box(painter, rect, radius, theme.colour("raised"))
        if self.hasFocus():
            box(painter, rect, radius, None, theme.colour("focus"), 2)
