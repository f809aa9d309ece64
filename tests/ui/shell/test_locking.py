"""Locking: by hand, when nobody is there, before sleep. Nothing shown is left, nothing typed is lost."""

from __future__ import annotations

import functools
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QClipboard, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QFileDialog, QLabel, QWidget

from liaison.errors import UserError
from liaison.records.home import Resident
from liaison.services import drafts, editing
from liaison.services.homes import OpenHome
from liaison.ui.pages import PAGES
from liaison.ui.shell.locking import Why
from liaison.ui.shell.shell import Shell
from liaison.ui.threshold.unlock import UnlockScreen
from liaison.ui.widgets import ConfirmDialog, LineEdit, Popover, Toast
from tests import homes as made
from tests.ui import walk
from tests.ui.running import Running, Starter

MARGARET = "Margaret Ellis"
_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


class Asleep(QObject):
    """Stands for the system that says that the PC is about to sleep."""

    soon = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.let_go = 0

    def start(self) -> bool:
        return True

    def stop(self) -> None:
        pass

    def ready(self) -> None:
        self.let_go += 1


@pytest.fixture
def running(start: Starter, home_folder: Path) -> Running:
    window = start(home_folder)
    asleep = Asleep()
    locking = window.app.locking
    locking._sleeping = asleep  # type: ignore[assignment]  # it says what we say
    asleep.soon.connect(lambda: locking.lock(Why.ALONE))
    window.asleep = asleep  # type: ignore[attr-defined]  # for the tests below
    return window


@pytest.fixture
def with_resident(start: Starter, home_folder: Path) -> Running:
    """Show the real page of residents, with one of them in the list."""
    with made.unlock(home_folder) as home:
        editing.add(home, Resident(name=MARGARET, known_as="Peggy"))
    window = start(home_folder, pages=PAGES)
    shell = window.unlock()
    shell.go("residents")
    window.qtbot.waitUntil(lambda: bool(told_of(MARGARET)), timeout=15_000)
    return window


def _has(found: list[bool], wanted: int) -> bool:
    return len(found) == wanted


def told_of(words: str) -> list[str]:
    """Return where words stand in what a screen reader is told, in titles, tips and on widgets."""
    found = []
    for top in QApplication.topLevelWidgets():
        for part in walk.interfaces(QAccessible.queryAccessibleInterface(top)):
            kinds = (QAccessible.Text.Name, QAccessible.Text.Value, QAccessible.Text.Description)
            found += [f"told: {part.text(kind)}" for kind in kinds if words in part.text(kind)]
    for widget in QApplication.allWidgets():
        text = getattr(widget, "text", None)
        shown = text() if callable(text) and not isinstance(widget, QComboBox) else ""
        seen = (shown, widget.windowTitle(), widget.toolTip(), widget.accessibleName())
        found += [f"{type(widget).__name__}: {one}" for one in seen if words in str(one)]
    return found


def locked(window: Running) -> UnlockScreen:
    screen = window.scene(UnlockScreen)
    window.qtbot.waitUntil(lambda: window.app.jobs.is_idle, timeout=15_000)
    return screen


def test_after_locking_no_name_of_a_resident_is_left_anywhere(
    with_resident: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, app = with_resident, with_resident.app
    # the platform of tests does not say whose the clipboard is
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _: True)
    shell = window.scene(Shell)
    QGuiApplication.clipboard().setText(f"{MARGARET}, room 4")
    shell.said.say(f"{MARGARET} saved.", lambda: None)
    dialog = ConfirmDialog(
        app.frame, f"Archive {MARGARET}?", "She leaves the lists.", do="Archive", keep="Keep"
    )
    dialog.open()
    gone: list[bool] = []
    shell.destroyed.connect(lambda: gone.append(True))
    assert len(told_of(MARGARET)) > 2
    assert app.frame.windowTitle() != "Liaison"

    app.lock()
    locked(window)
    window.qtbot.waitUntil(lambda: bool(gone), timeout=15_000)
    assert app.jobs.home is None
    window.qtbot.waitUntil(lambda: told_of(MARGARET) == [], timeout=5_000)
    assert told_of("Peggy") == []
    assert app.frame.windowTitle() == "Liaison"
    assert QGuiApplication.clipboard().text() == ""
    assert not app.frame.findChildren(Toast)


def test_what_floats_in_the_window_goes_with_the_page_it_belongs_to(
    with_resident: Running,
) -> None:
    window, app = with_resident, with_resident.app
    shell = window.scene(Shell)
    popover = Popover(shell.header.person, f"Answer: {MARGARET}")
    line = LineEdit(f"{MARGARET} slept badly")
    popover.body.addWidget(line)
    popover.open()
    hits = shell.header.search.hits
    hits.show_groups((), MARGARET)
    window.active()
    line.setFocus()

    app.lock()
    locked(window)
    assert told_of(MARGARET) == []
    assert [
        part for part in app.frame.findChildren(QWidget, options=_DIRECT) if part.isVisible()
    ] == [app.frame.scene]
    assert window.noted == []


