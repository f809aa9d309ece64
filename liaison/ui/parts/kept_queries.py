"""Questions kept for whoever comes, shown where their visit is written (domain need N25)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.services import concerns, directory
from liaison.services.references import Names
from liaison.ui.widgets import Banner, spaced

if TYPE_CHECKING:
    from liaison.store.store import Store
    from liaison.ui.desk import Desk

_MOST_TOLD: Final = 3
_LONGEST: Final = 90


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for somebody.

    Args:
        count: How many questions.
        words: The first of them: about whom, and how each begins.
    """

    count: int
    words: str


def kept_for(store: Store, contact: int) -> Kept:
    """Read what is kept for somebody's next visit, by name or for their role.

    Args:
        store: The home.
        contact: Who comes.
    """
    posts = directory.posts_of(store, contact)
    roles = tuple(one.post.role for one in posts if one.post.role is not None)
    held = concerns.held_for(store, contact, roles)
    names = Names(store)
    told = [
        f"{names.by_id('resident', one.resident or 0)}: {_short(one.situation)}"
        for one in held[:_MOST_TOLD]
    ]
    return Kept(len(held), "; ".join(told))


def _short(text: str | None) -> str:
    line = " ".join((text or "").split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rsplit(' ', 1)[0]} ..."


class KeptQueries(QWidget):
    """A banner that says what to ask whoever has come; nothing is kept, nothing is shown.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._contact: int | None = None
        self.banner = Banner("info", "", "Show them")
        self.banner.pressed.connect(lambda: desk.go("concern", {"tab": "kept"}))
        spaced(QVBoxLayout(self), 0).addWidget(self.banner)
        self.hide()

    def show_for(self, contact: int | None) -> None:
        """Show what is kept for somebody; for nobody, nothing.

        Args:
            contact: Who came.
        """
        self._contact = contact
        if contact is None or self._desk.jobs.home is None:
            self.hide()
            return
        self._desk.jobs.read(
            lambda store: (contact, kept_for(store, contact)),
            self._show,
            latest=(id(self), "kept"),
            owner=self,
        )

    def _show(self, found: tuple[int, Kept]) -> None:
        contact, kept = found
        if contact != self._contact:
            return
        if kept.count:
            count = "1 question is" if kept.count == 1 else f"{kept.count} questions are"
            self.banner.say("info", f"{count} kept for this visit. {kept.words}", "Show them")
        self.setVisible(bool(kept.count))
