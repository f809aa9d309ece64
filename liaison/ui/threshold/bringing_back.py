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
from liaison.ui.widgets import Button, Wrap, spaced

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
    left = Signal()
    """Back to the door."""

    def __init__(self, folder: Path, jobs: Jobs) -> None:
        super().__init__()
        self.setAccessibleName("Bring a backup back")
        self.part = BringBack(jobs, today=lambda: clock.now().date())
        self.part.begin_beside(folder.expanduser().absolute().parent)
        self.part.brought.connect(lambda to: self.brought.emit(to, self.part.by_sheet))
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
        foot = spaced(QHBoxLayout(), 8)
        foot.addWidget(self.back)
        foot.addStretch(1)
        rows.addLayout(foot)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Middle(inside, 860))
