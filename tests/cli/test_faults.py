"""Bad input and faults of the surroundings: a plain message each, nothing lost, no stack trace."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from liaison.cli import run
from liaison.records import Record
from liaison.records.home import Resident
from liaison.security.wire import with_checksum
from liaison.services import editing, places
from liaison.settings import log_dir
from liaison.store import driver
from tests import homes as made
from tests.cli.conftest import Cli

READS: Final = (
    ("show", "home"),
    ("list", "resident"),
    ("search", "mary"),
    ("history", "home"),
    ("verify",),
    ("set", "home", "beds=3"),
    ("add", "resident", "name=Mary Jones"),
)


# ---- a home that is not as it should be


def missing_keys(home: Path) -> None:
    (home / made.KEYS).unlink()


def short_keys(home: Path) -> None:
    data = (home / made.KEYS).read_bytes()
    (home / made.KEYS).write_bytes(data[: len(data) // 2])


def flipped_keys(home: Path) -> None:
    made.flip(home / made.KEYS, 1500)


def costly_keys(home: Path) -> None:
    document = json.loads((home / made.KEYS).read_bytes())
    (slot,) = document["slots"]
    (name,) = [name for name in slot["kdf"] if "memory" in name]
    slot["kdf"][name] = 4 * 1024 * 1024
    document["slots"] = [with_checksum(slot)]
    (home / made.KEYS).write_bytes(json.dumps(with_checksum(document)).encode())


def newer_keys(home: Path) -> None:
    document = json.loads((home / made.KEYS).read_bytes())
    document["version"] = 99
    (home / made.KEYS).write_bytes(json.dumps(with_checksum(document)).encode())


def foreign_keys(home: Path) -> None:
    other = home.with_name("other")
    made.make(other)[0].close()
    shutil.copy(other / made.KEYS, home / made.KEYS)


def missing_database(home: Path) -> None:
    (home / made.DATABASE).unlink()


def empty_database(home: Path) -> None:
    (home / made.DATABASE).write_bytes(b"")


def short_database(home: Path) -> None:
    data = (home / made.DATABASE).read_bytes()
    (home / made.DATABASE).write_bytes(data[:8192])


def flipped_database(home: Path) -> None:
    made.flip(home / made.DATABASE, 600)


def foreign_database(home: Path) -> None:
    other = home.with_name("other")
    made.make(other)[0].close()
    shutil.copy(other / made.DATABASE, home / made.DATABASE)


def plain_database(home: Path) -> None:
    (home / made.DATABASE).unlink()
    with sqlite3.connect(home / made.DATABASE) as plain:
        plain.execute("CREATE TABLE resident(name)")
    plain.close()


KEY_FAULTS: Final = [
    (missing_keys, "not-a-home"),
    (short_keys, "damaged-key-file"),
    (flipped_keys, "damaged-key-file"),
    (costly_keys, "key-file-cost"),
    (newer_keys, "newer-key-file"),
]
DATABASE_FAULTS: Final = [
    foreign_keys,
    missing_database,
    empty_database,
    short_database,
    flipped_database,
    foreign_database,
    plain_database,
]


@pytest.mark.parametrize(("spoil", "code"), KEY_FAULTS)
def test_a_spoilt_key_file_is_said(spoil: Callable[[Path], None], code: str, cli: Cli) -> None:
    spoil(cli.home)
    before = made.contents(cli.home)
    for words in READS:
        error = cli.error(*words)
        assert error["code"] == code
        assert error["kept"]
    assert made.contents(cli.home) == before


@pytest.mark.parametrize("spoil", DATABASE_FAULTS)
def test_a_spoilt_database_is_said(spoil: Callable[[Path], None], cli: Cli) -> None:
    spoil(cli.home)
    before = made.contents(cli.home)
    for words in READS:
        if words == ("verify",):
            (damage,) = cli("verify", "--json", code=3).json["damage"]
            assert "database" in damage["what"]
            continue
        error = cli.error(*words)
        assert error["code"] == "damaged-database"
        assert error["kept"] == "Nothing was changed."
        assert "backup" in error["message"]
    assert made.contents(cli.home) == before


def test_damage_anywhere_is_never_a_bug(cli: Cli, *, full_faults: bool) -> None:
    """Wherever a bit flips: the answer is right, or it is plainly said."""
    mary = cli.add("resident", "name=Mary Jones", "allergies=Penicillin")
    right = {words: cli(*words).out for words in READS[:4]}
    good = (cli.home / made.DATABASE).read_bytes()
    pages = len(good) // 4096
    found = 0
    for page in range(0, pages, 1 if full_faults else pages // 20):
        (cli.home / made.DATABASE).write_bytes(good)
        # it is put back to before the last save, which the outside mark would tell
        (cli.home / made.MARK).unlink(missing_ok=True)
        made.flip(cli.home / made.DATABASE, page * 4096 + 700, page % 8)
        for words in (*READS[:4], ("set", "resident", mary, "room=4")):
            ended = outcome(cli, *words)
            if words in right and ended == right[words]:
                continue
            if ended != "damaged":
                # the page is not used by what was asked
                assert words not in right
        found += outcome(cli, "verify") == "damage found"
    assert found == len(range(0, pages, 1 if full_faults else pages // 20))


def outcome(cli: Cli, *words: str) -> str:
    """Return what a command printed, or in one word how it failed."""
    cli._capsys.readouterr()
    code = (
        run(["--json", "--home", str(cli.home), *words])
        if words[0] == "verify"
        else run(["--home", str(cli.home), *words])
    )
    out, err = cli._capsys.readouterr()
    if code == 3:
        return "damage found"
    if code:
        assert "Something went wrong in Liaison itself" not in err, (words, err)
        assert "damaged" in err, (words, err)
        return "damaged"
    return out


def test_a_wrong_password_is_said(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "wrong.txt").write_text("tea at eleven\n")
    for words in READS:
        error = cli.error(*words, "--password-file", str(tmp_path / "wrong.txt"))
        assert error["code"] == "wrong-password"
        assert "tea" not in json.dumps(error)


@pytest.mark.parametrize("place", ["OneDrive - Willow", "Dropbox", "share"])
def test_a_place_that_would_destroy_the_home_is_refused(
    place: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mountinfo").write_text(f"9 2 0:5 / {tmp_path}/share rw - cifs //server/x rw\n")
    monkeypatch.setattr(places, "_MOUNTS", tmp_path / "mountinfo")
    folder = tmp_path / place / "home"
    folder.parent.mkdir()
    shutil.copytree(cli.home, folder)
    cli("backup", str(tmp_path / "b"))
    new = str(tmp_path / place / "new")
    for words in (
        ("init", "--name", "W", "--person", "K", "--home", new),
        ("restore", str(tmp_path / "b"), "--home", new),
        ("show", "home", "--home", str(folder)),
    ):
        error = cli.error(*words)
        assert (error["code"], error["kept"]) == ("bad-place", "Nothing was changed.")
        assert "own disk" in error["message"]
    assert made.names(tmp_path / place) == ["home"]
    # backups may go there: they are whole files, written once
    cli("backup", str(tmp_path / place / "b"))


# ---- other programs, and the disk


@pytest.fixture
def other_program(cli: Cli) -> Iterator[driver.Connection]:
    """Another program that writes to the home just now."""
    with made.unlock(cli.home) as home:
        key = home.unlocked.vault.database.current
    connection = driver.connect(cli.home / made.DATABASE, key)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def test_while_another_program_writes_reading_goes_on(
    cli: Cli, other_program: driver.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a wait for it would be longer than any machine takes for the rest
    monkeypatch.setattr(driver, "BUSY_SECONDS", 120)
    begin = time.monotonic()
    assert cli("show", "home").out.startswith("Home: Willow House")
    assert cli.json("list", "resident") == []
    assert cli.json("verify")["damage"] == []
    # nobody waits for a lock that is not needed
    assert time.monotonic() - begin < driver.BUSY_SECONDS


def test_while_another_program_writes_saving_says_so(
    cli: Cli, other_program: driver.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "BUSY_SECONDS", 0.05)
    error = cli.error("add", "resident", "name=Mary Jones")
    assert error["code"] == "busy"
    assert "not saved" in error["kept"]
    other_program.execute("ROLLBACK")
    assert cli.json("list", "resident") == []
    cli("add", "resident", "name=Mary Jones")


def test_while_another_liaison_has_the_home_open_both_save(cli: Cli) -> None:
    with made.unlock(cli.home) as home:
        editing.add(home, made_resident("Mary Jones"))
        cli("add", "resident", "name=John Kowalski")
        editing.add(home, made_resident("Anna Nowak"))
        assert len(cli.json("list", "resident")) == 3
    assert cli.json("verify", "--deep")["damage"] == []


def made_resident(name: str) -> Record:
    return Resident(name=name)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder everybody may look into; those of pytest are closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    (folder / "password.txt").write_text(f"{made.PASSWORD}\n")
    (folder / "password.txt").chmod(0o644)
    yield folder
    for path in folder.rglob("*"):
        path.chmod(0o755)
    shutil.rmtree(folder)


CHILD: Final = """
import contextlib, io, json, os, resource, sys
from tests.homes import CHEAP
from liaison.services import founding
from liaison.cli import run
founding.make_home.__kwdefaults__["cost"] = CHEAP
public, limit, *commands = json.loads(sys.argv[1])
home = f"{public}/home"
os.environ["LIAISON_PASSWORD_FILE"] = f"{public}/password.txt"
os.environ["XDG_STATE_HOME"] = f"{public}/state"
# read now: somebody without rights may not be able to read Python itself
with contextlib.redirect_stdout(io.StringIO()):
    assert run(["--home", home, "add", "contact", "name=x", "phone=1"]) == 0
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
else:
    for path in [home, *(f"{home}/{name}" for name in os.listdir(home))]:
        os.chmod(path, 0o555)
    if os.getuid() == 0:
        # root may write anywhere
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
answers = []
for words in commands:
    words = [word.replace("@long", "catheter " * 100_000) for word in words]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = run(["--json", "--home", home, *words])
    answers.append([code, json.loads(out.getvalue())])
