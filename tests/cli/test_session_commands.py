"""Sessions, skills and the dates staff keep on the command line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def ana(cli: Cli) -> str:
    return cli.add("staff", "name=Ana Silva", "job_role=care assistant", "started=2020-01-01")


@pytest.fixture
def ben(cli: Cli) -> str:
    return cli.add("staff", "name=Ben Hall", "job_role=care assistant", "started=2020-01-01")


@pytest.fixture
def course(cli: Cli) -> str:
    return cli.add("course", "name=Catheter care round")


def test_a_session_is_booked_held_and_certified_for_everybody(
    cli: Cli, ana: str, ben: str, course: str, tmp_path: Path
) -> None:
    session = cli.add("session", f"course={course}", "at=2026-01-05 14:00", "capacity=2")
    booked = cli.json("session", "book", session, "Ana Silva", ben)
    assert (booked["free"], [one["status"] for one in booked["staff"]]) == (0, ["booked"] * 2)
    assert [one["id"] for one in cli.json("session", "list")] == [session]
    assert "who came is not recorded" in cli("session", "list").out
    done = cli.json("session", "attended", session, "Ana Silva")
    assert [(one["name"], one["status"]) for one in done["staff"]] == [
        ("Ana Silva", "attended"),
        ("Ben Hall", "did not attend"),
    ]
    trained = cli.json("show", "training_record", done["staff"][0]["training_record"])
    assert (trained["completed"], trained["session"]) == ("2026-01-05", session)
    assert [one["id"] for one in cli.json("session", "list", "--past")] == [session]
    paper = tmp_path / "ana silva.txt"
    paper.write_text("Certificate")
    assert cli.json("session", "certify", session, str(paper)) == {"attached": 1, "known": []}
    assert cli.json("session", "certify", session, str(paper), "--all") == {
        "attached": 0, "known": ["ana silva.txt"],
    }  # fmt: skip
    unnamed = paper.rename(tmp_path / "scan.txt")
    assert cli.error("session", "certify", session, str(unnamed))["code"] == "not-found"
    assert cli.error("session", "cancel", session, "--reason", "Ill")["code"] == "nothing-to-do"


def test_a_place_is_given_up_and_a_session_cancelled(cli: Cli, ana: str, course: str) -> None:
    session = cli.add("session", f"course={course}", "at=2026-01-05 14:00")
    cli.json("session", "book", session, ana)
    assert cli.json("session", "give-up", session, ana, "--reason", "On leave")["staff"] == []
    assert cli.error("session", "give-up", session, ana, "--reason", "x")["code"] == "not-found"
    assert cli.json("session", "cancel", session, "--reason", "Ill")["status"] == "cancelled"
    assert cli("session", "list").out == "None.\n"


def test_skills_are_signed_off_and_stand_with_the_dates_staff_keep(
    cli: Cli, ana: str, ben: str
) -> None:
    cli.add("contact", "name=Helen Ashworth")
    made = cli.json(
        "sign-off", "Insulin by pen", "Ana Silva", ben, "--level", "competent",
        "--by", "Helen Ashworth", "--on", "2025-01-05", "--review", "2026-01-05",
    )  # fmt: skip
    found = cli.json("skills", "--for", ana)
    assert [(one["id"], one["state"], one["assessor"], one["level"]) for one in found] == [
        (made[0], "late", "Helen Ashworth", "competent")
    ]
    assert cli("skills", "--on", "2025-06-01").out.count("review due Mon 5 Jan 2026") == 2
    planned = cli.add("supervision", f"staff={ana}", "kind=supervision", "planned=2026-02-02")
    kinds = {one["kind"]: one["state"] for one in cli.json("readiness", "--for", ana)}
    assert kinds == {"skill": "late", "supervision": "late", "appraisal": "none", "dbs": "none"}
    ahead = (dt.datetime.now(dt.UTC) + dt.timedelta(days=300)).date().isoformat()
    cli.json("supervision", "held", planned, "--on", "2026-02-03", "--next", ahead)
    assert "Insulin by pen" in cli("readiness").out
    assert cli.error("supervision", "held", planned)["code"] == "nothing-to-do"
    assert cli.error("sign-off", "Hoist", "Nobody", "--level", "aware")["code"] == "not-found"


def test_certificates_of_e_learning_are_recorded_for_whom_their_names_say_and_never_twice(
    cli: Cli, ana: str, ben: str, course: str, tmp_path: Path
) -> None:
    paper = tmp_path / "ana silva.txt"
    paper.write_text("Certificate")
    words = ("certificate", "Catheter care round", "--on", "13/06/2026")
    done = cli.json(*words, str(paper), "--by", "Skills Online", "--reference", "AB 12")
    assert (done["recorded"], done["attached"], list(done["records"])) == (1, 1, [ana])
    shown = cli.json("show", "training_record", done["records"][ana])
    assert (shown["completed"], shown["delivery"]) == ("2026-06-13", "e-learning")
    assert (shown["taught_by"], shown["notes"]) == ("Skills Online", "Certificate AB 12")
    again = cli.json(*words, str(paper), "--for", ana, "--for", "Ben Hall")
    assert (again["recorded"], again["attached"]) == (1, 1)
    assert again["known"] == ["ana silva.txt"]
    unnamed = paper.rename(tmp_path / "scan.txt")
    assert cli.error(*words, str(unnamed))["code"] == "not-found"
    # month first, as in America: asked for, not guessed
    american = cli.error("certificate", course, str(unnamed), "--for", ana, "--on", "06/13/2026")
    assert "06/13/2026" in american["message"]
    assert len(cli.json("list", "training_record")) == 2
