"""A training matrix on the command line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.exchange.matrices import workbook

ROWS: list[list[Any]] = [
    ["Name", "M&H", "Flames"],
    ["Bell, Jo", dt.date(2025, 4, 3), "3/5/25"],
    ["Nobody Here", "N/A", "booked 3/4"],
]


@pytest.fixture
def matrix(tmp_path: Path) -> Path:
    """Write a matrix with a course and a person that nobody knows."""
    file = tmp_path / "matrix.xlsx"
    file.write_bytes(workbook({"2025": ROWS}).getvalue())
    return file


def test_a_matrix_comes_in_with_what_was_said_about_it(cli: Cli, matrix: Path) -> None:
    jo = cli.add("staff", "name=Jo Bell", "job_role=nurse")
    moving = cli.add("course", "name=Moving and assisting people", "refresh_months=12")
    fire = cli.add("course", "name=Fire safety", "refresh_months=12")
    words = ("import", "training-matrix", str(matrix))
    tried = cli.json(*words, "--dry-run")
    assert (tried["batch"], tried["added"], tried["rejects_file"]) == (None, 1, None)
    assert tried["rejected"] == [
        {"row": 2, "problems": ["No course is called “Flames”."]},
    ]
    done = cli.json(*words, "--map", "Flames=Fire safety")
    assert (done["added"], done["rejected"]) == (2, [])
    found = {
        (one["staff"], one["course"], one["completed"])
        for one in cli.json("list", "training_record")
    }
    assert found == {(jo, moving, "2025-04-03"), (jo, fire, "2025-05-03")}
    # what a heading means is remembered
    again = cli.json(*words)
    assert (again["added"], again["unchanged"], again["batch"]) == (0, 2, None)
    assert cli.json("undo", "--batch", done["batch"])["undone"] == 2


def test_people_are_told_what_is_asked_and_noted(cli: Cli, matrix: Path) -> None:
    cli.add("staff", "name=Jo Bell", "job_role=nurse")
    said = cli("import", "training-matrix", str(matrix), "--new-courses", "--dry-run").out
    assert "Training records: 2 added" in said
    assert "Courses added: M&H, Flames." in said
    assert "They were read as: completed. (--days completed|expires)" in said
    assert "Note on row 3: C3 (Nobody Here, Flames): “booked 3/4” is no training yet." in said


def test_american_days_must_be_said(cli: Cli, tmp_path: Path) -> None:
    cli.add("staff", "name=Jo Bell", "job_role=nurse")
    cli.add("course", "name=Fire safety")
    file = tmp_path / "matrix.csv"
    file.write_text("Name,Fire safety\nJo Bell,04/25/2025\n", encoding="utf-8")
    error = cli.error("import", "training-matrix", str(file))
    assert error["code"] == "dates"
    assert "04/25/2025 in B2" in error["message"]
    assert cli.json("import", "training-matrix", str(file), "--first", "month")["added"] == 1


def test_what_does_not_belong_together_is_a_mistake_of_usage(cli: Cli, matrix: Path) -> None:
    for words in (
        ("training-matrix", str(matrix), "--no-header"), ("staff", str(matrix), "--days", "completed"),
        ("training-matrix", str(matrix), "--map", "Flames"),
    ):  # fmt: skip
        assert cli.error("import", *words, code=2)["code"] == "usage"
    error = cli.error("import", "training-matrix", str(matrix), "--map", "Knitting=")
    assert (error["code"], "“Knitting”" in error["message"]) == ("no-column", True)
    error = cli.error("import", "training-matrix", str(matrix), "--same", "Ann Day=")
    assert (error["code"], "“Ann Day”" in error["message"]) == ("no-column", True)
