"""Lists in and out on the command line."""

from __future__ import annotations

import csv
import io
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from liaison.cli import progress
from liaison.store.verify import verify
from tests import homes as made
from tests.cli.conftest import Cli
from tests.cli.test_faults import answers_of
from tests.cli.test_kill import Moments, Victims

KEYS = ["batch", "added", "updated", "unchanged", "rejected", "rejects_file"]
HOW = (
    "--no-header",
    *("--map", "1=ods_code", "--map", "2=name", "--map", "10=postcode", "--map", "18=phone"),
    *("--set", "kind=GP practice"),
)


def practice(number: int, phone: str) -> str:
    """Return a row shaped like those of the NHS's list of GP practices: 27 columns, no headings."""
    cells = [""] * 27
    cells[0], cells[1], cells[4] = f"A{number:05}", f"SURGERY {number}", "THE SURGERY, MILL LANE"
    cells[9], cells[10], cells[12], cells[17] = f"TA{number % 20 + 1} 1AA", "20100830", "A", phone
    return ",".join(f'"{cell}"' for cell in cells)


@pytest.fixture
def practices(tmp_path: Path) -> Path:
    """Write a list of GP practices as the NHS publishes it."""
    file = tmp_path / "practices.csv"
    phones = ["01823 259444", "1373301301", ""]
    rows = [practice(number, phones[number % 3]) for number in range(30)]
    file.write_text("\r\n".join(rows) + "\r\n", encoding="utf-8")
    return file


def test_the_list_of_practices_comes_in_once(cli: Cli, practices: Path) -> None:
    words = ("import", "organisation", str(practices), *HOW)
    tried = cli.json(*words, "--dry-run")
    assert tried == {
        "batch": None, "added": 30, "updated": 0, "unchanged": 0, "rejected": [],
        "rejects_file": None,
    }  # fmt: skip
    assert list(tried) == KEYS
    assert cli.json("list", "organisation") == []
    done = cli.json(*words)
    assert {**done, "batch": None} == tried
    assert len(cli.json("list", "organisation", "--where", "kind=GP practice")) == 30
    assert cli.json("show", "organisation", "SURGERY 1")["phone"] == "01373301301"
    again = cli.json(*words)
    assert (again["added"], again["updated"], again["unchanged"]) == (0, 0, 30)
    assert again["batch"] is None
    undone = cli.json("undo", "--batch", done["batch"])
    assert undone == {"undone": 30, "skipped": []}
    assert cli.json("list", "organisation") == []
    assert made.names(practices.parent) == ["home", "password.txt", "practices.csv"]


def test_people_are_told_what_happened_in_words(cli: Cli, practices: Path) -> None:
    words = ("import", "organisation", str(practices), *HOW)
    said = cli(*words, "--dry-run").out
    assert said.startswith("This is what would happen; nothing was changed.")
    said = cli(*words).out
    assert "Organisations: 30 added, 0 updated, 0 unchanged, 0 not taken in." in said
    assert "column 1 = ODS code" in said
    assert "columns 3 to 9" in said
    assert "Note on row 2: Phone: The spreadsheet had 1373301301" in said
    assert "liaison undo --batch " in said


