"""The backups made from this PC, and how each stands."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.services import looking_in
from liaison.services.backups import State
from liaison.store.backup import AUTOMATIC
from liaison.ui.parts.asking_files import plain_size
from liaison.ui.parts.upkeep import source_at
from liaison.ui.widgets import Button, Card, Divider, FlowRow, StateChip, Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.backups import Standing
    from liaison.services.upkeep import Made
    from liaison.store.verify import Report
    from liaison.ui.desk import Desk
    from liaison.ui.jobs import Progress

_FEW: Final = 6
_CHIPS: Final = {
    State.GOOD: ("ok", "Good when made, still there"),
    State.NOT_HERE: ("info", "Its disk is not connected"),
    State.GONE: ("late", "Not there any more"),
    State.CHANGED: ("late", "Changed since: do not rely on it"),
}


class BackupList(Card):
    """The newest backups, each with the way to check all of it.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Backups made from this PC", parent=parent)
        self._desk = desk
        self._shown: tuple[tuple[Made, State], ...] = ()
        self._every = False
        self._said: dict[str, tuple[str, str]] = {}
        self.rows: list[Row] = []
        self._lines = QWidget()
        self._column = spaced(QVBoxLayout(self._lines), 0)
        self.none = Wrap("None yet.", "muted")
        self.more = Button("Show all", "chevron-down", Button.QUIET, small=True)
        self.more.clicked.connect(self._show_every)
        self.add(self.none)
        self.add(self._lines)
        self.add(self.more)

    def show_standing(self, standing: Standing) -> None:
        """Show which there are now."""
        if standing.made != self._shown or not self.rows:
            self._shown = standing.made
            self._deal()

    def _show_every(self) -> None:
        self._every = True
        self._deal()

    def _deal(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = []
        shown = self._shown if self._every else self._shown[:_FEW]
        for place, (made, state) in enumerate(shown):
            if place:
                self._column.addWidget(Divider())
            # what a check has found holds for as long as the file is as it was
            row = Row(made, state, self._said.get(made.file) if state is State.GOOD else None)
            row.check.clicked.connect(partial(self.check, row))
            self._column.addWidget(row)
            self.rows.append(row)
        self.none.setVisible(not shown)
        self._lines.setVisible(bool(shown))
        self.more.setVisible(len(shown) < len(self._shown))

    def check(self, row: Row) -> None:
        """Go over all of a backup."""
        source = source_at(self._desk)
        file = Path(row.made.file)
        row.say("info", "Being checked...", "hourglass")
        row.check.setEnabled(False)

        def look(progress: Progress) -> Report:
            def tell(step: str, done: int, total: int) -> None:
                progress(done, total, step)

            return looking_in.check(file, source, tell)

        self._desk.jobs.run(
            look, partial(self._checked, row.made.file), partial(self._damaged, row.made.file),
            owner=self,
        )  # fmt: skip

    def _checked(self, file: str, report: Report) -> None:
        if report.damage:
            self._say(file, "late", f"Damaged: {report.damage[0].what}")
        elif report.changes:
            self._say(file, "ok", f"All of it is good: {report.changes:,} changes")
        else:
            self._say(file, "ok", "Whole; made before the keys were changed")

    def _damaged(self, file: str, error: UserError) -> None:
        self._say(file, "late", error.what)

    def _say(self, file: str, state: str, words: str) -> None:
        self._said[file] = (state, words)
        for row in self.rows:
            if row.made.file == file:
                row.say(state, words)
                row.check.setEnabled(True)


class Row(QWidget):
    """One backup.

    Args:
        made: It, as it was made.
        state: How it stands.
        said: What a check of all of it has found: a state and words.
    """

    def __init__(self, made: Made, state: State, said: tuple[str, str] | None) -> None:
        super().__init__()
        self.made = made
        words = spaced(QVBoxLayout(self), 2, (0, 8, 0, 8))
        when = times.show_time(made.moment)
        words.addWidget(Text(when, "label"))
        way = "By itself" if made.way == AUTOMATIC else "By hand"
        where = "away from this PC" if made.away else "on this PC"
        file = Wrap(
            f"{way}, {where}, {plain_size(made.length)}. {made.file}", "secondary", widest=620
        )
        words.addWidget(file)
        # they go under each other where the text is large
        below = FlowRow(gap=8)
        self.chip = StateChip(*(said or _CHIPS[state]))
        below.flow.addWidget(self.chip)
        self.check = Button("Check all of it", "shield-check", small=True)
        self.check.setAccessibleName(f"Check all of the backup of {when}")
        if state not in {State.GOOD, State.CHANGED}:
            self.check.hide()
        below.flow.addWidget(self.check)
        words.addWidget(below)

    def say(self, state: str, words: str, icon: str = "") -> None:
        """Show what was found."""
        self.chip.set_state(state, words, icon)
