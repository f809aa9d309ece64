"""Other PCs in the settings: who is invited, and who is let in."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.security.pairing import Invitation
from liaison.services.pcs import joining, restored
from liaison.sync.folder import Folder
from liaison.ui.desk import Desk
from liaison.ui.pages.settings.pcs import PcsSection
from liaison.ui.pages.settings.pcs.inviting import InvitationLine
from liaison.ui.widgets import Wrap
from tests.ui.pages.settings.other_pcs import asks, invite, lines, meet, seen

pytestmark = pytest.mark.usefixtures("cheap_digits")


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
