"""Two real windows join through a real folder: invited, compared, let in, fetched."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liaison.records.home import Resident
from liaison.security.pairing import Invitation
from liaison.services import editing, syncing
from liaison.services.pcs import coming, inviting, joining
from liaison.services.pcs.coming import Meeting
from liaison.services.pcs.joining import Waiting
from liaison.store import query
from liaison.ui.pages import PAGES
from liaison.ui.pages.settings import SettingsPage
from liaison.ui.pages.settings.pcs import PcsSection
from liaison.ui.pages.settings.pcs.inviting import InvitationLine
from liaison.ui.pages.settings.pcs.lines import AskLine
from liaison.ui.shell.shell import Shell
from liaison.ui.threshold.first_run import FirstRun
from liaison.ui.threshold.joining import DIGITS, FORM, WHO, JoinScreen
from liaison.ui.threshold.joining_form import WORDS
from tests import homes as made
from tests.sync.real_store import RealStore
from tests.ui.running import Running, Starter

LONG = 20_000


@pytest.fixture(autouse=True)
def cheap_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The six digits are slow to work out on purpose; how slow is an argument."""
    for takes_cost in (joining.ask, inviting.asking, coming.ask):
        defaults = takes_cost.__kwdefaults__
        assert defaults is not None
        monkeypatch.setitem(defaults, "cost", made.CHEAP)


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


@pytest.fixture
def office(home_folder: Path, share: Path, start: Starter) -> Running:
    """The window of a home that has a resident, and meets other PCs in a folder."""
    with made.unlock(home_folder) as home:
        editing.add(home, Resident(name="Margaret Ellis", room="12"))
        syncing.set_up_folder(home, share)
        syncing.once(home)
    running = start(home_folder, pages=PAGES)
    running.unlock()
    return running


def pcs(running: Running) -> PcsSection:
    """Go to the section of the PCs."""
    shell = running.scene(Shell)
    shell.go("settings", "pcs")
    running.qtbot.waitUntil(lambda: isinstance(shell.page, SettingsPage), timeout=LONG)
    page = shell.page
    assert isinstance(page, SettingsPage)
    section = page.open_section("pcs")
    assert isinstance(section, PcsSection)
    running.qtbot.waitUntil(lambda: section.standing is not None, timeout=LONG)
    return section


def line_of(section: PcsSection, kind: type[AskLine | InvitationLine]) -> Callable[[], bool]:
    """Return whether a line of a kind is on the screen."""
    return lambda: any(one.isVisible() for one in section.inviting.findChildren(kind))


def invited(running: Running) -> tuple[PcsSection, InvitationLine]:
    """Make an invitation in the window."""
    section = pcs(running)
    running.qtbot.waitUntil(section.inviting.invite.isEnabled, timeout=LONG)
    section.inviting.invite.click()
    running.qtbot.waitUntil(line_of(section, InvitationLine), timeout=LONG)
    (line,) = section.inviting.findChildren(InvitationLine)
    return section, line


def join_screen(running: Running) -> JoinScreen:
    """Choose to join on the first screen."""
    running.scene(FirstRun).join_button.click()
    return running.scene(JoinScreen)


def let_in(running: Running, section: PcsSection, digits: str) -> None:
    """Compare the digits, and let the PC in."""
    section.inviting.look()
    running.qtbot.waitUntil(line_of(section, AskLine), timeout=LONG)
    (line,) = section.inviting.findChildren(AskLine)
    assert line.digits.text() == digits
    line.same.click()
    running.qtbot.waitUntil(
        lambda: "belongs to this home" in section.inviting.banner.accessibleName(), timeout=LONG
    )


