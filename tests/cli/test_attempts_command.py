"""``attempts``: what was tried, and who has not been reached."""

from __future__ import annotations

from tests.cli.conftest import Cli
from tests.cli.test_commands import ID, assert_for_people


def fill(cli: Cli) -> tuple[str, str]:
    surgery = cli.add("organisation", "name=Meadow Lane", "kind=GP practice")
    grace = cli.add("contact", "name=Grace Adeyemi")
    for word, reached, waited in ((surgery, "no", "20"), (surgery, "no", "7")):
        cli.add("contact_attempt", "at=now", f"organisation={word}", f"reached={reached}",
                f"waited={waited}", "note=Held the line")  # fmt: skip
    cli.add("contact_attempt", "at=now", f"contact={grace}", "reached=yes")
    return surgery, grace


def test_unmet_for_scripts_and_for_people(cli: Cli) -> None:
    surgery, grace = fill(cli)
    (waiting,) = cli.json("attempts", "--unmet")
    assert {name: waiting[name] for name in ("contact", "organisation", "name", "tries", "waited")} == {
        "contact": None, "organisation": surgery, "name": "Meadow Lane", "tries": 2, "waited": 27,
    }  # fmt: skip
    said = cli("attempts", "--unmet").out
    assert said.startswith("Meadow Lane: tried 2 times, 27 minutes in all")
    assert not ID.search(said)
    cli.add("contact_attempt", "at=now", f"organisation={surgery}", "reached=yes")
    assert cli.json("attempts", "--unmet") == []
    assert "Nobody who was tried" in cli("attempts", "--unmet").out
    assert len(cli.json("attempts")) == 4
    assert {one["contact"] for one in cli.json("attempts")} == {None, grace}
    assert cli.json("attempts", "--to", "-1d") == []


def test_all_attempts_are_told_in_words(cli: Cli) -> None:
    fill(cli)
    said = cli("attempts").out
    assert_for_people(said)
    assert not ID.search(said)
    assert "Meadow Lane: no answer, 20 minutes\n      Held the line" in said
    assert "Grace Adeyemi: got through" in said


def test_days_that_make_no_sense_are_told(cli: Cli) -> None:
    assert cli.error("attempts", "--from", "teatime")["code"] == "date"
    assert cli.error("attempts", "--from", "today", "--to", "-3d")["message"]
    assert cli.error("attempts", "--unmet", "--to", "today", code=2)["code"] == "usage"
