"""At the door: bringing a backup back before any home is open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui import clock
from liaison.ui.mark import Mark
from liaison.ui.parts.bring_back import BringBack
from liaison.ui.threshold.parts import Middle
from liaison.ui.widgets import Button, Divider, Wrap, spaced

if TYPE_CHECKING:
    from liaison.ui.jobs import Jobs


class BringBackScreen(QWidget):
    """A backup is looked into and brought back, then unlocked.

    Args:
        folder: Where the home lies, or would lie.
        jobs: Work off the UI thread.
    """

    brought = Signal(object, bool)
    """It is back: the folder (a ``Path``), and whether the recovery sheet opened it."""
    told = Signal(str)
    """Which home, of which day, is in which folder now; before :attr:`brought`."""
    left = Signal()
    """Back to the door."""

    def __init__(self, folder: Path, jobs: Jobs) -> None:
        super().__init__()
        self.setAccessibleName("Bring a backup back")
        self.part = BringBack(jobs, today=lambda: clock.now().date(), foot_apart=True)
        self.part.begin_beside(folder.expanduser().absolute().parent)
        self.part.brought.connect(self._brought)
        self.back = Button("Back", "arrow-left")
        self.back.clicked.connect(self.left)
        inside = QWidget()
        rows = spaced(QVBoxLayout(inside), 20)
        head = spaced(QHBoxLayout(), 12)
        head.addWidget(Mark(44))
        head.addStretch(1)
        rows.addLayout(head)
        rows.addWidget(Wrap("I have a backup", "figure", widest=800))
        rows.addWidget(self.part)
        whole = spaced(QVBoxLayout(self), 0)
        whole.addWidget(Middle(inside, 860), 1)
        # what brings it back is below what scrolls, in view at any text size
        foot = spaced(QVBoxLayout(), 8, (24, 12, 24, 16))
        foot.addWidget(self.part.foot)
        row = spaced(QHBoxLayout(), 8)
        row.addWidget(self.back)
        row.addStretch(1)
        foot.addLayout(row)
        whole.addWidget(Divider())
        whole.addLayout(foot)

    def _brought(self, folder: Path) -> None:
        self.told.emit(self.part.back)
        self.brought.emit(folder, self.part.by_sheet)
