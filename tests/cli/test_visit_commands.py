"""A visit recorded whole from the command line, what became of planned ones, and a week."""

from __future__ import annotations

from tests.cli.conftest import Cli


def test_a_visit_with_two_residents_a_template_and_a_result_is_recorded_whole(cli: Cli) -> None:
    frank = cli.add("resident", "name=Frank Osei", "room=4")
    dot = cli.add("resident", "name=Dorothy Hale", "room=12")
    made = cli.json(
        "visit", "record", "at=2026-11-18 10:05", "--template", "dressing",
        "--seen", "Frank Osei=Healed.", "--seen", "Dorothy Hale=Smaller, 2 x 1 cm = better.",
        "--awaited", "Dorothy Hale=Wound swab",
    )  # fmt: skip
    assert len(made["entries"]) == 2
    entry = cli.json("show", "visit_entry", made["entries"][1])
    assert (entry["resident"], entry["raised"]) == (dot, "Dressing due.")
    assert entry["found"] == "Smaller, 2 x 1 cm = better."
    actions = [cli.json("show", "action", one) for one in made["actions"]]
    assert [(a["what"], a["kind"], a["resident"]) for a in actions] == [
        ("Wound swab", "result awaited", dot),
        ("Next dressing", "follow up", frank),
        ("Next dressing", "follow up", dot),
    ]
    assert actions[1]["due"] == "2026-11-21"
    assert actions[0]["source_id"] == made["entries"][1]


def test_nothing_is_kept_of_a_visit_with_something_wrong(cli: Cli) -> None:
    cli.add("resident", "name=Frank Osei", "left_on=2026-11-02")
    for words, said in (
        (("at=2026-11-18 10:05", "--seen", "Frank Osei=Well."), "left on Mon 2 Nov 2026"),
        (("at=2199-01-05 10:05",), "has not come yet"),
        (("at=2026-10-25 01:30",), "happens twice"),
        (("at=2026-11-01 10:05", "--seen", "Frank Osei=   "), "advised is missing"),
        (("at=2026-11-01 10:05", "--awaited", "Frank Osei="), "does not say which result"),
        (("at=2026-11-01 10:05", "requested_at=2026-11-02 09:00"), "is after the visit began"),
    ):
        error = cli.error("visit", "record", "kind=visit", *words)
        assert said.lower() in error["message"].lower(), error
    assert cli.json("list", "visit") == []


def test_both_hours_of_one_night_keep_their_order_and_are_told_apart(cli: Cli) -> None:
    cli.add("resident", "name=Frank Osei")
    for at in ("25/10/2026 01:30 GMT", "25/10/2026 01:30 BST"):
        cli("visit", "record", f"at={at}", "kind=out of hours", "--seen", "Frank Osei=Seen.")
    found = cli.json("visit", "week", "--on", "2026-10-25")
    assert [one["at"] for one in found] == [
        "2026-10-25T01:30:00+01:00", "2026-10-25T01:30:00+00:00",
    ]  # fmt: skip
    said = cli("visit", "week", "--on", "2026-10-25").out
    assert said.index("01:30 BST") < said.index("01:30 GMT")
    # written weeks later than they happened
    assert [one["late"] for one in found] == [True, True]
    assert "late entry, written" in said


def test_a_planned_visit_is_cancelled_with_a_reason_and_planned_again(cli: Cli) -> None:
    cli.add("resident", "name=Frank Osei")
    made = cli.json(
        "visit", "record", "at=2199-01-05 10:05", "kind=clinic", "status=planned",
        "--template", "flu clinic", "--seen", "Frank Osei",
    )["id"]  # fmt: skip
    assert cli.json("visit", "status", made, "cancelled", "--reason", "Strike")["status"] == (
        "cancelled"
    )
    assert cli.json("history", "visit", made)[-1]["reason"] == "Strike"
    assert "already" in cli.error("visit", "status", made, "cancelled", "--reason", "x")["message"]
    assert cli.error("visit", "status", made, "planned", "--reason", " ")["code"] == "no-reason"
    assert cli.json("visit", "status", made, "planned", "--reason", "On")["status"] == "planned"


def test_what_has_happened_is_not_cancelled_afterwards(cli: Cli) -> None:
    cli.add("resident", "name=Frank Osei")
    made = cli.json(
        "visit", "record", "at=2026-11-18 10:05", "kind=visit", "--seen", "Frank Osei=Well."
    )["id"]
    error = cli.error("visit", "status", made, "did-not-attend", "--reason", "x")
    assert error["code"] == "nothing-to-do"
    assert cli.json("show", "visit", made)["status"] == "happened"


def test_the_templates_are_listed(cli: Cli) -> None:
    found = {one["value"]: one for one in cli.json("visit", "templates")}
    assert found["flu clinic"]["answers"] == ["Given", "Declined", "Not well"]
    assert "dressing: Where the wound is" in cli("visit", "templates").out