def test_a_second_window_joins_with_a_file_and_shows_the_same_record(
    office: Running, start: Starter, share: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    section, invitation = invited(office)
    file = tmp_path / "invitation.json"
    section.inviting.save_to(invitation.invitation, file)
    qtbot.waitUntil(file.exists, timeout=LONG)

    laptop = start(tmp_path / "laptop" / "home")
    screen = join_screen(laptop)
    screen.form.file.edit.setText(str(file))
    screen.form.folder.edit.setText(str(share))
    screen.form.name.setText("Laptop")
    screen.go_on.click()
    qtbot.waitUntil(lambda: screen.step == DIGITS, timeout=LONG)
    assert not (tmp_path / "laptop" / "home").exists()
    let_in(office, section, screen.digits.text())
    screen.look()
    qtbot.waitUntil(lambda: screen.step == WHO, timeout=LONG)
    assert screen.person.value == made.MANAGER
    qtbot.waitUntil(screen.coming.isHidden, timeout=LONG)
    assert screen.waiting is not None
    assert screen.waiting.copy is not None
    screen.password.setText("not it at all")
    screen.go_on.click()
    qtbot.waitUntil(lambda: bool(screen.password_field.error), timeout=LONG)
    screen.password.setText(made.PASSWORD)
    screen.go_on.click()
    laptop.scene(Shell)
    found: list[str] = []

    def look() -> bool:
        laptop.app.jobs.read(
            lambda store: query.every(store, query.Query("resident")),
            lambda records: found.extend(str(getattr(one, "name", "")) for one in records),
        )
        qtbot.wait(20)
        return "Margaret Ellis" in found

    qtbot.waitUntil(look, timeout=LONG)
    section.refresh()
    qtbot.waitUntil(
        lambda: (
            section.standing is not None and "Laptop" in {one.name for one in section.standing.pcs}
        )
    )
    assert sorted(path.name for path in (tmp_path / "laptop").iterdir()) == ["home"]
    assert office.noted == laptop.noted == []


def test_after_a_restart_it_goes_on_waiting_and_with_the_same_digits(
    office: Running, start: Starter, share: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    section, invitation = invited(office)
    file = tmp_path / "invitation.json"
    section.inviting.save_to(invitation.invitation, file)
    qtbot.waitUntil(file.exists, timeout=LONG)
    folder = tmp_path / "laptop" / "home"
    first = start(folder)
    screen = join_screen(first)
    screen.form.file.edit.setText(str(file))
    screen.form.folder.edit.setText(str(share))
    screen.go_on.click()
    qtbot.waitUntil(lambda: screen.step == DIGITS, timeout=LONG)
    digits = screen.digits.text()
    first.app.finish()

    again = start(folder).scene(JoinScreen)
    qtbot.waitUntil(lambda: again.step == DIGITS, timeout=LONG)
    assert again.digits.text() == digits
    # the words of the invitation are its secret
    assert invitation.invitation.words not in coming.way_file(folder).read_text("utf-8")


def test_through_an_online_store_nothing_is_typed_on_the_second_pc(
    home_folder: Path, start: Starter, real_store: RealStore, tmp_path: Path, qtbot: QtBot
) -> None:
    office = start(home_folder, pages=PAGES)
    office.unlock()
    section = pcs(office)
    place = real_store.access().place
    form = section.places.store
    section.places.by_store.click()
    form.address.setText(f"{place.endpoint}/{place.bucket}/{place.prefix}")
    form.key.setText(real_store.key.access)
    form.secret.setText("NotTheSecretAtAll")
    section.places.test.click()
    qtbot.waitUntil(lambda: "did not pass" in section.places.banner.accessibleName(), timeout=LONG)
    form.secret.setText(real_store.key.secret)
    section.places.test.click()
    qtbot.waitUntil(lambda: "Tested" in section.places.banner.accessibleName(), timeout=LONG)

    section, invitation = invited(office)
    file = tmp_path / "invitation.json"
    section.inviting.save_to(invitation.invitation, file)
    qtbot.waitUntil(file.exists, timeout=LONG)
    laptop = start(tmp_path / "laptop" / "home")
    screen = join_screen(laptop)
    screen.form.file.edit.setText(str(file))
    qtbot.waitUntil(screen.form.said.isVisible, timeout=LONG)
    assert screen.form.folder.isHidden()
    assert screen.form.store.isHidden()
    screen.go_on.click()
    qtbot.waitUntil(lambda: screen.step == DIGITS, timeout=LONG)
    let_in(office, section, screen.digits.text())
    screen.look()
    qtbot.waitUntil(lambda: screen.step == WHO, timeout=LONG)
    screen.password.setText(made.PASSWORD)
    screen.go_on.click()
    laptop.scene(Shell)
    kept = b"".join(one.read_bytes() for one in (tmp_path / "laptop").rglob("*") if one.is_file())
    assert real_store.key.secret.encode() not in kept
    assert office.noted == laptop.noted == []


def test_what_was_typed_is_there_again_and_a_closed_window_asks_nobody(
    start: Starter, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "laptop" / "home"
    first = start(folder)
    screen = join_screen(first)
    screen.form.folder.edit.setText("/srv/half a na")
    qtbot.waitUntil(coming.way_file(folder).exists, timeout=LONG)
    first.app.finish()
    # as if it still waited when its timer comes round
    screen.step = DIGITS
    screen.meeting = coming.Meeting(Invitation("x"), syncing.Setup(tmp_path), None, "Laptop")
    screen.look()

    second = start(folder)
    again = join_screen(second)
    qtbot.waitUntil(lambda: again.form.folder.path == "/srv/half a na", timeout=LONG)
    assert again.step == FORM
    again.back.click()
    second.scene(FirstRun)


def test_a_place_that_is_gone_keeps_nobody_out_once_let_in(
    office: Running, start: Starter, share: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    section, invitation = invited(office)
    file = tmp_path / "invitation.json"
    section.inviting.save_to(invitation.invitation, file)
    qtbot.waitUntil(file.exists, timeout=LONG)
    laptop = start(tmp_path / "laptop" / "home")
    screen = join_screen(laptop)
    screen.form.file.edit.setText(str(file))
    screen.form.folder.edit.setText(str(share))
    screen.go_on.click()
    qtbot.waitUntil(lambda: screen.step == DIGITS, timeout=LONG)
    # while it waits too: it says so, and goes on trying
    aside = share.rename(tmp_path / "away")
    screen.look()
    qtbot.waitUntil(lambda: "goes on trying" in screen.note.words, timeout=LONG)
    assert screen.step == DIGITS
    aside.rename(share)
    let_in(office, section, screen.digits.text())
    screen.look()
    qtbot.waitUntil(lambda: screen.step == WHO, timeout=LONG)
    share.rename(aside)
    screen.password.setText(made.PASSWORD)
    screen.go_on.click()
    qtbot.waitUntil(lambda: "Not everything has come yet" in screen.note.words, timeout=LONG)
    screen.go_on.click()
    laptop.scene(Shell)


@pytest.mark.parametrize("waits", [True, False], ids=["waits for it", "does not wait"])
def test_the_record_comes_while_somebody_types_and_need_not_be_waited_for(  # noqa: PLR0917  # fixtures
    office: Running,
    start: Starter,
    share: Path,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    *,
    waits: bool,
) -> None:
    section, invitation = invited(office)
    file = tmp_path / "invitation.json"
    section.inviting.save_to(invitation.invitation, file)
    qtbot.waitUntil(file.exists, timeout=LONG)
    going = threading.Event()
    fetch = coming.fetch

    def slowly(
        waiting: Waiting, meeting: Meeting, target: Path, told: Callable[[int, int], object]
    ) -> Waiting:
        for _ in range(LONG // 50):
            # said again and again: the screen may not listen yet when it is said first
            told(12_000_000, 157_000_000)
            if going.wait(0.05):
                break
        return fetch(waiting, meeting, target, told)

    monkeypatch.setattr(coming, "fetch", slowly)
    laptop = start(tmp_path / "laptop" / "home")
    screen = join_screen(laptop)
    screen.form.file.edit.setText(str(file))
    screen.form.folder.edit.setText(str(share))
    screen.go_on.click()
    qtbot.waitUntil(lambda: screen.step == DIGITS, timeout=LONG)
    let_in(office, section, screen.digits.text())
    screen.look()
    qtbot.waitUntil(lambda: "12.0 MB of 157.0 MB" in screen.coming.text(), timeout=LONG)
    screen.password.setText(made.PASSWORD)
    screen.go_on.click()
    assert "as soon as the record is here" in screen.note.words
    if waits:
        going.set()
    else:
        screen.go_on.click()
    laptop.scene(Shell)
    going.set()
    assert screen.waiting is not None
    assert (screen.waiting.copy is not None) is waits


def test_words_are_asked_for_again_and_nothing_of_them_is_kept(
    office: Running, start: Starter, share: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    _, invitation = invited(office)
    invitation.show_words.click()
    words = invitation.words.text()
    folder = tmp_path / "laptop" / "home"
    first = start(folder)
    screen = join_screen(first)
    screen.form.kind.set_value(WORDS)
    screen.form.kind.changed.emit(WORDS)
    screen.form.words.setText(words.upper().replace(" ", "-"))
    screen.form.folder.edit.setText(str(share))
    screen.go_on.click()
    qtbot.waitUntil(lambda: screen.step == DIGITS, timeout=LONG)
    first.app.finish()
    for path in (tmp_path / "laptop").rglob("*"):
        assert words not in path.read_bytes().decode("utf-8", "replace")

    again = start(folder).scene(JoinScreen)
    qtbot.waitUntil(lambda: "eight words again" in again.note.words, timeout=LONG)
    assert again.step == FORM
    assert again.form.words.text() == ""
    assert again.form.folder.path == str(share)


@dataclasses.dataclass(frozen=True)
class Unusable:
    """What cannot be used, and what is said of it.

    Args:
        file: The invitation's file.
        folder: The folder.
        field: Where it is said.
        said: What is said.
    """

    file: str
    folder: str
    field: str
    said: str


@pytest.mark.parametrize(
    "case",
    [
        Unusable("", "share", "file", "The invitation is missing."),
        Unusable("gone.json", "share", "file", "There is no file"),
        Unusable("letter.txt", "share", "file", "invitation"),
        Unusable("invitation.json", "gone", "folder", "There is no folder"),
        Unusable("invitation.json", "", "folder", "The folder is missing."),
        Unusable("invitation.json", "other", "file", "not in the storage"),
    ],
    ids=lambda case: f"{case.file}-{case.folder}",
)
def test_what_cannot_be_used_is_said_beside_its_field(
    case: Unusable, start: Starter, tmp_path: Path, qtbot: QtBot
) -> None:
    for name in ("share", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "letter.txt").write_text("Dear Sir", "utf-8")
    home, _ = made.make(tmp_path / "office")
    with home:
        syncing.set_up_folder(home, tmp_path / "share")
        (tmp_path / "invitation.json").write_bytes(
            inviting.invite(home, syncing.transport_of(home)).file
        )
    running = start(tmp_path / "laptop" / "home")
    screen = join_screen(running)
    screen.form.file.edit.setText(str(tmp_path / case.file) if case.file else "")
    screen.form.folder.edit.setText(str(tmp_path / case.folder) if case.folder else "")
    screen.go_on.click()
    shown = screen.form.file if case.field == "file" else screen.form.folder
    qtbot.waitUntil(lambda: case.said in shown.error, timeout=LONG)
    assert screen.step == FORM
    assert screen.go_on.isEnabled()
    assert QApplication.focusWidget() in {shown.edit, None}
