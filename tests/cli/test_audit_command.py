"""The commands audit, erase and verify against what other places have seen."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from liaison.store import heads
from tests import homes as made
from tests.cli.conftest import Cli

ERASE = "erase"


@pytest.fixture
def mary(cli: Cli) -> str:
    """Add a resident and correct her room."""
    identity = cli.add("resident", "name=Mary Jones", "room=4", "alerts=Likes to be called Polly")
    cli("set", "resident", identity, "room=5", "--reason", "moved downstairs")
    return identity


def head_of(home: Path) -> str:
    """Return the head of a home's log as the foot of the audit report shows it."""
    with made.unlock(home) as opened:
        (head,) = heads.heads_of(opened.store.connection)
    return heads.to_text(head)


def test_audit_tells_changes_and_accesses_newest_first(cli: Cli, mary: str) -> None:
    cli("show", "resident", mary)
    found: list[dict[str, Any]] = cli.json("audit")
    assert [one["did"] for one in found] == [
        "opened", "changed", "sign in", "added", "added", "added", "added",
    ]  # fmt: skip
    opened, changed, *_ = found
    assert list(opened) == [
        "id", "at", "by", "pc", "did", "type", "record", "title", "reason", "detail", "fields",
    ]  # fmt: skip
    assert (opened["type"], opened["record"], opened["title"]) == ("resident", mary, "Mary Jones")
    assert changed["fields"] == {"room": {"from": "4", "to": "5"}}
    assert (changed["by"], changed["reason"]) == (made.MANAGER, "moved downstairs")
    said = cli("audit").out
    assert re.search(r"\w{3} \d+ \w{3} \d{4}, \d\d:\d\d  Kate Morgan, on .*: opened Resident", said)
    assert mary not in said


def test_audit_is_filtered_by_person_type_kind_and_day(cli: Cli, mary: str) -> None:
    cli("show", "resident", mary)

    def did(*words: str) -> list[str]:
        return [one["did"] for one in cli.json("audit", *words)]

    assert did("--type", "resident") == ["changed", "added"]
    assert did("--type", "opened") == ["opened"]
    assert did("--type", "sign in", "--type", "opened") == ["opened", "sign in"]
    assert did("--type", "access_event") == ["opened", "sign in"]
    assert did("--who", made.MANAGER, "--type", "resident") == ["changed", "added"]
    assert did("--from", "today", "--to", "today", "--type", "resident") == ["changed", "added"]
    assert did("--to", "-1d") == []
    assert did("--from", "tomorrow") == []
    assert did("--limit", "1") == ["opened"]
    assert cli("audit", "--to", "-1d").out == "Nothing.\n"
    cli("audit", "--type", "resident", "--type", "opened", code=2)
    assert cli.error("audit", "--who", "Nobody")["code"] == "not-found"


def test_erase_needs_a_manager_a_reason_and_two_confirmations(cli: Cli, mary: str) -> None:
    words = (ERASE, "resident", mary, "alerts")
    cli(*words, code=2)
    assert cli.error(*words, "--reason", "x", "--confirm")["code"] == "not-confirmed"
    assert cli.json("show", "resident", mary)["alerts"] == "Likes to be called Polly"
    done = cli.json(*words, "--reason", "Asked for on 3 March", "--confirm", "--confirm")
    assert done == {"erased": ["alerts"], "changes": 1}
    assert cli.json("show", "resident", mary)["alerts"] is None
    told = cli("history", "resident", mary).out
    assert "Polly" not in told
    assert "Asked for on 3 March" in told
    assert cli.json("verify", "--deep")["damage"] == []
    newest = cli.json("audit", "--type", "resident")[0]
    assert newest["did"] == "erased by law"
    assert newest["fields"] == {"alerts": {"from": "", "to": "erased by law"}}


def test_erase_says_what_can_be_erased_and_that_backups_still_hold_it(cli: Cli, mary: str) -> None:
    sure = ("--reason", "x", "--confirm", "--confirm")
    error = cli.error(ERASE, "resident", mary, "practice", *sure)
    assert error["code"] == "not-erasable"
    assert "alerts" in error["message"]
    assert "Backups made before" in cli(ERASE, "resident", mary, "alerts", *sure).out
    change = cli.json("history", "resident", mary)[-1]["id"]
    assert cli.error("undo", change)["code"] == "erased"


# ---- what other places have seen


def test_a_log_that_went_on_holds_all_that_was_seen_of_it(
    cli: Cli, mary: str, tmp_path: Path
) -> None:
    cli("backup", str(tmp_path / "b"))
    head = head_of(cli.home)
    cli("set", "resident", mary, "room=6")
    against = ("--against-backup", str(tmp_path / "b"), "--against-head", head.lower())
    assert cli.json("verify", *against)["damage"] == []


def test_an_older_copy_is_told_by_what_a_backup_and_paper_have_seen(
    cli: Cli, mary: str, tmp_path: Path
) -> None:
    shutil.copytree(cli.home, tmp_path / "older")
    cli("set", "resident", mary, "room=6")
    cli("set", "resident", mary, "room=7")
    cli("backup", str(tmp_path / "b"))
    head = head_of(cli.home)
    shutil.rmtree(cli.home)
    shutil.move(tmp_path / "older", cli.home)
    for against, many in (
        (("--against-backup", str(tmp_path / "b")), "2 saves are missing"),
        (("--against-head", head), "3 saves are missing"),
    ):
        (damage,) = cli("--json", "verify", *against, code=3).json["damage"]
        assert many in damage["what"]
        assert "20" in damage["what"]


def test_another_log_of_the_same_length_is_told(cli: Cli, mary: str, tmp_path: Path) -> None:
    shutil.copytree(cli.home, tmp_path / "older")
    cli("set", "resident", mary, "room=6")
    head = head_of(cli.home)
    shutil.rmtree(cli.home)
    shutil.move(tmp_path / "older", cli.home)
    cli("set", "resident", mary, "room=66")
    (damage,) = cli("--json", "verify", "--against-head", head, code=3).json["damage"]
    assert "was changed since" in damage["what"]


def test_what_is_no_head_and_no_backup_is_refused(cli: Cli, tmp_path: Path) -> None:
    assert cli.error("verify", "--against-head", "4211")["code"] == "head"
    (tmp_path / "x").write_text("x")
    error = cli.error("verify", "--against-backup", str(tmp_path / "x"))
    assert error["code"] == "damaged-backup"
