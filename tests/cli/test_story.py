"""A fortnight in a home, as its manager would type it."""

from __future__ import annotations

from pathlib import Path

from tests import homes as made
from tests.cli.conftest import Cli


def test_a_fortnight_in_a_home(  # noqa: PLR0915  # a story is told in one go
    cli: Cli, tmp_path: Path
) -> None:
    cli.home = tmp_path / "willow"
    key = tmp_path / "recovery.txt"
    cli("init", "--name", "Willow House", "--person", "Kate Morgan", "--recovery-out", str(key))
    cli("set", "home", "beds=24", "postcode=TA1 1AA", "phone=01632 960100")

    # whom the home works with
    cli.add("service", "name=Catheter care", "synonyms=catheter blocked, not draining")
    cli.add(
        *("organisation", "name=Riverside Surgery", "kind=GP practice", "phone=01632 960 123"),
        "offers=Catheter care",
    )
    cli.add("contact", "name=Dr Asha Patel", "mobile=07700 900123", "ask_about=Catheter care")
    cli.add("post", "contact=Dr Asha Patel", "role=GP", "organisation=Riverside Surgery")
    cli("set", "home", "practice=Riverside Surgery")

    # who lives there: two of one name, one put in twice
    practice = "practice=Riverside Surgery"
    mary = cli.add("resident", "name=Mary Jones", "room=4", "date_of_birth=3/2/1931", practice)
    other = cli.add("resident", "name=Mary Jones", "room=9", "date_of_birth=1/5/1940", practice)
    john = cli.add("resident", "name=John Kowalski", "room=12")
    twice = cli.add("resident", "name=John Kowalsky", "room=12")
    staff = cli.add("staff", "name=Tom Baker", "job_role=senior carer")

    # the doctor comes; the note about John is written on Mary by mistake
    visit = cli.add(
        *("visit", "at=yesterday 10:30", "kind=visit", "urgency=urgent"),
        *("professional=Dr Asha Patel", "organisation=Riverside Surgery"),
    )
    both = cli.error("add", "visit_entry", f"visit={visit}", "resident=Mary Jones", "found=Well")
    assert "room 4, date of birth 3 Feb 1931" in both["message"]
    assert "room 9" in both["message"]
    first = cli.add("visit_entry", f"visit={visit}", f"resident={mary}", "found=Chest clear")
    wrong = cli.add(
        *("visit_entry", f"visit={visit}", f"resident={other}"),
        "found=Catheter draining poorly, flushed",
    )
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Dr Patel")
    attached = cli.add(
        *("attachment", "owner_type=visit_entry", f"owner_id={wrong}", "--file", str(letter))
    )
    action = cli.add(
        *(
            "action",
            "what=Ring the surgery on Friday",
            f"resident={other}",
            "owner_staff=Tom Baker",
        ),
        *("source_type=visit_entry", f"source_id={wrong}", "due=+2d"),
    )

    # found out and put right
    moved = cli.json(
        *("move", "visit_entry", wrong, "--to", "John Kowalski"),
        *("--reason", "written on the wrong resident"),
    )
    assert moved["resident"] == john
    assert cli.json("show", "attachment", attached)["owner_id"] == moved["id"]
    assert cli.json("show", "action", action)["resident"] == john
    struck = cli.json("show", "visit_entry", wrong)
    assert struck["found"] == "Catheter draining poorly, flushed"
    assert struck["struck_reason"] == "written on the wrong resident"
    listed = cli("list", "visit_entry").out
    assert "Mary Jones (room 9, date of birth 1 May 1940), Visit, " in listed
    assert "[struck through]" in listed

    # corrected, with what stood there before
    cli("set", "visit_entry", first, "found=Chest clear, cough syrup advised", "--reason", "forgot")
    history = cli.json("history", "visit_entry", first)
    assert history[-1]["fields"] == {
        "found": {"from": "Chest clear", "to": "Chest clear, cough syrup advised"}
    }
    assert (history[-1]["by"], history[-1]["reason"]) == ("Kate Morgan", "forgot")

    # the duplicate, the one who left, and a change that should not have been
    cli("merge", "resident", twice, john, "--reason", "spelt wrong")
    assert cli.json("show", "resident", "John Kowalski")["id"] == john
    cli("archive", "resident", other, "--reason", "moved to her daughter's")
    assert cli("list", "resident").out.splitlines()[-1] == "2 residents"
    # the only Mary Jones left needs nothing more to be told by
    assert cli.json("show", "resident", "mary jones")["id"] == mary
    cli("set", "staff", "Tom Baker", "job_role=cook")
    change = cli.json("history", "staff", staff)[-1]["id"]
    assert cli.json("undo", change, "--reason", "wrong Tom") == {"undone": 1, "skipped": []}
    assert cli.json("show", "staff", staff)["job_role"] == "senior carer"

    # found again: by name, by a word, by a phone number spelt another way
    def found(*words: str) -> set[str]:
        return {hit["title"].split(",")[0] for hit in cli.json("search", *words)}

    assert "John Kowalski" in found("kowalski")
    assert "John Kowalski" in found("catheter", "flushed")
    assert "Catheter care" in found("draining")
    assert found("+44 1632 960123") == {"Riverside Surgery"}
    assert found("(01632) 960-123") == {"Riverside Surgery"}
    assert found("07700900123") == {"Dr Asha Patel"}

    # kept elsewhere, and brought back
    backup = tmp_path / "stick" / "willow.backup"
    backup.parent.mkdir()
    cli("backup", str(backup))
    before = {name: cli.json("list", name, "--archived") for name in ("resident", "visit_entry")}
    old = cli.home
    cli.home = tmp_path / "restored"
    cli.bare("restore", str(backup), "--home", str(cli.home))
    after = {name: cli.json("list", name, "--archived") for name in ("resident", "visit_entry")}
    assert after == before
    assert cli.json("history", "visit_entry", first) == history
    cli("set", "home", "beds=25")
    words = ("Kowalski", "Catheter", "daughter", "Riverside")
    for home in (old, cli.home):
        cli.home = home
        assert cli("verify", "--deep").out.endswith("Everything is as it was written.\n")
        assert made.words_in(home, *words) == []
    assert made.words_in(backup.parent, *words) == []
