"""Two PCs and a place between them, on the command line: pc, sync, conflicts."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from liaison.cli import progress
from liaison.services import syncing
from liaison.services.homes import OpenHome
from liaison.services.pcs import restored
from liaison.sync.rounds import Round
from tests import homes as made
from tests.cli.conftest import Cli, join
from tests.patient import PATIENCE
from tests.sync.places import Place, StorePlace


def invited(cli: Cli, tmp_path: Path) -> Path:
    """Save an invitation to a file."""
    file = tmp_path / "invitation.json"
    document = cli.json("pc", "invite", "--out", str(file))
    assert document["words"] is None
    assert document["file"] == str(file)
    return file


@pytest.fixture
def invitation(cli: Cli, share: Path, tmp_path: Path) -> Path:
    return invited(cli, tmp_path)


@pytest.fixture
def in_store(cli: Cli, meeting: Place, tmp_path: Path) -> bool:
    """Set the store up, if the PCs meet in one."""
    if not isinstance(meeting, StorePlace):
        return False
    place, key = meeting.access.place, meeting.access.credentials
    file = tmp_path / "key.txt"
    file.write_text(f"access_key_id = {key.access}\nsecret_access_key = {key.secret}\n")
    address = f"{place.endpoint}/{place.bucket}/{place.prefix}"
    cli("sync", "setup", "s3", address, "--credentials", str(file))
    return True


@pytest.fixture
def laptop(cli: Cli, in_store: bool, request: pytest.FixtureRequest, tmp_path: Path) -> Cli:  # noqa: FBT001  # a fixture
    """A second PC that has joined, in a folder or in a store."""
    home = tmp_path / "laptop"
    share = None if in_store else request.getfixturevalue("share")
    file = invited(cli, tmp_path)
    asked = join(cli, share, home, str(file))
    assert asked["state"] == "waiting"
    cli("pc", "approve", asked["digits"])
    joined = join(cli, share, home, str(file))
    assert joined["state"] == "joined"
    assert joined["copied"] is True
    return Cli(home, cli._capsys)


def test_two_pcs_hold_one_record(cli: Cli, laptop: Cli) -> None:
    here = cli.add("resident", "name=Margaret Ellis", "room=12")
    cli("sync", "now")
    laptop("sync", "now")
    assert laptop.json("show", "resident", here)["room"] == "12"
    laptop("set", "resident", here, "room=14")
    laptop("sync", "now")
    answer = cli.json("sync", "now")
    assert answer["changes"] >= 1
    assert answer["needs_newer"] is False
    assert cli.json("show", "resident", here)["room"] == "14"
    assert cli("verify").out.endswith("Everything is as it was written.\n")
    first = laptop.json("pc", "list")[0]
    assert (first["name"], first["here"]) == ("Laptop", True)
    status = laptop.json("sync", "status")
    assert (status["unsent"], status["apart"], status["removed"]) == (0, [], False)


@pytest.mark.both_places
def test_what_two_pcs_wrote_differently_is_listed_and_picked(cli: Cli, laptop: Cli) -> None:
    here = cli.add("resident", "name=Margaret Ellis")
    for one in (cli, laptop):
        one("sync", "now")
    laptop("set", "resident", here, "room=14")
    cli("set", "resident", here, "room=15")
    for one in (laptop, cli, laptop):
        one("sync", "now")
    (found,) = cli.json("conflicts", "list")
    assert (found["type"], found["id"], found["field"]) == ("resident", here, "room")
    assert {one["value"] for one in found["values"]} == {"14", "15"}
    number = next(one["number"] for one in found["values"] if one["value"] == "14")
    assert "Laptop" in cli("conflicts", "list").out
    assert (
        cli.error("conflicts", "pick", "resident", here, "room", "3")["code"] == "no-such-conflict"
    )
    assert cli.json("conflicts", "pick", "resident", here, "room", str(number))["room"] == "14"
    assert cli.json("conflicts", "list") == []
    assert (
        cli.error("conflicts", "pick", "resident", here, "room", "1")["code"] == "no-such-conflict"
    )
    for one in (cli, laptop):
        one("sync", "now")
    assert laptop.json("conflicts", "list") == []


def test_the_status_says_what_waits_and_how_each_pc_stands(cli: Cli, laptop: Cli) -> None:
    laptop.add("resident", "name=Tom Hall")
    for one in (cli, laptop, cli):
        one("sync", "now")
    cli.add("resident", "name=Margaret Ellis")
    status = cli.json("sync", "status")
    assert status["to_send"] == 1
    (other,) = [one for one in status["pcs"] if not one["here"]]
    assert (other["name"], other["quiet_days"], other["behind"]) == ("Laptop", 0, False)
    assert other["packets"] >= 1
    assert other["bytes"] > 0
    told = cli("sync", "status").out
    assert "Saves that wait to be sent: 1" in told
    assert "Laptop: last heard " in told
    assert "clock" not in told
    cli("sync", "now")
    assert cli.json("sync", "status")["to_send"] == 0


def test_a_pc_whose_clock_is_ahead_is_told(
    cli: Cli, laptop: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with made.unlock(laptop.home) as home:
        now = home.store.clock()
        monkeypatch.setattr(home.store, "clock", lambda: now + dt.timedelta(days=900))
        syncing.once(home)
    cli("sync", "now")
    (line,) = [one for one in cli("sync", "status").out.splitlines() if one.startswith("Laptop")]
    assert line.endswith("its clock is wrong: set it right")


def test_somebody_entered_on_two_pcs_is_listed_with_the_command_that_merges(
    cli: Cli, laptop: Cli
) -> None:
    here = cli.add("contact", "name=Grace Adeyemi")
    there = laptop.add("contact", "name=Grace Adeyemi")
    for one in (cli, laptop, cli):
        one("sync", "now")
    (found,) = cli.json("conflicts", "twice")
    assert [one["id"] for one in found["records"]] == [here, there]
    assert found["reasons"] == ["the same name"]
    told = cli("conflicts", "twice").out
    words = next(line for line in told.splitlines() if "liaison merge" in line).split()[1:]
    cli(*words)
    assert cli("conflicts", "twice").out == "Nothing.\n"


def test_a_removed_pc_is_told_so_and_the_others_are_told_what_it_cannot_undo(
    cli: Cli, laptop: Cli
) -> None:
    assert cli.error("pc", "remove", "Lapdog", "--reason", "Stolen.")["code"] == "no-such-pc"
    cli.bare("--home", str(cli.home), "pc", "remove", "Laptop", code=2)
    said = cli("pc", "remove", "laptop", "--reason", "Stolen.")
    assert "stays on it" in said.out
    assert laptop.error("sync", "now")["code"] == "removed-pc"
    assert laptop.json("sync", "status")["removed"] is True
    # it goes on alone, and lets nobody in
    laptop.add("resident", "name=Tom Hall")
    assert laptop.error("pc", "invite")["code"] == "removed-pc"
    sheet = laptop.home.parent / "sheet"
    assert laptop.error("recovery-sheet", "--out", str(sheet))["code"] == "removed-pc"
    assert not sheet.exists()
    again = cli.error("pc", "remove", "Laptop", "--reason", "Stolen.")
    assert "was removed from the home before" in again["message"]
    assert "Laptop: this PC, removed" in laptop("sync", "status").out
    (gone,) = [one for one in cli.json("pc", "list") if one["name"] == "Laptop"]
    assert gone["removed"]


def test_words_do_as_well_and_bad_ones_are_told(cli: Cli, share: Path, tmp_path: Path) -> None:
    words = cli.json("pc", "invite")["words"].split()
    assert len(words) == 8
    home = tmp_path / "laptop"
    for bad in ((*words[:7],), (*words[:7], "qqqq"), (str(tmp_path / "none.json"),)):
        assert join(cli, share, home, *bad, code=1)["error"]["message"]
    assert "none was typed" in join(cli, share, home, "", code=1)["error"]["message"]
    (tmp_path / "letter.txt").write_text("Dear Kate")
    error = join(cli, share, home, str(tmp_path / "letter.txt"), code=1)["error"]
    assert error["code"] == "bad-invitation"
    asked = join(cli, share, home, *words)
    assert (asked["state"], asked["home"]) == ("waiting", made.NAME)
    (asks,) = cli.json("pc", "approve")
    assert asks == {"name": "Laptop", "digits": asked["digits"], "contested": False}


def test_every_bad_way_to_join_is_told_in_plain_words(
    cli: Cli, share: Path, invitation: Path, tmp_path: Path
) -> None:
    home = tmp_path / "laptop"
    assert cli.error("pc", "approve", "123456")["code"] == "no-such-request"
    asked = join(cli, share, home, str(invitation))
    for typed in (("abc",), ("12345",), ("123", "45a6"), ("1234567",)):
        error = cli.error("pc", "approve", *typed)
        assert error["code"] == "not-six-digits", typed
        assert "not six digits" in error["message"], typed
        assert (
            "Type the six digits that the new PC shows" in cli("pc", "approve", *typed, code=1).err
        )
        assert error["kept"] == "Nothing was changed, and no PC was let in."
    wrong = f"{(int(asked['digits']) + 1) % 1_000_000:06}"
    assert cli.error("pc", "approve", wrong)["code"] == "no-such-request"
    missing = join(cli, tmp_path / "nowhere", home, str(invitation), code=1)
    assert missing["error"]["code"] == "no-folder"
    (tmp_path / "empty").mkdir()
    other = join(cli, tmp_path / "empty", home, str(invitation), code=1)
    assert other["error"]["code"] == "no-such-invitation"
    taken = join(cli, share, cli.home, str(invitation), code=1)
    assert taken["error"]["code"] == "already-joined"
    cli("pc", "approve", asked["digits"][:3], asked["digits"][3:])
    used = join(cli, share, tmp_path / "another", str(invitation), code=1)
    assert used["error"]["code"] == "invitation-used"
    join(cli, share, home, str(invitation))
    again = join(cli, share, home, str(invitation), code=1)
    assert again["error"]["code"] == "already-joined"


def test_without_a_storage_each_command_says_what_to_do(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in (("sync", "now"), ("pc", "invite"), ("pc", "approve")):
        assert cli.error(*words)["code"] == "no-storage"
    assert cli.error("sync", "setup", "folder", str(tmp_path / "none"))["code"] == "no-folder"
    closed = tmp_path / "read-only"
    closed.mkdir()
    with monkeypatch.context() as patch:
        # the rights of a folder say nothing to an administrator
        patch.setattr(os, "access", lambda _, how: not how & os.W_OK)
        assert cli.error("sync", "setup", "folder", str(closed))["code"] == "read-only"
    for near in (cli.home, cli.home.parent):
        assert cli.error("sync", "setup", "folder", str(near))["code"] == "bad-place"
    assert cli.json("sync", "status")["storage"] is None
    assert cli("sync", "status").out.startswith("This home is on this PC alone.\n")


def test_a_folder_that_is_unplugged_is_told_and_nothing_is_lost(cli: Cli, share: Path) -> None:
    share.rename(share.with_name("elsewhere"))
    error = cli.error("sync", "now")
    assert error["kept"]
    cli.add("resident", "name=Margaret Ellis")
    share.with_name("elsewhere").rename(share)
    assert cli.json("sync", "now")["unsent"] == 0


def test_another_process_fetches_what_this_one_sent(cli: Cli, laptop: Cli) -> None:
    cli.add("resident", "name=Margaret Ellis")
    cli("sync", "now")
    ran = subprocess.run(
        [sys.executable, "-m", "liaison", "--json", "--home", str(laptop.home), "sync", "now"],
        capture_output=True, check=False, cwd=made.ROOT, env=os.environ, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["changes"] >= 1
    assert laptop.json("list", "resident")[0]["name"] == "Margaret Ellis"


def test_what_a_removed_pc_wrote_on_is_looked_through_and_taken_in_or_left_out(
    cli: Cli, laptop: Cli
) -> None:
    kept = laptop.json("add", "service", "name=Podiatry")["id"]
    laptop.json("add", "service", "name=Nonsense")
    laptop.json("sync", "now")
    cli("pc", "remove", "Laptop", "--reason", "Lost on the bus.")
    found = {one["title"]: one for one in cli.json("pc", "review") if one["can_be_taken_in"]}
    assert set(found) == {"Podiatry", "Nonsense"}
    assert "A manager looks through it: “liaison pc review”." in cli("sync", "status").out
    told = cli("pc", "review", found["Podiatry"]["id"]).out
    assert "Added: Service Podiatry" in told
    assert cli("pc", "take-in", found["Podiatry"]["id"]).out == "Taken in again: Podiatry.\n"
    assert cli.json("show", "service", kept)["name"] == "Podiatry"
    cli("pc", "leave-out", found["Nonsense"]["id"], "--reason", "Never asked for.")
    assert not [one for one in cli.json("pc", "review") if one["can_be_taken_in"]]
    assert [one["title"] for one in cli.json("pc", "review", "--left-out")] == ["Nonsense"]
    cli("pc", "take-in", found["Podiatry"]["id"], code=1)
    # there is nobody to ask
    asked = ("pc", "erase", found["Nonsense"]["id"], "--reason", "A family's request.")
    cli(*asked, "--confirm", code=1)
    told = cli(*asked, "--confirm", "--confirm").out
    assert "Backups made before" in told
    assert cli.json("pc", "review", "--left-out") == []


def test_an_open_invitation_is_listed_and_withdrawn(cli: Cli, share: Path) -> None:
    words = cli.json("pc", "invite")["words"]
    (found,) = cli.json("pc", "invitations")
    assert found["id"][:8] in cli("pc", "invitations").out
    withdrawn = cli.json("pc", "withdraw", found["id"][:8])
    assert (withdrawn["sent"], withdrawn["used"]) == (True, False)
    assert cli.json("pc", "invitations") == []
    join(cli, share, share.parent / "laptop", words, code=1)
    cli("pc", "withdraw", found["id"], code=1)
    # an invitation that nobody can be given does not stay open
    for file in (share, share / "none" / "invitation.json"):
        cli.error("pc", "invite", "--out", str(file))
    assert cli.json("pc", "invitations") == []


@pytest.mark.folder_alone("a third PC joins by words, which name no store")
def test_pcs_of_one_name_are_told_apart_and_renamed(cli: Cli, laptop: Cli, share: Path) -> None:
    words = cli.json("pc", "invite")["words"]
    asked = join(cli, share, share.parent / "another", words)
    assert "2 PCs are called “Laptop” now" in cli("pc", "approve", asked["digits"]).out
    same = [one for one in cli.json("pc", "list") if one["name"] == "Laptop"]
    listed = cli("pc", "list").out
    assert all(one["id"] in listed for one in same)
    assert cli.error("pc", "rename", "Laptop", "Night office PC")["code"] == "no-such-pc"
    cli("pc", "rename", same[0]["id"], "Night office PC")
    assert same[0]["id"] not in cli("pc", "list").out
    assert "Night office PC, joined" in cli("pc", "list").out


@pytest.mark.folder_alone("a backup names the store")
def test_a_pc_brought_back_says_that_it_meets_the_others_nowhere(
    cli: Cli, laptop: Cli, share: Path, tmp_path: Path
) -> None:
    cli("backup", str(tmp_path / "of-the-office.liaison-backup"))
    office = Cli(tmp_path / "brought back", cli._capsys)
    told = office("restore", str(tmp_path / "of-the-office.liaison-backup")).out
    assert restored.NOWHERE in told
    assert office("sync", "status").out.startswith(restored.NOWHERE)
    office("sync", "setup", "folder", str(share))
    office("sync", "now")
    assert restored.NOWHERE not in office("sync", "status").out


def test_another_invitation_gives_up_the_first_only_when_told_to(
    cli: Cli, share: Path, invitation: Path, tmp_path: Path
) -> None:
    home = tmp_path / "laptop"
    asked = join(cli, share, home, str(invitation))
    second = cli.json("pc", "invite")["words"]
    assert join(cli, share, home, second, code=1)["error"]["code"] == "asked-before"
    said = cli.bare("--home", str(home), "pc", "join", second, "--folder", str(share), code=1).err
    assert "say --again" in said
    # nor is a home of its own made where the other is to lie
    own = ("--home", str(home), "init", "--name", "Own", "--person", "Sam")
    assert cli.bare("--json", *own, code=1).error["code"] == "asked-before"
    cli("pc", "approve", asked["digits"])
    said = cli.bare("--home", str(home), "pc", "join", second, "--folder", str(share), code=1).err
    assert "has let this PC in" in said
    assert join(cli, share, home, second, "--again")["state"] == "waiting"
    asks = Cli(home, cli._capsys).error("list", "resident")
    assert "repeat “liaison pc join”" in asks["message"]
    assert join(cli, share, home, str(invitation), code=1)["error"]["code"] == "asked-before"


def test_an_invitation_that_was_withdrawn_stands_in_nobodys_way(
    cli: Cli, share: Path, tmp_path: Path
) -> None:
    home = tmp_path / "laptop"
    join(cli, share, home, cli.json("pc", "invite")["words"])
    (first,) = cli.json("pc", "invitations")
    cli("pc", "withdraw", first["id"])
    second = cli.json("pc", "invite")["words"]
    assert join(cli, share, home, second)["state"] == "waiting"


def test_words_in_another_order_are_named_as_a_cause(cli: Cli, share: Path, tmp_path: Path) -> None:
    words = cli.json("pc", "invite")["words"].split()
    words.reverse()
    line = ("--home", str(tmp_path / "laptop"), "pc", "join", *words, "--folder", str(share))
    assert "all eight words are right, in their order" in cli.bare(*line, code=1).err


def test_another_place_takes_the_first_ones_place_only_when_told_to(
    cli: Cli, share: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    setup = ("sync", "setup", "folder")
    assert cli.json(*setup, str(share)) == {"storage": str(share)}
    error = cli.error(*setup, str(other))
    assert (error["code"], str(share) in error["message"]) == ("other-place", True)
    assert cli.json("sync", "status")["storage"] == str(share)
    assert cli.json(*setup, str(other), "--instead") == {"storage": str(other)}


def test_who_waits_for_a_storage_is_told_for_what(
    cli: Cli, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    said = threading.Event()

    def hear(words: str) -> None:
        told.append(words)
        said.set()

    once = syncing.once

    def slow(home: OpenHome) -> Round:
        assert said.wait(PATIENCE / 1000)
        return once(home)

    monkeypatch.setattr(progress, "_SLOW_S", 0)
    monkeypatch.setattr(progress, "note", hear)
    monkeypatch.setattr(syncing, "once", slow)
    cli("sync", "now")
    (words,) = told
    assert words.startswith(f"Waiting for {share} ... Ctrl+C stops it")
