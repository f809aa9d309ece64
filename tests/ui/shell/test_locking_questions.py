"""Locking while a small question is being answered: its words come back to whoever typed them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu

from liaison.records.administration import Person
from liaison.records.directory import Contact
from liaison.records.home import Resident
from liaison.services import editing, homes, people
from liaison.ui.pages import PAGES
from liaison.ui.pages.audit import AuditPage
from liaison.ui.pages.audit.erasing import EraseDialog
from liaison.ui.pages.residents.page import ResidentsPage
from liaison.ui.pages.settings import SettingsPage
from liaison.ui.pages.settings.pcs.renaming import RenameCard
from liaison.ui.pages.settings.pcs.section import PcsSection
from liaison.ui.pages.settings.people.section import PeopleSection
from liaison.ui.pages.settings.words import RenamePopover, WordsSection
from liaison.ui.parts.card import RecordCard
from liaison.ui.parts.reason import MergePopover
from liaison.ui.shell.shell import Shell
from liaison.ui.threshold.unlock import UnlockScreen
from liaison.ui.widgets import Button, ConfirmDialog
from tests import homes as made
from tests.ui.running import Running, Starter

GRACE, PRIYA, FRANK = "Grace Adeyemi", "Priya Nair", "Frank Osei"
FIRST_DAY, OWN = "copper lantern meadow seven", "copper lantern meadow eight"
WHY = "entered twice"


@dataclasses.dataclass
class Home:
    """A home with a contact and a resident, in which two managers sign in."""

    running: Running
    grace: int
    priya: int
    frank: int

    @property
    def shell(self) -> Shell:
        """The shell that is up."""
        return self.running.scene(Shell)

    def wait(self, fact: Callable[[], bool]) -> None:
        """Wait for a fact."""
        self.running.qtbot.waitUntil(fact, timeout=15_000)

    def sign_in(self, name: str = made.MANAGER, password: str = made.PASSWORD) -> None:
        """Sign somebody in."""
        screen = self.running.scene(UnlockScreen)
        self.wait(lambda: self.running.app.jobs.is_idle)
        screen.choose(name)
        screen.password.setText(password)
        screen.unlock()
        self.wait(lambda: self.shell.page is not None)

    def lock(self) -> None:
        """Lock at once, in the middle of a word."""
        self.running.app.lock()
        self.running.scene(UnlockScreen)
        self.settle()
        assert not [top for top in QApplication.topLevelWidgets() if is_open(top)]

    def settle(self) -> None:
        """Wait until what was asked of the home is answered, and heard of."""
        self.wait(lambda: self.running.app.jobs.is_idle)

    def doing(self, words: str) -> QAction:
        """Return what the menu of a contact's card offers, once that is shown."""

        def found() -> list[QAction]:
            page = self.shell.page
            menus = page.findChildren(QMenu) if page is not None else []
            return [one for menu in menus for one in menu.actions() if one.text() == words]

        self.shell.desk.open("contact", self.grace)
        self.wait(lambda: len(found()) == 1)
        return found()[0]

    def dialog(self) -> ConfirmDialog:
        """Return the dialog that asks why."""
        self.wait(lambda: any(is_open(top) for top in QApplication.topLevelWidgets()))
        (dialog,) = [top for top in QApplication.topLevelWidgets() if is_open(top)]
        assert isinstance(dialog, ConfirmDialog)
        return dialog


def is_open(top: object) -> bool:
    return isinstance(top, QDialog) and top.isVisible()


@pytest.fixture
def home(start: Starter, home_folder: Path) -> Home:
    with made.unlock(home_folder) as home:
        grace = editing.add(home, Contact(name=GRACE))[0]
        editing.add(home, Contact(name="Grace Adeyemy"))
        frank = editing.add(home, Resident(name=FRANK))[0]
        priya = people.add(home, Person(name=PRIYA, role="manager"), FIRST_DAY, cost=made.CHEAP)
    with homes.open_home(home_folder, PRIYA, FIRST_DAY) as theirs:
        people.choose_password(theirs, OWN, cost=made.CHEAP)
    running = start(home_folder, pages=PAGES)
    found = Home(running, grace, priya, frank)
    found.sign_in()
    return found


def archiving(home: Home) -> QLineEdit:
    home.doing("Archive ...").trigger()
    return home.dialog()._line


def merging(home: Home) -> QLineEdit:
    home.doing("The same as another: merge ...").trigger()
    (popover,) = home.running.app.frame.findChildren(MergePopover)
    return popover.reason