def test_rows_with_problems_are_listed_and_kept(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    rows = "".join(f"Person {number},juggler\n" for number in range(40))
    file.write_text(f"Name,Job title,Shoe size\nJo Bell,nurse,6\n{rows}", encoding="utf-8")
    done = cli("--json", "import", "staff", str(file))
    assert list(done.json) == KEYS
    assert done.json["added"] == 1
    rejected = done.json["rejected"]
    assert [row["row"] for row in rejected] == list(range(3, 43))
    assert list(rejected[0]) == ["row", "problems"]
    assert "juggler" in rejected[0]["problems"][0]
    assert done.json["rejects_file"] == str(tmp_path / "staff.rejected.csv")
    assert "Columns not used: Shoe size." in done.err
    said = cli("import", "staff", str(file)).out
    assert "Row 3: Job role: 'juggler'" in said
    assert "... and 20 more rows with problems" in said
    assert "staff.rejected.csv. Correct them there and import that file." in said
    file = tmp_path / "staff.rejected.csv"
    file.write_bytes(file.read_bytes().replace(b"Person 7,juggler", b"Person 7,cook"))
    assert cli.json("import", "staff", str(file))["added"] == 1


def test_what_would_help_the_whole_list_is_said(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("Name\nJo Bell\n", encoding="utf-8")
    assert "--set job_role=..." in cli("import", "staff", str(file), "--dry-run").out
    assert made.names(tmp_path) == ["home", "password.txt", "staff.csv"]


def damaged_workbook() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "code", "said"),
    [
        ("a.csv", b"", "empty", "empty"),
        ("a.csv", damaged_workbook(), "damaged", "Excel workbook"),
        ("a.csv", b"%PDF-1.7", "not-csv", "PDF"),
        ("a.xlsx", damaged_workbook(), "damaged", "Excel workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1W\0o\0r\0k\0b\0o\0o\0k\0", "old-xls", "XLS"),
        ("a.vcf", b"BEGIN:VCARD\nORG:Priory\nEND:VCARD\n", "other-cards", "contact"),
        ("a.csv", b"x,y\n1,2\n", "no-mapping", "None of the headings"),
        ("a.csv", b'Name,"Phone\nA,1\n', "columns", "row of headings"),
    ],
)
def test_a_file_that_is_no_list_is_told(  # noqa: PLR0917  # the cases
    cli: Cli, tmp_path: Path, name: str, data: bytes, code: str, said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    error = cli.error("import", "contact", str(tmp_path / name))
    assert error["code"] == code
    assert said in error["message"]
    assert error["kept"] == "Nothing was changed."


def test_a_file_that_cannot_be_opened_is_told(cli: Cli, tmp_path: Path) -> None:
    assert "is not there" in cli.error("import", "contact", str(tmp_path / "a.csv"))["message"]
    (tmp_path / "b.csv").mkdir()
    assert "not a file" in cli.error("import", "contact", str(tmp_path / "b.csv"))["message"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("import", "training-matrix", "x.csv"), "file"),
        (("import", "asc-wds", "x.csv"), "not-a-list"),
        (("export", "training-matrix", "x.csv"), "no-format"),
        (("export", "asc-wds", "x.xlsx"), "no-format"),
        (("export", "asc-wds", "x.csv"), "nothing-to-write"),
        (("export", "resident", "x.vcf"), "no-format"),
        (("export", "directory", "x.csv"), "no-format"),
        (("export", "contact", "x.ods"), "no-format"),
        (("import", "home", "x.csv"), "kept-by-program"),
        (("import", "person", "x.csv"), "kept-by-program"),
        (("import", "attachment", "x.csv"), "kept-by-program"),
    ],
)
def test_what_cannot_be_read_or_written_today_is_told(
    cli: Cli, words: tuple[str, ...], code: str
) -> None:
    error = cli.error(*words)
    assert error["code"] == code
    assert error["message"]


def test_words_that_are_no_mapping_are_a_mistake_of_usage(cli: Cli, practices: Path) -> None:
    for words in (("--map", "Name"), ("--set", "kind"), ("--map", "=name")):
        assert "quotes" in cli.error("import", "organisation", str(practices), *words, code=2)[
            "message"
        ]  # fmt: skip
    assert cli.error("import", "organization", str(practices), code=2)["code"] == "usage"


def test_a_field_or_column_that_is_not_there_is_told_with_near_ones(
    cli: Cli, practices: Path, tmp_path: Path
) -> None:
    error = cli.error("import", "organisation", str(practices), "--no-header", "--map", "1=nam")
    assert (error["code"], "Near ones: name" in error["message"]) == ("no-field", True)
    error = cli.error("import", "organisation", str(practices), "--no-header", "--map", "99=name")
    assert error["code"] == "no-column"
    file = tmp_path / "a.csv"
    file.write_text("Name=x,Tel\nA,1\n", encoding="utf-8")
    done = cli.json("import", "contact", str(file), "--map", "Name=x=name")
    assert done["added"] == 1


