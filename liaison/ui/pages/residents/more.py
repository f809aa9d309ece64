"""What else can be done about a resident: the handover sheet, and what begins with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

from liaison.security.roles import Action, may
from liaison.services import permissions
from liaison.ui.parts.facts import candidate
from liaison.ui.widgets import Button, IconButton, drop_down

if TYPE_CHECKING:
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import Candidate

_ADDING = (
    ("referral", "Refer to a service ...", "referrals", ""),
    ("transfer", "Record a transfer ...", "transfers", ""),
    ("appointment", "Book an appointment ...", "appointments", "coming"),
    ("equipment_loan", "Ask for equipment ...", "appointments", "loans"),
)


class HandoverButton(Button):
    """Shows a resident's handover sheet, ready to be printed.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Handover sheet", "printer", parent=parent)
        self.setToolTip("One page that goes to hospital with them")
        self._desk = desk
        self.resident = 0
        self.clicked.connect(self._print)
        if not may(desk.person.role, Action.PRINT_SHEETS):
            self.hide()

    def _print(self) -> None:
        identity = self.resident

        def read(store: Store) -> Candidate | None:
            found = store.follow("resident", identity)
            return None if found is None else candidate(store, found)

        self._desk.jobs.read(read, self._show, self._desk.trouble, owner=self)

    def _show(self, whom: Candidate | None) -> None:
        if whom is not None:
            asked = {"report": "handover-sheet", "about": "resident", "candidate": whom}
            self._desk.go("reports", asked)


class MoreToDo(IconButton):
    """A menu of what begins with a resident; only what a role may do is in it.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("ellipsis", "More to do", Button.SECONDARY, parent=parent)
        self._desk = desk
        self.resident = 0
        self.menu_of = QMenu(self)
        for type_name, words, page, tab in _ADDING:
            if permissions.may_add(desk.person.role, type_name):
                self.menu_of.addAction(words, lambda page=page, tab=tab: self._add(page, tab))  # type: ignore[misc]  # bound now
        if may(desk.person.role, Action.RESIDENTS):
            self.menu_of.addAction("Left or died ...", self._leaving)
        self.clicked.connect(lambda: drop_down(self.menu_of, self))
        if self.menu_of.isEmpty():
            self.hide()

    def _add(self, page: str, tab: str) -> None:
        asked: dict[str, object] = {"add": True, "resident": self.resident}
        self._desk.go(page, asked | ({"tab": tab} if tab else {}))

    def _leaving(self) -> None:
        self._desk.go("transfers", {"leaving": self.resident})
