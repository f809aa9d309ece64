"""What every page is given: nothing in the window reaches for globals."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from liaison.ui import clock

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.access import Kind
    from liaison.services.health import Notice
    from liaison.settings import Settings
    from liaison.ui.jobs import Jobs
    from liaison.ui.parts.exchanging import Seen

_NOTE_MS: Final = 5_000


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
    """Keep what is being typed now: it may be locked, closed, or have met a fault in a moment."""
    closing = Signal()
    """The home is being locked, or the window closes: what only somebody here could see ends."""
    unkept = Signal(object)
    """A UserError: what is being typed could not be kept, so the window must not close on it."""
    counted = Signal(str, int)
    """How many wait on a page, for its item in the sidebar: the page's name and the count."""
    changing = Signal(object)
    """Settings somebody wants to have; the application keeps them, then ``settings_changed``."""
    noticed = Signal(object)
    """What is to be said without being asked, such as that a backup is due (tuple of ``Notice``)."""
    backups_changed = Signal()
    """A backup was made, or how they are made by themselves has changed."""
    backup_wanted = Signal()
    """Make the automatic backup now: somebody has put right what kept it from being made."""
    exchange_wanted = Signal()
    """Exchange with the home's other PCs now."""
    exchange_told = Signal(object)
    """How the exchange with the other PCs stands (a ``Seen``)."""
    settings_changed = Signal(object)
    """The settings as they are from now on."""

    def __init__(
        self,
        jobs: Jobs,
        person: Person,
        settings: Settings,
        now: Callable[[], dt.datetime] = clock.now,
    ) -> None:
        # it has a timer, and is part of circles of references: left to the garbage collector it
        # could end on another thread, which Qt does not survive
        super().__init__(jobs)
        self.jobs = jobs
        self.person = person
        self.settings = settings
        self._now = now
        self.notices: tuple[Notice, ...] = ()
        self.exchange: Seen | None = None
        """How the exchange with the other PCs stands; None as long as nobody looked."""
        self._noting = QTimer(self, singleShot=True, interval=_NOTE_MS)
        self._noting.timeout.connect(self._write_noted)

    def now(self) -> dt.datetime:
        """Return the present moment on the home's wall clock (Europe/London)."""
        return self._now()

    def today(self) -> dt.date:
        """Return the present day on the home's wall clock."""
        return self._now().date()

    def open(self, type_name: str, identity: int) -> None:
        """Show a record, on whichever page shows its type."""
        self.opened.emit(type_name, identity)
        home = self.jobs.home
        if home is not None and home.access.looked(type_name, identity):
            self._write_soon()

    def note(self, kind: Kind, about: tuple[str, int] | None = None, detail: str = "") -> None:
        """Note that something was done with the home, such as printing; it is written soon.

        Args:
            kind: What was done.
            about: Type and id of the record it was done with.
            detail: More about it, in a few words.
        """
        home = self.jobs.home
        if home is not None:
            home.access.note(kind, about, detail)
            self._write_soon()

    def _write_soon(self) -> None:
        # nobody waits for it: what comes within these seconds is one write
        if not self._noting.isActive():
            self._noting.start()

    def _write_noted(self) -> None:
        if self.jobs.home is not None:
            self.jobs.write(lambda home: home.access.flush())

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

    def tell_notices(self, notices: tuple[Notice, ...]) -> None:
        """Say what is to be said without being asked (the shell's upkeep calls it)."""
        self.notices = notices
        self.noticed.emit(notices)

    def tell_exchange(self, seen: Seen) -> None:
        """Say how the exchange with the other PCs stands (what exchanges calls it)."""
        self.exchange = seen
        self.exchange_told.emit(seen)

    def set(self, settings: Settings) -> None:
        """Change what this PC remembers: theme, text size, columns; applied and kept at once."""
        self.changing.emit(settings)

    def take_settings(self, settings: Settings) -> None:
        """Tell every page that the settings are others now (the application calls it)."""
        self.settings = settings
        self.settings_changed.emit(settings)
