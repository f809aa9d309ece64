"""Hearing that another window has changed who may open the home."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from liaison import security
from liaison.records import ids
from liaison.records.administration import Person
from liaison.services import people
from liaison.store.store import Store
from liaison.ui.threshold.unlock import UnlockScreen
from tests import homes as made
from tests.ui.running import Running, Starter

WAIT = 15_000
ACTIVE = Qt.ApplicationState.ApplicationActive


def let_in(folder: Path) -> None:
    """Let somebody in from another window."""
    with made.unlock(folder) as other:
        people.add(
            other, Person(name="Priya Nair", role="senior"), "copper lantern meadow seven",
            cost=made.CHEAP,
        )  # fmt: skip


def come_to_the_front() -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.applicationStateChanged.emit(ACTIVE)


def quiet(running: Running) -> None:
    running.qtbot.waitUntil(lambda: running.app.jobs.is_idle, timeout=WAIT)


@pytest.mark.parametrize("how", ["the front", "the timer"])
def test_a_window_without_exchange_hears_of_other_keys(
    start: Starter, home_folder: Path, how: str
) -> None:
    running = start(home_folder)
    running.unlock()
    quiet(running)
    let_in(home_folder)
    if how == "the front":
        come_to_the_front()
    else:
        running.app.keys.timer.timeout.emit()
    screen = running.scene(UnlockScreen)
    assert "Another window or a command changed the keys" in screen.told


def test_a_window_stays_open_while_nobody_else_changed_its_keys(
    start: Starter, home_folder: Path
) -> None:
    running = start(home_folder)
    shell = running.unlock()
    quiet(running)
    shell.desk.jobs.write(
        lambda home: people.add(
            home, Person(name="Priya Nair", role="senior"), "copper lantern meadow seven",
            cost=made.CHEAP,
        )
    )  # fmt: skip
    # its own new file may be seen before it knows its own new keys
    running.app.keys.outdated.emit()
    quiet(running)
    come_to_the_front()
    quiet(running)
    assert running.app.frame.scene is shell


def test_a_key_file_that_cannot_be_read_is_nothing_to_speak_of_here(
    start: Starter, home_folder: Path
) -> None:
    running = start(home_folder)
    shell = running.unlock()
    quiet(running)
    keys = home_folder / security.FILE_NAME
    away = keys.rename(keys.with_suffix(".away"))
    come_to_the_front()
    quiet(running)
    assert running.app.frame.scene is shell
    assert not shell.banner.isVisible()
    away.rename(keys)
    let_in(home_folder)
    come_to_the_front()
    running.scene(UnlockScreen)


def test_a_window_that_is_open_over_somebodys_last_midnight_locks_and_says_why(
    start: Starter, home_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, password = "copper lantern meadow seven", "harbour pencil orchard nine"
    with made.unlock(home_folder) as home:
        today = home.store.today()
        agency = Person(name="Priya Nair", role="senior", until=today)
        person = people.add(home, agency, first, cost=made.CHEAP)
    with made.unlock(home_folder, first, str(agency.name)) as home:
        people.choose_password(home, password, cost=made.CHEAP)
    running = start(home_folder)
    running.scene(UnlockScreen).choose(ids.to_text(person))
    shell = running.unlock(password)
    running.app.keys.minute.timeout.emit()
    quiet(running)
    assert running.app.frame.scene is shell, "it is their last day still"
    monkeypatch.setattr(Store, "today", lambda _: today + dt.timedelta(days=1))
    running.app.keys.minute.timeout.emit()
    screen = running.scene(UnlockScreen)
    assert screen.told.startswith("Priya Nair may not sign in any more, so Liaison was locked.")
    assert not running.app.keys.minute.isActive()


def test_nobody_looks_once_the_home_is_locked(start: Starter, home_folder: Path) -> None:
    running = start(home_folder)
    running.unlock()
    running.app.lock()
    running.scene(UnlockScreen)
    assert not running.app.keys.timer.isActive()
    running.unlock()
    assert running.app.keys.timer.isActive()
