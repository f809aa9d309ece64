"""The monthly summary in the settings: a folder and a password first, which is never shown again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from liaison.ui.desk import Desk
from liaison.ui.pages.settings.monthly import MonthlySection
from tests.ui.parts.conftest import Heard

WORDS = "plum stones in the gravel path"


@pytest.fixture
def section(qtbot: QtBot, desk: Desk, heard: Heard) -> Iterator[MonthlySection]:
    opened = MonthlySection(desk)
    qtbot.addWidget(opened)
    opened.resize(900, 700)
    opened.show()
    opened.refresh()
    qtbot.waitUntil(lambda: opened._plan is not None)
    yield opened
    assert heard.faults == []


def test_it_asks_for_a_folder_then_a_password_and_forgets_both_when_switched_off(
    qtbot: QtBot, section: MonthlySection, heard: Heard, tmp_path: Path
) -> None:
    assert section.missing.text() == "Choose a folder first."
    section.use_folder(tmp_path)
    assert section.missing.text() == "Choose a password to go on."
    section.password.first.setText(WORDS)
    section.password.again.setText(WORDS)
    assert section.on.isEnabled()
    section.on.click()
    qtbot.waitUntil(section.off.isVisible)
    assert "Switched on" in section.chip.text()
    assert section.password.isHidden()
    assert section.password.first.text() == ""
    # another folder needs no other password
    folder = tmp_path / "other"
    folder.mkdir()
    section.use_folder(folder)
    section.on.click()
    qtbot.waitUntil(lambda: section._plan is not None and section._plan.folder == str(folder))
    section.off.click()
    qtbot.waitUntil(section.off.isHidden)
    assert not section.password.isHidden()


def test_a_folder_that_is_gone_is_said_and_nothing_is_switched_on(
    qtbot: QtBot, section: MonthlySection, tmp_path: Path
) -> None:
    section.use_folder(tmp_path / "gone")
    section.password.first.setText(WORDS)
    section.password.again.setText(WORDS)
    section.on.click()
    qtbot.waitUntil(section.banner.isVisible)
    assert "There is no folder" in section.banner.accessibleName()
    assert section._plan is not None
    assert not section._plan.on
