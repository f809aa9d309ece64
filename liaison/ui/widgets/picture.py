"""A small picture beside words."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from liaison.ui import theme
from liaison.ui.widgets.painting import draw_pixmap, painter_for


class Icon(QLabel):
    """A small picture that only repeats what the words beside it say.

    Args:
        name: A Lucide name.
        token: Its colour.
        size: In pixels at 100 per cent.
        says: What it says where no words stand beside it.
    """

    def __init__(
        self,
        name: str,
        token: str = "muted",  # noqa: S107  # a colour's name
        size: int = 18,
        says: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.icon_name, self._token, self._size = name, token, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(says)

    def set_icon(self, name: str, token: str) -> None:
        """Show another icon."""
        self.icon_name, self._token = name, token
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the picture."""
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
        """Draw the picture."""
        picture = theme.pixmap(self.icon_name, self._token, self._size, self)
        draw_pixmap(painter_for(self), 0, self.height() / 2, picture)
