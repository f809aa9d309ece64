"""A person's initials, apart from the other figures: the unlock window needs only these."""

from __future__ import annotations

import zlib
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from liaison.ui import theme
from liaison.ui.widgets.painting import painter_for

_TITLES: Final = frozenset({"dr", "mr", "mrs", "ms", "miss", "mx", "prof", "rev", "sister"})


def initials(name: str) -> str:
    """Return up to two letters for a name: of its first and its last word."""
    words = [word for word in name.split() if word[0].isalpha()]
    if len(words) > 1 and words[0].rstrip(".").casefold() in _TITLES:
        del words[0]
    if not words:
        return name.strip()[:1].upper() or "?"
    letters = words[0][0] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


class Avatar(QLabel):
    """A person's initials in a tinted disc. The tint only helps to find the same person again.

    Args:
        name: Their name.
        size: In pixels at 100 per cent.
    """

    def __init__(self, name: str, size: int = 36, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Show another person."""
        self._tint = zlib.crc32(name.encode())
        self.setText(initials(name))
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the disc."""
        return QSize(theme.px(self._size), theme.px(self._size))

    def minimumSizeHint(self) -> QSize:
        """Need all of it."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint disc and initials."""
        painter = painter_for(self)
        tints = theme.tokens().avatars
        ground, letters = tints[self._tint % len(tints)]
        rect = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawEllipse(rect)
        painter.setFont(theme.font(self._size * 0.29, theme.SEMIBOLD))
        painter.setPen(letters)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), self.text())
