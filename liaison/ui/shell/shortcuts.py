"""The window's shortcuts, in one table, and the sheet that shows them (F1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.widgets import Button, KeyCaps, ScrollPage, Text, spaced

SEARCH: Final = "Ctrl+K"
UNDO: Final = "Ctrl+Z"
LOCK: Final = "Ctrl+L"
WORRIED: Final = "Ctrl+Shift+W"
SHEET: Final = "F1"
BACK: Final = "Alt+Left"
LARGER: Final = "Ctrl++"
SMALLER: Final = "Ctrl+-"
ORDINARY: Final = "Ctrl+0"

#: What the window itself does with keys, in the order of the sheet.
EVERYWHERE: Final = (
    (SEARCH, "Search"),
    ("Ctrl+N", "Add one to the list that is open"),
    ("Ctrl+S", "Save what is open"),
    (UNDO, "Take back what was done last"),
    (BACK, "Back to the page before"),
    (WORRIED, "I'm worried about..."),
    (LOCK, "Lock this PC"),
    ("Ctrl+Plus", "Larger text"),
    ("Ctrl+Minus", "Smaller text"),
    ("Ctrl+0", "Ordinary text"),
    (SHEET, "This sheet"),
    ("Esc", "Close what floats over the page"),
)


class ShortcutSheet(QDialog):
    """All shortcuts on one sheet.

    Args:
        parent: The window.
        pages: The pages of the sidebar with their keys.
        page: The shortcuts of the page that is open.
        title: The name of that page.
    """

    def __init__(
        self,
        parent: QWidget,
        pages: Sequence[tuple[str, str]],
        page: Sequence[tuple[str, str]] = (),
        title: str = "",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Shortcuts")
        self.setAccessibleName("Shortcuts")
        columns = QHBoxLayout()
        columns.setSpacing(theme.px(40))
        left = QVBoxLayout()
        left.addLayout(_column("Everywhere", EVERYWHERE))
        left.addStretch(1)
        columns.addLayout(left)
        right = QVBoxLayout()
        if page:
            right.addLayout(_column(title, page))
            right.addSpacing(theme.px(16))
        right.addLayout(_column("Pages", pages))
        right.addStretch(1)
        columns.addLayout(right)
        sheet = ScrollPage()
        sheet.body.addLayout(columns)
        sheet.body.addStretch(1)
        close = Button("Close", role=Button.PRIMARY)
        close.clicked.connect(self.accept)
        rows = spaced(QVBoxLayout(self), 16, (8, 8, 8, 20))
        rows.addWidget(sheet, 1)
        foot = spaced(QHBoxLayout(), 8, (0, 0, 20, 0))
        foot.addStretch(1)
        foot.addWidget(close)
        rows.addLayout(foot)
        close.setFocus(Qt.FocusReason.OtherFocusReason)
        room = parent.size()
        self.resize(
            min(theme.px(760), round(room.width() * 0.94)),
            min(theme.px(520), round(room.height() * 0.94)),
        )


def _column(title: str, shortcuts: Sequence[tuple[str, str]]) -> QVBoxLayout:
    column = spaced(QVBoxLayout(), 8)
    column.addWidget(Text(title, "card"))
    grid = spaced(QGridLayout(), 8)
    for row, (keys, words) in enumerate(shortcuts):
        caps = KeyCaps(keys)
        grid.addWidget(caps, row, 0)
        grid.addWidget(Text(words), row, 1)
        caps.setAccessibleDescription(words)
    grid.setColumnStretch(1, 1)
    column.addLayout(grid)
    return column
