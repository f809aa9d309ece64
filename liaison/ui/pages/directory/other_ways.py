"""Other ways in and out of the directory: the NHS list, lists in files, whom to ring, the glossary."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu

from liaison.security import roles
from liaison.security.roles import Action
from liaison.ui.pages import PAGES
from liaison.ui.widgets import Button, IconButton, drop_down

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from liaison.ui.desk import Desk

#: Where each leads: its words, the page, and what one must be allowed to do.
_WAYS: Final = (
    ("Who do I ring?", "who-to-ring", Action.LOOK),
    ("Add a practice from the NHS list ...", "practices", Action.IMPORT),
    ("Bring in a list ...", "import", Action.IMPORT),
    ("What abbreviations mean", "glossary", Action.LOOK),
)


class OtherWays(IconButton):
    """A button with a menu of them; those that this person may not go are left out.

    Args:
        desk: The desk.
    """

    share_asked = Signal()
    """Somebody wants to take some of the directory out."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("ellipsis", "More ways", Button.SECONDARY, parent=parent)
        self.menu_ = QMenu(self)
        for words, page, action in _WAYS:
            if page in PAGES and roles.may(desk.person.role, action):
                self.menu_.addAction(words, partial(desk.go, page))
        if roles.may(desk.person.role, Action.EXPORT):
            self.menu_.addAction("Share, or take out ...", self.share_asked.emit)
        self.clicked.connect(lambda: drop_down(self.menu_, self))
