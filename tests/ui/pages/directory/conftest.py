"""A home with a little of everything, for the directory."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from liaison.ui.desk import Desk
from liaison.ui.pages.directory import DirectoryPage
from tests.ui.parts.conftest import (  # noqa: F401  # fixtures, asked for by name
    Heard,
    desk,
    folder,
    heard,
    home,
    ids,
    jobs,
    pattern,
)


@pytest.fixture
def page(
    qtbot: QtBot,
    desk: Desk,  # noqa: F811  # the fixture
    heard: Heard,  # noqa: F811  # the fixture
) -> DirectoryPage:
    """The page, filled; what is opened on it is shown on it, as the shell does."""
    made = DirectoryPage(desk)
    qtbot.addWidget(made)
    desk.opened.connect(made.show_record)
    desk.jobs.changed.connect(lambda touched: made.refresh() if made.reads & touched else None)
    made.resize(1120, 700)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    with qtbot.waitSignals([made.filled, made.card.shown]):
        made.refresh()
    return made
