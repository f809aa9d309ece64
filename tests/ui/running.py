"""The real window over real homes, for tests: real keys, real database, cheap key derivation."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.ui.jobs import Jobs
from liaison.ui.remembered import Remembered
from liaison.ui.shell.faults import Faults
from liaison.ui.shell.shell import Shell
from liaison.ui.starting import Start
from liaison.ui.threshold.making import Makings
from liaison.ui.threshold.unlock import UnlockScreen
from liaison.ui.window import App
from tests import homes as made
from tests.ui.shell.pages import PAGES

W = TypeVar("W", bound=QWidget)


@dataclasses.dataclass
class Running:
    """A window that runs in this process.

    Args:
        app: The window.
        qtbot: Drives it.
        noted: The faults that were written to the log.
    """

    app: App
    qtbot: QtBot
    noted: list[BaseException]

    def scene(self, kind: type[W]) -> W:
        """Wait until a screen of a kind is up, and return it."""
        self.qtbot.waitUntil(lambda: isinstance(self.app.frame.scene, kind), timeout=15_000)
        scene = self.app.frame.scene
        assert isinstance(scene, kind)
        return scene

    def unlock(self, password: str = made.PASSWORD) -> Shell:
        """Unlock the home as its manager does, and return the shell."""
        screen = self.scene(UnlockScreen)
        screen.password.setText(password)
        screen.unlock()
        shell = self.scene(Shell)
        self.qtbot.waitUntil(lambda: shell.page is not None)
        return shell

    def active(self) -> None:
        """Have the window be the active one, as it is when somebody types."""
        self.app.frame.activateWindow()
        self.qtbot.waitUntil(self.app.frame.isActiveWindow)


Starter = Callable[..., Running]


def starting(qtbot: QtBot, settings: Path) -> tuple[Starter, Callable[[], None]]:
    """Return what starts windows, and what ends them all."""
    started: list[Running] = []

    def start(
        folder: Path, *, makings: Makings | None = None, shown: bool = True, **other: Any
    ) -> Running:
        noted: list[BaseException] = []

        def note(fault: BaseException) -> tuple[str, Path | None]:
            noted.append(fault)
            return "A1B2C3", Path("faults.log")

        jobs = Jobs()
        wanted: dict[str, Any] = {
            "chosen": True,
            "pages": PAGES,
            "warms": False,
            "keeps": False,
            "exchanges": False,
        } | other
        app = App(
            Start(folder, makings=makings or Makings(cost=made.CHEAP), **wanted),
            jobs,
            Remembered(settings, jobs),
            Faults(note),
        )
        running = Running(app, qtbot, noted)
        started.append(running)
        app.frame.resize(1366, 768)
        if shown:
            app.door.show()
            app.frame.show()
        return running

    def end() -> None:
        for running in started:
            running.app.finish()
            running.app.remembered.keep_now()
            running.app.frame.deleteLater()

    return start, end
