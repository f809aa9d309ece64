"""Other PCs in the settings: where they meet, who is let in, who is removed."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from liaison.errors import UserError
from liaison.records.home import Resident
from liaison.security.pairing import Invitation
from liaison.services import drafts, editing, object_storage
from liaison.services.pcs import joining, meeting_places, restored
from liaison.services.pcs.meeting_places import FOLDER, Setup
from liaison.services.pcs.removing import Belonging
from liaison.sync.folder import Folder
from liaison.sync.object_store_faults import NOT_FOUND, SLOW, StoreFault
from liaison.sync.object_store_place import Access
from liaison.sync.object_store_trial import READS, WRITES, Step, Trial
from liaison.ui.desk import Desk
from liaison.ui.pages.settings.pcs import PcsSection, facts, places
from liaison.ui.pages.settings.pcs.inviting import InvitationLine
from liaison.ui.pages.settings.pcs.lines import AskLine, PcLine
from liaison.ui.pages.settings.pcs.moving import MoveCard
from liaison.ui.pages.settings.pcs.removing import RemoveCard
from liaison.ui.pages.settings.pcs.renaming import RenameCard
from liaison.ui.widgets import Button, LineEdit, Text, Wrap
from tests.ui.parts.conftest import Heard, writing_held

SECRET = "wJalrXUtnFEMI/K7MDENG"
ADDRESS = "https://store.example.org/homes/willow"


pytestmark = pytest.mark.usefixtures("cheap_digits")


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


@pytest.fixture
def section(qtbot: QtBot, desk: Desk, heard: Heard) -> Iterator[PcsSection]:
    yield opened(qtbot, desk)
    assert heard.faults == []
    assert heard.troubles == []


def opened(qtbot: QtBot, desk: Desk) -> PcsSection:
    """Open the section."""
    made_section = PcsSection(desk)
    qtbot.addWidget(made_section)
    made_section.resize(900, 1400)
    made_section.show()
    made_section.refresh()
    qtbot.waitUntil(lambda: made_section.standing is not None)
    return made_section


def meet(qtbot: QtBot, section: PcsSection, folder: Path) -> None:
    """Choose a folder."""
    section.places.by_folder.click()
    section.places.folder.choose(folder)
    section.places.folder_form.use.click()
    qtbot.waitUntil(
        lambda: (
            section.standing is not None
            and section.standing.setup is not None
            and section.standing.setup.folder == folder
        )
    )


def asks(qtbot: QtBot, section: PcsSection, folder: Path, name: str) -> joining.Waiting:
    """Let a PC ask to join with the open invitation."""
    assert section.standing is not None
    (invitation,) = section.standing.invitations
    return joining.ask(
        Invitation(invitation.words),
        folder.parent / name,
        Folder(folder),
        name,
    )


def lines(section: PcsSection) -> list[AskLine]:
    """Return the PCs that are shown as asking."""
    return [one for one in section.inviting.findChildren(AskLine) if one.isVisible()]


def seen(qtbot: QtBot, section: PcsSection, count: int) -> None:
    """Wait until so many PCs are seen to ask; the page looks by itself, but more seldom."""

    def shown() -> bool:
        section.inviting.look()
        return len(lines(section)) == count

    qtbot.waitUntil(shown)


def invite(qtbot: QtBot, section: PcsSection) -> None:
    """Make an invitation."""
    section.inviting.invite.click()
    qtbot.waitUntil(lambda: section.standing is not None and bool(section.standing.invitations))
    # it is laid where the PCs meet before anybody could find it there
    qtbot.waitUntil(section.inviting.invite.isEnabled)


def test_nobody_is_invited_before_there_is_a_place_to_meet(
    qtbot: QtBot, section: PcsSection, share: Path, tmp_path: Path
) -> None:
    assert not section.inviting.invite.isEnabled()
    assert "where the PCs meet" in section.inviting.missing.text()
    assert section.standing is not None
    assert "on this PC alone" in section.places.words.text()
    section.places.show_standing(dataclasses.replace(section.standing, cut_off=True))
    assert restored.NOWHERE in section.places.words.text()
    places_card = section.places
    places_card.by_folder.click()
    places_card.folder_form.use.click()
    assert "Choose the folder" in places_card.folder.error
    places_card.folder.choose(tmp_path / "gone")
    places_card.folder_form.use.click()
    qtbot.waitUntil(lambda: "There is no folder" in places_card.folder.error)
    assert places_card.folder.path == str(tmp_path / "gone")
    places_card.folder.choose(tmp_path / "home")
    places_card.folder_form.use.click()
    qtbot.waitUntil(lambda: "own folder" in places_card.folder.error)
    meet(qtbot, section, share)
    qtbot.waitUntil(section.inviting.invite.isEnabled)
    assert section.places.folder_line.where.text() == str(share)


def test_an_invitation_is_withdrawn_and_nothing_of_it_stays_where_the_pcs_meet(
    qtbot: QtBot, section: PcsSection, desk: Desk, share: Path
) -> None:
    meet(qtbot, section, share)
    invite(qtbot, section)
    (line,) = section.inviting.findChildren(InvitationLine)
    assert "ends on" in " ".join(one.text() for one in line.findChildren(Wrap))
    line.withdraw.click()
    qtbot.waitUntil(lambda: section.standing is not None and not section.standing.invitations)
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    assert "withdrawn" in section.inviting.banner.accessibleName()
    assert not section.inviting.invitations.isVisible()
    assert not [one for one in share.rglob("*") if one.is_file() and "pair" in one.parts]


def test_who_withdraws_an_invitation_that_let_a_pc_in_is_told_so(
    qtbot: QtBot, section: PcsSection, share: Path
) -> None:
    meet(qtbot, section, share)
    invite(qtbot, section)
    (offer,) = share.rglob("pair/*/offer")
    # another manager has let one in, and this PC has not heard of it
    (offer.parent / "welcome-0a1b").write_bytes(b"sealed to that PC")
    (line,) = section.inviting.findChildren(InvitationLine)
    line.withdraw.click()
    qtbot.waitUntil(lambda: "was let in" in section.inviting.banner.accessibleName())
    assert offer.exists()


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


def test_two_with_one_invitation_are_both_kept_out(
    qtbot: QtBot, section: PcsSection, share: Path
) -> None:
    meet(qtbot, section, share)
    invite(qtbot, section)
    asks(qtbot, section, share, "Laptop")
    seen(qtbot, section, 1)
    (line,) = lines(section)
    # another one comes after the page has looked and before somebody presses
    asks(qtbot, section, share, "Stranger")
    line.same.click()
    qtbot.waitUntil(section.inviting.banner.isVisible)
    assert "same invitation" in section.inviting.banner.accessibleName()
    seen(qtbot, section, 2)
    assert not [one for one in lines(section) if one.same.isEnabled()]
    assert section.standing is not None
    assert len(section.standing.pcs) == 1


def test_digits_that_differ_let_nobody_in(qtbot: QtBot, section: PcsSection, share: Path) -> None:
    meet(qtbot, section, share)
    invite(qtbot, section)
    asks(qtbot, section, share, "Laptop")
    seen(qtbot, section, 1)
    waiting = asks(qtbot, section, share, "Laptop")
    assert section.standing is not None
    (invitation,) = section.standing.invitations
    lines(section)[0].differ.click()
    qtbot.waitUntil(lambda: section.standing is not None and not section.standing.invitations)
    qtbot.waitUntil(lambda: section.desk.jobs.is_idle)
    said = section.inviting.banner.accessibleName()
    assert "was not let in, and the invitation is withdrawn" in said
    assert lines(section) == []
    # the new PC, which looks by itself, is told
    words = Invitation(invitation.words)
    with pytest.raises(UserError, match="a manager has withdrawn it"):
        joining.ask(words, share.parent / "Laptop", Folder(share), "Laptop", known=waiting)


@pytest.mark.parametrize("does", ["invites", "looks", "lets in", "chooses", "removes"])
def test_locking_in_the_middle_of_it_ends_quietly(
    qtbot: QtBot, section: PcsSection, desk: Desk, share: Path, does: str
) -> None:
    meet(qtbot, section, share)
    invite(qtbot, section)
    asks(qtbot, section, share, "Laptop")
    seen(qtbot, section, 1)
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    if does == "invites":
        section.inviting.invite.click()
    elif does == "looks":
        section.inviting.look()
    elif does == "lets in":
        lines(section)[0].same.click()
    elif does == "chooses":
        section.places.folder.choose(share)
        section.places.look_at_folder()
    else:
        assert section.standing is not None
        section.remove(section.standing.pcs[0], "Stolen")
    closed: list[bool] = []
    desk.jobs.detach(lambda: closed.append(True))
    qtbot.waitUntil(lambda: bool(closed) and desk.jobs.is_idle)
    section.refresh()
    section.inviting.look()


def test_an_invitation_that_did_not_get_there_is_said_and_tried_again(
    qtbot: QtBot, section: PcsSection, share: Path
) -> None:
    meet(qtbot, section, share)
    aside = share.rename(share.with_name("away"))
    section.inviting.invite.click()
    qtbot.waitUntil(section.inviting.banner.button.isVisible)
    assert "leads nowhere" in section.inviting.banner.accessibleName()
    aside.rename(share)
    section.inviting.banner.button.click()
    qtbot.waitUntil(lambda: bool(list(share.rglob("offer"))))


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
    (card,) = section.findChildren(RemoveCard)
    assert any("stays on it" in words for words in card.words)
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
    assert wanted == [True]
    assert section.asking.isHidden()
    # that it belongs to the home is said no more
    assert section.inviting.banner.isHidden()
    assert left(qtbot, section) == []


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
