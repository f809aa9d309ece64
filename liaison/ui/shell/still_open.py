"""The counts in the sidebar: of open loops, kept true on every page, and of training that is lacking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from liaison.services import loops
from liaison.services.outcomes import CLOSED_WITH
from liaison.services.today import learning
from liaison.services.today.items import Look

if TYPE_CHECKING:
    from liaison.ui.desk import Desk

_LOOPS: Final = "loops"
_TRAINING: Final = "training"
_COUNT_THEMSELVES: Final = frozenset({"today", _LOOPS})
_TOUCHED: Final = CLOSED_WITH | {
    "agenda_outcome", "appointment", "equipment_loan", "resident", "round",
}  # fmt: skip


class StillOpen(QObject):
    """Counts what is open after each write that may close or open something.

    What is lacking of the training Today counts; where another page comes first, it is counted once.

    Args:
        desk: The desk.
        parent: The window.
    """

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._page = ""
        self._known = False
        desk.jobs.changed.connect(self._written)

    def show_page(self, page: str) -> None:
        """Say which page is in front.

        Args:
            page: Its name.
        """
        self._page = page
        known, self._known = self._known, True
        # after a lock one is back on a page that does not count
        if not known and page not in _COUNT_THEMSELVES:
            self._read()
            self._read_training()

    def _written(self, touched: frozenset[str]) -> None:
        if _TOUCHED & touched and self._page not in _COUNT_THEMSELVES:
            self._read()

    def _read(self) -> None:
        desk = self._desk
        if desk.jobs.home is None:
            return
        day = desk.today()
        desk.jobs.read(
            lambda store: len(loops.read(store, day).items),
            lambda number: desk.count(_LOOPS, number),
            latest=(id(self), _LOOPS),
            owner=self,
        )

    def _read_training(self) -> None:
        desk = self._desk
        if desk.jobs.home is None:
            return
        day = desk.today()
        desk.jobs.read(
            lambda store: learning.in_short(Look(store, day)).lacking,
            lambda number: desk.count(_TRAINING, number),
            latest=(id(self), _TRAINING),
            owner=self,
        )
