"""What is to be said without being asked: across a page, and as a chip in the header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.security.roles import Action, may
from liaison.services.health import Notice, State
from liaison.ui.widgets import Banner, Button, spaced

if TYPE_CHECKING:
    from liaison.ui.desk import Desk

_KINDS: Final = {State.BAD: "late", State.LOOK: "due"}
_BUTTONS: Final = {"backup": "Go to backups", "health": "Look into it"}


def shown_to(desk: Desk) -> list[Notice]:
    """Return what is said to whoever is here: what everybody can see to, and to managers all."""
    manages = may(desk.person.role, Action.SETTINGS)
    return [one for one in desk.notices if manages or one.about != "backup"]


class Reminders(QWidget):
    """The notices, each in a banner, with the way to where something is done about it.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._column = spaced(QVBoxLayout(self), 8)
        self.banners: list[Banner] = []
        desk.noticed.connect(self.show_all)
        self._deal()
        if not self.banners:
            self.hide()

    def show_all(self) -> None:
        """Show what there is to be said now."""
        self._deal()
        self.setVisible(bool(self.banners))

    def _deal(self) -> None:
        for banner in self.banners:
            banner.hide()
            banner.deleteLater()
        button = _BUTTONS if may(self._desk.person.role, Action.SETTINGS) else {}
        self.banners = []
        for notice in shown_to(self._desk):
            banner = Banner(_KINDS[notice.state], notice.words, button.get(notice.about, ""))
            banner.pressed.connect(lambda where=notice.about: self._desk.go("settings", where))
            self._column.addWidget(banner)
            self.banners.append(banner)


class ReminderChip(Button):
    """The most pressing notice in two or three words, above every page.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__("", "triangle-alert", small=True)
        self._desk = desk
        self._about = ""
        self._narrow = False
        self.hide()
        desk.noticed.connect(self.show_first)
        self.clicked.connect(lambda: desk.go("settings", self._about))

    def show_first(self) -> None:
        """Show what presses most; nothing if nothing does, or it is for others to see to."""
        found = shown_to(self._desk) if may(self._desk.person.role, Action.SETTINGS) else []
        if found:
            first = min(found, key=lambda one: one.state is not State.BAD)
            self._about = first.about
            self.set_words("" if self._narrow else first.short)
            self.setAccessibleName(first.short)
            self.setAccessibleDescription(first.words)
            self.setToolTip(first.words)
        self.setVisible(bool(found))

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001  # a state, as Qt's setters
        """Show the icon alone, or the words with it."""
        self._narrow = narrow
        self.show_first()
