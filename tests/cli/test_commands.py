"""Every command, for people and for scripts, exactly as promised."""

from __future__ import annotations

import datetime as dt
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from liaison.records import all_specs, ids
from liaison.records.rules import times
from liaison.services.homes import read_keys
from liaison.store.search import MARK_END, MARK_START
from tests import homes as made
from tests.cli.conftest import Cli

ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{13}")
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}")


def is_record(document: Any, type_name: str) -> dict[str, Any]:
    """Check that a document is a record: flat, every field there, unset ones null."""
    assert list(document) == ["id", "type", *(f.name for f in all_specs()[type_name].fields)]
    assert document["type"] == type_name
    assert ID.fullmatch(document["id"])
    for field in all_specs()[type_name].fields:
        assert isinstance(document[field.name], list) == field.many
    record: dict[str, Any] = document
    return record


def assert_for_people(text: str) -> None:
    """Check that a text shows no dates as machines write them."""
    assert not ISO.search(text)
    assert not re.search(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)
    assert "None" not in text


# ---- the home as a whole


def test_init_for_people(cli: Cli, tmp_path: Path) -> None:
    cli.home = tmp_path / "new"
    key = tmp_path / "key.txt"
    said = cli("init", "--name", "Cartref Môr", "--person", "Siân", "--recovery-out", str(key))
    assert said.out == f"Cartref Môr is ready in {cli.home}.\nSiân is its manager.\n"
    assert said.err == ""
    title, words = key.read_text("utf-8").splitlines()
    assert title == "Recovery key of Cartref Môr in Liaison"
    assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4} ){8}[0-9A-HJKMNP-TV-Z]{2}", words)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert read_keys(cli.home).unlock_with_recovery(words).by_recovery


def test_init_for_scripts(cli: Cli, tmp_path: Path) -> None:
    cli.home = tmp_path / "new"
    said = cli("init", "--name", "Willow", "--person", "Kate", "--json")
    assert list(said.json) == ["home", "person"]
    assert said.json["home"] == str(cli.home)
    assert ID.fullmatch(said.json["person"])
    # the recovery key once, and not where the result goes
    (key,) = re.findall(r"(?:[0-9A-HJKMNP-TV-Z]{4} ){8}[0-9A-HJKMNP-TV-Z]{2}", said.err)
    assert key not in said.out
    assert read_keys(cli.home).unlock_with_recovery(key).by_recovery
    assert cli.json("show", "person", "Kate")["id"] == said.json["person"]


def test_init_with_starting_lists(cli: Cli, tmp_path: Path) -> None:
    cli.home = tmp_path / "new"
    said = cli("init", "--name", "Willow", "--person", "Kate", "--starting-lists", "--json").json
    assert list(said) == ["home", "person", "counts"]
    for name, number in said["counts"].items():
        assert len(cli.json("list", name)) == number > 0


def test_init_never_overwrites_the_file_for_the_key(cli: Cli, tmp_path: Path) -> None:
    cli.home = tmp_path / "new"
    key = tmp_path / "key.txt"
    key.write_text("Dear Mum")
    words = ("init", "--name", "W", "--person", "K", "--recovery-out")
    error = cli.error(*words, str(key))
    assert (error["code"], error["kept"]) == ("already-exists", "Nothing was made.")
    assert key.read_text() == "Dear Mum"
    # nor is a home made whose key cannot be written
    assert cli.error(*words, str(tmp_path / "no" / "key.txt"))["code"] == "no-folder"
    assert cli.error(*words, str(key / "key.txt"))["code"] == "no-folder"
    assert cli.error(*words, str(cli.home / "key.txt"))["code"] == "bad-place"
    assert not cli.home.exists()
    cli("init", "--name", "W", "--person", "K")


