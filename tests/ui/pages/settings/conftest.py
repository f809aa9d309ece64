"""The home with a little of everything, a desk to work at, and the settings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from liaison.ui.desk import Desk
from liaison.ui.pages.settings.page import SettingsPage
from tests.ui.pages.settings.other_pcs import section, share
from tests.ui.parts.conftest import Heard, Ids, desk, folder, heard, home, ids, jobs, pattern
from tests.ui.shell.test_syncing import at_once, built, pair

__all__ = [
    "at_once", "built", "desk", "folder", "heard", "home", "ids", "jobs", "page", "pair", "pattern",
    "section", "share",
]  # fmt: skip


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> Iterator[SettingsPage]:
    """Open the settings; what a section sets is applied as the application does it."""
    desk.changing.connect(desk.take_settings)
    opened = SettingsPage(desk)
    qtbot.addWidget(opened)
    opened.resize(1150, 700)
    opened.show()
    opened.activateWindow()
    yield opened
    assert heard.faults == []
