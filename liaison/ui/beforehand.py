"""What is done while somebody stands at the door, so that they need not wait for it once they are in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from liaison.ui.naming import Naming
from liaison.ui.threshold.unlock import UnlockScreen

if TYPE_CHECKING:
    from liaison.ui.desk import Desk, Person
    from liaison.ui.jobs import Jobs
    from liaison.ui.remembered import Remembered
    from liaison.ui.shell.ahead import Ahead
    from liaison.ui.shell.shell import Shell
    from liaison.ui.starting import Start
    from liaison.ui.threshold.door import Door

_CHOOSING_MS: Final = 60
"""Nothing is made ready for somebody whose name is only passed by with the arrow keys."""


class Beforehand(QObject):
    """Loads what an open home needs, and makes the window of whoever is chosen.

    Args:
        start: How the window is to start.
        door: The door, where they stand.
        jobs: Work off the UI thread.
        remembered: What this PC remembers.
        first: Says which page somebody will see first, by the id of their record.
        busy: Says whether a home is still being closed.
    """

    loaded = Signal()
    """What an open home needs is loaded."""

    def __init__(
        self,
        start: Start,
        door: Door,
        jobs: Jobs,
        remembered: Remembered,
        *,
        first: Callable[[int], str],
        busy: Callable[[], bool],
    ) -> None:
        super().__init__()
        self._start, self._door, self._jobs = start, door, jobs
        self._remembered, self._first, self._busy = remembered, first, busy
        self.naming = Naming(self)
        self.ahead: Ahead | None = None
        """The window of whoever is chosen at the door; made once there is one."""
        self._at_names = False
        """Whether the names are on the screen, and nobody is in."""
        self._begun = False
        self._heavy = False
        """Whether what an open home needs is loaded."""
        self._over = False
        self._choosing = QTimer(self, singleShot=True, interval=_CHOOSING_MS)
        self._choosing.timeout.connect(self._get_ready)

    def at_names(self) -> bool:
        """Begin, or go on: the names are on the screen.

        Returns:
            Whether it went on, what an open home needs being loaded or on its way already.
        """
        self._at_names = True
        if self._begun:
            # locked, or back at the names
            return True
        self._begun = True
        self.naming.over.connect(self._load)
        self.naming.start()
        return False

    def somebody_chosen(self) -> None:
        """Make the window of whoever is chosen, unless their name was only passed by."""
        self._choosing.start()

    def is_in(self) -> None:
        """Learn that somebody is in: all that an open home needs is there."""
        self._heavy = True

    def left(self) -> None:
        """Start anew: nobody is in, and the names are not on the screen yet."""
        self.drop()
        self._at_names = False

    def desk_for(self, person: Person, home: str) -> Desk | None:
        """Return the desk made ready for somebody, who is in now; None if there is none.

        Args:
            person: Who came in, and as what.
            home: The home's name.
        """
        return self.ahead.desk_for(person, home) if self.ahead is not None else None

    def take(self, desk: Desk) -> Shell | None:
        """Give up the window that was made for a desk, to be shown; None if there is none."""
        return self.ahead.take(desk) if self.ahead is not None else None

    def drop(self) -> None:
        """Do without the window that was made."""
        if self.ahead is not None:
            self.ahead.drop()

    def end(self) -> None:
        """Make nothing any longer: the window is closed."""
        self._over = True
        self.drop()

    def _load(self) -> None:
        """Load what an open home needs while somebody types their password."""

        def loaded(_: None) -> None:
            self._heavy = True
            self.loaded.emit()
            self.somebody_chosen()

        # the window may be closed while classes are still being named
        if not self._over:
            self._jobs.run(lambda _: self._start.makings.load(), loaded, owner=self)

    def _get_ready(self) -> None:
        from liaison.records import ids
        from liaison.ui.desk import Person
        from liaison.ui.shell.ahead import Ahead

        if self._over or self._busy() or not self._heavy or not self._at_names:
            # what it is made of is still being loaded; and the names come first
            return
        screen = self._door.frame.scene
        chosen = screen.person if isinstance(screen, UnlockScreen) else None
        known = self._remembered.settings.home(self._door.folder)
        if chosen is None or self._jobs.home is not None or not known.name:
            return
        if self.ahead is None:
            self.ahead = Ahead(self._jobs, self._start.pages, self._door.frame)
        who = Person(ids.from_text(chosen.id), chosen.name, chosen.role)
        self.ahead.make(who, known.name, self._remembered.settings, self._first(who.id))
