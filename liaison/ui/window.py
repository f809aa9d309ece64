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
from liaison.ui.mark import window_icon
from liaison.ui.naming import Naming
from liaison.ui.shell.fault_shown import FaultShown
from liaison.ui.shell.frame import Frame
from liaison.ui.startup import when_painted
from liaison.ui.threshold.door import Door
from liaison.ui.threshold.unlock import UnlockScreen

if TYPE_CHECKING:
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.settings import Settings
    from liaison.ui.desk import Desk
    from liaison.ui.jobs import Jobs
    from liaison.ui.remembered import Remembered
    from liaison.ui.shell.ahead import Ahead
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
_INSISTING_MS: Final = 120_000
"""For so long, closing the window again means: leave what cannot be kept behind."""
_EXCHANGING: Final = "liaison.ui.shell.syncing"
_CHOOSING_MS: Final = 60
"""Nothing is made ready for somebody whose name is only passed by with the arrow keys."""
_EMPTY_MS: Final = 150
"""How long somebody may wait for a page before they see that it is being read."""
_EXCHANGING_MS: Final = 700
"""After unlocking the first page comes first."""
_KEYS_CHANGED: Final = (
    "Somebody changed in another window who may open this home. What you typed is kept. Unlock it "
    "again to go on."
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
        self.leaving: Leaving | None = None
        self._exchanging: Exchanging | None = None
        self.upkeep: Upkeep | None = None
        """Makes backups by themselves while a home is open."""
        self._left_behind: dict[str, UserError] = {}
        self._locking: Locking | None = None
        self._keys: KeyWatch | None = None
        self._left: dict[int, Where] = {}
        """Where each person was when the home was locked, for when they come back."""
        self._home_name = ""
        self.ahead: Ahead | None = None
        """The window of whoever is chosen at the door; made once there is one."""
        self._at_names = False
        """Whether the names are on the screen, and nobody is in."""
        self._choosing = QTimer(self, singleShot=True, interval=_CHOOSING_MS)
        self._choosing.timeout.connect(self._get_ready)
        self._naming = Naming(self)
        self._finished = False
        self._loaded = False
        self._heavy = False
        """Whether what an open home needs is loaded."""
        self._only: OnlyWindow | None = None
        self._sizing = QTimer(self, singleShot=True, interval=_SIZING_MS)
        self._sizing.timeout.connect(self._resize)
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
        door.proven.connect(self._proven)
        door.finished.connect(self._show_shell)
        door.shown.connect(self._door_shown)
        door.chosen.connect(self._choosing.start)
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
        self._learn_name(home, lambda: self._go_in(home))

    def _came_back(self, home: OpenHome) -> None:
        def go_on() -> None:
            self._go_in(home)
            if self.desk is not None:
                self.desk.say(
                    "Your new password is set. Everybody else's still works, and so does the sheet."
                )

        self._learn_name(home, go_on)

    def _made(self, home: OpenHome, name: str) -> None:
        self._home_name = name
        # going to the printer and the safe takes longer than a pause in typing
        self._remember_home(home, settings.LATEST_LOCK)

    def _learn_name(self, home: OpenHome, go_on: Callable[[], None]) -> None:
        def learned(name: str) -> None:
            self._home_name = name
            self._remember_home(home)
            go_on()

        read = self.start.makings.home_name
        # where the home is open already: the reader's own connection is still being made
        self.jobs.write(lambda opened: read(opened.store), learned, owner=self)

    def _go_in(self, home: OpenHome) -> None:
        trouble = home.cannot_write
        if trouble is not None and home.store.loss is not None:
            self._show_missing(home, trouble)
            return
        if trouble is not None:
            self._look_around(trouble)
            return
        if home.unlocked.must_change:
            self._show_own_password(home)
            return
        known = self.remembered.settings.home(self.door.folder)
        if known.unproven and home.unlocked.role == "manager":
            screen = self.door.set_up()
            screen.prove_again(self._home_name, home)
        else:
            self._show_shell()
            if known.unused_sheet and home.unlocked.role == "manager":
                from liaison.ui.threshold import unused_sheet

                unused_sheet.tell(self.frame, self._sheet_destroyed)

    def _sheet_destroyed(self) -> None:
        self.remembered.change(lambda now: now.with_home(self.door.folder, unused_sheet=False))

    def _show_missing(self, home: OpenHome, trouble: UserError) -> None:
        from liaison.security.roles import Action
        from liaison.ui.threshold.missing import MissingScreen

        screen = MissingScreen(trouble, decides=home.may(Action.RESTORE))
        screen.looking.connect(lambda: self._look_around(trouble))
        screen.left.connect(self.lock)
        screen.bringing_back.connect(self._bring_back_instead)
        screen.going_on.connect(
            lambda: self.jobs.write(
                lambda held: held.go_on(), lambda _: self._go_in(home), self._trouble_anywhere,
                owner=screen,
            )
        )  # fmt: skip
        self.frame.show_scene(screen)

    def _bring_back_instead(self) -> None:
        self.desk = None
        self.jobs.detach(self.door.show_bring_back)

    def _look_around(self, trouble: UserError) -> None:
        """Show a home that cannot be written to, to whoever is here as if to a reader."""
        assert self.desk is not None  # noqa: S101  # a home is open
        self.desk.person = dataclasses.replace(self.desk.person, role="reader")
        self._show_shell()
        self.desk.trouble(trouble)

    def _show_own_password(self, home: OpenHome) -> None:
        from liaison.ui.threshold.own_password import OwnPasswordScreen

        screen = OwnPasswordScreen(
            home.unlocked.name, self._home_name, self.jobs, self.start.makings.own_password
        )
        screen.chosen.connect(lambda: self._go_in(home))
        screen.left.connect(self.lock)
        self.frame.show_scene(screen)

    def _remember_home(self, home: OpenHome, lock_after: int | None = None) -> None:
        from liaison.ui.desk import Desk, Person

        person = home.unlocked.person
        who = Person(home.person, home.unlocked.name, home.role)
        ready = self.ahead.desk_for(who, self._home_name) if self.ahead is not None else None
        self.desk = ready or Desk(self.jobs, who, self.remembered.settings)
        self.desk.changing.connect(self.remembered.set)
        self.desk.unkept.connect(self._not_kept)
        # noted by the writer, beside what the first page reads
        self.jobs.write(lambda home: home.access.signed_in())
        self.locking.watch(self.desk, lock_after or self.remembered.settings.lock_after)
        self.keys.start()

        def remember(now: Settings) -> Settings:
            seen = {**now.home(self.door.folder).seen, person: clock.now()}
            known = now.with_home(
                self.door.folder,
                name=self._home_name,
                pc=home.unlocked.vault.pc.name,
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

    def _proven(self) -> None:
        self.remembered.change(lambda now: now.with_home(self.door.folder, unproven=False))

    def _show_shell(self, page: str = "today") -> None:
        from liaison.ui.shell.shell import FIRST_PAGE, Shell
        from liaison.ui.widgets import paint_from

        assert self.desk is not None  # noqa: S101  # a home is open
        self._heavy = True
        left = self._left.pop(self.desk.person.id, None)
        if left is not None and (left.page not in self.start.pages or page != FIRST_PAGE):
            left = None
        first = left.page if left is not None else page
        shell = self.ahead.take(self.desk) if self.ahead is not None else None
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

    def _get_ready(self) -> None:
        """Make the window of whoever is chosen at the door, who then need not wait for that."""
        from liaison.records import ids
        from liaison.ui.desk import Person
        from liaison.ui.shell.ahead import Ahead
        from liaison.ui.shell.shell import FIRST_PAGE

        closing = self._locking is not None and self._locking.is_closing
        if self._finished or closing or not self._heavy or not self._at_names:
            # what it is made of is still being loaded; and the names come first
            return
        screen = self.frame.scene
        chosen = screen.person if isinstance(screen, UnlockScreen) else None
        known = self.remembered.settings.home(self.door.folder)
        if chosen is None or self.jobs.home is not None or not known.name:
            return
        if self.ahead is None:
            self.ahead = Ahead(self.jobs, self.start.pages, self.frame)
        who = Person(ids.from_text(chosen.id), chosen.name, chosen.role)
        left = self._left.get(who.id)
        self.ahead.make(
            who, known.name, self.remembered.settings, left.page if left else FIRST_PAGE
        )

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
            self._locking.closed.connect(self._choosing.start)
            self._locking.troubled.connect(self._trouble_anywhere)
        return self._locking

    @property
    def keys(self) -> KeyWatch:
        """What notices other windows' changes of keys; made once there is a home."""
        if self._keys is None:
            from liaison.ui.shell.key_watch import KeyWatch

            self._keys = KeyWatch(self.jobs, self)
            self._keys.outdated.connect(self._look_at_keys)
        return self._keys

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

        self.desk = None
        self.upkeep = None
        self.keys.stop()
        if self.ahead is not None:
            # the desk it stands on goes, where whoever came in got no further than the door
            self.ahead.drop()
        if self._exchanging is not None:
            # before the PC sleeps there is no time
            self._exchanging.lock(sends=why is not Why.ALONE)
        self._at_names = False
        self.door.show()
        if why is Why.SWITCH and isinstance(self.frame.scene, UnlockScreen):
            known = self.remembered.settings.home(self.door.folder)
            self.frame.scene.choose_another(known.last_person)
        if why is Why.KEYS and isinstance(self.frame.scene, UnlockScreen):
            self.frame.scene.tell(_KEYS_CHANGED)

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
        if self.ahead is not None:
            self.ahead.drop()
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
        if self.leaving is not None:
            return
        if self.desk is None or self.jobs.home is None:
            self.finish()
            return
        from liaison.ui.shell.leaving import Leaving

        self.leaving = leaving = Leaving(self.frame)
        self.leaving.done.connect(self.finish)
        self.desk.keeping.emit()
        self.jobs.write(
            self.start.makings.drafts,
            lambda drafts: self._kept(leaving, drafts),
            self._not_kept,
            owner=self,
        )

    def _kept(self, leaving: Leaving, drafts: list[Draft]) -> None:
        if self.leaving is not leaving:
            # something could not be kept; this answer may come after the window is closed again
            return
        self._left_behind.clear()

        def go() -> None:
            if drafts:
                leaving.show_kept(drafts, clock.now().date())
            else:
                self.finish()

        def back_up() -> None:
            if self.upkeep is None:
                go()
            else:
                self.upkeep.before_leaving(leaving, go)

        if self._exchanging is None:
            back_up()
        else:
            self._exchanging.before_leaving(leaving, back_up)

    def _not_kept(self, error: UserError) -> None:
        """Stay open when what is being typed could not be kept; closing again leaves it behind."""
        if self.leaving is None and not self._left_behind:
            # nobody is closing the window: the form itself says so
            return
        if self.leaving is not None:
            self.leaving.deleteLater()
            self.leaving = None
            if error.what in self._left_behind:
                self.finish()
                return
            QTimer.singleShot(_INSISTING_MS, self, self._left_behind.clear)
        self._left_behind[error.what] = error
        self._trouble_anywhere(
            UserError(
                " ".join(self._left_behind),
                kept=error.kept,
                do=f"{error.do} Close the window again to leave without it.".strip(),
                code=error.code,
            )
        )

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
        if self.ahead is not None:
            self.ahead.drop()
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
        self._at_names = True
        screen, password = self.frame.scene, self.start.password
        if isinstance(screen, UnlockScreen) and password is None:
            screen.look_whether_to_wait()
        if self._loaded:
            # locked, or back at the names
            self.door.look()
            self._choosing.start()
            return
        self._loaded = True
        self._naming.over.connect(self._load)
        self._naming.start()
        if isinstance(screen, UnlockScreen) and password is not None:
            screen.password.setText(password)
            screen.unlock()
        elif self.start.report is not None:
            self.finish()

    def _load(self) -> None:
        """Load what an open home needs while somebody types their password."""

        def loaded(_: None) -> None:
            self._heavy = True
            self.door.look()
            self._choosing.start()

        # the window may be closed while classes are still being named
        if not self._finished:
            self.jobs.run(lambda _: self.start.makings.load(), loaded, owner=self)

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
            if self._naming.is_over:
                shell.warm()
            else:
                self._naming.over.connect(self._warm)

    def _today_shown(self) -> None:
        self._mark("today_shown")
        self.finish()
