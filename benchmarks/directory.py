"""The directory's page: opened as quickly with 5,000 contacts as with 50."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

from benchmarks import data
from benchmarks.harness import Bench, Result, check, compare, loop_until
from liaison.records.directory import Contact, Post, Service
from liaison.security import Cost
from liaison.services import founding, homes

_REACH: Final = 1.3
_MANY: Final = 5_000
_FEW: Final = 50
_PEOPLE_A_PLACE: Final = 5
_PASSWORD: Final = "made up to measure"  # noqa: S105  # of a home that is deleted again
_CHEAP: Final = Cost(memory_kib=8, passes=1, lanes=1)


def open_directory(bench: Bench) -> Iterator[Result]:
    """Open the directory's page of 5,000 contacts at 1,000 places, against 50 contacts at 10.

    From making the page until its list and its first card are on the screen. The rest of a long
    list comes a moment later, and is waited for before the next turn, where it is looked at as well.
    """
    with _Window(_make(bench, _MANY)) as many, _Window(_make(bench, _FEW)) as few:
        yield compare(
            "opening the directory, 5,000 contacts",
            _REACH,
            bench.turns(6, 40),
            lambda: many.open(_MANY),
            lambda: few.open(_FEW),
        )


def _make(bench: Bench, count: int) -> Path:
    """Make a home with some contacts, each with a post at a place."""
    chance = random.Random(count)
    path = bench.homes.folder() / "home"
    home, _ = founding.make_home(
        path, name="Benchmark", person="Mo", password=_PASSWORD, cost=_CHEAP
    )
    with home, home.unit() as unit:
        needs = [unit.add(Service(name=f"Need {number}")) for number in range(20)]
        place = 0
        for number in range(count):
            if number % _PEOPLE_A_PLACE == 0:
                place = unit.add(data.organisation(chance, number))
            contact = Contact(
                name=data.person_name(chance),
                phone=f"01632 {number:06}",
                ask_about=(chance.choice(needs),),
            )
            unit.add(Post(contact=unit.add(contact), role="district nurse", organisation=place))
    return path


class _Window:
    """A window in which the directory is opened again and again."""

    def __init__(self, path: Path) -> None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from PySide6.QtWidgets import QApplication

        from liaison.settings import Settings
        from liaison.ui import theme
        from liaison.ui.desk import Desk, Person
        from liaison.ui.jobs import Jobs

        app = QApplication.instance() or QApplication([])
        check(isinstance(app, QApplication), "another kind of application is running")
        theme.install(app)  # type: ignore[arg-type]  # just looked at
        self._jobs = Jobs()
        home = homes.open_home(path, None, _PASSWORD)
        self._jobs.attach(home)
        self._desk = Desk(self._jobs, Person(home.person, "Mo", "manager"), Settings())

    def open(self, count: int) -> float:
        """Open the page; return the seconds until it shows its list and the first card.

        Args:
            count: How many contacts the home has.
        """
        from liaison.ui.pages.directory import DirectoryPage

        there: list[str] = []
        started = time.perf_counter()
        page = DirectoryPage(self._desk)
        page.resize(1158, 712)
        page.filled.connect(lambda: there.append("list"))
        page.card.shown.connect(lambda: there.append("card"))
        page.show()
        page.refresh()
        loop_until(lambda: len(there) > 1)
        page.repaint()
        seconds = time.perf_counter() - started
        loop_until(lambda: page.chips["contact"].accessibleName() == f"People, {count}")
        check(len(page.list.entries.rows) > count, "the list is not whole")
        page.close()
        page.deleteLater()
        return seconds

    def __enter__(self) -> Self:
        """Use it in a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the home."""
        self._jobs.close()
