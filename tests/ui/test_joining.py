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
from liaison.services.pcs import coming, inviting, meeting_places
from liaison.services.pcs.coming import Meeting
from liaison.services.pcs.joining import Waiting
from liaison.store import query
from liaison.sync.folder import Folder
from liaison.ui.pages import PAGES
from liaison.ui.pages.settings.pcs.inviting import InvitationLine
from liaison.ui.pages.settings.pcs.lines import AskLine
from liaison.ui.shell.shell import Shell
from liaison.ui.threshold.first_run import FirstRun
from liaison.ui.threshold.joining import DIGITS, FORM, JoinScreen
from liaison.ui.threshold.joining_form import WORDS
from tests import homes as made
from tests.sync.real_store import RealStore
from tests.ui.joining import LONG, Inviting, Joining
from tests.ui.running import Starter

pytestmark = pytest.mark.usefixtures("cheap_digits")


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


@pytest.fixture
def office(home_folder: Path, share: Path, start: Starter) -> Inviting:
    """The window of a home that has a resident, and meets other PCs in a folder."""
    with made.unlock(home_folder) as home:
        editing.add(home, Resident(name="Margaret Ellis", room="12"))
        meeting_places.set_up_folder(home, share)
        syncing.once(home)
    running = start(home_folder, pages=PAGES)
    running.unlock()
    return Inviting.at(running)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the home of the second PC will lie."""
    return tmp_path / "laptop" / "home"


def asks(office: Inviting, start: Starter, folder: Path, share: Path) -> Joining:
    """Let a second window ask to join, with a file."""
    laptop = Joining.at(start, folder)
    laptop.fill_in(office.invite_with_file(share.parent), share)
    laptop.ask()
    return laptop


def test_a_second_window_joins_with_a_file_and_shows_the_same_record(
    office: Inviting, start: Starter, folder: Path, share: Path, qtbot: QtBot
) -> None:
    laptop = Joining.at(start, folder)
    screen = laptop.screen
    laptop.fill_in(office.invite_with_file(share.parent), share)
    screen.form.name.setText("Laptop")
    laptop.ask()
    assert not folder.exists()
    laptop.be_let_in(office)
    assert screen.who.name == made.MANAGER
    qtbot.waitUntil(screen.who.copy.isHidden, timeout=LONG)
    assert screen.waiting is not None
    assert screen.waiting.copy is not None
    laptop.unlock("not it at all")
    qtbot.waitUntil(lambda: bool(screen.who.password_field.error), timeout=LONG)
    laptop.unlock()
    laptop.running.scene(Shell)
    found: list[str] = []

    def look() -> bool:
        laptop.running.app.jobs.read(
            lambda store: query.every(store, query.Query("resident")),
            lambda records: found.extend(str(getattr(one, "name", "")) for one in records),
        )
        qtbot.wait(20)
        return "Margaret Ellis" in found

    qtbot.waitUntil(look, timeout=LONG)
    section = office.section
    section.refresh()
    qtbot.waitUntil(
        lambda: (
            section.standing is not None and "Laptop" in {one.name for one in section.standing.pcs}
        )
    )
    assert sorted(path.name for path in folder.parent.iterdir()) == ["home"]
    assert office.running.noted == laptop.running.noted == []


def test_after_a_restart_it_goes_on_waiting_and_with_the_same_digits(
    office: Inviting, start: Starter, folder: Path, share: Path, qtbot: QtBot
) -> None:
    first = asks(office, start, folder, share)
    digits = first.digits
    first.running.app.finish()

    running = start(folder)
    again = Joining(running, running.scene(JoinScreen))
    qtbot.waitUntil(lambda: again.screen.step == DIGITS, timeout=LONG)
    assert again.digits == digits
    # the words of the invitation are its secret
    (line,) = office.section.inviting.findChildren(InvitationLine)
    assert line.invitation.words not in coming.way_file(folder).read_text("utf-8")


def test_another_invitation_gives_up_the_first_when_it_is_asked_with_twice(
    home_folder: Path, start: Starter, folder: Path, share: Path, qtbot: QtBot
) -> None:
    files = [share.parent / name for name in ("first.json", "second.json")]
    with made.unlock(home_folder) as home:
        meeting_places.set_up_folder(home, share)
        for file in files:
            file.write_bytes(inviting.invite(home, Folder(share)).file)
    laptop = Joining.at(start, folder)
    laptop.fill_in(files[0], share)
    laptop.ask()
    digits, screen = laptop.digits, laptop.screen
    screen.back.click()
    laptop.fill_in(files[1], share)
    screen.go_on.click()
    qtbot.waitUntil(lambda: "ask once more" in screen.form.file.error, timeout=LONG)
    laptop.fill_in(files[0], share)
    laptop.ask()
    assert laptop.digits == digits
    screen.back.click()
    laptop.fill_in(files[1], share)
    screen.go_on.click()
    qtbot.waitUntil(lambda: "ask once more" in screen.form.file.error, timeout=LONG)
    laptop.ask()
    assert laptop.digits != digits


def test_through_an_online_store_nothing_is_typed_on_the_second_pc(
    home_folder: Path, start: Starter, real_store: RealStore, folder: Path, qtbot: QtBot
) -> None:
    running = start(home_folder, pages=PAGES)
    running.unlock()
    office = Inviting.at(running)
    places, place = office.section.places, real_store.access().place
    places.by_store.click()
    places.store.address.setText(f"{place.endpoint}/{place.bucket}/{place.prefix}")
    places.store.key.setText(real_store.key.access)
    places.store.secret.setText("NotTheSecretAtAll")
    places.store_part.test.click()
    qtbot.waitUntil(lambda: "did not pass" in places.banner.accessibleName(), timeout=LONG)
    places.store.secret.setText(real_store.key.secret)
    places.store_part.test.click()
    qtbot.waitUntil(lambda: "Tested" in places.banner.accessibleName(), timeout=LONG)

    laptop = Joining.at(start, folder)
    form = laptop.screen.form
    form.file.edit.setText(str(office.invite_with_file(home_folder.parent)))
    qtbot.waitUntil(form.said.isVisible, timeout=LONG)
    assert form.folder.isHidden()
    assert form.store.isHidden()
    laptop.ask()
    laptop.be_let_in(office)
    laptop.unlock()
    laptop.running.scene(Shell)
    kept = b"".join(one.read_bytes() for one in folder.parent.rglob("*") if one.is_file())
    assert real_store.key.secret.encode() not in kept
    assert running.noted == laptop.running.noted == []


def test_what_was_typed_is_there_again_and_a_closed_window_asks_nobody(
    start: Starter, tmp_path: Path, folder: Path, qtbot: QtBot
) -> None:
    first = Joining.at(start, folder)
    screen = first.screen
    screen.form.folder.edit.setText("/srv/half a na")
    qtbot.waitUntil(coming.way_file(folder).exists, timeout=LONG)
    first.running.app.finish()
    # as if it still waited when its timer comes round
    screen.step = DIGITS
    screen.meeting = coming.Meeting(Invitation("x"), meeting_places.Setup(tmp_path), None, "Laptop")
    screen.look()

    second = Joining.at(start, folder)
    again = second.screen
    qtbot.waitUntil(lambda: again.form.folder.path == "/srv/half a na", timeout=LONG)
    assert again.step == FORM
    again.back.click()
    second.running.scene(FirstRun)


def test_a_place_that_is_gone_keeps_nobody_out_once_let_in(
    office: Inviting, start: Starter, folder: Path, share: Path, qtbot: QtBot
) -> None:
    laptop = asks(office, start, folder, share)
    screen = laptop.screen
    # while it waits too: it says so, and goes on trying
    aside = share.rename(share.with_name("away"))
    screen.look()
    qtbot.waitUntil(lambda: "goes on trying" in screen.note.words, timeout=LONG)
    assert screen.step == DIGITS
    aside.rename(share)
    laptop.be_let_in(office)
    share.rename(aside)
    laptop.unlock()
    qtbot.waitUntil(lambda: "Not everything has come yet" in screen.note.words, timeout=LONG)
    assert screen.filling.progress.isHidden()
    screen.go_on.click()
    laptop.running.scene(Shell)


def test_whoever_lets_a_pc_in_while_the_place_is_gone_is_told_that_it_is_not(
    office: Inviting, start: Starter, folder: Path, share: Path, qtbot: QtBot
) -> None:
    laptop = asks(office, start, folder, share)
    inviting = office.section.inviting
    inviting.look()
    qtbot.waitUntil(lambda: bool(inviting.findChildren(AskLine)), timeout=LONG)
    (line,) = inviting.findChildren(AskLine)
    aside = share.rename(share.with_name("away"))
    line.same.click()
    qtbot.waitUntil(lambda: "was not let in" in inviting.banner.accessibleName(), timeout=LONG)
    assert "Press again" in inviting.banner.accessibleName()
    aside.rename(share)
    laptop.be_let_in(office)


@pytest.mark.parametrize("waits", [True, False], ids=["waits for it", "does not wait"])
def test_the_record_comes_while_somebody_types_and_need_not_be_waited_for(  # noqa: PLR0917  # fixtures
    office: Inviting,
    start: Starter,
    folder: Path,
    share: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    *,
    waits: bool,
) -> None:
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
    laptop = asks(office, start, folder, share)
    screen = laptop.screen
    laptop.be_let_in(office)
    qtbot.waitUntil(lambda: "12.0 MB of 157.0 MB" in screen.who.copy.words.text(), timeout=LONG)
    laptop.unlock()
    assert "as soon as the record is here" in screen.note.words
    assert not screen.who.password.isEnabled()
    if waits:
        going.set()
    else:
        screen.go_on.click()
    laptop.running.scene(Shell)
    going.set()
    assert screen.waiting is not None
    assert (screen.waiting.copy is not None) is waits


def test_words_are_asked_for_again_and_nothing_of_them_is_kept(
    office: Inviting, start: Starter, folder: Path, share: Path, qtbot: QtBot
) -> None:
    invitation = office.invite()
    invitation.show_words.click()
    words = invitation.words.text()
    first = Joining.at(start, folder)
    form = first.screen.form
    form.kind.set_value(WORDS)
    form.kind.changed.emit(WORDS)
    form.words.setText(words.upper().replace(" ", "-"))
    form.folder.edit.setText(str(share))
    first.ask()
    first.running.app.finish()
    for path in folder.parent.rglob("*"):
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
    case: Unusable, start: Starter, tmp_path: Path, folder: Path, qtbot: QtBot
) -> None:
    for name in ("share", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "letter.txt").write_text("Dear Sir", "utf-8")
    home, _ = made.make(tmp_path / "office")
    with home:
        meeting_places.set_up_folder(home, tmp_path / "share")
        (tmp_path / "invitation.json").write_bytes(
            inviting.invite(home, meeting_places.transport_of(home)).file
        )
    laptop = Joining.at(start, folder)
    screen = laptop.screen
    laptop.fill_in(
        tmp_path / case.file if case.file else "", tmp_path / case.folder if case.folder else ""
    )
    screen.go_on.click()
    shown = screen.form.file if case.field == "file" else screen.form.folder
    qtbot.waitUntil(lambda: case.said in shown.error, timeout=LONG)
    assert screen.step == FORM
    assert screen.go_on.isEnabled()
    assert QApplication.focusWidget() in {shown.edit, None}
