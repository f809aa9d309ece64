"""A document on its way out of the house: a file with a password, and a message to attach it to."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QUrl, QUrlQuery
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from liaison.errors import UserError
from liaison.files import discard, plain_errors, replace_file
from liaison.reports.protection import new_password, protect
from liaison.reports.spec import Document
from liaison.services import mailing, reporting
from liaison.ui import theme, walking
from liaison.ui.parts.asking_files import ask_where_to_save
from liaison.ui.widgets import Banner, Button, Card, CheckBox, Text, Wrap, announce, spaced
from liaison.ui.widgets.returning import Place

if TYPE_CHECKING:
    from liaison.services.reporting import Written
    from liaison.ui.desk import Desk
    from liaison.ui.job import Job, Progress
    from liaison.ui.jobs import Jobs

_WIDTH: Final = 560
_ROOM: Final = 500
_TAKEN: Final = "The mail program has a new message with the file."


@dataclasses.dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to leave.

    Args:
        title: What people call it: "Visits".
        file_name: The name that is offered for the file.
        document: The pages.
        names: Whether it names residents or staff.
    """

    title: str
    file_name: str
    document: Document
    names: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class _Saved:
    """The file as it was written, and what it replaced; None if nothing lay there."""

    written: Written
    before: bytes | None


class SendDialog(QDialog):
    """Asks how a document is to leave, writes the file, and shows its password this once.

    Args:
        desk: The desk.
        parent: The window it belongs to.
        what: What is to leave.
        noted: Told what was written and how it left, for the audit: never the password.
    """

    def __init__(
        self, desk: Desk, parent: QWidget, what: Outgoing, noted: Callable[[Written, str], object]
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._what = what
        self._noted = noted
        self._writing: Job | None = None
        self.file_dialog: QFileDialog | None = None
        self.setWindowTitle("Send it outside the home")
        self.setAccessibleName(self.windowTitle())
        self.setModal(True)
        self._before = Place(parent)
        self.finished.connect(self._leave)
        desk.closing.connect(self._stop)
        self.question = Wrap(f"How shall “{what.title}” leave?", "question", widest=_ROOM)
        self.protects = CheckBox("Protect the file with a password", on=True)
        self.protects.toggled.connect(lambda _: self._tell())
        self.reminder = Wrap("", "secondary", widest=_ROOM)
        self.banner = Banner("late", "")
        self.banner.hide()
        self.card = Card("The password of this file")
        self.password = Text("", "phone")
        self.password.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.card.add(self.password)
        self.card.add(
            Wrap(
                "Write it down now: it is shown this once and kept nowhere, and it goes when "
                "Liaison is locked. Tell it by phone or in person, never in the message that has "
                "the file.",
                "secondary",
                widest=_ROOM,
            )
        )
        self.card.hide()
        self.cancel = Button("Cancel")
        self.cancel.clicked.connect(self.reject)
        self.only_save = Button("Only save the file", "download")
        self.only_save.clicked.connect(lambda *_: self._ask(mails=False))
        self.mail = Button("Save and open the mail program", "mail", Button.PRIMARY)
        self.mail.clicked.connect(lambda *_: self._ask(mails=True))
        self.done_button = Button("Done", "check", Button.PRIMARY)
        self.done_button.clicked.connect(self.accept)
        self.done_button.hide()
        self._lay_out()
        self._tell()

    def _lay_out(self) -> None:
        column = spaced(QVBoxLayout(self), 14, (24, 20, 24, 20))
        for part in (self.question, self.protects, self.reminder, self.card, self.banner):
            column.addWidget(part)
        column.addStretch(1)
        row = spaced(QHBoxLayout(), 8)
        row.addStretch(1)
        for button in (self.cancel, self.only_save, self.mail, self.done_button):
            row.addWidget(button)
        column.addLayout(row)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        window = self.parentWidget()
        room = window.window().size() if window is not None else self.sizeHint()
        self.resize(min(theme.px(_WIDTH + 80), room.width() - 40), theme.px(300))

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001  # Qt's own signature
        """Go on by Tab as one reads."""
        return walking.walk(self, forward=forward)

    def _tell(self) -> None:
        """Say what the choice means."""
        about = " It names people of the home." if self._what.names else ""
        if self.protects.isChecked():
            words = (
                f"Whoever gets the file needs its password to read it.{about} "
                "The password is made up for you and shown once."
            )
        else:
            words = f"Anybody who gets hold of the file, or of the message, can read it.{about}"
        self.reminder.setText(words)

    # ---- the file

    def _ask(self, *, mails: bool) -> None:
        self.file_dialog = ask_where_to_save(
            self, "Save the file", self._what.file_name, "PDF (*.pdf)",
            lambda file: self.save_to(file, mails=mails),
        )  # fmt: skip

    def save_to(self, file: Path, *, mails: bool) -> None:
        """Write the file, and open a message for it if wanted.

        Args:
            file: The file.
            mails: Whether the mail program is opened with it.
        """
        home = self._desk.jobs.home
        if home is None:
            return
        desk, folder, document = self._desk, home.folder, self._what.document
        protects = self.protects.isChecked()
        password = new_password() if protects else ""
        self._allow(allowed=False)

        def write(progress: Progress) -> _Saved:
            reporting.refuse_file(folder, file)
            content = protect(document.content, password) if password else document.content
            before = _content(file)
            # a file that it was to replace stays if nobody waits for it any more
            progress.check()
            written = reporting.keep(folder, Document(document.pages, content), file)
            return _Saved(written, before)

        def done(saved: _Saved) -> None:
            how = " by e-mail" if mails else ""
            self._noted(saved.written, f"{how}, with a password" if protects else how)
            self._show(saved.written, password)
            if mails:
                self._mail(saved.written.file)

        self._writing = desk.jobs.run(
            write,
            done,
            self._failed,
            owner=self,
            dropped=lambda saved: _take_back(desk.jobs, saved),
        )

    def _mail(self, file: Path) -> None:
        """Have a message opened with the file, also if the dialog is put away meanwhile."""
        desk, title = self._desk, self._what.title
        home = desk.jobs.home

        def attach(_: Progress) -> bool | None:
            # locked while other work went first: nothing of the home comes to the front any more
            is_open = home is not None and desk.jobs.home is home
            return mailing.attach(file, title) if is_open else None

        def told(attached: bool | None) -> None:  # noqa: FBT001  # the answer of a job
            if attached is None:
                return
            words = _TAKEN if attached else _open_by_hand(title, file)
            if isValid(self) and self.isVisible():
                self.banner.say("info", words)
            else:
                desk.say(words)

        desk.jobs.run(attach, told, owner=desk)

    def _failed(self, error: UserError) -> None:
        self._allow(allowed=True)
        self.banner.say("late", str(error))

    def _allow(self, *, allowed: bool) -> None:
        for button in (self.only_save, self.mail, self.protects):
            button.setEnabled(allowed)

    def reject(self) -> None:
        """Close it; a file that is being written does not come to be.

        Nobody would see its password, and the audit would not hear that it left.
        """
        if self._writing is not None:
            self._writing.cancel()
        super().reject()

    def _stop(self) -> None:
        """Close it on a file that is being written: nobody would see its password."""
        if self._writing is not None and not self._writing.ended:
            self.reject()
            self._desk.say(f"“{self._what.title}” was not saved.")

    def _show(self, written: Written, password: str) -> None:
        """Say what was done; show the password, if there is one."""
        for part in (self.protects, self.reminder, self.cancel, self.only_save, self.mail):
            part.hide()
        self.question.setText(f"Saved as {written.file.name}.")
        if password:
            self.password.setText(password)
            self.password.setAccessibleName(f"Password {' '.join(password)}")
            self.card.show()
        self.done_button.show()
        self.done_button.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self.question.text())

    def _leave(self) -> None:
        self._before.give_back()
        # its window would keep it, and the password, until the program ends
        self.deleteLater()


def _open_by_hand(title: str, file: Path) -> str:
    """Open a message and the file's folder: this PC cannot attach it for anybody.

    Returns:
        What is left to be done by hand.
    """
    message = QUrl("mailto:")
    asked = QUrlQuery()
    asked.addQueryItem("subject", title)
    message.setQuery(asked)
    opened = QDesktopServices.openUrl(message)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))
    first = "A new message was opened." if opened else "Open a new message in your mail program."
    return f"{first} Attach {file.name} to it; its folder is {file.parent}."


def _content(file: Path) -> bytes | None:
    """Return what lies where a file is to be written; None if nothing does."""
    with plain_errors(file):
        return file.read_bytes() if file.exists() else None


def _take_back(jobs: Jobs, saved: _Saved) -> None:
    """Undo the writing of a file nobody has the password of; nobody knows that it was there."""
    if saved.before is None:
        discard(saved.written.file)
        return
    try:
        replace_file(saved.written.file, saved.before)
    except UserError as error:
        jobs.trouble.emit(error)
