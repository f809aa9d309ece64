"""The window of whoever is about to sign in, made while they type their password.

There is nothing in it but their name, their role and the home's name, which stand on the door too. What
a home holds is read once it is open; if somebody else comes in, or as something else, it is dropped.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

from liaison.ui.desk import Desk
from liaison.ui.shell.shell import FIRST_PAGE, Shell

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from liaison.settings import Settings
    from liaison.ui.desk import Person
    from liaison.ui.jobs import Jobs


@dataclasses.dataclass(slots=True)
class _Made:
    shell: Shell
    desk: Desk
    person: Person
    home: str
    lent: bool = False
    """Whether the desk is in use already."""


class Ahead:
    """Makes the window ahead.

    Args:
        jobs: Work off the UI thread.
        pages: The pages there are.
        frame: The window that they will be shown in.
    """

    def __init__(self, jobs: Jobs, pages: Mapping[str, str], frame: QWidget) -> None:
        self._jobs, self._pages, self._frame = jobs, pages, frame
        self._made: _Made | None = None

    @property
    def shell(self) -> Shell | None:
        """The window that is ready; None if there is none."""
        return self._made.shell if self._made is not None else None

    @property
    def person(self) -> Person | None:
        """Whom a window is ready for; None if there is none."""
        return self._made.person if self._made is not None else None

    def make(self, person: Person, home: str, settings: Settings, first: str) -> None:
        """Make the window for somebody, unless there is one for them already.

        Args:
            person: Who they say they are.
            home: The home's name.
            settings: What this PC remembers.
            first: The page they will see first.
        """
        made = self._made
        if made is not None and (made.person, made.home) == (person, home):
            made.desk.settings = settings
            return
        self.drop()
        desk = Desk(self._jobs, person, settings)
        # other pages may want to read while they are made
        shell = Shell(desk, home, self._pages, first if first == FIRST_PAGE else "")
        # all of it is styled anew where it gets another parent: now, not when it is to be shown
        shell.setParent(self._frame)
        self._made = _Made(shell, desk, person, home)

    def desk_for(self, person: Person, home: str) -> Desk | None:
        """Return the desk of the window made for somebody, who is in now; None if there is none.

        Args:
            person: Who came in, and as what.
            home: The home's name.
        """
        made = self._made
        if made is None or (made.person, made.home) != (person, home):
            self.drop()
            return None
        made.lent = True
        return made.desk

    def take(self, desk: Desk) -> Shell | None:
        """Give up the window that was made for a desk, to be shown; None if there is none.

        Args:
            desk: The desk of whoever is in, as :meth:`desk_for` returned it.
        """
        made = self._made
        if made is None or made.desk is not desk or made.person != desk.person:
            self.drop()
            return None
        self._made = None
        return made.shell

    def drop(self) -> None:
        """Do without the window that was made."""
        made, self._made = self._made, None
        if made is not None:
            made.shell.deleteLater()
            if not made.lent:
                made.desk.deleteLater()
