"""``who``: for scripts as a list, for people in words."""

from __future__ import annotations

from tests.cli.conftest import Cli
from tests.cli.test_commands import ID, assert_for_people

NIGHT, DAY = "2026-12-25 11:00", "2026-11-19 11:00"


def fill(cli: Cli) -> tuple[str, str]:
    cli.add("service", "name=Catheter care", "synonyms=catheter blocked, wee bag")
    nursing = cli.add(
        "organisation", "name=Tamar Nursing", "kind=community nursing", "phone=01632 960410",
        "phone_out_of_hours=01632 960118", "offers=Catheter care",
    )  # fmt: skip
    grace = cli.add("contact", "name=Grace Adeyemi", "phone=01632 960412",
                    "ask_about=Catheter care", "named_link=yes")  # fmt: skip
    cli.add("post", f"contact={grace}", "role=district nurse", f"organisation={nursing}")
    return grace, nursing


def test_who_for_scripts(cli: Cli) -> None:
    grace, nursing = fill(cli)
    by_day = cli.json("who", "cathater blocked", "--at", DAY)
    assert by_day[0] == {
        "contact": grace,
        "organisation": nursing,
        "phone": "01632 960412",
        "why": "Our named link for catheter care",
        "in_hours": True,
    }
    at_night = cli.json("who", "catheter", "blocked", "--at", NIGHT)
    assert at_night[0] == {
        "contact": None,
        "organisation": nursing,
        "phone": "01632 960118",
        "why": "Offers catheter care",
        "in_hours": False,
    }
    assert (at_night[1]["contact"], at_night[1]["in_hours"]) == (grace, True)
    assert cli.json("who", "zzz") == []


def test_who_for_people(cli: Cli) -> None:
    fill(cli)
    said = cli("who", "catheter", "--at", NIGHT).out
    assert_for_people(said)
    assert not ID.search(said)
    assert said.splitlines()[0] == "Out of hours until Tue 29 Dec 2026, 08:00."
    assert "  01632 960118  Tamar Nursing" in said
    assert "01632 960412  Grace Adeyemi, Tamar Nursing [not before Tue 29 Dec 2026, 08:00]" in said


def test_who_says_what_to_do_when_nobody_is_known(cli: Cli) -> None:
    assert "Nobody in the directory is recorded for 'zzz'" in cli("who", "zzz").out
    assert "name no practice" in cli("who", "zzz").out
    surgery = cli.add("organisation", "name=Meadow Lane", "kind=GP practice", "phone=01632 960200",
                      "phone_out_of_hours=111")  # fmt: skip
    cli("set", "home", f"practice={surgery}")
    assert "Meadow Lane, 111." in cli("who", "zzz", "--at", NIGHT).out


def test_who_is_asked_about_a_resident(cli: Cli) -> None:
    fill(cli)
    cli.add("service", "name=Unwell, needs the doctor")
    own = cli.add("organisation", "name=Harbour View", "kind=GP practice", "phone=01632 960240")
    joan = cli.add("resident", "name=Joan Tully", f"practice={own}")
    found = cli.json("who", "unwell", "--at", DAY, "--for", joan)
    assert (found[0]["organisation"], found[0]["why"]) == (own, "The resident's own practice")


def test_a_time_that_cannot_be_read_is_told(cli: Cli) -> None:
    assert cli.error("who", "x", "--at", "teatime")["code"] == "date"
    assert "TEXT" in cli.error("who", code=2)["message"]
