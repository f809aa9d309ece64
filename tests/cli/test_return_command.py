"""The workforce return on the command line."""

from __future__ import annotations

from pathlib import Path

from liaison.exchange import workforce
from tests.cli.conftest import Cli


def test_the_return_is_checked_then_written(cli: Cli, tmp_path: Path) -> None:
    course = cli.add("course", "name=Fire safety", "category=6", "refresh_months=12")
    for name, words in (("Jo Bell", ["worker_reference=W1"]), ("Al Hill", [])):
        cli.add("staff", f"name={name}", "job_role=nurse", *words)
        cli.add("training_record", f"staff={name}", f"course={course}", "completed=2025-03-15")
    cli("set", "home", "workforce_reference=WH1")
    file = tmp_path / "return.csv"
    checked = cli.json("export", "asc-wds", str(file), "--check")
    assert (checked["rows"], checked["file"]) == (1, None)
    (refused,) = checked["refused"]
    assert (refused["type"], refused["about"], refused["records"]) == ("staff", "Al Hill", 1)
    assert not file.exists()
    done = cli.json("export", "asc-wds", str(file))
    assert done == {**checked, "file": str(file)}
    (line,) = workforce.read_lines(file.read_bytes())
    assert line[:4] == ["WH1", "W1", "6", "Fire safety"]
    said = cli("export", "asc-wds", str(file)).out
    assert "1 training record of 1 member of staff written" in said
    assert "Al Hill: Workforce return worker: it is missing." in said
    assert cli.error("export", "staff", str(file), "--check", code=2)["code"] == "usage"
    assert cli.error("export", "asc-wds", str(file), "--only", "x", code=2)["code"] == "usage"
