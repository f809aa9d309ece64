"""A page on how things stand between the PCs: read anew after each round, as far as it is in sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtGui import QShowEvent

from liaison.ui.page import Page
from liaison.ui.widgets import Banner

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk
    from liaison.ui.job import Job
    from liaison.ui.parts.exchanging import Seen

T = TypeVar("T")


class FollowsExchange(Page):
    """Such a page. Out of sight it reads nothing, and once it is shown again it does.

    Args:
        desk: What a page is given.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.banner = Banner("late", "")
        self.banner.hide()
        self._stale = False
        self._looking: Job | None = None
        desk.exchange_told.connect(self._told)

    def _told(self, _: Seen) -> None:
        self._stale = not self.isVisible()
        if not self._stale:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Show how things stand by now."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def read_shown(self, work: Callable[[OpenHome], T], done: Callable[[T], object]) -> None:
        """Read what is shown, on a connection of its own; the storage is not asked.

        An answer to an earlier call that is still to come falls away.

        Args:
            work: Reads it.
            done: Shows it.
        """
        self._stale = False
        if self._looking is not None:
            # it began before, and could end after
            self._looking.cancel()
        if self.desk.jobs.home is not None:
            self._looking = self.desk.jobs.look(
                lambda home, _: work(home), done, self.unread, owner=self
            )

    def unread(self, error: UserError) -> None:
        """Say why it could not be read; what was shown stays.

        Args:
            error: Why.
        """
        self.banner.say("late", str(error))
        self.filled.emit()
