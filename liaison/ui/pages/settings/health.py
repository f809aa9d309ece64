"""Health: how the home is on this PC, and the check of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.services import health
from liaison.services.health import State
from liaison.ui.pages.settings.section import CardsSection
from liaison.ui.parts.upkeep import source_at
from liaison.ui.widgets import (
    Banner,
    Button,
    Divider,
    ProgressLine,
    StateChip,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.health import Health, Line
    from liaison.services.upkeep import Checked
    from liaison.ui.desk import Desk
    from liaison.ui.jobs import Job, Progress

_CHIPS: Final = {
    State.GOOD: ("ok", "Good"),
    State.LOOK: ("due", "See to it"),
    State.BAD: ("late", "Wrong"),
    State.FACT: ("none", ""),
}
_WHOLE: Final = {
    State.GOOD: ("ok", "All is well."),
    State.LOOK: ("due", "Something is to be seen to."),
    State.BAD: ("late", "Something is wrong."),
}


class HealthSection(CardsSection):
    """Keys, database, backups, disk space and clock; and the check of everything."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.found: Health | None = None
        self._job: Job | None = None
        self.whole = Banner("info", "Being looked at...")
        self.sheet.body.addWidget(self.whole)
        self._lines = self.card("How this home is on this PC")
        self._inside = QWidget()
        self._column = spaced(QVBoxLayout(self._inside), 0)
        self._lines.add(self._inside)
        self.rows: list[Row] = []
        self._check_card()
        self.sheet.body.addStretch(1)
        desk.backups_changed.connect(self.refresh)

    def _check_card(self) -> None:
        card = self.card(
            "Check everything",
            "Every entry of the log, every signature and every record is gone through, and compared "
            "with what your backups have seen. You can go on working meanwhile.",
        )
        self.button = Button("Check everything now", "shield-check", Button.PRIMARY)
        self.button.clicked.connect(self.check)
        self.stop = Button("Stop")
        self.stop.clicked.connect(self.cancel)
        self.stop.hide()
        self.step = Wrap("", "secondary", widest=560)
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.button)
        row.addWidget(self.stop)
        row.addWidget(self.step, 1)
        card.add(row)
        self.line = ProgressLine("Checking everything")
        self.line.hide()
        card.add(self.line)
        self.banner = Banner("ok", "")
        self.banner.hide()
        card.add(self.banner)

    # ---- how it is

    def refresh(self) -> None:
        """Look anew."""
        source = source_at(self.desk)
        if source is not None:
            self.desk.jobs.run(lambda _: health.look(source), self._show, self._failed, owner=self)

    def _show(self, found: Health) -> None:
        self.found = found
        state, words = _WHOLE[found.state]
        at = times.show_time(found.at)
        if self.whole.accessibleName() != (told := f"{words} Looked at on {at}."):
            self.whole.say(state, told)
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = []
        for place, line in enumerate(found.lines):
            if place:
                self._column.addWidget(Divider())
            row = Row(line)
            self._column.addWidget(row)
            self.rows.append(row)

    def _failed(self, error: UserError) -> None:
        self.whole.say("late", str(error))

    # ---- everything

    def check(self) -> None:
        """Check everything, while people go on working."""
        source = source_at(self.desk)
        if source is None or self._job is not None:
            return
        self.button.setEnabled(False)
        self.stop.show()
        self.line.show_progress(0, 0)
        self.line.show()
        self.banner.hide()

        def work(progress: Progress) -> Checked:
            def tell(step: str, done: int, total: int) -> None:
                progress(done, total, step)

            return health.check_everything(source, tell)

        self._job = self.desk.jobs.run(work, self._checked, self._broken, owner=self)
        self._job.progress.connect(self._step)

    def _step(self, done: int, total: int, words: str) -> None:
        self.line.show_progress(done, total)
        self.step.setText(f"{words}: {done:,} of {total:,}" if total else words)

    def cancel(self) -> None:
        """Stop checking; nothing is kept of it."""
        if self._job is not None:
            self._job.cancel()
            self._rest()
            self.banner.say("info", "Stopped. What the last whole check has found stays as it is.")

    def _checked(self, found: Checked) -> None:
        self._rest()
        if found.damage:
            places = "one place" if found.damage == 1 else f"{found.damage} places"
            self.banner.say(
                "late",
                f"Damage was found in {places}. {found.first} Keep this folder as it is, and "
                "restore the newest backup into a new one.",
            )
        else:
            self.banner.say("ok", f"All {found.changes:,} changes are as they were written.")
        self.refresh()

    def _broken(self, error: UserError) -> None:
        self._rest()
        self.banner.say("late", str(error))

    def _rest(self) -> None:
        self._job = None
        self.line.hide()
        self.stop.hide()
        self.step.setText("")
        self.button.setEnabled(True)


class Row(QWidget):
    """One thing that was looked at.

    Args:
        line: What was found.
    """

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line = line
        row = spaced(QHBoxLayout(self), 12, (0, 10, 0, 10))
        words = spaced(QVBoxLayout(), 2)
        words.addWidget(Text(line.name, "label"))
        words.addWidget(Wrap(line.words, "secondary", widest=620))
        if line.do:
            words.addWidget(Wrap(line.do, widest=620))
        row.addLayout(words, 1)
        state, word = _CHIPS[line.state]
        self.chip = StateChip(state, word)
        row.addWidget(self.chip)
        if not word:
            self.chip.hide()
        self.setAccessibleName(f"{line.name}: {word or line.words}")
