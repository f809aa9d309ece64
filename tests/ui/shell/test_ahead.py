"""The window that is made while somebody types their password."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from shiboken6 import isValid

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import Person
from liaison.records.directory import Term
from liaison.records.home import Resident
from liaison.services import editing, homes, people
from liaison.ui.pages import PAGES
from liaison.ui.pages.today import TodayPage
from liaison.ui.shell.ahead import Ahead
from liaison.ui.shell.shell import Shell
from liaison.ui.threshold.own_password import OwnPasswordScreen
from liaison.ui.threshold.unlock import UnlockScreen
from liaison.ui.widgets import explaining
from tests import homes as made
from tests.ui.running import Running, Starter

PRIYA = "Priya Nair"
WORDS = "copper lantern meadow seven"
WAIT = 15_000


@pytest.fixture
def folder(home_folder: Path) -> Path:
    """A home where a manager and a senior carer sign in."""
    with made.unlock(home_folder) as home:
        editing.add(home, Resident(name="Margaret Ellis"))
        editing.add(home, Term(abbreviation="ZQN", meaning="zigzag nurse"))
        people.add(home, Person(name=PRIYA, role="senior"), WORDS, cost=made.CHEAP)
    with homes.open_home(home_folder, PRIYA, WORDS) as theirs:
        people.choose_password(theirs, f"{WORDS} and", cost=made.CHEAP)
    return home_folder


def at_the_names(start: Starter, folder: Path) -> tuple[Running, Ahead, Shell]:
    """Sign in as the manager and switch; return what is ready for the next one."""
    running = start(folder, pages=PAGES)
    running.unlock()
    running.app.switch()
    running.scene(UnlockScreen)
    app = running.app
    running.qtbot.waitUntil(
        lambda: (
            app.beforehand.ahead is not None
            and app.beforehand.ahead.shell is not None
            and app.jobs.is_idle
        ),
        timeout=WAIT,
    )
    assert app.beforehand.ahead is not None
    assert app.beforehand.ahead.shell is not None
    return running, app.beforehand.ahead, app.beforehand.ahead.shell


def sign_in(running: Running) -> Shell:
    screen = running.scene(UnlockScreen)
    screen.choose(PRIYA)
    screen.password.setText(f"{WORDS} and")
    screen.unlock()
    shell = running.scene(Shell)
    page = shell.page
    assert isinstance(page, TodayPage)
    running.qtbot.waitUntil(lambda: page.found is not None, timeout=WAIT)
    return shell


def test_the_window_of_whoever_is_chosen_is_ready_and_holds_nothing_of_the_home(
    start: Starter, folder: Path
) -> None:
    running, ahead, ready = at_the_names(start, folder)
    assert ahead.person is not None
    assert (ahead.person.name, ahead.person.role) == (PRIYA, "senior")
    assert not ready.isVisible()
    assert running.app.jobs.home is None
    assert not explaining.meanings("The ZQN came.")
    assert "Margaret" not in " ".join(label.text() for label in ready.findChildren(QLabel))
    running.app.jobs.trouble.emit(UserError("The door does not open."))
    assert ready.banner.isHidden()
    shell = sign_in(running)
    assert shell is ready
    running.app.jobs.trouble.emit(UserError("The disk is full."))
    assert not ready.banner.isHidden()
    assert ahead.shell is None
    assert shell.desk is running.app.desk
    # what stands around the pages is read too
    running.qtbot.waitUntil(lambda: bool(explaining.meanings("The ZQN came.")), timeout=WAIT)


def test_the_other_name_at_the_door_has_the_window_made_anew(start: Starter, folder: Path) -> None:
    running, ahead, ready = at_the_names(start, folder)
    running.scene(UnlockScreen).choose(made.MANAGER)
    running.qtbot.waitUntil(
        lambda: ahead.person is not None and ahead.person.name == made.MANAGER, timeout=WAIT
    )
    running.qtbot.waitUntil(lambda: not isValid(ready), timeout=WAIT)
    shell = running.unlock()
    assert shell.desk.person.role == "manager"
    assert shell.sidebar.item("settings") is not None


def test_whoever_comes_in_as_something_else_gets_a_window_of_that_role(
    start: Starter, folder: Path
) -> None:
    running, ahead, ready = at_the_names(start, folder)
    with homes.open_home(folder, made.MANAGER, made.PASSWORD) as home:
        theirs = next(one.id for one in home.unlocked.file.people if one.name == PRIYA)
        people.appoint(home, ids.from_text(theirs), role="carer")
    shell = sign_in(running)
    assert shell is not ready
    assert shell.desk.person.role == "carer"
    assert shell.desk is running.app.desk
    assert ahead.shell is None


def test_whoever_got_no_further_than_the_door_can_come_back(
    start: Starter, home_folder: Path
) -> None:
    with made.unlock(home_folder) as home:
        people.add(home, Person(name=PRIYA, role="senior"), WORDS, cost=made.CHEAP)
    running, ahead, ready = at_the_names(start, home_folder)
    for lent in (ready, None):
        screen = running.scene(UnlockScreen)
        screen.choose(PRIYA)
        screen.password.setText(WORDS)
        screen.unlock()
        running.scene(OwnPasswordScreen)
        running.app.lock()
        running.scene(UnlockScreen)
        # the desk it stood on went with the lock
        assert lent is None or ahead.shell is not lent
