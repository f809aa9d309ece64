"""Editors that are typed into: one line, and several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, Qt

from liaison.records import Kind
from liaison.records.check import LONGEST_LINE, LONGEST_NOTE
from liaison.ui.parts.editors.base import Editor, Typed
from liaison.ui.widgets import LineEdit, TextArea

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_HINTS: Final = {
    Kind.EMAIL: Qt.InputMethodHint.ImhEmailCharactersOnly,
    Kind.PHONE: Qt.InputMethodHint.ImhDialableCharactersOnly,
    Kind.URL: Qt.InputMethodHint.ImhUrlCharactersOnly,
    Kind.INT: Qt.InputMethodHint.ImhDigitsOnly,
    Kind.MINUTES: Qt.InputMethodHint.ImhDigitsOnly,
    Kind.MONEY: Qt.InputMethodHint.ImhFormattedNumbersOnly,
}


class Line(Editor):
    """One line: text, numbers, phone numbers, addresses of all kinds."""

    control: LineEdit

    def make(self) -> QWidget:
        """Return the line."""
        line = LineEdit(limit=LONGEST_LINE)
        if hints := _HINTS.get(self.field.kind):
            line.setInputMethodHints(hints)
        line.textEdited.connect(lambda _: self.changed.emit())
        line.editingFinished.connect(self.settled)
        return line

    def value(self) -> Any:
        """Return what the line means."""
        return self.around.reader().read(self.field, self.control.text())

    def set_value(self, value: Any) -> None:
        """Show a value; from its beginning, if it is longer than the line."""
        match self.field.kind:
            case Kind.MINUTES | Kind.INT:
                words = "" if value is None else str(value)
            case Kind.MONEY:
                words = "" if value is None else f"{value:.2f}"
            case _:
                words = self.around.words(self.field, value)
        self.control.setText(words)
        self.control.setCursorPosition(0)

    def typed(self) -> Typed:
        """Return the line."""
        return self.control.text()

    def put(self, typed: Typed) -> None:
        """Show a line again."""
        if isinstance(typed, str):
            self.control.setText(typed)


class Long(Editor):
    """Several lines: notes."""

    control: TextArea

    def make(self) -> QWidget:
        """Return the area, which grows while one types."""
        area = TextArea(lines=2, limit=LONGEST_NOTE)
        area.textChanged.connect(self._typed)
        area.installEventFilter(self)
        self._quiet = False
        return area

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice when somebody leaves it."""
        if event.type() == QEvent.Type.FocusOut:
            self.settled.emit()
        return False

    def _typed(self) -> None:
        if not self._quiet:
            self.changed.emit()

    def value(self) -> Any:
        """Return the text."""
        return self.around.reader().read(self.field, self.control.text())

    def set_value(self, value: Any) -> None:
        """Show a text."""
        self._set(value or "")

    def typed(self) -> Typed:
        """Return the text."""
        return self.control.text()

    def put(self, typed: Typed) -> None:
        """Show a text again."""
        if isinstance(typed, str):
            self._set(typed)

    def _set(self, text: str) -> None:
        # Qt tells of changes by the program as well; only what somebody types makes a draft
        self._quiet = True
        self.control.set_text(text)
        self._quiet = False
