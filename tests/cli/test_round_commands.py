"""``round``: the agenda, outcomes and minutes from a terminal and from scripts."""

from __future__ import annotations

import datetime as dt

from liaison.records.rules import times
from tests.cli.conftest import Cli
from tests.cli.test_commands import ID, assert_for_people


def _today() -> dt.date:
    return times.in_london(dt.datetime.now(dt.UTC)).date()


def _fill(cli: Cli) -> dict[str, str]:
    doctor = cli.add("contact", "name=Dr Yusuf Anwar")
    staff = cli.add("staff", "name=Kofi Mensah", "job_role=care assistant")
    ivy = cli.add("resident", "name=Ivy Marlow", "room=14", "date_of_birth=1936-12-12")
    # never today: its hour may be over, and then it could be finished
    weekday = (_today() + dt.timedelta(days=2)).weekday()
    cli.add("series", "name=Weekly round", f"professional={doctor}", "every=week",
            f"weekday={weekday}", "start_time=14:00")  # fmt: skip
    concern = cli.add("concern", f"resident={ivy}", f"raised_by={staff}", "raised_at=-1d 21:40",
                      "situation=Not sleeping since the change of room.")  # fmt: skip
    return {"doctor": doctor, "ivy": ivy, "concern": concern}


def test_a_round_from_its_plan_to_its_minutes(cli: Cli) -> None:
    made = _fill(cli)
    first, second = cli.json("round", "plan")
    assert cli.json("round", "plan") == []
    assert [one["id"] for one in cli.json("round", "list")] == [first["id"], second["id"]]
    assert list(first) == ["id", "series", "name", "at", "status", "who", "place", "note"]

    (line,) = cli.json("round", "agenda")
    assert (line["source_type"], line["source_id"]) == ("concern", made["concern"])
    assert (line["kind"], line["state"], line["carried"]) == ("Concern", "To do", 0)
    cli.json("round", "add", "Flu clinic: when?", "--resident", "Ivy Marlow")
    lines = cli.json("round", "agenda", first["id"])
    assert [one["question"] for one in cli.json("round", "order", lines[1]["id"])] == [
        "Flu clinic: when?", line["question"],
    ]  # fmt: skip

    tomorrow = (_today() + dt.timedelta(days=1)).isoformat()
    said = cli.json("round", "outcome", line["id"], "Bloods.", "--who", "Kofi Mensah",
                    "--by", tomorrow)  # fmt: skip
    assert said["state"] == "Outcome recorded"
    assert said["outcomes"][0]["outcome"] == "Bloods."
    assert cli.json("show", "concern", made["concern"])["answer"] == "Bloods."
    (action,) = cli.json("list", "action")
    assert (action["what"], action["due"]) == ("Bloods.", tomorrow)

    carried = cli.json("round", "carry", lines[1]["id"])
    assert carried["outcomes"][0]["carried"] is True
    assert carried["outcomes"][0]["to"] == second["at"]
    (later,) = cli.json("round", "agenda", second["id"])
    assert (later["question"], later["carried"]) == ("Flu clinic: when?", 1)
    minutes = cli.json("round", "minutes", first["id"])
    assert [one["state"] for one in minutes["lines"]] == ["Carried over", "Outcome recorded"]
    assert cli.json("round", "take-back", lines[1]["id"], "--reason", "He rang")["outcomes"] == []
    cli.json("round", "cancel", first["id"], "--why", "Snow")
    (cancelled,) = cli.json("round", "list", "--held")
    assert (cancelled["status"], cancelled["lines"], cancelled["carried"]) == ("cancelled", 2, 1)


def test_what_people_read_has_their_words_and_dates(cli: Cli) -> None:
    _fill(cli)
    cli("round", "plan")
    said = cli("round", "agenda").out
    assert "Ivy Marlow (Room 14, born 12 Dec 1936): Not sleeping since the change of room." in said
    assert times.show_date(_today() - dt.timedelta(days=1)) in said
    without_ids = ID.sub("", said)
    assert_for_people(without_ids)


def test_what_cannot_be_done_says_what_to_do(cli: Cli) -> None:
    assert cli.error("round", "agenda")["code"] == "no-round"
    _fill(cli)
    first, _ = cli.json("round", "plan")
    (line,) = cli.json("round", "agenda")
    assert cli.error("round", "outcome", line["id"], "   ")["code"] == "problems"
    assert cli.error("round", "remove", line["id"])["code"] == "no-reason"
    assert cli.error("round", "finish", first["id"])["code"] == "not-yet"
    assert cli.error("round", "plan", "--at", "one day")["code"] == "date"
    bad = cli.error("add", "series", "name=Clinic", "start_time=25:00")
    assert "not a time of day" in bad["message"]
