"""Coming back in with the recovery sheet: its key, a manager, and their new password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from liaison.errors import UserError
from liaison.ui import theme
from liaison.ui.threshold.choosing import ChoosePassword
from liaison.ui.threshold.parts import Middle, Note, Plate
from liaison.ui.threshold.people import PersonCard
from liaison.ui.widgets import Button, Field, LineEdit, ProgressLine, Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.security import Person
    from liaison.services.homes import OpenHome
    from liaison.settings import KnownPerson
    from liaison.ui.jobs import Jobs, Progress

ComingBack = Callable[[str, str, str, "Progress"], "OpenHome"]
"""Opens the home with the key as typed, a manager's id and their new password."""


class RecoverScreen(QWidget):
    """The recovery sheet lets a manager back in.

    Args:
        managers: Who can be let back in.
        home: The home's name, which others would guess in a password.
        jobs: Work off the UI thread.
        coming_back: Opens the home.
    """

    opened = Signal(object)
    """The home is open: an ``OpenHome``."""
    left = Signal()
    """Back to the names."""

    def __init__(
        self,
        managers: Sequence[Person | KnownPerson],
        home: str,
        jobs: Jobs,
        coming_back: ComingBack,
    ) -> None:
        super().__init__()
        self.setAccessibleName("Use the recovery sheet")
        self._jobs, self._coming_back, self._home = jobs, coming_back, home
        self.key = LineEdit()
        self.key.setFont(
            theme.with_features(theme.font(12, theme.SEMIBOLD), "tnum", "zero", "ss02")
        )
        self._key_field = Field(
            "Recovery key", self.key, "All nine blocks from the sheet; spaces do not matter."
        )
        self._group = QButtonGroup(self)
        self.choose = ChoosePassword("New password")
        self.note = Note()
        self.progress = ProgressLine("Opening the home")
        self.progress.hide()
        self.back = Button("Back", "arrow-left")
        self.go_on = Button("Open the home", role=Button.PRIMARY)
        self._missing = Text("", "muted")
        plate = Plate(24, 12)
        plate.column.addWidget(self._key_field)
        plate.column.addWidget(Text("Who gets a new password", "label"))
        for manager in managers:
            card = PersonCard(manager.id, manager.name, "Manager")
            self._group.addButton(card)
            card.setChecked(self._group.checkedButton() is None)
            plate.column.addWidget(card)
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
        rows.addWidget(Text("Use the recovery sheet", "figure"))
        rows.addWidget(
            Wrap("It lets a manager back in, with a new password. The sheet stays valid.", "muted")
        )
        rows.addSpacing(12)
        rows.addWidget(plate)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Middle(inside, 640))
        self.key.textChanged.connect(self._judge)
        self.choose.changed.connect(self._judge)
        self.choose.finished.connect(self._open)
        self.go_on.clicked.connect(self._open)
        self.back.clicked.connect(self.left)
        self._group.buttonClicked.connect(self._about)
        self._about()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the key."""
        super().showEvent(event)
        self.key.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def key_error(self) -> str:
        """What is wrong with the key as typed; empty if nothing is."""
        return self._key_field.error

    def _about(self) -> None:
        chosen = self._group.checkedButton()
        self.choose.set_about([self._home, chosen.text() if chosen is not None else ""])
        self._judge()

    def _judge(self) -> None:
        missing = self.choose.missing
        if not self.key.text().strip():
            missing = "Type the recovery key to go on"
        waiting = not self.progress.isHidden()
        self._missing.setText("" if waiting else missing)
        self.go_on.setEnabled(not missing and not waiting)
        self._key_field.set_error(None)

    def _open(self) -> None:
        chosen = self._group.checkedButton()
        if not self.go_on.isEnabled() or not isinstance(chosen, PersonCard):
            return
        key, person, password = self.key.text(), chosen.key, self.choose.password
        self.progress.show()
        self.note.hint("Opening the home. It takes a moment.", "hourglass")
        self._judge()
        self._jobs.open(
            lambda progress: self._coming_back(key, person, password, progress),
            self._opened,
            self._refused,
            owner=self,
        )

    def _opened(self, home: OpenHome) -> None:
        self.key.clear()
        self.choose.clear()
        self.opened.emit(home)

    def _refused(self, error: UserError) -> None:
        self.progress.hide()
        self.note.clear()
        self._judge()
        if error.code in {"bad-recovery-key", "wrong-recovery-key"}:
            self._key_field.set_error(error.message)
            self.key.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.note.wrong(str(error))