def words(home: Home) -> WordsSection:
    home.shell.go("settings")
    page = home.shell.page
    assert isinstance(page, SettingsPage)
    section = page.open_section("words")
    assert isinstance(section, WordsSection)
    home.wait(lambda: bool(section._lists))
    section.show_list("team")
    return section


def adding(home: Home) -> QLineEdit:
    return words(home).line


def renaming(home: Home) -> QLineEdit:
    section = words(home)
    buttons = section.rows.findChildren(Button)
    next(one for one in buttons if one.words == "Rename" and one.isVisible()).click()
    (popover,) = home.running.app.frame.findChildren(RenamePopover)
    return popover.line


def removing(home: Home) -> QLineEdit:
    home.shell.go("settings")
    page = home.shell.page
    assert isinstance(page, SettingsPage)
    section = page.open_section("people")
    assert isinstance(section, PeopleSection)
    home.wait(lambda: any(one.name == PRIYA for one in section.people))
    section.remove(next(one for one in section.people if one.name == PRIYA))
    return home.dialog()._line


def calling(home: Home) -> QLineEdit:
    home.shell.go("settings")
    page = home.shell.page
    assert isinstance(page, SettingsPage)
    section = page.open_section("pcs")
    assert isinstance(section, PcsSection)
    home.wait(lambda: section.standing is not None)
    assert section.standing is not None
    section.ask_to_rename(section.standing.pcs[0])
    (card,) = section.findChildren(RenameCard)
    return card.name


def erasing(home: Home) -> QLineEdit:
    home.shell.go("audit")
    page = home.shell.page
    assert isinstance(page, AuditPage)
    home.wait(lambda: any(one.rec == home.grace for one in page.list.lines))
    line = next(one for one in page.list.lines if one.rec == home.grace)
    page.detail.erase_asked.emit(line)
    home.wait(lambda: page.dialog is not None)
    assert isinstance(page.dialog, EraseDialog)
    return page.dialog.reason


ASKED = (archiving, merging, adding, renaming, removing, calling, erasing)


@pytest.mark.parametrize("ask", ASKED)
def test_what_was_answered_at_a_lock_is_there_when_the_same_is_asked_again(
    home: Home, ask: Callable[[Home], QLineEdit]
) -> None:
    line = ask(home)
    line.clear()
    QTest.keyClicks(line, WHY)
    home.lock()

    home.sign_in()
    line = ask(home)
    home.wait(lambda: line.text() == WHY)
    assert home.running.noted == []


@pytest.mark.parametrize("ask", [archiving, renaming])
def test_whoever_signs_in_next_is_not_given_it(
    home: Home, ask: Callable[[Home], QLineEdit]
) -> None:
    line = ask(home)
    before = line.text()
    line.clear()
    QTest.keyClicks(line, WHY)
    home.lock()

    home.sign_in(PRIYA, OWN)
    line = ask(home)
    home.settle()
    assert line.text() == before
    home.lock()

    home.sign_in()
    line = ask(home)
    home.wait(lambda: line.text() == WHY)
    assert home.running.noted == []


def details(home: Home) -> RecordCard:
    """Return the card of the resident's details, once it is shown."""

    def shown() -> list[RecordCard]:
        page = home.shell.page
        cards = page.room.findChildren(RecordCard) if isinstance(page, ResidentsPage) else []
        return [
            one for one in cards if one.isVisible() and one.accessibleName() == f"Resident: {FRANK}"
        ]

    home.wait(lambda: len(shown()) == 1)
    return shown()[0]


def test_the_details_that_a_question_was_asked_of_are_there_again(home: Home) -> None:
    home.shell.desk.open("resident", home.frank)
    page = home.shell.page
    assert isinstance(page, ResidentsPage)
    home.wait(page.view.head.details.isVisible)
    home.settle()
    page.view.head.details.click()
    menus = details(home).findChildren(QMenu)
    (archive,) = [one for menu in menus for one in menu.actions() if one.text() == "Archive ..."]
    archive.trigger()
    QTest.keyClicks(home.dialog()._line, WHY)
    home.lock()

    home.sign_in()
    card = details(home)
    again = home.shell.page
    assert isinstance(again, ResidentsPage)
    assert again.room.count() == 1
    # their own page is behind it, as before
    again.room.back()
    assert not card.isVisible()
    assert again.view.isVisible()
    assert home.running.noted == []
