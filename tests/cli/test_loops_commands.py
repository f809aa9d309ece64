"""``loops`` and ``timeline``: for scripts as a list, for people in words."""

from __future__ import annotations

import datetime as dt

from liaison.records.rules import times
from tests.cli.conftest import Cli
from tests.cli.test_commands import ID, ISO, assert_for_people


def today(days: int = 0) -> dt.date:
    return times.in_london(dt.datetime.now(dt.UTC)).date() + dt.timedelta(days=days)


def test_loops_for_scripts_as_they_were_on_a_day(cli: Cli) -> None:
    mary = cli.add("resident", "name=Mary Ellis", "room=4")
    place = cli.add("organisation", "name=Wheelchairs", "kind=equipment", "typical_wait_days=126")
    staff = cli.add("staff", "name=Priya Nair", "job_role=care assistant")
    referral = cli.add(
        "referral", f"resident={mary}", f"organisation={place}", "sent=18/05/2026", "reason=Chair"
    )
    (found,) = cli.json("loops", "--on", "2026-11-18")
    assert found == {
        "id": referral,
        "type": "referral",
        "since": "2026-05-18",
        "due": "2026-09-21",
        "days": 184,
        "owner": place,
        "resident": mary,
    }
    concern = cli.add(
        "concern", f"resident={mary}", f"raised_by={staff}", "raised_at=2026-10-25 01:30 GMT",
        "situation=Coughs",
    )  # fmt: skip
    action = cli.add("action", "what=Ring", "due=26/10/2026", f"owner_staff={staff}")
    first, second, third = cli.json("loops", "--on", "26/10/2026")
    assert [first["id"], second["id"], third["id"]] == [referral, concern, action]
    assert (second["since"], second["days"]) == ("2026-10-25T01:30:00+00:00", 1)
    assert ISO.fullmatch(second["since"])
    assert (second["due"], second["owner"]) == (None, staff)
    assert (third["since"], third["due"], third["days"]) == ("2026-10-26", "2026-10-26", 0)
    assert (third["owner"], third["resident"]) == (staff, None)
    assert cli.json("loops", "--on", "2026-05-17") == []


def test_nothing_leaves_the_list_with_three_spaces(cli: Cli) -> None:
    action = cli.add("action", "what=Ring", "due=yesterday")
    error = cli.error("set", "action", action, "done_at=now", "outcome=   ")
    assert "Outcome" in error["message"]
    assert [one["id"] for one in cli.json("loops")] == [action]
    cli.json("set", "action", action, "done_at=now", "outcome=They will come on Friday.")
    assert cli.json("loops") == []


def test_loops_for_people(cli: Cli) -> None:
    assert "Nothing was without an outcome" in cli("loops").out
    cli.add("action", "what=Ring the ward", "due=yesterday")
    cli.add("action", "what=Ring the chemist", "due=-100d")
    said = cli("loops").out
    assert_for_people(said)
    assert not ID.search(said)
    assert "2 without an outcome on" in said
    assert said.index("Over 90 days (1)") < said.index("Ring the chemist")
    assert said.index("Ring the chemist") < said.index("Up to 7 days (1)")
    assert "1 day [late]: Action: Ring the ward" in said
    assert "Nobody is named (2)" in cli("loops", "--by", "owner").out
    assert "--on" in cli.error("loops", "--on", "soon")["message"]


def test_a_timeline_for_scripts_and_for_people(cli: Cli) -> None:
    mary = cli.add("resident", "name=Mary Ellis", "room=4", "date_of_birth=3/2/1931")
    cli.add("resident", "name=Joan Frost", "room=5")
    place = cli.add("organisation", "name=Wheelchairs", "kind=equipment")
    referral = cli.add(
        "referral", f"resident={mary}", f"organisation={place}", "sent=-40d", "reason=Chair"
    )
    chase = cli.add(
        "chase", f"referral={referral}", "at=-3d 10:00", "how=phone", "result=No reply."
    )
    call = cli.add("contact_attempt", f"resident={mary}", "at=-2d 10:00", "reached=no")
    action = cli.add(
        "action", f"resident={mary}", "what=Ring", "done_at=-1d 10:00", "outcome=They come."
    )
    found = cli.json("timeline", "Mary Ellis")
    assert [one["id"] for one in found] == [action, call, chase, referral]
    assert [one["type"] for one in found] == ["action", "contact_attempt", "chase", "referral"]
    assert found[3]["at"] == today(-40).isoformat()
    assert all(one["at"] for one in found)
    calls = cli.json("timeline", mary, "--kind", "calls", "--kind", "actions")
    assert [one["id"] for one in calls] == [action, call]
    assert [one["id"] for one in cli.json("timeline", mary, "--since", "-2d")] == [action, call]
    assert [one["id"] for one in cli.json("timeline", mary, "--limit", "1")] == [action]
    said = cli("timeline", mary).out
    assert_for_people(said)
    assert not ID.search(said)
    assert said.startswith("Mary Ellis (room 4, born 3 Feb 1931)")
    assert "Chased Wheelchairs, by phone" in said
    assert "They come." in said
    assert "Nothing is recorded." in cli("timeline", "Joan Frost").out
    assert "nobody" in cli.error("timeline", "nobody")["message"]


def test_of_two_residents_of_one_name_neither_is_taken_for_the_other(cli: Cli) -> None:
    cli.add("resident", "name=Mary Ellis", "room=4", "date_of_birth=3/2/1931")
    cli.add("resident", "name=Mary Ellis", "room=9", "date_of_birth=6/5/1940")
    message = cli.error("timeline", "Mary Ellis")["message"]
    for apart in ("room 4", "room 9", "1931", "1940"):
        assert apart in message
