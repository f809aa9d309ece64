"""A new recovery sheet: printed and proven first, and only then the one that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.security import RecoveryKey
from liaison.services import recovery
from liaison.ui.threshold import unused_sheet
from liaison.ui.threshold.parts import Note
from liaison.ui.threshold.printing import print_sheet
from liaison.ui.threshold.sheet_step import Printing, SheetStep
from liaison.ui.widgets import Button, Card, ConfirmDialog, FlowRow, ProgressLine, Wrap, spaced

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
    waiting = Signal()
    """It is on paper and does not count yet."""
    left = Signal()
    """Not now: the old one stays."""

    def __init__(
        self, desk: Desk, folder: Path, home: str, printing: Printing = print_sheet
    ) -> None:
        super().__init__("A new recovery sheet", "key-round")
        self._desk, self._folder = desk, folder
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
        self.foot = QWidget(self)
        """What makes it count, and what is still missing: to stand below what scrolls."""
        self.foot.hide()
        self.progress = ProgressLine("Making the new sheet count")
        self.progress.hide()
        self.note = Note()
        self.cancel = Button("Keep the old sheet")
        self.use = Button("Use the new sheet from now on", role=Button.DANGER)
        self.missing = Wrap("", widest=760)
        foot = spaced(QVBoxLayout(self.foot), 8, (24, 12, 24, 16))
        for part in (self.progress, self.note, self.missing, FlowRow([self.cancel, self.use])):
            foot.addWidget(part)
        self.dialog: ConfirmDialog | None = None
        self.printed = False
        """Whether it is on paper: there is something to destroy if it never counts."""
        self.step.on_paper.connect(self._on_paper)
        self.step.changed.connect(self._judge)
        self.use.clicked.connect(self._use)
        self.cancel.clicked.connect(self._keep_old)
        self._judge()

    def begin(self) -> None:
        """Begin with printing."""
        self.step.print_button.setFocus()

    def _judge(self) -> None:
        busy = not self.progress.isHidden()
        missing = self.step.missing or "Press the button to have it count"
        self.missing.setText("" if busy else f"The new sheet is not in force yet. {missing}.")
        self.use.setEnabled(not busy and not self.step.missing)
        self.cancel.setEnabled(not busy)

    def _remember(self, *, unused: bool) -> None:
        known = self._desk.settings.with_home(self._folder, unused_sheet=unused)
        self._desk.set(known)

    def _on_paper(self) -> None:
        self.printed = True
        self._remember(unused=True)
        self.waiting.emit()

    def _keep_old(self) -> None:
        """Keep the old sheet; a new one on paper is to be destroyed first."""
        if not self.printed:
            self.left.emit()
            return
        self.dialog = ConfirmDialog(
            self.window(),
            "Keep the old sheet?",
            unused_sheet.WORDS,
            do="The new paper is destroyed",
            keep="Go on with the new sheet",
        )
        self.dialog.accepted.connect(self._destroyed)
        self.dialog.open()

    def _destroyed(self) -> None:
        self._remember(unused=False)
        self.left.emit()

    def _use(self) -> None:
        key = self._key
        # before it counts: cut off in between, nobody may be told to destroy the sheet in force
        self._remember(unused=False)

        def write(home: OpenHome) -> None:
            recovery.new_sheet(home, key=key)

        self.progress.show()
        self._judge()
        self._desk.jobs.write(write, lambda _: self.made.emit(), self._refused, owner=self)

    def _refused(self, error: UserError) -> None:
        self.progress.hide()
        self._remember(unused=self.printed)
        self.note.wrong(str(error))
        self._judge()
