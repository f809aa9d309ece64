"""Every screen without eyes and without a mouse: a walk over what a screen reader and Tab meet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from liaison.services import demo
from liaison.store import query
from liaison.ui import theme
from liaison.ui.pages import PAGES
from liaison.ui.threshold.first_run import SHEET, FirstRun
from tests import homes as made
from tests.ui import walk
from tests.ui.photographs import write_visit
from tests.ui.running import Starter
from tests.ui.whole import ROLES, Whole, door, settle

SIZES = [
    ((1366, 768), 1.0), ((1366, 768), 1.2), ((1366, 768), 2.0), ((1280, 720), 1.0),
    ((1280, 720), 1.3), ((1920, 1080), 1.0),
]  # fmt: skip
RECORDS = (
    "resident", "visit", "contact", "organisation", "staff", "training_record", "course", "concern",
    "referral", "transfer", "appointment", "equipment_loan",
)  # fmt: skip


@pytest.fixture(params=ROLES)
def full(request: pytest.FixtureRequest, qtbot: QtBot, demonstration: Path) -> Iterator[Whole]:
    with Whole(demonstration, demo.PASSWORD, request.param) as whole:
        yield whole


@pytest.fixture
def empty(qtbot: QtBot, home_folder: Path) -> Iterator[Whole]:
    with Whole(home_folder, made.PASSWORD) as whole:
        yield whole


@pytest.fixture
def manager(qtbot: QtBot, demonstration: Path) -> Iterator[Whole]:
    with Whole(demonstration, demo.PASSWORD) as whole:
        yield whole


def wrong_with(screen: QWidget) -> list[str]:
    return walk.told(screen) + walk.by_tab(screen) + walk.unreadable(screen, theme.scale())


def on_every_page(whole: Whole) -> list[str]:
    found = []
    for name in whole.pages:
        page = whole.go(name)
        found += [f"{name}: {words}" for words in wrong_with(page)]
    assert whole.troubles == []
    return found


def test_every_page_of_a_full_home_can_be_told_and_walked(full: Whole) -> None:
    found = on_every_page(full)
    assert not found, "\n".join(found)


def test_every_page_of_an_empty_home_can_be_told_and_walked(empty: Whole) -> None:
    assert set(empty.pages) == set(PAGES)
    found = on_every_page(empty)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("size", "scale"), SIZES)
def test_nothing_is_cut_off_or_beyond_the_edge_at_any_size(
    manager: Whole, look: theme.Theme, size: tuple[int, int], scale: float
) -> None:
    look.resize(scale)
    manager.frame.resize(*size)
    found = []
    for name in manager.pages:
        page = manager.go(name)
        wrong = walk.unreadable(page, scale) + walk.too_wide(page)
        found += [f"{name}: {words}" for words in wrong]
    assert not found, "\n".join(found)
    assert (manager.frame.width(), manager.frame.height()) == size


@pytest.mark.parametrize("type_name", RECORDS)
def test_every_record_can_be_told_and_walked(manager: Whole, type_name: str) -> None:
    first = manager.ask(lambda store: query.page(store, query.Query(type_name)).records[0].id or 0)
    found = wrong_with(manager.open(type_name, first))
    assert not found, "\n".join(found)
    assert manager.troubles == []


def test_the_sidebar_and_the_header_can_be_told_and_walked(manager: Whole) -> None:
    manager.go("today")
    for part in (manager.shell.sidebar, manager.shell.header):
        found = walk.told(part) + walk.unreadable(part)
        assert not found, "\n".join(found)
    walked = walk.stops(manager.shell)
    left = [walk.describe(each) for each in walk.controls(manager.shell) if each not in walked]
    assert left == []


def test_a_visit_that_is_written_can_be_told_and_walked(manager: Whole) -> None:
    write_visit(manager)
    page = manager.shell.page
    assert page is not None
    found = wrong_with(page)
    assert not found, "\n".join(found)


def test_a_popover_can_be_told_and_gives_the_keyboard_back(manager: Whole, qtbot: QtBot) -> None:
    manager.go("today")
    person = manager.shell.header.person
    person.setFocus()
    manager.shell.show_look(person)
    popover = manager.shell.look
    assert popover is not None
    found = walk.told(popover) + walk.unreadable(popover)
    assert not found, "\n".join(found)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert popover.isAncestorOf(focus)
    QTest.keyClick(popover, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is person


def test_the_sheet_of_shortcuts_can_be_told_and_walked(manager: Whole) -> None:
    manager.go("record-visit")
    manager.shell.show_shortcuts()
    sheet = QApplication.activeModalWidget()
    assert sheet is not None
    sheet.activateWindow()
    settle(sheet.isActiveWindow)
    found = wrong_with(sheet)
    assert not found, "\n".join(found)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_the_door_can_be_told_and_walked(qtbot: QtBot) -> None:
    screen, jobs = door()
    qtbot.addWidget(screen)
    screen.resize(1366, 768)
    screen.show()
    screen.activateWindow()
    settle(lambda: True)
    found = wrong_with(screen)
    jobs.close()
    assert not found, "\n".join(found)


def test_each_step_of_setting_up_can_be_told_and_walked(start: Starter, tmp_path: Path) -> None:
    running = start(tmp_path / "new")
    screen = running.scene(FirstRun)
    running.active()
    settle(lambda: True)
    found = wrong_with(screen)
    screen.home_name.setText("Meadow View")
    screen.person_name.setText("Kate Morgan")
    screen.go_on.click()
    settle(lambda: True)
    found += wrong_with(screen)
    screen.choose.first.setText("otter kettle seventeen lamp")
    screen.choose.again.setText("otter kettle seventeen lamp")
    screen.go_on.click()
    running.qtbot.waitUntil(lambda: screen.step == SHEET and bool(screen.sheet.key_blocks))
    settle(lambda: True)
    found += wrong_with(screen)
    assert not found, "\n".join(found)
