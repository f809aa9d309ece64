"""The board of one round: how far it is, its lines, the one that is open, what else waits."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QVBoxLayout,
    QWidget,
)

from liaison.records.rules import times
from liaison.services import permissions
from liaison.services.rounds import doing
from liaison.services.rounds.lines import PLANNED, State
from liaison.ui.pages.rounds.opened import OpenLine
from liaison.ui.pages.rounds.others import Others
from liaison.ui.pages.rounds.progress import ProgressCard
from liaison.ui.pages.rounds.row import LineRow
from liaison.ui.pages.rounds.turns import AT_ONCE, InTurns
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import (
    Card,
    EmptyState,
    spaced,
)

if TYPE_CHECKING:
    from liaison.services.rounds.lines import Line
    from liaison.services.rounds.writing import Done
    from liaison.ui.desk import Desk
    from liaison.ui.pages.rounds import facts


class Board(QWidget):
    """One round, line by line.

    Args:
        desk: The desk.
    """

    off_asked = Signal(object)
    """A line is to be taken off (a ``Line``)."""
    back_asked = Signal(object)
    """What was recorded about a line is to be taken back (a ``Line``)."""
    came_up = Signal(object)
    """A line has been opened, and should be in sight (the widget)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.found: facts.Board | None = None
        self.rows: list[LineRow] = []
        self.opened: OpenLine | None = None
        self._wanted: int | None = None
        self._go_on = False
        self._opens_next = False
        self._focus_at: int | None = None
        self._placing = InTurns(self)
        # whether every line has its row: a long agenda gets them over several turns
        self._whole = True
        self._left: dict[object, LineRow] = {}
        self._column = spaced(QVBoxLayout(self), 12)
        self.progress = ProgressCard()
        self._column.addWidget(self.progress)
        self.lines = Card(margins=(12, 6, 12, 8))
        self.lines.body.setSpacing(0)
        self._column.addWidget(self.lines)
        self.nothing = EmptyState(
            "clipboard-list",
            "Nothing is on this agenda",
            "Open concerns, actions that are due, waiting referrals and reviews come onto it by "
            "themselves before the round.",
        )
        self.lines.add(self.nothing)
        self.others = Others(desk)
        self._column.addWidget(self.others)
        self._column.addStretch(1)

    # ---- its lines

    @property
    def _role(self) -> str:
        return self.desk.person.role

    @property
    def _decides(self) -> bool:
        return permissions.may_add(self._role, "agenda_outcome")

    @property
    def _is_open(self) -> bool:
        return self.found is not None and self.found.agenda.sitting.status == PLANNED

    @property
    def _changes(self) -> bool:
        return self._is_open and permissions.may_change(self._role, "agenda_line", own=False)

    def show_board(self, found: facts.Board) -> None:
        """Show a round; a line that is open stays open with what is being typed."""
        other = self.found is None or self.found.agenda.sitting.id != found.agenda.sitting.id
        focus = self._focused()
        before = self.found
        self.found = found
        if other:
            self.close_line()
        if before == found and not other:
            return
        self._opens_next, self._go_on = self._go_on, False
        self._focus_at = focus
        self.progress.show_agenda(found.agenda)
        if other:
            # nobody adds to this round what waited for another one
            self.others.hide()
        self._placing.begin(self._place(found))

    def _focused(self) -> int | None:
        focus = QApplication.focusWidget()
        return next((number for number, row in enumerate(self.rows) if row is focus), None)

    def _place(self, found: facts.Board) -> Iterator[None]:
        """Put everything in its place; yield wherever a turn may end."""
        self._whole = False
        yield from self._place_rows(found)
        self._whole = True
        self._go_where_wanted()
        yield from self.others.place(found.agenda, adds=self._changes)

    def _place_rows(self, found: facts.Board) -> Iterator[None]:
        lines = found.agenda.lines
        # those left are of a board that came before this one was whole
        kept = self._left = {_key(row.line): row for row in (*self._left.values(), *self.rows)}
        listed = {_key(line) for line in lines}
        for key in [key for key in kept if key not in listed]:
            self._away(kept.pop(key))
        self.nothing.setVisible(not lines)
        body = self.lines.body
        opened = self.opened
        if opened is not None and opened.line not in lines:
            self.close_line()
        self.rows = []
        place = made = 0
        for line in lines:
            if made == AT_ONCE:
                made = 0
                self._go_where_wanted()
                yield
            row = kept.pop(_key(line), None)
            if row is not None and row.line != line:
                self._away(row)
                row = None
            if row is None:
                row = self._row(line)
                made += 1
            self.rows.append(row)
            body.insertWidget(place, row)
            row.show()
            place += 1
            opened = self.opened
            if opened is not None and line.id == opened.identity:
                self._put_opened(row, opened)
                place += 1

    def _go_where_wanted(self) -> None:
        """Open the line, or go to the row, that was asked for, once it is there."""
        if self._wanted is not None:
            if self._whole or any(row.line.id == self._wanted for row in self.rows):
                wanted, self._wanted = self._wanted, None
                self._opens_next, self._focus_at = False, None
                self.open_line(wanted)
        elif self._opens_next:
            self._open_next()
        elif self._focus_at is not None and self.opened is None and self.rows:
            last = len(self.rows) - 1
            if self._focus_at > last and not self._whole:
                return
            row = self.rows[min(self._focus_at, last)]
            self._focus_at = None
            row.setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, line: Line) -> LineRow:
        row = LineRow(line, drags=self._changes and line.id is not None)
        row.clicked.connect(lambda *_: self.open_line(line.id))
        row.walked.connect(functools.partial(self._walk, row))
        row.shifted.connect(functools.partial(self._shift, row))
        row.dropped.connect(functools.partial(self._drop, row))
        return row

    def _away(self, row: QWidget) -> None:
        self.lines.body.removeWidget(row)
        row.hide()
        row.deleteLater()

    # ---- one that is open

    def open_line(self, identity: int | None) -> None:
        """Open a line; it is not there yet if it was gone to before it was read."""
        if identity is None or self.found is None:
            self._wanted = identity
            return
        row = next((row for row in self.rows if row.line.id == identity), None)
        if row is None:
            self._wanted = None if self._whole else identity
            return
        self.close_line()
        opened = OpenLine(
            self.desk, row.line, self.found.vocabularies,
            decides=self._decides, changes=self._is_open,
        )  # fmt: skip
        opened.closed.connect(self._close_and_stay)
        opened.recorded.connect(self._recorded)
        opened.off_asked.connect(lambda: self.off_asked.emit(opened.line))
        opened.back_asked.connect(lambda: self.back_asked.emit(opened.line))
        self.opened = opened
        self._put_opened(row, opened)
        opened.begin()
        self.came_up.emit(opened)

    def _put_opened(self, row: LineRow, opened: OpenLine) -> None:
        self.lines.body.insertWidget(self.lines.body.indexOf(row) + 1, opened)
        row.hide()
        opened.show()

    def close_line(self) -> None:
        """Close the line that is open; what was typed stays as its draft."""
        opened, self.opened = self.opened, None
        if opened is None:
            return
        for row in self.rows:
            if row.line.id == opened.identity:
                row.show()
        self._away(opened)

    def _close_and_stay(self) -> None:
        opened = self.opened
        self.close_line()
        for row in self.rows:
            if opened is not None and row.line.id == opened.identity:
                row.setFocus(Qt.FocusReason.OtherFocusReason)

    def _recorded(self, done: Done, words: str) -> None:
        self._go_on = True
        offer_undo(self.desk, words, done.changes)

    def _open_next(self) -> None:
        """Open the next line that nobody has said anything about."""
        self._opens_next = False
        for row in self.rows:
            if row.line.state is State.TO_DO and row.line.id is not None:
                self.open_line(row.line.id)
                return
        if not self._whole:
            # such a line may still come
            self._opens_next = True
            return
        self.close_line()
        if self.rows:
            self.rows[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def begin(self) -> None:
        """Open the first line that is to be spoken of, for whoever records outcomes."""
        if self.opened is None and self._decides and self._is_open:
            self._open_next()

    # ---- their order

    def _walk(self, row: LineRow, step: int) -> None:
        shown = [one for one in self.rows if not one.isHidden()]
        if row in shown:
            place = min(max(shown.index(row) + step, 0), len(shown) - 1)
            shown[place].setFocus(Qt.FocusReason.OtherFocusReason)

    def _shift(self, row: LineRow, step: int) -> None:
        if row in self.rows:
            self._put(row, self.rows.index(row) + step)

    def _drop(self, row: LineRow, at: int) -> None:
        middles = [one.y() + one.height() / 2 for one in self.rows if one is not row]
        self._put(row, sum(at > middle for middle in middles))

    def _put(self, row: LineRow, place: int) -> None:
        self._placing.finish()
        lines = [one.line.id for one in self.rows]
        if self.found is None or not self._changes or None in lines:
            return
        place = min(max(place, 0), len(lines) - 1)
        identity = row.line.id
        lines.remove(identity)
        lines.insert(place, identity)
        sitting = self.found.agenda.sitting.id
        wanted = [one for one in lines if one is not None]

        def moved(done: Done) -> None:
            if done.changes:
                offer_undo(self.desk, f"Line moved to place {place + 1}.", done.changes)

        self.desk.jobs.write(
            lambda home: doing.order(home, sitting, wanted), moved, self.desk.trouble, owner=self
        )

    @property
    def subtitle(self) -> str:
        """When it is and who comes, in a sentence."""
        if self.found is None:
            return " "
        sitting = self.found.agenda.sitting
        who = f" {sitting.who} comes." if sitting.who and sitting.status == PLANNED else ""
        note = f" {sitting.note}" if sitting.note else ""
        ends = {"happened": " It was held.", "cancelled": " It was called off."}
        end = ends.get(
            sitting.status, " Built from what is still open." if self.found.agenda.builds else ""
        )
        return f"{times.show_time(sitting.at)}.{who}{end}{note}"


def _key(line: Line) -> object:
    return line.id or line.source