def test_a_list_goes_out_and_in_again(cli: Cli, tmp_path: Path) -> None:
    cli.add("service", "name=Catheter care, adults")
    cli.add("service", "name=Wound care")
    cli.add("organisation", "name=+Plus", "kind=pharmacy", "private_notes=zq slow",
            "phone=+44 1823 259444", "offers=Wound care", "offers=Catheter care, adults")  # fmt: skip
    file = tmp_path / "out.csv"
    assert cli.json("export", "organisation", str(file)) == {"rows": 1, "file": str(file)}
    done = cli.json("import", "organisation", str(file))
    assert (done["added"], done["updated"], done["unchanged"]) == (0, 0, 1)
    said = cli("export", "organisation", str(file), "--for-sharing").out
    assert "1 organisation written to" in said
    assert "not encrypted" in said
    with file.open(encoding="utf-8-sig", newline="") as opened:
        (head, row) = csv.reader(opened)
    assert "Private notes" not in head
    assert row[0] == "'+Plus"
    assert b"zq" not in file.read_bytes()
    assert cli.error("export", "contact", str(file))["code"] == "already-exists"
    assert cli.error("export", "contact", str(cli.home / "x.csv"))["code"] == "bad-place"


# ---- workbooks and cards


def test_a_workbook_goes_out_and_in_again(cli: Cli, tmp_path: Path) -> None:
    cli.add("staff", "name==Jo Bell", "job_role=nurse", "started=01/02/2020")
    file = tmp_path / "staff.xlsx"
    assert cli.json("export", "staff", str(file))["rows"] == 1
    assert cli.json("import", "staff", str(file), "--sheet", "staff")["unchanged"] == 1
    assert cli.error("import", "staff", str(file), "--sheet", "rota")["code"] == "no-sheet"
    assert cli.json("export", "staff", str(file))["rows"] == 1
    assert cli.error("export", "contact", str(file))["code"] == "already-exists"


