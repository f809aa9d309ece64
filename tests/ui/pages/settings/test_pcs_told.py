"""Other PCs in the settings: what was done is said until something else is, and who was heard is true."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from liaison.records.rules import times
from liaison.security.pairing import care_for
from liaison.services import syncing
from liaison.services.pcs.removing import Belonging
from liaison.ui.desk import Desk
from liaison.ui.pages import PAGES
from liaison.ui.pages.settings import SettingsPage
from liaison.ui.pages.settings.pcs import PcsSection
from liaison.ui.pages.settings.pcs.inviting import InvitationLine
from liaison.ui.pages.settings.pcs.lines import PcLine, told
from liaison.ui.pages.settings.pcs.removing import RemoveCard
from liaison.ui.pages.settings.pcs.renaming import RenameCard
from liaison.ui.shell.shell import Shell
from liaison.ui.widgets import Wrap
from tests.ui.running import Starter
from tests.ui.shell.sharing import NURSES, Pair, add

WAIT = 20_000


@pytest.fixture
def office(start: Starter, pair: Pair, qtbot: QtBot) -> tuple[Shell, PcsSection]:
    """Open Other PCs at the office, and wait until it says how things stand."""
    shell = start(pair.office, exchanges=True, pages=PAGES).unlock()
    shell.go("settings", "pcs")
    page = shell.page
    assert isinstance(page, SettingsPage)
    section = page.sections["pcs"]
    assert isinstance(section, PcsSection)
    qtbot.waitUntil(lambda: bool(shown(section)), timeout=WAIT)
    qtbot.waitUntil(lambda: shell.header.saved.text() == "Up to date", timeout=WAIT)
    qtbot.waitUntil(lambda: shell.desk.jobs.is_idle, timeout=WAIT)
    return shell, section


def shown(section: PcsSection) -> list[PcLine]:
    """Return the lines of the PCs, those that are still there."""
    return [one for one in section.lines.findChildren(PcLine) if not one.isHidden()]


def line_of(section: PcsSection, name: str) -> PcLine:
    return next(one for one in shown(section) if one.pc.name == name)


def said_of(section: PcsSection, name: str) -> str:
    """Return what is said of a PC."""
    return " ".join(one.text() for one in line_of(section, name).findChildren(Wrap))


def rename(qtbot: QtBot, section: PcsSection, name: str, to: str) -> None:
    line_of(section, name).rename.click()
    (card,) = [one for one in section.findChildren(RenameCard) if one.isVisible()]
    card.name.setText(to)
    card.do.click()
    qtbot.waitUntil(lambda: f"It is called {to} now" in section.banner.accessibleName())
    assert section.banner.isVisible()


def fetched_at_the_nurses(pair: Pair) -> str:
    """Fetch there half an hour from now, which leaves a sign of life and no save; return when."""
    with pair.at_nurses() as nurses:
        at = nurses.store.clock() + dt.timedelta(minutes=30)
        nurses.store.clock = lambda: at
        assert syncing.once(nurses).changes
    return times.show_time(at)


def test_what_was_done_is_said_until_the_page_is_left_or_something_else_is_done(
    qtbot: QtBot, office: tuple[Shell, PcsSection]
) -> None:
    shell, section = office
    rename(qtbot, section, NURSES, "Night station")
    shell.go("today")
    shell.go("settings")
    assert section.isVisible()
    assert section.banner.isHidden()
    # another card has its own banner: what is begun there ends what is said here
    qtbot.waitUntil(lambda: bool(shown(section)) and shown(section)[-1].pc.name == "Night station")
    rename(qtbot, section, "Night station", "Day station")
    section.places.by_folder.click()
    assert section.banner.isHidden()
    qtbot.waitUntil(lambda: shown(section)[-1].pc.name == "Day station")
    rename(qtbot, section, "Day station", NURSES)
    section.inviting.invite.click()
    assert section.banner.isHidden()
    # the other way round, and what went wrong stays to be read
    section.inviting.banner.say("ok", "The invitation is withdrawn.")
    section.places.banner.say("late", "The store did not pass the test.")
    qtbot.waitUntil(lambda: shown(section)[-1].pc.name == NURSES)
    line_of(section, NURSES).remove.click()
    assert section.inviting.banner.isHidden()
    assert section.places.banner.isVisible()
    shell.go("today")
    shell.go("settings")
    assert section.places.banner.isVisible()


def test_who_was_heard_from_in_a_round_is_said_so_also_to_whoever_comes_back(
    qtbot: QtBot, pair: Pair, office: tuple[Shell, PcsSection]
) -> None:
    shell, section = office
    shell.go("today")
    before = set(pair.share.rglob("*.seg"))
    shell.desk.jobs.write(lambda home: add(home, "Harold Penn"))
    qtbot.waitUntil(lambda: set(pair.share.rglob("*.seg")) > before, timeout=WAIT)
    qtbot.waitUntil(lambda: shell.header.saved.text() == "Up to date", timeout=WAIT)
    qtbot.waitUntil(lambda: shell.desk.jobs.is_idle, timeout=WAIT)
    at = fetched_at_the_nurses(pair)
    assert at not in said_of(section, NURSES)
    with qtbot.waitSignal(shell.desk.exchange_told, check_params_cb=lambda seen: not seen.at_work):
        shell.desk.exchange_wanted.emit()
    qtbot.waitUntil(lambda: shell.desk.jobs.is_idle, timeout=WAIT)
    shell.go("settings")
    qtbot.waitUntil(lambda: f"last heard from {at}" in said_of(section, NURSES), timeout=WAIT)


def test_a_pc_that_said_nothing_yet_was_not_heard_from() -> None:
    pc = Belonging(2, NURSES, joined=None, removed=None, here=False, heard=None)
    assert told(pc) == "not heard from yet"


@pytest.mark.parametrize("name", [NURSES, "The old laptop of the night staff of the Lavender wing"])
def test_the_button_that_removes_a_pc_names_it(qtbot: QtBot, desk: Desk, name: str) -> None:
    pc = Belonging(2, name, joined=None, removed=None, here=False, heard=None)
    card = RemoveCard(desk, pc, knows_key=False)
    qtbot.addWidget(card)
    assert card.do.accessibleName() == f"Remove {name}"
    shown = card.do.words.removeprefix("Remove ").removesuffix(" ...")
    assert name.startswith(shown)
    assert len(shown) >= min(len(name), 20)
    assert card.accessibleName() == f"Remove {name} from this home?"


def test_an_invitations_file_is_told_of_as_it_is_and_does_not_go_where_the_pcs_meet(
    qtbot: QtBot, office: tuple[Shell, PcsSection], pair: Pair, tmp_path: Path
) -> None:
    _, section = office
    inviting = section.inviting
    inviting.invite.click()
    qtbot.waitUntil(lambda: bool(inviting.findChildren(InvitationLine)), timeout=WAIT)
    (line,) = inviting.findChildren(InvitationLine)
    banner = inviting.banner
    inviting.save_to(line.invitation, pair.share / "invitation.json")
    qtbot.waitUntil(lambda: "whoever reads that folder" in banner.accessibleName(), timeout=WAIT)
    assert not (pair.share / "invitation.json").exists()
    file = tmp_path / "invitation.json"
    inviting.save_to(line.invitation, file)
    qtbot.waitUntil(lambda: str(file) in banner.accessibleName(), timeout=WAIT)
    care = care_for(with_store=False)
    assert care in banner.accessibleName()
    assert care in json.loads(file.read_bytes())["about"]
