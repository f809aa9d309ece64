"""Shares of a whole as one bar, such as how fresh the directory is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from liaison.ui import theme
from liaison.ui.widgets.painting import painter_for


class Shares(QWidget):
    """Parts of a whole beside each other; the words and numbers stand under it.

    Args:
        parts: Numbers with the state each stands for: ok, due or late.
    """

    def __init__(self, parts: Sequence[tuple[int, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = [(number, state) for number, state in parts if number]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for a bar."""
        return QSize(theme.px(160), theme.px(16))

    def minimumSizeHint(self) -> QSize:
        """Allow a short one."""
        return QSize(theme.px(60), theme.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the parts, a gap between them."""
        painter = painter_for(self)
        whole = QPainterPath()
        round_ = self.height() / 2
        whole.addRoundedRect(QRectF(self.rect()), round_, round_)
        painter.setClipPath(whole)
        total = sum(number for number, _ in self._parts) or 1
        left = 0.0
        for number, state in self._parts:
            wide = self.width() * number / total
            painter.fillRect(
                QRectF(left, 0, max(wide - 2, 1), self.height()), theme.colour(f"{state}bar")
            )
            left += wide
