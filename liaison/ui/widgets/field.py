"""A field: its label above, the control, and below it a hint, or what is wrong and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui.widgets.dates import TypedField
from liaison.ui.widgets.edits import TextArea
from liaison.ui.widgets.line import LineEdit, set_wrong
from liaison.ui.widgets.painting import announce, spaced
from liaison.ui.widgets.picture import Icon
from liaison.ui.widgets.text import Text, Wrap


class Field(QWidget):
    """A labelled control.

    Args:
        label: The label; it is also the control's name for a screen reader.
        editor: The control.
        hint: A short help below it.
        required: Whether "required" stands beside the label.
    """

    def __init__(
        self,
        label: str,
        editor: QWidget,
        hint: str = "",
        *,
        required: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._name = label
        self._hint = hint
        self._note = ""
        self._understood = ""
        self._error = ""
        self._label = Text(label.replace("&", "&&"), "label")
        self._label.setBuddy(editor)
        self._required = Text("required", "muted")
        self._below = Wrap("", "secondary", widest=240)
        self._error_icon = Icon("circle-x", "late", 15)
        self._error_words = Wrap("", "error", widest=240)

        head = spaced(QHBoxLayout(), 4)
        head.addWidget(self._label)
        head.addWidget(self._required)
        head.addStretch(1)
        wrong = spaced(QHBoxLayout(), 6, (0, 2, 0, 0))
        wrong.addWidget(self._error_icon, 0, Qt.AlignmentFlag.AlignTop)
        wrong.addWidget(self._error_words, 1)
        column = spaced(QVBoxLayout(self), 4)
        column.addLayout(head)
        column.addWidget(editor)
        column.addWidget(self._below)
        column.addLayout(wrong)
        column.addStretch(1)

        if isinstance(editor, LineEdit | TextArea):
            editor.too_long.connect(self._too_long)
        if isinstance(editor, TypedField):
            editor.understood.connect(self._show_understood)
            editor.trouble.connect(self.set_error)
        self.set_required(required=required)
        self._show()

    def set_required(self, *, required: bool) -> None:
        """Write "required" beside the label, or not."""
        self._required.setVisible(required)
        self.editor.setAccessibleName(f"{self._name}, required" if required else self._name)

    def set_label(self, label: str) -> None:
        """Show another label."""
        self._name = label
        self._label.setText(label.replace("&", "&&"))
        self.set_required(required=not self._required.isHidden())

    def set_hint(self, hint: str) -> None:
        """Show another hint."""
        self._hint = hint
        self._show()

    def set_note(self, words: str) -> None:
        """Say something of what stands in it, after the hint, or nothing of it any more."""
        if words != self._note:
            self._note = words
            self._show()
            if words:
                announce(self.editor, f"{self._name}: {words}")

    def set_error(self, words: str | None) -> None:
        """Say what is wrong and what to do, or that nothing is.

        Args:
            words: One or two short sentences; None or nothing when all is well.
        """
        words = words or ""
        if words == self._error:
            return
        self._error = words
        self._show()
        if words:
            announce(self.editor, f"{self._name}: {words}", urgent=True)

    @property
    def error(self) -> str:
        """What is wrong; empty if nothing is."""
        return self._error

    def _too_long(self, over: int) -> None:
        many = "1 character" if over == 1 else f"{over} characters"
        self.set_error(f"This is {many} too long. Shorten it." if over else None)

    def _show_understood(self, words: str) -> None:
        self._understood = words
        self._show()

    def _show(self) -> None:
        below = "\n".join(one for one in (self._understood or self._hint, self._note) if one)
        self._below.setText(below)
        self._below.setVisible(bool(below) and not self._error)
        self._error_words.setText(self._error)
        for part in (self._error_words, self._error_icon):
            part.setVisible(bool(self._error))
        set_wrong(self.editor, wrong=bool(self._error))
        self.editor.setAccessibleDescription(self._error or below)
