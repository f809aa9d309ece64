"""The window from its first screen to its last: what is up, and what is connected with what.

Before the door is on the screen, nothing of records, store or services is loaded; that happens on
another thread while the password is typed.
"""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from liaison import settings
from liaison.errors import UserError
from liaison.ui import clock, theme
from liaison.ui.beforehand import Beforehand
from liaison.ui.closing import Closing
from liaison.ui.mark import window_icon
from liaison.ui.shell.fault_shown import FaultShown
from liaison.ui.shell.frame import Frame
from liaison.ui.startup import when_painted
from liaison.ui.threshold.admission import Admission
from liaison.ui.threshold.door import Door
from liaison.ui.threshold.unlock import UnlockScreen

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.settings import Settings
    from liaison.ui.desk import Desk
    from liaison.ui.jobs import Jobs
    from liaison.ui.remembered import Remembered
    from liaison.ui.shell.faults import Faults
    from liaison.ui.shell.key_watch import KeyWatch
    from liaison.ui.shell.leaving import Leaving
    from liaison.ui.shell.locking import Locking, Why
    from liaison.ui.shell.shell import Shell, Where
    from liaison.ui.shell.single import OnlyWindow
    from liaison.ui.shell.syncing import Exchanging
    from liaison.ui.shell.upkeep import Upkeep
    from liaison.ui.starting import Start

#: How long a start may take before its report is written as it is.
_REPORT_MS: Final = 120_000
_EXCHANGING: Final = "liaison.ui.shell.syncing"
_EMPTY_MS: Final = 150
"""How long somebody may wait for a page before they see that it is being read."""
_EXCHANGING_MS: Final = 700
"""After unlocking the first page comes first."""
_KEYS_CHANGED: Final = (
    "Another window or a command changed the keys of this home, such as who may open it. What you "
    "typed is kept. Unlock it again to go on."
)
_TIME_OVER: Final = (
    "{} may not sign in any more, so Liaison was locked. What was typed is kept. Ask a manager if "
    "that is wrong."
)
_SIZING_MS: Final = 120
"""Pressed again within this, only the last text size is laid out: each takes its time."""


