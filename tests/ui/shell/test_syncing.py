"""The window exchanges with the home's other PCs by itself; a storage that fails disturbs nobody."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from liaison.services import homes, people, syncing
from liaison.services.pcs import meeting_places, removing
from liaison.sync import folder as folders
from liaison.sync.folder import Folder
from liaison.ui import jobs as jobs_of
from liaison.ui import window
from liaison.ui.parts.exchanging import Seen, headline
from liaison.ui.shell import syncing as exchanging
from liaison.ui.shell.shell import Shell
from liaison.ui.shell.syncing_popover import ExchangePopover
from liaison.ui.threshold.unlock import UnlockScreen
from tests import homes as made
from tests.services.pcs.houses import add_manager
from tests.sync.real_store import RealStore
from tests.ui.running import Running, Starter
from tests.ui.shell.pages import Today
from tests.ui.shell.sharing import NURSES, Pair, add, residents

WAIT = 20_000


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair.build(tmp_path_factory.mktemp("pair") / "home")


@pytest.fixture
def pair(built: Pair, tmp_path: Path) -> Pair:
    return built.copied(tmp_path / "pair")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for what is put off."""
    for place, name in (
        (exchanging, "FIRST_MS"), (exchanging, "SOON_MS"), (window, "_EXCHANGING_MS"),
    ):  # fmt: skip
        monkeypatch.setattr(place, name, 20)


def opened(start: Starter, folder: Path) -> tuple[Running, Shell]:
    running = start(folder, exchanges=True)
    return running, running.unlock()


def says(shell: Shell, qtbot: QtBot, words: str) -> None:
    try:
        qtbot.waitUntil(lambda: shell.header.saved.text() == words, timeout=WAIT)
    except Exception as fault:
        raise AssertionError(shell.header.saved.text()) from fault


def test_what_another_pc_wrote_appears_by_itself(start: Starter, pair: Pair, qtbot: QtBot) -> None:
    with pair.at_nurses() as nurses:
        add(nurses, "Harold Penn")
        syncing.once(nurses)
    _, shell = opened(start, pair.office)
    today = shell.page
    assert isinstance(today, Today)
    qtbot.waitUntil(lambda: "Harold Penn" in today.residents, timeout=WAIT)
    says(shell, qtbot, "Up to date")


def heard(shell: Shell) -> list[str]:
    """Return what the header says from now on of how it stands, as it comes."""
    said: list[str] = []

    def hear(seen: Seen) -> None:
        line = headline(seen, shell.desk.now())
        said.append(line.words if line else "")

    shell.desk.exchange_told.connect(hear)
    return said


def test_what_is_saved_here_is_sent_soon_after(start: Starter, pair: Pair, qtbot: QtBot) -> None:
    _, shell = opened(start, pair.office)
    says(shell, qtbot, "Up to date")
    said = heard(shell)
    shell.desk.jobs.write(lambda home: add(home, "Harold Penn"))
    qtbot.waitUntil(lambda: "Saved here, 1 to send" in said, timeout=WAIT)
    qtbot.waitUntil(lambda: said[-1] == "Up to date", timeout=WAIT)
    with pair.at_nurses() as nurses:
        syncing.once(nurses)
        assert "Harold Penn" in residents(nurses)


def test_two_windows_follow_each_other(start: Starter, pair: Pair, qtbot: QtBot) -> None:
    _follow(start, pair, qtbot)


def test_two_windows_follow_each_other_through_an_object_store(
    start: Starter, pair: Pair, qtbot: QtBot, real_store: RealStore
) -> None:
    access = real_store.access()
    for folder in (pair.office, pair.nurses):
        with made.unlock(folder) as home:
            assert meeting_places.set_up_store(home, access).fault is None
            meeting_places.leave(home, folder=True)
    shutil.rmtree(pair.share)
    _follow(start, pair, qtbot)


def _follow(start: Starter, pair: Pair, qtbot: QtBot) -> None:
    _, office = opened(start, pair.office)
    _, nurses = opened(start, pair.nurses)
    office.desk.jobs.write(lambda home: add(home, "Harold Penn"))
    nurses.desk.jobs.write(lambda home: add(home, "Grace Adeyemi"))
    both = {"Harold Penn", "Grace Adeyemi", "Margaret Ellis"}

    def asked() -> bool:
        for shell in (office, nurses):
            shell.desk.exchange_wanted.emit()
        pages = [shell.page for shell in (office, nurses)]
        return all(isinstance(page, Today) and both <= set(page.residents) for page in pages)

    qtbot.waitUntil(asked, timeout=WAIT)
    for shell in (office, nurses):
        says(shell, qtbot, "Up to date")