print(json.dumps(answers))
"""


def answers_of(public: Path, limit: int, *commands: list[str]) -> list[tuple[int, dict[str, str]]]:
    """Run commands in a process that is limited; return exit codes and errors."""
    with made.child(CHILD, json.dumps([str(public), limit, *commands])) as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert b"Traceback" not in err
    return [(code, document["error"] if code else {}) for code, document in json.loads(out)]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_folder_that_may_not_be_written_to_is_said(pattern: Path, public: Path) -> None:
    made.copy(pattern, public / "home")
    (public / "closed").mkdir(mode=0o700)
    answers = answers_of(
        public,
        0,
        ["add", "resident", "name=Mary Jones"],
        ["set", "home", "beds=32"],
        ["backup", f"{public}/b"],
        ["backup", f"{public}/closed/b"],
        ["init", "--name", "W", "--person", "K", "--home", f"{public}/new"],
        ["init", "--name", "W", "--person", "K", "--home", f"{public}/closed/new"],
        ["show", "home", "--home", f"{public}/closed/home"],
        ["restore", f"{public}/closed/b", "--home", f"{public}/new"],
    )
    for code, error in answers:
        assert code == 1
        assert error["code"] in {
            *("read-only", "cannot-open", "cannot-read", "bad-place", "no-folder"),
            *("not-a-home", "damaged-backup", "cannot-write"),
        }
        assert error["kept"]
    assert answers[0][1]["code"] in {"read-only", "cannot-open"}
    assert answers[4][1]["code"] == "read-only"
    assert sorted(made.names(public)) == ["closed", "home", "password.txt"]
    (public / "home").chmod(0o755)
    for path in (public / "home").iterdir():
        path.chmod(0o644)
    with made.unlock(public / "home") as home:
        assert home.store.connection.execute("SELECT count(*) FROM resident").fetchone() == (0,)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")
def test_a_disk_that_is_full_is_said_and_nothing_is_lost(pattern: Path, public: Path) -> None:
    made.copy(pattern, public / "home")
    size = (public / "home" / made.DATABASE).stat().st_size
    answers = answers_of(
        public,
        size // 2,
        ["add", "service", "name=Chiropody", "explanation=@long"],
        ["backup", f"{public}/b"],
        ["init", "--name", "W", "--person", "K", "--home", f"{public}/new"],
        ["list", "contact"],
    )
    for code, error in answers[:3]:
        assert code == 1
        assert error["code"] in {"disk-full", "disk-error", "cannot-write"}
        assert error["kept"]
    assert answers[3][0] == 0
    assert made.names(public) == ["home", "password.txt"]
    with made.unlock(public / "home") as home:
        assert home.store.connection.execute("SELECT count(*) FROM service").fetchone() == (0,)
        assert home.store.connection.execute("SELECT count(*) FROM contact").fetchone() == (1,)


# ---- what people type


WORDS: Final = [
    "Cadwch hi'n gynnes: Llŷr, tŷ, dŵr",
    "Zażółć gęślą jaźń",
    "الحساسية: البنسلين",
    "👩🏽‍⚕️ visited 🏥",
    "漢字かな交じり文",
    "o'neil \"x",
    "line one\nline two\ttabbed",
    "<b>bold</b> & co; DROP TABLE resident;--",
    "=1+1",
    "100% %s {0} $HOME `id`",
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe",
]


@pytest.mark.parametrize("words", WORDS)
def test_whatever_is_typed_is_kept_and_found(words: str, cli: Cli) -> None:
    service = cli.add("service", "name=x", f"explanation={words}", "--reason", words)
    assert cli.json("show", "service", service)["explanation"] == words
    (entry,) = cli.json("history", "service", service)
    assert entry["reason"] == " ".join(words.split())
    for line in words.splitlines():
        assert line.replace("\t", "") in cli("show", "service", service).out.replace(" " * 8, "")
    word = max(re.findall(r"\w+", words), key=len)
    assert [hit["id"] for hit in cli.json("search", word)] == [service]
    assert cli.json("verify", "--deep")["damage"] == []


def test_control_characters_go_and_the_words_stay(cli: Cli) -> None:
    service = cli.add(
        "service", "name=a\0b\x1b[31mc", "explanation=x\0y\x07z\r\nnext", "--reason", "\0"
    )
    record = cli.json("show", "service", service)
    assert (record["name"], record["explanation"]) == ("ab[31mc", "xyz\nnext")
    assert cli("show", "service", "a\0b", code=1).err
    assert cli.json("search", "\0") == []


NO_TEXT: Final = "\udcff"


@pytest.mark.parametrize(
    "words",
    [
        ("add", "resident", f"name={NO_TEXT}"),
        ("add", "resident", "name=x", f"practice={NO_TEXT}"),
        ("add", "resident", "name=x", f"date_of_birth={NO_TEXT}"),
        ("add", "organisation", "name=x", f"kind={NO_TEXT}"),
        ("add", "organisation", "name=x", "kind=other", f"former_names={NO_TEXT}"),
        ("add", "resident", "name=x", "--reason", NO_TEXT),
        ("add", "resident", f"{NO_TEXT}=x"),
        ("add", NO_TEXT, "name=x"),
        ("show", "resident", NO_TEXT),
        ("set", "resident", NO_TEXT, "name=x"),
        ("set", "home", f"name={NO_TEXT}"),
        ("list", "resident", "--where", f"name={NO_TEXT}"),
        ("list", "resident", "--where", f"practice={NO_TEXT}"),
        ("list", NO_TEXT),
        ("history", "resident", NO_TEXT),
        ("history", "home", "--at", NO_TEXT),
        ("undo", NO_TEXT),
        ("undo", "--batch", NO_TEXT),
        ("archive", "resident", NO_TEXT, "--reason", "x"),
        ("show", "home", "--user", NO_TEXT),
        ("show", "home", "--password-file", NO_TEXT),
        ("show", "home", "--home", NO_TEXT),
        ("restore", NO_TEXT, "--home", "never"),
        (NO_TEXT,),
    ],
    ids=lambda words: " ".join(words).encode("ascii", "replace").decode(),
)
def test_bytes_that_are_no_text_are_a_plain_error(words: tuple[str, ...], cli: Cli) -> None:
    code = 2 if "usage" in cli_code(cli, words) else 1
    error = cli.error(*words, code=code)
    assert error["code"] != "bug"
    assert cli.json("list", "resident") == []


def cli_code(cli: Cli, words: tuple[str, ...]) -> str:
    code = run(["--home", str(cli.home), *words])
    return {2: "usage", 1: "error"}.get(code, str(code))


def test_a_search_for_bytes_that_are_no_text_finds_nothing(cli: Cli) -> None:
    cli.add("service", "name=x")
    assert cli.json("search", "\udcff") == []
    assert len(cli.json("search", "x\udcff")) == 1
    assert cli.json("search", "\udcff", "--type", "service") == []


def test_a_home_and_files_in_folders_that_are_no_text(cli: Cli, tmp_path: Path) -> None:
    """A name from a disk of another code page is a name all the same."""
    odd = tmp_path / "caf\udce9"
    odd.mkdir()
    shutil.copytree(cli.home, odd / "home")
    cli.home = odd / "home"
    mary = cli.add("resident", "name=Mary Jones")
    assert json.loads(json.dumps(cli.json("backup", str(odd / "b"))))["file"]
    (odd / "letter.txt").write_text("Dear Mum")
    cli.add(
        "attachment", "owner_type=resident", f"owner_id={mary}", "--file", str(odd / "letter.txt")
    )
    (odd / "l\udce9tter.txt").write_text("Dear Mum")
    words = ("add", "attachment", "owner_type=resident", f"owner_id={mary}", "--file")
    assert cli.error(*words, str(odd / "l\udce9tter.txt"))["code"] == "problems"
    cli.bare("restore", str(odd / "b"), "--home", str(odd / "restored"))


OPERATORS: Final = [
    "o'neil \"x",
    '"',
    '""',
    "'",
    "*",
    "cath*",
    "^catheter",
    "AND",
    "OR",
    "NOT",
    "NEAR(a b, 5)",
    "NEAR/2",
    "catheter AND",
    "name:catheter",
    "{name explanation}: x",
    "-catheter",
    "+catheter",
    "(catheter",
    "catheter)",
    "a - b",
    "--",
    "/* x */",
    ";",
    "\\",
    "%",
    "_",
    "?1",
    "\0",
    " ",
    "",
    "x" * 10_000,
    "word " * 1_000,
    "٣٤٥",
    "🦉",
    "+44 1632 960 123",
    "01632/960123",
    "00000000000000000000000",
    "1.5e309",
]


@pytest.mark.parametrize("typed", OPERATORS, ids=range(len(OPERATORS)))
def test_what_is_searched_for_is_never_a_command(typed: str, cli: Cli) -> None:
    found = cli.json("search", "--", typed)
    assert isinstance(found, list)
    assert cli("search", "--", typed).err == ""


def test_operators_are_found_as_the_words_they_are(cli: Cli) -> None:
    one = cli.add("service", "name=x", 'explanation=Mrs O\'Neil "Nell" AND her NEAR(est) x-ray')
    for typed in ("o'neil", "O'NEIL", '"nell"', "AND", "near(est)", "x-ray", "o'neil \"x"):
        hits = cli.json("search", "--", typed)
        assert [hit["id"] for hit in hits] == [one] or typed == "o'neil \"x", typed
    assert cli.json("search", "o'neil", "NOT", "nell") == []


def test_a_note_of_a_megabyte(cli: Cli) -> None:
    note = "Łatwo 🦉 catheter draining. " * 38_000
    begin = time.process_time()
    service = cli.add("service", "name=x", f"explanation={note}zzqq")
    assert cli.json("show", "service", service)["explanation"] == f"{note}zzqq"
    cli("show", "service", service)
    cli("set", "service", service, "name=y", "explanation=short")
    cli("history", "service", service)
    assert [hit["id"] for hit in cli.json("search", "short")] == [service]
    one_word = cli.add("service", "name=z", f"explanation={'x' * 1_000_000}")
    cli("show", "service", one_word)
    assert time.process_time() - begin < 20
    error = cli.error("add", "service", "name=x", f"explanation={'x' * 2_000_001}")
    assert error["code"] == "problems"
    assert "2,000,000" in error["message"]
    assert len(error["message"]) < 1000
    assert cli.error("add", "service", f"name={'x' * 2_001}")["code"] == "problems"
    assert cli.error("add", "service", "name=x", "--reason", "x" * 2_001)["code"] == "reason"
    assert cli.json("verify", "--deep")["damage"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("name=",),
        ("room=4",),
        ("name=x", "date_of_birth=31/02/1931"),
        ("name=x", "date_of_birth=soon"),
        ("name=x", "nhs_number=123"),
        ("name=x", "practice=Nowhere Surgery"),
        ("name=x", "practice=ZZZZZZZZZZZZZ"),
        ("name=x", "practice=Physiotherapy"),
        ("name=x", "gp_choice=whatever"),
        ("name=x", "review_every_days=-1"),
        ("name=x", "review_every_days=1e9"),
        ("name=x", "review_every_days=99999999999999999999999"),
        ("name=x", "room=1", "room=2"),
        ("name=x", "room+=1"),
        ("name=x", "archived=yes"),
        ("name=x", "struck_reason=x"),
        ("name=x", "merged_into=x"),
        ("name=x", "id=0000000000001"),
        ("name=x", "type=resident"),
        ("name=x", "shoe_size=44"),
    ],
    ids=" ".join,
)
def test_what_a_field_cannot_hold_is_said(words: tuple[str, ...], cli: Cli) -> None:
    error = cli.error("add", "resident", *words)
    assert error["code"] == "problems"
    assert error["kept"] == "Nothing was changed."
    assert cli.json("list", "resident", "--archived") == []


def test_everything_wrong_is_said_at_once_with_the_field_to_type(cli: Cli) -> None:
    said = cli("add", "visit", "status=sometime", "professional=Dr Who", "colour=red", code=1)
    lines = said.err.splitlines()
    assert lines[0] == "This could not be saved:"
    assert lines[-1] == "Nothing was changed."
    fields = {line.split(":")[0].strip() for line in lines[1:-2]}
    assert fields == {"status", "at", "kind", "professional", "colour"}


@pytest.mark.parametrize("type_name", ["person", "home", "pc", "access_event"])
def test_what_the_program_keeps_is_not_typed(type_name: str, cli: Cli) -> None:
    assert cli.error("add", type_name, "name=x")["code"] == "kept-by-program"
    for record in cli.json("list", type_name):
        if type_name != "home":
            error = cli.error("set", type_name, record["id"], "name=x")
            assert error["code"] == "kept-by-program"
        assert cli.error("undo", record["id"])["code"] in {"kept-by-program", "not-found"}
        assert cli("archive", type_name, record["id"], "--reason", "x", code=1).err
        assert cli("strike", type_name, record["id"], "--reason", "x", code=1).err
        assert cli("merge", type_name, record["id"], record["id"], code=1).err
    assert cli.json("verify", "--deep")["damage"] == []


# ---- our own bugs


def test_a_bug_of_ours_is_logged_without_personal_data(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Mary Jones of room 4") from KeyError("Mary Jones")

    with monkeypatch.context() as patched:
        patched.setattr(editing, "add", fail)
        error = cli("--json", "add", "resident", "name=Mary Jones", code=1).error
        told = cli("add", "resident", "name=Mary Jones", code=1)
    assert error["code"] == "bug"
    assert "kept" in error["kept"]
    (reference,) = re.findall(r"reference ([0-9A-F]{6})\)", error["message"])
    log = log_dir() / "faults.log"
    assert str(log) in error["message"]
    text = log.read_text()
    assert reference in text
    assert "RuntimeError" in text
    assert "KeyError" in text
    assert "record_commands.py" in text
    for private in ("Mary", "Jones", "room 4", str(cli.home), made.PASSWORD):
        assert private not in text
    assert "Mary" not in json.dumps(error)
    assert "Mary" not in told.err
    assert "RuntimeError" not in told.err
    assert cli.json("list", "resident") == []


def test_the_log_of_faults_does_not_grow_for_ever(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "add", None)
    log = log_dir() / "faults.log"
    log.parent.mkdir(parents=True)
    log.write_bytes(b"x" * 1_000_001)
    for _ in range(2):
        assert cli("--json", "add", "resident", "name=x", code=1).error["code"] == "bug"
    assert log.stat().st_size < 10_000
    assert made.names(log.parent) == ["faults.log", "faults.old.log"]


def test_where_no_log_can_be_written_the_bug_is_said_all_the_same(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(editing, "add", None)
    error = cli("--json", "add", "resident", "name=x", code=1).error
    assert error["code"] == "bug"
    assert "described" not in error["message"]
