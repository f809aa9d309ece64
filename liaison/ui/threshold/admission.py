"""What may stand between a home that somebody has unlocked and its window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.homes import OpenHome
    from liaison.ui.jobs import Jobs
    from liaison.ui.remembered import Remembered
    from liaison.ui.threshold.door import Door


class Admission(QObject):
    """Looks whether the home is whole, and whether somebody first owes it something.

    They may owe it a password of their own, or the proof that their recovery sheet can be read.

    Args:
        door: The door they came in by.
        jobs: Work off the UI thread.
        remembered: What this PC remembers.
        own_password: Gives them the password they choose.
    """

    admitted = Signal()
    """Nothing stands between any more: the window is to be shown."""
    looking = Signal(object)
    """The home cannot be written to, as this says (a ``UserError``), and is only looked at."""
    restoring = Signal()
    """Somebody wants a backup back instead of this home."""
    left = Signal()
    """They go back to the door."""
    troubled = Signal(object)
    """What they decided could not be done (a ``UserError``)."""

    def __init__(
        self,
        door: Door,
        jobs: Jobs,
        remembered: Remembered,
        own_password: Callable[[OpenHome, str], None],
    ) -> None:
        super().__init__()
        self._door, self._jobs, self._remembered = door, jobs, remembered
        self._own_password = own_password
        door.proven.connect(self._proven)

    def admit(self, home: OpenHome, name: str) -> None:
        """Lead somebody on to the window, by whatever stands between.

        Args:
            home: The home, as they unlocked it.
            name: What it is called.
        """
        trouble = home.cannot_write
        if trouble is not None and home.store.loss is not None:
            self._show_missing(home, name, trouble)
            return
        if trouble is not None:
            self.looking.emit(trouble)
            return
        if home.unlocked.must_change:
            self._show_own_password(home, name)
            return
        known = self._remembered.settings.home(self._door.folder)
        if known.unproven and home.unlocked.role == "manager":
            self._door.set_up().prove_again(name, home)
            return
        self.admitted.emit()
        if known.unused_sheet and home.unlocked.role == "manager":
            from liaison.ui.threshold import unused_sheet

            unused_sheet.tell(self._door.frame, self._sheet_destroyed)

    def _show_missing(self, home: OpenHome, name: str, trouble: UserError) -> None:
        from liaison.security.roles import Action
        from liaison.ui.threshold.missing import MissingScreen

        screen = MissingScreen(trouble, decides=home.may(Action.RESTORE))
        screen.looking.connect(lambda: self.looking.emit(trouble))
        screen.left.connect(self.left)
        screen.bringing_back.connect(self.restoring)
        screen.going_on.connect(
            lambda: self._jobs.write(
                lambda held: held.go_on(), lambda _: self.admit(home, name), self.troubled.emit,
                owner=screen,
            )
        )  # fmt: skip
        self._door.frame.show_scene(screen)

    def _show_own_password(self, home: OpenHome, name: str) -> None:
        from liaison.ui.threshold.own_password import OwnPasswordScreen

        screen = OwnPasswordScreen(home.unlocked.name, name, self._jobs, self._own_password)
        screen.chosen.connect(lambda: self.admit(home, name))
        screen.left.connect(self.left)
        self._door.frame.show_scene(screen)

    def _proven(self) -> None:
        self._remembered.change(lambda now: now.with_home(self._door.folder, unproven=False))

    def _sheet_destroyed(self) -> None:
        self._remembered.change(lambda now: now.with_home(self._door.folder, unused_sheet=False))
