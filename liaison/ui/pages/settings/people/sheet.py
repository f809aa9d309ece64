"""A new recovery sheet: printed and proven first, and only then the one that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from liaison.security import RecoveryKey
from liaison.services import recovery
from liaison.ui.threshold.parts import Note
from liaison.ui.threshold.printing import print_sheet
from liaison.ui.threshold.sheet_step import Printing, SheetStep
from liaison.ui.widgets import Button, Card, FlowRow, ProgressLine, Text, Wrap

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.errors import UserError
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk


class NewSheetCard(Card):
    """Print a new sheet, show that it can be read, and let it take the old one's place.

    Args:
        desk: The desk.
        folder: The home's folder.
        home: The home's name.
        printing: Asks for a printer and prints.
    """

    made = Signal()
    """The new sheet is the one that counts."""
    left = Signal()
    """Not now: the old one stays."""

    def __init__(
        self, desk: Desk, folder: Path, home: str, printing: Printing = print_sheet
    ) -> None:
        super().__init__("A new recovery sheet", "key-round")
        self._desk = desk
        self._key = RecoveryKey.generate()
        self.add(
            Wrap(
                "The sheet you have now works until you press the button below. Then it stops "
                "working for this home. It still opens backups and copies of the home that were "
                "made before: destroy it, or keep it with those.",
                widest=760,
            )
        )
        self.step = SheetStep(folder, desk.jobs, printing)
        self.step.show_key(home, self._key.blocks)
        self.add(self.step)
        self.progress = ProgressLine("Making the new sheet count")
        self.progress.hide()
        self.note = Note()
        self.add(self.progress)
        self.add(self.note)
        self.cancel = Button("Keep the old sheet")
        self.use = Button("Use the new sheet from now on", role=Button.DANGER)
        self._missing = Text("", "muted")
        self.add(self._missing)
        self.add(FlowRow([self.use, self.cancel]))
        self.step.changed.connect(self._judge)
        self.use.clicked.connect(self._use)
        self.cancel.clicked.connect(self.left)
        self._judge()

    def begin(self) -> None:
        """Begin with printing."""
        self.step.print_button.setFocus()

    def _judge(self) -> None:
        busy = not self.progress.isHidden()
        self._missing.setText("" if busy else self.step.missing)
        self.use.setEnabled(not busy and not self.step.missing)
        self.cancel.setEnabled(not busy)

    def _use(self) -> None:
        key = self._key

        def write(home: OpenHome) -> None:
            recovery.new_sheet(home, key=key)

        self.progress.show()
        self._judge()
        self._desk.jobs.write(write, lambda _: self.made.emit(), self._refused, owner=self)

    def _refused(self, error: UserError) -> None:
        self.progress.hide()
        self.note.wrong(str(error))
        self._judge()
