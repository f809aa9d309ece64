"""What became of moving or leaving a place: in sight in a laptop's window, whatever follows."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from liaison.services.pcs import meeting_places
from liaison.services.pcs.meeting_places import Setup
from liaison.ui.pages import PAGES
from liaison.ui.pages.settings.page import SettingsPage
from liaison.ui.pages.settings.pcs.lines import PcLine
from liaison.ui.pages.settings.pcs.moving import MoveCard
from liaison.ui.pages.settings.pcs.section import PcsSection
from liaison.ui.walking import LAID_OUT_MS
from tests.ui.running import Running, Starter
from tests.ui.shell.sharing import Pair
from tests.ui.shell.test_syncing import at_once, built, pair

__all__ = ["at_once", "built", "pair"]

WAIT = 20_000


def section_of(running: Running, qtbot: QtBot) -> PcsSection:
    """Return the section in a window as large as a laptop's."""
    shell = running.unlock()
    running.app.frame.resize(1366, 768)
    shell.go("settings", {"section": "pcs"})
    qtbot.waitUntil(lambda: isinstance(shell.page, SettingsPage), timeout=WAIT)
    assert shell.page is not None
    section = shell.page.findChild(PcsSection)
    assert section is not None
    qtbot.waitUntil(lambda: section.standing is not None, timeout=WAIT)
    return section


def move(section: PcsSection, qtbot: QtBot, beside: Path) -> None:
    """Have the PCs meet in another folder than before."""
    second = beside / "second"
    second.mkdir()
    places = section.places
    places.by_folder.click()
    places.folder.choose(second)
    places.folder_form.use.click()
    qtbot.waitUntil(lambda: bool(places.findChildren(MoveCard)), timeout=WAIT)
    places.findChildren(MoveCard)[-1].replace.click()
    qtbot.waitUntil(lambda: str(second) in places.banner.accessibleName(), timeout=WAIT)
    qtbot.waitUntil(lambda: section.desk.jobs.is_idle, timeout=WAIT)


def in_sight(part: QWidget) -> bool:
    return part.isVisible() and part.visibleRegion().boundingRect() == part.rect()


def test_what_became_of_a_move_stays_in_sight_through_the_round_that_follows(
    start: Starter, pair: Pair, qtbot: QtBot, tmp_path: Path
) -> None:
    section = section_of(start(pair.office, exchanges=True, pages=PAGES), qtbot)
    move(section, qtbot, tmp_path)
    places = section.places
    qtbot.waitUntil(places.banner.isVisible, timeout=WAIT)
    qtbot.waitUntil(lambda: "last exchanged" in places.words.text(), timeout=WAIT)
    qtbot.waitUntil(lambda: in_sight(places.banner), timeout=WAIT)


def test_what_became_of_leaving_one_is_in_sight(start: Starter, pair: Pair, qtbot: QtBot) -> None:
    setup = Setup(pair.share, store="store.example.org/homes/willow")
    meeting_places.keep_setup(pair.office, setup)
    section = section_of(start(pair.office, exchanges=True, pages=PAGES), qtbot)
    places = section.places
    qtbot.waitUntil(places.store_line.leave.isVisible, timeout=WAIT)
    places.store_line.leave.click()
    assert places.dialog is not None
    places.dialog.accept()
    qtbot.waitUntil(places.banner.isVisible, timeout=WAIT)
    qtbot.waitUntil(lambda: "last exchanged" in places.words.text(), timeout=WAIT)
    qtbot.waitUntil(lambda: in_sight(places.banner), timeout=WAIT)


def test_what_became_of_it_stays_in_sight_as_more_pcs_are_heard(
    qtbot: QtBot, start: Starter, pair: Pair, tmp_path: Path
) -> None:
    section = section_of(start(pair.office, pages=PAGES), qtbot)
    move(section, qtbot, tmp_path)
    places, standing = section.places, section.standing
    qtbot.waitUntil(lambda: in_sight(places.banner), timeout=WAIT)
    assert standing is not None
    more = standing.pcs * 3
    section._show(dataclasses.replace(standing, pcs=more))
    qtbot.waitUntil(lambda: len(section.findChildren(PcLine)) == len(more), timeout=WAIT)
    qtbot.waitUntil(lambda: in_sight(places.banner), timeout=WAIT)
    # whoever reads something else by now is left there
    qtbot.wait(2 * LAID_OUT_MS)
    bar = sheet_of(places).verticalScrollBar()
    bar.setValue(0)
    assert places.banner.visibleRegion().isEmpty()
    section._show(dataclasses.replace(standing, pcs=standing.pcs * 4))
    qtbot.wait(2 * LAID_OUT_MS)
    assert bar.value() == 0


def sheet_of(part: QWidget) -> QScrollArea:
    """Return what scrolls a part."""
    above = part.parentWidget()
    while not isinstance(above, QScrollArea):
        assert above is not None
        above = above.parentWidget()
    return above
