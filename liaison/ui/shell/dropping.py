"""A file dropped anywhere on the window goes to where lists come in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from liaison.ui.desk import Desk

_PAGE: Final = "import"


class Dropping(QObject):
    """Takes files that are dropped on a widget, wherever none of its parts takes them itself.

    Args:
        desk: The desk.
        over: The widget.
    """

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__(over)
        self._desk = desk
        over.setAcceptDrops(True)
        over.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a file; Qt asks for every event of the widget."""
        if isinstance(event, QDragEnterEvent | QDragMoveEvent):
            if _file(event.mimeData()) is not None:
                event.acceptProposedAction()
                return True
        elif isinstance(event, QDropEvent):
            file = _file(event.mimeData())
            if file is not None:
                event.acceptProposedAction()
                self._desk.go(_PAGE, {"file": file})
                return True
        return False


def _file(data: QMimeData) -> Path | None:
    """Return the file that is dropped; None if it is none, or several."""
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())