def test_a_home_that_was_not_made_leaves_no_key(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.home, key = tmp_path / "new", tmp_path / "key.txt"
    real = Path.rename

    def fail(path: Path, target: Path) -> Path:
        if target == cli.home:
            raise PermissionError(13, "Permission denied")
        return real(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    words = ("init", "--name", "W", "--person", "K", "--recovery-out", str(key))
    assert cli.error(*words)["code"] == "read-only"
    assert not key.exists()
    monkeypatch.undo()
    assert not cli.home.exists()


def test_init_where_something_is(cli: Cli) -> None:
    before = made.contents(cli.home)
    error = cli.error("init", "--name", "W", "--person", "K")
    assert error["code"] == "already-exists"
    assert "a home" in error["message"]
    assert made.contents(cli.home) == before


def test_backup_and_restore(cli: Cli, tmp_path: Path) -> None:
    mary = cli.add("resident", "name=Mary Jones")
    file = tmp_path / "Friday.backup"
    result = cli.json("backup", str(file))
    assert result["file"] == str(file)
    assert result["size"] == file.stat().st_size
    assert len(bytes.fromhex(result["sha256"])) == 32
    assert re.fullmatch(
        rf"Backed up to {re.escape(str(file))} \(1\.[0-9] MB\) and checked\.\n"
        r"It took the place of the older backup of that name\.\n",
        cli("backup", str(file)).out,
    )
    other, third = tmp_path / "restored", tmp_path / "third"
    assert cli.bare("--json", "restore", str(file), "--home", str(other)).json == {
        "home": str(other)
    }
    said = cli.bare("restore", "--home", str(third), str(file))
    assert said.out == f"Restored into {third}.\n"
    for folder in (other, third, cli.home):
        cli.home = folder
        assert cli.json("list", "resident")[0]["id"] == mary
        assert cli.json("verify")["damage"] == []


def test_restore_names_its_folder(cli: Cli, tmp_path: Path) -> None:
    cli("backup", str(tmp_path / "b"))
    said = cli.bare("--json", "restore", str(tmp_path / "b"), code=2)
    assert said.error["code"] == "usage"
    assert "--home NEWDIR" in said.error["message"]
    assert cli.error("restore", str(tmp_path / "b"))["code"] == "already-exists"


def test_a_backup_never_takes_the_place_of_something_else(cli: Cli, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Mum")
    assert cli.error("backup", str(letter))["code"] == "already-exists"
    assert cli.error("backup", str(cli.home / made.DATABASE))["code"] == "bad-place"
    assert letter.read_text() == "Dear Mum"
    assert cli.json("verify", "--deep")["damage"] == []


def test_verify(cli: Cli) -> None:
    result = cli.json("verify")
    assert result == {"units": 1, "changes": 3, "records": 3, "damage": []}
    # with the note of the first sign-in
    assert cli("verify").out == (
        "Checked 2 signed entries with 4 changes to 4 records.\nEverything is as it was written.\n"
    )
    assert cli.json("verify", "--deep") == result | {"units": 2, "changes": 4, "records": 4}


@pytest.mark.parametrize("page", [1, -200], ids=["cannot be opened", "can be opened"])
def test_verify_finds_damage(page: int, cli: Cli) -> None:
    database = cli.home / made.DATABASE
    size = database.stat().st_size
    made.flip(database, (page * 4096 + 500) % size)
    said = cli("--json", "verify", code=3)
    assert list(said.json) == ["units", "changes", "records", "damage"]
    assert said.json["damage"]
    for damage in said.json["damage"]:
        assert list(damage) == ["what", "type", "id"]
        assert damage["what"].endswith(".")
    told = cli("verify", code=3).out
    assert re.search(r"Damage was found in [0-9]+ places?:\n", told)
    assert "1 places" not in told.replace("11 places", "")
    assert "restore the newest backup" in told


# ---- records


def test_add(cli: Cli) -> None:
    result = cli.json("add", "resident", "name=Mary Jones", "--reason", "moved in")
    assert list(result) == ["id"]
    assert ID.fullmatch(result["id"])
    said = cli("add", "resident", "name=John Kowalski")
    assert re.fullmatch(rf"Added resident {ID.pattern}\n  John Kowalski\n", said.out)


def test_sets(cli: Cli) -> None:
    for name in ("Catheters", "Dressings", "Bloods"):
        cli.add("service", f"name={name}")
    where = ("organisation", "Riverside")
    cli.add(
        "organisation", "name=Riverside", "kind=GP practice", "offers=Catheters", "offers=Bloods"
    )

    def offered(*words: str) -> set[str]:
        record = cli.json("set", *where, *words) if words else cli.json("show", *where)
        assert all(ID.fullmatch(service) for service in record["offers"])
        return {cli.json("show", "service", service)["name"] for service in record["offers"]}

    assert offered() == {"Catheters", "Bloods"}
    assert offered("offers+=Dressings") == {"Catheters", "Bloods", "Dressings"}
    assert offered("offers-=Bloods", "offers-=catheters") == {"Dressings"}
    assert offered("offers=Bloods", "offers=Catheters") == {"Catheters", "Bloods"}
    assert offered("offers=Dressings", "offers+=Bloods") == {"Dressings", "Bloods"}
    assert offered("offers+=Bloods") == {"Dressings", "Bloods"}
    assert "not among them" in cli.error("set", *where, "offers-=Catheters")["message"]
    assert offered("offers=") == set()
    shown = cli("set", *where, "former_names=Old Surgery", "former_names=Mill, Lane").out
    assert "Old Surgery" in shown
    assert "Mill, Lane" in shown


def test_set_and_clear(cli: Cli) -> None:
    mary = cli.add("resident", "name=Mary Jones", "room=4")
    record = is_record(cli.json("set", "resident", mary, "room=5", "known_as=Molly"), "resident")
    assert (record["room"], record["known_as"], record["name"]) == ("5", "Molly", "Mary Jones")
    assert cli.json("set", "resident", mary, "room=")["room"] is None
    assert cli.json("set", "resident", mary, "ROOM=a=b")["room"] == "a=b"
    card = cli("set", "resident", mary, "room=6").out
    assert card.startswith("Resident: Mary Jones\n")
    assert re.search(r"  Room +6\n", card)


def test_the_home_needs_no_id(cli: Cli) -> None:
    assert cli.json("set", "home", "beds=32", "postcode=ta1 1aa")["beds"] == 32
    record = is_record(cli.json("show", "home"), "home")
    assert (record["beds"], record["postcode"], record["name"]) == (32, "TA1 1AA", "Willow House")
    assert cli.json("show", "home", record["id"]) == record
    assert cli("show", "home").out.startswith("Home: Willow House\n")
    assert len(cli.json("history", "home")) == 2
    assert cli("set", "home", code=2).err


def test_show(cli: Cli) -> None:
    practice = cli.add("organisation", "name=Riverside", "kind=GP practice")
    mary = cli.add(
        *("resident", "name=Mary Jones", "practice=riverside", "date_of_birth=3/2/1931"),
        *("nhs_number=999 000 0042", "sharing_consent=no", "allergies=Penicillin\nEggs"),
    )
    record = is_record(cli.json("show", "resident", mary), "resident")
    assert record["practice"] == practice
    assert record["date_of_birth"] == "1931-02-03"
    assert record["nhs_number"] == "9990000042"
    assert (record["room"], record["gp"], record["archived"]) == (None, None, False)
    card = cli("show", "resident", "MARY JONES").out
    assert_for_people(card)
    for label, value in (
        ("GP practice", "Riverside"),
        ("Date of birth", "3 Feb 1931"),
        ("NHS number", "999 000 0042"),
        # a no that somebody said is not the same as silence
        ("Agrees to sharing", "No"),
        ("Id", mary),
    ):
        assert re.search(rf"  {label}.* {value}\n", card), label
    assert re.search(r"  Allergies +Penicillin\n +Eggs\n", card)
    assert "Archived" not in card
    assert cli("--json", "show", "resident", "Nobody", code=1).error["code"] == "not-found"


def test_show_names_what_a_record_points_to(cli: Cli) -> None:
    mary = cli.add("resident", "name=Mary Jones")
    action = cli.add("action", "what=Ring back", "source_type=resident", f"source_id={mary}")
    card = cli("show", "action", action).out
    assert mary not in card
    assert re.search(r"  Came from record +Mary Jones\n", card)
    assert cli.json("show", "action", action)["source_id"] == mary


def test_list(cli: Cli) -> None:
    assert cli.json("list", "resident") == []
    assert cli("list", "resident").out == "No residents.\n"
    added = [cli.add("resident", f"name={name}", f"room={n}") for n, name in enumerate("ABC", 1)]
    records = cli.json("list", "resident")
    assert [record["id"] for record in records] == added[::-1]
    for record in records:
        is_record(record, "resident")
    assert cli("list", "resident").out == (
        f"{added[2]}  C\n{added[1]}  B\n{added[0]}  A\n3 residents\n"
    )
    assert [r["id"] for r in cli.json("list", "resident", "--limit", "2")] == added[:0:-1]
    assert cli("list", "resident", "--where", "room=2").out == f"{added[1]}  B\n"
    assert [r["name"] for r in cli.json("list", "resident", "--where", "room>=2")] == ["C", "B"]
    both = cli.json("list", "resident", "--where", "room=2", "--where", "name=b")
    assert [r["id"] for r in both] == [added[1]]
    assert len(cli.json("list", "resident", "--where", "gp=")) == 3
    assert cli.json("list", "resident", "room=3")[0]["name"] == "C"


def test_list_hides_what_is_gone_unless_asked(cli: Cli) -> None:
    one, two, three = (cli.add("resident", f"name={name}") for name in "ABC")
    cli("archive", "resident", one, "--reason", "left")
    cli("merge", "resident", two, three)
    assert [r["id"] for r in cli.json("list", "resident")] == [three]
    assert len(cli.json("list", "resident", "--archived")) == 3
    assert cli("list", "resident", "--archived").out == (
        f"{three}  C\n{two}  B [merged]\n{one}  A [archived]\n3 residents\n"
    )
    asked = cli.json("list", "resident", "--archived", "--where", "archived=yes")
    assert [r["id"] for r in asked] == [one]
    asked = cli.json("list", "resident", "--where", "archived=no")
    assert [r["id"] for r in asked] == [three]


def test_list_by_reference_and_time(cli: Cli) -> None:
    cli.add("contact", "name=Dr Patel")
    cli.add("visit", "kind=visit", "at=20/11/2025 10:30", "professional=Dr Patel")
    cli.add("visit", "kind=round", "at=2025-10-26 01:30 GMT")
    words = ("list", "visit", "--where")
    assert [v["kind"] for v in cli.json(*words, "professional=dr patel")] == ["visit"]
    assert [v["kind"] for v in cli.json(*words, "at<2025-11-01 00:00")] == ["round"]
    assert [v["kind"] for v in cli.json(*words, "kind=Round")] == ["round"]
    # a day alone is the whole of it
    for when, kinds in (
        ("at=2025-11-20", ["visit"]),
        ("at<20/11/2025", ["round"]),
        ("at<=20/11/2025", ["visit", "round"]),
        ("at>=2025-11-20", ["visit"]),
        ("at>2025-11-20", []),
        ("at=26/10/2025", ["round"]),
    ):
        assert [v["kind"] for v in cli.json(*words, when)] == kinds[::-1], when
    assert cli.error(*words, "at<")["code"] == "problems"
    assert cli.error(*words, "colour=red")["code"] == "problems"
    assert cli.error(*words, "kind<visit")["code"] == "problems"
    assert cli.error(*words, "nonsense", code=2)["code"] == "usage"


def test_archive_and_restore_record(cli: Cli) -> None:
    mary = cli.add("resident", "name=Mary Jones")
    record = cli.json("archive", "resident", "Mary Jones", "--reason", "moved home")
    assert is_record(record, "resident")["archived"] is True
    card = cli("show", "resident", mary).out
    assert re.search(r"  Archived +Yes\n", card)
    assert cli.error("archive", "resident", mary, "--reason", "x")["code"] == "nothing-to-do"
    record = cli.json("restore-record", "resident", mary, "--reason", "a mistake")
    assert record["archived"] is False
    assert cli("restore-record", "resident", mary, "--reason", "x", code=1).err
    assert cli("archive", "resident", mary, code=2).err


def test_strike(cli: Cli) -> None:
    attempt = cli.add("contact_attempt", "at=today 08:00", "reached=no", "waited=20")
    record = cli.json("strike", "contact_attempt", attempt, "--reason", "another day")
    assert is_record(record, "contact_attempt")["struck_reason"] == "another day"
    card = cli("show", "contact_attempt", attempt).out
    assert re.search(r"  Struck through because +another day\n", card)
    assert re.search(r"  Got through +No\n", card)
    assert "[struck through]" in cli("list", "contact_attempt").out
    assert cli.error("set", "contact_attempt", attempt, "waited=5")["code"] == "event"


def test_move(cli: Cli) -> None:
    mary, john = (cli.add("resident", f"name={name}") for name in ("Mary Jones", "John K"))
    visit = cli.add("visit", "kind=visit", "at=today 00:00")
    note = cli.add("visit_entry", f"visit={visit}", "resident=Mary Jones", "found=Well")
    words = ("move", "visit_entry", note, "--to", "John K", "--reason", "wrong resident")
    record = is_record(cli.json(*words), "visit_entry")
    assert (record["resident"], record["moved_from"], record["found"]) == (john, note, "Well")
    old = cli.json("show", "visit_entry", note)
    assert (old["resident"], old["struck_reason"]) == (mary, "wrong resident")
    assert cli.error(*words)["code"] == "nothing-to-do"
    assert cli.error("move", "resident", mary, "--to", john, "--reason", "x", code=2)
    card = cli("move", "visit-entry", record["id"], "--to", mary, "--reason", "no").out
    assert re.search(r"  Resident +Mary Jones\n", card)
    assert re.search(r"  Moved from +John K, Visit, ", card)


def test_merge(cli: Cli) -> None:
    one, two = (cli.add("resident", "name=Mary Jones", f"room={n}") for n in "45")
    record = is_record(cli.json("merge", "resident", two, one, "--reason", "twice"), "resident")
    assert (record["id"], record["room"]) == (one, "4")
    assert cli.json("show", "resident", two)["merged_into"] == one
    # whoever still has the old id corrects the one that stands
    assert cli.json("set", "resident", two, "room=6")["id"] == one
    assert cli.error("merge", "resident", one, two)["code"] == "nothing-to-do"
    assert cli("merge", "resident", one, code=2).err


def test_history(cli: Cli) -> None:
    mary = cli.add("resident", "name=Mary Jones", "room=4", "--reason", "moved in")
    cli("set", "resident", mary, "room=5", "date_of_birth=3/2/1931", "--reason", "a nicer room")
    entries = cli.json("history", "resident", mary)
    assert [entry["op"] for entry in entries] == ["birth", "edit"]
    for entry in entries:
        assert list(entry) == ["id", "at", "by", "pc", "reason", "op", "fields"]
        assert ID.fullmatch(entry["id"])
        assert ISO.fullmatch(entry["at"])
        assert entry["by"] == made.MANAGER
        assert entry["pc"]
    assert entries[0]["id"] == mary
    assert entries[1]["fields"] == {
        "room": {"from": "4", "to": "5"},
        "date_of_birth": {"from": None, "to": "1931-02-03"},
    }
    assert entries[1]["reason"] == "a nicer room"
    told = cli("history", "resident", mary).out
    assert_for_people(told)
    first, *_ = told.splitlines()
    assert re.fullmatch(
        rf"\w{{3}} [0-9]{{1,2}} \w{{3}} [0-9]{{4}}, [0-9:]{{5}}( BST| GMT)?  written by "
        rf"{made.MANAGER} on .+: moved in",
        first,
    )
    assert re.search(r"  Room +4 -> 5\n", told)
    assert re.search(r"  Date of birth +3 Feb 1931\n", told)


def test_history_as_it_was_known(cli: Cli) -> None:
    mary = cli.add("resident", "name=Mary Jones")
    assert len(cli.json("history", "resident", mary, "--at", "today")) == 1
    assert cli.json("history", "resident", mary, "--at", "-30d") == []
    assert cli.json("history", "resident", mary, "--at", "01/01/2020 10:00") == []
    now = times.to_iso(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1))
    assert len(cli.json("history", "resident", mary, "--at", now)) == 1
    assert cli.error("history", "resident", mary, "--at", "whenever")["code"] == "time"


def test_history_of_a_set(cli: Cli) -> None:
    surgery = cli.add("organisation", "name=R", "kind=GP practice", "former_names=Old")
    cli("set", "organisation", surgery, "former_names+=Older")
    fields = [entry["fields"] for entry in cli.json("history", "organisation", surgery)]
    assert fields[-1] == {"former_names": {"from": ["Old"], "to": ["Old", "Older"]}}


def test_undo(cli: Cli) -> None:
    mary = cli.add("resident", "name=Mary Jones", "room=4")
    cli("set", "resident", mary, "room=5", "known_as=Molly")
    change = cli.json("history", "resident", mary)[-1]["id"]
    cli("set", "resident", mary, "room=6")
    result = cli.json("undo", change)
    assert result == {
        "undone": 0,
        "skipped": [{"id": change, "type": "resident", "record": mary, "field": "room"}],
    }
    record = cli.json("show", "resident", mary)
    assert (record["room"], record["known_as"]) == ("6", None)
    last = cli.json("history", "resident", mary)[-2]["id"]
    assert cli("undo", last, "--reason", "typing").out == "Taken back: 1 change.\n"
    assert cli.json("show", "resident", mary)["room"] == "5"
    assert cli("undo", last).out == (
        "Taken back: 0 changes.\nLeft alone, because it was changed or taken back since:\n  Mary Jones: Room\n"
    )
    assert cli.error("undo", "0000000000000")["code"] == "not-found"
    assert cli.error("undo", "--batch", "Physiotherapy")["code"] == "not-found"
    assert cli.error("undo", code=2)["code"] == "usage"
    assert cli.error("undo", change, "--batch", change, code=2)["code"] == "usage"


def test_undo_of_a_whole_unit(cli: Cli) -> None:
    with made.unlock(cli.home) as home:
        before = home.store.connection.execute("SELECT max(id) FROM unit").fetchone()[0]
    cli.add("organisation", "name=R", "kind=GP practice", "former_names=Old")
    with made.unlock(cli.home) as home:
        (unit,) = home.store.connection.execute(
            "SELECT id FROM unit WHERE id > ?", (before,)
        ).fetchone()
    result = cli.json("undo", "--batch", ids.to_text(unit))
    assert result["skipped"] == []
    assert result["undone"] >= 1
    assert cli.json("list", "organisation") == []


def test_search(cli: Cli) -> None:
    mary = cli.add("resident", "name=Mary Jones", "allergies=Penicillin since childhood")
    cli.add("organisation", "name=Riverside", "kind=GP practice", "phone=01632 960 123")
    (hit,) = cli.json("search", "penicillin")
    assert list(hit) == ["type", "id", "title", "snippet"]
    assert (hit["type"], hit["id"], hit["title"]) == ("resident", mary, "Mary Jones")
    assert f"{MARK_START}Penicillin{MARK_END}" in hit["snippet"]
    assert cli.json("search", "penic") == [hit]
    assert cli("search", "penicillin", "childhood").out == (
        f"{mary}  Resident: Mary Jones\n               {MARK_START}Penicillin{MARK_END} since "
        f"{MARK_START}childhood{MARK_END}\n"
    )
    for phone in ("01632960123", "+44 1632 960123", "(01632) 960-123", "960123"):
        found = cli.json("search", phone)
        assert [hit["title"] for hit in found] == ["Riverside"] or phone == "960123", phone
    assert cli.json("search", "nowhere") == []
    assert cli("search", "nowhere").out == "Nothing found.\n"
    assert cli.json("search", "--type", "contact", "penicillin") == []
    assert len(cli.json("search", "--limit", "1", "mary")) == 1
    assert cli("search", code=2).err


def test_attachments(cli: Cli, tmp_path: Path) -> None:
    mary = cli.add("resident", "name=Mary Jones")
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF" + bytes(range(256)))
    words = ("attachment", "owner_type=resident", "owner_id=Mary Jones", "--file", str(letter))
    attachment = cli.add(*words)
    record = is_record(cli.json("show", "attachment", attachment), "attachment")
    assert record["owner_id"] == mary
    assert (record["name"], record["media_type"], record["size"]) == (
        "letter.pdf",
        "application/pdf",
        260,
    )
    copy = tmp_path / "copy.pdf"
    card = cli("show", "attachment", attachment, "--save-to", str(copy)).out
    assert copy.read_bytes() == letter.read_bytes()
    assert re.search(r"  .+ Mary Jones\n", card)
    assert "exported" in {one["did"] for one in cli.json("audit")}
    assert cli.error("show", "attachment", attachment, "--save-to", str(copy))["code"] == (
        "already-exists"
    )
    assert cli.error("set", "attachment", attachment, f"sha256={'0' * 64}")["code"] == "problems"
    assert cli.error("show", "resident", mary, "--save-to", str(copy), code=2)
    for bad in (tmp_path / "none.pdf", tmp_path, Path("/dev/null")):
        assert cli.error(*("add", *words[:-1], str(bad)))["code"] == "file"
    assert cli.error("add", "attachment", "name=x", code=2)["code"] == "usage"
    assert cli.json("verify", "--deep")["damage"] == []


def test_types(cli: Cli) -> None:
    listed = cli.bare("types", "--json").json
    assert {entry["type"] for entry in listed} == {
        name for name, spec in all_specs().items() if spec.cls is not None
    }
    assert "visit_entry" in cli.bare("types").out
    fields = cli.bare("types", "visit-entry", "--json").json
    assert [field["field"] for field in fields][:2] == ["visit", "resident"]
    told = cli.bare("types", "visit").out
    assert re.search(r"^kind .*\(visit, round, clinic, .*\), required$", told, re.MULTILINE)


@pytest.mark.parametrize("type_name", [n for n, s in all_specs().items() if s.cls is not None])
def test_every_type_is_listed_and_its_fields_are_explained(type_name: str, cli: Cli) -> None:
    for record in cli.json("list", type_name):
        is_record(record, type_name)
        cli("show", type_name, record["id"])
        cli("history", type_name, record["id"])
    assert_for_people(cli("list", type_name).out)
    assert cli.bare("types", type_name).out


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2025-11-23 14:20", "2025-11-23T14:20:00+00:00"),
        ("23/11/2025 14:20", "2025-11-23T14:20:00+00:00"),
        ("2025-07-01 14:20", "2025-07-01T14:20:00+01:00"),
        ("2025-10-26 01:30 BST", "2025-10-26T01:30:00+01:00"),
        ("2025-10-26 01:30 GMT", "2025-10-26T01:30:00+00:00"),
        ("2025-11-23T14:20:00+00:00", "2025-11-23T14:20:00+00:00"),
        ("2025-11-23T14:20:00Z", "2025-11-23T14:20:00+00:00"),
    ],
)
def test_times_as_typed(typed: str, kept: str, cli: Cli) -> None:
    visit = cli.add("visit", "kind=visit", f"at={typed}")
    assert cli.json("show", "visit", visit)["at"] == kept
    assert_for_people(cli("show", "visit", visit).out)


