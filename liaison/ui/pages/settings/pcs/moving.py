"""From one place where the PCs meet to another: what becomes of the old one is asked first."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal

from liaison.ui.pages.settings.pcs.lines import AskForm
from liaison.ui.walking import bring_into_sight
from liaison.ui.widgets import Button, FlowRow, Wrap, announce

if TYPE_CHECKING:
    from liaison.services.pcs.meeting_places import Setup

EVERY_PC: Final = (
    "Set the new place up on each PC of this home. Until then each goes by the places it knows, and "
    "nothing is lost: every PC holds the whole record."
)
FOLDER: Final = "folder"
STORE: Final = "store"
_WIDE: Final = 760


@dataclasses.dataclass(frozen=True, slots=True)
class Move:
    """A PC that meets the others somewhere is to meet them somewhere else.

    Args:
        kind: What the new place is: :data:`FOLDER` or :data:`STORE`.
        new: Where it is, as people read it.
        old_kind: What the old place is.
        old: Where it is.
    """

    kind: str
    new: str
    old_kind: str
    old: str

    @property
    def keeps_both(self) -> bool:
        """Whether a PC can go by both for a while: it goes by one of each kind at most."""
        return self.kind != self.old_kind


def to_folder(setup: Setup | None, new: str) -> Move | None:
    """Return what a folder asks about the place before; None if there is nothing to ask.

    Args:
        setup: Where the PCs meet now.
        new: The folder's whole path.
    """
    if setup is None or str(setup.folder or "") == new:
        return None
    if setup.folder is not None:
        return Move(FOLDER, new, FOLDER, str(setup.folder))
    return Move(FOLDER, new, STORE, setup.store)


def to_store(setup: Setup | None, new: str) -> Move | None:
    """Return what a store asks about the place before; None if there is nothing to ask.

    Args:
        setup: Where the PCs meet now.
        new: The store, as people read it: with another key it is the same one.
    """
    if setup is None or setup.store == new:
        return None
    if setup.store:
        return Move(STORE, new, STORE, setup.store)
    return Move(STORE, new, FOLDER, str(setup.folder))


class MoveCard(AskForm):
    """Asks what becomes of the old place; what loses nobody is what Enter presses.

    Args:
        move: The move.
    """

    agreed = Signal(bool)
    """Go to the new place; and whether the place of the other kind is left at once."""

    def __init__(self, move: Move) -> None:
        old = move.old_kind
        asked = f"What becomes of the {old}?" if move.keeps_both else f"Replace the {old}?"
        super().__init__(asked, "triangle-alert")
        self.move_there = Button("Move: go by both for now", "check", Button.PRIMARY)
        self.replace = Button(f"Replace the {old}")
        self.stay = Button(f"Keep the {old} as it is")
        self.words = _both(move) if move.keeps_both else _instead(move)
        for words in self.words:
            self.add(Wrap(words, widest=_WIDE))
        buttons = [self.move_there, self.replace, self.stay]
        if not move.keeps_both:
            self.move_there.setParent(self)
            self.move_there.hide()
            buttons = [self.stay, self.replace]
        self.add(FlowRow(buttons))
        self._first = buttons[0]
        self.move_there.clicked.connect(lambda: self.agreed.emit(False))
        # of its own kind the new place takes the old one's: what there is beside it stays
        self.replace.clicked.connect(lambda: self.agreed.emit(move.keeps_both))
        self.stay.clicked.connect(self.left)

    def begin(self, *, takes_keyboard: bool) -> None:
        """Have the question spoken.

        Args:
            takes_keyboard: Whether to put the keyboard on what loses nobody: not if whoever set the
                place up types elsewhere by now, where a space would press it.
        """
        if takes_keyboard:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self._bring_into_sight)
        announce(self, " ".join((self.accessibleName(), *self.words)))

    def _bring_into_sight(self) -> None:
        # all of the question, as far as the window is tall enough; then what has the keyboard
        for part in (self, self._first):
            bring_into_sight(part)


def _both(move: Move) -> tuple[str, ...]:
    old, new = move.old_kind, move.kind
    now = f"The PCs meet in {move.old} now."
    moving = (
        f"Move: this PC goes by the {old} and the {new} from now on, and carries what others write "
        f"from one to the other. Once every PC has been set up for the {new}, leave the {old} here."
    )
    replacing = (
        f"Replace: this PC goes by the {new} alone. PCs that still meet in the {old} hear nothing of "
        f"it, nor it of them, until they are set up for the {new} too. What lies in the {old} stays, "
        "encrypted."
    )
    return now, moving, replacing


def _instead(move: Move) -> tuple[str, ...]:
    kind = move.kind
    now = (
        f"The PCs meet in {move.old} now. A PC goes by one {kind} at a time: this one would go by "
        f"{move.new} instead."
    )
    replacing = (
        f"PCs that still meet in the old {kind} hear nothing of this one, nor it of them, until they "
        f"are set up for the new one too. What lies in the old {kind} stays, encrypted, and nothing "
        "is lost: every PC holds the whole record."
    )
    return now, replacing
