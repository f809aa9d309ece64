"""Every dialog, and every screen of the door that is seldom seen, without eyes and without a mouse."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

import liaison.ui
from liaison.records.administration import Person as PersonRecord
from liaison.records.directory import Contact
from liaison.reports.spec import Document
from liaison.services import attachments, editing, people
from liaison.services.attachments import Attached, Incoming
from liaison.services.homes import OpenHome
from liaison.ui import theme
from liaison.ui.pages.audit.erasing import EraseDialog
from liaison.ui.pages.audit.facts import Content
from liaison.ui.parts.answers import asked_about
from liaison.ui.parts.attached_view import Viewer
from liaison.ui.parts.reason import ReasonDialog
from liaison.ui.parts.sending import Outgoing, SendDialog
from liaison.ui.parts.settle import Differences
from liaison.ui.parts.sharing import Offered, ShareDialog
from liaison.ui.parts.whole_save import Whole, WholeSaveDialog
from liaison.ui.shell.fault_dialog import FaultDialog
from liaison.ui.shell.faults import Fault
from liaison.ui.shell.leaving import Leaving
from liaison.ui.shell.shortcuts import ShortcutSheet
from liaison.ui.threshold.first_run import LISTS, SHEET, FirstRun
from liaison.ui.threshold.own_password import ChangePasswordDialog, OwnPasswordScreen
from liaison.ui.threshold.recover import RecoverScreen
from liaison.ui.threshold.trouble import TroubleScreen
from liaison.ui.threshold.unlock import UnlockScreen
from liaison.ui.widgets import ConfirmDialog
from tests import homes as made
from tests.ui import walk
from tests.ui.running import Starter
from tests.ui.whole import Whole as Window
from tests.ui.whole import settle

FIRST_DAY = "a password for the first day"
OWN = "otter kettle seventeen lamp"
SCALES = (1.0, 2.0)


def wrong_with(screen: QWidget) -> list[str]:
    return walk.told(screen) + walk.by_tab(screen) + walk.unreadable(screen, theme.scale())


@pytest.fixture
def window(qtbot: QtBot, home_folder: Path) -> Iterator[Window]:
    with Window(home_folder, made.PASSWORD) as window:
        window.go("today")
        yield window


def confirm(parent: QWidget) -> QDialog:
    return ConfirmDialog(
        parent, "Move this note to Joan Tully?", "It leaves Margaret Ellis's notes.",
        do="Move the note", keep="Keep it here", danger=True,
    )  # fmt: skip


def fault(parent: QWidget) -> QDialog:
    return FaultDialog(parent, Fault("A1B2C3", Path("faults.log")), "Everything saved is kept.")


def shortcuts(parent: QWidget) -> QDialog:
    return ShortcutSheet(parent, [("Ctrl+1", "Today")], [("Ctrl+S", "Save")], "Record a visit")


def whole_save(parent: QWidget) -> QDialog:
    return WholeSaveDialog(parent, Whole((1, 2), ("Visit of Mon 23 Nov 2026, 10:05",), 12))


#: How each dialog of the window is made; those that need more than a window have tests of their own.
DIALOGS: dict[str, Callable[[QWidget], QDialog]] = {
    "ConfirmDialog": confirm,
    "FaultDialog": fault,
    "ShortcutSheet": shortcuts,
    "WholeSaveDialog": whole_save,
}
OTHERS = {
    "ChangePasswordDialog", "EraseDialog", "ReasonDialog", "SendDialog", "ShareDialog", "Viewer",
}  # fmt: skip


def test_no_dialog_of_the_window_is_left_out() -> None:
    found = {
        node.name
        for path in Path(liaison.ui.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id.endswith("Dialog") for base in node.bases)
    }
    assert found == set(DIALOGS) | OTHERS


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_can_be_told_and_walked(
    window: Window, look: theme.Theme, name: str, scale: float
) -> None:
    look.resize(scale)
    check_dialog(DIALOGS[name](window.frame))


def check_dialog(dialog: QDialog) -> None:
    dialog.open()
    dialog.activateWindow()
    settle(dialog.isActiveWindow)
    told = QAccessible.queryAccessibleInterface(dialog)
    assert told.role() == QAccessible.Role.Dialog
    assert told.text(QAccessible.Text.Name).strip()
    found = wrong_with(dialog)
    dialog.reject()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scale", SCALES)
def test_asking_why_can_be_told_and_walked(window: Window, look: theme.Theme, scale: float) -> None:
    look.resize(scale)
    about = asked_about("visit_entry", 1, "strike")
    check_dialog(
        ReasonDialog(
            window.desk, about, window.frame, "Strike this note through?",
            "It stays in the history.", do="Strike it through", keep="Leave it",
        )
    )  # fmt: skip


@pytest.mark.parametrize("scale", SCALES)
def test_erasing_can_be_told_and_walked(window: Window, look: theme.Theme, scale: float) -> None:
    look.resize(scale)
    found = [Content("alerts", "Alerts", "Does not like to be hurried. " * 20)]
    what = ("resident", 1)
    check_dialog(EraseDialog(window.desk, what, "Margaret Ellis", found, window.frame))


@pytest.mark.parametrize("scale", SCALES)
def test_sharing_can_be_told_and_walked(window: Window, look: theme.Theme, scale: float) -> None:
    look.resize(scale)
    dialog = ShareDialog(window.desk, window.frame, (Offered("The whole directory"),))
    dialog.open()
    settle(lambda: dialog.preview is not None)
    window.settle()
    check_dialog(dialog)


@pytest.mark.parametrize("scale", SCALES)
def test_sending_can_be_told_and_walked(window: Window, look: theme.Theme, scale: float) -> None:
    look.resize(scale)
    what = Outgoing("Visits", "Visits.pdf", Document(1, b"%PDF-"))
    check_dialog(SendDialog(window.desk, window.frame, what, lambda *_: None))


@pytest.mark.parametrize("scale", SCALES)
def test_an_attached_file_can_be_told_and_walked(
    window: Window, look: theme.Theme, scale: float
) -> None:
    look.resize(scale)
    found: list[Attached] = []

    def attach(home: OpenHome) -> None:
        owner = editing.add(home, Contact(name="Grace Adeyemi"))[0]
        letter = Incoming("letter.txt", "text/plain", b"Wound smaller.")
        attachments.attach(home, "contact", owner, [letter])
        found.extend(attachments.attached_to(home.store, "contact", owner))

    window.jobs.write(attach)
    window.settle()
    viewer = Viewer(window.frame, window.desk, found[0])
    window.settle()
    assert viewer.text.toPlainText() == "Wound smaller."
    check_dialog(viewer)


def test_what_differs_can_be_told_and_walked_while_it_is_settled(
    window: Window, qtbot: QtBot
) -> None:
    def differ(home: OpenHome) -> None:
        added = editing.add(home, Contact(name="Grace Adeyemi", phone="01632 960412"))[0]
        shown = home.store.load("contact", added)
        assert shown is not None
        for number, why in (("01632 960421", "She told me."), ("01632 960499", "From her mail.")):
            assert isinstance(shown.record, Contact)
            editing.save(home, shown, dataclasses.replace(shown.record, phone=number), why)

    window.jobs.write(differ)
    window.settle()
    shown = Differences(window.desk)
    qtbot.addWidget(shown)
    shown.resize(1100, 700)
    shown.show()
    shown.activateWindow()
    window.settle()
    assert shown.panel is not None
    found = wrong_with(shown)
    shown.panel.choose(1)
    settle(lambda: True)
    found += wrong_with(shown)
    assert not found, "\n".join(found)


def test_the_last_words_before_closing_can_be_told(window: Window) -> None:
    leaving = Leaving(window.frame)
    settle(leaving.isVisible)
    found = walk.told(leaving) + walk.unreadable(leaving)
    leaving.hide()
    assert not found, "\n".join(found)


def test_the_pages_are_told_as_tabs_of_which_one_is_open(window: Window) -> None:
    tabs = [
        one
        for one in walk.interfaces(QAccessible.queryAccessibleInterface(window.shell.sidebar))
        if one.role() == QAccessible.Role.PageTab
    ]
    assert len(tabs) >= len(window.shell.sidebar.pages)
    assert tabs[0].parent().role() == QAccessible.Role.PageTabList

    def selected() -> list[str]:
        return [one.text(QAccessible.Text.Name) for one in tabs if one.state().selected]

    assert [words.split(",")[0] for words in selected()] == ["Today"]
    residents = next(one for one in tabs if one.text(QAccessible.Text.Name) == "Residents")
    action = residents.actionInterface()
    action.doAction(action.actionNames()[0])
    window.settle()
    assert window.shell.page is not None
    assert window.shell.page.name == "residents"
    assert selected() == ["Residents"]
    assert not any(one.state().checkable for one in tabs)


# ---- the door


def test_the_way_back_with_the_recovery_sheet_can_be_told_and_walked(
    start: Starter, home_folder: Path
) -> None:
    running = start(home_folder)
    screen = running.scene(UnlockScreen)
    running.active()
    screen.forgotten.click()
    settle(lambda: True)
    found = wrong_with(screen)
    screen.sheet_button.click()
    recover = running.scene(RecoverScreen)
    settle(lambda: True)
    found += wrong_with(recover)
    recover.choose.first.setText(OWN)
    recover.choose.again.setText(OWN)
    settle(lambda: True)
    found += wrong_with(recover)
    assert not found, "\n".join(found)


def test_choosing_ones_own_password_can_be_told_and_walked(
    start: Starter, home_folder: Path
) -> None:
    with made.unlock(home_folder) as home:
        people.add(home, PersonRecord(name="Priya Nair", role="carer"), FIRST_DAY, cost=made.CHEAP)
    running = start(home_folder, user="Priya Nair")
    screen = running.scene(UnlockScreen)
    running.qtbot.waitUntil(
        lambda: screen.person is not None and screen.person.name == "Priya Nair"
    )
    running.active()
    screen.password.setText(FIRST_DAY)
    screen.unlock()
    own = running.scene(OwnPasswordScreen)
    settle(lambda: True)
    found = wrong_with(own)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scale", SCALES)
def test_changing_ones_password_can_be_told_and_walked(
    window: Window, look: theme.Theme, scale: float
) -> None:
    look.resize(scale)
    check_dialog(change_password(window))


def change_password(window: Window) -> QDialog:
    arguments: list[Any] = [
        window.frame,
        "Kate Morgan",
        "Willow House",
        window.jobs,
        lambda *_: None,
    ]
    return ChangePasswordDialog(*arguments)


def test_what_is_said_of_a_folder_that_is_no_home_can_be_told_and_walked(
    start: Starter, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "cat.jpg").write_bytes(b"cat")
    running = start(folder)
    screen = running.scene(TroubleScreen)
    running.active()
    settle(lambda: True)
    found = wrong_with(screen)
    assert not found, "\n".join(found)


def test_the_lists_at_the_end_of_setting_up_can_be_told_and_walked(
    start: Starter, tmp_path: Path
) -> None:
    running = start(tmp_path / "new")
    screen = running.scene(FirstRun)
    running.active()
    screen.home_name.setText("Meadow View")
    screen.person_name.setText("Kate Morgan")
    screen.go_on.click()
    screen.choose.first.setText(OWN)
    screen.choose.again.setText(OWN)
    running.qtbot.waitUntil(screen.go_on.isEnabled)
    screen.go_on.click()
    running.qtbot.waitUntil(lambda: screen.step == SHEET and bool(screen.sheet.wanted))
    for edit, at in zip(screen.sheet.blocks, screen.sheet.wanted, strict=True):
        edit.setText(screen.sheet.key_blocks[at])
    screen.sheet.safe.setChecked(True)
    running.qtbot.waitUntil(screen.go_on.isEnabled)
    found = wrong_with(screen)
    screen.go_on.click()
    running.qtbot.waitUntil(lambda: screen.step == LISTS)
    settle(lambda: True)
    found += wrong_with(screen)
    assert not found, "\n".join(found)
