"""One line of the audit whole: each field before and after, and what can be done from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records import all_specs
from liaison.records.rules import times
from liaison.ui import theme
from liaison.ui.parts import sheets
from liaison.ui.widgets import Button, Card, FlowRow, ScrollPage, Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.services.audit import Line

_LONGEST: Final = 1_200
_LEAST: Final = 110


class Detail(QWidget):
    """The current line of the audit.

    Args:
        can_erase: Whether whoever is signed in may erase content by law.
    """

    open_asked = Signal(object)
    """Somebody wants to see the record of this line."""
    known_asked = Signal(object)
    """Somebody wants to see it as it was known on a day."""
    history_asked = Signal(object)
    """Somebody wants all that was ever done with this record."""
    erase_asked = Signal(object)
    """Somebody wants to erase content of this record."""

    def __init__(self, *, can_erase: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line: Line | None = None
        self.card = Card("Details")
        self.sheet = ScrollPage(spacing=8, margins=(0, 0, 0, 0))
        self.sheet.setMinimumHeight(theme.px(_LEAST))
        self.card.add(self.sheet)
        self.open = Button("Open the record", "arrow-right", small=True)
        self.known = Button("As known on...", "history", small=True)
        self.history = Button("All about this record", "list", small=True)
        self.erase = Button("Erase by law...", "trash-2", Button.QUIET, small=True)
        self.buttons = FlowRow([self.open, self.known, self.history, self.erase], gap=8)
        self.card.add(self.buttons)
        spaced(QVBoxLayout(self), 0).addWidget(self.card)
        self._can_erase = can_erase
        for button, asked in (
            (self.open, self.open_asked),
            (self.known, self.known_asked),
            (self.history, self.history_asked),
            (self.erase, self.erase_asked),
        ):
            button.clicked.connect(lambda *_, asked=asked: asked.emit(self._line))
        self.setAccessibleName("Details")
        self.show_line(None)

    def show_line(self, line: Line | None) -> None:
        """Show a line; None for none."""
        self._line = line
        sheets.empty(self.sheet)
        spec = all_specs().get(line.type) if line is not None else None
        is_record = spec is not None and spec.cls is not None
        for button in (self.open, self.known, self.history):
            button.setVisible(is_record)
        self.erase.setVisible(is_record and self._can_erase)
        if line is None:
            sheets.put(self.sheet, Wrap("Choose a line to see all of it.", "muted"))
            self.sheet.body.addStretch(1)
            return
        sheets.put(self.sheet, Wrap(f"{line.verb} {line.about}".strip(), "label"))
        sheets.put(self.sheet, Text(times.show_time(line.at), "secondary"))
        sheets.put(self.sheet, Wrap(f"{line.who}, on {line.pc}", "secondary"))
        for words in (f"“{line.reason}”" if line.reason else "", line.detail):
            if words:
                sheets.put(self.sheet, Wrap(words))
        for step in line.steps:
            sheets.put(self.sheet, Text(step.label, "secondary"))
            if step.before:
                sheets.put(self.sheet, Wrap(f"From: {_short(step.before)}", "muted"))
                sheets.put(self.sheet, Wrap(f"To: {_short(step.after) or 'nothing'}"))
            else:
                sheets.put(self.sheet, Wrap(_short(step.after) or "nothing"))
        self.sheet.body.addStretch(1)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} ..."
