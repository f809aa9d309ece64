"""One's own password in place of a manager's temporary one, before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui.threshold.choosing import ChoosePassword
from liaison.ui.threshold.parts import Middle, Note, Plate
from liaison.ui.widgets import Button, ProgressLine, Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.homes import OpenHome
    from liaison.ui.jobs import Jobs


class OwnPasswordScreen(QWidget):
    """Somebody who unlocked with a temporary password chooses one that only they know.

    Args:
        person: Their name.
        home: The home's name, which others would guess in a password.
        jobs: Work off the UI thread; the home is open there.
        choosing: Makes the password theirs.
    """

    chosen = Signal()
    """The password is theirs."""
    left = Signal()
    """Back to the names; the temporary password stays as it is."""

    def __init__(
        self, person: str, home: str, jobs: Jobs, choosing: Callable[[OpenHome, str], None]
    ) -> None:
        super().__init__()
        self.setAccessibleName("Choose your own password")
        self._jobs, self._choosing = jobs, choosing
        self.choose = ChoosePassword("New password")
        self.choose.set_about([home, person])
        self.note = Note()
        self.progress = ProgressLine("Keeping your password")
        self.progress.hide()
        self.back = Button("Back", "arrow-left")
        self.go_on = Button("Use this password", role=Button.PRIMARY)
        self._missing = Text("", "muted")
        plate = Plate(24, 12)
        plate.column.addWidget(self.choose)
        plate.column.addWidget(self.progress)
        plate.column.addWidget(self.note)
        buttons = spaced(QHBoxLayout(), 12)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        buttons.addWidget(self._missing)
        buttons.addWidget(self.go_on)
        plate.column.addLayout(buttons)
        inside = QWidget()
        rows = spaced(QVBoxLayout(inside), 4)
        rows.addWidget(Text("Choose your own password", "figure"))
        rows.addWidget(
            Wrap(
                f"{person}, the password you typed is a temporary one, which somebody else knows. "
                "What you write is signed with your name.",
                "muted",
            )
        )
        rows.addSpacing(12)
        rows.addWidget(plate)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Middle(inside, 640))
        self.choose.changed.connect(self._judge)
        self.choose.finished.connect(self._use)
        self.go_on.clicked.connect(self._use)
        self.back.clicked.connect(self.left)
        self._judge()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the password."""
        super().showEvent(event)
        self.choose.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _judge(self) -> None:
        missing, waiting = self.choose.missing, not self.progress.isHidden()
        self._missing.setText("" if waiting else missing)
        self.go_on.setEnabled(not missing and not waiting)
        self.back.setEnabled(not waiting)

    def _use(self) -> None:
        if not self.go_on.isEnabled():
            return
        password = self.choose.password
        self.progress.show()
        self.note.hint("Keeping your password. It takes a moment.", "hourglass")
        self._judge()
        self._jobs.write(
            lambda home: self._choosing(home, password), self._done, self._refused, owner=self
        )

    def _done(self, _: None) -> None:
        self.choose.clear()
        self.chosen.emit()

    def _refused(self, error: UserError) -> None:
        self.progress.hide()
        self.note.wrong(str(error))
        self._judge()
