"""All rounds: what is coming, those that come back, those that are over."""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.records import all_specs
from liaison.records.rules import times
from liaison.services.rounds.lines import PLANNED
from liaison.ui.pages.rounds.row import Row
from liaison.ui.pages.rounds.turns import AT_ONCE, InTurns
from liaison.ui.widgets import Card, Columns, Elided, EmptyState, StateChip, spaced

if TYPE_CHECKING:
    from liaison.services.rounds.planning import Listed
    from liaison.ui.pages.rounds import facts

    _Key = tuple[str, int | None]
    _Wanted = tuple[Card, _Key, object, Callable[[], Row]]


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
        self.nothing = EmptyState(
            "clipboard-list",
            "No round is planned",
            "Add a round that comes back, and the next ones are planned by themselves.",
            "Add a recurring round" if plans else "",
        )
        self.nothing.pressed.connect(self.series_wanted)
        self.coming.add(self.nothing)
        self.nothing.hide()
        self.rows: list[Row] = []
        self._placing = InTurns(self)
        # every row there is, with what it shows
        self._known: dict[_Key, tuple[object, Row]] = {}

    def show_index(self, found: facts.Index, now: dt.datetime) -> None:
        """Show what there is; many rounds get their rows over several turns."""
        self._placing.begin(self._place(found, now))

    def _place(self, found: facts.Index, now: dt.datetime) -> Iterator[None]:
        wanted = [*self._wanted(found, now)]
        listed = {key for _, key, _, _ in wanted}
        for key in self._known.keys() - listed:
            self._away(key)
        self.nothing.setVisible(not found.coming)
        self.recurring.setVisible(bool(found.recurring))
        self.held.setVisible(bool(found.held))
        self.rows = []
        places: Counter[Card] = Counter()
        made = 0
        for card, key, shown, make in wanted:
            if made == AT_ONCE:
                made = 0
                yield
            if key in self._known and self._known[key][0] != shown:
                self._away(key)
            if key not in self._known:
                self._known[key] = shown, make()
                made += 1
            row = self._known[key][1]
            self.rows.append(row)
            card.body.insertWidget(places[card], row)
            places[card] += 1
            row.show()

    def _wanted(self, found: facts.Index, now: dt.datetime) -> Iterator[_Wanted]:
        """Yield each row there is to be: where, whose, what it shows, and what makes it."""
        for listed in found.coming:
            past = listed.sitting.at <= now
            make = functools.partial(self._round, listed, past=past)
            yield self.coming, ("coming", listed.sitting.id), (listed, past), make
        for listed in found.held:
            make = functools.partial(self._round, listed, past=True)
            yield self.held, ("held", listed.sitting.id), listed, make
        for one in found.recurring:
            yield self.recurring, ("recurring", one.id), one, functools.partial(self._series, one)

    def _round(self, listed: Listed, *, past: bool) -> Row:
        row = RoundRow(listed, past=past)
        row.clicked.connect(lambda *_: self.chosen.emit(listed.sitting.id))
        return self._walked(row)

    def _series(self, one: facts.Recurring) -> Row:
        row = Row(f"{one.name}, {one.who}, {one.when}")
        column = spaced(QVBoxLayout(row), 2, (8, 8, 8, 9))
        column.addWidget(Elided(one.name, "label"))
        column.addWidget(Elided(", ".join(part for part in (one.when, one.who) if part), "muted"))
        row.pass_through()
        row.clicked.connect(lambda *_: self.series_chosen.emit(one.id))
        return self._walked(row)

    def _walked(self, row: Row) -> Row:
        row.walked.connect(functools.partial(self._walk, row))
        return row

    def _away(self, key: _Key) -> None:
        row = self._known.pop(key)[1]
        # a layout lets go of what is hidden for good when it is deleted
        row.hide()
        row.deleteLater()

    def _walk(self, row: Row, step: int) -> None:
        # one that is not yet in its place again stays where it is
        place = self.rows.index(row) + step if row in self.rows else -1
        if 0 <= place < len(self.rows):
            self.rows[place].setFocus()
