"""The whole window, from its first screen to its last, over real homes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from liaison import app as window
from liaison.errors import UserError
from liaison.records.administration import Person as PersonRecord
from liaison.records.home import Resident
from liaison.records.training import Course
from liaison.services import demo, drafts, editing, founding, homes, people
from liaison.services.demo import place
from liaison.services.homes import OpenHome
from liaison.settings import Settings, read_settings
from liaison.store import query
from liaison.ui import theme
from liaison.ui.parts.form import RecordForm
from liaison.ui.shell.shell import Shell
from liaison.ui.shell.single import OnlyWindow
from liaison.ui.threshold.first_run import HOME, LISTS, PASSWORD, SHEET, FirstRun
from liaison.ui.threshold.making import Makings
from liaison.ui.threshold.own_password import OwnPasswordScreen
from liaison.ui.threshold.recover import RecoverScreen
from liaison.ui.threshold.trouble import TroubleScreen
from liaison.ui.threshold.unlock import UnlockScreen
from liaison.ui.widgets import ConfirmDialog
from tests import homes as made
from tests.ui.running import Running, Starter, starting
from tests.ui.shell.pages import Today

WORDS = "copper lantern meadow seven"
_OFFSCREEN = "This plugin does not support propagateSizeHints()"
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> theme.Theme:
    return theme.install(qapp, "light", 1.0)


@pytest.fixture(scope="module")
def window_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("window") / "home"
    made.make(folder)[0].close()
    return folder


@pytest.fixture
def folder(window_home: Path, tmp_path: Path) -> Path:
    return made.copy(window_home, tmp_path / "home")


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "settings.json"


@pytest.fixture
def start(qtbot: QtBot, settings: Path) -> Iterator[Starter]:
    starter, end = starting(qtbot, settings)
    yield starter
    end()


def press(running: Running, button: QWidget) -> None:
    running.qtbot.mouseClick(button, LEFT)


def to_sheet(running: Running) -> FirstRun:
    """Set a home up, by keys and mouse, as far as its recovery sheet."""
    screen, bot = running.scene(FirstRun), running.qtbot
    assert screen.step == HOME
    assert not screen.go_on.isEnabled()
    bot.keyClicks(screen.home_name, "Larkfield House")
    bot.keyClicks(screen.person_name, "Helen Marsh")
    press(running, screen.go_on)
    assert screen.step == PASSWORD
    bot.keyClicks(screen.choose.first, WORDS)
    assert not screen.go_on.isEnabled()
    bot.keyClicks(screen.choose.again, WORDS)
    press(running, screen.go_on)
    bot.waitUntil(lambda: screen.step == SHEET, timeout=15_000)
    return screen


def prove(running: Running, screen: FirstRun) -> None:
    """Type the two hidden blocks back, as from the paper, and put it away."""
    bot = running.qtbot
    bot.waitUntil(lambda: bool(screen.sheet.wanted), timeout=15_000)
    for edit, at in zip(screen.sheet.blocks, screen.sheet.wanted, strict=True):
        assert not screen.go_on.isEnabled()
        bot.keyClicks(edit, screen.sheet.key_blocks[at].lower())
    assert not screen.go_on.isEnabled()
    screen.sheet.safe.setChecked(True)
    bot.waitUntil(screen.go_on.isEnabled)
    press(running, screen.go_on)


def test_first_run_goes_from_nothing_to_the_shell(
    start: Starter, tmp_path: Path, settings: Path
) -> None:
    folder = tmp_path / "new" / "home"
    running = start(folder)
    screen = to_sheet(running)
    assert (folder / made.KEYS).exists()
    prove(running, screen)
    assert screen.step == LISTS
    press(running, screen.go_on)
    shell = running.scene(Shell)
    assert shell.desk.person.name == "Helen Marsh"
    assert shell.desk.person.role == "manager"

    def courses(home: OpenHome) -> int:
        return len(list(query.every(home.store, query.Query("course"))))

    found: list[int] = []
    # after the starting lists, which are written by the same thread
    shell.desk.jobs.write(courses, found.append)
    running.qtbot.waitUntil(lambda: bool(found), timeout=15_000)
    assert found[0] > 0
    running.app.finish()
    running.app.remembered.keep_now()
    known = read_settings(settings).home(folder)
    assert known.name == "Larkfield House"
    assert [person.name for person in known.people] == ["Helen Marsh"]
    assert not known.unproven
    with homes.open_home(folder, None, WORDS) as home:
        assert home.unlocked.role == "manager"


def test_a_second_start_raises_the_window_also_while_a_home_is_set_up(
    start: Starter, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "home"
    first, second = (OnlyWindow(folder, tmp_path) for _ in range(2))
    assert first.claim()
    running = start(folder, shown=False)
    running.app.attend(first)
    running.app.show()
    running.scene(FirstRun)
    # what listens is loaded once the window is painted
    running.qtbot.waitUntil(lambda: not running.app.frame.windowIcon().isNull())
    running.app.frame.showMinimized()
    with running.qtbot.waitSignal(first.asked, timeout=10_000):
        assert not second.claim()
    running.qtbot.waitUntil(lambda: not running.app.frame.isMinimized())


def test_closed_before_a_password_was_chosen_nothing_is_left(
    start: Starter, tmp_path: Path, settings: Path
) -> None:
    folder = tmp_path / "new" / "home"
    running = start(folder)
    screen = running.scene(FirstRun)
    hints = [wrap.text() for wrap in screen.findChildren(QLabel)]
    assert any("can add the others later" in words for words in hints)
    running.qtbot.keyClicks(screen.home_name, "Larkfield House")
    running.app.frame.close()
    assert not running.app.frame.isVisible()
    assert not folder.parent.exists()
    running.app.remembered.keep_now()
    assert not read_settings(settings).home(folder).unproven


def test_a_recovery_sheet_nobody_proved_is_asked_for_again_with_a_new_key(
    start: Starter, tmp_path: Path, settings: Path
) -> None:
    folder = tmp_path / "home"
    running = start(folder)
    old = to_sheet(running).sheet.key_blocks
    running.app.frame.close()
    running.qtbot.waitUntil(lambda: not running.app.frame.isVisible(), timeout=15_000)
    running.app.remembered.keep_now()
    assert read_settings(settings).home(folder).unproven

    again = start(folder)
    screen = again.scene(UnlockScreen)
    screen.password.setText(WORDS)
    screen.unlock()
    first_run = again.scene(FirstRun)
    assert first_run.step == SHEET
    prove(again, first_run)
    again.scene(Shell)
    new = first_run.sheet.key_blocks
    assert new != old
    again.app.finish()
    keys = homes.read_keys(folder)
    keys.unlock_with_recovery(" ".join(new))
    with pytest.raises(UserError):
        keys.unlock_with_recovery(" ".join(old))


def test_the_demonstration_opens_without_a_home_of_ones_own(
    start: Starter, tmp_path: Path, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small(folder: Path, **_: object) -> None:
        # the demonstration itself has tests of its own
        with place.making(folder) as half:
            made.make(half, password=demo.PASSWORD)[0].close()
            place.begin(half)
            place.finish(half)

    monkeypatch.setattr(demo, "make", small)
    there = tmp_path / "demonstration"
    running = start(
        tmp_path / "home", makings=Makings(cost=made.CHEAP, demonstration=there), chosen=False
    )
    press(running, running.scene(FirstRun).demo_button)
    running.scene(Shell)
    running.app.lock()
    assert demo.PASSWORD in running.scene(UnlockScreen).note.words
    running.unlock(demo.PASSWORD)
    running.app.finish()
    running.app.remembered.keep_now()
    # the next start offers to set the real home up
    assert read_settings(settings).last_home == ""
    assert not (tmp_path / "home").exists()


def test_a_home_that_cannot_be_made_leaves_what_was_typed(
    start: Starter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> OpenHome:
        raise UserError("The disk is full.", kept="Nothing was made.", do="Free some space.")

    monkeypatch.setattr(founding, "make_home", full)
    running = start(tmp_path / "home")
    screen = running.scene(FirstRun)
    screen.home_name.setText("Larkfield House")
    screen.person_name.setText("Helen Marsh")
    press(running, screen.go_on)
    screen.choose.first.setText(WORDS)
    screen.choose.again.setText(WORDS)
    press(running, screen.go_on)
    running.qtbot.waitUntil(lambda: "disk is full" in screen.note.words)
    assert screen.step == PASSWORD
    assert screen.choose.password == WORDS
    assert screen.go_on.isEnabled()
    assert not running.app.remembered.settings.home(tmp_path / "home").unproven


def test_a_wrong_password_says_what_to_do_and_is_typed_over(start: Starter, folder: Path) -> None:
    running = start(folder)
    screen = running.scene(UnlockScreen)
    screen.password.setText("wrong")
    screen.unlock()
    running.qtbot.waitUntil(lambda: "not right" in screen.note.words, timeout=15_000)
    assert "Caps Lock" in screen.note.words
    assert "recovery sheet" in screen.note.words
    assert "ask a manager" not in screen.note.words
    assert screen.password.selectedText() == "wrong"
    assert not screen.waiting
    screen.password.setText(made.PASSWORD)
    screen.unlock()
    running.scene(Shell)


def test_the_wait_can_be_called_off_and_the_home_stays_closed(start: Starter, folder: Path) -> None:
    checking, go_on = threading.Event(), threading.Event()
    opened: list[OpenHome] = []

    class Slow(Makings):
        def unlock(self, *arguments: object) -> OpenHome:
            checking.set()
            go_on.wait(60)
            opened.append(super().unlock(*arguments))  # type: ignore[arg-type]  # as they come
            return opened[0]

    running = start(folder, makings=Slow(cost=made.CHEAP))
    screen = running.scene(UnlockScreen)
    screen.password.setText(made.PASSWORD)
    screen.unlock()
    running.qtbot.waitUntil(checking.is_set)
    assert screen.waiting
    assert screen.unlock_button.words == "Stop"
    assert not screen.progress.isHidden()
    running.qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert screen.unlock_button.words == "Unlock"
    assert "still locked" in screen.note.words
    assert screen.password.text() == made.PASSWORD
    go_on.set()
    # called off while the password was checked: the database is not even opened
    screen.unlock()
    running.scene(Shell)
    assert len(opened) == 1


def test_locking_goes_back_to_the_door_and_the_draft_survives(start: Starter, folder: Path) -> None:
    running = start(folder)
    shell = running.unlock()
    about = drafts.About("resident")

    def keep() -> None:
        shell.desk.jobs.write(lambda home: drafts.save(home, about, {"name": "Margaret"}))

    shell.desk.keeping.connect(keep)
    closing: list[str] = []
    shell.desk.closing.connect(lambda: closing.append("closing"))
    running.active()
    running.qtbot.keyClick(shell, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    running.scene(UnlockScreen)
    assert running.app.jobs.home is None
    assert closing == ["closing"], "what only somebody here could see is told to end"
    shell = running.unlock()
    found: list[drafts.Draft | None] = []
    shell.desk.jobs.write(lambda home: drafts.find(home, about), found.append)
    running.qtbot.waitUntil(lambda: bool(found))
    assert found[0] is not None
    assert found[0].typed == {"name": "Margaret"}


def test_a_home_whose_drafts_cannot_be_kept_is_locked_only_when_asked_again(
    start: Starter, folder: Path
) -> None:
    running = start(folder)
    shell = running.unlock()

    def full(_: OpenHome) -> None:
        raise UserError("The disk is full.", do="Make room on it.", code="disk-full")

    def keep() -> None:
        shell.desk.jobs.write(full, None, shell.desk.unkept.emit)

    shell.desk.keeping.connect(keep)
    running.app.lock()
    running.qtbot.waitUntil(lambda: "not locked" in shell.banner.accessibleName())
    assert "The disk is full." in shell.banner.accessibleName()
    assert "Lock again" in shell.banner.accessibleName()
    assert running.app.frame.scene is shell
    assert running.app.jobs.home is not None
    running.app.lock()
    running.scene(UnlockScreen)
    assert running.app.jobs.home is None


def test_a_temporary_password_opens_nothing_but_the_choice_of_ones_own(
    start: Starter, folder: Path
) -> None:
    with made.unlock(folder) as home:
        person = PersonRecord(name="Priya Nair", role="carer")
        people.add(home, person, "a password for the first day", cost=made.CHEAP)
    running = start(folder, user="Priya Nair")
    screen = running.scene(UnlockScreen)
    running.qtbot.waitUntil(
        lambda: screen.person is not None and screen.person.name == "Priya Nair"
    )
    screen.password.setText("a password for the first day")
    screen.unlock()
    own = running.scene(OwnPasswordScreen)
    press(running, own.back)
    screen = running.scene(UnlockScreen)
    running.qtbot.waitUntil(lambda: running.app.jobs.is_idle)
    screen.password.setText("a password for the first day")
    screen.unlock()
    own = running.scene(OwnPasswordScreen)
    assert not own.go_on.isEnabled()
    own.choose.first.setText("a password for the first day")
    own.choose.again.setText("a password for the first day")
    press(running, own.go_on)
    running.qtbot.waitUntil(lambda: "temporary password" in own.note.words)
    own.choose.first.setText(WORDS)
    own.choose.again.setText(WORDS)
    press(running, own.go_on)
    running.scene(Shell)
    running.app.finish()
    with made.unlock(folder, WORDS, "Priya Nair") as theirs:
        assert not theirs.unlocked.must_change


def test_locking_closes_every_dialog_and_empties_the_window(start: Starter, folder: Path) -> None:
    running = start(folder)
    shell = running.unlock()
    shell.show_shortcuts()
    dialogs = [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog)]
    assert any(dialog.isVisible() for dialog in dialogs)
    destroyed: list[bool] = []
    shell.destroyed.connect(lambda: destroyed.append(True))
    running.app.lock()
    running.scene(UnlockScreen)
    tops = [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog)]
    assert not any(dialog.isVisible() for dialog in tops)
    running.qtbot.waitUntil(lambda: bool(destroyed))


def test_closing_waits_for_what_is_being_written(start: Starter, folder: Path) -> None:
    running = start(folder)
    shell = running.unlock()
    writing, go_on = threading.Event(), threading.Event()

    def write(home: OpenHome) -> None:
        writing.set()
        go_on.wait(60)
        editing.add(home, Resident(name="Margaret Ellis"))

    shell.desk.jobs.write(write)
    running.qtbot.waitUntil(writing.is_set)
    running.app.frame.close()
    assert running.app.frame.isVisible()
    assert running.app.closing.sheet is not None
    go_on.set()
    running.qtbot.waitUntil(lambda: not running.app.frame.isVisible(), timeout=15_000)
    with made.unlock(folder) as home:
        names = [
            getattr(one, "name", "") for one in query.every(home.store, query.Query("resident"))
        ]
    assert names == ["Margaret Ellis"]


def test_closing_says_which_drafts_are_kept(start: Starter, folder: Path) -> None:
    running = start(folder)
    shell = running.unlock()
    about = drafts.About("resident")
    shell.desk.keeping.connect(
        lambda: shell.desk.jobs.write(lambda home: drafts.save(home, about, {"name": "M"}))
    )
    running.app.frame.close()
    running.qtbot.waitUntil(
        lambda: (
            running.app.closing.sheet is not None
            and "One draft is kept" in running.app.closing.sheet.note.words
        )
    )
    assert running.app.closing.sheet is not None
    closing: list[str] = []
    shell.desk.closing.connect(lambda: closing.append("closing"))
    press(running, running.app.closing.sheet.close_button)
    assert not running.app.frame.isVisible()
    assert closing == ["closing"]


def test_the_window_stays_open_when_what_is_typed_cannot_be_kept(
    start: Starter, folder: Path
) -> None:
    running = start(folder)
    shell = running.unlock()
    full = UserError("The disk is full.", kept="The words are still here.", do="Free some space.")
    shell.desk.keeping.connect(lambda: shell.desk.unkept.emit(full))
    closing: list[str] = []
    shell.desk.closing.connect(lambda: closing.append("closing"))
    running.app.frame.close()
    assert running.app.closing.sheet is None
    assert running.app.frame.isVisible()
    assert closing == []
    assert "The words are still here." in shell.banner.accessibleName()


def test_a_full_disk_says_what_it_does_not_keep_and_closing_again_leaves_without_it(
    start: Starter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start(folder)
    shell = running.unlock()
    form = RecordForm(shell.desk, "resident", parent=shell)
    running.qtbot.waitSignal(form.ready).wait()
    assert form.fields is not None
    form.fields.editor("name").put("Margaret Ellis")

    def full(*_: object) -> None:
        raise UserError("The disk is full.", do="Make room on it.", code="disk-full")

    with monkeypatch.context() as broken:
        broken.setattr(drafts, "save", full)
        form.keeper.note()
        running.app.frame.close()
        running.qtbot.waitUntil(lambda: "form for a resident" in shell.banner.accessibleName())
        assert "Close the window again to leave without it." in shell.banner.accessibleName()
        assert running.app.frame.isVisible()
        running.app.frame.close()
        running.qtbot.waitUntil(lambda: not running.app.frame.isVisible(), timeout=15_000)


def test_a_fault_of_ours_shows_its_reference_and_keeps_the_work(
    start: Starter, folder: Path
) -> None:
    running = start(folder)
    shell = running.unlock()
    about = drafts.About("resident")
    shell.desk.keeping.connect(
        lambda: shell.desk.jobs.write(lambda home: drafts.save(home, about, {"name": "M"}))
    )

    def broken(_: OpenHome) -> None:
        raise ZeroDivisionError

    shell.desk.jobs.write(broken)
    running.qtbot.waitUntil(lambda: running.app.faulty.dialog is not None)
    dialog = running.app.faulty.dialog
    assert dialog is not None
    assert dialog.reference == "A1B2C3"
    assert [type(fault) for fault in running.noted] == [ZeroDivisionError]
    running.qtbot.waitUntil(lambda: "kept as a draft" in dialog.kept)
    press(running, dialog.go_on)
    assert running.app.faulty.dialog is None
    assert running.app.frame.isVisible()


def test_a_folder_that_is_no_home_says_what_to_do(start: Starter, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "cat.jpg").write_bytes(b"cat")
    running = start(folder)
    screen = running.scene(TroubleScreen)
    assert "no Liaison home" in screen.words
    (folder / "cat.jpg").unlink()
    press(running, screen.try_again)
    running.scene(FirstRun)


def test_a_damaged_key_file_says_what_to_do_and_another_folder_may_be_opened(
    start: Starter, folder: Path, tmp_path: Path
) -> None:
    broken = made.copy(folder, tmp_path / "broken")
    (broken / made.KEYS).write_bytes(b"{}")
    running = start(broken)
    screen = running.scene(TroubleScreen)
    assert "damaged" in screen.words
    screen.elsewhere.emit(folder)
    running.unlock()


def test_the_recovery_sheet_lets_a_manager_back_in(start: Starter, tmp_path: Path) -> None:
    folder = tmp_path / "home"
    home, key = made.make(folder)
    home.close()
    running = start(folder)
    screen = running.scene(UnlockScreen)
    press(running, screen.forgotten)
    press(running, screen.sheet_button)
    recover = running.scene(RecoverScreen)
    recover.choose.first.setText(WORDS)
    recover.choose.again.setText(WORDS)
    recover.key.setText(key.text[:-1] + ("0" if key.text[-1] != "0" else "1"))
    press(running, recover.go_on)
    running.qtbot.waitUntil(lambda: "typing mistake" in recover.key_error)
    recover.key.setText(key.text.lower().replace(" ", "-"))
    press(running, recover.go_on)
    shell = running.scene(Shell)
    assert shell.said.toast is not None
    assert "Everybody else's still works" in shell.said.toast.words
    running.app.finish()
    made.unlock(folder, WORDS).close()


def test_who_was_here_is_remembered_and_shown_at_once(
    start: Starter, folder: Path, settings: Path
) -> None:
    running = start(folder)
    running.unlock()
    running.app.finish()
    running.app.remembered.keep_now()
    known = read_settings(settings).home(folder)
    assert known.name == made.NAME
    assert known.last_person in known.seen
    again = start(folder)
    # before the key file has been read
    assert isinstance(again.app.frame.scene, UnlockScreen)
    assert again.app.frame.scene.person is not None


def test_settings_of_the_pages_apply_at_once_and_are_kept(
    start: Starter, folder: Path, settings: Path
) -> None:
    running = start(folder)
    shell = running.unlock()
    heard: list[Settings] = []
    shell.desk.settings_changed.connect(heard.append)
    shell.desk.set(Settings(theme="dark", text_size=150))
    assert theme.tokens().dark
    assert heard[-1].text_size == 150
    # pressed several times in a row, only the last size is laid out
    running.qtbot.waitUntil(lambda: theme.scale() == 1.5)
    running.app.finish()
    running.app.remembered.keep_now()
    assert read_settings(settings).theme == "dark"
    assert read_settings(settings).window is not None


def test_a_new_sheet_left_half_way_is_told_of_at_the_next_sign_in(
    start: Starter, folder: Path
) -> None:
    running = start(folder)
    shell = running.unlock()
    shell.desk.set(shell.desk.settings.with_home(folder, unused_sheet=True))
    for answer, stays in (("reject", True), ("accept", False)):
        running.active()
        running.qtbot.keyClick(
            running.app.frame.scene, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier
        )
        running.unlock()
        told = running.app.frame.findChild(ConfirmDialog)
        assert told is not None
        assert "not in force" in told.windowTitle()
        getattr(told, answer)()
        assert running.app.remembered.settings.home(folder).unused_sheet is stays


def test_pages_are_refreshed_when_what_they_read_changes(start: Starter, folder: Path) -> None:
    running = start(folder)
    shell = running.unlock()
    today = shell.page
    assert isinstance(today, Today)
    running.qtbot.waitUntil(lambda: today.refreshed == 1)
    shell.desk.jobs.write(lambda home: editing.add(home, Resident(name="Margaret Ellis")))
    running.qtbot.waitUntil(lambda: today.residents == ["Margaret Ellis"])
    assert today.refreshed == 2
    shell.desk.jobs.write(lambda home: editing.add(home, Course(name="Fire safety")))
    running.qtbot.waitUntil(lambda: "Saved on this PC at" in shell.header.saved.text())
    assert today.refreshed == 2


def child(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=made.ROOT,
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def test_nothing_heavy_is_loaded_before_the_door_is_on_the_screen() -> None:
    code = "import sys, liaison.app; print('\\n'.join(sys.modules))"
    loaded = set(child(code).stdout.split())
    assert "liaison.ui.threshold.unlock" in loaded
    heavy = {"click", "cryptography", "sqlcipher3", "sqlite_utils", "phonenumbers", "reportlab"}
    heavy |= {"liaison.records", "liaison.store", "liaison.security.keyfile", "liaison.services"}
    heavy |= {"liaison.cli", "liaison.ui.shell.shell", "PySide6.QtNetwork", "multiprocessing"}
    assert not heavy & loaded


def test_the_startup_report_unlocks_by_itself_and_says_when(folder: Path, tmp_path: Path) -> None:
    report, password = tmp_path / "report.json", tmp_path / "password"
    password.write_text(f"{made.PASSWORD}\n", "utf-8")
    code = """
