"""Pages are made ready before anybody goes to them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests import homes as made
from tests.ui.running import Starter
from tests.ui.shell.pages import PAGES, Residents, Today
from tests.ui.whole import Whole

FEW = {name: PAGES[name] for name in ("today", "residents", "directory")}


@pytest.fixture
def reader(qtbot: QtBot, home_folder: Path) -> Iterator[Whole]:
    with Whole(home_folder, made.PASSWORD, "reader") as window:
        window.go("today")
        yield window


def test_pages_are_made_once_today_is_filled_and_read_only_when_gone_to(
    start: Starter, home_folder: Path
) -> None:
    running = start(home_folder, pages=FEW, warms=True)
    shell = running.unlock()
    running.qtbot.waitUntil(lambda: "residents" in shell.built, timeout=10_000)
    # the directory of these tests is for carers only
    assert shell.built == ("today", "residents")
    assert isinstance(shell.page, Today)
    assert shell.page.refreshed == 1
    shell.go("residents", 7)
    assert isinstance(shell.page, Residents)
    assert shell.page.shown == [7]
    shell.back()
    assert isinstance(shell.page, Today)
    assert shell.page.refreshed == 1


def test_a_window_that_is_locked_meanwhile_warms_no_more(start: Starter, home_folder: Path) -> None:
    running = start(home_folder, pages=FEW, warms=True)
    shell = running.unlock()
    shell.warm()
    with running.qtbot.waitSignal(shell.destroyed, timeout=10_000):
        running.app.lock()
    assert running.noted == []


def test_a_window_that_is_being_closed_makes_no_page(start: Starter, home_folder: Path) -> None:
    running = start(home_folder, pages=FEW)
    shell = running.unlock()
    running.app.finish()
    shell.make_ready("residents")
    assert shell.built == ("today",)


def test_every_page_of_a_role_is_made_ready(reader: Whole, qtbot: QtBot) -> None:
    reader.shell.warm()
    wanted = set(reader.shell.sidebar.pages) & set(reader.pages)
    qtbot.waitUntil(lambda: wanted <= set(reader.shell.built), timeout=20_000)
    reader.settle()
    # what one cannot go to is not made
    assert set(reader.shell.built) <= set(reader.pages)
    assert reader.troubles == []
