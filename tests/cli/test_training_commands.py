"""matrix, compliance and report as their users type them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pypdfium2
import pytest

from liaison.services import reporting
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


def cell(made: Any, staff: str, course: str) -> dict[str, Any]:
    (found,) = [one["cells"][course] for one in made["staff"] if one["id"] == staff]
    assert isinstance(found, dict)
    return found


def test_matrix_lists_courses_and_staff_with_each_state_and_its_dates(
    cli: Cli, trained: dict[str, str]
) -> None:
    made = cli.json("matrix", "--on", "2024-09-01")
    assert made["on"] == "2024-09-01"
    assert [(c["id"], c["name"], c["held"], c["required"]) for c in made["courses"]] == [
        (trained["fire"], "Fire safety", 1, 2),
        (trained["data"], "Data security", 2, 3),
    ]
    assert [(one["id"], one["name"], len(one["cells"])) for one in made["staff"]] == [
        (trained[name], name, 2) for name in ("Ann", "Ben", "Caz")
    ]
    assert cell(made, trained["Ann"], trained["fire"]) == {
        "state": "in date",
        "completed": "2024-02-29",
        "expires": "2025-02-27",
        "required": True,
        "in_date": True,
        "booked": None,
        "required_from": None,
        "training_record": trained["record"],
        "session": None,
        "exemption": None,
    }
    booked = cell(made, trained["Ben"], trained["fire"])
    assert (booked["state"], booked["in_date"]) == ("booked", False)
    assert (booked["booked"], booked["session"]) == (
        "2024-09-10T13:30:00+01:00",
        trained["session"],
    )
    exempt = cell(made, trained["Caz"], trained["fire"])
    assert (exempt["state"], exempt["required"]) == ("exempt", False)
    assert cell(made, trained["Caz"], trained["data"])["state"] == "missing"
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
        {"course": None, "name": "Every required course", "held": 1, "required": 3,
         "percent": 33.3, "target": None, "met": None},
        {"course": trained["fire"], "name": "Fire safety", "held": 1, "required": 2,
         "percent": 50.0, "target": None, "met": None},
        {"course": trained["data"], "name": "Data security", "held": 2, "required": 3,
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
    empty = cli.json("matrix")
    assert (empty["courses"], empty["staff"], cli.json("gaps")) == ([], [], [])
    (everything,) = cli.json("compliance")
    assert (everything["held"], everything["required"], everything["percent"]) == (0, 0, 100.0)
    assert cli("compliance").out == "Every required course: There is nobody on the staff list.\n"
    assert cli("matrix").out == "There is nobody on the staff list.\n"
    cli.add("course", "name=Fire safety")
    assert cli.json("compliance", "--course", "Fire safety") == []
    assert cli("compliance", "--course", "Fire safety").out == "Nobody needs it.\n"


def test_matrix_goes_into_a_workbook_with_dates_as_dates(
    cli: Cli, trained: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "matrix.xlsx"
    assert cli.json("matrix", "--on", "2024-09-01", "--out", str(file)) == {
        "rows": 3, "file": str(file),
    }  # fmt: skip
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["How they stand", "Runs out", "Completed"]
    states, ends, done = ([[c.value for c in row] for row in sheet] for sheet in book)
    assert states[0] == ["Name", "Job role", "Team", "Fire safety", "Data security"]
    assert states[1:] == [
        ["Ann", "Nurse", None, "in date", "in date"],
        ["Ben", "Nurse", None, "booked for Tue 10 Sep 2024, 13:30", "in date"],
        ["Caz", "Nurse", None, "exempt", "missing"],
    ]
    assert [at.date() for at in ends[1][3:]] == [dt.date(2025, 2, 27), dt.date(2025, 2, 28)]
    assert [at.date() for at in done[1][3:]] == [dt.date(2024, 2, 29), dt.date(2024, 3, 1)]
    # an earlier one is replaced, somebody's own workbook and other files are not
    cli("matrix", "--out", str(file))
    openpyxl.Workbook().save(tmp_path / "mine.xlsx")
    assert cli.error("matrix", "--out", str(tmp_path / "mine.xlsx"))["code"] == "already-exists"
    assert cli.error("matrix", "--out", str(tmp_path / "mine.csv"))["code"] == "no-format"
    inside = str(cli.home / "matrix.xlsx")
    assert cli.error("matrix", "--out", inside)["code"] == "bad-place"


def test_the_same_certificate_twice_is_told_and_kept_once(
    cli: Cli, trained: dict[str, str]
) -> None:
    again = ("add", "training_record", "staff=Ann", f"course={trained['fire']}")
    said = cli.error(*again, "completed=2024-02-29")
    assert "This training is recorded already." in said["message"]
    assert len(cli.json("list", "training_record", "--where", f"course={trained['fire']}")) == 1
    cli("strike", "training_record", trained["record"], "--reason", "Wrong day")
    cli(*again, "completed=2024-02-29")


def test_compliance_by_role_by_team_and_by_month(cli: Cli, trained: dict[str, str]) -> None:
    (role,) = cli.json("compliance", "--on", "2024-09-01", "--by", "role")
    assert role == {
        "role": "nurse", "name": "Nurse", "held": 1, "required": 3, "percent": 33.3,
        "courses_held": 3, "courses_required": 5,
    }  # fmt: skip
    (team,) = cli.json("compliance", "--on", "2024-09-01", "--by", "team")
    assert (team["team"], team["name"], team["held"]) == (None, "Not recorded", 1)
    months = cli.json("compliance", "--on", "2024-09-01", "--by", "month")
    assert [month["on"] for month in months][-8:] == [
        "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30", "2024-07-31",
        "2024-08-31", "2024-09-01",
    ]  # fmt: skip
    # Ann's fire training of 29 February is there, her data security of 1 March not yet
    assert [(m["held"], m["courses_held"]) for m in months][-8:-6] == [(0, 1), (1, 3)]
    assert cli.error("compliance", "--by", "role", "--course", "Fire safety", code=2)


def test_gaps_lists_what_is_missing_and_runs_out(cli: Cli, trained: dict[str, str]) -> None:
    on = ("--on", "2024-12-15")
    assert [
        (gap["staff"], gap["course"], gap["state"], gap["runs_out"])
        for gap in cli.json("gaps", "--within", "74", *on)
    ] == [
        (trained["Ben"], trained["fire"], "missing", None),
        (trained["Caz"], trained["data"], "missing", None),
        (trained["Ann"], trained["fire"], "due soon", "2025-02-27"),
    ]
    assert len(cli.json("gaps", *on)) == 5
    out = cli("gaps", "--within", "74", "--plan", "--at-once", "1", *on).out.splitlines()
    assert out[0] == "2 missing or out of date; 1 more run out within 74 days."
    assert "Ann, Fire safety: runs out on Thu 27 Feb 2025" in out
    assert [line for line in out if line.startswith("Plan")] == [
        "Plan Fire safety: closes 1 gap. Ben",
        "Plan Data security: closes 1 gap. Caz",
        "Plan Fire safety: closes 1 gap. Ann",
    ]
    planned = cli.json("gaps", "--plan", *on)
    assert [(s["course"], s["closes"]) for s in planned["sessions"]] == [
        (trained["data"], 3), (trained["fire"], 2),
    ]  # fmt: skip
    assert cli.error("gaps", "--within", "-1")["code"] == "bad-number"
    assert cli.error("gaps", "--plan", "--at-once", "0")["code"] == "bad-number"
    assert cli.error("gaps", "--at-once", "2", code=2)["code"] == "usage"


def test_lineage_goes_from_the_teacher_from_outside_down(cli: Cli, trained: dict[str, str]) -> None:
    nurse = cli.add("contact", "name=Grace Adeyemi")
    first = cli.add(
        "session", f"course={trained['fire']}", "at=2024-01-10 14:00", "status=happened",
        f"teacher_contact={nurse}",
    )  # fmt: skip
    for name in ("Ann", "Ben"):
        cli.add("attendance", f"session={first}", f"staff={name}", "status=attended")
    second = cli.add(
        "session", f"course={trained['fire']}", "at=2025-03-10 14:00", "status=happened",
        "teacher_staff=Ann",
    )  # fmt: skip
    cli.add("attendance", f"session={second}", "staff=Caz", "status=attended")
    top, below = cli.json("lineage", "fire safety")
    assert {key: top[key] for key in ("session", "at", "teacher", "from")} == {
        "session": first, "at": "2024-01-10T14:00:00+00:00", "teacher": nurse, "from": None,
    }  # fmt: skip
    assert set(top["taught"]) == {trained["Ann"], trained["Ben"]}
    assert (below["session"], below["teacher"], below["taught"], below["from"]) == (
        second, trained["Ann"], [trained["Caz"]], first,
    )  # fmt: skip
    assert below["warnings"] == ["Ann's own training ran out on Thu 27 Feb 2025."]
    assert cli("lineage", "Fire safety").out.splitlines()[1:] == [
        "    Mon 10 Mar 2025, 14:00: Ann, Our staff taught Caz",
        "        ! Ann's own training ran out on Thu 27 Feb 2025.",
    ]
    assert [one["session"] for one in cli.json("lineage", "Fire safety", "--on", "2024-12-31")] == [
        first
    ]
    assert cli("lineage", "Data security").out == (
        "No session of Data security is recorded as held.\n"
    )
    assert cli.error("lineage", "Juggling")["code"] == "not-found"


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
    assert [report["name"] for report in listed] == list(reporting.names())
    assert {"visits", "training-matrix", "gap-plan", "lineage"} <= set(reporting.names())
    assert listed[0] == {
        "name": "visits",
        "title": "Visits",
        "about": listed[0]["about"],
        "period": True,
        "on": False,
        "since": False,
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
