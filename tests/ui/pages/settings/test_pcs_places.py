"""Other PCs in the settings: where they meet, in a folder or a store, and how they move."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from liaison.records.home import Resident
from liaison.services import editing, object_storage
from liaison.services.pcs import meeting_places
from liaison.services.pcs.meeting_places import FOLDER, Setup
from liaison.sync.object_store_faults import NOT_FOUND, SLOW, StoreFault
from liaison.sync.object_store_place import Access
from liaison.sync.object_store_trial import READS, WRITES, Step, Trial
from liaison.ui.desk import Desk
from liaison.ui.pages.settings.pcs import PcsSection, places
from liaison.ui.pages.settings.pcs.moving import MoveCard
from liaison.ui.widgets import Button, LineEdit, Text
from tests.ui.pages.settings.other_pcs import meet, opened

SECRET = "wJalrXUtnFEMI/K7MDENG"
ADDRESS = "https://store.example.org/homes/willow"

pytestmark = pytest.mark.usefixtures("cheap_digits")


def test_a_folder_that_does_not_answer_holds_nobody_up(
    qtbot: QtBot, section: PcsSection, desk: Desk, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()

    def hangs(_: Path, folder: Path) -> Path:
        answers.wait(60)
        return folder

    monkeypatch.setattr(meeting_places, "usable_folder", hangs)
    section.places.by_folder.click()
    section.places.folder.choose(share)
    section.places.folder_form.use.click()
    qtbot.waitUntil(section.places.stop.isVisible)
    saved: list[object] = []
    desk.jobs.write(lambda home: editing.add(home, Resident(name="Tom Hall")), saved.append)
    qtbot.waitUntil(lambda: bool(saved))
    section.places.stop.click()
    assert section.places.folder_form.use.isEnabled()
    assert "Nothing was changed" in section.places.banner.accessibleName()
    answers.set()
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    home = desk.jobs.home
    assert home is not None
    assert meeting_places.read_setup(home.folder) is None


def test_what_the_store_said_is_told_and_what_was_typed_stays(
    qtbot: QtBot, section: PcsSection, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(access: Access) -> Trial:
        return Trial((Step(WRITES), Step(READS, StoreFault(NOT_FOUND))), access)

    monkeypatch.setattr(places, "try_out", fails)
    section.resize(900, 420)
    form = section.places.store
    section.places.by_store.click()
    form.address.setText("http://store.example.org/homes")
    section.places.store_part.test.click()
    qtbot.waitUntil(lambda: "https" in form.fields["address"].error)
    form.address.setText(ADDRESS)
    section.places.store_part.test.click()
    qtbot.waitUntil(lambda: "Copy both halves" in form.fields["key"].error)
    form.key.setText("AKIA123")
    form.secret.setText(SECRET)
    section.places.store_part.test.click()
    qtbot.waitUntil(section.places.banner.isVisible)
    # in sight below the button, in a window no taller than a laptop's
    banner = section.places.banner
    qtbot.waitUntil(lambda: banner.visibleRegion().boundingRect() == banner.rect())
    said = section.places.banner.accessibleName()
    assert "not known on this network" in said
    assert SECRET not in said
    # nobody tries again by itself what somebody only tested
    section.places._tested(
        Trial((Step(WRITES, StoreFault(SLOW)),), section.places.store.typed.access())
    )
    said = section.places.banner.accessibleName()
    assert "by itself" not in said
    assert "Try it again in a moment." in said
    assert form.secret.text() == SECRET
    home = desk.jobs.home
    assert home is not None
    assert home.unlocked.vault.storage == {}


def test_the_key_of_a_store_is_shown_nowhere_and_kept_in_no_draft(
    qtbot: QtBot, section: PcsSection, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def works(access: Access) -> Trial:
        return Trial((Step(WRITES), Step(READS)), dataclasses.replace(access))

    monkeypatch.setattr(places, "try_out", works)
    form = section.places.store
    section.places.by_store.click()
    form.address.setText(ADDRESS)
    form.key.setText("AKIA123")
    form.secret.setText(SECRET)
    section.places.keeper.keep()
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    again = opened(qtbot, desk)
    qtbot.waitUntil(lambda: again.places.store.address.text() == ADDRESS)
    assert not told(again)
    # the first half is a name; only the second is a secret
    assert form.key.echoMode() is LineEdit.EchoMode.Normal
    assert form.secret.echoMode() is LineEdit.EchoMode.Password
    section.places.store_part.test.click()
    qtbot.waitUntil(lambda: section.standing is not None and section.standing.setup is not None)
    home = desk.jobs.home
    assert home is not None
    access = object_storage.access_of(home)
    assert access is not None
    assert access.credentials.secret == SECRET
    assert not told(section)
    assert section.places.store_line.where.text() == "store.example.org/homes/willow"


def told(section: PcsSection) -> list[str]:
    """Return where a part of the key is to be seen."""
    words = [one.text() for one in section.findChildren(LineEdit)]
    words += [one.text() for one in section.findChildren(Text)]
    return [one for one in words if SECRET in one or "AKIA123" in one]


def test_one_of_two_places_can_be_left_and_the_last_one_cannot(
    qtbot: QtBot, section: PcsSection, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet(qtbot, section, share)
    assert section.places.folder_line.leave.isHidden()
    monkeypatch.setattr(places, "try_out", lambda access: Trial((Step(WRITES),), access))
    form = section.places.store
    section.places.by_store.click()
    form.address.setText(ADDRESS)
    form.key.setText("AKIA123")
    form.secret.setText(SECRET)
    section.places.store_part.test.click()
    # whoever goes on elsewhere meanwhile stays there: a space would press an answer
    elsewhere = section.inviting.invite
    elsewhere.setFocus()
    question(qtbot, section)
    assert section.window().focusWidget() is elsewhere
    section.resize(900, 420)
    agree(qtbot, section, "Move: go by both for now")
    qtbot.waitUntil(section.places.folder_line.leave.isVisible)
    # what stands above what is said has grown: it is in sight all the same
    banner = section.places.banner
    qtbot.waitUntil(lambda: banner.visibleRegion().boundingRect() == banner.rect())
    assert asked_before_leaving(section, {FOLDER: "“Laptop” has not."}) == "“Laptop” has not."
    assert asked_before_leaving(section, {}).startswith("No PC of this home goes by the folder")
    dialog = section.places.dialog
    assert dialog is not None
    dialog.do.click()
    qtbot.waitUntil(section.places.folder_line.isHidden)
    assert section.places.store_line.leave.isHidden()


def asked_before_leaving(section: PcsSection, behind: dict[str, str]) -> str:
    """Ask to leave the folder; return what is said first."""
    if section.places.dialog is not None:
        section.places.dialog.keep.click()
    assert section.standing is not None
    section.places.show_standing(dataclasses.replace(section.standing, left_behind=behind))
    section.places.folder_line.leave.click()
    assert section.places.dialog is not None
    return section.places.dialog.accessibleDescription()


def question(qtbot: QtBot, section: PcsSection) -> MoveCard:
    """Return what is asked before the PCs meet somewhere else."""
    qtbot.waitUntil(section.places.asking.isVisible)
    return section.places.asking.findChildren(MoveCard)[-1]


def agree(qtbot: QtBot, section: PcsSection, words: str) -> None:
    """Press one of the answers to it."""
    card = question(qtbot, section)
    (button,) = (one for one in card.findChildren(Button) if one.text() == words)
    button.click()


def test_another_folder_replaces_the_one_before_only_if_somebody_says_so(
    qtbot: QtBot, section: PcsSection, share: Path
) -> None:
    meet(qtbot, section, share)
    other = share.with_name("other")
    other.mkdir()
    places_card = section.places
    places_card.by_folder.setFocus()
    places_card.by_folder.click()
    places_card.folder.choose(other)
    places_card.folder_form.use.click()
    card = question(qtbot, section)
    # there is no going by two folders; what changes nothing is what Enter presses
    assert card.move_there.isHidden()
    assert section.window().focusWidget() is card.stay
    qtbot.keyClick(card.stay, Qt.Key.Key_Escape)
    assert places_card.asking.isHidden()
    assert section.desk.jobs.is_idle
    home = section.desk.jobs.home
    assert home is not None
    assert meeting_places.read_setup(home.folder) == Setup(share)
    # what was typed is still there
    assert places_card.folder_form.use.isEnabled()
    # a store they go by beside it is no matter of the folders
    meeting_places.keep_setup(home.folder, Setup(share, store=ADDRESS))
    places_card.folder_form.use.click()
    agree(qtbot, section, "Replace the folder")
    qtbot.waitUntil(places_card.folder_form.isHidden)
    assert meeting_places.read_setup(home.folder) == Setup(other, store=ADDRESS)
    # what was pressed is gone: the keyboard is where it was before
    assert section.window().focusWidget() is places_card.by_folder


def test_a_store_is_gone_by_beside_the_folder_or_instead_of_it_as_somebody_says(
    qtbot: QtBot, section: PcsSection, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet(qtbot, section, share)
    monkeypatch.setattr(places, "try_out", lambda access: Trial((Step(WRITES),), access))
    fill_store(section)
    section.places.store_part.test.click()
    card = question(qtbot, section)
    assert section.window().focusWidget() is card.move_there
    card.replace.click()
    qtbot.waitUntil(lambda: section.standing is not None and section.standing.knows_key)
    assert section.standing is not None
    assert section.standing.setup == Setup(None, store=section.places.store_line.where.text())
    # another key to the same store asks nothing
    fill_store(section)
    section.places.store_part.test.click()
    qtbot.waitUntil(section.places.store_part.isHidden)
    assert section.places.asking.isHidden()


def fill_store(section: PcsSection) -> None:
    form = section.places.store
    section.places.by_store.click()
    form.address.setText(ADDRESS)
    form.key.setText("AKIA123")
    form.secret.setText(SECRET)
