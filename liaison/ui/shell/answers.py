"""Answers for whoever signed in: said across every page until they have read them (need N7)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.security.roles import MANAGER
from liaison.services import concerns
from liaison.services.references import Names
from liaison.ui.widgets import Banner, spaced

if TYPE_CHECKING:
    from liaison.store.store import Store
    from liaison.ui.desk import Desk

_TYPE: Final = "concern"
_PAGE: Final = "concern"
_TODAY: Final = "today"


@dataclasses.dataclass(frozen=True, slots=True)
class Waiting:
    """What somebody has yet to read.

    Args:
        count: How many.
        concern: The latest of them; 0 if there is none.
        words: Who answered, about whom.
        on_today: Whether Today shows all of them in full to those who care.
    """

    count: int = 0
    concern: int = 0
    words: str = ""
    on_today: bool = False


def waiting(store: Store, person: int) -> Waiting:
    """Read what somebody has yet to read.

    Args:
        store: The home.
        person: Their person record.
    """
    found = concerns.to_read(store, person)
    if not found:
        return Waiting()
    latest = found[0]
    whom = Names(store).by_id("resident", latest.resident or 0)
    if latest.answered_at is not None:
        said = f"{latest.answered_by or 'Somebody'} answered what you raised about {whom}."
    else:
        said = f"What you raised about {whom} was closed with an outcome."
    more = len(found) - 1
    also = f" There {'is 1 more' if more == 1 else f'are {more} more'} to read." if more else ""
    # Today has answers, not ends without one, and for whoever is known among the staff
    on_today = concerns.staff_of(store, person) is not None and all(
        one.answered_at is not None for one in found
    )
    return Waiting(len(found), latest.id or 0, said + also, on_today)


class Answers(QWidget):
    """The banner, above every page but those that show the answers themselves.

    Args:
        desk: The desk.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._page = ""
        self.found = Waiting()
        self.banner = Banner("info", "", "Read it")
        self.banner.pressed.connect(self._open)
        spaced(QVBoxLayout(self), 0, (24, 16, 24, 0)).addWidget(self.banner)
        self.hide()
        desk.jobs.changed.connect(self._written)
        self.read()

    def read(self) -> None:
        """Read anew what is waiting."""
        desk = self._desk
        if desk.jobs.home is None:
            return
        person = desk.person.id
        desk.jobs.read(
            lambda store: waiting(store, person),
            self._show,
            latest=(id(self), "answers"),
            owner=self,
        )

    def show_page(self, page: str) -> None:
        """Say which page is in front.

        Args:
            page: Its name.
        """
        self._page = page
        self._turn()

    def _written(self, touched: frozenset[str]) -> None:
        if {_TYPE, "person", "staff"} & touched:
            self.read()

    def _show(self, found: Waiting) -> None:
        if found == self.found:
            return
        self.found = found
        self._desk.count(_PAGE, found.count)
        if found.count:
            self.banner.say("info", found.words, "Read it")
        self._turn()

    def _turn(self) -> None:
        shows = {_PAGE}
        if self.found.on_today and self._desk.person.role != MANAGER:
            # managers have figures there
            shows.add(_TODAY)
        self.setVisible(bool(self.found.count) and self._page not in shows)

    def _open(self) -> None:
        if self.found.count:
            self._desk.open(_TYPE, self.found.concern)
