"""Backups by themselves: whether, where, when, and what is kept."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from liaison.services import backups
from liaison.ui.parts.asking_files import ask_for_folder
from liaison.ui.widgets import Banner, Button, Card, CheckBox, ComboBox, Field, Wrap, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.backups import Standing
    from liaison.services.upkeep import Plan
    from liaison.ui.desk import Desk

_WORDS: Final = "Make backups by themselves: on closing, and every day"


class PlanCard(Card):
    """How backups are made by themselves.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Backups by themselves", parent=parent)
        self._desk = desk
        self._plan: Plan | None = None
        self.dialog: QFileDialog | None = None
        self.on = CheckBox(_WORDS, on=True)
        self.on.clicked.connect(lambda on: self._change(on=on))
        self.add(self.on)
        self.place = Wrap("", widest=760)
        self.choose = Button("Choose a folder", "folder-open", small=True)
        self.choose.clicked.connect(self._ask)
        self.beside = Button("Use the one beside the home", small=True)
        self.beside.clicked.connect(lambda: self._change(folder=""))
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(self.choose)
        row.addWidget(self.beside)
        row.addStretch(1)
        self.add(self.place)
        self.add(row)
        self.hour = ComboBox([(hour, f"{hour:02}:00") for hour in range(24)])
        self.hour.changed.connect(lambda hour: self._change(hour=hour))
        across = spaced(QHBoxLayout(), 16)
        across.addWidget(Field("Every day after", self.hour, "If the home is open then, or next."))
        across.addStretch(1)
        self.add(across)
        self.kept = Wrap("", "muted", widest=760)
        self.add(self.kept)
        self.banner = Banner("late", "", "Try again now")
        self.banner.pressed.connect(self._try_again)
        self.banner.hide()
        self.add(self.banner)

    def show_standing(self, standing: Standing) -> None:
        """Show how it is set, and whether the last one was made."""
        plan = self._plan = standing.plan
        self.on.setChecked(plan.on)
        self.hour.set_value(plan.hour)
        for part in (self.place, self.choose, self.hour, self.kept):
            part.setEnabled(plan.on)
        self.beside.setVisible(plan.on and bool(plan.folder))
        if standing.place_away:
            where = "That is away from this PC's own disk."
        elif plan.folder:
            where = (
                "That is on this PC's own disk: if the PC is stolen or its disk fails, they go too."
            )
        else:
            where = (
                "That is on the same PC: it helps against a mistake, not against theft or fire. "
                "Choose a stick, another disk or a folder that is copied elsewhere."
            )
        self.place.setText(f"They go to {standing.place}. {where}")
        keep = plan.keep
        self.kept.setText(
            f"Kept are the newest of {keep.daily} days, {keep.weekly} weeks and {keep.monthly} "
            "months. Older ones are removed once a newer one was found good; those made by hand "
            "are never removed."
        )
        if standing.failed is not None:
            self.banner.say(
                "late", f"The last one was not made. {standing.failed.what}", "Try again now"
            )
        else:
            self.banner.hide()

    def _ask(self) -> None:
        self.dialog = ask_for_folder(self, "A folder for backups", self.use_folder)

    def use_folder(self, folder: Path) -> None:
        """Let them go to a folder."""
        self._change(folder=str(folder))

    def _change(self, **to: object) -> None:
        if self._plan is None:
            return
        before = self._plan
        plan = dataclasses.replace(before, **to)  # type: ignore[arg-type]  # its own fields
        if plan == before:
            return
        # what is changed next is changed in this one, though it may not be kept yet
        self._plan = plan
        self._desk.jobs.write(
            lambda home: backups.set_plan(home, plan), lambda _: self._changed(),
            lambda error: self._failed(error, before), owner=self,
        )  # fmt: skip

    def _changed(self) -> None:
        self._desk.backups_changed.emit()

    def _failed(self, error: UserError, before: Plan) -> None:
        self._plan = before
        self.banner.say("late", str(error))
        self.on.setChecked(before.on)

    def _try_again(self) -> None:
        self.banner.hide()
        self._desk.backup_wanted.emit()