class App(QObject):
    """The window from its first screen to its last.

    Args:
        start: How it is to start.
        jobs: Work off the UI thread.
        remembered: What this PC remembers.
        faults: Catches our own bugs.
    """

    ended = Signal()
    """The window is closed and everything is kept."""

    def __init__(self, start: Start, jobs: Jobs, remembered: Remembered, faults: Faults) -> None:
        super().__init__()
        self.start, self.jobs, self.remembered, self.faults = start, jobs, remembered, faults
        self.frame = Frame()
        self.desk: Desk | None = None
        self.door = Door(start, self.frame, jobs, remembered)
        self.faulty = FaultShown(self.frame, jobs, lambda: self.desk, start.makings.drafts)
        self._exchanging: Exchanging | None = None
        self.upkeep: Upkeep | None = None
        """Makes backups by themselves while a home is open."""
        self._locking: Locking | None = None
        self._keys: KeyWatch | None = None
        self._left: dict[int, Where] = {}
        """Where each person was when the home was locked, for when they come back."""
        self._home_name = ""
        self._pc_name = ""
        """What people call this PC; "" until the home says so."""
        self._finished = False
        self._only: OnlyWindow | None = None
        self._sizing = QTimer(self, singleShot=True, interval=_SIZING_MS)
        self._sizing.timeout.connect(self._resize)
        self.closing = Closing(
            self.frame, jobs, start.makings.drafts, (self._last_round, self._last_backup)
        )
        self.closing.over.connect(self.finish)
        self.closing.troubled.connect(self._trouble_anywhere)
        self.admission = Admission(self.door, jobs, remembered, start.makings.own_password)
        self.admission.admitted.connect(self._show_shell)
        self.admission.looking.connect(self._look_around)
        self.admission.restoring.connect(self._bring_back_instead)
        self.admission.left.connect(self.lock)
        self.admission.troubled.connect(self._trouble_anywhere)
        self.beforehand = Beforehand(
            start, self.door, jobs, remembered,
            first=self._first_page, busy=self._is_closing_home,
        )  # fmt: skip
        self.beforehand.loaded.connect(self.door.look)
        self.frame.leaving.connect(self.leave)
        remembered.changed.connect(self._settings_changed)
        faults.happened.connect(self.faulty.show)
        self.faulty.closing.connect(self.leave)
        faults.troubled.connect(self._trouble_anywhere)
        jobs.fault.connect(faults.take)
        jobs.trouble.connect(self._trouble_at_door)
        door = self.door
        door.opened.connect(self._opened)
        door.came_back.connect(self._came_back)
        door.made.connect(self._made)
        door.finished.connect(self._show_shell)
        door.shown.connect(self._door_shown)
        door.chosen.connect(self.beforehand.somebody_chosen)
        door.moved.connect(self._left.clear)
        door.moved.connect(self._exchange_no_more)

    def show(self) -> None:
        """Show the door, and load the rest meanwhile."""
        self.door.show()
        when_painted(self.frame, self._painted)
        if self.start.report is not None:
            QTimer.singleShot(_REPORT_MS, self, self.finish)
        self.frame.show_at(self.remembered.settings.window)

    def attend(self, only: OnlyWindow) -> None:
        """Come to the front when Liaison is started again."""
        self._only = only
        only.asked.connect(self.frame.come_forward)

    def _painted(self) -> None:
        # behind whatever else waits for the first paint
        QTimer.singleShot(0, self, self._settle_in)

    def _settle_in(self) -> None:
        """Go on with what could wait until anything was on the screen, the door or setting up."""
        self.frame.setWindowIcon(window_icon())
        if self._only is not None:
            self._only.listen()

    # ---- a home is open

    def _opened(self, home: OpenHome) -> None:
        self._learn_name(home, lambda: self.admission.admit(home, self._home_name))

    def _came_back(self, home: OpenHome) -> None:
        def go_on() -> None:
            self.admission.admit(home, self._home_name)
            if self.desk is not None:
                self.desk.say(
                    "Your new password is set. Everybody else's still works, and so does the sheet."
                )

        self._learn_name(home, go_on)

    def _made(self, home: OpenHome, name: str) -> None:
        self._home_name, self._pc_name = name, ""
        # going to the printer and the safe takes longer than a pause in typing
        self._remember_home(home, settings.LATEST_LOCK)

    def _learn_name(self, home: OpenHome, go_on: Callable[[], None]) -> None:
        def learned(names: tuple[str, str]) -> None:
            self._home_name, self._pc_name = names
            self._remember_home(home)
            go_on()

        makings = self.start.makings
        # where the home is open already: the reader's own connection is still being made
        self.jobs.write(
            lambda opened: (makings.home_name(opened.store), makings.pc_name(opened)),
            learned,
            owner=self,
        )

    def _bring_back_instead(self) -> None:
        self.desk = None
        self.jobs.detach(self.door.show_bring_back)

    def _look_around(self, trouble: UserError) -> None:
        """Show a home that cannot be written to, to whoever is here as if to a reader."""
        assert self.desk is not None  # noqa: S101  # a home is open
        self.desk.person = dataclasses.replace(self.desk.person, role="reader")
        self._show_shell()
        self.desk.trouble(trouble)

    def _remember_home(self, home: OpenHome, lock_after: int | None = None) -> None:
        from liaison.ui.desk import Desk, Person

        person = home.unlocked.person
        who = Person(home.person, home.unlocked.name, home.role)
        ready = self.beforehand.desk_for(who, self._home_name)
        self.desk = ready or Desk(self.jobs, who, self.remembered.settings)
        self.desk.changing.connect(self.remembered.set)
        self.desk.unkept.connect(self.closing.not_kept)
        # noted by the writer, beside what the first page reads
        self.jobs.write(lambda home: home.access.signed_in())
        self.locking.watch(self.desk, lock_after or self.remembered.settings.lock_after)
        self.keys.start()

        def remember(now: Settings) -> Settings:
            seen = {**now.home(self.door.folder).seen, person: clock.now()}
            known = now.with_home(
                self.door.folder,
                name=self._home_name,
                pc=self._pc_name or home.unlocked.vault.pc.name,
                people=tuple(
                    settings.KnownPerson(one.id, one.name, one.role)
                    for one in home.unlocked.file.people
                    if one.can_unlock
                ),
                last_person=person,
                seen=seen,
            )
            elsewhere = self.start.chosen or self.door.demonstration
            place = known.last_home if elsewhere else str(self.door.folder)
            return dataclasses.replace(known, last_home=place)

        self.remembered.change(remember)

    def _show_shell(self, page: str = "today") -> None:
        from liaison.ui.shell.shell import FIRST_PAGE, Shell
        from liaison.ui.widgets import paint_from

        assert self.desk is not None  # noqa: S101  # a home is open
        self.beforehand.is_in()
        left = self._left.pop(self.desk.person.id, None)
        if left is not None and (left.page not in self.start.pages or page != FIRST_PAGE):
            left = None
        first = left.page if left is not None else page
        shell = self.beforehand.take(self.desk)
        if shell is None:
            shell = Shell(self.desk, self._home_name, self.start.pages, first)
        else:
            shell.wake()
        shell.locking.connect(self.lock)
        shell.switching.connect(self.switch)
        shell.changing_password.connect(self._change_password)
        self.locking.watch(self.desk, self.remembered.settings.lock_after)
        shell.page_filled.connect(self._page_filled)
        self.frame.setWindowTitle(f"{self._home_name} - Liaison")
        self._look_after(shell)
        if first in self.start.pages:
            paint_from(shell, shell.page_filled, most_ms=_EMPTY_MS)
        self.frame.show_scene(shell)
        if left is not None:
            shell.come_back(left)
        else:
            shell.start(page)
        if self.start.report is not None and page not in self.start.pages:
            # there is nothing to wait for
            when_painted(shell, self.finish)

    def _first_page(self, person: int) -> str:
        """Return the page somebody sees first: where they were when the home was locked."""
        from liaison.ui.shell.shell import FIRST_PAGE

        left = self._left.get(person)
        return left.page if left is not None else FIRST_PAGE

    def _is_closing_home(self) -> bool:
        return self._locking is not None and self._locking.is_closing

    def _look_after(self, shell: Shell) -> None:
        from liaison.ui.shell.monthly import MonthlySummary
        from liaison.ui.shell.upkeep import Upkeep

        # nobody needs a demonstration again
        home = self.jobs.home
        if home is None or home.cannot_write is not None:
            return
        if self.start.keeps and self.start.report is None and not self.door.demonstration:
            self.upkeep = Upkeep(shell.desk, shell)
            self.upkeep.start()
            MonthlySummary(shell.desk, shell).start()
        if self.start.exchanges and self.start.report is None:
            QTimer.singleShot(_EXCHANGING_MS, shell, lambda: self._exchange(shell.desk))

    def _exchange(self, desk: Desk) -> None:
        """Exchange with the other PCs from now on; what that needs is loaded beside the first page."""

        def begin(_: object) -> None:
            if self.desk is desk and self.jobs.home is not None and not self._finished:
                self.exchanging.begin(desk)

        if self.desk is desk and not self._finished:
            self.jobs.run(lambda _: importlib.import_module(_EXCHANGING), begin, owner=self)

    @property
    def exchanging(self) -> Exchanging:
        """What exchanges with the home's other PCs; made once there is a home."""
        if self._exchanging is None:
            from liaison.ui.shell.syncing import Exchanging

            self._exchanging = Exchanging(self.jobs, self)
            self._exchanging.outdated.connect(self._look_at_keys)
        return self._exchanging

    @property
    def locking(self) -> Locking:
        """What locks the home; made once there is one to lock."""
        if self._locking is None:
            from liaison.ui.shell.locking import Locking

            self._locking = Locking(self.frame, self.jobs, lambda: self.faulty.dialog)
            self._locking.leaving.connect(self._remember_place)
            self._locking.locked.connect(self._locked)
            self._locking.closed.connect(self.beforehand.somebody_chosen)
            self._locking.troubled.connect(self._trouble_anywhere)
        return self._locking

    @property
    def keys(self) -> KeyWatch:
        """What notices other windows' changes of keys; made once there is a home."""
        if self._keys is None:
            from liaison.ui.shell.key_watch import KeyWatch

            self._keys = KeyWatch(self.jobs, self)
            self._keys.outdated.connect(self._look_at_keys)
            self._keys.over.connect(self._time_is_over)
        return self._keys

    def _time_is_over(self) -> None:
        from liaison.ui.shell.locking import Why

        self.locking.lock(Why.OVER)

    def _look_at_keys(self) -> None:
        """Ask to sign in again, if another window has changed who may open the home."""

        def looked(changed: bool) -> None:  # noqa: FBT001  # an answer
            if changed and self.desk is not None:
                self.locking.lock(Why.KEYS)

        from liaison.ui.shell.locking import Why

        if self.jobs.home is not None:
            # behind what this window itself may be changing just now
            self.jobs.write(lambda home: home.keys_changed(), looked, owner=self)

    def _exchange_no_more(self) -> None:
        # at another home's door nothing travels for this one
        if self._exchanging is not None:
            self._exchanging.stop()

    def lock(self) -> None:
        """Close the home and go back to the door, once what is being typed is kept as a draft."""
        self.locking.lock()

    def _remember_place(self) -> None:
        from liaison.ui.shell.shell import Shell

        shell = self.frame.scene
        if self.desk is not None and isinstance(shell, Shell):
            # in memory only: it holds ids of records
            where = shell.where()
            if where is not None:
                self._left[self.desk.person.id] = where

    def switch(self) -> None:
        """Lock, and ask for somebody else first."""
        from liaison.ui.shell.locking import Why

        self.locking.lock(Why.SWITCH)

    def _locked(self, why: Why) -> None:
        from liaison.ui.shell.locking import Why

        name = self.desk.person.name if self.desk is not None else ""
        self.desk = None
        self.upkeep = None
        self.keys.stop()
        # the desk it stands on goes, where whoever came in got no further than the door
        self.beforehand.left()
        if self._exchanging is not None:
            # before the PC sleeps there is no time
            self._exchanging.lock(sends=why is not Why.ALONE)
        self.door.show()
        if why is Why.SWITCH and isinstance(self.frame.scene, UnlockScreen):
            known = self.remembered.settings.home(self.door.folder)
            self.frame.scene.choose_another(known.last_person)
        if why is Why.KEYS and isinstance(self.frame.scene, UnlockScreen):
            self.frame.scene.tell(_KEYS_CHANGED)
        if why is Why.OVER and isinstance(self.frame.scene, UnlockScreen):
            self.frame.scene.tell(_TIME_OVER.format(name), "due")

    def _change_password(self) -> None:
        from liaison.ui.threshold.own_password import ChangePasswordDialog

        assert self.desk is not None  # noqa: S101  # somebody is here
        dialog = ChangePasswordDialog(
            self.frame, self.desk.person.name, self._home_name, self.jobs,
            self.start.makings.change_password,
        )  # fmt: skip
        desk = self.desk
        dialog.changed.connect(lambda: desk.say("Your password is changed."))
        dialog.open()

    # ---- settings

    def _settings_changed(self, now: Settings) -> None:
        look = theme.current()
        look.choose(now.theme)
        if now.text_size / 100 != look.scale:
            self._sizing.start()
        if self.desk is not None:
            if now.lock_after != self.desk.settings.lock_after:
                self.locking.watch(self.desk, now.lock_after)
            self.desk.take_settings(now)

    def _resize(self) -> None:
        self.beforehand.drop()
        theme.current().resize(self.remembered.settings.text_size / 100)

    # ---- what goes wrong

    def _trouble_at_door(self, error: UserError) -> None:
        note = getattr(self.frame.scene, "note", None)
        if note is not None:
            note.wrong(str(error))

    def _trouble_anywhere(self, error: UserError) -> None:
        if self.desk is not None:
            self.desk.trouble(error)
        self._trouble_at_door(error)

    # ---- the end

    def leave(self) -> None:
        """Keep what is being typed, wait for what is being written, say what was kept, and close."""
        if self.closing.sheet is not None:
            return
        if self.desk is None or self.jobs.home is None:
            self.finish()
            return
        self.closing.begin(self.desk)

    def _last_round(self, sheet: Leaving, then: Callable[[], None]) -> None:
        if self._exchanging is None:
            then()
        else:
            self._exchanging.before_leaving(sheet, then)

    def _last_backup(self, sheet: Leaving, then: Callable[[], None]) -> None:
        if self.upkeep is None:
            then()
        else:
            self.upkeep.before_leaving(sheet, then)

    def end_session(self) -> None:
        """Keep everything at once: the system is about to end."""
        if self.desk is not None and self.jobs.home is not None:
            self.desk.keeping.emit()
        self.finish()

    def finish(self) -> None:
        """Close the window and the home; what is being written is written."""
        if self._finished:
            return
        self._finished = True
        if self._keys is not None:
            self._keys.stop()
        self.beforehand.end()
        if self.desk is not None:
            self.desk.closing.emit()
        if self._locking is not None:
            self._locking.stop()
        if self._exchanging is not None:
            self._exchanging.stop()
        self.remembered.change(lambda now: dataclasses.replace(now, window=self.frame.place()))
        self.frame.hide()
        if self._only is not None:
            self._only.release()
        self.jobs.close()
        self.frame.leave()
        # a window that was hidden does not count as the last one closed
        self.ended.emit()

    # ---- the start's report

    def _mark(self, moment: str) -> None:
        if self.start.report is not None:
            self.start.report.mark(moment)

    def _door_shown(self) -> None:
        """Go on with what could wait until the door was on the screen."""
        self._mark("unlock_shown")
        screen, password = self.frame.scene, self.start.password
        if isinstance(screen, UnlockScreen) and password is None:
            screen.look_whether_to_wait()
        if self.beforehand.at_names():
            self.door.look()
            self.beforehand.somebody_chosen()
            return
        if isinstance(screen, UnlockScreen) and password is not None:
            screen.password.setText(password)
            screen.unlock()
        elif self.start.report is not None:
            self.finish()

    def _page_filled(self, page: str) -> None:
        if self.start.report is None:
            self._warm()
        elif page == "today":
            shell = self.frame.scene
            if isinstance(shell, QWidget):
                when_painted(shell, self._today_shown)
                shell.update()

    def _warm(self) -> None:
        from liaison.ui.shell.shell import Shell

        shell = self.frame.scene
        if self.start.warms and isinstance(shell, Shell):
            if self.beforehand.naming.is_over:
                shell.warm()
            else:
                self.beforehand.naming.over.connect(self._warm)

    def _today_shown(self) -> None:
        self._mark("today_shown")
        self.finish()
