"""The lines of the page: a practice that was found, and what a newer list says of one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui.pages.ods.facts import words_of
from liaison.ui.parts.differences import Span, spans
from liaison.ui.parts.marked import Marked
from liaison.ui.widgets import Button, Card, Columns, Elided, StateChip, Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.services.ods import Difference
    from liaison.ui.pages.ods.facts import Found


class FoundLine(QWidget):
    """A practice of the list, to add it, or to open it if it is in the directory."""

    added = Signal(str)
    """Somebody adds it; its code."""
    opened = Signal(object)
    """Somebody opens the organisation of this id."""

    def __init__(self, found: Found, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = found
        practice = found.practice
        words = spaced(QVBoxLayout(), 1)
        words.addWidget(Elided(practice.name, "label"))
        where = ", ".join((*practice.address.split("\n"), practice.postcode))
        words.addWidget(Elided(f"{where}  ·  {practice.code}", "secondary"))
        row = spaced(QHBoxLayout(self), 10, (0, 4, 0, 4))
        row.addLayout(words, 1)
        if not practice.is_open:
            row.addWidget(StateChip("late", "Closed"))
        if found.organisation is None:
            self.button = Button("Add", "plus", small=True)
            self.button.clicked.connect(lambda: self.added.emit(practice.code))
            self.button.setAccessibleName(f"Add {practice.name}, {practice.postcode}")
        else:
            row.addWidget(StateChip("ok", "In the directory"))
            self.button = Button("Open", small=True)
            self.button.clicked.connect(lambda: self.opened.emit(found.organisation))
            self.button.setAccessibleName(f"Open {practice.name}")
        row.addWidget(self.button)


class DifferenceLine(Card):
    """What a newer list says of a practice: the old beside the new, and whom it concerns.

    Args:
        one: The difference.
        residents: The names of the residents whose practice it is.
    """

    accepted = Signal(object)
    """Somebody takes it over."""

    def __init__(
        self, one: Difference, residents: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(kind=Card.SUNK, parent=parent)
        self.difference = one
        what, before, now = words_of(one)
        self.setAccessibleName(f"{one.name}: {what}")
        head = spaced(QHBoxLayout(), 10)
        head.addWidget(Elided(one.name, "label"), 1)
        head.addWidget(StateChip("late" if what == "Closed" else "due", what))
        self.button = Button("Accept", "check", small=True)
        self.button.setAccessibleName(f"Accept: {one.name}, {what}")
        self.button.clicked.connect(lambda: self.accepted.emit(one))
        head.addWidget(self.button)
        self.add(head)
        sides = [
            (_side("In the directory", Marked(_marked(before, now), "In the directory")), 1),
            (_side("In the list", Marked(_marked(now, before), "In the list")), 1),
        ]
        self.add(Columns(sides, 16, top=True))
        if residents:
            self.add(Wrap(f"{_whose(residents)}: {'; '.join(residents)}.", "secondary"))


def _side(caption: str, text: QWidget) -> QWidget:
    side = QWidget()
    column = spaced(QVBoxLayout(side), 2)
    column.addWidget(Text(caption, "caption"))
    column.addWidget(text)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    return side


def _marked(text: str, other: str) -> tuple[Span, ...]:
    """Return a text in stretches; capitals, in which the list has all names, are no difference."""
    found = spans(text.lower(), other.lower())
    if sum(len(span.text) for span in found) != len(text):
        return spans(text, other)
    letters = iter(text)
    return tuple(
        Span("".join(itertools.islice(letters, len(span.text))), span.differs) for span in found
    )


def _whose(residents: Sequence[str]) -> str:
    number = len(residents)
    return "1 resident has it" if number == 1 else f"{number} residents have it"
