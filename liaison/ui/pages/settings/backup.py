"""Backup: by themselves and by hand, those there are, and the way back into a new folder."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from liaison.services import backups
from liaison.ui import clock
from liaison.ui.pages.settings.backup_list import BackupList
from liaison.ui.pages.settings.backup_plan import PlanCard
from liaison.ui.pages.settings.section import CardsSection
from liaison.ui.parts.asking_files import ask_where_to_save, plain_size
from liaison.ui.parts.bring_back import BringBack
from liaison.ui.parts.upkeep import telling
from liaison.ui.widgets import Banner, Button, ProgressLine, StateChip, Wrap, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.backups import Source, Standing
    from liaison.services.upkeep import Made
    from liaison.ui.desk import Desk
    from liaison.ui.jobs import Job

_LONG_AGO: Final = 30
KIND: Final = f"Backup of Liaison (*{backups.SUFFIX})"


class BackupSection(CardsSection):
    """Making a backup, those there are, and bringing one back."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.dialog: QFileDialog | None = None
        self._job: Job | None = None
        self._make_card()
        self._turn = 0
        self.plan = PlanCard(desk)
        self.sheet.body.addWidget(self.plan)
        self.list = BackupList(desk)
        self.sheet.body.addWidget(self.list)
        self.restore = BringBack(desk.jobs, person=desk.person.name, today=desk.today)
        self.restore.begin_beside(self._folder.parent)
        self.restore.brought.connect(self._brought)
        self.restore.banner.pressed.connect(self._use_next)
        self.sheet.body.addWidget(self.restore)
        self.sheet.body.addStretch(1)
        self._back: Path | None = None
        desk.backups_changed.connect(self.refresh)

    def _make_card(self) -> None:
        card = self.card(
            "Make a backup",
            "One encrypted file with everything in it, checked when it is written; you can go on "
            "working. Keep it away from this PC: on a USB stick in the safe, say. The passwords of "
            "today open it.",
        )
        self.button = Button("Make a backup now", "usb", Button.PRIMARY)
        self.button.clicked.connect(self._ask)
        self.stop = Button("Stop")
        self.stop.hide()
        self.stop.clicked.connect(self._stop)
        self.last = StateChip("none", "")
        self.away = Wrap("", "secondary", widest=760)
        self.line = ProgressLine("Making the backup")
        self.line.hide()
        self.banner = Banner("ok", "")
        self.banner.hide()
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.button)
        row.addWidget(self.stop)
        row.addWidget(self.last)
        row.addStretch(1)
        card.add(row)
        card.add(self.away)
        card.add(self.line)
        card.add(self.banner)

    @property
    def _folder(self) -> Path:
        home = self.desk.jobs.home
        return home.folder if home is not None else Path()

    # ---- how it stands

    def refresh(self) -> None:
        """Look anew at what backups there are."""
        if self.desk.jobs.home is None:
            return
        folder, now = self._folder, self.desk.now()
        self._turn += 1
        turn = self._turn
        self.desk.jobs.run(
            lambda _: backups.standing(folder, now),
            lambda standing: self._show(standing, turn),
            owner=self,
        )

    def _show(self, standing: Standing, turn: int) -> None:
        if turn != self._turn:
            # whoever looked first may be done last: it is no longer how things stand
            return
        self.plan.show_standing(standing)
        self.list.show_standing(standing)
        today = self.desk.today()
        if standing.last is None:
            self.last.set_state("late", "None made from this PC yet")
        else:
            days = (today - standing.last.date()).days
            stale = backups.STALE.days
            state = "ok" if days < stale else "due" if days < _LONG_AGO else "late"
            self.last.set_state(state, f"Last made {clock.ago(standing.last, today)}")
        if standing.last_away is None:
            words = "There is none away from this PC yet: if it is stolen, everything is lost."
        else:
            words = (
                f"The last one away from this PC was made {clock.ago(standing.last_away, today)}."
            )
        self.away.setText(words)

    # ---- making one

    def _ask(self) -> None:
        name = self.desk.settings.home(self._folder).name
        file = backups.file_name(name, self.desk.now(), clock=False)
        self.dialog = ask_where_to_save(
            self, "Where to keep the backup", file, KIND, self.back_up_to, sure=False
        )

    def back_up_to(self, file: Path) -> None:
        """Make a backup in a file."""
        self.button.setEnabled(False)
        self.banner.hide()
        self.line.show_progress(0, 0)
        self.line.show()
        self.stop.show()
        self.desk.jobs.write(
            backups.asked_for, lambda source: self._make(source, file), self._failed, owner=self
        )

    def _make(self, source: Source, file: Path) -> None:
        # not on the writer's thread: people go on saving
        source = dataclasses.replace(source, clock=self.desk.now)
        self._job = self.desk.jobs.run(
            lambda progress: backups.back_up(source, file, tell=telling(progress)),
            self._done, self._failed, owner=self,
        )  # fmt: skip
        self._job.progress.connect(lambda done, total, _: self.line.show_progress(done, total))

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._rest()
        self.banner.say("info", "Stopped. No backup was made; any older one is as it was.")

    def _done(self, made: Made) -> None:
        self._rest()
        where = "Take it away from this PC." if not made.away else "Keep it in a safe place."
        self.banner.say(
            "ok", f"Backed up and checked: {made.file}, {plain_size(made.length)}. {where}"
        )
        self.desk.note("backed up", detail=backups.noted(made))
        settings = self.desk.settings.with_home(self._folder, backed_up_at=made.moment)
        self.desk.set(settings)
        self.desk.backups_changed.emit()

    def _failed(self, error: UserError) -> None:
        self._rest()
        self.banner.say("late", str(error))

    def _rest(self) -> None:
        self._job = None
        self.line.hide()
        self.stop.hide()
        self.button.setEnabled(True)

    # ---- what came back

    def _brought(self, folder: Path) -> None:
        self._back = folder
        self.restore.banner.say(
            "ok",
            f"Brought back into {folder}. The home that is open now is as it was.",
            "Open it at the next start",
        )

    def _use_next(self) -> None:
        if self._back is None:
            return
        before = self.desk.settings.last_home
        self.desk.set(dataclasses.replace(self.desk.settings, last_home=str(self._back)))
        self.restore.banner.hide()

        def undo() -> None:
            self.desk.set(dataclasses.replace(self.desk.settings, last_home=before))

        self.desk.say("The next start opens the home that was brought back.", undo)