def test_cards_come_in_with_where_people_work(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "phone.vcf"
    file.write_bytes(
        b"BEGIN:VCARD\nFN:Ann Lee\nORG:Priory\nTITLE:GP\nTEL:01823 259444\nEND:VCARD\n"
        b"BEGIN:VCARD\nTEL:01823 1\nEND:VCARD\n"
        b"BEGIN:VCARD\nKIND:org\nFN:Moor House\nEND:VCARD\n"
    )
    words = ("import", "contact", str(file))
    said = cli(*words, "--dry-run").out
    assert "1 card was left out" in said
    assert "There is no organisation 'Priory'" in said
    assert "Card 2: " in said
    assert "Note on card 1: " in said
    done = cli.json(*words, "--new-organisations", "GP practice")
    assert (done["added"], [row["row"] for row in done["rejected"]]) == (1, [2])
    assert [one["name"] for one in cli.json("list", "organisation")] == ["Priory"]
    assert [one["role"] for one in cli.json("list", "post")] == ["GP"]
    assert cli.json(*words)["unchanged"] == 1
    assert "--set kind=..." in cli("import", "organisation", str(file)).out
    assert cli.json("import", "organisation", str(file), "--set", "kind=other")["added"] == 1
    assert cli.error("import", "resident", str(file))["code"] == "not-csv"


def test_one_record_goes_out_by_its_name(cli: Cli, tmp_path: Path) -> None:
    for name in ("Ann", "Bob", "Cy"):
        cli.add("contact", f"name={name}")
    file = tmp_path / "some.vcf"
    done = cli.json("export", "contact", str(file), "--only", "Ann", "--only", "Cy")
    assert done["rows"] == 2
    assert file.read_bytes().count(b"BEGIN:VCARD") == 2
    assert b"Bob" not in file.read_bytes()
    assert cli.error("export", "directory", str(file), "--only", "Ann", code=2)["code"] == "usage"


def test_a_directory_for_another_home_has_two_kinds_of_file(cli: Cli, tmp_path: Path) -> None:
    cli.add("organisation", "name=Priory", "kind=other", "private_notes=zq")
    for name in ("ours.xlsx", "ours.vcf"):
        file = str(tmp_path / name)
        assert cli.json("export", "directory", file, "--for-sharing")["rows"] == 1
        assert "1 entry written" in cli("export", "directory", file, "--for-sharing").out


# ---- killed, no space, no right


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Make the folder in which the victims could leave temporary files."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    return folder


@pytest.fixture
def victims(temporary: Path) -> Iterator[Victims]:
    server = Victims(temporary)
    yield server
    server.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no kill -9")
def test_an_import_that_is_killed_is_there_whole_or_not_at_all(
    cli: Cli, victims: Victims, tmp_path: Path, pattern: Path, *, full_faults: bool
) -> None:
    place = tmp_path / "list"
    place.mkdir()
    file = place / "contacts.csv"
    rows = "".join(f"zqname{number},zqphone\n" for number in range(3_000))
    file.write_text(f"Name,Phone\n{rows},no name\n", encoding="utf-8")
    words = ("import", "contact", str(file), "--json")
    moments = Moments(victims, 40 if full_faults else 8)
    counts = set()
    for kill, moment in enumerate(moments.of(*words, last=f"--home={cli.home}")):
        cli.home = made.copy(pattern, tmp_path / f"home {kill}")
        for left in place.glob("*rejected*"):
            left.unlink()
        victims.run(moment, "cli", *words, f"--home={cli.home}")
        assert made.words_in(cli.home, "zqname", "zqphone") == []
        with made.unlock(cli.home) as home:
            (count,) = home.store.connection.execute("SELECT count(*) FROM contact").fetchone()
            assert count in {0, 3_000}
            assert verify(home.store, deep=True).damage == []
        counts.add(count)
        if count:
            # what did not come in is known as soon as the rest has come in
            assert (place / "contacts.rejected.csv").exists()
        done = cli.json(*words[:3])
        assert (done["added"], done["unchanged"]) == (3_000 - count, count)
        assert done["rejects_file"] == str(place / "contacts.rejected.csv")
    assert 0 in counts


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")
def test_a_full_disk_takes_nothing_in_and_leaves_nothing(pattern: Path, tmp_path: Path) -> None:
    public = tmp_path
    made.copy(pattern, public / "home")
    size = (public / "home" / made.DATABASE).stat().st_size
    rows = "".join(f"Contact {number},x,{'catheter ' * 20}\n" for number in range(4_000))
    (public / "a.csv").write_text(f"Name,Cover,Private notes\n{rows}", encoding="utf-8")
    (public / "b.csv").write_text(
        f"Name,Private notes\nZq,{'catheter ' * 100_000}\n", encoding="utf-8"
    )
    answers = answers_of(
        public,
        size // 2,
        ["import", "contact", f"{public}/a.csv"],
        ["import", "contact", f"{public}/b.csv"],
    )
    for code, error in answers:
        assert code == 1
        assert error["code"] in {"disk-full", "disk-error", "cannot-write"}
        assert error["kept"]
    assert made.names(public) == ["a.csv", "b.csv", "home", "password.txt"]
    with made.unlock(public / "home") as home:
        found = home.store.connection.execute("SELECT count(*) FROM contact").fetchone()
        assert found == (1,)


def test_which_of_several_a_row_is_can_be_told(cli: Cli, tmp_path: Path) -> None:
    first = cli.add("resident", "name=Mary Jones", "room=4")
    cli.add("resident", "name=Mary Jones", "room=9")
    file = tmp_path / "residents.csv"
    file.write_text("Name,Known as\nMary Jones,May\n")
    words = ("import", "resident", str(file))
    assert "--same 2=ID, or --same 2=new" in cli(*words, "--dry-run").out
    assert cli.json(*words, "--same", f"2={first}")["updated"] == 1
    assert cli.json("show", "resident", first)["known_as"] == "May"
    assert cli.json(*words, "--same", "2=new")["added"] == 1
    assert cli.error(*words, "--same", "x=new", code=2)["code"] == "usage"
    assert cli.error(*words, "--same", "2=Nobody")["code"] == "not-found"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_how_far_it_is_is_told_at_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_QUIET_S", 0.0)
    monkeypatch.setattr(progress, "_BETWEEN_S", 0.0)
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress.progress() as tell:
        tell(400, 0, "Reading the rows")
        tell(400, 100_000, "Checking")
    assert terminal.getvalue().startswith("\rReading the rows: 400 rows\rChecking: 400 of 100,000")
    assert terminal.getvalue().endswith(" \r")
    plain = io.StringIO()
    monkeypatch.setattr(sys, "stderr", plain)
    with progress.progress() as tell:
        tell(1, 2, "Checking")
    assert plain.getvalue() == ""
