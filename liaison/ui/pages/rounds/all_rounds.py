"""All rounds: what is coming, those that come back, those that are over."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.records import all_specs
from liaison.records.rules import times
from liaison.services.rounds.lines import PLANNED
from liaison.ui.pages.rounds.row import Row
from liaison.ui.widgets import Card, Columns, Elided, EmptyState, StateChip, spaced

if TYPE_CHECKING:
    from liaison.services.rounds.planning import Listed
    from liaison.ui.pages.rounds import facts


class RoundRow(Row):
    """A round in the list.

    Args:
        listed: The round.
        past: Whether its time has come.
    """

    def __init__(self, listed: Listed, *, past: bool) -> None:
        sitting = listed.sitting
        when = times.show_time(sitting.at)
        who = ", ".join(part for part in (sitting.name, sitting.who, sitting.place) if part)
        state, words = _state(listed, past=past)
        super().__init__(f"{when}, {who} ({words})")
        column = spaced(QVBoxLayout(self), 2, (8, 8, 8, 9))
        head = spaced(QHBoxLayout(), 8)
        head.addWidget(Elided(when, "label"), 1)
        head.addWidget(StateChip(state, words))
        column.addLayout(head)
        note = f"{who}. {sitting.note}" if sitting.note else who
        column.addWidget(Elided(note, "muted"))
        self.pass_through()


def _state(listed: Listed, *, past: bool) -> tuple[str, str]:
    lines = "1 line" if listed.lines == 1 else f"{listed.lines} lines"
    sitting = listed.sitting
    if sitting.status == PLANNED:
        if past:
            return "due", "To be finished"
        return ("info", lines) if listed.lines else ("none", "No lines yet")
    if sitting.status == "cancelled":
        return "none", "Called off"
    if listed.carried:
        return "due", f"{lines}, {listed.carried} carried over"
    return "ok", lines if listed.lines else "Held"


class AllRounds(QWidget):
    """The three lists."""

    chosen = Signal(object)
    """A round was chosen (its id)."""
    series_chosen = Signal(object)
    """A recurring round was chosen (its id)."""
    series_wanted = Signal()
    """Somebody wants to add the first recurring round."""

    def __init__(self, *, plans: bool) -> None:
        super().__init__()
        self._plans = plans
        self.coming = Card("Coming", "calendar-days")
        self.recurring = Card(all_specs()["series"].plural, "repeat")
        self.held = Card("Held or called off", "history")
        for card in (self.coming, self.recurring, self.held):
            card.body.setSpacing(0)
        right = QWidget()
        column = spaced(QVBoxLayout(right), 16)
        column.addWidget(self.recurring)
        column.addWidget(self.held)
        column.addStretch(1)
        left = QWidget()
        side = spaced(QVBoxLayout(left), 16)
        side.addWidget(self.coming)
        side.addStretch(1)
        spaced(QVBoxLayout(self), 0).addWidget(Columns([(left, 55), (right, 45)]))
        self.rows: list[Row] = []

    def show_index(self, found: facts.Index, now: dt.datetime) -> None:
        """Show what there is."""
        self.rows = []
        for card in (self.coming, self.recurring, self.held):
            _empty(card)
        for listed in found.coming:
            self._add(self.coming, listed, past=listed.sitting.at <= now)
        if not found.coming:
            nothing = EmptyState(
                "clipboard-list",
                "No round is planned",
                "Add a round that comes back, and the next ones are planned by themselves.",
                "Add a recurring round" if self._plans else "",
            )
            nothing.pressed.connect(self.series_wanted)
            self.coming.add(nothing)
        for listed in found.held:
            self._add(self.held, listed, past=True)
        for one in found.recurring:
            row = Row(f"{one.name}, {one.who}, {one.when}")
            column = spaced(QVBoxLayout(row), 2, (8, 8, 8, 9))
            column.addWidget(Elided(one.name, "label"))
            column.addWidget(
                Elided(", ".join(part for part in (one.when, one.who) if part), "muted")
            )
            row.pass_through()
            row.clicked.connect(lambda *_, identity=one.id: self.series_chosen.emit(identity))
            self._keep(self.recurring, row)
        self.recurring.setVisible(bool(found.recurring))
        self.held.setVisible(bool(found.held))

    def _add(self, card: Card, listed: Listed, *, past: bool) -> None:
        row = RoundRow(listed, past=past)
        row.clicked.connect(lambda *_: self.chosen.emit(listed.sitting.id))
        self._keep(card, row)

    def _keep(self, card: Card, row: Row) -> None:
        row.walked.connect(lambda step: self._walk(row, step))
        self.rows.append(row)
        card.add(row)
        row.show()

    def _walk(self, row: Row, step: int) -> None:
        place = self.rows.index(row) + step
        if 0 <= place < len(self.rows):
            self.rows[place].setFocus()


def _empty(card: Card) -> None:
    while (item := card.body.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
