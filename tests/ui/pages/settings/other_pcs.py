"""The section of the other PCs as a test opens it, and what somebody does there with a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from liaison.security.pairing import Invitation
from liaison.services.pcs import joining
from liaison.sync.folder import Folder
from liaison.ui.desk import Desk
from liaison.ui.pages.settings.pcs import PcsSection
from liaison.ui.pages.settings.pcs.lines import AskLine
from tests.ui.parts.conftest import Heard


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