def test_a_folder_that_is_gone_is_said_and_found_again(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    _, shell = opened(start, pair.office)
    says(shell, qtbot, "Up to date")
    pair.share.rename(pair.root / "unplugged")
    shell.desk.jobs.write(lambda home: add(home, "Harold Penn"))
    says(shell, qtbot, "Saved here, 1 to send")
    qtbot.waitUntil(lambda: shell.header.saved.toolTip() != "", timeout=WAIT)
    shell.header.saved.click()
    assert isinstance(shell.exchange, ExchangePopover)
    popover = shell.exchange
    qtbot.waitUntil(lambda: "1 save waits to be sent" in popover.line.text(), timeout=WAIT)
    assert popover.title.text() == "Your work is saved here"
    (pair.root / "unplugged").rename(pair.share)
    popover.now.click()
    qtbot.waitUntil(lambda: popover.title.text() == "Your work is safe", timeout=WAIT)
    assert popover.rows[0].name.endswith(", this one")
    assert [row.name for row in popover.rows[1:]] == [NURSES]


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let every folder hang, like a network drive whose server is gone, until the event is set."""
    free = threading.Event()
    listed = Folder.list

    def hang(self: Folder, prefix: str, after: str = "") -> list[str]:
        if "share" in str(self.path):
            free.wait(60)
        return listed(self, prefix, after)

    monkeypatch.setattr(folders.Folder, "list", hang)
    for place, seconds in ((exchanging, "SILENT_SECONDS"), (jobs_of, "_ERRAND_SECONDS")):
        monkeypatch.setattr(place, seconds, 0.3)
    monkeypatch.setattr(exchanging, "LEAVING_MS", 300)
    yield free
    free.set()


def test_a_folder_that_hangs_stops_neither_saving_nor_locking_nor_closing(
    start: Starter, pair: Pair, qtbot: QtBot, hanging: threading.Event
) -> None:
    running, shell = opened(start, pair.office)
    exchange = running.app.exchanging
    qtbot.waitUntil(lambda: exchange.is_at_work, timeout=WAIT)
    saved: list[int] = []
    shell.desk.jobs.write(lambda home: add(home, "Harold Penn"), saved.append)
    qtbot.waitUntil(lambda: bool(saved), timeout=5_000)
    # on a slow PC the folder has been silent for too long before this can be said
    either = {"Saved here, 1 to send", "Other PCs not reached"}
    qtbot.waitUntil(lambda: shell.header.saved.text() in either, timeout=WAIT)
    qtbot.waitUntil(lambda: "does not answer" in str(exchange.seen.trouble), timeout=WAIT)
    running.app.lock()
    running.scene(UnlockScreen)
    shell = running.unlock()
    today = shell.page
    assert isinstance(today, Today)
    qtbot.waitUntil(lambda: "Harold Penn" in today.residents, timeout=WAIT)
    with qtbot.waitSignal(running.app.ended, timeout=10_000):
        running.app.leave()
    assert running.app.jobs.hangs
    assert not hanging.is_set()


def test_sealed_packets_travel_while_the_home_is_locked(
    start: Starter, pair: Pair, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, shell = opened(start, pair.office)
    says(shell, qtbot, "Up to date")
    monkeypatch.setattr(exchanging, "EVERY_MS", 50)
    running.app.lock()
    running.scene(UnlockScreen)
    with pair.at_nurses() as nurses:
        add(nurses, "Harold Penn")
        syncing.once(nurses)
    fetched = pair.office / "exchange" / "fetched"
    qtbot.waitUntil(lambda: any(fetched.rglob("*.seg")), timeout=WAIT)
    # nobody has looked into it, and once the home is unlocked no storage is needed for it
    monkeypatch.setattr(exchanging, "EVERY_MS", 60_000)
    shutil.rmtree(pair.share)
    pair.share.mkdir()
    today = running.unlock().page
    assert isinstance(today, Today)
    qtbot.waitUntil(lambda: "Harold Penn" in today.residents, timeout=WAIT)


def test_what_was_saved_just_before_locking_is_sent_all_the_same(
    start: Starter, pair: Pair, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, shell = opened(start, pair.office)
    says(shell, qtbot, "Up to date")
    monkeypatch.setattr(exchanging, "SOON_MS", 60_000)
    before = len(list(pair.share.rglob("*.seg")))
    shell.desk.jobs.write(lambda home: add(home, "Harold Penn"))
    running.app.lock()
    running.scene(UnlockScreen)
    qtbot.waitUntil(lambda: len(list(pair.share.rglob("*.seg"))) > before, timeout=WAIT)
    with pair.at_nurses() as nurses:
        syncing.once(nurses)
        assert "Harold Penn" in residents(nurses)


def test_the_database_gets_another_key_when_somebody_was_let_go_elsewhere(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    with pair.at_nurses() as nurses:
        ann = add_manager(nurses)
        syncing.once(nurses)
    with homes.open_home(pair.office, made.MANAGER, made.PASSWORD) as office:
        syncing.once(office)
        before = office.unlocked.vault.database.current
    with pair.at_nurses() as nurses:
        people.remove(nurses, ann, "She has left.")
        syncing.once(nurses)
    running = start(pair.office, exchanges=True, user=made.MANAGER)
    shell = running.unlock()
    home = running.app.jobs.home
    assert home is not None
    qtbot.waitUntil(lambda: home.unlocked.vault.database.current != before, timeout=WAIT)
    # everybody works on, and so does the exchange
    today = shell.page
    assert isinstance(today, Today)
    shell.desk.jobs.write(lambda opened: add(opened, "Harold Penn"))
    qtbot.waitUntil(lambda: "Harold Penn" in today.residents, timeout=WAIT)
    shell.desk.exchange_wanted.emit()
    qtbot.waitUntil(lambda: shell.desk.jobs.is_idle, timeout=WAIT)
    says(shell, qtbot, "Up to date")


def test_closing_sends_what_was_written_a_moment_ago(
    start: Starter, pair: Pair, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, shell = opened(start, pair.office)
    says(shell, qtbot, "Up to date")
    monkeypatch.setattr(exchanging, "SOON_MS", 60_000)
    shell.desk.jobs.write(lambda home: add(home, "Harold Penn"))
    with qtbot.waitSignal(running.app.ended, timeout=WAIT):
        running.app.leave()
    with pair.at_nurses() as nurses:
        syncing.once(nurses)
        assert "Harold Penn" in residents(nurses)


def test_a_pc_that_was_removed_says_so_and_works_on(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    with homes.open_home(pair.office, None, made.PASSWORD) as office:
        other = next(one for one in removing.everyone(office) if not one.here)
        removing.remove(office, other.id, "It was stolen.")
        syncing.once(office)
    _, shell = opened(start, pair.nurses)
    words = "PC removed: saved here only"
    says(shell, qtbot, words)
    shell.header.saved.click()
    popover = shell.exchange
    assert isinstance(popover, ExchangePopover)
    saved: list[int] = []
    shell.desk.jobs.write(lambda home: add(home, "Harold Penn"), saved.append)
    qtbot.waitUntil(lambda: bool(saved), timeout=WAIT)
    # neither the header after a save nor what is open over it lets anybody think that it is sent
    qtbot.waitUntil(lambda: "reaches nobody: 1 save so far" in popover.line.text(), timeout=WAIT)
    says(shell, qtbot, words)
    assert "reaches nobody" in shell.header.saved.toolTip()
    shell.desk.say("Harold Penn saved.", lambda: None)
    assert shell.said.toast is not None
    assert "reaches nobody" in shell.said.toast.words
    # what was not saved stays nowhere
    shell.desk.say("There is nothing to print.")
    assert shell.said.toast.words == "There is nothing to print."


def test_a_home_on_one_pc_alone_says_what_is_saved_and_where_more_is_set_up(
    start: Starter, home_folder: Path, qtbot: QtBot
) -> None:
    _, shell = opened(start, home_folder)
    assert shell.header.saved.text() == "Everything is saved"
    shell.header.saved.click()
    assert shell.exchange is not None
    assert shell.exchange.title.text() == "Your work is saved"
    assert shell.exchange.now.isHidden()
    assert shell.exchange.others.isVisible()
    qtbot.waitUntil(lambda: shell.desk.jobs.is_idle, timeout=WAIT)
    assert not (home_folder / "exchange").exists()


def test_a_window_asks_to_sign_in_again_when_another_one_changed_who_may(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    running, shell = opened(start, pair.office)
    says(shell, qtbot, "Up to date")
    with made.unlock(pair.office) as other:
        add_manager(other)
    shell.desk.exchange_wanted.emit()
    qtbot.waitUntil(lambda: isinstance(running.app.frame.scene, UnlockScreen), timeout=WAIT)
    door = running.app.frame.scene
    assert isinstance(door, UnlockScreen)
    assert door.told.startswith("Another window or a command changed the keys of this home")
    # what was changed is seen now, and the round goes through
    says(running.unlock(), qtbot, "Up to date")
