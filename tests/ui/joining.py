"""Two windows, for tests: an office that invites a PC and lets it in, and the PC that joins."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Final, Self

from pytestqt.qtbot import QtBot

from liaison.ui.pages.settings import SettingsPage
from liaison.ui.pages.settings.pcs import PcsSection
from liaison.ui.pages.settings.pcs.inviting import InvitationLine
from liaison.ui.pages.settings.pcs.lines import AskLine
from liaison.ui.shell.shell import Shell
from liaison.ui.threshold.first_run import FirstRun
from liaison.ui.threshold.joining import DIGITS, WHO, JoinScreen
from tests import homes as made
from tests.ui.running import Running, Starter

LONG: Final = 20_000


@dataclasses.dataclass(frozen=True)
class Inviting:
    """An unlocked window, at the section of the home's PCs.

    Args:
        running: The window.
        section: The section.
    """

    running: Running
    section: PcsSection

    @classmethod
    def at(cls, running: Running) -> Self:
        """Go there."""
        shell, qtbot = running.scene(Shell), running.qtbot
        shell.go("settings", "pcs")
        qtbot.waitUntil(lambda: isinstance(shell.page, SettingsPage), timeout=LONG)
        page = shell.page
        assert isinstance(page, SettingsPage)
        section = page.open_section("pcs")
        assert isinstance(section, PcsSection)
        qtbot.waitUntil(lambda: section.standing is not None, timeout=LONG)
        return cls(running, section)

    @property
    def qtbot(self) -> QtBot:
        """Drives it."""
        return self.running.qtbot

    def _shown(self, kind: type[AskLine | InvitationLine]) -> bool:
        lines = self.section.inviting.findChildren(kind)
        return any(one.isVisible() for one in lines)

    def invite(self) -> InvitationLine:
        """Make an invitation; return its line."""
        inviting = self.section.inviting
        self.qtbot.waitUntil(inviting.invite.isEnabled, timeout=LONG)
        inviting.invite.click()
        self.qtbot.waitUntil(lambda: self._shown(InvitationLine), timeout=LONG)
        (line,) = inviting.findChildren(InvitationLine)
        return line

    def invite_with_file(self, folder: Path) -> Path:
        """Make an invitation, and save it into a folder; return the file."""
        line, file = self.invite(), folder / "invitation.json"
        self.section.inviting.save_to(line.invitation, file)
        self.qtbot.waitUntil(file.exists, timeout=LONG)
        return file

    def let_in(self, digits: str) -> None:
        """Compare the digits of the one PC that asks, and let it in."""
        inviting = self.section.inviting
        inviting.look()
        self.qtbot.waitUntil(lambda: self._shown(AskLine), timeout=LONG)
        (line,) = inviting.findChildren(AskLine)
        assert line.digits.text() == digits
        line.same.click()
        self.qtbot.waitUntil(
            lambda: "belongs to this home" in inviting.banner.accessibleName(), timeout=LONG
        )


@dataclasses.dataclass(frozen=True)
class Joining:
    """A window with no home yet, at the screen of joining.

    Args:
        running: The window.
        screen: The screen.
    """

    running: Running
    screen: JoinScreen

    @classmethod
    def at(cls, start: Starter, folder: Path) -> Self:
        """Start a window and choose to join.

        Args:
            start: Starts windows.
            folder: Where its home will lie.
        """
        running = start(folder)
        running.scene(FirstRun).join_button.click()
        return cls(running, running.scene(JoinScreen))

    @property
    def qtbot(self) -> QtBot:
        """Drives it."""
        return self.running.qtbot

    @property
    def digits(self) -> str:
        """The six digits it shows."""
        return self.screen.digits.digits.text()

    def fill_in(self, file: Path | str, share: Path | str) -> None:
        """Fill in an invitation's file, and the folder in which the PCs meet."""
        self.screen.form.file.edit.setText(str(file))
        self.screen.form.folder.edit.setText(str(share))

    def ask(self) -> None:
        """Ask to join with what is filled in, and wait for the digits."""
        self.screen.go_on.click()
        self.qtbot.waitUntil(lambda: self.screen.step == DIGITS, timeout=LONG)

    def be_let_in(self, office: Inviting) -> None:
        """Be let in by the office."""
        office.let_in(self.digits)
        self.screen.look()
        self.qtbot.waitUntil(lambda: self.screen.step == WHO, timeout=LONG)

    def unlock(self, password: str = made.PASSWORD) -> None:
        """Type a password, and go on."""
        self.screen.who.password.setText(password)
        self.screen.go_on.click()
