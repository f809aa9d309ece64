"""What is shown when Liaison itself went wrong: the work is kept, and there is a reference."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.shell.faults import Fault
from liaison.ui.widgets import Button, Icon, Text, Wrap, spaced


class FaultDialog(QDialog):
    """Says that something went wrong, that the work is kept, and how to name it.

    Args:
        parent: The window.
        fault: What was noted.
        kept: What has happened to the work, one sentence.
    """

    def __init__(self, parent: QWidget | None, fault: Fault, kept: str) -> None:
        super().__init__(parent)
        title = "Something went wrong in Liaison"
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        self.reference = fault.reference
        self.go_on = Button("Go on", role=Button.PRIMARY)
        self.copy_button = Button("Copy the reference", "copy")
        self.close_button = Button("Close Liaison")
        self._kept = Wrap(kept, widest=460)
        log = "It is described, without anybody's name, in the fault log on this PC."
        if fault.log is None:
            log = "It could not be described in the fault log: the disk refused."
        head = spaced(QHBoxLayout(), 12)
        head.addWidget(Icon("circle-x", "late", 26), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(Wrap(title, "question", widest=420), 1)
        rows = spaced(QVBoxLayout(self), 12, (24, 20, 24, 20))
        rows.addLayout(head)
        rows.addWidget(self._kept)
        rows.addWidget(Wrap("This is a fault of the program, not of yours. If it comes back, tell "
                            "whoever looks after Liaison this reference.", widest=460))  # fmt: skip
        reference = Text(fault.reference, "figure")
        reference.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        reference.setAccessibleName(f"Reference {' '.join(fault.reference)}")
        rows.addWidget(reference)
        rows.addWidget(Wrap(log, "secondary", widest=460))
        rows.addStretch(1)
        buttons = spaced(QHBoxLayout(), 8)
        buttons.addWidget(self.copy_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.go_on)
        rows.addLayout(buttons)
        self.setMinimumWidth(theme.px(500))
        self.go_on.clicked.connect(self.accept)
        self.close_button.clicked.connect(self.reject)
        self.copy_button.clicked.connect(self._copy)
        self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def kept(self) -> str:
        """What it says has become of the work."""
        return self._kept.text()

    def tell_kept(self, kept: str) -> None:
        """Say what has become of the work."""
        self._kept.setText(kept)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.reference)
        self.copy_button.set_words("Copied")
