"""Looking after a home while its window is open: the backup of the day, and what is said."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.directory import Service
from liaison.records.rules import times
from liaison.services import backups, health, opening, upkeep
from liaison.services.demo import place
from liaison.services.upkeep import Plan
from liaison.store.backup import read_about
from liaison.ui.desk import Desk
from liaison.ui.jobs import Jobs
from liaison.ui.parts.reminders import ReminderChip, Reminders
from liaison.ui.shell.leaving import Leaving
from liaison.ui.shell.shell import Shell
from liaison.ui.shell.upkeep import Upkeep
from liaison.ui.threshold.bringing_back import BringBackScreen
from liaison.ui.threshold.missing import MissingScreen
from liaison.ui.threshold.recover import RecoverScreen
from liaison.ui.threshold.unlock import UnlockScreen
from tests import homes as made
from tests.ui.parts.conftest import NOW
from tests.ui.running import Starter

WAIT = 20_000


@pytest.fixture
def kept(qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Upkeep]:
    # the desk's clock stands still, the records were written just now
    monkeypatch.setattr(health, "pressing", lambda _source: [])
    desk.changing.connect(desk.take_settings)
    parent = QWidget()
    qtbot.addWidget(parent)
    yield Upkeep(desk, parent)
    # its timer ends on this thread, with its parent
    parent.close()


def begin(folder: Path, *, days: int, plan: Plan | None = None) -> None:
    """Let the PC have kept an eye on it for so many days."""
    since = times.to_stored(NOW - dt.timedelta(days=days))
    upkeep.change(
        folder, lambda one: dataclasses.replace(one, since=since, plan=plan or one.plan), NOW
    )


def files(folder: Path) -> list[str]:
    there = folder.parent / "Backups"
    return made.names(there) if there.is_dir() else []


def test_the_backup_of_the_day_is_made_once_it_is_due(
    qtbot: QtBot, kept: Upkeep, desk: Desk, folder: Path
) -> None:
    begin(folder, days=0)
    kept.look()
    qtbot.waitUntil(lambda: desk.jobs.is_idle, timeout=WAIT)
    assert files(folder) == []
    begin(folder, days=1)
    with qtbot.waitSignal(desk.backups_changed, timeout=WAIT):
        kept.look()
    assert files(folder) == ["Willow House 18.11.2026 10.41.liaison-backup"]
    qtbot.waitUntil(lambda: desk.settings.home(folder).backed_up_at == NOW, timeout=WAIT)
    kept.look()
    qtbot.waitUntil(lambda: desk.jobs.is_idle, timeout=WAIT)
    assert len(files(folder)) == 1


def test_of_a_demonstration_no_backup_is_made(
    qtbot: QtBot, kept: Upkeep, desk: Desk, folder: Path
) -> None:
    begin(folder, days=30)
    place.mark(folder)
    kept.look()
    qtbot.waitUntil(lambda: desk.jobs.is_idle, timeout=WAIT)
    assert files(folder) == []
    assert desk.notices == ()


def test_a_backup_that_failed_is_said_above_every_page_and_on_today(
    qtbot: QtBot, kept: Upkeep, desk: Desk, folder: Path
) -> None:
    went: list[tuple[str, object]] = []
    desk.went.connect(lambda page, where: went.append((page, where)))
    stick = folder.parent / "stick"
    begin(folder, days=1, plan=Plan(folder=str(stick)))
    chip, reminders = ReminderChip(desk), Reminders(desk)
    for part in (chip, reminders):
        qtbot.addWidget(part)
    assert chip.isHidden()
    kept.look()
    qtbot.waitUntil(lambda: bool(desk.notices), timeout=WAIT)
    qtbot.waitUntil(lambda: desk.jobs.is_idle, timeout=WAIT)
    assert chip.text() == "Backup not made"
    assert [banner.accessibleName() for banner in reminders.banners] == [desk.notices[0].words]
    assert "stick" in desk.notices[0].words
    reminders.banners[0].button.click()
    chip.click()
    assert went == [("settings", "backup")] * 2
    # somebody connects it and tries again
    stick.mkdir()
    with qtbot.waitSignal(desk.backups_changed, timeout=WAIT):
        desk.backup_wanted.emit()
    qtbot.waitUntil(lambda: desk.notices == (), timeout=WAIT)
    assert chip.isHidden()
    assert reminders.banners == []


def test_a_carer_is_told_of_the_disk_and_not_of_backups(qtbot: QtBot, desk: Desk) -> None:
    desk.person = dataclasses.replace(desk.person, role="carer")
    full = health.Notice(health.State.BAD, "Disk space: look", "The disk is nearly full.", "health")
    due = health.Notice(health.State.LOOK, "Backup due", "It is 9 days old.", "backup")
    desk.tell_notices((due, full))
    chip, reminders = ReminderChip(desk), Reminders(desk)
    for part in (chip, reminders):
        qtbot.addWidget(part)
    chip.show_first()
    assert chip.isHidden()
    assert [banner.accessibleName() for banner in reminders.banners] == [full.words]
    assert reminders.banners[0].button.isHidden()


# ---- when the window closes


def write(home_folder: Path) -> None:
    with made.unlock(home_folder) as home, home.unit() as unit:
        unit.add(Service(name="Chiropody"))


def test_closing_makes_a_backup_if_anybody_wrote_anything(
    start: Starter, home_folder: Path
) -> None:
    def close() -> str:
        running = start(home_folder, keeps=True)
        running.unlock()
        with running.qtbot.waitSignal(running.app.ended, timeout=WAIT):
            running.app.leave()
        # of one day the newest is kept
        [name] = files(home_folder)
        return read_about(home_folder.parent / "Backups" / name).head

    first = close()
    assert close() == first, "nobody did more than look"
    write(home_folder)
    assert close() != first


def test_a_backup_on_closing_can_be_left(
    start: Starter, home_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_source: object, tell: object = None, **_: object) -> None:
        # until it is called off
        for done in range(10**9):
            tell(done % 100, 100)  # type: ignore[operator]  # what a job is given

    monkeypatch.setattr(backups, "automatic", slow)
    running = start(home_folder, keeps=True)
    running.unlock()
    running.app.leave()
    leaving = running.app.closing.sheet
    assert isinstance(leaving, Leaving)
    running.qtbot.waitUntil(leaving.skip_button.isVisible, timeout=WAIT)
    with running.qtbot.waitSignal(running.app.ended, timeout=WAIT):
        leaving.skip_button.click()


def test_a_drive_that_does_not_answer_keeps_nobody_from_closing(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liaison.ui.shell.upkeep._PATIENCE_MS", 20)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    answers = threading.Event()
    for _ in range(2):
        desk.jobs.run(lambda _: answers.wait(30), lambda _: None)
    leaving = Leaving(window)
    left: list[str] = []
    Upkeep(desk, window).before_leaving(leaving, lambda: left.append("closed"))
    try:
        qtbot.waitUntil(leaving.skip_button.isVisible, timeout=WAIT)
        leaving.skip_button.click()
        assert left == ["closed"]
    finally:
        answers.set()


def test_a_backup_that_fails_on_closing_is_said_and_keeps_nobody(
    start: Starter, home_folder: Path, tmp_path: Path
) -> None:
    plan = Plan(folder=str(tmp_path / "stick"))
    upkeep.change(home_folder, lambda one: dataclasses.replace(one, plan=plan), NOW)
    running = start(home_folder, keeps=True)
    running.unlock()
    running.app.leave()
    leaving = running.app.closing.sheet
    assert isinstance(leaving, Leaving)
    running.qtbot.waitUntil(leaving.close_button.isVisible, timeout=WAIT)
    assert "stick" in leaving.note.words
    assert "Everything" in leaving.note.words
    with running.qtbot.waitSignal(running.app.ended, timeout=WAIT):
        leaving.close_button.click()


# ---- at the door


def test_a_backup_comes_back_from_the_door(
    start: Starter, home_folder: Path, tmp_path: Path
) -> None:
    with made.unlock(home_folder) as home:
        backups.by_hand(home, tmp_path / f"a{backups.SUFFIX}")
    running = start(home_folder)
    running.scene(UnlockScreen).backup_button.click()
    screen = running.scene(BringBackScreen)
    part = screen.part
    part.use_file(tmp_path / f"a{backups.SUFFIX}")
    running.qtbot.waitUntil(part.form.isVisible, timeout=WAIT)
    part.password.setText(made.PASSWORD)
    part.look_button.click()
    running.qtbot.waitUntil(part.inside.isVisible, timeout=WAIT)
    assert part.folder_line.text().startswith(str(tmp_path / "Brought back"))
    part.use_folder(tmp_path / "back")
    part.go.click()
    running.qtbot.waitUntil(lambda: running.app.door.folder == tmp_path / "back", timeout=WAIT)
    shell = running.unlock()
    opened = shell.desk.jobs.home
    assert opened is not None
    assert opened.folder == tmp_path / "back"


def test_with_the_recovery_sheet_a_manager_chooses_a_new_password_next(
    start: Starter, tmp_path: Path
) -> None:
    home, key = made.make(tmp_path / "home")
    with home:
        backups.by_hand(home, tmp_path / f"a{backups.SUFFIX}")
    running = start(tmp_path / "home")
    running.scene(UnlockScreen).backup_button.click()
    part = running.scene(BringBackScreen).part
    part.use_file(tmp_path / f"a{backups.SUFFIX}")
    running.qtbot.waitUntil(part.form.isVisible, timeout=WAIT)
    part.way.set_value("sheet")
    part.way.changed.emit("sheet")
    assert part.key_field.isVisible()
    assert not part.password_field.isVisible()
    first = key.text[0]
    part.key.setText(key.text.replace(first, "Z" if first != "Z" else "Y", 1))
    part.look_button.click()
    running.qtbot.waitUntil(part.banner.isVisible, timeout=WAIT)
    # left alone with a key on the screen, it is cleared
    part.forgetting.timeout.emit()
    assert not part.key.text()
    assert "was cleared" in part.banner.accessibleName()
    part.key.setText(key.text)
    part.look_button.click()
    running.qtbot.waitUntil(part.inside.isVisible, timeout=WAIT)
    part.use_folder(tmp_path / "back")
    part.go.click()
    running.scene(RecoverScreen)
    assert running.app.door.folder == tmp_path / "back"


# ---- a home that cannot be written to


def test_what_is_missing_is_said_and_a_manager_decides(start: Starter, home_folder: Path) -> None:
    older = (home_folder / made.DATABASE).read_bytes()
    write(home_folder)
    (home_folder / made.DATABASE).write_bytes(older)
    running = start(home_folder)
    door = running.scene(UnlockScreen)
    door.password.setText(made.PASSWORD)
    door.unlock()
    screen = running.scene(MissingScreen)
    assert "missing from this home's database" in screen.words
    screen.look.click()
    shell = running.scene(Shell)
    assert shell.desk.person.role == "reader"
    assert "missing" in shell.banner.accessibleName()
    running.app.lock()
    door = running.scene(UnlockScreen)
    door.password.setText(made.PASSWORD)
    door.unlock()
    screen = running.scene(MissingScreen)
    screen.go_on.click()
    assert screen.dialog is not None
    screen.dialog.accept()
    shell = running.scene(Shell)
    assert shell.desk.person.role == "manager"
    home = shell.desk.jobs.home
    assert home is not None
    assert home.store.loss is None


def test_a_home_on_a_disk_that_only_reads_is_shown_as_to_a_reader(
    start: Starter, home_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_only_reads", lambda _folder: True)
    running = start(home_folder, keeps=True)
    shell = running.unlock()
    assert shell.desk.person.role == "reader"
    assert "can only be read" in shell.banner.accessibleName()
    with running.qtbot.waitSignal(running.app.ended, timeout=WAIT):
        running.app.leave()
    assert files(home_folder) == []
    assert running.noted == []


def test_an_upkeep_that_cannot_look_tries_again(
    qtbot: QtBot, kept: Upkeep, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> object:
        raise UserError("The disk did not do what was asked.")

    monkeypatch.setattr("liaison.ui.shell.upkeep._look", fail)
    kept.look()
    qtbot.waitUntil(lambda: jobs.is_idle, timeout=WAIT)
    assert kept._timer.isActive()
