"""Backup: a copy of everything in one file, and the way back from it into a new folder."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from liaison.services import homes
from liaison.ui import clock
from liaison.ui.pages.settings.section import CardsSection
from liaison.ui.parts.asking_files import (
    ask_for_file,
    ask_for_folder,
    ask_where_to_save,
    plain_size,
)
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    ComboBox,
    Field,
    LineEdit,
    ProgressLine,
    StateChip,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.security import KeyFile
    from liaison.services.homes import OpenHome
    from liaison.settings import Settings
    from liaison.ui.desk import Desk

_STALE_DAYS: Final = 7
_LONG_AGO: Final = 30
_KIND: Final = "Backup of Liaison (*.liaison-backup)"


class BackupSection(CardsSection):
    """Making a backup, and bringing one back."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.dialog: QFileDialog | None = None
        self._make_card()
        self.restore = Restore(desk)
        self.sheet.body.addWidget(self.restore)
        self.sheet.body.addStretch(1)
        desk.settings_changed.connect(self._tell)
        self._tell(desk.settings)

    def _make_card(self) -> None:
        card = self.card(
            "Make a backup",
            "One encrypted file with everything in it, checked when it is written. Keep it away "
            "from this PC: on a USB stick in the safe, say. The passwords of today open it.",
        )
        self.last = StateChip("none", "")
        self.button = Button("Make a backup now", "save", Button.PRIMARY)
        self.button.clicked.connect(self._ask)
        self.line = ProgressLine("Making the backup")
        self.line.setRange(0, 0)
        self.line.hide()
        self.banner = Banner("ok", "")
        self.banner.hide()
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.button)
        row.addWidget(self.last)
        row.addStretch(1)
        card.add(row)
        card.add(self.line)
        card.add(self.banner)

    @property
    def _folder(self) -> Path:
        home = self.desk.jobs.home
        return home.folder if home is not None else Path()

    def refresh(self) -> None:
        """Say anew how long ago the last backup was."""
        self._tell(self.desk.settings)

    def _tell(self, settings: Settings) -> None:
        at = settings.home(self._folder).backed_up_at
        if at is None:
            self.last.set_state("late", "None made from this PC yet")
            return
        days = (self.desk.today() - clock.in_london(at).date()).days
        state = "ok" if days < _STALE_DAYS else "due" if days < _LONG_AGO else "late"
        self.last.set_state(state, f"Last made {clock.ago(at, self.desk.today())}")

    def _ask(self) -> None:
        name = self.desk.settings.home(self._folder).name or "Liaison"
        day = self.desk.today()
        safe = "".join(letter for letter in name if letter.isalnum() or letter in " -_").strip()
        file = f"{safe or 'Liaison'} {day.day:02}.{day.month:02}.{day.year}.liaison-backup"
        self.dialog = ask_where_to_save(
            self, "Where to keep the backup", file, _KIND, self.back_up_to, sure=False
        )

    def back_up_to(self, file: Path) -> None:
        """Make a backup in a file."""
        self.button.setEnabled(False)
        self.banner.hide()
        self.line.show()

        def write(home: OpenHome) -> tuple[Path, int]:
            home.backup(file)
            return file, file.stat().st_size

        self.desk.jobs.write(write, self._done, self._failed, owner=self)

    def _done(self, made: tuple[Path, int]) -> None:
        file, size = made
        self._rest()
        self.banner.say(
            "ok", f"Backed up and checked: {file}, {plain_size(size)}. Take it away from this PC."
        )
        settings = self.desk.settings.with_home(self._folder, backed_up_at=self.desk.now())
        self.desk.set(settings)

    def _failed(self, error: UserError) -> None:
        self._rest()
        self.banner.say("late", str(error))

    def _rest(self) -> None:
        self.line.hide()
        self.button.setEnabled(True)


