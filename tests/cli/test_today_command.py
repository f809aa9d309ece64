"""``today``: for people in words, for scripts as a list, to each role its own."""

from __future__ import annotations

import datetime as dt

from liaison.records.rules import times
from tests.cli.conftest import Cli
from tests.cli.test_commands import ID, ISO, assert_for_people


def test_today_for_scripts(cli: Cli) -> None:
    action = cli.add("action", "what=Ring the ward", "due=yesterday")
    visit = cli.add("visit", "status=planned", "at=tomorrow 14:20", "kind=visit", "reason=Bloods")
    coming, late = cli.json("today")
    assert coming == {
        "section": "Coming",
        "type": "visit",
        "id": visit,
        "title": "Visit",
        "detail": "Bloods",
        "when": coming["when"],
        "words": "tomorrow",
        "days": -1,
        "late": False,
    }
    assert ISO.fullmatch(coming["when"])
    yesterday = times.in_london(dt.datetime.now(dt.UTC)).date() - dt.timedelta(days=1)
    assert late["section"] == "Actions due"
    assert (late["id"], late["when"]) == (action, yesterday.isoformat())
    assert (late["words"], late["days"], late["late"]) == ("1 day late", 1, True)


def test_today_for_people(cli: Cli) -> None:
    assert "Nothing is waiting" in cli("today").out
    cli.add("action", "what=Ring the ward", "due=yesterday")
    said = cli("today").out
    assert_for_people(said)
    assert not ID.search(said)
    assert "Actions due (1)" in said
    assert "Ring the ward [" in said
    assert "1 day late]" in said


def test_today_as_another_role_sees_it(cli: Cli) -> None:
    cli.add("action", "what=Ring the ward", "due=yesterday")
    assert [item["title"] for item in cli.json("today", "--role", "senior")] == ["Ring the ward"]
    assert cli.json("today", "--role", "reader") == []
    error = cli.error("today", "--role", "cook", code=2)
    assert "manager" in error["message"]
