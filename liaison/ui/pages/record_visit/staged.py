"""Files that go along with a visit once it is saved; until then their places are in its draft."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from liaison.services import attachments
from liaison.ui.parts.asking_files import plain_size
from liaison.ui.parts.attached import ask_for_files
from liaison.ui.widgets import Card, Elided, Icon, IconButton, Text, Wrap, announce, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.ui.desk import Desk
    from liaison.ui.pages.record_visit.typed import Sheet


class StagedFiles(Card):
    """The files that are to be attached; out of sight while there are none.

    Args:
        desk: The desk.
    """

    changed = Signal()
    """A file came or went."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(margins=(16, 10, 12, 10), parent=parent)
        self._desk = desk
        self._sheet: Sheet | None = None
        self.dialog: QFileDialog | None = None
        self.setAccessibleName("Files to attach")
        head = spaced(QHBoxLayout(), 8)
        head.addWidget(Icon("paperclip", "accent"))
        head.addWidget(Text("Attached when the visit is saved", "label"))
        head.addStretch(1)
        self.add(head)
        self._lines = QWidget()
        self._rows = spaced(QVBoxLayout(self._lines), 4)
        self.add(self._lines)
        self._told = Wrap("", "error", widest=800)
        self._told.hide()
        self.add(self._told)
        self.hide()

    def show_sheet(self, sheet: Sheet) -> None:
        """Show the files of a visit."""
        self._sheet = sheet
        self._show()

    def ask(self) -> None:
        """Ask which files are to be attached."""
        self.dialog = ask_for_files(self.window(), self.take)

    def take(self, files: Sequence[Path]) -> None:
        """Take files, after a look whether they can be attached at all."""
        if self._sheet is None:
            return

        def look() -> list[tuple[Path, int]]:
            return [(file, attachments.look_at(file)) for file in files]

        self._desk.jobs.run(lambda _: look(), self._taken, self._fail, owner=self)

    def _taken(self, found: list[tuple[Path, int]]) -> None:
        if self._sheet is None:
            return
        self.tell("")
        for file, size in found:
            if str(file) not in self._sheet.files:
                self._sheet.files.append(str(file))
                announce(self, f"{file.name}, {plain_size(size)}, is attached when you save")
        self._show()
        self.changed.emit()

    def _fail(self, error: UserError) -> None:
        self.tell(" ".join(part for part in (error.what, error.do) if part))

    def tell(self, words: str) -> None:
        """Say what is wrong with a file, or nothing."""
        self._told.setText(words)
        self._told.setVisible(bool(words))
        self._follow()
        if words:
            announce(self, words, urgent=True)

    def _show(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for file in self._sheet.files if self._sheet is not None else ():
            name = Path(file).name
            part = QWidget()
            row = spaced(QHBoxLayout(part), 8)
            row.addWidget(Elided(name), 1)
            out = IconButton("x", f"Do not attach {name}", small=True)
            out.clicked.connect(functools.partial(self._take_out, file))
            row.addWidget(out)
            self._rows.addWidget(part)
        self._follow()

    def _follow(self) -> None:
        files = self._sheet is not None and bool(self._sheet.files)
        self._lines.setVisible(files)
        self.setVisible(files or not self._told.isHidden())

    def _take_out(self, file: str, *_: object) -> None:
        if self._sheet is not None and file in self._sheet.files:
            self._sheet.files.remove(file)
            self.tell("")
            self._show()
            self.changed.emit()
