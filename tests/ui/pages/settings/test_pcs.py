"""Other PCs in the settings: the list of them, the keyboard, and the longest names."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from liaison.ui.desk import Desk
from liaison.ui.pages.settings.pcs import PcsSection
from liaison.ui.pages.settings.pcs.inviting import InvitationLine
from liaison.ui.pages.settings.pcs.lines import PcLine
from liaison.ui.pages.settings.pcs.removing import RemoveCard
from tests.ui.pages.settings.other_pcs import asks, invite, lines, meet, seen

pytestmark = pytest.mark.usefixtures("cheap_digits")


def test_the_record_of_a_pc_is_opened_over_the_list_and_left_again(
    qtbot: QtBot, section: PcsSection, desk: Desk
) -> None:
    (line,) = section.lines.findChildren(PcLine)
    assert not line.remove.isVisible()
    line.open.click()
    assert section.stack.currentWidget() is section.room
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    section.room.left.emit()
    assert section.stack.currentWidget() is section.sheet


def test_the_keyboard_goes_on_to_what_comes_next(
    qtbot: QtBot, section: PcsSection, share: Path
) -> None:
    section.activateWindow()
    qtbot.waitUntil(section.isActiveWindow)
    meet(qtbot, section, share)
    qtbot.waitUntil(section.inviting.invite.isEnabled)
    section.inviting.invite.setFocus()
    invite(qtbot, section)
    (line,) = section.inviting.findChildren(InvitationLine)
    assert section.focusWidget() is line.save
    asks(qtbot, section, share, "Laptop")
    seen(qtbot, section, 1)
    (asking,) = lines(section)
    asking.same.setFocus()
    asking.same.click()
    # while it is told it waits where nothing can be pressed by chance
    assert section.focusWidget() is section.inviting
    qtbot.waitUntil(lambda: section.desk.jobs.is_idle)
    qtbot.waitUntil(lambda: section.focusWidget() is section.inviting.invite)


def test_names_as_long_as_they_may_be_widen_nothing(qtbot: QtBot, section: PcsSection) -> None:
    longest = (
        "The old laptop of the night staff of the Lavender wing, lent by head office, " + "x" * 23
    )
    assert section.standing is not None
    (here,) = section.standing.pcs
    others = [dataclasses.replace(here, id=n, name=longest, here=False) for n in range(2, 14)]
    section._show(dataclasses.replace(section.standing, pcs=(here, *others)))
    # the width of the narrowest window's settings
    section.resize(620, 700)
    down = section.sheet.area.verticalScrollBar()
    qtbot.waitUntil(lambda: down.maximum() > 700)
    down.setValue(down.maximum())
    section.ask_to_remove(others[-1])
    bar = section.sheet.area.horizontalScrollBar()
    qtbot.waitUntil(lambda: section.sheet.area.viewport().width() <= 620)
    qtbot.wait(50)
    assert bar.maximum() == 0
    (card,) = section.findChildren(RemoveCard)
    assert longest in card.accessibleName()
    # whoever pressed further down sees what is asked
    qtbot.waitUntil(lambda: card.do.visibleRegion().boundingRect() == card.do.rect())


def test_the_keyboard_goes_on_beside_what_has_gone(qtbot: QtBot, section: PcsSection) -> None:
    assert section.standing is not None
    (here,) = section.standing.pcs
    other = dataclasses.replace(here, id=2, name="Laptop", here=False)
    section._show(dataclasses.replace(section.standing, pcs=(here, other)))
    section.activateWindow()
    qtbot.waitUntil(section.isActiveWindow)
    *_, line = section.lines.findChildren(PcLine)
    line.remove.setFocus()
    line.remove.click()
    (card,) = section.findChildren(RemoveCard)
    assert section.focusWidget() is card.why
    card.keep.click()
    assert section.focusWidget() is line.remove
    line.remove.click()
    qtbot.keyClick(section.findChildren(RemoveCard)[-1].why, Qt.Key.Key_Escape)
    assert section.asking.isHidden()
    assert section.focusWidget() is line.remove
    section.places.by_store.setFocus()
    section.places.by_store.click()
    assert section.focusWidget() is section.places.store.address
    qtbot.keyClick(section.places.store.address, Qt.Key.Key_Escape)
    assert section.places.store_part.isHidden()
    assert section.focusWidget() is section.places.by_store
    section.places.by_store.click()
    section.places.store_part.not_now.click()
    assert section.focusWidget() is section.places.by_store
    # the list is made anew under the keyboard
    line.remove.setFocus()
    section._show(dataclasses.replace(section.standing, pcs=(here,)))
    assert section.lines.isAncestorOf(section.focusWidget())
