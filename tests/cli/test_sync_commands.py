"""What sync, pc and conflicts tell: what happened, what is kept, and a command that goes on from it."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from liaison.services.pcs import joining, letting_in
from liaison.sync.folder import Folder
from tests import homes as made
from tests.cli.conftest import Cli, join

FOLDER, STORE = "sync setup folder", "sync setup s3"


def commands(told: str) -> list[str]:
    """Return the commands that a message names, without what is to be filled in."""
    named = re.findall(r"“liaison ([^”]*)”", told)
    return [" ".join(re.match(r"[a-z0-9 -]*", one)[0].split("--")[0].split()) for one in named]  # type: ignore[index]


def there(cli: Cli, told: str) -> list[str]:
    """Return the commands that a message names, each of which must be one."""
    found = commands(told)
    for one in found:
        assert cli.bare(*one.split(), "--help").out.startswith(f"Usage: liaison {one} "), one
    return found


@pytest.fixture(autouse=True)
def heeds_ctrl_c() -> Iterator[None]:
    """Heed Ctrl+C as at a terminal: what a shell starts in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def ctrl_c(patch: pytest.MonkeyPatch, verb: str, when: Callable[[], bool] = lambda: True) -> None:
    """Let somebody press Ctrl+C while the folder is asked something."""
    real: Callable[..., Any] = getattr(Folder, verb)

    def pressed(folder: Folder, *words: Any) -> Any:
        if when():
            signal.raise_signal(signal.SIGINT)
        return real(folder, *words)

    patch.setattr(Folder, verb, pressed)


def unplug_before(patch: pytest.MonkeyPatch, module: ModuleType, name: str, share: Path) -> None:
    """Let somebody unplug the folder just before something is done with it."""
    real = getattr(module, name)

    def unplugged(*args: Any, **named: Any) -> Any:
        share.rename(share.with_name("elsewhere"))
        return real(*args, **named)

    patch.setattr(module, name, unplugged)


# ---- where the PCs meet


def test_without_a_place_a_folder_and_a_store_are_named(cli: Cli) -> None:
    for words in ("sync now", "sync setup leave folder", "pc invite", "pc approve"):
        error = cli.error(*words.split())
        assert error["code"] == "no-storage"
        assert there(cli, error["message"]) == [FOLDER, STORE]
    assert there(cli, cli("sync", "status").out) == [FOLDER, STORE]


def test_a_place_that_is_not_gone_by_is_not_given_up(cli: Cli, share: Path) -> None:
    error = cli.error("sync", "setup", "leave", "s3")
    assert error["code"] == "no-such-place"
    assert error["kept"] == f"Nothing was changed: they meet in {share}."
    assert cli.error("sync", "setup", "leave", "folder")["code"] == "only-storage"


