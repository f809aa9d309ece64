"""Several people on one PC: each finds what they left, and nobody finds what another left."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit
from shiboken6 import isValid

from liaison.records.administration import Person
from liaison.records.home import Resident
from liaison.services import editing, homes, people
from liaison.services.homes import OpenHome
from liaison.services.pcs import naming
from liaison.ui.pages import PAGES
from liaison.ui.pages.record_visit import RecordVisitPage
from liaison.ui.pages.residents import ResidentsPage
from liaison.ui.parts.form import RecordForm
from liaison.ui.shell.shell import Shell
from liaison.ui.threshold.own_password import ChangePasswordDialog
from liaison.ui.threshold.unlock import UnlockScreen
from tests import homes as made
from tests.ui.running import Running, Starter

PRIYA = "Priya Nair"
WORDS = "copper lantern meadow seven"
WAIT = 15_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def folder(home_folder: Path) -> Path:
    """A home where a manager and a senior carer sign in."""
    with made.unlock(home_folder) as home:
        editing.add(home, Resident(name="Margaret Ellis"))
        people.add(home, Person(name=PRIYA, role="senior"), WORDS, cost=made.CHEAP)
        naming.rename(home, home.unlocked.vault.pc.id or 0, "Office PC")
    with homes.open_home(home_folder, PRIYA, WORDS) as theirs:
        people.choose_password(theirs, f"{WORDS} and", cost=made.CHEAP)
    return home_folder


def sign_in(running: Running, name: str, password: str) -> Shell:
    screen = running.scene(UnlockScreen)
    running.qtbot.waitUntil(lambda: running.app.jobs.is_idle, timeout=WAIT)
    screen.choose(name)
    screen.password.setText(password)
    screen.unlock()
    return running.scene(Shell)


def kate(running: Running) -> Shell:
    return sign_in(running, made.MANAGER, made.PASSWORD)


def priya(running: Running) -> Shell:
    return sign_in(running, PRIYA, f"{WORDS} and")


def typed_into(form: RecordForm) -> str:
    assert form.fields is not None
    control = form.fields.editor("name").control
    assert isinstance(control, QLineEdit)
    return control.text()


def switch(running: Running) -> UnlockScreen:
    """Switch as somebody does: under the name, at the top right."""
    shell = running.scene(Shell)
    running.qtbot.mouseClick(shell.header.person, LEFT)
    assert shell.look is not None
    running.qtbot.mouseClick(shell.look.switch, LEFT)
    return running.scene(UnlockScreen)


def test_each_finds_the_form_they_left_and_nobody_that_of_another(
    start: Starter, folder: Path
) -> None:
    running = start(folder, pages=PAGES)
    shell = kate(running)
    shell.go("residents")
    page = shell.page
    assert isinstance(page, ResidentsPage)
    page.add.click()
    form = page.room.currentWidget()
    assert isinstance(form, RecordForm)
    running.qtbot.waitUntil(lambda: form.fields is not None, timeout=WAIT)
    assert form.fields is not None
    form.fields.editor("name").control.setFocus()
    running.active()
    running.qtbot.keyClicks(form.fields.editor("name").control, "Joan Tul")

    screen = switch(running)
    assert screen.person is not None
    assert screen.person.name == PRIYA, "somebody else comes first"

    shell = priya(running)
    assert shell.page is not None
    assert shell.page.name == "today"
    shell.go("residents")
    page = shell.page
    assert isinstance(page, ResidentsPage)
    page.add.click()
    theirs = page.room.currentWidget()
    assert isinstance(theirs, RecordForm)
    running.qtbot.waitUntil(lambda: theirs.fields is not None, timeout=WAIT)
    assert theirs.fields is not None
    assert typed_into(theirs) == ""

    switch(running)
    shell = kate(running)
    page = shell.page
    assert isinstance(page, ResidentsPage)
    again = page.room.currentWidget()
    assert isinstance(again, RecordForm)
    running.qtbot.waitUntil(lambda: again.fields is not None, timeout=WAIT)
    assert again.fields is not None
    assert typed_into(again) == "Joan Tul"


def test_a_visit_that_was_being_written_is_open_again(start: Starter, folder: Path) -> None:
    running = start(folder, pages=PAGES)
    shell = kate(running)
    shell.go("record-visit")
    page = shell.page
    assert isinstance(page, RecordVisitPage)
    running.qtbot.waitUntil(lambda: page.form is not None and page.form.is_filled, timeout=WAIT)
    assert page.form is not None
    about = page.form.about
    page.form.begun = True
    page.form.keeper.note()
    running.app.lock()
    running.scene(UnlockScreen)
    shell = kate(running)
    again = shell.page
    assert isinstance(again, RecordVisitPage)
    running.qtbot.waitUntil(lambda: again.form is not None and again.form.is_filled, timeout=WAIT)
    assert again.form is not None
    assert again.form.about == about


def test_the_name_and_role_of_whoever_is_here_are_always_in_sight(
    start: Starter, folder: Path
) -> None:
    running = start(folder)
    shell = priya(running)
    assert shell.header.person.accessibleName() == f"{PRIYA}, Senior carer"
    running.app.frame.resize(700, 520)
    assert shell.header.person.isVisible()
    running.qtbot.mouseClick(shell.header.person, LEFT)
    look = shell.look
    assert look is not None
    words = [button.words for button in (look.lock, look.switch, look.password, look.sheet)]
    assert words == ["Lock this PC", "Switch person", "Change my password", "Shortcuts"]
    running.qtbot.mouseClick(look.lock, LEFT)
    screen = running.scene(UnlockScreen)
    assert screen.person is not None
    assert screen.person.name == PRIYA, "who locked comes first"
    # where one is, as people call it: the key file has what the system called this PC
    assert running.app.remembered.settings.home(folder).pc == "Office PC"


def test_ones_own_password_is_changed_under_ones_name(start: Starter, folder: Path) -> None:
    running = start(folder)
    running.app.start.makings._throttles.clear()
    shell = priya(running)
    shell.changing_password.emit()
    dialog = running.app.frame.findChild(ChangePasswordDialog)
    assert isinstance(dialog, ChangePasswordDialog)
    assert not dialog.form.go_on.isEnabled()
    dialog.old.setText("something else")
    new = "otter kettle seventeen lamp"
    dialog.choose.first.setText(new)
    dialog.choose.again.setText(new)
    running.qtbot.mouseClick(dialog.form.go_on, LEFT)
    running.qtbot.waitUntil(lambda: dialog._old_field.error != "", timeout=WAIT)
    assert "not right" in dialog._old_field.error
    dialog.old.setText(f"{WORDS} and")
    with running.qtbot.waitSignal(dialog.accepted, timeout=WAIT):
        running.qtbot.mouseClick(dialog.form.go_on, LEFT)
    assert shell.said.toast is not None
    assert shell.said.toast.words == "Your password is changed."
    running.app.lock()
    sign_in(running, PRIYA, new)


def test_a_password_dialog_closes_at_the_lock_and_keeps_nothing(
    start: Starter, folder: Path
) -> None:
    running = start(folder)
    shell = priya(running)
    shell.changing_password.emit()
    dialog = running.app.frame.findChild(ChangePasswordDialog)
    assert isinstance(dialog, ChangePasswordDialog)
    dialog.old.setText("half a passw")
    running.app.lock()
    running.scene(UnlockScreen)
    assert not any(top.isVisible() for top in running.app.frame.findChildren(QDialog))
    running.qtbot.waitUntil(lambda: not isValid(dialog))


def test_a_lock_while_the_password_is_being_changed_waits_for_it(
    start: Starter, folder: Path
) -> None:
    running = start(folder)
    shell = priya(running)
    shell.changing_password.emit()
    dialog = running.app.frame.findChild(ChangePasswordDialog)
    assert isinstance(dialog, ChangePasswordDialog)
    new = "otter kettle seventeen lamp"
    dialog.old.setText(f"{WORDS} and")
    dialog.choose.first.setText(new)
    dialog.choose.again.setText(new)
    running.qtbot.mouseClick(dialog.form.go_on, LEFT)
    running.app.lock()
    sign_in(running, PRIYA, new)


def test_a_role_that_was_taken_away_does_not_open_what_was_left(
    start: Starter, folder: Path
) -> None:
    running = start(folder, pages=PAGES)
    shell = priya(running)
    shell.go("staff")
    assert shell.page is not None
    assert shell.page.name == "staff"
    running.app.lock()
    running.scene(UnlockScreen)
    shell = kate(running)

    def demote(home: OpenHome) -> None:
        who = next(one for one in people.everybody(home.store, homes.read_keys(folder))
                   if one.name == PRIYA)  # fmt: skip
        people.appoint(home, who.id, role="carer", reason="A test.")

    done: list[None] = []
    shell.desk.jobs.write(demote, done.append)
    running.qtbot.waitUntil(lambda: bool(done), timeout=WAIT)
    running.app.lock()
    running.scene(UnlockScreen)
    shell = priya(running)
    assert shell.page is None or shell.page.name != "staff"
