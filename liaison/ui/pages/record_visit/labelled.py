"""A control of the strip below its label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui.widgets import Text, spaced

if TYPE_CHECKING:
    from liaison.records import FieldSpec


class Labelled(QWidget):
    """A control below its label; what is wrong is said elsewhere.

    Args:
        label: The label; it names the control too.
        editor: The control.
        required: Whether "required" stands beside the label.
        fills: Whether it takes all the room there is; else it stands at the left.
    """

    def __init__(
        self, label: str, editor: QWidget, *, required: bool = False, fills: bool = True
    ) -> None:
        super().__init__()
        self._editor = editor
        self._label = Text("", "label")
        self._label.setBuddy(editor)
        self._required = required
        head = spaced(QHBoxLayout(), 4)
        head.addWidget(self._label)
        if required:
            head.addWidget(Text("required", "muted"))
        head.addStretch(1)
        column = spaced(QVBoxLayout(self), 4)
        column.addLayout(head)
        left = Qt.AlignmentFlag.AlignLeft
        column.addWidget(editor, 0, Qt.AlignmentFlag(0) if fills else left)
        self.set_label(label)

    @classmethod
    def of(cls, field: FieldSpec, editor: QWidget) -> Self:
        """Return a declared field's control, as wide as what it holds, below its label.

        Args:
            field: The field, as the page asks for it.
            editor: The control.
        """
        return cls(field.label, editor, required=field.required, fills=False)

    def set_label(self, label: str) -> None:
        """Show another label."""
        self._label.setText(label.replace("&", "&&"))
        self._editor.setAccessibleName(f"{label}, required" if self._required else label)
