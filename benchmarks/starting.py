"""Starting the window: to its door, and from the right password to Today."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.demonstration import NOTES, QUICK_NOTES
from benchmarks.harness import Bench, Result, check, compare
from liaison.services import demo

_REACH: Final = 1.5
_SMALL: Final = 2_000
_LONGEST_S: Final = 120
_BARE: Final = """
import time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel

app = QApplication([])


class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, done)
        return False


def done():
    painted = time.perf_counter()
    # only now: what tells the time is no part of it
    from liaison.ui.startup import since_start
    print(since_start() - (time.perf_counter() - painted))
    app.quit()


window = QLabel("Liaison")
window.resize(1366, 768)
watch = Watch()
window.installEventFilter(watch)
window.show()
app.exec()
"""


def start_to_door(bench: Bench) -> Iterator[Result]:
    """From the start of the process to the unlock window on the screen.

    The floor is the barest window of the same library: one word in it, painted once. Both are
    processes of their own with compiled modules, as an installed program has them.
    """
    place = _Place(bench.homes.folder())
    home = bench.homes.demonstration(_SMALL)
    # the second start knows the names
    place.report(home, unlocks=True)

    def ours() -> float:
        return place.report(home, unlocks=False)["unlock_shown"] / 1000

    yield compare(
        "process start to the unlock window", _REACH, bench.turns(5, 21), ours, place.bare
    )


def unlock_to_today(bench: Bench) -> Iterator[Result]:
    """From the right password to Today on the screen, in a home of 200,000 visit notes.

    The floor is the same in a home of 2,000. The quick run takes the home of 100,000 notes whose
    making is measured too.
    """
    place = _Place(bench.homes.folder())
    notes = QUICK_NOTES if bench.quick else NOTES
    large, small = bench.homes.demonstration(notes), bench.homes.demonstration(_SMALL)

    def shown(home: Path) -> float:
        moments = place.report(home, unlocks=True)
        check("today_shown" in moments, f"Today was not shown: {moments}")
        return (moments["today_shown"] - moments["unlocked"]) / 1000

    yield compare(
        f"unlock to Today, {notes:,} notes",
        _REACH,
        bench.turns(3, 15),
        lambda: shown(large),
        lambda: shown(small),
    )


class _Place:
    """Where the measured program finds its homes, its settings and its compiled modules."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._password = folder / "password"
        self._password.write_text(demo.PASSWORD, "utf-8")
        unset = ("PYTHONDONTWRITEBYTECODE", "LIAISON_PASSWORD_FILE")
        self._environment = {
            name: value for name, value in os.environ.items() if name not in unset
        } | {
            # beside the places of other benchmarks, which compile the same
            "PYTHONPYCACHEPREFIX": str(folder.with_name("compiled")),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_STATE_HOME": str(folder / "state"),
        }
        if sys.platform == "linux" and not os.environ.get("DISPLAY"):
            self._environment.setdefault("QT_QPA_PLATFORM", "offscreen")

    def report(self, home: Path, *, unlocks: bool) -> dict[str, float]:
        """Start the window on a home; return its moments in milliseconds."""
        report = self._folder / "report.json"
        words = ["-m", "liaison", "--home", str(home), "--startup-report", str(report)]
        if unlocks:
            words += ["--password-file", str(self._password)]
        self._run(words)
        moments: dict[str, float] = json.loads(report.read_text("utf-8"))
        report.unlink()
        return moments

    def bare(self) -> float:
        """Show a bare window; return the seconds since its process began."""
        return float(self._run(["-c", _BARE]))

    def _run(self, words: list[str]) -> str:
        done = subprocess.run(  # noqa: S603  # our own program
            [sys.executable, *words],
            env=self._environment,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
            timeout=_LONGEST_S,
        )
        return done.stdout
