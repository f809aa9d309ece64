"""Giving a PC another name: the first one of a home is called as its system calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.services.pcs.naming import LONGEST_NAME
from liaison.ui.pages.settings.pcs.lines import AskForm
from liaison.ui.parts.answers import BegunAnswer, asked_about
from liaison.ui.walking import bring_into_sight
from liaison.ui.widgets import Button, Field, LineEdit, Narrow, announce, at_end, spaced

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from liaison.errors import UserError
    from liaison.services.drafts import About
    from liaison.services.pcs.removing import Belonging
    from liaison.ui.desk import Desk

_WIDE: Final = 420


def new_name(pc: Belonging) -> About:
    """Return where the new name of a PC is kept until it is called that."""
    return asked_about("pc", pc.id, "rename")


class RenameCard(AskForm):
    """Asks what a PC is to be called.

    Args:
        desk: The desk.
        pc: Which.
    """

    agreed = Signal(object, str)
    """Call it that (a :class:`Belonging`, and the name)."""

    def __init__(self, desk: Desk, pc: Belonging) -> None:
        super().__init__(f"What is {pc.name} to be called?", "monitor")
        self.pc = pc
        self.name = LineEdit(pc.name, limit=LONGEST_NAME)
        self.begun = BegunAnswer(desk, new_name(pc), {"name": self.name}, self, whole=True)
        self.field = Field("Its name", self.name, "Such as: Night office PC", required=True)
        self.do = Button("Call it that", "check", Button.PRIMARY)
        self.keep = Button("Keep its name")
        form = QWidget()
        rows = spaced(QVBoxLayout(form), 12)
        rows.addWidget(self.field)
        rows.addLayout(at_end(self.keep, self.do))
        self.add(Narrow(form, _WIDE))
        self.name.textChanged.connect(lambda _: self.field.set_error(None))
        self.name.returnPressed.connect(self._agree)
        self.do.clicked.connect(self._agree)
        self.keep.clicked.connect(self.begun.forget)
        self.keep.clicked.connect(self.left)
        self.begun.look()

    def begin(self) -> None:
        """Put the cursor where the name is typed, and have the question spoken."""
        self.name.selectAll()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, lambda: bring_into_sight(self.do))
        announce(self, self.accessibleName())

    def refuse(self, error: UserError) -> None:
        """Say what is wrong with the name."""
        self.begun.refused()
        self.field.set_error(f"{error.what} {error.do or ''}".strip())
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _agree(self) -> None:
        if not self.begun.held:
            self.begun.hold()
            self.agreed.emit(self.pc, self.name.text())

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed when it goes."""
        super().hideEvent(event)
        self.begun.let_go()
