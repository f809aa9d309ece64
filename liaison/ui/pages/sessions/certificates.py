"""Certificates dropped on a session: whose each one is, asked where its name does not say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.services import attachments, certificates
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    ComboBox,
    FlowRow,
    ScrollPage,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.errors import UserError
    from liaison.services.attachments import Incoming
    from liaison.services.certificates import Certified
    from liaison.services.homes import OpenHome
    from liaison.services.sessions import Occasion
    from liaison.ui.desk import Desk

EVERYBODY: Final = 0
_UNKNOWN: Final = -1


class CertificateSheet(QWidget):
    """A line for each file, with whose it is.

    Args:
        desk: The desk.
        session: The session; somebody attended it.
        files: The files.
    """

    done = Signal()
    """They are kept."""

    def __init__(
        self, desk: Desk, session: Occasion, files: Sequence[Path], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self._files = tuple(files)
        self._holders = {seat.record: seat for seat in session.came if seat.record is not None}
        self.banner = Banner("late", "")
        self.banner.hide()
        self.choices: list[ComboBox] = []
        card = Card("Whose certificate is it?", "paperclip", note=session.course)
        words = "Each is kept with the training it proves. Nothing is kept before you press Keep."
        card.add(Wrap(words, "muted"))
        named = certificates.suggested(session, [file.name for file in self._files])
        lines = ScrollPage(spacing=8, margins=(0, 0, 0, 0))
        for file, record in zip(self._files, named, strict=True):
            lines.body.addWidget(self._line(file.name, record))
        lines.body.addStretch(1)
        card.add(lines, 1)
        self.save_button = Button("Keep", "check", Button.PRIMARY, shortcut="Ctrl+S")
        self.save_button.clicked.connect(self.save)
        column = spaced(QVBoxLayout(self), 12)
        column.addWidget(self.banner)
        column.addWidget(card, 1)
        column.addWidget(FlowRow((self.save_button,)))
        self.setAccessibleName("Certificates")

    def _line(self, name: str, record: int | None) -> QWidget:
        part = QWidget()
        row = spaced(QHBoxLayout(part), 12)
        row.addWidget(Wrap(name, "label"), 1)
        people = [(one, seat.name) for one, seat in self._holders.items()]
        choice = ComboBox([(_UNKNOWN, "Choose whose it is"), *people, (EVERYBODY, "Everybody")])
        choice.set_value(_UNKNOWN if record is None else record)
        choice.setAccessibleName(f"Whose certificate {name} is")
        self.choices.append(choice)
        row.addWidget(choice)
        if record is not None:
            row.addWidget(Text("by its name", "secondary"))
        return part

    def save(self, *_: object) -> None:
        """Read the files and keep them, all of them or none."""
        if not self.save_button.isEnabled():
            return
        chosen = [choice.value for choice in self.choices]
        if _UNKNOWN in chosen:
            place = chosen.index(_UNKNOWN)
            self.banner.say("late", f"Choose whose {self._files[place].name} is.")
            self.choices[place].setFocus()
            return
        self.banner.hide()
        self.save_button.setEnabled(False)
        files = self._files

        def keep(incoming: list[Incoming]) -> None:
            pairs = [
                (record, file)
                for whom, file in zip(chosen, incoming, strict=True)
                for record in (self._holders if whom == EVERYBODY else (whom,))
                if isinstance(record, int)
            ]

            def write(home: OpenHome) -> Certified:
                return certificates.certify(home, pairs)

            self.desk.jobs.write(write, self._kept, self._fail, owner=self)

        self.desk.jobs.run(
            lambda _: [attachments.read_file(file) for file in files], keep, self._fail, owner=self
        )

    def _kept(self, done: Certified) -> None:
        words = (
            "1 certificate kept." if done.attached == 1 else f"{done.attached} certificates kept."
        )
        if done.known:
            words += f" {', '.join(done.known)} was there already."
        offer_undo(self.desk, words, done.changes)
        self.done.emit()

    def _fail(self, error: UserError) -> None:
        self.save_button.setEnabled(True)
        self.banner.say("late", error.message)
