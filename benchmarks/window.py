"""The window at work: how long it ever stands still, and how much memory it takes."""

from __future__ import annotations

import datetime as dt
import functools
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, Self

from benchmarks import data, homes
from benchmarks.harness import Bench, Result, check, gap_of, loop_until, seconds_of

if TYPE_CHECKING:
    from liaison.reports.spec import Document
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.ui.parts.paper import Paper

_GAP_S: Final = 0.05
_MEMORY: Final = 2.0
_SAVES: Final = 12
_TYPED: Final = "catheter review"
_REPORT_DAYS: Final = 365
_QUICK_REPORT_DAYS: Final = 91
_TURNS: Final = 10
_LINES: Final = 30
_WEEKS: Final = 30
_NOW: Final = dt.datetime(2024, 12, 31, 9, tzinfo=dt.UTC)
_LONGEST_S: Final = 120
_KIB: Final = 1024
_BARE: Final = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from benchmarks.window import resident

app = QApplication([])
window = QLabel("Liaison")
window.resize(1366, 768)
window.show()
QTimer.singleShot(500, lambda: (print(resident()), app.quit()))
app.exec()
"""


def longest_gap(bench: Bench) -> Iterator[Result]:
    """The longest time the window's thread does not come back to its loop, over 200,000 notes.

    While pages are opened for the first time, a moment after the first one; while visits are saved,
    while somebody types into the search, while a year of visits is put on paper, and while that is
    made, turned over and searched in the preview (91 days with --quick: a standstill that grows
    with the pages still shows). The floor is what nobody notices, 50 ms; the median of the runs
    counts, of which the first is to load what all have.
    """
    home = bench.homes.of(homes.LARGE)
    path = bench.homes.copy(home.path)
    turns = bench.turns(3, 9)
    days = _QUICK_REPORT_DAYS if bench.quick else _REPORT_DAYS
    _plan_rounds(path, home)
    with _Window(homes.open_store(path), home, dt.timedelta(days=days)) as window:
        window.warm()
        # each page is opened for the first time only once
        gap = window.longest(window.open_pages)
        yield Result("longest gap while opening pages", gap, _GAP_S, gap / _GAP_S, 1.0)
        for name, work in (
            ("saving", window.save),
            ("searching", window.search),
            (f"printing {days} days", window.print),
            (f"previewing {days} days", window.preview),
        ):
            gap = median(window.longest(work) for _ in range(turns))
            yield Result(f"longest gap while {name}", gap, _GAP_S, gap / _GAP_S, 1.0)
    bench.homes.forget(path)


def text_size(bench: Bench) -> Iterator[Result]:
    """Another text size, with every page made: what is shown and what is not lays itself out anew.

    The floor is one window of as many labels, one under another.
    """
    from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

    from liaison.ui import theme

    def resize() -> None:
        look = theme.current()
        look.resize(1.1 if look.scale == 1.0 else 1.0)

    turns = 2 * bench.turns(2, 5)
    path = bench.homes.copy(bench.homes.of(homes.SMALL).path)
    with _Window(homes.open_store(path)) as window:
        window.warm()
        window.open_pages()
        number = len(QApplication.allWidgets())
        ours = [_after(window.quiet, resize) for _ in range(turns)]
    loop_until(lambda: len(QApplication.allWidgets()) < number // 2)
    labels = QWidget()
    column = QVBoxLayout(labels)
    for _ in range(number):
        column.addWidget(QLabel("Liaison"))
    labels.show()
    floor = [_after(functools.partial(wait_ms, 100), resize) for _ in range(turns)]
    labels.deleteLater()
    yield Result(
        f"another text size, {number:,} widgets",
        median(ours),
        median(floor),
        median(mine / theirs for mine, theirs in zip(ours, floor, strict=True)),
    )
    bench.homes.forget(path)


def _after(rest: Callable[[], None], work: Callable[[], None]) -> float:
    """Return how long some work takes once there is nothing else to do."""
    rest()
    return seconds_of(work)


def memory(bench: Bench) -> Iterator[Result]:
    """The memory of a window that shows the visits of 200,000 notes, against a bare window.

    Both are processes of their own; what counts is what lies in memory once they are quiet.
    """
    path = bench.homes.of(homes.LARGE).path
    pairs = []
    for _ in range(bench.turns(1, 5)):
        ours = _resident_of("-m", "benchmarks.window", str(path))
        pairs.append((ours, _resident_of("-c", _BARE)))
    yield Result(
        "memory with 200k entries open",
        median(ours for ours, _ in pairs),
        median(floor for _, floor in pairs),
        median(ours / floor for ours, floor in pairs),
        _MEMORY,
        "MiB",
    )


def _plan_rounds(path: Path, home: homes.Home) -> None:
    """Write a round with a long agenda, and rounds that were held, for the page of rounds."""
    from liaison.records.casework import AgendaLine, Round

    chance = random.Random(4)
    store = homes.open_store(path)
    with store.unit(home.person, "rounds") as unit:
        sitting = unit.add(Round(at=_NOW + dt.timedelta(days=2)))
        for number in range(_LINES):
            resident = home.residents[number % len(home.residents)]
            note = data.note(chance)
            unit.add(AgendaLine(round=sitting, resident=resident, question=note, position=number))
        for week in range(1, _WEEKS + 1):
            unit.add(Round(at=_NOW - dt.timedelta(weeks=week), status="happened"))
    store.close()


class _Window:
    """The whole window over a home.

    Args:
        store: The home's store, open for writing.
        home: What is in it.
        told: How much of the time up to its day a report tells of.
    """

    def __init__(
        self,
        store: Store,
        home: homes.Home | None = None,
        told: dt.timedelta = dt.timedelta(days=_REPORT_DAYS),
    ) -> None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from PySide6.QtWidgets import QApplication

        from liaison.settings import Settings
        from liaison.ui import theme
        from liaison.ui.desk import Desk, Person
        from liaison.ui.jobs import Jobs
        from liaison.ui.shell.shell import Shell

        app = QApplication.instance() or QApplication([])
        check(isinstance(app, QApplication), "another kind of application is running")
        theme.install(app)  # type: ignore[arg-type]  # just looked at
        self._home = home
        self._told = told
        self._chance = random.Random(3)
        self.jobs = Jobs()
        self.jobs.attach(homes.opened(store))
        self._paper: Paper | None = None
        self._wrong: list[object] = []
        self.jobs.trouble.connect(self._wrong.append)
        self.jobs.fault.connect(self._wrong.append)
        self.desk = Desk(
            self.jobs,
            Person(1, "Kate Morgan", "manager"),
            Settings(),
            lambda: _NOW,
        )
        self.shell = Shell(self.desk, "Larkfield House")
        self.shell.resize(1366, 768)
        self.shell.show()
        self.shell.activateWindow()
        loop_until(self.shell.isActiveWindow)
        self.shell.start("visits")
        self.quiet()

    def quiet(self) -> None:
        """Wait until nothing is read or written."""
        loop_until(lambda: self.jobs.is_idle)
        check(not self._wrong, f"the window is in trouble: {self._wrong}")

    def longest(self, work: Callable[[], None]) -> float:
        """Return the longest gap between two turns of the loop while something is done."""
        return gap_of(work)

    def warm(self) -> None:
        """Let the pages be made ready, as after the first one is on the screen."""
        from liaison.ui.naming import name_classes

        # as the application does before pages are loaded on another thread
        for _ in name_classes():
            pass
        self.shell.warm()
        wanted = set(self.shell.sidebar.pages) | {"settings"}
        loop_until(lambda: wanted <= set(self.shell.built))
        self.quiet()

    # ---- what is done

    def open_pages(self) -> None:
        """Go to every page and wait until it is whole."""
        for name in self.shell.built:
            self.shell.go(name)
            wait_ms(100)
            self.quiet()

    def save(self) -> None:
        """Save visits one after another, as somebody who is quick would."""
        from liaison.records.casework import Visit, VisitEntry

        home, chance = self._home, self._chance
        assert home is not None
        saved: list[int] = []

        def write(open_home: OpenHome) -> int:
            at = dt.datetime(2024, 12, 30, 9, tzinfo=dt.UTC)
            with open_home.store.unit(home.person, "visit") as unit:
                visit = unit.add(Visit(at=at, kind="GP visit"))
                for resident in home.residents[:5]:
                    found = data.note(chance)
                    unit.add(VisitEntry(visit=visit, resident=resident, found=found))
            return visit

        for number in range(1, _SAVES + 1):
            self.jobs.write(write, saved.append)
            loop_until(functools.partial(_has, saved, number))
        self.quiet()

    def search(self) -> None:
        """Type into the search box letter by letter and wait for the hits."""
        box = self.shell.search
        box.setFocus()
        box.clear()
        for place in range(1, len(_TYPED) + 1):
            box.setText(_TYPED[:place])
            box.textEdited.emit(_TYPED[:place])
            wait_ms(60)
        loop_until(box.hits.isVisible)
        self.quiet()
        box.hits.hide()

    def print(self) -> None:
        """Put the visits told of on paper in the child process."""
        from liaison.reports.spec import Asked, Printed
        from liaison.services import reporting
        from liaison.ui.pages.reports.making import gathered

        end = self.desk.today()
        asked = Asked(end - self._told, end, None, None)
        printed = Printed(self.desk.now(), self.desk.person.name)
        made: list[Document] = []
        self.jobs.read(
            lambda store: gathered(store, "visits", asked),
            lambda facts: self.jobs.render(
                reporting.spec_of_report("visits").render, facts, printed, done=made.append
            ),
        )
        loop_until(lambda: bool(made) or bool(self._wrong))
        check(made and made[0].pages > 1, "the pack is not on paper")

    def preview(self) -> None:
        """Make them in the preview, turn the pages over, and find a word in them."""
        from liaison.ui.pages.reports import ReportsPage

        end = self.desk.today()
        days = end - self._told, end
        self.shell.go("reports", {"report": "visits", "days": days})
        page = self.shell.page
        assert isinstance(page, ReportsPage)
        # what it begins with is another period: that one is waited for too
        self.quiet()
        page.make()
        loop_until(lambda: page.ready or bool(self._wrong))
        check(page.paper is not None and page.paper.pages > 1, "there is nothing to turn over")
        assert page.paper is not None
        for turn in range(_TURNS):
            page.preview.sheets.go_to(page.paper.pages * turn // _TURNS)
            wait_ms(60)
        page.preview.search.setText(_TYPED.split(" ", 1)[0])
        page.preview.find_words()
        loop_until(lambda: bool(page.preview.found.text()))
        self.quiet()
        self._paper = page.paper

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.shell.hide()
        self.jobs.close()
        if self._paper is not None:
            self._paper.close()
        self.shell.deleteLater()


def _has(saved: list[int], wanted: int) -> bool:
    return len(saved) == wanted


def wait_ms(milliseconds: int) -> None:
    """Let the window's loop run for a while: the pause between two keys."""
    from PySide6.QtCore import QTimer

    over: list[bool] = []
    QTimer.singleShot(milliseconds, lambda: over.append(True))
    loop_until(lambda: bool(over))


def resident() -> float:
    """Return how much memory of this process lies in the machine's, in MiB."""
    status = Path("/proc/self/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / _KIB


def _resident_of(*arguments: str) -> float:
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, *arguments],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=_LONGEST_S,
        check=False,
    )
    check(done.returncode == 0, f"a window did not open: {done.stderr}")
    return float(done.stdout)


def _show_and_tell(path: Path) -> None:
    """Open the visits of a home, look through the list, and print the memory that takes."""
    with _Window(homes.open_store(path)) as window:
        for page in ("visits", "residents"):
            window.shell.go(page)
            window.quiet()
        wait_ms(500)
        sys.stdout.write(f"{resident()}\n")


if __name__ == "__main__":
    _show_and_tell(Path(sys.argv[1]))
