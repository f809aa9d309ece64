"""The screens of other PCs and of joining: told to a screen reader, walked by Tab, readable at 200 %."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.services.pcs import coming, inviting, meeting_places
from liaison.ui import theme
from liaison.ui.pages.settings import SettingsPage
from liaison.ui.pages.settings.pcs import PcsSection
from liaison.ui.pages.settings.pcs.inviting import InvitationLine
from liaison.ui.pages.settings.pcs.lines import AskLine
from liaison.ui.threshold.first_run import FirstRun
from liaison.ui.threshold.joining import DIGITS, WHO, JoinScreen
from liaison.ui.threshold.joining_form import STORE, WORDS
from tests import homes as made
from tests.ui import walk
from tests.ui.running import Starter
from tests.ui.whole import Whole, settle

SCALES = (1.0, 2.0)


pytestmark = pytest.mark.usefixtures("cheap_digits")


@pytest.fixture
def window(home_folder: Path, tmp_path: Path) -> Iterator[Whole]:
    """A window over a home that meets others in a folder."""
    (tmp_path / "share").mkdir()
    with made.unlock(home_folder) as home:
        meeting_places.set_up_folder(home, tmp_path / "share")
        (tmp_path / "invitation.json").write_bytes(
            inviting.invite(home, meeting_places.transport_of(home)).file
        )
    with Whole(home_folder, made.PASSWORD) as whole:
        yield whole


def wrong_with(root: QWidget, scale: float) -> list[str]:
    """Return what a screen reader, the keyboard or somebody's eyes miss."""
    return walk.told(root) + walk.by_tab(root) + walk.unreadable(root, scale)


@pytest.mark.parametrize("scale", SCALES)
def test_other_pcs_and_the_way_in_can_be_told_and_walked(
    window: Whole, look: theme.Theme, start: Starter, tmp_path: Path, *, qtbot: QtBot, scale: float
) -> None:
    look.resize(scale)
    running = start(tmp_path / "laptop" / "home")
    running.scene(FirstRun).join_button.click()
    screen = running.scene(JoinScreen)
    running.active()
    settle(lambda: running.app.jobs.is_idle)
    found = wrong_with(screen, scale)
    # what scrolls is measured against the foot, which does not
    running.app.frame.resize(1366, 2600)
    screen.form.kind.set_value(WORDS)
    screen.form.kind.changed.emit(WORDS)
    screen.form.place.set_value(STORE)
    screen.form.place.changed.emit(STORE)
    settle(lambda: running.app.jobs.is_idle)
    found += wrong_with(screen, scale)
    running.app.frame.resize(1366, 768)
    screen.form.restore(
        coming.Way(
            file=str(tmp_path / "invitation.json"), folder=str(tmp_path / "share"), name="Laptop"
        )
    )
    screen.ask()
    qtbot.waitUntil(lambda: screen.step == DIGITS)
    settle(lambda: running.app.jobs.is_idle)
    found += wrong_with(screen, scale)

    window.frame.activateWindow()
    page = window.go("settings")
    assert isinstance(page, SettingsPage)
    section = page.open_section("pcs")
    assert isinstance(section, PcsSection)
    seen = section.inviting

    def asked() -> bool:
        seen.look()
        return any(one.isVisible() for one in seen.findChildren(AskLine))

    qtbot.waitUntil(asked, timeout=10_000)
    seen.findChildren(InvitationLine)[0].show_words.click()
    for opens in (section.places.by_store, section.places.by_folder):
        opens.click()
        window.settle()
        found += wrong_with(page, scale)
    seen.findChildren(AskLine)[0].same.click()
    qtbot.waitUntil(
        lambda: section.standing is not None and len(section.standing.pcs) == 2, timeout=10_000
    )
    window.settle()
    found += wrong_with(page, scale)
    assert section.standing is not None
    section.ask_to_remove(section.standing.pcs[1])
    window.settle()
    found += wrong_with(page, scale)
    assert window.troubles == []

    running.active()
    screen.look()
    qtbot.waitUntil(lambda: screen.step == WHO)
    settle(lambda: running.app.jobs.is_idle)
    found += wrong_with(screen, scale)
    assert not found, "\n".join(found)