def test_what_another_program_copied_stays_on_the_clipboard(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("a shopping list")
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _: False)
    running.unlock()
    running.app.lock()
    locked(running)
    assert clipboard.text() == "a shopping list"
    clipboard.clear()


def test_it_locks_from_a_dialog_too(running: Running) -> None:
    running.unlock()
    dialog = ConfirmDialog(running.app.frame, "Archive her?", "", do="Archive", keep="Keep")
    dialog.open()
    running.qtbot.waitUntil(dialog.isActiveWindow)
    handle = dialog.windowHandle()
    assert handle is not None
    # pressed only: by the time it is let go there is no such window any more
    QTest.keyPress(handle, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    locked(running)


def test_dialogs_of_the_system_and_lists_that_dropped_down_close_too(running: Running) -> None:
    shell = running.unlock()
    asking = QFileDialog(running.app.frame, "Where to keep the backup")
    asking.setOption(QFileDialog.Option.DontUseNativeDialog)
    asking.open()
    box = QComboBox(shell)
    box.addItems(["Margaret", "Joan"])
    box.show()
    floating = QLabel(MARGARET, None, Qt.WindowType.Tool)
    floating.show()
    box.showPopup()
    running.app.lock()
    locked(running)
    tops = [top for top in QApplication.topLevelWidgets() if top.isVisible()]
    assert tops == [running.app.frame]
    floating.deleteLater()


def test_nobody_there_is_warned_and_then_locked_out(running: Running) -> None:
    shell = running.unlock()
    locking = running.app.locking
    assert locking.idle.minutes == 5
    locking.idle.warned.emit(30)
    warning = locking.warning
    assert warning is not None
    assert warning.isVisible()
    assert warning.words.text() == "Liaison locks in 30 seconds"
    locking.idle.warned.emit(29)
    assert locking.warning is warning
    assert warning.words.text() == "Liaison locks in 29 seconds"
    locking.idle._warning = True
    running.active()
    handle = running.app.frame.windowHandle()
    assert handle is not None
    running.qtbot.keyClick(handle, Qt.Key.Key_Shift)
    assert locking.warning is None
    assert running.app.frame.scene is shell
    locking.idle.due.emit()
    locked(running)
    assert not locking.idle.running


def test_the_minutes_are_a_setting_and_apply_at_once(running: Running) -> None:
    import dataclasses

    shell = running.unlock()
    shell.desk.set(dataclasses.replace(shell.desk.settings, lock_after=12))
    assert running.app.locking.idle.minutes == 12


def test_a_lock_waits_for_the_save_that_is_under_way(running: Running) -> None:
    shell = running.unlock()
    writing, go_on = threading.Event(), threading.Event()

    def write(home: OpenHome) -> None:
        writing.set()
        go_on.wait(60)
        editing.add(home, Resident(name=MARGARET))

    shell.desk.jobs.write(write)
    running.qtbot.waitUntil(writing.is_set)
    running.app.locking.idle.due.emit()
    # out of sight at once, all the same
    cover = running.app.locking.cover
    assert cover is not None
    assert cover.isVisible()
    assert running.app.frame.windowTitle() == "Liaison"
    assert running.app.frame.scene is shell
    go_on.set()
    locked(running)
    shell = running.unlock()
    found: list[int] = []
    shell.desk.jobs.read(
        lambda store: len(list(store.connection.execute("SELECT id FROM resident"))), found.append
    )
    running.qtbot.waitUntil(lambda: found == [1])


def test_with_nobody_there_a_full_disk_leaves_nothing_in_sight_and_loses_nothing(
    running: Running,
) -> None:
    shell = running.unlock()
    full = [True]
    about = drafts.About("resident")

    def keep() -> None:
        def write(home: OpenHome) -> None:
            if full[0]:
                raise UserError("The disk is full.", do="Make room on it.", code="disk-full")
            drafts.save(home, about, {"name": MARGARET})

        shell.desk.jobs.write(write, None, shell.desk.unkept.emit)

    shell.desk.keeping.connect(keep)
    running.app.locking.lock(Why.ALONE)
    cover = running.app.locking.cover
    assert cover is not None
    running.qtbot.waitUntil(cover.try_again.isVisible)
    assert "The disk is full." in cover.note.words
    assert not shell.isVisible()
    assert running.app.frame.windowTitle() == "Liaison"
    full[0] = False
    running.qtbot.mouseClick(cover.try_again, Qt.MouseButton.LeftButton)
    locked(running)
    shell = running.unlock()
    found: list[drafts.Draft | None] = []
    shell.desk.jobs.write(lambda home: drafts.find(home, about), found.append)
    running.qtbot.waitUntil(lambda: bool(found))
    assert found[0] is not None


def test_what_cannot_be_kept_may_be_left_behind(running: Running) -> None:
    shell = running.unlock()
    error = UserError("The disk is full.", code="disk-full")
    shell.desk.keeping.connect(lambda: shell.desk.unkept.emit(error))
    running.app.locking.lock(Why.ALONE)
    cover = running.app.locking.cover
    assert cover is not None
    running.qtbot.waitUntil(cover.leave.isVisible)
    running.qtbot.mouseClick(cover.leave, Qt.MouseButton.LeftButton)
    locked(running)
    assert running.app.jobs.home is None


def test_before_the_pc_sleeps_it_is_locked_and_only_then_let_go(running: Running) -> None:
    asleep: Asleep = running.asleep  # type: ignore[attr-defined]  # from the fixture
    running.unlock()
    writing, go_on = threading.Event(), threading.Event()

    def write(_: OpenHome) -> None:
        writing.set()
        go_on.wait(60)

    running.app.jobs.write(write)
    running.qtbot.waitUntil(writing.is_set)
    asleep.soon.emit()
    assert running.app.locking.cover is not None
    assert asleep.let_go == 0
    go_on.set()
    locked(running)
    running.qtbot.waitUntil(lambda: asleep.let_go == 1)
    # asleep again while it is locked
    asleep.soon.emit()
    assert asleep.let_go == 2


def test_asleep_while_a_form_could_not_be_kept_shows_nothing(running: Running) -> None:
    shell = running.unlock()
    error = UserError("The disk is full.", code="disk-full")
    shell.desk.keeping.connect(lambda: shell.desk.unkept.emit(error))
    running.app.lock()
    assert running.app.locking.cover is None, "somebody is there and is told"
    assert "not locked" in shell.banner.accessibleName()
    running.app.locking.lock(Why.ALONE)
    assert running.app.locking.cover is not None
    assert not shell.isVisible()


def test_keys_that_changed_elsewhere_never_leave_behind_what_cannot_be_kept(
    running: Running,
) -> None:
    """Only somebody who locks again has asked for that; a round that comes again has not."""
    shell = running.unlock()
    error = UserError("The disk is full.", code="disk-full")
    shell.desk.keeping.connect(lambda: shell.desk.unkept.emit(error))
    for _ in range(2):
        running.app.locking.lock(Why.KEYS)
        assert running.app.locking.cover is None
        assert "not locked" in shell.banner.accessibleName()
    running.app.lock()
    assert running.app.locking.cover is None, "nobody had been asked before"
    running.app.lock()
    locked(running)


def test_what_is_typed_while_it_locks_goes_nowhere(running: Running) -> None:
    running.unlock()
    running.active()
    go_on = threading.Event()
    running.app.jobs.write(lambda _: go_on.wait(60))
    running.app.lock()
    focus: QWidget | None = QApplication.focusWidget()
    assert focus is running.app.locking.cover
    go_on.set()
    screen = locked(running)
    running.qtbot.waitUntil(screen.password.hasFocus)


def test_a_dialog_of_a_fault_stays(running: Running) -> None:
    shell = running.unlock()

    def broken(_: OpenHome) -> None:
        raise ZeroDivisionError

    shell.desk.jobs.write(broken)
    running.qtbot.waitUntil(lambda: running.app.faulty.dialog is not None)
    running.app.locking.lock(Why.ALONE)
    locked(running)
    assert running.app.faulty.dialog is not None
    assert isinstance(running.app.faulty.dialog, QDialog)
    assert running.app.faulty.dialog.isVisible()
    running.app.faulty.dialog.accept()


def test_the_desk_of_whoever_was_here_does_not_outlive_the_lock(running: Running) -> None:
    gone: list[bool] = []
    for number in range(1, 4):
        shell = running.unlock()
        shell.desk.destroyed.connect(functools.partial(gone.append, True))
        running.app.lock()
        locked(running)
        running.qtbot.waitUntil(functools.partial(_has, gone, number))


def test_a_timer_of_a_page_that_is_due_while_it_locks_finds_nothing_closed(
    running: Running,
) -> None:
    shell = running.unlock()
    tick = QTimer(shell)
    # as a page does that reads a moment after somebody typed
    tick.timeout.connect(lambda: shell.desk.jobs.read(lambda store: store.the("home"), id))
    tick.start(0)
    running.app.lock()
    locked(running)
    assert running.noted == []
