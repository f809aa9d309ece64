"""Coming back in with the recovery sheet: its key, a manager, and their new password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from liaison.ui.parts.forgetting import LEFT, Forgetting
from liaison.ui.threshold.key_blocks import KeyBlocks
from liaison.ui.threshold.new_password import NewPassword, NewPasswordScreen
from liaison.ui.threshold.people import PersonCard
from liaison.ui.widgets import Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.security import Person
    from liaison.services.homes import OpenHome
    from liaison.settings import KnownPerson
    from liaison.ui.jobs import Jobs, Progress

ComingBack = Callable[[str, str, str, "Progress"], "OpenHome"]
"""Opens the home with the key as typed, a manager's id and their new password."""


class RecoverScreen(NewPasswordScreen):
    """The recovery sheet lets a manager back in.

    Args:
        managers: Who can be let back in.
        home: The home's name, which others would guess in a password.
        jobs: Work off the UI thread.
        coming_back: Opens the home.
    """

    opened = Signal(object)
    """The home is open: an ``OpenHome``."""

    def __init__(
        self,
        managers: Sequence[Person | KnownPerson],
        home: str,
        jobs: Jobs,
        coming_back: ComingBack,
    ) -> None:
        self.key = KeyBlocks()
        self._group = QButtonGroup()
        super().__init__(
            "Use the recovery sheet",
            "It lets a manager back in, with a new password. Everybody else's password still "
            "works, and the sheet stays valid.",
            NewPassword("Open the home", "Back", "Opening the home", self._above(managers)),
        )
        self._group.setParent(self)
        self._jobs, self._coming_back, self._home = jobs, coming_back, home
        self.key.changed.connect(self._judge)
        self.key.whole.connect(self._look)
        self.form.asked.connect(self._open)
        self._group.buttonClicked.connect(self._about)
        self.forgetting = Forgetting(self, lambda: self.form.busy, self._left_alone)
        for typed in (self.key.changed, self.choose.changed):
            typed.connect(self.forgetting.typed)
        self._about()

    def _above(self, managers: Sequence[Person | KnownPerson]) -> QWidget:
        part = QWidget()
        column = spaced(QVBoxLayout(part), 12)
        column.addWidget(Text("Recovery key", "label"))
        column.addSpacing(-8)
        column.addWidget(
            Wrap("All nine blocks as they stand on the sheet; or paste them.", "secondary")
        )
        column.addWidget(self.key)
        column.addWidget(Text("Who gets a new password", "label"))
        for manager in managers:
            card = PersonCard(manager.id, manager.name, "Manager")
            self._group.addButton(card)
            card.setChecked(self._group.checkedButton() is None)
            column.addWidget(card)
        part.setFocusProxy(self.key)
        return part

    @property
    def key_error(self) -> str:
        """What is wrong with the key as typed; empty if nothing is."""
        return self.key.error

    def _about(self) -> None:
        chosen = self._group.checkedButton()
        self.choose.set_about([self._home, chosen.text() if chosen is not None else ""])
        self._judge()

    def _judge(self) -> None:
        wrong = "Put the recovery key right to go on" if self.key.error else ""
        self.form.need(self.key.missing or wrong)

    def _look(self) -> None:
        """Tell a typing mistake as soon as the key is whole, before a password is thought up."""
        from liaison.security import BadRecoveryKey, RecoveryKey

        try:
            RecoveryKey.parse(self.key.text())
        except BadRecoveryKey as error:
            self.key.mark(error.message, error.block)
            self._judge()

    def _open(self) -> None:
        chosen = self._group.checkedButton()
        if not isinstance(chosen, PersonCard):
            return
        key, person, password = self.key.text(), chosen.key, self.choose.password
        coming_back = self._coming_back
        self._jobs.open(
            lambda progress: coming_back(key, person, password, progress),
            self._opened,
            self._refused,
            owner=self,
        )

    def _left_alone(self) -> None:
        if self.key.text() or self.choose.password:
            self._forget()
            self.note.hint(LEFT)

    def _forget(self) -> None:
        self.key.clear()
        self.form.done()
        self.forgetting.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget what was typed when the screen is left; a window that is only put aside keeps it."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._forget()

    def _opened(self, home: OpenHome) -> None:
        self._forget()
        self.opened.emit(home)

    def _refused(self, error: UserError) -> None:
        if error.code in {"bad-recovery-key", "wrong-recovery-key"}:
            self.form.rest()
            self.key.mark(error.message)
        else:
            self.form.refuse(error)