import sys
from pathlib import Path
from liaison.ui import pages
pages.PAGES["today"] = "tests.ui.shell.pages:Today"
from liaison.app import open_window
home, password, report = map(Path, sys.argv[1:])
sys.exit(open_window(home=home, password_file=password, startup_report=report))
"""
    places = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_STATE_HOME": str(tmp_path / "state")}
    done = child(code, str(folder), str(password), str(report), **places)
    assert (done.returncode, done.stderr.replace(_OFFSCREEN, "").strip()) == (0, "")
    moments = json.loads(report.read_text("utf-8"))
    names = ["imports", "unlock_shown", "unlocked", "open", "today_shown"]
    assert list(moments) == names
    assert sorted(moments.values()) == list(moments.values())
    assert moments["imports"] > 0


def test_the_startup_report_without_a_password_ends_at_the_door(
    folder: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    code = """
import sys
from pathlib import Path
from liaison.app import open_window
home, report = map(Path, sys.argv[1:])
sys.exit(open_window(home=home, startup_report=report))
"""
    places = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_STATE_HOME": str(tmp_path / "state")}
    assert child(code, str(folder), str(report), **places).returncode == 0
    assert list(json.loads(report.read_text("utf-8"))) == ["imports", "unlock_shown"]


def test_a_password_file_that_is_not_there_is_said_plainly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert window.open_window(home=tmp_path, password_file=tmp_path / "none") == 1
    assert "cannot be read" in capsys.readouterr().err


def test_without_a_screen_it_says_so_instead_of_aborting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert window.open_window(home=tmp_path) == 1
    assert "needs a screen" in capsys.readouterr().err
