"""What stands between the door and a home whose database lacks what it once held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui.mark import Mark
from liaison.ui.threshold.parts import Middle, Plate
from liaison.ui.widgets import Button, ConfirmDialog, FlowRow, Icon, Wrap, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError


class MissingScreen(QWidget):
    """What is known to be missing, and the three ways on.

    Args:
        error: What is missing.
        decides: Whether whoever is here may decide; else they can only look.
    """

    looking = Signal()
    """Look around; nothing can be written."""
    bringing_back = Signal()
    """Bring a backup back."""
    going_on = Signal()
    """Go on with what is there."""
    left = Signal()
    """Back to the door."""

    def __init__(self, error: UserError, *, decides: bool) -> None:
        super().__init__()
        self.setAccessibleName("Something is missing")
        self.words = str(error)
        self.restore = Button("Bring a backup back", "archive-restore", Button.PRIMARY)
        self.look = Button("Look around first", "eye")
        self.go_on = Button("Go on with what is there", "arrow-right")
        self.back = Button("Lock", "lock", Button.QUIET)
        plate = Plate(24, 12)
        head = spaced(QHBoxLayout(), 12)
        head.addWidget(Icon("triangle-alert", "late", 24), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(Wrap("Something that was saved is missing", "card", widest=520), 1)
        plate.column.addLayout(head)
        plate.column.addWidget(Wrap(error.what, widest=620))
        plate.column.addWidget(
            Wrap(
                "A disk that failed, a program that put an older copy of the file back, or a copy "
                "of the folder can be the reason. Nothing has been changed.",
                "secondary",
                widest=620,
            )
        )
        if not decides:
            words = "You can look around. How to go on is for a manager to decide: ask one."
            plate.column.addWidget(Wrap(words, widest=620))
        buttons = FlowRow(gap=8)
        for button in (self.restore, self.go_on, self.look, self.back):
            if decides or button in {self.look, self.back}:
                buttons.flow.addWidget(button)
            else:
                button.setParent(plate)
                button.hide()
        plate.column.addWidget(buttons)
        inside = QWidget()
        rows = spaced(QVBoxLayout(inside), 24)
        rows.addWidget(Mark(44), 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(plate)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Middle(inside, 760))
        self.look.clicked.connect(self.looking)
        self.restore.clicked.connect(self.bringing_back)
        self.back.clicked.connect(self.left)
        self.go_on.clicked.connect(self._ask)
        self.dialog: ConfirmDialog | None = None

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with what harms nothing."""
        super().showEvent(event)
        self.look.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self) -> None:
        self.dialog = ConfirmDialog(
            self,
            "Go on with what is there?",
            "What is missing stays missing. That you decided this is kept in the audit. A backup "
            "can still be brought back later, into a folder of its own.",
            do="Go on with what is there",
            keep="Not now",
        )
        self.dialog.accepted.connect(self.going_on)
        self.dialog.open()
