"""The window's composition root: which screen is up, and what is connected with what.

Before the unlock window shows, nothing of records, store or services is loaded; that happens on
another thread while the password is typed.
"""

from __future__ import annotations

import dataclasses
import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from liaison import settings
from liaison.errors import UserError
from liaison.ui import clock, theme
from liaison.ui.jobs import Jobs
from liaison.ui.mark import window_icon
from liaison.ui.pages import PAGES
from liaison.ui.remembered import Remembered
from liaison.ui.shell.faults import Fault, Faults
from liaison.ui.shell.frame import Frame
from liaison.ui.shell.single import OnlyWindow
from liaison.ui.startup import StartupReport, when_painted
from liaison.ui.threshold.making import UNLOCKED, Makings
from liaison.ui.threshold.unlock import Locked, UnlockScreen

if TYPE_CHECKING:
    from liaison.security import KeyFile
    from liaison.security import Person as KeyPerson
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.settings import KnownPerson, Settings
    from liaison.ui.desk import Desk
    from liaison.ui.jobs import Progress
    from liaison.ui.shell.fault_dialog import FaultDialog
    from liaison.ui.shell.leaving import Leaving
    from liaison.ui.threshold.first_run import FirstRun

#: How long a start may take before its report is written as it is.
_REPORT_MS: Final = 120_000
_PASSWORD_VARIABLE: Final = "LIAISON_PASSWORD_FILE"  # noqa: S105  # the name of a variable


