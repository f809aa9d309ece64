"""What an inspector asks first, on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from liaison.services import mailing
from tests.cli.conftest import Cli


def test_every_question_has_its_answer_and_names_the_records_behind_it(cli: Cli) -> None:
    cli.add("resident", "name=Mary Ellis", "gp_choice=own choice")
    cli.add("resident", "name=Joan Frost")
    answers = {one["question"]: one for one in cli.json("glance")}
    assert (answers["own-gp"]["count"], answers["own-gp"]["whole"]) == (1, 2)
    assert answers["own-gp"]["state"] == "due"
    said = cli("glance").out
    assert (
        "! Has everybody chosen their GP? 1 of 2 residents' choices of GP recorded. [own-gp]"
        in said
    )
    assert "Joan" not in said
    behind = cli.json("glance", "own-gp")
    assert [(row["title"], row["counts"]) for row in behind] == [
        ("Joan Frost", False),
        ("Mary Ellis", True),
    ]
    assert "Joan Frost: Not recorded" in cli("glance", "own-gp").out
    assert cli("glance", "open").out.strip() == "Nothing is recorded of this in the period."


def test_an_unknown_question_and_a_backward_period_are_said_plainly(cli: Cli) -> None:
    assert cli.error("glance", "weather")["code"] == "no-question"
    assert "before" in cli.error("glance", "--from", "2026-05-01", "--to", "2026-04-01")["message"]


def test_a_report_is_handed_to_the_mail_program_when_asked_and_that_is_noted(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    got: list[tuple[Path, str]] = []
    takes = [True, False]

    def attach(file: Path, subject: str) -> bool:
        got.append((file, subject))
        return takes.pop(0)

    monkeypatch.setattr(mailing, "attach", attach)
    file = tmp_path / "Mary Ellis.pdf"
    asked = ("report", "at-a-glance", "--out", str(file), "--mail")
    assert cli.json(*asked)["mailed"] is True
    assert got == [(file, "At a glance")], "the subject names nobody"
    said = cli(*asked).out
    assert "attach it to a message by hand" in said
    assert "It has no password" in said
    assert "Handed to the mail program: Mary Ellis.pdf" in cli("audit").out