def test_a_time_that_comes_twice_is_asked_about(cli: Cli) -> None:
    error = cli.error("add", "visit", "kind=visit", "at=2025-10-26 01:30")
    assert "BST" in error["message"]
    assert "GMT" in error["message"]
    for never in ("2025-03-30 01:30", "2025-02-30 10:00", "2025-11-23 25:00", "soon"):
        assert cli.error("add", "visit", "kind=visit", f"at={never}")["code"] == "problems"


@pytest.mark.parametrize("typed", ["2026-11-23", "23/11/2026", "23 Nov 2026", "today", "-30d"])
def test_dates_as_typed(typed: str, cli: Cli) -> None:
    today = times.in_london(dt.datetime.now(dt.UTC)).date()
    wanted = {"today": today, "-30d": today - dt.timedelta(days=30)}.get(
        typed, dt.date(2026, 11, 23)
    )
    action = cli.add("action", "what=Ring back", f"due={typed}")
    assert cli.json("show", "action", action)["due"] == wanted.isoformat()


def test_warnings_do_not_disturb_the_result(cli: Cli) -> None:
    said = cli("--json", "add", "contact", "name=Dr Patel", "phone=12", "email=at home")
    assert list(said.json) == ["id"]
    assert said.err.count("Note: ") == 2