@dataclasses.dataclass(frozen=True, slots=True)
class Start:
    """How the window is to start.

    Args:
        folder: The home's folder.
        chosen: Whether somebody named that folder; only else it is remembered for the next start.
        user: Who is at the keyboard, by name or id.
        password: Their password, if the home is to be unlocked without asking.
        report: Where the moments of the start are noted, after which the window closes.
        pages: The pages there are.
        makings: How homes are made and opened.
    """

    folder: Path
    chosen: bool = False
    user: str | None = None
    password: str | None = None
    report: StartupReport | None = None
    pages: Mapping[str, str] = dataclasses.field(default_factory=lambda: PAGES)
    makings: Makings = dataclasses.field(default_factory=Makings)


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
        self.folder = start.folder
        self.frame = Frame()
        self.desk: Desk | None = None
        self.dialog: FaultDialog | None = None
        self.leaving: Leaving | None = None
        self._locking: Leaving | None = None
        self._insisted = False
        self._home_name = ""
        self._demonstration = False
        self._finished = False
        self._loaded = False
        self._only: OnlyWindow | None = None
        self.frame.leaving.connect(self.leave)
        remembered.changed.connect(self._settings_changed)
        faults.happened.connect(self._fault)
        faults.troubled.connect(self._trouble_anywhere)
        jobs.fault.connect(faults.take)
        jobs.trouble.connect(self._trouble_at_door)

    def show(self) -> None:
        """Show the door, and load the rest meanwhile."""
        self.show_door()
        when_painted(self.frame, gc.enable)
        self.frame.show_at(self.remembered.settings.window)

    def attend(self, only: OnlyWindow) -> None:
        """Come to the front when Liaison is started again."""
        self._only = only
        only.asked.connect(self.frame.come_forward)

    # ---- the door

    def show_door(self) -> None:
        """Show who can unlock the home; or set one up; or say why neither is possible."""
        self.frame.setWindowTitle("Liaison")
        known = self.remembered.settings.home(self.folder)
        if known.people:
            # at once, by what this PC remembers; the key file itself is asked a moment later
            self._show_unlock(known.people)
        else:
            self.frame.show_scene(_Blank())
            self._look()

    def _look(self) -> None:
        folder = self.folder
        self.jobs.run(
            lambda _: self.start.makings.look(folder), self._seen, self._unseen, owner=self
        )

    @property
    def _at_names(self) -> bool:
        """Whether somebody is being asked who they are; else what the key file says comes late."""
        return isinstance(self.frame.scene, UnlockScreen | _Blank) and self.jobs.home is None

    def _seen(self, keys: KeyFile | None) -> None:
        scene = self.frame.scene
        if not self._at_names:
            return
        if keys is None:
            self._set_up()
        elif isinstance(scene, UnlockScreen):
            scene.show_people(keys.people)
        else:
            self._show_unlock(keys.people)

    def _unseen(self, error: UserError) -> None:
        if self._at_names:
            self._show_trouble(error)

    def _show_unlock(self, people: Sequence[KeyPerson | KnownPerson]) -> None:
        known = self.remembered.settings.home(self.folder)
        screen = UnlockScreen(Locked(people, known), self.jobs, self._unlock)
        screen.opened.connect(self._opened)
        screen.recovering.connect(lambda: self._show_recover(screen.managers))
        wanted = self.start.user or known.last_person
        if wanted:
            screen.choose(wanted)
        self.frame.show_scene(screen)
        when_painted(screen, self._door_shown)
        if self._demonstration:
            # nobody was told it
            password = self.start.makings.demonstration_password()
            screen.note.hint(f"The password of the demonstration is: {password}")

    def _unlock(self, person: str, password: str, progress: Progress) -> OpenHome:
        # on the writer's thread

        def mark(moment: str) -> None:
            self._mark(moment)
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
        screen.opened.connect(self._opened)
        screen.left.connect(self.show_door)
        self.frame.show_scene(screen)

    def _set_up(self) -> FirstRun:
        from liaison.ui.threshold.first_run import FirstRun

        flag = partial(
            self.remembered.kept_with, lambda now: now.with_home(self.folder, unproven=True)
        )
        makers = self.start.makings.makers(
            self.folder, flag, can_import="import" in self.start.pages
        )
        screen = FirstRun(self.folder, self.jobs, makers)
        screen.made.connect(self._made)
        screen.unmade.connect(self._proven)
        screen.proven.connect(self._proven)
        screen.finished.connect(self._show_shell)
        screen.demonstrated.connect(self._demonstrated)
        self.frame.show_scene(screen)
        return screen

    def _show_trouble(self, error: UserError) -> None:
        from liaison.ui.threshold.trouble import TroubleScreen

        screen = TroubleScreen(error, self.folder)
        screen.again.connect(self.show_door)
        screen.elsewhere.connect(self._go_elsewhere)
        self.frame.show_scene(screen)

    def _go_elsewhere(self, folder: Path) -> None:
        self.folder = folder
        self.show_door()

    # ---- a home is open

    def _opened(self, home: OpenHome) -> None:
        self._learn_name(home, lambda: self._go_in(home))

    def _made(self, home: OpenHome, name: str) -> None:
        self._home_name = name
        self._remember_home(home)

    def _learn_name(self, home: OpenHome, go_on: Callable[[], None]) -> None:
        def learned(name: str) -> None:
            self._home_name = name
            self._remember_home(home)
            go_on()

        self.jobs.read(self.start.makings.home_name, learned, owner=self)

    def _go_in(self, home: OpenHome) -> None:
        if home.unlocked.must_change:
            self._show_own_password(home)
            return
        known = self.remembered.settings.home(self.folder)
        if known.unproven and home.unlocked.role == "manager":
            screen = self._set_up()
            screen.prove_again(self._home_name, home)
        else:
            self._show_shell()

    def _show_own_password(self, home: OpenHome) -> None:
        from liaison.ui.threshold.own_password import OwnPasswordScreen

        screen = OwnPasswordScreen(
            home.unlocked.name, self._home_name, self.jobs, self.start.makings.own_password
        )
        screen.chosen.connect(lambda: self._go_in(home))
        screen.left.connect(self.lock)
        self.frame.show_scene(screen)

    def _demonstrated(self, home: OpenHome) -> None:
        self.folder = home.folder
        self._demonstration = True
        self._opened(home)

    def _remember_home(self, home: OpenHome) -> None:
        from liaison.ui.desk import Desk, Person

        person = home.unlocked.person
        self.desk = Desk(
            self.jobs,
            Person(home.person, home.unlocked.name, home.unlocked.role),
            self.remembered.settings,
        )
        self.desk.changing.connect(self.remembered.set)
        self.desk.unkept.connect(self._not_kept)

        def remember(now: Settings) -> Settings:
            seen = {**now.home(self.folder).seen, person: clock.now()}
            known = now.with_home(
                self.folder,
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
            elsewhere = self.start.chosen or self._demonstration
            place = known.last_home if elsewhere else str(self.folder)
            return dataclasses.replace(known, last_home=place)

        self.remembered.change(remember)

    def _proven(self) -> None:
        self.remembered.change(lambda now: now.with_home(self.folder, unproven=False))

    def _show_shell(self, page: str = "today") -> None:
        from liaison.ui.shell.shell import Shell

        assert self.desk is not None  # noqa: S101  # a home is open
        shell = Shell(self.desk, self._home_name, self.start.pages)
        shell.locking.connect(self.lock)
        shell.page_filled.connect(self._page_filled)
        self.frame.setWindowTitle(f"{self._home_name} - Liaison")
        self.frame.show_scene(shell)
        shell.start(page)
        if self.start.report is not None and page not in self.start.pages:
            # there is nothing to wait for
            when_painted(shell, self.finish)

    def lock(self) -> None:
        """Close the home and go back to the door, once what is being typed is kept as a draft.

        If it cannot be kept the home stays open and says so; asked again, it is locked all the same.
        """
        if self.desk is None or self.jobs.home is None or self._locking is not None:
            return
        from liaison.ui.shell.leaving import Leaving

        # nothing is to be read from the screen, even while a long write is under way
        self._locking = Leaving(self.frame)
        self.desk.keeping.emit()
        self.jobs.write(lambda _: None, self._lock_now, owner=self)

    def _lock_now(self, _: None) -> None:
        if self.desk is None or self._locking is None:
            return
        self._uncover()
        self._insisted = False
        # what was typed in between
        self.desk.keeping.emit()
        self.desk = None
        for top in QApplication.topLevelWidgets():
            # a dialog may show somebody's name
            if isinstance(top, QDialog) and top.isVisible() and top is not self.dialog:
                top.reject()
        self.show_door()
        self.jobs.detach()

    def _uncover(self) -> None:
        if self._locking is not None:
            self._locking.hide()
            self._locking.deleteLater()
            self._locking = None

    # ---- settings

    def _settings_changed(self, now: Settings) -> None:
        look = theme.current()
        look.choose(now.theme)
        look.resize(now.text_size / 100)
        if self.desk is not None:
            self.desk.take_settings(now)

    # ---- what goes wrong

    def _trouble_at_door(self, error: UserError) -> None:
        note = getattr(self.frame.scene, "note", None)
        if note is not None:
            note.wrong(str(error))

    def _trouble_anywhere(self, error: UserError) -> None:
        if self.desk is not None:
            self.desk.trouble(error)
        self._trouble_at_door(error)

    def _fault(self, fault: Fault) -> None:
        if self.dialog is not None or not self.frame.isVisible():
            # one at a time; the others are in the log too
            return
        from liaison.ui.shell.fault_dialog import FaultDialog

        kept = "Everything saved is kept."
        self.dialog = FaultDialog(self.frame, fault, kept)
        self.dialog.finished.connect(self._fault_seen)
        self.dialog.open()
        if self.desk is not None and self.jobs.home is not None:
            self.desk.keeping.emit()
            self.jobs.write(
                self.start.makings.drafts, self._tell_kept, lambda _: None, owner=self.dialog
            )

    def _tell_kept(self, drafts: list[Draft]) -> None:
        if self.dialog is not None and drafts:
            newest = clock.ago(drafts[0].at, clock.now().date())
            self.dialog.tell_kept(
                f"Everything saved is kept, and what you were typing is kept as a draft ({newest})."
            )

    def _fault_seen(self, result: int) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()
        if result == QDialog.DialogCode.Rejected:
            self.leave()

    # ---- the end

    def leave(self) -> None:
        """Keep what is being typed, wait for what is being written, say what was kept, and close."""
        if self.leaving is not None:
            return
        if self.desk is None or self.jobs.home is None:
            self.finish()
            return
        from liaison.ui.shell.leaving import Leaving

        self.leaving = Leaving(self.frame)
        self.leaving.done.connect(self.finish)
        self.desk.keeping.emit()
        self.jobs.write(self.start.makings.drafts, self._kept, self._not_kept, owner=self)

    def _kept(self, drafts: list[Draft]) -> None:
        if self.leaving is None:
            return
        if drafts:
            self.leaving.show_kept(drafts, clock.now().date())
        else:
            self.finish()

    def _not_kept(self, error: UserError) -> None:
        """Stay open when what is being typed could not be kept."""
        if self.leaving is not None:
            self.leaving.deleteLater()
            self.leaving = None
            self._trouble_anywhere(error)
        elif self._locking is not None and not self._insisted:
            self._insisted = True
            self._uncover()
            self._trouble_anywhere(
                UserError(
                    f"Liaison is not locked, because what you typed could not be kept. {error.what}",
                    kept="What you typed is still here.",
                    do=f"{error.do} Lock again to leave it behind.".strip(),
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
        if self._loaded:
            # locked, or back at the names
            self._look()
            return
        self._loaded = True
        self.frame.setWindowIcon(window_icon())
        if self._only is not None:
            self._only.listen()
        self.jobs.run(lambda _: self.start.makings.load(), lambda _: self._look(), owner=self)
        if isinstance(screen, UnlockScreen) and password is not None:
            screen.password.setText(password)
            screen.unlock()
        elif self.start.report is not None:
            self.finish()
        if self.start.report is not None:
            QTimer.singleShot(_REPORT_MS, self, self.finish)

    def _page_filled(self, page: str) -> None:
        if self.start.report is not None and page == "today":
            shell = self.frame.scene
            if isinstance(shell, QWidget):
                when_painted(shell, self._today_shown)
                shell.update()

    def _today_shown(self) -> None:
        self._mark("today_shown")
        self.finish()


class _Blank(QWidget):
    """The window while the key file is read for the first time."""


def _first_line(file: Path) -> str:
    try:
        return file.expanduser().read_text("utf-8").split("\n")[0].removesuffix("\r")
    except (OSError, UnicodeDecodeError, RuntimeError) as fault:
        raise UserError(
            f"The password file {file} cannot be read.",
            kept="Nothing was opened.",
            do="Check its name, and that it is a text file.",
            code="no-password",
        ) from fault


def open_window(
    *,
    home: Path | None = None,
    user: str | None = None,
    password_file: Path | None = None,
    startup_report: Path | None = None,
) -> int:
    """Open the window and stay until it is closed.

    Args:
        home: The home's folder; the one that was open last, or the default, unless given.
        user: Who is at the keyboard, by name or id.
        password_file: A file whose first line is their password: unlocks without asking.
        startup_report: Where the moments of the start are written, after which the window closes.

    Returns:
        The exit code: 0 done, 1 a plain error.
    """
    report = StartupReport(startup_report) if startup_report is not None else None
    if report is not None:
        report.mark("imports")
    if not _has_screen():
        sys.stderr.write("Liaison's window needs a screen. Its commands do not: liaison --help\n")
        return 1
    named = os.environ.get(_PASSWORD_VARIABLE)
    file = password_file or (Path(named) if named else None)
    try:
        password = _first_line(file) if file is not None else None
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    application = QApplication(["Liaison", "-style", "fusion"])
    application.setProperty(theme.FUSION, True)
    application.setApplicationName("Liaison")
    application.setApplicationDisplayName("Liaison")
    application.setDesktopFileName("liaison")
    jobs = Jobs()
    remembered = Remembered(settings.settings_file(), jobs)
    now = remembered.settings
    folder = home or Path(now.last_home or settings.default_home())
    only = OnlyWindow(folder)
    if report is None and not only.claim():
        jobs.close()
        return 0
    theme.install(application, now.theme, now.text_size / 100)
    faults = Faults()
    faults.install()
    start = Start(folder, home is not None, user, password, report)
    app = App(start, jobs, remembered, faults)
    app.attend(only)
    # queued: it may come before the event loop runs
    app.ended.connect(application.quit, Qt.ConnectionType.QueuedConnection)
    application.commitDataRequest.connect(app.end_session)
    app.show()
    code = application.exec()
    faults.remove()
    try:
        remembered.keep_now()
        if report is not None:
            report.write()
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return code


def _has_screen() -> bool:
    """Return whether there is a screen: without one Qt would end the process with an abort."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
