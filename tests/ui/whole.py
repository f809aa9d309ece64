"""The whole window over an open home, as somebody of any role, for tests and photographs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self, TypeVar

from PySide6.QtCore import QEventLoop, QTimer, QVariantAnimation
from PySide6.QtWidgets import QApplication, QWidget

from liaison.services import demo, homes
from liaison.settings import KnownHome, KnownPerson, Settings
from liaison.store.store import Store
from liaison.store.store import now as pc_now
from liaison.ui import clock
from liaison.ui.desk import Desk, Person
from liaison.ui.jobs import Jobs
from liaison.ui.pages import PAGES, page_class
from liaison.ui.shell.frame import Frame
from liaison.ui.shell.shell import Shell
from liaison.ui.threshold.unlock import Locked, UnlockScreen
from tests import homes as made
from tests.patient import PATIENCE

T = TypeVar("T")

DAY: Final = dt.date(2026, 11, 22)
"""The day of every photograph."""
ROLES: Final = ("manager", "senior", "carer", "reader")

_QUIET_TURNS: Final = 12
_TURN_MS: Final = 4
_LONGEST_PAUSE_MS: Final = 500


def make_demonstration(folder: Path) -> Path:
    """Make the demonstration home as it is on the day of the photographs."""
    demo.make(folder, today=DAY, cost=made.CHEAP)
    return folder


class Whole:
    """A window over a home.

    Args:
        folder: The home's folder.
        password: Opens it.
        role: What the person may see; a manager opens it all the same.
        size: The window's width and height.
        person: Who opens it; needed where several people can.
        now: The clock on the wall and of the PC; without it, the wall's is that of the photographs.
    """

    def __init__(  # noqa: PLR0917  # who sits where, and when
        self,
        folder: Path,
        password: str,
        role: str = "manager",
        size: tuple[int, int] = (1366, 768),
        person: str | None = None,
        now: Callable[[], dt.datetime] | None = None,
    ) -> None:
        home = homes.open_home(folder, person, password, clock=now or pc_now)
        self.troubles: list[object] = []
        self.jobs = Jobs()
        self.jobs.fault.connect(self.troubles.append)
        self.jobs.trouble.connect(self.troubles.append)
        self.jobs.attach(home)
        moment = dt.datetime.combine(DAY, dt.time(14, 7), clock.now().tzinfo)
        self.desk = Desk(
            self.jobs,
            Person(home.person, home.unlocked.name, role),
            Settings(theme="light"),
            now or (lambda: moment),
        )
        self.desk.troubled.connect(self.troubles.append)
        loaded = home.store.the("home")
        name = str(getattr(loaded.record, "name", "")) if loaded is not None else ""
        self.frame = Frame()
        self.frame.resize(*size)
        self.shell = Shell(self.desk, name)
        self.frame.show_scene(self.shell)
        self.frame.show()
        self.frame.activateWindow()

    def __enter__(self) -> Self:
        """Use the window in a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.frame.hide()
        self.jobs.close()
        self.frame.deleteLater()

    @property
    def pages(self) -> list[str]:
        """The names of the pages this person can go to."""
        return [name for name in PAGES if self.desk.person.role in page_class(name).roles]

    def go(self, page: str, argument: object = None) -> QWidget:
        """Show a page and wait until it is whole."""
        self.shell.go(page, argument)
        self.settle()
        shown = self.shell.page
        assert shown is not None
        return shown

    def open(self, type_name: str, identity: int) -> QWidget:
        """Show a record and wait until it is whole."""
        self.shell.open_record(type_name, identity)
        self.settle()
        shown = self.shell.page
        assert shown is not None
        return shown

    def ask(self, read: Callable[[Store], T]) -> T:
        """Read from the home."""
        found: list[T] = []
        job = self.jobs.read(read, found.append)
        settle(lambda: job.ended)
        return found[0]

    def settle(self) -> None:
        """Wait until nothing is read, written or about to be."""
        settle(lambda: self.jobs.is_idle)


def settle(quiet: Callable[[], bool]) -> None:
    """Run the window's loop until it has nothing to do, and is about to do nothing."""
    loop, watch, end = QEventLoop(), QTimer(), QTimer()
    # what a page does a little of in each turn goes on for a few turns, however long those are
    turns = [0]

    def look() -> None:
        turns[0] = turns[0] + 1 if quiet() else 0
        if turns[0] < _QUIET_TURNS:
            return
        if _about_to_move():
            turns[0] = 0
        else:
            loop.quit()

    watch.timeout.connect(look)
    end.setSingleShot(True)
    end.timeout.connect(loop.quit)
    watch.start(_TURN_MS)
    end.start(PATIENCE)
    loop.exec()
    assert turns[0] >= _QUIET_TURNS, "the window did not come to rest"


def _about_to_move() -> bool:
    """Return whether a pause after typing, or a figure that runs up, is not over in any window."""
    windows = QApplication.topLevelWidgets()
    return any(
        timer.isActive() and timer.isSingleShot() and timer.interval() <= _LONGEST_PAUSE_MS
        for window in windows
        for timer in window.findChildren(QTimer)
    ) or any(
        # what shows that something is waited for runs for ever
        run.state() == QVariantAnimation.State.Running and run.loopCount() > 0
        for window in windows
        for run in window.findChildren(QVariantAnimation)
    )


def door() -> tuple[UnlockScreen, Jobs]:
    """Return the door of a home with people of several roles."""
    names = (("Helen Marsh", "manager"), ("Daniel Okafor", "senior"), ("Priya Nair", "carer"))
    people = tuple(KnownPerson(f"p{n}", name, role) for n, (name, role) in enumerate(names))
    seen = {"p0": clock.now() - dt.timedelta(hours=20)}
    known = KnownHome("Larkfield House", "Office PC", people, "p0", seen)
    jobs = Jobs()
    screen = UnlockScreen(Locked(people, known), jobs, _never)
    screen.choose("p0")
    return screen, jobs


def _never(*_: object) -> homes.OpenHome:
    raise AssertionError("nobody unlocks this home")


def application() -> QApplication:
    """Return the application, made if a script needs one."""
    found = QApplication.instance() or QApplication(["Liaison", "-style", "fusion"])
    assert isinstance(found, QApplication)
    return found
