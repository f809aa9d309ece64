"""A home with a little of everything, and a desk to work at."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.casework import Visit, VisitEntry
from liaison.records.directory import Contact, Organisation, Post, Service
from liaison.records.home import Resident, Staff
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.settings import Settings
from liaison.ui.desk import Desk, Person
from liaison.ui.jobs import Jobs
from tests import homes as made

NOW: Final = dt.datetime(2026, 11, 18, 10, 41, tzinfo=ZoneInfo("Europe/London"))


@dataclasses.dataclass(frozen=True)
class Ids:
    """The records that are there."""

    surgery: int
    catheters: int
    grace: int
    dorothy: int
    other_dorothy: int
    moira: int
    visit: int
    entry: int


def fill(home: OpenHome) -> Ids:
    """Write a little of everything."""

    def add(record: object) -> int:
        return editing.add(home, record)[0]  # type: ignore[arg-type]  # records, all of them

    catheters = add(Service(name="Catheters", synonyms="blocked, not draining"))
    surgery = add(
        Organisation(
            name="Meadow Lane Surgery",
            kind="GP practice",
            phone="01632 960201",
            offers=(catheters,),
            former_names=("Old Surgery",),
        )
    )
    grace = add(
        Contact(name="Grace Adeyemi", phone="01632 960412", ask_about=(catheters,), cover="both")
    )
    add(Post(contact=grace, role="district nurse", organisation=surgery))
    dorothy = add(
        Resident(
            name="Dorothy Hale", room="12", date_of_birth=dt.date(1938, 3, 3), practice=surgery
        )
    )
    other = add(Resident(name="Dorothy Hale", room="7", date_of_birth=dt.date(1941, 5, 9)))
    moira = add(Staff(name="Moira Kelly", job_role="deputy manager"))
    visit = add(Visit(at=NOW, kind="visit", professional=grace, organisation=surgery))
    entry = add(VisitEntry(visit=visit, resident=dorothy, raised="Left shin", found="Healing"))
    return Ids(surgery, catheters, grace, dorothy, other, moira, visit, entry)


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    """Make the home that every test gets a copy of."""
    folder = tmp_path_factory.mktemp("pattern") / "home"
    home = made.make(folder)[0]
    with home:
        ids = fill(home)
    return folder, ids


@pytest.fixture
def folder(pattern: tuple[Path, Ids], tmp_path: Path) -> Path:
    """Copy the home; it is closed."""
    return made.copy(pattern[0], tmp_path / "home")


@pytest.fixture
def ids(pattern: tuple[Path, Ids]) -> Ids:
    """The records that are there."""
    return pattern[1]


@pytest.fixture
def home(folder: Path) -> Iterator[OpenHome]:
    """Open the copy, without a window."""
    with made.unlock(folder) as opened:
        yield opened


class Heard(QObject):
    """What a desk was told."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.said: list[str] = []
        self.undo: object = None
        self.opened: list[tuple[str, int]] = []
        self.troubles: list[UserError] = []
        self.faults: list[BaseException] = []
        desk.said.connect(self._say)
        desk.opened.connect(lambda name, identity: self.opened.append((name, identity)))
        desk.troubled.connect(self.troubles.append)
        desk.jobs.trouble.connect(self.troubles.append)
        desk.jobs.fault.connect(self.faults.append)

    def _say(self, words: str, undo: object) -> None:
        self.said.append(words)
        self.undo = undo


@pytest.fixture
def jobs(qtbot: QtBot, folder: Path) -> Iterator[Jobs]:
    """Open the copy as a window does."""
    made_jobs = Jobs()
    made_jobs.attach(made.unlock(folder))
    yield made_jobs
    made_jobs.close()


@pytest.fixture
def desk(jobs: Jobs) -> Desk:
    """A desk at which the manager sits on the morning of 18 November 2026."""
    opened = jobs.home
    assert opened is not None
    return Desk(jobs, Person(opened.person, made.MANAGER, "manager"), Settings(), now=lambda: NOW)


@pytest.fixture
def heard(desk: Desk) -> Iterator[Heard]:
    """What the desk is told; a bug on another thread fails the test."""
    listener = Heard(desk)
    yield listener
    assert listener.faults == []


@contextmanager
def writing_held(jobs: Jobs) -> Iterator[None]:
    """Let nothing be written inside, as when another program is at work."""
    gate = threading.Event()
    jobs.write(lambda _: gate.wait(60))
    try:
        yield
    finally:
        gate.set()
