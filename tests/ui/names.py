"""A walk over the accessibility tree: which controls have no name."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget


def nameless(root: QWidget) -> list[str]:
    """Return the controls under a widget that the keyboard reaches and a screen reader cannot name."""
    found = []
    for widget in root.findChildren(QWidget):
        reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if not reached or not widget.isVisibleTo(root) or widget.focusProxy() is not None:
            continue
        told = QAccessible.queryAccessibleInterface(widget)
        if not told.text(QAccessible.Text.Name).strip():
            found.append(f"{type(widget).__name__} {widget.objectName()}")
    return found
