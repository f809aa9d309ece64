"""The door: what the window shows while no home is open."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from liaison.ui.startup import when_painted
from liaison.ui.threshold.making import UNLOCKED
from liaison.ui.threshold.unlock import Locked, UnlockScreen

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.security import KeyFile
    from liaison.security import Person as KeyPerson
    from liaison.services.homes import OpenHome
    from liaison.services.pcs.coming import Way
    from liaison.settings import KnownPerson
    from liaison.ui.jobs import Jobs, Progress
    from liaison.ui.remembered import Remembered
    from liaison.ui.shell.frame import Frame
    from liaison.ui.starting import Start
    from liaison.ui.threshold.first_run import FirstRun


class Door(QObject):
    """Who are you; setting a home up; coming back with the recovery sheet; or why none of it.

    Args:
        start: How the window is to start.
        frame: Where the screens are shown.
        jobs: Work off the UI thread.
        remembered: What this PC remembers.
    """

    opened = Signal(object)
    """Somebody has unlocked their home: an ``OpenHome``."""
    came_back = Signal(object)
    """A manager has come back with the recovery sheet: an ``OpenHome``."""
    made = Signal(object, str)
    """A home was made: an ``OpenHome`` and its name."""
    proven = Signal()
    """The recovery sheet can be read, or there is no home it could be of."""
    finished = Signal(str)
    """All of setting up is done; the page to go on with."""
    shown = Signal()
    """The names are on the screen."""
    chosen = Signal()
    """Somebody has said who they are, and not yet proven it."""
    moved = Signal()
    """It is another home's door now."""

    def __init__(self, start: Start, frame: Frame, jobs: Jobs, remembered: Remembered) -> None:
        super().__init__()
        self.start, self.frame, self.jobs, self.remembered = start, frame, jobs, remembered
        self.folder = start.folder
        self.demonstration = False
        """Whether it is the demonstration's door."""
        self._back = ""
        """What was brought back, for the first time its names are shown."""

    def show(self) -> None:
        """Show who can unlock the home; or set one up; or say why neither is possible."""
        self.frame.setWindowTitle("Liaison")
        known = self.remembered.settings.home(self.folder)
        if known.people:
            # at once, by what this PC remembers; the key file itself is asked a moment later
            self._show_unlock(known.people)
        else:
            self.frame.show_scene(_Blank())
            self.look()

    def look(self) -> None:
        """Ask the key file who can unlock the home now, and show it."""
        folder = self.folder
        makings = self.start.makings

        def looked(_: Progress) -> tuple[KeyFile | None, Way | None]:
            keys = makings.look(folder)
            return keys, makings.joining(folder) if keys is None else None

        self.jobs.run(looked, self._seen, self._unseen, owner=self)

    @property
    def _at_names(self) -> bool:
        """Whether somebody is being asked who they are; else what the key file says comes late."""
        return isinstance(self.frame.scene, UnlockScreen | _Blank) and self.jobs.home is None

    def _seen(self, found: tuple[KeyFile | None, Way | None]) -> None:
        scene = self.frame.scene
        if not self._at_names:
            return
        keys, way = found
        if keys is None and way is not None and way.asked:
            # it goes on where it stood when Liaison was closed
            self.show_join()
        elif keys is None:
            self.set_up()
        elif isinstance(scene, UnlockScreen):
            scene.show_people(keys.people)
        else:
            self._show_unlock(keys.people)

    def _unseen(self, error: UserError) -> None:
        if self._at_names:
            self._show_trouble(error)

    def _show_unlock(self, people: Sequence[KeyPerson | KnownPerson]) -> None:
        known = self.remembered.settings.home(self.folder)
        folder, lock_after = self.folder, self.remembered.settings.lock_after
        screen = UnlockScreen(
            Locked(people, known, lock_after=lock_after),
            self.jobs,
            self._unlock,
            lambda person: self.start.makings.wait(folder, person),
        )
        screen.opened.connect(self.opened)
        screen.chosen.connect(self.chosen)
        screen.recovering.connect(lambda: self._show_recover(screen.managers))
        screen.bringing_back.connect(self.show_bring_back)
        wanted = self.start.user or known.last_person
        if wanted:
            screen.choose(wanted)
        self.frame.show_scene(screen)
        when_painted(screen, self.shown.emit)
        if self._back:
            screen.tell(self._back)
            screen.opened.connect(lambda _: self._keep_told(""))
        if self.demonstration:
            # nobody was told it
            password = self.start.makings.demonstration_password()
            screen.note.hint(f"The password of the demonstration is: {password}")

    def _unlock(self, person: str, password: str, progress: Progress) -> OpenHome:
        # on the writer's thread

        def mark(moment: str) -> None:
            if self.start.report is not None:
                self.start.report.mark(moment)
            if moment == UNLOCKED:
                # called off while the password was checked: the home is not even opened
                progress.check()

        return self.start.makings.unlock(self.folder, person, password, mark)

    def _show_recover(self, managers: Sequence[KeyPerson | KnownPerson]) -> None:
        from liaison.ui.threshold.recover import RecoverScreen

        screen = RecoverScreen(
            managers,
            self.remembered.settings.home(self.folder).name,
            self.jobs,
            lambda key, person, password, _: self.start.makings.come_back(
                self.folder, key, person, password
            ),
        )
        screen.opened.connect(self.came_back)
        screen.left.connect(self.show)
        self.frame.show_scene(screen)

    def set_up(self) -> FirstRun:
        """Show the setting up of a home, or what of it is still to be done."""
        from liaison.ui.threshold.first_run import FirstRun

        flag = partial(
            self.remembered.kept_with, lambda now: now.with_home(self.folder, unproven=True)
        )
        makers = self.start.makings.makers(
            self.folder, flag, can_import="import" in self.start.pages
        )
        screen = FirstRun(self.folder, self.jobs, makers)
        screen.made.connect(self.made)
        screen.unmade.connect(self.proven)
        screen.proven.connect(self.proven)
        screen.finished.connect(self.finished)
        screen.demonstrated.connect(self._demonstrated)
        screen.bringing_back.connect(self.show_bring_back)
        screen.joining.connect(self.show_join)
        self.frame.show_scene(screen)
        return screen

    def show_join(self) -> None:
        """Show how this PC joins a home that others hold, where it stood."""
        from liaison.ui.threshold.joining import JoinScreen

        screen = JoinScreen(self.folder, self.jobs, self.start.makings.join)
        screen.opened.connect(self.opened)
        screen.left.connect(self.set_up)
        self.frame.show_scene(screen)

    def _show_trouble(self, error: UserError) -> None:
        from liaison.ui.threshold.trouble import TroubleScreen

        screen = TroubleScreen(error, self.folder)
        screen.again.connect(self.show)
        screen.elsewhere.connect(self._go_elsewhere)
        screen.bringing_back.connect(self.show_bring_back)
        self.frame.show_scene(screen)

    def show_bring_back(self) -> None:
        """Show how a backup is brought back."""
        from liaison.ui.threshold.bringing_back import BringBackScreen

        screen = BringBackScreen(self.folder, self.jobs)
        screen.brought.connect(self._brought_back)
        screen.told.connect(self._keep_told)
        screen.left.connect(self.show)
        self.frame.show_scene(screen)

    def _keep_told(self, words: str) -> None:
        self._back = words

    def _brought_back(self, folder: Path, by_sheet: bool) -> None:  # noqa: FBT001  # a signal's
        """Go to the door of what came back; the recovery sheet lets a manager in next."""
        self.folder = folder
        self.moved.emit()
        if not by_sheet:
            self.show()
            return
        self.jobs.run(
            lambda _: self.start.makings.look(folder),
            lambda keys: self._show_recover(
                [one for one in keys.people if one.role == "manager"] if keys else []
            ),
            self._unseen,
            owner=self,
        )

    def _go_elsewhere(self, folder: Path) -> None:
        self.folder, self._back = folder, ""
        self.moved.emit()
        self.show()

    def _demonstrated(self, home: OpenHome) -> None:
        self.folder = home.folder
        self.demonstration = True
        self.moved.emit()
        self.opened.emit(home)


class _Blank(QWidget):
    """The window while the key file is read for the first time."""
