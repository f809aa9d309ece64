"""The window itself: what is in it, where it stands, and how it closes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QStackedLayout, QWidget

from liaison.settings import WindowPlace

_WANTED: Final = QSize(1366, 768)
_LEAST: Final = QSize(640, 480)
_GRIP: Final = 48
"""So much of the window's head must be on a screen, or nobody could move it back."""


class Frame(QWidget):
    """The window: one thing in it at a time, the door or the shell."""

    leaving = Signal()
    """Somebody wants to close the window; :meth:`leave` does it once everything is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Liaison")
        self.setMinimumSize(_LEAST)
        self._leave = False
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)

    @property
    def scene(self) -> QWidget | None:
        """What is in the window."""
        return self._stack.currentWidget()

    def show_scene(self, scene: QWidget) -> None:
        """Put something else in the window; what was there before is destroyed."""
        before = self._stack.currentWidget()
        self._stack.addWidget(scene)
        self._stack.setCurrentWidget(scene)
        if before is not None:
            self._stack.removeWidget(before)
            before.hide()
            before.deleteLater()

    def leave(self) -> None:
        """Close now."""
        self._leave = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask for everything to be kept first."""
        if self._leave:
            super().closeEvent(event)
        else:
            event.ignore()
            self.leaving.emit()

    def come_forward(self) -> None:
        """Come to the front, also out of the task bar."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001  # Qt's own signature
        """Go on by Tab as one reads."""
        from liaison.ui import walking

        return walking.walk(self, forward=forward)

    # ---- where it stands

    def show_at(self, place: WindowPlace | None) -> None:
        """Show the window where it stood, or in the middle of the screen.

        Args:
            place: Where it stood; None if it never did.
        """
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        primary = QGuiApplication.primaryScreen().availableGeometry()
        self.setGeometry(fitted(place, screens, primary))
        small = primary.width() <= _WANTED.width() or primary.height() <= _WANTED.height()
        if place.maximised if place is not None else small:
            self.showMaximized()
        else:
            self.show()

    def place(self) -> WindowPlace:
        """Return where it stands, for the next time."""
        there = self.normalGeometry() if self.isMaximized() else self.geometry()
        return WindowPlace(there.x(), there.y(), there.width(), there.height(), self.isMaximized())


def fitted(place: WindowPlace | None, screens: Sequence[QRect], primary: QRect) -> QRect:
    """Return where a window can stand: where it stood, if that is still on a screen.

    Args:
        place: Where it stood.
        screens: The screens there are now, without their task bars.
        primary: The main one of them.
    """
    wanted = QRect(0, 0, _WANTED.width(), _WANTED.height())
    home = primary
    if place is not None:
        wanted = QRect(place.x, place.y, place.width, place.height)
        head = QRect(wanted.x(), wanted.y(), wanted.width(), _GRIP)
        shared = [screen.intersected(head) for screen in screens]
        best = max(
            range(len(screens)), key=lambda one: shared[one].width() * shared[one].height(),
            default=-1,
        )  # fmt: skip
        if best >= 0 and shared[best].width() >= _GRIP and shared[best].height() >= _GRIP // 2:
            home = screens[best]
            size = wanted.size().boundedTo(home.size())
            x = min(max(wanted.x(), home.left() - size.width() + _GRIP), home.right() - _GRIP)
            y = min(max(wanted.y(), home.top()), home.bottom() - _GRIP)
            return QRect(x, y, size.width(), size.height())
    size = wanted.size().boundedTo(home.size()).expandedTo(_LEAST.boundedTo(home.size()))
    left = home.x() + (home.width() - size.width()) // 2
    top = home.y() + (home.height() - size.height()) // 2
    return QRect(left, top, size.width(), size.height())