def test_half_a_move_is_never_taken_back_alone(cli: Cli) -> None:
    cli.add("resident", "name=Mary Jones")
    cli.add("resident", "name=Dot Price")
    visit = cli.add("visit", "kind=visit", "at=today 00:00")
    note = cli.add("visit_entry", f"visit={visit}", "resident=Mary Jones", "found=sore heel")
    moved = cli.json("move", "visit_entry", note, "--to", "Dot Price", "--reason", "wrong one")
    (birth,) = cli.json("history", "visit_entry", moved["id"])
    assert cli.json("undo", birth["id"]) == {"undone": 2, "skipped": []}
    (standing,) = cli.json("list", "visit_entry")
    assert (standing["id"], standing["struck_reason"]) == (note, None)


def test_the_archived_are_found_when_they_are_asked_for(cli: Cli) -> None:
    mary = cli.add("resident", "name=Mary Jones")
    cli.json("archive", "resident", "Mary Jones", "--reason", "moved home")
    assert [r["id"] for r in cli.json("list", "resident", "--where", "archived=yes")] == [mary]
    told = cli.error("restore-record", "resident", "mary jones", "--reason", "back")
    assert "archived" in told["message"]
    assert mary in told["message"]


def test_what_is_struck_through_stays_as_it_is(cli: Cli) -> None:
    action = cli.add("action", "what=ring the surgery")
    cli.json("strike", "action", action, "--reason", "twice")
    assert cli.error("set", "action", action, "what=other")["code"] == "nothing-to-do"
