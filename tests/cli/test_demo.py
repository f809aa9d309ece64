"""``liaison demo``: makes it, opens the one that is there, and never touches a real home."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from liaison.services import demo
from liaison.services.demo import place
from tests import homes as made
from tests.cli.conftest import Cli

_SMALL = ("demo", "--beds", "2", "--staff", "3", "--years", "1", "--no-window")


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let checking the demonstration's password cost next to nothing."""
    defaults = demo.make.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "cost", made.CHEAP)


@pytest.fixture
def new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run commands on a folder that is not there yet."""
    return Cli(tmp_path / "demo", capsys)


def test_it_is_made_and_counted(new: Cli) -> None:
    result = new.json(*_SMALL)
    assert result["home"] == str(new.home)
    assert result["counts"]["resident"] == 2
    assert result["counts"]["visit_entry"] == len(new.json("list", "visit_entry", "--limit", "999"))
    assert new.json("verify")["damage"] == []


def test_the_second_time_the_same_one_is_opened(new: Cli) -> None:
    first = new.json(*_SMALL)
    keys = (new.home / made.KEYS).read_bytes()
    assert new.json("demo", "--no-window") == first
    assert (new.home / made.KEYS).read_bytes() == keys
    assert "last time" in new("demo", "--no-window").out


def test_a_real_home_is_refused(cli: Cli) -> None:
    before = made.contents(cli.home)
    error = cli.error("demo")
    assert error["code"] == "not-a-demonstration"
    assert made.contents(cli.home) == before


def test_without_a_place_it_lies_beside_the_real_home(new: Cli, tmp_path: Path) -> None:
    result = new.bare("--json", *_SMALL).json
    assert Path(result["home"]) == place.default_place()
    assert tmp_path in Path(result["home"]).parents


def test_its_password_is_told_unless_a_file_holds_it(
    new: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert demo.PASSWORD not in new(*_SMALL).err
    assert len(new.json("list", "resident")) == 2
    monkeypatch.delenv("LIAISON_PASSWORD_FILE")
    other = Cli(tmp_path / "other", new._capsys)
    assert demo.PASSWORD in other(*_SMALL).err


def test_where_there_is_no_screen_it_says_how_to_look_around(
    new: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    new(*_SMALL)
    assert "search catheter" in new("demo").err


def test_with_a_screen_the_window_opens_on_it_unlocked(
    new: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[list[str], str]] = []

    def start(command: list[str], *, check: bool) -> None:
        opened.append((command[1:-1], Path(command[-1]).read_text(encoding="utf-8").strip()))

    monkeypatch.setattr(subprocess, "run", start)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    words = ["-m", "liaison", "--home", str(new.home), "--password-file"]
    new(*_SMALL)
    new("demo")
    # with the password that everybody may know, nobody has to type it either
    monkeypatch.delenv("LIAISON_PASSWORD_FILE")
    other = Cli(tmp_path / "other", new._capsys)
    other(*_SMALL)
    other("demo")
    assert [command for command, _ in opened] == [words, [*words[:3], str(other.home), words[4]]]
    assert opened[1][1] == demo.PASSWORD


@pytest.mark.parametrize(
    ("option", "value"), [("--beds", "0"), ("--staff", "-1"), ("--years", "99"), ("--visits", "x")]
)
def test_what_no_home_is_like_is_a_mistake_of_usage(new: Cli, option: str, value: str) -> None:
    assert new.error("demo", option, value, code=2)["code"] == "usage"
    assert not new.home.exists()


def test_after_a_run_that_was_killed_it_is_made_anew(new: Cli, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "liaison", "--home", str(new.home), "demo", "--visits", "90000"]
    running = subprocess.Popen(words, cwd=made.ROOT, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not list(tmp_path.glob(f".demo.*.new/{place.MARK}")):
        assert time.monotonic() < until, "it never began"
        assert running.poll() is None, "it ended by itself"
    running.kill()
    running.wait()
    assert not new.home.exists()
    assert new.json(*_SMALL)["counts"]["resident"] == 2