def test_a_file_is_no_folder_and_a_folder_no_key(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("x")
    said = cli.error("sync", "setup", "folder", str(file))
    assert said["message"] == f"{file} is a file, not a folder. Choose a folder."
    store = ("sync", "setup", "s3", "https://store.example.org/homes", "--credentials")
    assert cli.error(*store, str(tmp_path))["message"].startswith(f"{tmp_path} is a folder.")
    missing = cli.error(*store, str(tmp_path / "none"))
    assert missing["message"].startswith(f"There is no file {tmp_path / 'none'}.")
    for error in (missing, cli.error(*store, str(tmp_path))):
        assert error["code"] == "no-file"
        assert error["kept"] == "Nothing was changed."


# ---- what two PCs wrote, and what a removed one did


@pytest.fixture
def laptop(cli: Cli, share: Path, tmp_path: Path) -> Cli:
    """A second PC that has joined."""
    words, home = cli.json("pc", "invite")["words"], tmp_path / "laptop"
    cli("pc", "approve", join(cli, share, home, words)["digits"])
    assert join(cli, share, home, words)["state"] == "joined"
    return Cli(home, cli._capsys)


def test_every_bad_pick_names_a_list_that_shows_how_to_pick(cli: Cli, laptop: Cli) -> None:
    here = cli.add("resident", "name=Margaret Ellis")
    for one in (cli, laptop):
        one("sync", "now")
    laptop("set", "resident", here, "room=14")
    cli("set", "resident", here, "room=15")
    for one in (laptop, cli):
        one("sync", "now")
    there(cli, cli("sync", "status").out)
    for field, number, said in (
        ("room", "3", "There are 2 values, none with the number “3”."),
        ("room", "0", "none with the number “0”."),
        ("room", "fourteen", "none with the number “fourteen”."),
        ("Room", "1", "Resident has no field “Room”."),
        ("name", "1", "PCs do not differ in “name” there."),
    ):
        error = cli.error("conflicts", "pick", "resident", here, field, number)
        assert said in error["message"]
        assert (error["code"], error["kept"]) == ("no-such-conflict", "Nothing was changed.")
        assert there(cli, error["message"]) == ["conflicts list"]
    told = cli("conflicts", "list").out
    assert there(cli, told) == ["conflicts pick"]
    in_brackets = re.findall(r"\(([^)]*)\)", told)[0].split()
    cli("conflicts", "pick", *in_brackets, "1")
    error = cli.error("conflicts", "pick", *in_brackets, "1")
    assert there(cli, error["message"]) == ["conflicts list"]
    assert cli("conflicts", "list").out == "No differences.\n"


def test_what_a_removed_pc_sent_late_is_told_with_where_to_look(
    cli: Cli, laptop: Cli, share: Path, tmp_path: Path
) -> None:
    share.rename(tmp_path / "elsewhere")
    cli("pc", "remove", "Laptop", "--reason", "Lost on the bus.")
    (tmp_path / "elsewhere").rename(share)
    # it has not heard of it yet
    laptop.json("add", "service", "name=Podiatry")
    laptop("sync", "now")
    told = cli("sync", "now").out
    assert "Something was set apart" in told
    assert there(cli, told) == ["sync status"]
    assert there(cli, cli("sync", "status").out) == ["pc review"]
    assert there(cli, cli("pc", "review").out) == ["pc review"]


# ---- inviting


def test_an_invitation_that_cannot_be_laid_there_does_not_stay_open(
    cli: Cli, share: Path, tmp_path: Path
) -> None:
    share.rename(tmp_path / "elsewhere")
    for words in ((), ("--out", str(tmp_path / "invitation.json"))):
        error = cli.error("pc", "invite", *words)
        assert (error["code"], error["kept"]) == ("no-folder", "No invitation was made.")
    assert cli.json("pc", "invitations") == []
    assert not (tmp_path / "invitation.json").exists()


def test_an_invitation_lies_neither_in_the_home_nor_where_the_pcs_meet(
    cli: Cli, share: Path, tmp_path: Path
) -> None:
    cli("sync", "now")
    (tmp_path / "another way").symlink_to(share)
    for place in (share, share / "v1", cli.home, tmp_path / "another way"):
        error = cli.error("pc", "invite", "--out", str(place / "invitation.json"))
        assert error["code"] == "bad-place"
        assert not (place / "invitation.json").exists()
    assert cli.json("pc", "invitations") == []


def test_whoever_invites_is_told_all_that_is_typed_on_the_new_pc(
    cli: Cli, share: Path, tmp_path: Path
) -> None:
    file = tmp_path / "invitation.json"
    for words in ((), ("--out", str(file))):
        told = cli("pc", "invite", *words).out
        assert there(cli, told) == ["pc join", "pc approve"]
        assert (
            f"Add --folder and where the shared folder is on that PC (here it is {share})" in told
        )
    # one sentence for who holds the file and for who opens it
    care = next(line for line in told.splitlines() if "The file holds keys" in line).split(". ", 1)[
        1
    ]
    assert json.loads(file.read_bytes())["about"].endswith(care)


def test_nobody_is_let_in_while_the_folder_is_gone(cli: Cli, share: Path, tmp_path: Path) -> None:
    digits = join(cli, share, tmp_path / "laptop", cli.json("pc", "invite")["words"])["digits"]
    share.rename(tmp_path / "elsewhere")
    error = cli.error("pc", "approve", digits)
    assert error["code"] == "no-folder"
    assert error["kept"] == "Nothing was changed, and no PC was let in."
    assert [one["here"] for one in cli.json("pc", "list")] == [True]


def test_a_pc_that_is_let_in_as_the_folder_goes_is_told_so_and_comes_in_later(
    cli: Cli, share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, home = cli.json("pc", "invite")["words"], tmp_path / "laptop"
    asked = join(cli, share, home, words)
    with monkeypatch.context() as patch:
        unplug_before(patch, letting_in, "deliver", share)
        error = cli.bare(
            "--json", "--home", str(cli.home), "pc", "approve", asked["digits"], code=1
        ).error
    assert error["kept"].startswith("Laptop belongs to this home now")
    (tmp_path / "elsewhere").rename(share)
    again = cli.error("pc", "approve", asked["digits"])
    assert there(cli, again["message"]) == ["pc list"]
    assert [one["name"] for one in cli.json("pc", "list") if not one["here"]] == ["Laptop"]
    cli("sync", "now")
    assert join(cli, share, home, words)["state"] == "joined"


def test_a_pc_that_has_joined_is_told_that_its_first_exchange_did_not_go_through(
    cli: Cli, share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, home = cli.json("pc", "invite")["words"], tmp_path / "laptop"
    cli("pc", "approve", join(cli, share, home, words)["digits"])
    complete = joining.complete

    def unplugged(*args: Any, **named: Any) -> Any:
        made = complete(*args, **named)
        share.rename(tmp_path / "elsewhere")
        return made

    monkeypatch.setattr(joining, "complete", unplugged)
    told = cli.bare("--home", str(home), "pc", "join", words, "--folder", str(share)).out
    assert "The first exchange did not go through" in told
    assert there(cli, told) == ["sync now"]


def test_a_new_pc_is_told_of_no_home_that_it_does_not_have_yet(
    cli: Cli, share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, home = cli.json("pc", "invite")["words"], tmp_path / "laptop"
    with monkeypatch.context() as patch:
        unplug_before(patch, joining, "ask", share)
        error = join(cli, share, home, words, code=1)["error"]
    assert error["code"] == "no-folder"
    assert error["kept"].startswith("No home was made on this PC yet.")
    (tmp_path / "elsewhere").rename(share)
    assert join(cli, share, home, words)["state"] == "waiting"


def test_without_a_terminal_whoever_made_the_home_joins(
    cli: Cli, share: Path, tmp_path: Path
) -> None:
    given = tmp_path / "given.txt"
    given.write_text("heron kettle violin\n")
    # before the manager's in the alphabet
    for name in ("Aaron Abel", "Agnes Abel"):
        cli("user", "add", name, "--role", "carer", "--new-password-file", str(given))
    words, home = cli.json("pc", "invite")["words"], tmp_path / "laptop"
    cli("pc", "approve", join(cli, share, home, words)["digits"])
    joined = join(cli, share, home, words)
    (manager,) = [one for one in cli.json("list", "person") if one["name"] == made.MANAGER]
    assert (joined["state"], joined["person"]) == ("joined", manager["id"])


# ---- Ctrl+C


def test_a_stopped_exchange_says_that_it_goes_on(
    cli: Cli, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        ctrl_c(patch, "list")
        error = cli.error("sync", "now")
    assert (error["code"], there(cli, error["message"])) == ("stopped", ["sync now"])
    assert error["kept"] == "What was fetched and sent until then stays."
    assert cli.json("sync", "now")["unsent"] == 0


def test_a_stopped_fill_says_that_it_goes_on_and_does(
    cli: Cli, share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, home = cli.json("pc", "invite")["words"], tmp_path / "laptop"
    cli("pc", "approve", join(cli, share, home, words)["digits"])
    with monkeypatch.context() as patch:
        ctrl_c(patch, "get")
        error = join(cli, share, home, words, code=1)["error"]
    assert error["message"] == "Stopped. Repeat this command: it goes on where it stood."
    assert join(cli, share, home, words)["state"] == "joined"


def test_what_was_decided_stands_where_only_the_telling_was_stopped(
    cli: Cli, share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, home = cli.json("pc", "invite")["words"], tmp_path / "laptop"
    cli("pc", "approve", join(cli, share, home, words)["digits"])
    cli("pc", "invite")
    (open_one,) = cli.json("pc", "invitations")
    with monkeypatch.context() as patch:
        ctrl_c(patch, "list")
        withdrawn = cli("pc", "withdraw", open_one["id"]).out
        removed = cli("pc", "remove", "Laptop", "--reason", "Lost on a bus.").out
    for told in (withdrawn, removed):
        assert "It could not be sent yet: You stopped it." in told
        assert there(cli, told) == ["sync now"]
    assert cli.json("pc", "invitations") == []
    (gone,) = [one for one in cli.json("pc", "list") if one["name"] == "Laptop"]
    assert gone["removed"]


def test_a_stopped_invitation_and_a_stopped_approval_say_where_to_look(
    cli: Cli, share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, home = cli.json("pc", "invite")["words"], tmp_path / "laptop"
    digits = join(cli, share, home, words)["digits"]
    with monkeypatch.context() as patch:
        ctrl_c(patch, "put")
        error = cli.error("pc", "invite")
        assert there(cli, error["message"]) == ["pc invitations", "pc withdraw"]
        stopped = cli.bare("--json", "--home", str(cli.home), "pc", "approve", digits, code=1).error
    assert there(cli, stopped["message"]) == ["pc list", "sync now"]
    cli("sync", "now")
    assert join(cli, share, home, words)["state"] == "joined"
