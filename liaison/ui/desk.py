"""What every page is given: nothing in the window reaches for globals."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from liaison.ui import clock

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.settings import Settings
    from liaison.ui.jobs import Jobs


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """Who unlocked the home.

    Args:
        id: The id of their person record.
        name: Their name.
        role: Their role in the app: manager, senior, carer or reader.
    """

    id: int
    name: str
    role: str

    @property
    def first_name(self) -> str:
        """The name to greet them by."""
        return self.name.split(" ")[0]


class Desk(QObject):
    """What every page is given.

    Args:
        jobs: Work off the UI thread: the only way to the home.
        person: Who unlocked it.
        settings: What this PC remembers, as it is now.
        now: The present moment, in Europe/London.
    """

    opened = Signal(str, object)
    """Show this record: its type and id (ids have 63 bits, hence not a Qt int)."""
    went = Signal(str, object)
    """Show this page, with an argument."""
    said = Signal(str, object)
    """Say this in a toast; the second is what undoes it, or None."""
    troubled = Signal(object)
    """A UserError to show in the shell's banner."""
    keeping = Signal()
    """Keep what is being typed now: the home is about to be locked, or the window closed."""
    unkept = Signal(object)
    """A UserError: what is being typed could not be kept, so the window must not close on it."""
    counted = Signal(str, int)
    """How many wait on a page, for its item in the sidebar: the page's name and the count."""
    changing = Signal(object)
    """Settings somebody wants to have; the application keeps them, then ``settings_changed``."""
    settings_changed = Signal(object)
    """The settings as they are from now on."""

    def __init__(
        self,
        jobs: Jobs,
        person: Person,
        settings: Settings,
        now: Callable[[], dt.datetime] = clock.now,
    ) -> None:
        super().__init__()
        self.jobs = jobs
        self.person = person
        self.settings = settings
        self._now = now

    def now(self) -> dt.datetime:
        """Return the present moment on the home's wall clock (Europe/London)."""
        return self._now()

    def today(self) -> dt.date:
        """Return the present day on the home's wall clock."""
        return self._now().date()

    def open(self, type_name: str, identity: int) -> None:
        """Show a record, on whichever page shows its type."""
        self.opened.emit(type_name, identity)

    def go(self, page: str, argument: object = None) -> None:
        """Show a page.

        Args:
            page: Its name in the table of pages.
            argument: What it is to show, as the page understands it.
        """
        self.went.emit(page, argument)

    def say(self, words: str, undo: Callable[[], object] | None = None) -> None:
        """Say what was done, in a toast.

        Args:
            words: One sentence.
            undo: What takes it back, for the toast's button and Ctrl+Z.
        """
        self.said.emit(words, undo)

    def count(self, page: str, waiting: int) -> None:
        """Say how many wait on a page; 0 shows nothing."""
        self.counted.emit(page, waiting)

    def trouble(self, error: UserError) -> None:
        """Show what went wrong and what to do, in the shell's banner."""
        self.troubled.emit(error)

    def set(self, settings: Settings) -> None:
        """Change what this PC remembers: theme, text size, columns; applied and kept at once."""
        self.changing.emit(settings)

    def take_settings(self, settings: Settings) -> None:
        """Tell every page that the settings are others now (the application calls it)."""
        self.settings = settings
        self.settings_changed.emit(settings)
