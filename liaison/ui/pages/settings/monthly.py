"""The monthly summary in the settings: whether it is made, where it goes, and what opens it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from liaison.records.rules.times import show_plain_date
from liaison.services import monthly
from liaison.ui.pages.settings.section import CardsSection
from liaison.ui.parts.asking_files import ask_for_folder
from liaison.ui.threshold.choosing import ChoosePassword
from liaison.ui.widgets import Banner, Button, Field, LineEdit, StateChip, Wrap, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.monthly import Plan
    from liaison.ui.desk import Desk


class MonthlySection(CardsSection):
    """Such a section."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.dialog: QFileDialog | None = None
        self._plan: Plan | None = None
        card = self.card(
            "Monthly summary",
            "The page “At a glance” of the month that is over, as a PDF file, made at the first "
            "start of each month. Residents and staff are not named in it, and it opens only with "
            "the password you set here. Liaison keeps that password with the home's records, and "
            "never shows it again.",
        )
        self.chip = StateChip("none", "")
        self.last = Wrap("", "secondary", widest=760)
        head = spaced(QHBoxLayout(), 12)
        head.addWidget(self.chip)
        head.addStretch(1)
        self.folder = LineEdit()
        self.folder.setReadOnly(True)
        self.choose = Button("Choose a folder", "folder-open", small=True)
        self.choose.clicked.connect(self._ask)
        self.place = Field("Where the files go", self.folder)
        self.password = ChoosePassword("Password of the files")
        self.password.changed.connect(self._tell)
        self.another = Button("Set another password", "key-round", small=True)
        self.another.clicked.connect(lambda *_: self._set_another())
        self.missing = Wrap("", "secondary", widest=760)
        self.on = Button("Switch it on", "check", Button.PRIMARY)
        self.on.clicked.connect(self._switch_on)
        self.off = Button("Switch it off")
        self.off.clicked.connect(self._switch_off)
        self.banner = Banner("late", "")
        self.banner.hide()
        choosing = spaced(QHBoxLayout(), 8)
        choosing.addWidget(self.choose)
        choosing.addWidget(self.another)
        choosing.addStretch(1)
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(self.on)
        row.addWidget(self.off)
        row.addStretch(1)
        for part in (head, self.last, self.place, choosing, self.password, self.missing, row,
                     self.banner):  # fmt: skip
            card.add(part)
        self.sheet.body.addStretch(1)
        self._tell()

    def refresh(self) -> None:
        """Read how it is made."""
        if self.desk.jobs.home is not None:
            self.desk.jobs.read(
                monthly.plan_of, self._show, latest=(id(self), "monthly"), owner=self
            )

    def _show(self, plan: Plan) -> None:
        self._plan = plan
        self.folder.setText(plan.folder)
        if plan.failed:
            self.chip.set_state("late", "The last one was not made")
        elif plan.on:
            self.chip.set_state("ok", "Switched on")
        else:
            self.chip.set_state("none", "Switched off")
        words = "The first one is made at the next start of Liaison." if plan.on else ""
        if plan.made is not None:
            words = f"The last one was made of the month from {show_plain_date(plan.made)}."
        self.last.setText(f"{words} {plan.failed}".strip())
        self.last.setVisible(bool(self.last.text()))
        self.password.setVisible(not plan.password)
        self.another.setVisible(bool(plan.password))
        self.off.setVisible(plan.on)
        self.on.set_words("Keep this" if plan.on else "Switch it on")
        self._tell()

    def _set_another(self) -> None:
        self.password.show()
        self.password.first.setFocus()
        self.another.hide()
        self._tell()

    @property
    def _needs_password(self) -> bool:
        # not isVisible: nothing is while the section is behind another
        return not self.password.isHidden()

    def _tell(self) -> None:
        """Say what is missing before it can be switched on."""
        lacks = ""
        if not self.folder.text():
            lacks = "Choose a folder first."
        elif self._needs_password and self.password.missing:
            lacks = f"{self.password.missing}."
        self.missing.setText(lacks)
        self.missing.setVisible(bool(lacks))
        self.on.setEnabled(not lacks)

    def _ask(self) -> None:
        self.dialog = ask_for_folder(self, "A folder for the summaries", self.use_folder)

    def use_folder(self, folder: Path) -> None:
        """Let them go to a folder, once it is switched on or kept."""
        self.folder.setText(str(folder))
        self._tell()

    def _switch_on(self, *_: object) -> None:
        folder = Path(self.folder.text())
        password = self.password.password if self._needs_password else ""
        self.banner.hide()
        self.desk.jobs.write(
            lambda home: monthly.switch_on(home, folder, password), self._changed, self._failed,
            owner=self,
        )  # fmt: skip

    def _switch_off(self, *_: object) -> None:
        self.banner.hide()
        self.desk.jobs.write(monthly.switch_off, self._changed, self._failed, owner=self)

    def _changed(self, plan: Plan) -> None:
        self.password.clear()
        self._show(plan)
        state = "is made by itself from now on" if plan.on else "is switched off"
        self.desk.say(f"The monthly summary {state}.")

    def _failed(self, error: UserError) -> None:
        self.banner.say("late", str(error))
