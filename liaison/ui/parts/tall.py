"""The fields of a small form that floats, which scroll where the window is too low for all of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QWidget

from liaison.ui import theme
from liaison.ui.widgets import ScrollPage


class Tall(ScrollPage):
    """Fields that scroll where the window is too low for them, as it is with large text.

    Args:
        spacing: Between them.
    """

    def __init__(self, spacing: float = 0) -> None:
        super().__init__(spacing, (0, 0, 0, 0))

    def turn_to(self, control: QWidget) -> None:
        """Put the focus into a control, and have it in sight."""
        control.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(control)

    def sizeHint(self) -> QSize:
        """Ask for all of them."""
        inner = self.widget()
        return super().sizeHint() if inner is None else inner.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Allow to scroll."""
        return QSize(theme.px(200), theme.px(80))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for more room when a field says what is wrong with it."""
        handled = super().eventFilter(watched, event)
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return handled
