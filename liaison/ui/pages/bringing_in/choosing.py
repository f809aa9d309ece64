"""A row that may be more than one: somebody says which, or that it is none of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui.widgets import Button, Card, Wrap, spaced

if TYPE_CHECKING:
    from liaison.ui.pages.bringing_in.alike import Candidates


class Choosing(Card):
    """Asks which of several a row is."""

    chosen = Signal(object)
    """It is this one (a ``Suggestion``); the two are compared next."""
    new = Signal(int)
    """It is none of them; the row's number."""
    left = Signal()
    """Somebody goes back without an answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Which one is it?", parent=parent)
        self.buttons: list[Button] = []
        self._found: Candidates | None = None
        self._words = Wrap("", "muted", widest=760)
        self.add(self._words)
        self._box = QWidget()
        self.add(self._box)
        self.none = Button("None of these: add it as new", "plus")
        self.none.clicked.connect(self._add)
        self.back = Button("Decide later", "", Button.QUIET)
        self.back.clicked.connect(self.left)
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(self.none)
        row.addWidget(self.back)
        row.addStretch(1)
        self.add(row)

    def show_candidates(self, found: Candidates) -> None:
        """Show what a row may be."""
        self._found = found
        self._words.setText(
            f"{found.title} ({found.where} of the list: {found.said}) may be more than one by "
            f"{found.by}. It is left out until you say which one it is."
            if found.said
            else f"{found.title} ({found.where} of the list) may be more than one by {found.by}. "
            "It is left out until you say which one it is."
        )
        old = self._box
        self._box = QWidget()
        column = spaced(QVBoxLayout(self._box), 8)
        self.buttons = []
        for words, suggestion in found.several:
            button = Button("This one", "git-merge", small=True)
            button.setAccessibleName(f"This one: {words}")
            button.clicked.connect(partial(self._choose, suggestion))
            self.buttons.append(button)
            row = spaced(QHBoxLayout(), 12)
            # the words beside the button may take several lines; a button's own never do
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Wrap(words), 1)
            column.addLayout(row)
        self.body.replaceWidget(old, self._box)
        old.hide()
        old.deleteLater()
        self._box.show()

    def begin(self) -> None:
        """Give the first answer the keyboard."""
        first = self.buttons[0] if self.buttons else self.none
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, suggestion: object, *_: object) -> None:
        self.chosen.emit(suggestion)

    def _add(self) -> None:
        if self._found is not None:
            self.new.emit(self._found.row)
