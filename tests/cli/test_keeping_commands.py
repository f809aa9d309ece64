"""Backups and health on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from liaison.services import backups
from tests import homes as made
from tests.cli.conftest import Cli


def test_backups_are_made_listed_and_gone_over(cli: Cli, tmp_path: Path) -> None:
    cli.add("resident", "name=Mary Jones")
    by_hand = cli.json("backup", str(tmp_path / "a.liaison-backup"))
    assert set(by_hand) == {"file", "size", "sha256"}
    automatic = cli.json("backup", "--automatic")
    assert Path(automatic["file"]).parent.name == "Backups"
    listed = cli.json("backups")
    assert listed["keep"] == {"daily": 7, "weekly": 4, "monthly": 12}
    assert [(one["file"], one["automatic"], one["state"]) for one in listed["backups"]] == [
        (automatic["file"], True, "good"),
        (by_hand["file"], False, "good"),
    ]
    assert "by themselves on closing" in cli("backups").out
    found = cli.json("backups", "--check", by_hand["file"])
    assert found["damage"] == []
    assert found["changes"] > 0
    made.flip(Path(by_hand["file"]), by_hand["size"] // 2)
    assert cli.error("backups", "--check", by_hand["file"])["code"] == "damaged-backup"


@pytest.mark.parametrize("words", [(), ("a.liaison-backup", "--automatic")])
def test_either_a_file_or_automatic(cli: Cli, words: tuple[str, ...]) -> None:
    cli("backup", *words, code=2)


def test_a_look_inside_writes_nothing(cli: Cli, tmp_path: Path) -> None:
    cli.add("resident", "name=Mary Jones")
    file = cli.json("backup", str(tmp_path / "a.liaison-backup"))["file"]
    before = made.names(tmp_path)
    found = cli.json("restore", file, "--look")
    assert found["name"] == made.NAME
    assert found["counts"]["Residents"] == 1
    assert [one["role"] for one in found["people"]] == ["manager"]
    words = cli("restore", file, "--look").out
    assert "1 resident\n" in words
    assert "(Manager)" in words
    assert "Mary" not in words
    assert made.names(tmp_path) == before


def test_the_recovery_key_of_its_time_brings_a_backup_back(
    cli: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, key = made.make(tmp_path / "old")
    with home:
        backups.by_hand(home, tmp_path / "a.liaison-backup")
    (tmp_path / "key.txt").write_text(f"Recovery key\n{key.text}\n", "utf-8")
    other = Cli(tmp_path / "back", capsys)
    back = other.json(
        "restore", str(tmp_path / "a.liaison-backup"), "--recovery-file", str(tmp_path / "key.txt")
    )
    assert back["home"] == str(tmp_path / "back")
    made.unlock(tmp_path / "back").close()


def test_health_in_words_and_for_scripts(cli: Cli) -> None:
    found = cli.json("health")
    assert set(found) == {"at", "state", "checks"}
    names = [one["name"] for one in found["checks"]]
    assert names[:2] == ["Keys", "Database"]
    states = {one["name"]: one["state"] for one in found["checks"]}
    assert states["Last check of everything"] == "look"
    cli("verify")
    states = {one["name"]: one["state"] for one in cli.json("health")["checks"]}
    assert states["Last check of everything"] == "good"
    assert "All " in cli("health", "--check").out
