"""Below a question stands first what leaves all as it is, then what does it, as everywhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.pages.settings.pcs import PcsSection
from liaison.ui.pages.settings.pcs.removing import RemoveCard
from liaison.ui.pages.settings.pcs.renaming import RenameCard
from tests.ui.parts.conftest import Heard


@pytest.fixture
def section(qtbot: QtBot, desk: Desk, heard: Heard) -> PcsSection:
    opened = PcsSection(desk)
    qtbot.addWidget(opened)
    opened.resize(1100, 1400)
    opened.show()
    opened.refresh()
    qtbot.waitUntil(lambda: opened.standing is not None)
    return opened


def in_order(qtbot: QtBot, keep: QWidget, do: QWidget, ends: QWidget) -> None:
    """See two buttons in one row in their order, the second where what is filled in ends."""

    def place(part: QWidget) -> QRect:
        return QRect(part.mapTo(part.window(), QPoint(0, 0)), part.size())

    def stand() -> bool:
        first, second = place(keep), place(do)
        return (
            not second.isEmpty()
            and first.right() < second.left()
            and first.top() == second.top()
            and second.right() == place(ends).right()
        )

    for scale in (1.0, 2.0):
        theme.current().resize(scale)
        # it is laid out in a later turn
        qtbot.waitUntil(stand)
    theme.current().resize(1.0)


def test_when_a_pc_is_renamed_or_removed(qtbot: QtBot, section: PcsSection) -> None:
    assert section.standing is not None
    section.ask_to_rename(section.standing.pcs[0])
    (card,) = section.findChildren(RenameCard)
    in_order(qtbot, card.keep, card.do, card.name)
    card.keep.click()
    section.ask_to_remove(section.standing.pcs[0])
    (other,) = section.findChildren(RemoveCard)
    in_order(qtbot, other.keep, other.do, other.why)


def test_when_a_place_is_chosen(qtbot: QtBot, section: PcsSection) -> None:
    section.places.by_folder.click()
    form = section.places.folder_form
    in_order(qtbot, form.not_now, form.use, form.folder)
    form.not_now.click()
    section.places.by_store.click()
    part = section.places.store_part
    in_order(qtbot, part.not_now, part.test, part.store)
