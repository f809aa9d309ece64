"""matrix, compliance and report as their users type them."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from tests.cli.conftest import Cli, process


@pytest.fixture
def trained(cli: Cli) -> dict[str, str]:
    """Three nurses, a yearly and a once-only course, one of each state between them."""
    made = {
        name: cli.add("staff", f"name={name}", "job_role=nurse") for name in ("Ann", "Ben", "Caz")
    }
    made["fire"] = cli.add("course", "name=Fire safety", "refresh_months=12")
    made["data"] = cli.add("course", "name=Data security", "refresh_months=12")
    for course in ("fire", "data"):
        cli.add("requirement", f"course={made[course]}", "job_role=nurse")
    made["record"] = cli.add(
        "training_record", "staff=Ann", f"course={made['fire']}", "completed=29/02/2024"
    )
    cli.add("training_record", "staff=Ann", f"course={made['data']}", "completed=2024-03-01")
    cli.add("training_record", "staff=Ben", f"course={made['data']}", "completed=2024-03-01")
    made["session"] = cli.add("session", f"course={made['fire']}", "at=2024-09-10 13:30")
    cli.add("attendance", f"session={made['session']}", "staff=Ben")
    cli.add("exemption", "staff=Caz", f"course={made['fire']}", "reason=Away")
    return made


def cell(cells: Any, staff: str, course: str) -> dict[str, Any]:
    (found,) = [c for c in cells if (c["staff"], c["course"]) == (staff, course)]
    assert isinstance(found, dict)
    return found


def test_matrix_lists_every_cell_with_its_state_and_dates(
    cli: Cli, trained: dict[str, str]
) -> None:
    cells = cli.json("matrix", "--on", "2024-09-01")
    assert len(cells) == 6
    assert cell(cells, trained["Ann"], trained["fire"]) == {
        "staff": trained["Ann"],
        "course": trained["fire"],
        "state": "in date",
        "required": True,
        "in_date": True,
        "completed": "2024-02-29",
        "runs_out": "2025-02-27",
        "booked": None,
        "required_from": None,
        "job_role": "nurse",
        "training_record": trained["record"],
        "session": None,
        "exemption": None,
    }
    booked = cell(cells, trained["Ben"], trained["fire"])
    assert (booked["state"], booked["in_date"]) == ("booked", False)
    assert (booked["booked"], booked["session"]) == (
        "2024-09-10T13:30:00+01:00",
        trained["session"],
    )
    exempt = cell(cells, trained["Caz"], trained["fire"])
    assert (exempt["state"], exempt["required"]) == ("exempt", False)
    assert cell(cells, trained["Caz"], trained["data"])["state"] == "missing"
    late = cli.json("matrix", "--on", "28/02/2025")
    assert cell(late, trained["Ann"], trained["fire"])["state"] == "out of date"
    assert cell(late, trained["Ann"], trained["data"])["state"] == "due soon"


def test_matrix_in_words_says_what_is_to_be_done(cli: Cli, trained: dict[str, str]) -> None:
    out = cli("matrix", "--on", "2024-09-01").out.splitlines()
    assert out == [
        "1 of 3 staff hold every required course in date.",
        "Ann, Nurse: 2 of 2 in date",
        "Ben, Nurse: 1 of 2 in date",
        "    Fire safety: missing, booked for Tue 10 Sep 2024, 13:30",
        "Caz, Nurse: 0 of 1 in date",
        "    Data security: missing",
    ]
    later = cli("matrix", "--on", "2025-02-28").out
    assert "    Fire safety: ran out on Thu 27 Feb 2025\n" in later
    assert "    Data security: runs out on Fri 28 Feb 2025\n" in later


def test_compliance_is_a_list_of_shares_with_the_national_target(
    cli: Cli, trained: dict[str, str]
) -> None:
    assert cli.json("compliance", "--on", "2024-09-01") == [
        {"course": None, "name": "Every required course", "in_date": 1, "required": 3,
         "percent": 33.3, "target": None, "met": None},
        {"course": trained["fire"], "name": "Fire safety", "in_date": 1, "required": 2,
         "percent": 50.0, "target": None, "met": None},
        {"course": trained["data"], "name": "Data security", "in_date": 2, "required": 3,
         "percent": 66.7, "target": 95, "met": False},
    ]  # fmt: skip
    (only,) = cli.json("compliance", "--on", "2024-09-01", "--course", "fire SAFETY")
    assert only["course"] == trained["fire"]
    out = cli("compliance", "--on", "2024-09-01").out
    assert "Data security: 2 of 3, 66.7 % (target 95 %: missed)" in out
    assert cli("compliance", "--on", "2024-09-01", "--course", trained["fire"]).out == (
        "Fire safety: 1 of 2, 50.0 %\n"
    )


def test_an_empty_home_has_an_empty_matrix(cli: Cli) -> None:
    assert cli.json("matrix") == []
    (everything,) = cli.json("compliance")
    assert (everything["in_date"], everything["required"], everything["percent"]) == (0, 0, 100.0)
    assert cli("compliance").out == "Every required course: There is nobody on the staff list.\n"
    assert cli("matrix").out == "There is nobody on the staff list.\n"
    cli.add("course", "name=Fire safety")
    assert cli.json("compliance", "--course", "Fire safety") == []
    assert cli("compliance", "--course", "Fire safety").out == "Nobody needs it.\n"


def test_a_day_or_a_course_that_is_none_is_a_plain_error(cli: Cli) -> None:
    assert cli.error("matrix", "--on", "31/02/2026")["code"] == "date"
    assert cli.error("compliance", "--on", "soon")["message"].startswith("--on: ")
    assert cli.error("compliance", "--course", "Juggling")["code"] == "not-found"


def test_report_writes_a_file_and_says_so(
    cli: Cli, trained: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "matrix.pdf"
    made = cli.json("report", "training-matrix", "--out", str(file), "--to", "2024-09-01")
    assert made == {
        "pages": 1,
        "file": str(file),
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }
    (page,) = pypdfium2.PdfDocument(file)
    text = page.get_textpage().get_text_range()
    assert "State on 1 September 2024" in text
    assert "Caz" in text
    said = cli("report", "training-matrix", "--on", "2024-09-01", "--out", str(file), "--initials")
    assert said.out == f"Training matrix, 1 page: {file}\n"
    (page,) = pypdfium2.PdfDocument(file)
    assert "Caz" not in page.get_textpage().get_text_range()


def test_report_protects_only_when_asked(cli: Cli, tmp_path: Path) -> None:
    file, password = tmp_path / "visits.pdf", tmp_path / "pass.txt"
    said = cli("report", "visits", "--out", str(file), "--password-out", str(password))
    assert said.out == f"Visits, 1 page: {file}\nIts password is in {password}.\n"
    assert password.read_text().strip() not in said.out
    if os.name != "nt":
        assert password.stat().st_mode & 0o777 == 0o600
    with pikepdf.open(file, password=password.read_text().strip()) as document:
        assert document.encryption.R == 6
    error = cli.error("report", "visits", "--out", str(file), "--password-out", str(password))
    assert error["code"] == "already-exists"


def test_report_list_needs_no_home_and_no_password(tmp_path: Path) -> None:
    ran = process("--json", "--home", str(tmp_path / "none"), "report", "--list")
    assert ran.returncode == 0, ran.stderr
    listed = json.loads(ran.stdout)
    assert [report["name"] for report in listed] == [
        "visits", "training-matrix", "who-to-ring", "directory",
        "record-history", "audit-summary",
    ]  # fmt: skip
    assert listed[0] == {
        "name": "visits",
        "title": "Visits",
        "about": listed[0]["about"],
        "period": True,
        "on": False,
        "for": ["contact", "organisation", "resident"],
        "initials": True,
    }


def test_report_in_words_lists_each_with_what_it_shows(cli: Cli) -> None:
    lines = cli("report", "--list").out.splitlines()
    assert lines[1].startswith("training-matrix   Who holds which course on a day")


@pytest.mark.parametrize(
    ("words", "exit_code", "code", "message"),
    [
        (("vists", "--out", "a.pdf"), 1, "no-report", "Near ones: visits"),
        (("visits", "--out", "a.pdf", "--from", "2026-11-23", "--to", "2026-11-22"), 1, "period",
         "before it begins"),
        (("visits", "--out", "a.pdf", "--for", "Nobody"), 1, "not-found", "There is no contact"),
        (("training-matrix", "--out", "a.pdf", "--for", "Ann"), 1, "not-asked-for", "whole home"),
        (("visits", "--out", "a.pdf", "--to", "32/13/2026"), 1, "date", "--to: "),
        (("visits", "--out", "no such folder/a.pdf"), 1, "no-folder", "does not exist"),
        (("visits",), 2, "usage", "Say --out FILE"),
        ((), 2, "usage", "Say which report"),
        (("visits", "--out", ""), 2, "usage", "names no file"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_a_plain_error_and_leaves_no_file(
    cli: Cli,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    words: tuple[str, ...],
    exit_code: int,
    code: str,
    message: str,
) -> None:
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.chdir(away)
    ran = cli("--json", "report", *words, code=exit_code)
    assert ran.error["code"] == code
    assert message in ran.error["message"]
    assert list(away.iterdir()) == []


def test_a_folder_nobody_may_write_in_is_a_plain_error(cli: Cli, tmp_path: Path) -> None:
    if os.name == "nt" or os.geteuid() == 0:
        # root writes anywhere; a file in the place of the folder is refused to everybody
        closed = tmp_path / "closed"
        closed.write_text("not a folder")
    else:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
    error = cli.error("report", "visits", "--out", str(closed / "visits.pdf"))
    assert error["code"] in {"read-only", "cannot-write"}
