"""Where the home is, who asks, the password, and how the answer leaves the program."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from liaison import __version__, security
from liaison.records import ids
from liaison.records.administration import Person
from liaison.services.homes import read_keys
from tests import homes as made
from tests.cli.conftest import Cli, process

PASSWORD_ENV: Final = "LIAISON_PASSWORD_FILE"


# ---- where options stand


@pytest.mark.parametrize("place", range(3))
def test_options_stand_before_or_after_the_command(place: int, cli: Cli, tmp_path: Path) -> None:
    cli.add("resident", "name=Mary Jones")
    password = str(tmp_path / "password.txt")
    options = [
        ("--home", str(cli.home)),
        ("--user", made.MANAGER),
        ("--password-file", password),
        ("--json",),
    ]
    before = [word for option in options[: place * 2] for word in option]
    after = [word for option in options[place * 2 :] for word in option]
    for words in (
        [*before, "list", "resident", *after],
        [*before, "list", *after, "resident"],
        [*(f"{o[0]}={o[1]}" for o in options[:3]), "--json", "list", "resident"],
    ):
        assert cli.bare(*words).json[0]["name"] == "Mary Jones"


def test_the_later_of_two_counts(cli: Cli, tmp_path: Path) -> None:
    words = ("--home", str(tmp_path / "none"), "list", "resident", "--home", str(cli.home))
    assert cli.bare(*words).out == "No residents.\n"


def test_words_after_two_dashes_are_no_options(cli: Cli) -> None:
    cli.add("service", "name=x", "explanation=--json is an option")
    assert cli("search", "--", "--json").out.startswith("1")
    assert cli("search", "--", "-q").out == "Nothing found.\n"


def test_the_home_is_in_the_persons_own_local_folder_by_default(cli: Cli, tmp_path: Path) -> None:
    words = ("init", "--name", "W", "--person", "K", "--json")
    folder = Path(cli.bare(*words).json["home"])
    assert folder.is_relative_to(tmp_path / "data")
    assert cli.bare("show", "home", "--json").json["name"] == "W"


def test_a_tilde_no_shell_saw_to_is_the_persons_folder(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(PASSWORD_ENV, "~/password.txt")
    assert cli.bare("--home=~/home", "show", "home", "--json").json["name"] == made.NAME
    assert cli.bare("--home=~nobody-of-this-name/x", "show", "home", code=2).err


@pytest.mark.parametrize("option", ["--home", "--password-file"])
@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_path_is_a_forgotten_variable(option: str, value: str, cli: Cli) -> None:
    assert cli.error("show", "home", option, value, code=2)["code"] == "usage"


# ---- usage


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nonsense"],
        ["add"],
        ["add", "alien"],
        ["add", "residents", "name=x"],
        ["add", "resident", "name=Mary", "Jones"],
        ["add", "resident", "--colour", "red"],
        ["show", "resident"],
        ["show", "resident", "Mary", "Jones"],
        ["history", "resident"],
        ["set", "resident", "Mary Jones"],
        ["set", "resident"],
        ["list", "resident", "--limit", "0"],
        ["list", "resident", "--limit", "many"],
        ["archive", "resident", "Mary Jones"],
        ["strike", "resident", "Mary Jones"],
        ["restore-record", "resident", "Mary Jones"],
        ["move", "visit_entry", "x", "--to", "y"],
        ["merge", "resident", "x"],
        ["search"],
        ["search", "-x"],
        ["undo"],
        ["backup"],
        ["restore"],
        ["verify", "--shallow"],
        ["init"],
        ["init", "--name", "x"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_explained(words: list[str], cli: Cli) -> None:
    before = made.contents(cli.home)
    error = cli.error(*words, code=2)
    assert error["code"] == "usage"
    assert error["kept"] == "Nothing was changed."
    said = cli(*words, code=2)
    assert said.err.startswith("Usage: liaison")
    assert error["message"] in said.err
    assert made.contents(cli.home) == before


def test_near_words_are_offered(cli: Cli) -> None:
    assert "resident" in cli.error("add", "residnet", "name=x", code=2)["message"]
    assert "search" in cli.error("serch", "x", code=2)["message"]
    assert "archive" in cli.error("delete", "resident", "x", code=2)["message"]
    assert "--help" in cli.error("qqq", code=2)["message"]
    assert "types" in cli.error("add", "qqq", "name=x", code=2)["message"]
    assert "date_of_birth" in cli.error("add", "resident", "date_of_brith=x")["message"]
    assert "GP practice" in cli.error("add", "organisation", "name=x", "kind=GPs")["message"]
    assert "quotes" in cli.error("add", "resident", "name=Mary", "Jones", code=2)["message"]


def test_help(cli: Cli) -> None:
    everything = cli.bare("--help").out
    assert cli.bare().out == everything == cli.bare("-h").out
    for name in (
        *("init", "add", "set", "archive", "restore-record", "strike", "move", "merge", "show"),
        *("list", "history", "undo", "search", "backup", "restore", "verify"),
    ):
        assert re.search(rf"^  {name} ", everything, re.MULTILINE)
        assert "..." not in everything.partition("Commands:")[2]
        one = cli.bare(name, "--help").out
        assert one.startswith(f"Usage: liaison {name} ")
        for option in ("--home DIR", "--user NAME", "--password-file FILE", "--json"):
            assert option in one
    assert __version__ in cli.bare("--version").out


# ---- who asks, and the password


@pytest.fixture
def staffed(cli: Cli) -> Cli:
    """A home that a second person can unlock, with a password of their own."""
    with made.unlock(cli.home) as home:
        with home.unit() as unit:
            added = unit.add(Person(name="Agnieszka Wójcik", role="manager"))
        security.admit(
            cli.home / made.KEYS,
            home.unlocked,
            person=ids.to_text(added),
            name="Agnieszka Wójcik",
            role="manager",
            password="owl",
            cost=made.CHEAP,
            temporary=False,
        )
    return cli


def test_without_a_terminal_the_person_who_made_the_home_asks(staffed: Cli, tmp_path: Path) -> None:
    mary = staffed.add("resident", "name=Mary Jones")
    (tmp_path / "owl.txt").write_text("owl\n")
    owl = ("--password-file", str(tmp_path / "owl.txt"))
    staffed("set", "resident", mary, "room=4", "--user", "agnieszka wójcik", *owl)
    by = [entry["by"] for entry in staffed.json("history", "resident", mary)]
    assert by == [made.MANAGER, "Agnieszka Wójcik"]
    assert staffed.error("show", "home", *owl)["code"] == "wrong-password"
    assert staffed.error("show", "home", "--user", "Nobody")["code"] == "no-such-person"
    # a backup too is restored as whoever made the home, unless somebody else is named
    staffed("backup", str(tmp_path / "b"))
    staffed.bare("restore", str(tmp_path / "b"), "--home", str(tmp_path / "one"))
    words = ("restore", str(tmp_path / "b"), "--home", str(tmp_path / "two"))
    staffed.bare(*words, "--user", "Agnieszka Wójcik", *owl)


@pytest.mark.parametrize(
    "content",
    [
        made.PASSWORD,
        f"{made.PASSWORD}\n",
        f"{made.PASSWORD}\r\n",
        f"{made.PASSWORD}\nsecond line\n",
        f"\N{ZERO WIDTH NO-BREAK SPACE}{made.PASSWORD}\n",
    ],
)
def test_the_first_line_of_the_file_is_the_password(
    content: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "p.txt"
    file.write_bytes(content.encode())
    monkeypatch.delenv(PASSWORD_ENV)
    assert cli("show", "home", "--password-file", str(file)).out
    monkeypatch.setenv(PASSWORD_ENV, str(file))
    assert cli("show", "home").out


def test_the_option_goes_before_the_variable(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_ENV, str(tmp_path / "none.txt"))
    assert cli.error("show", "home")["code"] == "no-password"
    assert cli("show", "home", "--password-file", str(tmp_path / "password.txt")).out


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"  \nsecond", b"\xff\xfet\0e\0a\0", b"\xe9t\xe9", b"x" * 5000, None]
)
def test_a_password_file_that_holds_none_is_said(
    content: bytes | None, cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "p.txt"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    error = cli.error("show", "home", "--password-file", str(file))
    assert error["code"] == "no-password"
    assert str(file) in error["message"]


def test_a_password_with_odd_characters_is_one_line(cli: Cli, tmp_path: Path) -> None:
    """What Python calls a line end is a character of a password."""
    cli.home = tmp_path / "new"
    (tmp_path / "odd.txt").write_text("te\N{LINE SEPARATOR}a \x85 dziesiąta 🦉\n", "utf-8")
    words = ("--password-file", str(tmp_path / "odd.txt"))
    cli("init", "--name", "W", "--person", "K", *words)
    assert cli("show", "home", *words).out
    (tmp_path / "short.txt").write_text("te\n", "utf-8")
    short = ("--password-file", str(tmp_path / "short.txt"))
    assert cli.error("show", "home", *short)["code"] == "wrong-password"


def test_without_a_terminal_and_a_file_it_is_a_plain_error(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PASSWORD_ENV)
    error = cli.error("show", "home")
    assert error["code"] == "no-password"
    assert "--password-file" in error["message"]
    monkeypatch.setattr(sys, "stdin", None)
    assert cli.error("show", "home")["code"] == "no-password"


def test_nobody_is_asked_for_a_password_in_vain(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be done anyway is said first."""
    monkeypatch.delenv(PASSWORD_ENV)
    (tmp_path / "b").write_text("no backup")
    name = ("--name", "W", "--person", "K")
    assert cli.error("init", *name)["code"] == "already-exists"
    new = str(tmp_path / "new")
    assert cli.error("show", "home", "--home", new)["code"] == "not-a-home"
    assert cli.error("restore", "--home", new, str(tmp_path / "b"))["code"] == "damaged-backup"
    assert cli.error("init", *name, "--home", f"{tmp_path}/OneDrive/x")["code"] == "bad-place"
    assert cli.error("init", *name, "--home", new)["code"] == "no-password"


