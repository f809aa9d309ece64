"""Removing a PC: what that does, what it cannot take back, and why it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.services.pcs.removing import CANNOT_TAKE_BACK
from liaison.ui.pages.settings.pcs.lines import AskForm
from liaison.ui.parts.answers import BegunAnswer, asked_about
from liaison.ui.walking import bring_into_sight
from liaison.ui.widgets import (
    Button,
    Field,
    LineEdit,
    Narrow,
    Text,
    Wrap,
    announce,
    at_end,
    spaced,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from liaison.services.drafts import About
    from liaison.services.pcs.removing import Belonging
    from liaison.ui.desk import Desk

_WORDS: Final = (
    "What it writes from now on counts nowhere, and everything that is sent from now on has new "
    "keys, which it does not get."
)
_KNOWS_THE_KEY: Final = (
    "It knows the key to the online store: have the key changed there, and set the store up again "
    "with the new one on each PC."
)
_LONGEST: Final = 2_000
_LONGEST_ON_BUTTON: Final = 28
"""A button is as wide as its words, and the question above it says the whole name."""
_WIDE: Final = 760


def why_removed(pc: Belonging) -> About:
    """Return where the reason for removing a PC is kept until it is removed."""
    return asked_about("pc", pc.id, "remove")


def _shortened(name: str) -> str:
    if len(name) <= _LONGEST_ON_BUTTON:
        return name
    return f"{name[:_LONGEST_ON_BUTTON].rstrip()} ..."


class RemoveCard(AskForm):
    """Asks before a PC is removed; on the page, as it is too long for a dialog in large letters.

    Args:
        desk: The desk.
        pc: Which.
        knows_key: Whether it holds the key of an object store.
    """

    agreed = Signal(object, str)
    """Remove it (a :class:`Belonging`), and why."""

    def __init__(self, desk: Desk, pc: Belonging, *, knows_key: bool) -> None:
        super().__init__(f"Remove {pc.name} from this home?", "triangle-alert")
        self.pc = pc
        self.words = (_WORDS, *CANNOT_TAKE_BACK, *([_KNOWS_THE_KEY] if knows_key else []))
        self.add(Wrap(_WORDS, widest=_WIDE))
        self.add(Text("What it cannot take back", "label"))
        for words in self.words[1:]:
            self.add(Wrap(words, widest=_WIDE))
        self.why = LineEdit(limit=_LONGEST)
        self.begun = BegunAnswer(desk, why_removed(pc), {"why": self.why}, self)
        self.field = Field("Why", self.why, "It stands in the history.", required=True)
        self.do = Button(f"Remove {_shortened(pc.name)}", role=Button.DANGER)
        self.do.setAccessibleName(f"Remove {pc.name}")
        self.keep = Button("Keep it")
        form = QWidget()
        rows = spaced(QVBoxLayout(form), 12)
        rows.addWidget(self.field)
        rows.addLayout(at_end(self.keep, self.do))
        self.add(Narrow(form, _WIDE))
        self.why.textChanged.connect(self._typed)
        self.why.returnPressed.connect(self._agree)
        self.do.clicked.connect(self._agree)
        self.keep.clicked.connect(self.begun.forget)
        self.keep.clicked.connect(self.left)
        self.begun.look()

    def begin(self) -> None:
        """Put the cursor where the reason is typed, and have the question spoken."""
        self.why.setFocus(Qt.FocusReason.OtherFocusReason)
        # whoever pressed further down the list would not see what is asked
        QTimer.singleShot(0, self, lambda: bring_into_sight(self.do))
        announce(self, " ".join((self.accessibleName(), *self.words)))

    def _typed(self, text: str) -> None:
        if len(text) <= _LONGEST:
            self.field.set_error(None)

    def _agree(self) -> None:
        if self.begun.held:
            return
        why = self.why.text().strip()
        if not why:
            self.field.set_error("Say why: whoever looks later wants to know.")
        if self.field.error:
            self.why.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.begun.hold()
        self.agreed.emit(self.pc, why)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed when it goes."""
        super().hideEvent(event)
        self.begun.let_go()
