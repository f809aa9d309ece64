"""The card of something under way: what it is, and the next thing to do about it in one press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.parts.card import LinkButton
from liaison.ui.parts.doing import Doings
from liaison.ui.parts.say_popover import SayPopover
from liaison.ui.parts.side_card import OfRecord, SideCard
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import Explained, FlowRow, StateChip, Text, Wrap, spaced

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from liaison.errors import UserError
    from liaison.services.homes import OpenHome
    from liaison.ui.parts.facts import Link
    from liaison.ui.parts.say_popover import Question
    from liaison.ui.widgets import Button, Card

F = TypeVar("F", bound=OfRecord)
W = TypeVar("W", bound="Written")
_LABEL = 150


class Written(Protocol):
    """What a press wrote."""

    @property
    def changes(self) -> tuple[int, ...]:
        """The stamps of it, to take it back."""
        ...


class CaseCard(SideCard[F]):
    """Such a card; a page says what stands on it."""

    def press(
        self, button: Button, work: Callable[[OpenHome], W], words: Callable[[W], str]
    ) -> None:
        """Let a button write something at once, with a way to take it back.

        Args:
            button: The button.
            work: Writes it.
            words: Returns the sentence that says what was done.
        """
        desk = self.desk

        def done(written: W) -> None:
            offer_undo(desk, words(written), written.changes)

        def refuse(error: UserError) -> None:
            desk.trouble(error)
            self.refresh()

        def write(*_: object) -> None:
            # a second press would write it twice
            button.setEnabled(False)
            desk.jobs.write(work, done, refuse, owner=self)

        button.clicked.connect(write)

    def asks(self, button: Button, question: Callable[[], Question]) -> None:
        """Let a button ask for something before it writes."""
        button.clicked.connect(lambda *_: SayPopover(self.desk, question(), button).begin())

    def head(self, link: Link | None, below: str, chip: tuple[str, str]) -> QWidget:
        """Return the head of the card.

        Args:
            link: Whom it is about.
            below: What it is, in a line or two.
            chip: How it stands: state and words.
        """
        part = QWidget()
        words = spaced(QVBoxLayout(part), 4)
        if link is not None:
            words.addWidget(LinkButton(self.desk, link))
        words.addWidget(Wrap(below, "question", widest=420))
        words.addSpacing(theme.px(4))
        words.addWidget(FlowRow((StateChip(*chip),)))
        return part

    def foot(self, found: F, name: str) -> QWidget:
        """Return what can be done with any record: change it, read its history, and the rest.

        Args:
            found: What is shown.
            name: What the record is called.
        """
        doings = Doings(self.desk, found.record, name)
        doings.edit_asked.connect(self.edit_asked)
        doings.history_asked.connect(self.history_asked)
        return doings

    def rows(self, card: Card, rows: Sequence[tuple[str, str | Link]]) -> None:
        """Put labels and values on a card; a link leads to its record.

        Args:
            card: The card.
            rows: Label and value; a value without words is left out.
        """
        grid = spaced(QGridLayout(), 8)
        roomy, top = theme.roomy(), Qt.AlignmentFlag.AlignTop
        number = 0
        for label, value in rows:
            if not value:
                continue
            shown: QWidget
            if isinstance(value, str):
                shown = Explained(value, name=label)
            else:
                shown = QWidget()
                line = spaced(QHBoxLayout(shown), 0)
                line.addWidget(LinkButton(self.desk, value))
                line.addStretch(1)
            if roomy:
                named = Wrap(label, "secondary", widest=_LABEL)
                named.setFixedWidth(theme.px(_LABEL))
                grid.addWidget(named, number, 0, top)
                grid.addWidget(shown, number, 1, top)
                grid.setColumnStretch(1, 1)
            else:
                grid.addWidget(Text(label, "secondary"), 2 * number, 0)
                grid.addWidget(shown, 2 * number + 1, 0)
            number += 1
        if number:
            card.add(grid)
