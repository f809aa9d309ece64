"""Bringing a backup back: a file, a password of its time, a look inside, then a new folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.security.roles import ROLES
from liaison.services import backups, looking_in, restoring
from liaison.services.pcs import restored
from liaison.ui.parts.asking_files import ask_for_file, ask_for_folder, plain_size
from liaison.ui.parts.forgetting import LEFT, Forgetting
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    ComboBox,
    Field,
    FlowRow,
    LineEdit,
    ProgressLine,
    Segmented,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.security import KeyFile
    from liaison.services.looking_in import Inside
    from liaison.ui.jobs import Job, Jobs

_KINDS: Final = (f"Backup of Liaison (*{backups.SUFFIX})", "All files (*)")
_PASSWORD: Final = "password"  # noqa: S105  # a way in, no password
_SHEET: Final = "sheet"


class BringBack(Card):
    """Brings a backup back, into a folder of its own: what is here now is never touched.

    Args:
        jobs: Work off the window's thread; no home need be open.
        person: The name of whoever is here, if somebody is.
        today: Returns the present day.
        foot_apart: Whether :attr:`foot`, with what brings it back, is put somewhere else by
            whoever made this.
    """

    brought = Signal(object)
    """It is back: the folder (a ``Path``)."""

    def __init__(
        self,
        jobs: Jobs,
        *,
        person: str = "",
        today: Callable[[], dt.date],
        foot_apart: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Bring a backup back", parent=parent)
        self._jobs, self._person, self._today = jobs, person, today
        self.dialog: QFileDialog | None = None
        self._file: Path | None = None
        self._beside = Path.home()
        self._job: Job | None = None
        self.by_sheet = False
        """Whether the recovery sheet of its time opened it."""
        self.back = ""
        """What was brought back: which home, of which day, into which folder."""
        self._seen: Inside | None = None
        self.add(
            Wrap(
                "Look into a backup first; nothing is written for that. Then it comes back into a "
                "new folder, and a home that is here now stays as it is.",
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
        self.form = self._made_form()
        self.add(self.form)
        self.inside = self._made_inside()
        self.add(self.inside)
        self.foot = self._made_foot()
        """What brings it back, once the backup was looked into."""
        if not foot_apart:
            self.add(self.foot)
        self.line = ProgressLine("Opening the backup")
        self.line.hide()
        self.add(self.line)
        self.banner = Banner("ok", "")
        self.banner.hide()
        self.add(self.banner)
        self.forgetting = Forgetting(self, lambda: not self.line.isHidden(), self._left_alone)
        for edit in (self.password, self.key):
            edit.textChanged.connect(self.forgetting.typed)

    def _made_form(self) -> QWidget:
        form = QWidget(self)
        column = spaced(QVBoxLayout(form), 12)
        self.way = Segmented(
            [(_PASSWORD, "With a password"), (_SHEET, "With the recovery sheet")],
            "How it is opened",
        )
        self.way.set_value(_PASSWORD)
        self.way.changed.connect(lambda _: self._turn())
        column.addWidget(self.way)
        self.who = ComboBox([])
        self.who_field = Field("Who", self.who, "Whose password of that day you know.")
        self.password = LineEdit(password=True)
        self.password.returnPressed.connect(self.look)
        self.password_field = Field("Their password on that day", self.password)
        self.password.textEdited.connect(lambda _: self.password_field.set_error(None))
        self.key = LineEdit(limit=200)
        self.key.returnPressed.connect(self.look)
        self.key_field = Field(
            "Recovery key", self.key, "All nine blocks as they stand on the sheet of that time."
        )
        self.key.textEdited.connect(lambda _: self.key_field.set_error(None))
        for field in (self.who_field, self.password_field, self.key_field):
            column.addWidget(field)
        self.look_button = Button("Look inside", "eye", Button.PRIMARY)
        self.look_button.clicked.connect(self.look)
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.look_button)
        row.addStretch(1)
        column.addLayout(row)
        self.key_field.hide()
        form.hide()
        return form

    def _made_inside(self) -> QWidget:
        inside = QWidget(self)
        column = spaced(QVBoxLayout(inside), 12)
        told = Card(kind=Card.SUNK)
        self.told = [
            Text("", "card"),
            Wrap("", widest=720),
            Wrap("", widest=720),
            Wrap("", widest=720),
        ]
        for words in self.told:
            told.add(words)
        column.addWidget(told)
        self.folder_line = LineEdit(limit=1000)
        self.folder_line.setReadOnly(True)
        self.folder_button = Button("Another folder", "folder-open", small=True)
        self.folder_button.clicked.connect(self._ask_folder)
        where = spaced(QHBoxLayout(), 12)
        where.addWidget(Field("Bring it back into this new folder", self.folder_line), 1)
        column.addLayout(where)
        inside.hide()
        return inside

    def _made_foot(self) -> QWidget:
        foot = QWidget(self)
        column = spaced(QVBoxLayout(foot), 8)
        self._not_yet = Wrap("Nothing is brought back yet.", "muted", widest=760)
        column.addWidget(self._not_yet)
        self.go = Button("Bring it back", "archive-restore", Button.PRIMARY)
        self.go.clicked.connect(self._start)
        column.addWidget(FlowRow([self.go, self.folder_button], gap=12))
        foot.hide()
        return foot

    def _show_inside(self, *, shown: bool) -> None:
        self.inside.setVisible(shown)
        self.foot.setVisible(shown)

    # ---- which

    def begin_beside(self, folder: Path) -> None:
        """Offer a folder in this one for what comes back."""
        self._beside = folder

    def _ask_file(self) -> None:
        self.dialog = ask_for_file(self, "Choose a backup", _KINDS, self.use_file)

    def use_file(self, file: Path) -> None:
        """Look who can open a backup, then ask for a password."""
        self.banner.hide()
        self._show_inside(shown=False)
        self._jobs.run(
            lambda _: restoring.read_backup_keys(file),
            lambda keys: self._ask_who(file, keys),
            self._failed,
            owner=self,
        )

    def _ask_who(self, file: Path, keys: KeyFile) -> None:
        self._file = file
        self.name.setText(str(file))
        able = [person for person in keys.people if person.can_unlock]
        self.who.set_choices([(person.id, person.name) for person in able])
        names = [person.id for person in able if person.name == self._person]
        if able:
            self.who.set_value(names[0] if names else able[0].id)
        self.form.show()
        self._turn()

    def _turn(self) -> None:
        """Ask for what opens it: a password or the recovery key."""
        self.by_sheet = self.way.value == _SHEET
        self.who_field.setVisible(not self.by_sheet)
        self.password_field.setVisible(not self.by_sheet)
        self.key_field.setVisible(self.by_sheet)
        (self.key if self.by_sheet else self.password).setFocus()

    @property
    def _secret(self) -> tuple[str | None, str]:
        if self.by_sheet:
            return None, self.key.text()
        return str(self.who.value), self.password.text()

    # ---- a look inside

    def look(self) -> None:
        """Look into the backup; nothing is written."""
        file, (who, secret), sheet = self._file, self._secret, self.by_sheet
        if not secret.strip():
            if sheet:
                self.key_field.set_error("Type the recovery key first.")
                self.key.setFocus()
            else:
                self.password_field.set_error("Type the password first.")
                self.password.setFocus()
            return
        if file is None or not self.line.isHidden():
            return
        self._wait()
        self._jobs.run(
            lambda _: looking_in.look_inside(file, who, secret, recovery=sheet),
            self._looked, self._failed, owner=self,
        )  # fmt: skip

    def _looked(self, inside: Inside) -> None:
        self._rest()
        if not self._secret[1].strip():
            # the page was left meanwhile
            return
        title, made, counts, people = self.told
        title.setText(inside.home)
        last = f" The last change in it: {times.show_time(inside.last)}." if inside.last else ""
        size = plain_size(inside.size)
        made.setText(f"Backed up on {times.show_time(inside.made)}, {size}.{last}")
        there = ", ".join(inside.words)
        counts.setText(f"{there}." if there else "There are no records in it.")
        named = ", ".join(f"{name} ({ROLES.get(role, role)})" for name, role in inside.people)
        people.setText(f"Who may sign in, with the passwords of that day: {named}.")
        day = self._today()
        self.use_folder(self._beside / f"Brought back {day.day:02}.{day.month:02}.{day.year}")
        self._seen = inside
        self._show_inside(shown=True)
        self.go.setFocus()

    # ---- back

    def _ask_folder(self) -> None:
        self.dialog = ask_for_folder(self, "An empty folder for the backup", self.use_folder)

    def use_folder(self, folder: Path) -> None:
        """Bring it back into this folder."""
        self.folder_line.setText(str(folder))
        self.folder_line.setCursorPosition(0)
        self.folder_line.setToolTip(str(folder))

    def _start(self) -> None:
        file, folder = self._file, Path(self.folder_line.text())
        (who, secret), sheet = self._secret, self.by_sheet
        if file is None or not self.line.isHidden():
            return
        self._wait()

        def bring() -> tuple[Path, bool]:
            with restoring.restore_home(file, folder, who, secret, recovery=sheet) as home:
                return folder, restored.meet_again(home)

        self._jobs.run(lambda _: bring(), self._done, self._failed, owner=self)

    def _done(self, found: tuple[Path, bool]) -> None:
        folder, cut_off = found
        self._rest()
        self._forget()
        self.form.hide()
        if (seen := self._seen) is not None:
            self.back = (
                f"{seen.home}, as it was on {times.show_time(seen.made)}, was brought back into "
                f"the folder {folder}."
            )
            if cut_off:
                self.back += f" {restored.NOWHERE} Say where in Settings, Other PCs."
        self.brought.emit(folder)

    def _failed(self, error: UserError) -> None:
        self._rest()
        self.banner.say("late", str(error))
        if self.form.isHidden() or not self.inside.isHidden():
            return
        field = self.key if self.by_sheet else self.password
        field.setFocus()
        field.selectAll()

    # ---- what opens it

    def _left_alone(self) -> None:
        if self.password.text() or self.key.text():
            self._forget()
            self.banner.say("info", LEFT)

    def _forget(self) -> None:
        """Forget what opens it; it is looked into anew before it comes back."""
        self.password.clear()
        self.key.clear()
        self._show_inside(shown=False)
        self.forgetting.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget what was typed when the page is left; a window that is only put aside keeps it."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._forget()

    def _wait(self) -> None:
        self.look_button.setEnabled(False)
        self.go.setEnabled(False)
        self.line.show()
        self.banner.hide()

    def _rest(self) -> None:
        self.line.hide()
        self.look_button.setEnabled(True)
        self.go.setEnabled(True)
