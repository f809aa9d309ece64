"""The NHS's list of practices on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.exchange.practices import as_file, line


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Write an older list and a newer one; return where."""
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_bytes(as_file([line(1), line(2), line(3)]).getvalue())
    rows = [line(1, name="NEW NAME"), line(2, status="C", closed="20240331"), line(3, phone="111")]
    new.write_bytes(as_file(rows).getvalue())
    return str(old), str(new)


def test_a_list_is_loaded_searched_added_and_refreshed(cli: Cli, files: tuple[str, str]) -> None:
    old, new = files
    assert cli.error("ods", "search", "surgery")["code"] == "no-list"
    assert cli.json("ods", "load", old) == {"lines": 3, "gp_practices": 3}
    practice = {
        "code": "L81001", "name": "SURGERY 1", "postcode": "BA11 1AB", "phone": "01373 301301",
        "status": "active",
    }  # fmt: skip
    assert cli.json("ods", "search", "surgery", "L81001") == [practice]
    assert "SURGERY 1, BA11 1AB, 01373 301301, L81001" in cli("ods", "search", "BA111").out
    added = [cli.json("ods", "add", f"L8100{number}") for number in (1, 2, 3)]
    assert added[0] == practice | {"id": added[0]["id"]}
    assert cli.error("ods", "add", "L81001")["code"] == "already-there"
    mary = cli.add("resident", "name=Mary Ellis", "practice=SURGERY 2")
    said = cli.json("ods", "refresh", new)
    assert said == {
        "renamed": [{"code": "L81001", "from": "SURGERY 1", "to": "NEW NAME"}],
        "closed": [{"code": "L81002", "name": "SURGERY 2", "on": "2024-03-31"}],
        "phone": [{"code": "L81003", "from": "01373 301301", "to": "111"}],
        "address": [],
        "residents": {"L81002": [mary]},
    }
    assert cli.json("ods", "refresh", new) == said
    words = cli("ods", "refresh", new).out
    assert "SURGERY 1 (L81001) is now NEW NAME" in words
    assert "SURGERY 2 (L81002) on Sun 31 Mar 2024" in words
    assert "1 resident is with L81002. Nobody is moved." in words
    assert "Nothing was changed." in words
    one = cli.json("ods", "refresh", new, "--accept", "L81002")
    assert one["accepted"] == ["L81002"]
    assert cli.json("show", "organisation", "SURGERY 2")["status"] == "closed"
    assert cli.json("show", "resident", mary)["practice"] == added[1]["id"]
    rest = cli.json("ods", "refresh", new, "--accept", "all")
    assert rest["accepted"] == ["L81001", "L81003"]
    renamed = cli.json("show", "organisation", "NEW NAME")
    assert renamed["former_names"] == ["SURGERY 1"]
    assert "nothing is different" in cli("ods", "refresh", new).out
    assert cli.error("ods", "refresh", new, "--accept", "L81001")["code"] == "no-code"
    cli.json("undo", "--batch", rest["batch"])
    assert len(cli.json("ods", "refresh", new)["renamed"]) == 1


def test_two_lists_are_compared_without_a_home(cli: Cli, files: tuple[str, str]) -> None:
    old, new = files
    said = cli.bare("--json", "ods", "refresh", new, "--against", old).json
    assert list(said) == ["renamed", "closed", "phone", "address", "residents"]
    assert said["closed"] == [{"code": "L81002", "name": "SURGERY 2", "on": "2024-03-31"}]
    assert said["residents"] == {}
    error = cli.error("ods", "refresh", new, "--against", old, "--accept", "all", code=2)
    assert error["code"] == "usage"


def test_a_practice_that_turned_dormant_is_named(cli: Cli, tmp_path: Path) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_bytes(as_file([line(1), line(2)]).getvalue())
    new.write_bytes(as_file([line(1, status="D"), line(2)]).getvalue())
    said = cli.bare("--json", "ods", "refresh", str(new), "--against", str(old)).json
    assert said["dormant"] == [{"code": "L81001", "name": "SURGERY 1"}]
    assert said["closed"] == []
    assert "SURGERY 1 (L81001)" in cli.bare("ods", "refresh", str(new), "--against", str(old)).out


def test_a_wrong_file_is_named(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "epraccur.csv"
    file.write_text("<html>Sign in</html>")
    for words in (("ods", "load"), ("ods", "refresh")):
        error = cli.error(*words, str(file))
        assert "web page" in error["message"]
    assert cli.error("ods", "load", str(tmp_path / "none.csv"))["code"] == "file"
