"""The step that proves the recovery sheet: print it, type two blocks back, put it away."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.errors import UserError
from liaison.ui import clock, theme
from liaison.ui.parts.asking_files import ask_where_to_save
from liaison.ui.threshold.parts import Note
from liaison.ui.threshold.printing import print_sheet, save_sheet, stick_folder
from liaison.ui.threshold.recovery_sheet import Sheet, SheetView
from liaison.ui.widgets import Button, CheckBox, Columns, Divider, LineEdit, Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.ui.jobs import Jobs

#: The last block is shorter: half of it are check characters.
_WHOLE_BLOCKS: Final = 8
_FILE: Final = "Liaison recovery sheet.pdf"
_READ_AS: Final = str.maketrans("OIL", "011")

Printing = Callable[[Sheet, QWidget], str]
_draw = random.SystemRandom()


class SheetStep(QWidget):
    """Print the sheet and show that it can be read.

    Args:
        home: The home's folder.
        jobs: Work off the UI thread.
        printing: Asks for a printer and prints.
    """

    changed = Signal()
    """What :attr:`missing` says may be something else now."""
    on_paper = Signal()
    """The sheet was printed, or saved to be printed."""

    def __init__(self, home: Path, jobs: Jobs, printing: Printing = print_sheet) -> None:
        super().__init__()
        self._home, self._jobs, self._printing = home, jobs, printing
        self._sheet = Sheet("", "", ())
        self._wanted: tuple[int, ...] = ()
        self._paper = QHBoxLayout()
        self._view: SheetView | None = None
        self.print_button = Button("Print", "printer")
        self.save_button = Button("Save to a USB stick", "usb")
        self._printed = Note()
        self.blocks = (_BlockEdit(), _BlockEdit())
        self.safe = CheckBox("One copy is in the safe, away from this PC")
        self._lay_out()
        self.print_button.clicked.connect(self._print)
        self.save_button.clicked.connect(self._save)
        for edit in self.blocks:
            edit.textChanged.connect(self._typed)
        self.safe.toggled.connect(lambda _: self.changed.emit())

    def _lay_out(self) -> None:
        right = QWidget()
        rows = spaced(QVBoxLayout(right), 8)
        rows.addLayout(_head("1", "Print it on paper"))
        buttons = spaced(QHBoxLayout(), 8)
        buttons.addWidget(self.print_button)
        buttons.addWidget(self.save_button)
        buttons.addStretch(1)
        rows.addLayout(buttons)
        rows.addWidget(self._printed)
        rows.addSpacing(12)
        rows.addWidget(Divider())
        rows.addSpacing(12)
        rows.addLayout(_head("2", "Show that you can read it"))
        rows.addWidget(
            Wrap("Two blocks are hidden on the sheet. Type them from the paper.", "muted")
        )
        rows.addWidget(Columns([(edit.field, 1) for edit in self.blocks], top=True))
        rows.addSpacing(12)
        rows.addWidget(Divider())
        rows.addSpacing(12)
        rows.addLayout(_head("3", "Put it away"))
        rows.addWidget(self.safe)
        rows.addStretch(1)
        left = QWidget()
        left.setLayout(self._paper)
        self._paper.setContentsMargins(0, 0, 0, 0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Columns([(left, 0), (right, 1)], 48, top=True))
        whole.addStretch(1)

    def show_key(self, home: str, blocks: tuple[str, ...]) -> None:
        """Show a key, and ask for two of its blocks.

        Args:
            home: The home's name.
            blocks: The nine blocks.
        """
        self._sheet = Sheet(home, clock.day_in_text(clock.now().date()), blocks)
        self._wanted = tuple(sorted(_draw.sample(range(_WHOLE_BLOCKS), 2)))
        if self._view is not None:
            self._view.deleteLater()
        self._view = SheetView(self._sheet)
        self._view.hide_blocks(self._wanted)
        self._paper.addWidget(self._view, 0, Qt.AlignmentFlag.AlignTop)
        for edit, place in zip(self.blocks, self._wanted, strict=True):
            edit.ask(place + 1, blocks[place])

    @property
    def printed(self) -> str:
        """What became of printing or saving; empty if neither was tried."""
        return self._printed.words

    @property
    def wanted(self) -> tuple[int, ...]:
        """Which blocks (from 0) are to be typed back."""
        return self._wanted

    @property
    def key_blocks(self) -> tuple[str, ...]:
        """The blocks of the key on the sheet."""
        return self._sheet.blocks

    @property
    def missing(self) -> str:
        """What is still missing, one sentence; empty when nothing is."""
        for edit in self.blocks:
            if not edit.right:
                return f"Type block {edit.number} to go on"
        return "" if self.safe.isChecked() else "Put the sheet away to go on"

    def _typed(self) -> None:
        self.changed.emit()

    def _print(self) -> None:
        try:
            printer = self._printing(self._sheet, self.window())
        except UserError as error:
            self._printed.wrong(error.message)
            return
        if printer:
            self.print_button.set_words("Print again")
            self._printed.well(f"Printed on \u201c{printer}\u201d at {clock.hour(clock.now())}")
            self.on_paper.emit()

    def _save(self) -> None:
        dialog = ask_where_to_save(
            self, "Save the recovery sheet", _FILE, "PDF (*.pdf)", self.save_to
        )
        dialog.setDirectory(str(stick_folder()))
        dialog.selectFile(_FILE)

    def save_to(self, path: Path) -> None:
        """Write the sheet to a file, off the UI thread."""
        sheet, home = self._sheet, self._home

        def saved(_: object) -> None:
            self._printed.well(
                f"Saved as \u201c{path.name}\u201d. Print it and take the file off the stick."
            )
            self.on_paper.emit()

        self._jobs.run(
            lambda _: save_sheet(sheet, path, home),
            saved,
            lambda error: self._printed.wrong(error.message),
            owner=self,
        )


class _BlockEdit(LineEdit):
    """Where a block is typed back; it says how it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self._block = ""
        self.setMaxLength(12)
        self.setFont(theme.with_features(theme.font(12, theme.SEMIBOLD), "tnum", "zero", "ss02"))
        self._label = Text("", "label")
        self._label.setBuddy(self)
        self._note = Note()
        self.field = QWidget()
        rows = spaced(QVBoxLayout(self.field), 4)
        rows.addWidget(self._label)
        rows.addWidget(self)
        rows.addWidget(self._note)
        self.textChanged.connect(self._judge)

    def ask(self, number: int, block: str) -> None:
        """Ask for a block."""
        self.number, self._block = number, block
        self._label.setText(f"Block {number}")
        self.setAccessibleName(f"Block {number}")
        self.clear()
        self._judge()

    @property
    def right(self) -> bool:
        """Whether the block was typed as it is on the sheet."""
        return bool(self._block) and self._typed() == self._block

    def _typed(self) -> str:
        plain = "".join(letter for letter in self.text().upper() if letter.isalnum())
        return plain.translate(_READ_AS)

    def _judge(self) -> None:
        typed, whole = self._typed(), len(self._block)
        if not typed:
            self._note.hint("Four letters or digits", "pencil")
        elif self.right:
            self._note.well("Matches")
        elif not self._block.startswith(typed):
            place = next(
                (at for at, (a, b) in enumerate(zip(typed, self._block, strict=False)) if a != b),
                whole,
            )
            where = f"number {place + 1}" if place < whole else "the end"
            self._note.wrong(f"Not as on the sheet; look at {where}")
        else:
            left = whole - len(typed)
            self._note.hint("One more letter" if left == 1 else f"{left} more letters", "pencil")


def _head(number: str, words: str) -> QHBoxLayout:
    row = spaced(QHBoxLayout(), 16)
    count = Text(number, "link")
    row.addWidget(count)
    row.addWidget(Text(words, "card"))
    row.addStretch(1)
    return row
