"""What stands at the door when a home cannot even be looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui.mark import Mark
from liaison.ui.threshold.parts import Middle, Plate
from liaison.ui.widgets import Button, FlowRow, Icon, Wrap, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError


class TroubleScreen(QWidget):
    """What happened, what is kept, and what to do.

    Args:
        error: What happened.
        folder: The home's folder.
    """

    again = Signal()
    """Try once more."""
    bringing_back = Signal()
    """Bring a backup back."""
    elsewhere = Signal(object)
    """Open the home in another folder (a ``Path``)."""

    def __init__(self, error: UserError, folder: Path) -> None:
        super().__init__()
        self.setAccessibleName("The home cannot be opened")
        self._folder = folder
        self.words = str(error)
        self.try_again = Button("Try again", "refresh-cw", Button.PRIMARY)
        self.choose = Button("Choose another folder", "folder-open")
        self.backup = Button("I have a backup", "archive-restore")
        plate = Plate(24, 12)
        head = spaced(QHBoxLayout(), 12)
        head.addWidget(Icon("circle-x", "late", 24), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(Wrap(error.what, "card", widest=520), 1)
        plate.column.addLayout(head)
        for words in (error.kept, error.do):
            if words:
                plate.column.addWidget(Wrap(words, widest=560))
        plate.column.addWidget(Wrap(f"The folder is {folder}", "secondary", widest=560))
        buttons = FlowRow(gap=8)
        for button in (self.try_again, self.choose, self.backup):
            buttons.flow.addWidget(button)
        plate.column.addWidget(buttons)
        inside = QWidget()
        rows = spaced(QVBoxLayout(inside), 24)
        rows.addWidget(Mark(44), 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(plate)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Middle(inside, 640))
        self.try_again.clicked.connect(self.again)
        self.choose.clicked.connect(self._choose)
        self.backup.clicked.connect(self.bringing_back)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with trying again."""
        super().showEvent(event)
        self.try_again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, "The folder of your home", str(self._folder.parent)
        )
        if chosen:
            self.elsewhere.emit(Path(chosen))
