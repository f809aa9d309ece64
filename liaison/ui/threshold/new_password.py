"""The task of choosing a new password, wherever it comes up: one form, and a screen around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui.threshold.choosing import ChoosePassword
from liaison.ui.threshold.parts import Middle, Note, Plate
from liaison.ui.widgets import Button, ProgressLine, Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError


class NewPassword(QWidget):
    """Whatever comes first, the new password twice, and two buttons.

    Args:
        do: The words of the button that goes on.
        back: The words of the other one.
        waiting: What is being done once the button was pressed.
        first: What stands above the password; where one begins.
    """

    asked = Signal()
    """Everything is there, and the button was pressed."""
    left = Signal()
    """The other button was pressed."""

    def __init__(self, do: str, back: str, waiting: str, first: QWidget | None = None) -> None:
        super().__init__()
        self._waiting = waiting
        self._first = first
        self._missing_first = ""
        self.choose = ChoosePassword("New password")
        self.note = Note()
        self.progress = ProgressLine(waiting)
        self.progress.hide()
        self.back = Button(back, "arrow-left" if back == "Back" else "")
        self.go_on = Button(do, role=Button.PRIMARY)
        self._missing = Wrap("", "muted")
        self._missing.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column = spaced(QVBoxLayout(self), 12)
        if first is not None:
            column.addWidget(first)
        column.addWidget(self.choose)
        column.addWidget(self.progress)
        column.addWidget(self.note)
        buttons = spaced(QHBoxLayout(), 12)
        buttons.addWidget(self.back)
        buttons.addWidget(self._missing, 1)
        buttons.addWidget(self.go_on)
        column.addLayout(buttons)
        self.choose.changed.connect(self.judge)
        self.choose.finished.connect(self._go_on)
        self.go_on.clicked.connect(self._go_on)
        self.back.clicked.connect(self.left)
        self.judge()

    @property
    def busy(self) -> bool:
        """Whether it is being done."""
        return not self.progress.isHidden()

    def need(self, missing: str) -> None:
        """Say what is missing above the password; empty once nothing is."""
        self._missing_first = missing
        self.judge()

    def judge(self) -> None:
        """Say what is missing, and let nobody go on before nothing is."""
        missing = self._missing_first or self.choose.missing
        self._missing.setText("" if self.busy else missing)
        self.go_on.setEnabled(not missing and not self.busy)
        self.back.setEnabled(not self.busy)

    def begin(self) -> None:
        """Put the cursor where one begins."""
        first = self._first if self._first is not None else self.choose.first
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def done(self) -> None:
        """Forget what was typed: it is not left lying about."""
        self.progress.hide()
        self.note.clear()
        self.choose.clear()

    def refuse(self, error: UserError) -> None:
        """Say why it was not done; what was typed stays."""
        self.rest()
        self.note.wrong(str(error))

    def rest(self) -> None:
        """Be ready for another try."""
        self.progress.hide()
        self.note.clear()
        self.judge()

    def _go_on(self) -> None:
        if not self.go_on.isEnabled():
            return
        self.progress.show()
        self.note.hint(f"{self._waiting}. It takes a moment.", "hourglass")
        self.judge()
        self.asked.emit()


class NewPasswordScreen(QWidget):
    """The task on a screen of its own, at the door.

    Args:
        title: What it is.
        words: Why it is asked.
        form: The task.
    """

    left = Signal()
    """Back to the names."""

    def __init__(self, title: str, words: str, form: NewPassword) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.form = form
        self.choose, self.note = form.choose, form.note
        self.go_on, self.back = form.go_on, form.back
        plate = Plate(24, 12)
        plate.column.addWidget(form)
        inside = QWidget()
        rows = spaced(QVBoxLayout(inside), 4)
        rows.addWidget(Text(title, "figure"))
        rows.addWidget(Wrap(words, "muted"))
        rows.addSpacing(12)
        rows.addWidget(plate)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Middle(inside, 640))
        form.left.connect(self.left)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin where one begins."""
        super().showEvent(event)
        self.form.begin()
