"""How far a round is: how many of its lines have an outcome, are carried over, and are left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy

from liaison.services.rounds.lines import State
from liaison.ui import theme
from liaison.ui.pages.rounds.row import CHIPS
from liaison.ui.widgets import Card, Icon, Text, spaced
from liaison.ui.widgets.painting import box, painter_for

if TYPE_CHECKING:
    from liaison.services.rounds.agenda import Agenda

_BAR: Final = 10


class Tally(QProgressBar):
    """How many lines have an outcome, are carried over, and are left: one bar of three parts."""

    def __init__(self) -> None:
        super().__init__()
        self._parts = (0, 0, 0)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, settled: int, carried: int, left: int) -> None:
        """Show other numbers."""
        self._parts = settled, carried, left
        self.setRange(0, max(sum(self._parts), 1))
        self.setValue(settled + carried)
        self.setAccessibleName(f"{settled} with an outcome, {carried} carried over, {left} to go")
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a line."""
        return QSize(theme.px(200), theme.px(_BAR))

    def minimumSizeHint(self) -> QSize:
        """Allow a short line."""
        return QSize(theme.px(60), theme.px(_BAR))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the parts side by side."""
        painter = painter_for(self)
        colour, rect = theme.colour, QRectF(self.rect())
        box(painter, rect, rect.height() / 2, colour("sunk"))
        whole, left = sum(self._parts), rect.left()
        for number, token in zip(self._parts, ("okbar", "duebar"), strict=False):
            if number and whole:
                width = rect.width() * number / whole
                part = QRectF(left, rect.top(), width - theme.px(2), rect.height())
                box(painter, part, rect.height() / 2, colour(token))
                left += width


class ProgressCard(Card):
    """How far a round is, in words and as a bar."""

    def __init__(self) -> None:
        super().__init__(margins=(20, 12, 20, 16))
        self._count = Text("", "figure")
        self._tally = Tally()
        self._words: dict[State, Text] = {}
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(self._count)
        row.addWidget(Text("done", "muted"))
        row.addStretch(1)
        for state in (State.OUTCOME, State.CARRIED, State.TO_DO):
            token, icon = CHIPS[state]
            row.addSpacing(theme.px(10))
            row.addWidget(Icon(icon, {"none": "muted"}.get(token, token), 17))
            self._words[state] = Text("", "body")
            row.addWidget(self._words[state])
        self.add(row)
        self.add(self._tally)

    def show_agenda(self, agenda: Agenda) -> None:
        """Show how far the round of an agenda is."""
        settled, carried = agenda.count(State.OUTCOME, State.ELSEWHERE), agenda.count(State.CARRIED)
        self._count.setText(f"{settled + carried} of {len(agenda.lines)}")
        self._words[State.OUTCOME].setText(f"{settled} with an outcome")
        self._words[State.CARRIED].setText(f"{carried} carried over")
        self._words[State.TO_DO].setText(f"{agenda.to_do} to go")
        self._tally.show_counts(settled, carried, agenda.to_do)
