"""``concern``: raised in one line, answered, read, closed; and refused where something is missing."""

from __future__ import annotations

from tests.cli.conftest import Cli
from tests.cli.test_commands import ID, assert_for_people

WORDS = "situation=Coughs after tea"


def raised(cli: Cli, *more: str) -> str:
    mary = cli.add("resident", "name=Mary Ellis", "room=4", "date_of_birth=1931-02-03")
    priya = cli.add("staff", "name=Priya Nair", "job_role=care assistant")
    one = cli.json("concern", "raise", f"resident={mary}", f"raised_by={priya}", WORDS, *more)
    assert list(one) == ["id"]
    identity: str = one["id"]
    return identity


def test_a_concern_from_raising_to_closing_for_scripts(cli: Cli) -> None:
    one = raised(cli, "urgency=today", "route=GP")
    (listed,) = cli.json("concern", "list")
    assert (listed["id"], listed["state"], listed["late"]) == (one, "waiting", False)
    assert (listed["urgency"], listed["route"], listed["kind"]) == ("today", "GP", "concern")
    assert cli.json("concern", "list", "--state", "answered") == []
    answered = cli.json("concern", "answer", one, "--answer", "Thicken it", "--by", "Dr Anwar")
    assert (answered["answer"], answered["answered_by"]) == ("Thicken it", "Dr Anwar")
    assert [found["id"] for found in cli.json("concern", "list", "--mine")] == [one]
    assert cli.json("concern", "acknowledge", one)["acknowledged_at"]
    assert cli.json("concern", "list", "--mine") == []
    assert cli.json("concern", "close", one, "outcome=Drinks safely")["outcome"] == "Drinks safely"
    assert cli.json("concern", "list") == []
    assert cli.json("concern", "reopen", one, "--reason", "Coughs again")["closed_at"] is None
    trail = cli.json("concern", "trail", one)
    assert [step["what"] for step in trail] == [
        "Noticed", "Answered", "Answer read", "Closed", "Asked again",
    ]  # fmt: skip
    assert list(trail[0]) == ["what", "at", "written", "who", "by", "words"]
    assert trail[1]["who"] == "Dr Anwar"


def test_a_concern_for_people(cli: Cli) -> None:
    one = raised(cli)
    said = cli("concern", "list").out
    assert_for_people(said)
    assert "Mary Ellis: concern, routine, for round (Priya Nair)" in said
    assert "No answer yet. Coughs after tea" in said
    told = cli("concern", "trail", one).out
    assert not ID.search(told)
    assert "Noticed" in told
    assert cli("concern", "list", "--query").out == "None.\n"


def test_what_is_missing_is_told_and_nothing_is_written(cli: Cli) -> None:
    one = raised(cli)
    before = cli.json("history", "concern", one)
    for words, about in (
        (("answer", one, "--answer", "   ", "--by", "Dr Anwar"), "Answer is missing"),
        (("answer", one, "--answer", "Seen", "--by", "   "), "Answered by is missing"),
        (("close", one, "--outcome", "   "), "Outcome is missing"),
        (("acknowledge", one), "Nobody has answered"),
    ):
        assert about in cli.error("concern", *words)["message"]
    message = cli.error("concern", "raise", "situation=   ")["message"]
    for label in ("Resident", "Raised by", "What is happening"):
        assert f"{label} is missing" in message
    assert cli.json("history", "concern", one) == before


def test_as_it_was_on_a_day(cli: Cli) -> None:
    one = raised(cli, "raised_at=-10d 14:00")
    cli("concern", "close", one, "--outcome", "Better", "--at", "-3d 09:00")
    (then,) = cli.json("concern", "list", "--on", "-5d")
    assert (then["id"], then["state"]) == (one, "waiting")
    assert cli.json("concern", "list", "--on", "-11d") == []
    assert cli.json("concern", "list") == []


def test_a_field_of_another_command_is_refused(cli: Cli) -> None:
    one = raised(cli)
    error = cli.error("concern", "close", one, "answer=x", code=2)
    assert "outcome, closed_at" in error["message"]
    assert "twice" in cli.error("concern", "close", one, "outcome=x", "--outcome", "y", code=2)[
        "message"
    ]  # fmt: skip
