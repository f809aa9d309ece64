"""The line in which somebody asks: large, with a picture before it and a way to empty it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

from liaison.ui import theme
from liaison.ui.widgets import LineEdit
from liaison.ui.widgets.painting import draw_pixmap, painter_for

_HEIGHT = 50
_POINTS = 14.0
_LONGEST = 200


class QuestionLine(LineEdit):
    """The question."""

    emptied = Signal()
    """Somebody wants to begin anew."""

    def __init__(self) -> None:
        super().__init__(placeholder="Such as: catheter blocked, wheelchair, can't swallow")
        self.setMaxLength(_LONGEST)
        self.setAccessibleName("Who do I ring for")
        self._restyle()

    def _restyle(self) -> None:
        self.setFont(theme.font(_POINTS, theme.SEMIBOLD))
        self.setFixedHeight(theme.px(_HEIGHT))
        self.setTextMargins(theme.px(26), 0, theme.px(26), 0)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._restyle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Begin anew on Esc."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.emptied.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Begin anew when the cross is pressed."""
        super().mouseReleaseEvent(event)
        if self.text() and event.position().x() > self.width() - theme.px(34):
            self.clear()
            self.emptied.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line, the picture and the cross."""
        super().paintEvent(event)
        painter = painter_for(self)
        middle = self.height() / 2
        draw_pixmap(painter, theme.px(13), middle, theme.pixmap("search", "accent", 18, self))
        if self.text():
            cross = theme.pixmap("x", "muted", 18, self)
            draw_pixmap(painter, self.width() - theme.px(30), middle, cross)
