"""Backups by themselves, the list of them, and health, in the settings."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from liaison.services import backups, health, upkeep
from liaison.services.health import State as Health
from liaison.ui.desk import Desk
from liaison.ui.pages.settings.backup import BackupSection
from liaison.ui.pages.settings.health import HealthSection
from liaison.ui.pages.settings.page import SettingsPage
from liaison.ui.widgets import State
from tests import homes as made
from tests.ui.parts.conftest import Heard, Ids

WAIT = 20_000


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> Iterator[SettingsPage]:
    desk.changing.connect(desk.take_settings)
    opened = SettingsPage(desk)
    qtbot.addWidget(opened)
    opened.resize(1150, 700)
    opened.show()
    yield opened
    assert heard.faults == []


@pytest.fixture
def backup(qtbot: QtBot, page: SettingsPage) -> BackupSection:
    section = page.open_section("backup")
    assert isinstance(section, BackupSection)
    qtbot.waitUntil(lambda: bool(section.plan.place.text()), timeout=WAIT)
    return section


@pytest.fixture
def about(qtbot: QtBot, page: SettingsPage) -> HealthSection:
    section = page.open_section("health")
    assert isinstance(section, HealthSection)
    qtbot.waitUntil(lambda: bool(section.rows), timeout=WAIT)
    return section


def test_what_was_looked_up_first_and_comes_last_is_not_shown(
    qtbot: QtBot, backup: BackupSection, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, look, first, go_on = backup.plan, backups.standing, [True], threading.Event()

    def standing(folder: Path, now: dt.datetime) -> backups.Standing:
        found = look(folder, now)
        if first and first.pop():
            go_on.wait(WAIT / 1000)
        return found

    monkeypatch.setattr(backups, "standing", standing)
    backup.refresh()
    qtbot.waitUntil(lambda: not first, timeout=WAIT)
    plan.on.click()
    qtbot.waitUntil(lambda: not plan.place.isEnabled(), timeout=WAIT)
    go_on.set()
    qtbot.waitUntil(lambda: desk.jobs.is_idle, timeout=WAIT)
    assert not plan.on.isChecked()
    assert not plan.place.isEnabled()


def test_two_changes_at_once_are_both_kept(
    qtbot: QtBot, backup: BackupSection, folder: Path, tmp_path: Path
) -> None:
    backup.plan.use_folder(tmp_path)
    backup.plan.hour.changed.emit(7)
    qtbot.waitUntil(lambda: upkeep.read(folder).plan.hour == 7, timeout=WAIT)
    assert upkeep.read(folder).plan.folder == str(tmp_path)


def test_where_when_and_whether_they_are_made_is_chosen(
    qtbot: QtBot, backup: BackupSection, folder: Path, tmp_path: Path
) -> None:
    plan = backup.plan
    assert str(folder.parent / "Backups") in plan.place.text()
    assert "on the same PC" in plan.place.text()
    assert "7 days, 4 weeks and 12 months" in plan.kept.text()
    stick = tmp_path / "stick"
    stick.mkdir()
    plan.use_folder(stick)
    qtbot.waitUntil(lambda: str(stick) in plan.place.text(), timeout=WAIT)
    plan.hour.set_value(7)
    plan.hour.changed.emit(7)
    qtbot.waitUntil(lambda: upkeep.read(folder).plan.hour == 7, timeout=WAIT)
    plan.on.click()
    qtbot.waitUntil(lambda: not upkeep.read(folder).plan.on, timeout=WAIT)
    qtbot.waitUntil(lambda: not plan.place.isEnabled(), timeout=WAIT)
    assert upkeep.read(folder).plan.folder == str(stick)
    plan.on.click()
    qtbot.waitUntil(plan.beside.isVisible, timeout=WAIT)
    plan.beside.click()
    qtbot.waitUntil(lambda: upkeep.read(folder).plan.folder == "", timeout=WAIT)


def test_a_folder_inside_the_home_is_refused(
    qtbot: QtBot, backup: BackupSection, folder: Path
) -> None:
    backup.plan.use_folder(folder)
    qtbot.waitUntil(backup.plan.banner.isVisible, timeout=WAIT)
    assert "lost together with it" in backup.plan.banner.accessibleName()
    assert upkeep.read(folder).plan.folder == ""


def test_the_list_shows_how_each_stands_and_checks_all_of_one(
    qtbot: QtBot, backup: BackupSection, desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    files = [tmp_path / "out" / f"{name}{backups.SUFFIX}" for name in "ab"]

    def listed(count: int) -> bool:
        return len(backup.list.rows) == count

    for count, file in enumerate(files, 1):
        backup.back_up_to(file)
        qtbot.waitUntil(partial(listed, count), timeout=WAIT)
    assert [row.chip.state for row in backup.list.rows] == [State.OK, State.OK]
    made.flip(files[1], files[1].stat().st_size // 2)
    for row in list(backup.list.rows):
        row.check.click()
        assert "Being checked" in row.chip.text()
        qtbot.waitUntil(row.check.isEnabled, timeout=WAIT)
    said = {Path(row.made.file).name: row.chip for row in backup.list.rows}
    assert said[files[0].name].state is State.OK
    assert "All of it is good" in said[files[0].name].text()
    assert said[files[1].name].state is State.LATE
    files[0].unlink()
    backup.refresh()
    qtbot.waitUntil(
        lambda: State.LATE in {row.chip.state for row in backup.list.rows if "a" + backups.SUFFIX in row.made.file},
        timeout=WAIT,
    )  # fmt: skip


def test_a_backup_under_way_can_be_stopped(
    qtbot: QtBot, backup: BackupSection, folder: Path, tmp_path: Path
) -> None:
    backup.back_up_to(tmp_path / f"a{backups.SUFFIX}")
    backup.stop.click()
    assert "Stopped" in backup.banner.accessibleName()
    qtbot.waitUntil(lambda: backup.desk.jobs.is_idle, timeout=WAIT)
    assert backup.button.isEnabled()
    assert not list(folder.glob("*.tmp"))


def test_health_is_green_only_when_it_is_true(
    qtbot: QtBot, about: HealthSection, folder: Path
) -> None:
    states = {row.line.name: row.chip.state for row in about.rows}
    assert states["Keys"] is State.OK
    assert states["Last check of everything"] is State.DUE
    assert about.found is not None
    assert about.found.state is not Health.GOOD
    about.button.click()
    assert about.stop.isVisible()
    qtbot.waitUntil(about.banner.isVisible, timeout=WAIT)
    assert "as they were written" in about.banner.accessibleName()
    qtbot.waitUntil(
        lambda: (
            {row.line.name: row.chip.state for row in about.rows}["Last check of everything"]
            is State.OK
        ),
        timeout=WAIT,
    )
    checked = upkeep.read(folder).checked
    assert checked is not None
    damaged = dataclasses.replace(checked, damage=2, first="A record is not what the log says.")
    health.note_check(folder, damaged, about.desk.now())
    about.refresh()
    qtbot.waitUntil(lambda: "Something is wrong" in about.whole.accessibleName(), timeout=WAIT)


def test_a_check_can_be_stopped(
    qtbot: QtBot, about: HealthSection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liaison.store.verify._TELL_EVERY", 1)
    about.check()
    about.cancel()
    assert "Stopped" in about.banner.accessibleName()
    qtbot.waitUntil(lambda: about.desk.jobs.is_idle, timeout=WAIT)
    assert upkeep.read(folder).checked is None
    assert about.button.isEnabled()