@contextlib.contextmanager
def terminal(*words: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the program at a terminal of its own; yield it and the terminal's other end."""
    ours, theirs = os.openpty()
    name = os.ttyname(theirs)
    script = (
        "import os, signal, sys\n"
        # whoever started the tests in the background had them ignore it
        "signal.signal(signal.SIGINT, signal.SIG_DFL)\n"
        # the first terminal a new session opens is its own: where a password is asked for
        "own = os.open(sys.argv[1], os.O_RDWR)\n"
        "for stream in (0, 1, 2): os.dup2(own, stream)\n"
        "os.execv(sys.executable, [sys.executable, '-m', 'liaison', *sys.argv[2:]])\n"
    )
    environment = {key: value for key, value in os.environ.items() if key != PASSWORD_ENV}
    with subprocess.Popen(
        [sys.executable, "-c", script, name, *words],
        cwd=made.ROOT,
        env=environment | {"PYTHONWARNINGS": "error"},
        stdin=theirs,
        start_new_session=True,
    ) as running:
        os.close(theirs)
        try:
            yield running, ours
        finally:
            running.kill()
            os.close(ours)


def until(ours: int, text: str, again: bytes = b"") -> str:
    """Read from a terminal until some words are there, or the other side is gone.

    Args:
        ours: Our end of the terminal.
        text: The words.
        again: A key to press again for as long as nothing comes, as somebody at a terminal would.
    """
    seen = b""
    turns = 0
    while text.encode() not in seen:
        if not select.select([ours], [], [], 3)[0]:
            turns += 1
            assert turns < 20, seen
            os.write(ours, again)
            continue
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    return seen.decode().replace("\r\n", "\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
def test_the_password_is_asked_for_and_not_shown(cli: Cli) -> None:
    with terminal("--home", str(cli.home), "show", "home") as (running, ours):
        asked = until(ours, "Password: ")
        os.write(ours, f"{made.PASSWORD}\n".encode())
        told = until(ours, "never to be seen")
        assert running.wait(60) == 0
    assert asked == "Password: "
    assert "Willow House" in told
    assert made.PASSWORD not in asked + told


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
def test_a_new_password_is_asked_for_twice_and_the_key_is_shown_once(tmp_path: Path) -> None:
    words = ("--home", str(tmp_path / "new"), "init", "--name", "Môr 🌊", "--person", "K")
    with terminal(*words) as (running, ours):
        told = until(ours, "Password: ")
        for typed, question in (
            ("first", "Repeat for confirmation: "),
            ("other", "Password: "),
            ("tea at ten by the willow pond", "Repeat for confirmation: "),
        ):
            os.write(ours, f"{typed}\n".encode())
            told += until(ours, question)
        os.write(ours, b"tea at ten by the willow pond\n")
        told += until(ours, "never to be seen")
        assert running.wait(60) == 0
    assert "do not match" in told
    assert "tea at ten by" not in told
    (key,) = re.findall(r"(?:[0-9A-HJKMNP-TV-Z]{4} ){8}[0-9A-HJKMNP-TV-Z]{2}", told)
    assert "Môr 🌊 is ready in" in told
    assert read_keys(tmp_path / "new").unlock_with_recovery(key).by_recovery
    made.unlock(tmp_path / "new").close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
def test_at_a_terminal_who_it_is_is_asked(staffed: Cli) -> None:
    with terminal("--home", str(staffed.home), "show", "home") as (running, ours):
        asked = until(ours, ": ")
        os.write(ours, b"Agnieszka W\xc3\xb3jcik\n")
        until(ours, "Password: ")
        os.write(ours, b"owl\n")
        assert "Willow House" in until(ours, "never to be seen")
        assert running.wait(60) == 0
    assert asked == f"Who are you ({made.MANAGER}, Agnieszka Wójcik): "


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
@pytest.mark.parametrize("key", [b"\x03", b"\x04"], ids=["Ctrl+C", "Ctrl+D"])
def test_whoever_thinks_better_of_it_stops(key: bytes, tmp_path: Path) -> None:
    words = ("--home", str(tmp_path / "new"), "init", "--name", "W", "--person", "K")
    with terminal(*words) as (running, ours):
        until(ours, "Password: ")
        os.write(ours, key)
        # a signal that comes in the moment before the program waits for the terminal waits with it
        told = until(ours, "never to be seen", again=key)
        assert running.wait(60) == 1
    assert "Stopped." in told
    assert "Traceback" not in told
    assert not (tmp_path / "new").exists()


# ---- how the answer leaves


def test_the_program_as_it_is_started(cli: Cli) -> None:
    words = ("--home", str(cli.home))
    done = process(*words, "add", "resident", "name=Łucja 山田 محمد 🦉", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    identity = json.loads(done.stdout)["id"]
    done = process(*words, "show", "resident", identity, environment={"LANG": "C", "LC_ALL": "C"})
    assert "Łucja 山田 محمد 🦉" in done.stdout.decode("utf-8")
    done = process(
        *words, "list", "resident",
        environment={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",
                     "PYTHONIOENCODING": "latin-1"},
    )  # fmt: skip
    assert "Łucja 山田 محمد 🦉" in done.stdout.decode("utf-8")
    assert process(*words, "nonsense").returncode == 2
    assert process(*words, "show", "resident", "Nobody").returncode == 1
    script = Path(sys.executable).with_name("liaison")
    done = subprocess.run(
        [script, *words, "list", "resident", "--json"], capture_output=True, check=True
    )
    assert json.loads(done.stdout)[0]["id"] == identity


def test_a_reader_who_has_seen_enough_does_no_harm(cli: Cli) -> None:
    for number in range(15):
        cli.add("service", f"name=Service {number}", f"explanation={'words ' * 1000}")
    made.copy(cli.home, cli.home.with_name("damaged"))
    made.flip(cli.home.with_name("damaged") / made.DATABASE, 300 * 4096 + 99)
    reading, writing = os.pipe()
    os.close(reading)
    try:
        for words, code in (
            (["list", "service"], 0),
            (["--json", "add", "service", "name=Last"], 0),
            (["--help"], 0),
            (["--json", "show", "resident"], 2),
            # what was found counts
            (["verify", "--home", str(cli.home.with_name("damaged"))], 3),
        ):
            done = process("--home", str(cli.home), *words, stdout=writing)
            assert (done.returncode, done.stderr) == (code, b"")
    finally:
        os.close(writing)
    # what was asked for is done
    assert len(cli.json("list", "service")) == 16


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux only")
def test_a_full_disk_under_the_answer_is_said(cli: Cli) -> None:
    with Path("/dev/full").open("wb") as full:
        done = process("--home", str(cli.home), "add", "service", "name=x", stdout=full)
    assert done.returncode == 1
    assert b"could not be written out" in done.stderr
    assert b"done all the same" in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert len(cli.json("list", "service")) == 1


def test_without_any_output_nothing_breaks(cli: Cli) -> None:
    script = (
        "import os, sys; os.close(1); os.close(2); "
        "os.execv(sys.executable, [sys.executable, '-m', 'liaison', *sys.argv[1:]])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--home", str(cli.home), "add", "service", "name=x"],
        cwd=made.ROOT,
        check=False,
    )
    assert done.returncode == 0
    assert len(cli.json("list", "service")) == 1
