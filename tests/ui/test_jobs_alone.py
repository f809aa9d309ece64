"""Work that needs the database to itself: reading waits for it, and goes on whatever becomes of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.home import Resident
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.store.store import Store
from liaison.ui.jobs import Jobs
from tests import homes as made

WAIT = 15_000


@pytest.fixture
def jobs(qtbot: QtBot, home_folder: Path) -> Iterator[Jobs]:
    at_work = Jobs()
    at_work.attach(made.unlock(home_folder))
    yield at_work
    at_work.close()


def name(store: Store) -> str:
    found = store.the("home")
    return str(getattr(found.record, "name", "")) if found is not None else ""


def test_reading_waits_while_the_database_is_worked_on_alone(jobs: Jobs, qtbot: QtBot) -> None:
    alone, go_on = threading.Event(), threading.Event()
    order: list[str] = []

    def work(_: OpenHome) -> None:
        alone.set()
        assert go_on.wait(60)

    jobs.alone(work, lambda _: order.append("alone"))
    qtbot.waitUntil(alone.is_set)
    jobs.read(name, order.append)
    jobs.write(lambda home: name(home.store), lambda found: order.append(f"written {found}"))
    assert order == []
    go_on.set()
    qtbot.waitUntil(lambda: len(order) == 3, timeout=WAIT)
    assert set(order) == {"alone", made.NAME, f"written {made.NAME}"}


def test_no_other_connection_is_open_meanwhile(jobs: Jobs, qtbot: QtBot, home_folder: Path) -> None:
    ours = jobs.home
    assert ours is not None
    path = ours.store.path
    read: list[str] = []
    jobs.read(name, read.append)
    qtbot.waitUntil(lambda: bool(read), timeout=WAIT)
    assert [link for link in open_files() if link.startswith(str(path))]

    def work(home: OpenHome) -> int:
        home.store.close()
        here = [str(link) for link in open_files() if link.startswith(str(path))]
        home.store = made.unlock(home_folder).store
        return len(here)

    found: list[int] = []
    jobs.alone(work, found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=WAIT)
    assert found == [0]


def open_files() -> list[str]:
    """Return what this process has open."""
    links = []
    for number in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(number.readlink()))
        except OSError:
            # closed since it was listed
            continue
    return links


def test_after_a_failure_everybody_reads_again(jobs: Jobs, qtbot: QtBot) -> None:
    def work(_: OpenHome) -> None:
        raise UserError("The disk is full.")

    failed: list[UserError] = []
    jobs.alone(work, None, failed.append)
    found: list[str] = []
    jobs.read(name, found.append)
    qtbot.waitUntil(lambda: found == [made.NAME], timeout=WAIT)
    assert len(failed) == 1


def test_called_off_before_it_began_it_holds_nobody_up(jobs: Jobs, qtbot: QtBot) -> None:
    go_on = threading.Event()
    jobs.write(lambda _: go_on.wait(60))
    job = jobs.alone(lambda _: pytest.fail("called off"))
    job.cancel()
    found: list[str] = []
    jobs.read(name, found.append)
    qtbot.waitUntil(lambda: found == [made.NAME], timeout=WAIT)
    go_on.set()


def test_what_was_written_is_told_also_when_the_store_was_opened_anew(
    jobs: Jobs, qtbot: QtBot, home_folder: Path
) -> None:
    touched: list[frozenset[str]] = []
    jobs.changed.connect(touched.append)

    def work(home: OpenHome) -> None:
        editing.add(home, Resident(name="Margaret Ellis"))
        home.store.close()
        home.store = made.unlock(home_folder).store

    jobs.alone(work)
    qtbot.waitUntil(lambda: bool(touched), timeout=WAIT)
    assert "resident" in touched[0]


def test_locking_waits_for_it(jobs: Jobs, qtbot: QtBot) -> None:
    go_on = threading.Event()
    done: list[str] = []
    jobs.alone(lambda _: go_on.wait(60), lambda _: done.append("alone"))
    jobs.detach(lambda: done.append("closed"))
    go_on.set()
    qtbot.waitUntil(lambda: "closed" in done, timeout=WAIT)
    assert done == ["alone", "closed"]


def test_locking_does_not_wait_for_a_drive_that_does_not_answer(jobs: Jobs, qtbot: QtBot) -> None:
    answers = threading.Event()
    for _ in range(2):
        jobs.run(lambda _: answers.wait(30), lambda _: None)
    jobs.look(lambda *_: pytest.fail("called off"), lambda _: None)
    closed: list[str] = []
    jobs.detach(lambda: closed.append("closed"))
    try:
        qtbot.waitUntil(lambda: bool(closed), timeout=10_000)
    finally:
        answers.set()
