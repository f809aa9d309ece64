"""A control of the strip below its label."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.ui.widgets import Text, spaced


class Labelled(QWidget):
    """A control below its label; what is wrong is said elsewhere.

    Args:
        label: The label; it names the control too.
        editor: The control.
    """

    def __init__(self, label: str, editor: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._label = Text("", "label")
        self._label.setBuddy(editor)
        column = spaced(QVBoxLayout(self), 4)
        column.addWidget(self._label)
        column.addWidget(editor)
        self.set_label(label)

    def set_label(self, label: str) -> None:
        """Show another label."""
        self._label.setText(label.replace("&", "&&"))
        self._editor.setAccessibleName(label)
