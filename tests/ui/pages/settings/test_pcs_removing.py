"""Other PCs in the settings: one is removed, or gets another name."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from liaison.errors import UserError
from liaison.services import drafts
from liaison.services.pcs.removing import Belonging
from liaison.ui.desk import Desk
from liaison.ui.pages.settings.pcs import PcsSection, facts
from liaison.ui.pages.settings.pcs.lines import PcLine
from liaison.ui.pages.settings.pcs.removing import RemoveCard
from liaison.ui.pages.settings.pcs.renaming import RenameCard
from tests.ui.pages.settings.other_pcs import asks, invite, lines, meet, seen
from tests.ui.parts.conftest import writing_held

pytestmark = pytest.mark.usefixtures("cheap_digits")


def test_a_pc_is_removed_with_what_that_cannot_take_back(
    qtbot: QtBot, section: PcsSection, desk: Desk, share: Path
) -> None:
    meet(qtbot, section, share)
    invite(qtbot, section)
    asks(qtbot, section, share, "Laptop")
    seen(qtbot, section, 1)
    lines(section)[0].same.click()
    qtbot.waitUntil(
        lambda: section.standing is not None and len(section.standing.pcs) == 2, timeout=10_000
    )
    # until it was told that it is in
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    wanted: list[bool] = []
    desk.exchange_wanted.connect(lambda: wanted.append(True))
    shown = [one for one in section.lines.findChildren(PcLine) if one.isVisible()]
    assert [one.pc.name for one in shown if one.remove.isVisible()] == ["Laptop"]
    shown[-1].remove.click()
    # what it sent is fetched while the question is answered, and would not count otherwise
    assert wanted == [True]
    (card,) = section.findChildren(RemoveCard)
    assert any("stays on it" in words for words in card.words)
    assert any("has not come here yet" in words for words in card.words)
    # without a reason nothing happens
    card.do.click()
    assert "Say why" in card.field.error
    assert left(qtbot, section) == []
    qtbot.keyClicks(card.why, "Stolen")
    desk.keeping.emit()
    assert len(left(qtbot, section)) == 1
    card.do.click()
    qtbot.waitUntil(
        lambda: section.standing is not None and not section.standing.pcs[-1].belongs,
        timeout=10_000,
    )
    assert wanted == [True, True]
    assert section.asking.isHidden()
    # that it belongs to the home is said no more
    assert section.inviting.banner.isHidden()
    assert left(qtbot, section) == []


def left(qtbot: QtBot, section: PcsSection) -> list[drafts.Draft]:
    """Return the drafts that lie in the home."""
    found: list[list[drafts.Draft]] = []
    section.desk.jobs.write(drafts.mine, found.append)
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


def test_why_a_pc_is_to_be_removed_is_kept_until_it_is_or_is_not_to_be(
    qtbot: QtBot, section: PcsSection
) -> None:
    assert section.standing is not None
    (here,) = section.standing.pcs
    laptop = dataclasses.replace(here, id=2, name="Laptop", here=False)
    tablet = dataclasses.replace(here, id=3, name="Tablet", here=False)

    def ask(pc: Belonging) -> RemoveCard:
        section.ask_to_remove(pc)
        left(qtbot, section)
        return section.findChildren(RemoveCard)[-1]

    qtbot.keyClicks(ask(laptop).why, "Stolen")
    # another question takes its place
    tablets = ask(tablet)
    assert tablets.why.text() == ""
    qtbot.keyClick(tablets.why, Qt.Key.Key_Escape)
    laptops = ask(laptop)
    assert laptops.why.text() == "Stolen"
    laptops.keep.click()
    assert left(qtbot, section) == []


def test_a_pc_that_waits_to_be_removed_or_renamed_leaves_no_draft(
    qtbot: QtBot, section: PcsSection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert section.standing is not None
    (here,) = section.standing.pcs
    monkeypatch.setattr(facts, "remove", lambda *_: None)
    with writing_held(section.desk.jobs):
        section.ask_to_remove(here)
        remove = section.findChildren(RemoveCard)[-1]
        qtbot.keyClicks(remove.why, "Stolen")
        remove.do.click()
        qtbot.keyClicks(remove.why, " at night")
        assert remove.why.text() == "Stolen"
    qtbot.waitUntil(lambda: "does not belong" in section.banner.accessibleName())
    assert section.asking.isHidden()
    assert left(qtbot, section) == []

    with writing_held(section.desk.jobs):
        section.ask_to_rename(here)
        rename = section.findChildren(RenameCard)[-1]
        qtbot.keyClicks(rename.name, "Office PC")
        rename.do.click()
        qtbot.keyClick(rename.name, Qt.Key.Key_Escape)
        # what is asked next stays when the first is done
        section.ask_to_remove(here)
    qtbot.waitUntil(lambda: "It is called Office PC" in section.banner.accessibleName())
    assert not section.asking.isHidden()
    assert left(qtbot, section) == []


def test_a_name_that_is_refused_after_its_question_was_closed_is_told(
    qtbot: QtBot, section: PcsSection
) -> None:
    assert section.standing is not None
    with writing_held(section.desk.jobs):
        section.ask_to_rename(section.standing.pcs[0])
        card = section.findChildren(RenameCard)[-1]
        card.name.clear()
        card.do.click()
        qtbot.keyClick(card.name, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: not isValid(card))
    qtbot.waitUntil(lambda: "needs a name" in section.banner.accessibleName())


def test_why_a_pc_is_removed_is_typed_on_where_that_is_refused(
    qtbot: QtBot, section: PcsSection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr(facts, "remove", full)
    assert section.standing is not None
    section.ask_to_remove(section.standing.pcs[0])
    left(qtbot, section)
    card = section.findChildren(RemoveCard)[-1]
    qtbot.keyClicks(card.why, "Stolen")
    card.do.click()
    qtbot.waitUntil(lambda: "The disk is full." in section.banner.accessibleName())
    qtbot.keyClicks(card.why, " at night")
    qtbot.keyClick(card.why, Qt.Key.Key_Escape)
    assert [one.typed for one in left(qtbot, section)] == [{"why": "Stolen at night"}]


def test_a_pc_gets_a_name_that_people_know_it_by(qtbot: QtBot, section: PcsSection) -> None:
    (line,) = section.lines.findChildren(PcLine)
    line.rename.click()
    (card,) = section.findChildren(RenameCard)
    card.name.clear()
    card.do.click()
    qtbot.waitUntil(lambda: "needs a name" in card.field.error)
    card.name.setText("Office PC")
    card.do.click()
    qtbot.waitUntil(
        lambda: section.standing is not None and section.standing.pcs[0].name == "Office PC"
    )
    assert "Office PC" in section.banner.accessibleName()
    qtbot.waitUntil(
        lambda: section.lines.findChildren(PcLine)[-1].rename.accessibleName() == "Rename Office PC"
    )