class Restore(Card):
    """Brings a backup back, into a folder of its own: what is here now is never touched.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Bring a backup back", parent=parent)
        self.desk = desk
        self.dialog: QFileDialog | None = None
        self._file: Path | None = None
        self._made: Path | None = None
        self.add(
            Wrap(
                "A backup comes back into a new folder, beside the home that is open now, which "
                "stays as it is. Look into the one that came back, then decide which to go on with.",
                "muted",
                widest=760,
            )
        )
        self.choose = Button("Choose a backup", "folder-open")
        self.choose.clicked.connect(self._ask_file)
        self.name = Wrap("No backup chosen yet.", "secondary", widest=560)
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.choose)
        row.addWidget(self.name, 1)
        self.add(row)
        self._make_form()
        self.banner = Banner("ok", "")
        self.banner.hide()
        self.banner.pressed.connect(self._use_next)
        self.add(self.banner)

    def _make_form(self) -> None:
        self.form = QWidget()
        self.who = ComboBox()
        self.password = LineEdit(password=True)
        self.folder_line = LineEdit()
        self.folder_line.setReadOnly(True)
        self.folder_button = Button("Choose a folder", "folder")
        self.folder_button.clicked.connect(self._ask_folder)
        self.go = Button("Bring it back", "archive-restore", Button.PRIMARY)
        self.go.clicked.connect(self._start)
        self.line = ProgressLine("Bringing the backup back")
        self.line.setRange(0, 0)
        self.line.hide()
        self.who_field = Field("Who are you?", self.who)
        self.password_field = Field(
            "Password", self.password, "The one of the day the backup was made", required=True
        )
        self.folder_field = Field("New folder", self.folder_line, "It is made there")
        inside = Card(kind=Card.SUNK)
        inside.add(self.who_field)
        inside.add(self.password_field)
        inside.add(self.folder_field)
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(self.folder_button)
        row.addStretch(1)
        row.addWidget(self.go)
        inside.add(row)
        inside.add(self.line)
        column = spaced(QHBoxLayout(self.form), 0)
        column.addWidget(inside)
        self.form.hide()
        self.password.returnPressed.connect(self._start)
        self.password.textEdited.connect(lambda _: self.password_field.set_error(None))
        self.add(self.form)

    def _ask_file(self) -> None:
        self.dialog = ask_for_file(self, "Choose a backup", [_KIND, "All files (*)"], self.use_file)

    def use_file(self, file: Path) -> None:
        """Look who can open a backup, then ask for a password and a folder."""
        self.banner.hide()
        self.desk.jobs.run(
            lambda _: homes.read_backup_keys(file),
            lambda keys: self._look(file, keys),
            self._failed,
            owner=self,
        )

    def _look(self, file: Path, keys: KeyFile) -> None:
        self._file = file
        self.name.setText(str(file))
        able = [person for person in keys.people if person.can_unlock]
        self.who.set_choices([(person.id, person.name) for person in able])
        names = [person.id for person in able if person.name == self.desk.person.name]
        self.who.set_value(names[0] if names else able[0].id)
        home = self.desk.jobs.home
        beside = home.folder.parent if home is not None else Path.home()
        day = self.desk.today()
        self.use_folder(beside / f"Brought back {day.day:02}.{day.month:02}.{day.year}")
        self.form.show()
        self.password.setFocus()

    def _ask_folder(self) -> None:
        self.dialog = ask_for_folder(self, "An empty folder for the backup", self.use_folder)

    def use_folder(self, folder: Path) -> None:
        """Bring it back into this folder."""
        self.folder_line.setText(str(folder))
        self.folder_line.setCursorPosition(0)
        self.folder_line.setToolTip(str(folder))

    def _start(self) -> None:
        file, folder = self._file, Path(self.folder_line.text())
        who, password = str(self.who.value), self.password.text()
        if not password:
            self.password_field.set_error("Type the password first.")
            self.password.setFocus()
            return
        if file is None or self.line.isVisible():
            return
        self.go.setEnabled(False)
        self.line.show()
        self.banner.hide()

        def bring() -> Path:
            homes.restore_home(file, folder, who, password).close()
            return folder

        self.desk.jobs.run(lambda _: bring(), self._done, self._failed, owner=self)

    def _done(self, folder: Path) -> None:
        self._rest()
        self._made = folder
        self.password.clear()
        self.form.hide()
        self.banner.say(
            "ok",
            f"Brought back into {folder}. The home that is open now is as it was.",
            "Open it at the next start",
        )

    def _failed(self, error: UserError) -> None:
        self._rest()
        self.banner.say("late", str(error))
        if self.form.isVisible():
            self.password.setFocus()
            self.password.selectAll()

    def _rest(self) -> None:
        self.line.hide()
        self.go.setEnabled(True)

    def _use_next(self) -> None:
        made = self._made
        if made is None:
            return
        before = self.desk.settings.last_home
        self.desk.set(dataclasses.replace(self.desk.settings, last_home=str(made)))
        self.banner.hide()

        def undo() -> None:
            self.desk.set(dataclasses.replace(self.desk.settings, last_home=before))

        self.desk.say("The next start opens the home that was brought back.", undo)
