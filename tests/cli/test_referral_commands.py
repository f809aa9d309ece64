"""Referrals, transfers and leaving on the command line: exact shapes, exact days."""

from __future__ import annotations

import datetime as dt

import pytest

from liaison.records.rules import times
from liaison.records.rules.working_days import add_working_days
from tests.cli.conftest import Cli


@pytest.fixture
def mary(cli: Cli) -> str:
    return cli.add("resident", "name=Mary Jones", "room=4")


@pytest.fixture
def chairs(cli: Cli) -> str:
    return cli.add(
        "organisation", "name=Wheelchair Service", "kind=equipment", "typical_wait_days=126"
    )


@pytest.fixture
def chair(cli: Cli, mary: str, chairs: str) -> str:
    return cli.add(
        "referral", f"resident={mary}", f"organisation={chairs}", "sent=2026-05-18",
        "reason=Chair too small",
    )  # fmt: skip


def test_the_waits_have_exactly_the_promised_shape(
    cli: Cli, mary: str, chairs: str, chair: str
) -> None:
    assert cli.json("referral", "waits", "--on", "2026-11-18") == [
        {
            "id": chair,
            "resident": mary,
            "organisation": chairs,
            "sent": "2026-05-18",
            "days": 184,
            "state": "waiting",
        }
    ]
    said = cli("referral", "waits", "--on", "18/11/2026").out
    assert said == ("  184 days, usual wait 126  Mary Jones: Wheelchair Service [too long]\n")
    assert cli("referral", "waits", "--on", "2026-05-17").out == (
        "No referral was without an outcome on Sun 17 May 2026.\n"
    )


def test_chased_without_a_reply_says_when_to_ask_again(cli: Cli, chair: str) -> None:
    day = add_working_days(times.in_london(dt.datetime.now(dt.UTC)).date(), 5)
    done = cli.json("referral", "chase", chair)
    assert list(done) == ["id", "referral", "at", "how", "spoke_to", "result", "next_chase"]
    assert (done["referral"], done["result"]) == (chair, "Chased, no reply")
    assert done["next_chase"] == day.isoformat()
    assert cli.json("show", "referral", chair)["next_chase"] == day.isoformat()
    error = cli.error("referral", "chase", chair, "--result", "   ")
    assert "what came of asking" in error["message"]


def test_seen_stops_the_clock_and_an_outcome_closes(cli: Cli, chair: str) -> None:
    seen = cli.json("referral", "seen", chair, "--on", "2026-11-02")
    assert (seen["state"], seen["days"]) == ("seen", 168)
    error = cli.error("referral", "close", chair, "--outcome", "   ")
    assert error["code"] == "problems"
    assert "what came of it" in error["message"]
    closed = cli.json("referral", "close", chair, "--outcome", "New chair", "--on", "2026-11-03")
    assert closed["state"] == "seen"
    assert cli.json("referral", "waits") == []
    assert cli.error("referral", "acknowledged", chair)["code"] == "nothing-to-do"


@pytest.mark.parametrize(
    ("came", "due", "out"),
    [("2026-11-06 18:00", "2026-11-17", True), ("2025-12-19 12:00", "2026-01-02", False)],
)
def test_a_return_has_its_review_on_the_right_working_day(
    cli: Cli, mary: str, came: str, due: str, *, out: bool
) -> None:
    back = cli.add("transfer", f"resident={mary}", "direction=discharge", f"at={came}")
    (one,) = cli.json("transfer", "list", "--from", "2025-01-01")
    assert (one["id"], one["review_due"], one["out_of_hours"]) == (back, due, out)
    assert one["readmitted_after"] is None
    assert [r["id"] for r in cli.json("transfer", "reviews")] == [back]
    assert "three spaces" not in cli.error("transfer", "review", back, "--words", "   ")["message"]
    cli("transfer", "review", back, "--words", "Chart changed")
    assert cli.json("transfer", "reviews") == []


def test_leaving_lists_first_and_closes_only_when_told(cli: Cli, mary: str, chair: str) -> None:
    cli.add("equipment_loan", f"resident={mary}", "what=Frame", "requested_on=2026-09-01")
    listed = cli.json("leaving", "Mary Jones", "--on", "2026-11-18")
    assert [loose["id"] for loose in listed["closes"]] == [chair]
    assert [loose["type"] for loose in listed["stays"]] == ["equipment_loan"]
    assert not listed["closed"]
    assert cli.json("show", "resident", mary)["left_on"] is None
    assert cli.error("leaving", mary, "--close")["code"] == "no-reason"
    cli("leaving", mary, "--on", "2026-11-18", "--reason", "died", "--close")
    assert cli.json("show", "resident", mary)["left_on"] == "2026-11-18"
    assert cli.json("show", "referral", chair)["outcome"] == "Died, Wed 18 Nov 2026"


def test_appointments_say_what_is_to_be_arranged_and_need_words_once_attended(
    cli: Cli, mary: str
) -> None:
    eyes = cli.add("appointment", f"resident={mary}", "at=2026-11-02 10:00", "purpose=Eyes")
    (ahead,) = cli.json("appointment", "coming", "--on", "2026-11-01")
    assert (ahead["id"], ahead["missing"], ahead["to_close"]) == (
        eyes, ["escort", "transport"], False,
    )  # fmt: skip
    (past,) = cli.json("appointment", "coming", "--on", "2026-11-03")
    assert (past["missing"], past["to_close"]) == ([], True)
    error = cli.error("appointment", "finish", eyes, "--status", "attended", "--outcome", "   ")
    assert "what came of it" in error["message"]
    cli("appointment", "finish", eyes, "--status", "attended", "--outcome", "Drops")
    assert cli("appointment", "coming").out == "Nothing is booked.\n"


def test_loans_say_how_they_stand(cli: Cli, mary: str) -> None:
    frame = cli.add(
        "equipment_loan", f"resident={mary}", "what=Frame", "requested_on=2026-10-01",
        "arrived_on=2026-10-05", "next_check=2026-11-01",
    )  # fmt: skip
    (one,) = cli.json("loan", "list", "--on", "2026-11-18")
    assert one == {
        "id": frame, "resident": mary, "what": "Frame", "supplier": None,
        "state": "check due", "days": 17,
    }  # fmt: skip
