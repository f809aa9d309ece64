"""What the words after the program's name open: the window, or a command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from liaison import __main__ as start


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ([], {}),
        (["--home", "/h"], {"--home": "/h"}),
        (["--home=/h", "--user", "Kate Morgan"], {"--home": "/h", "--user": "Kate Morgan"}),
        (["--startup-report", "r", "--password-file", "p"],
         {"--startup-report": "r", "--password-file": "p"}),
    ],
)  # fmt: skip
def test_only_the_windows_own_options_open_the_window(
    words: list[str], options: dict[str, str]
) -> None:
    assert start.window_options(words) == options


@pytest.mark.parametrize(
    "words",
    [
        ["types"], ["--help"], ["--json"], ["--home"], ["--home", ""], ["--home="],
        ["--home", "/h", "list", "resident"], ["--startup-report"], ["--home", "\0"], ["-h"],
    ],
)  # fmt: skip
def test_anything_else_is_the_command_lines_to_understand(words: list[str]) -> None:
    assert start.window_options(words) is None


def test_without_a_command_the_window_opens_and_no_command_line_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: dict[str, Any] = {}

    def opened(**options: Any) -> int:
        asked.update(options)
        return 7

    monkeypatch.setattr("liaison.app.open_window", opened)
    monkeypatch.setattr("liaison.cli.run", lambda _: pytest.fail("the command line was asked"))
    monkeypatch.setattr(sys, "argv", ["liaison", "--home", "/h"])
    with pytest.raises(SystemExit) as ended:
        start.main()
    assert ended.value.code == 7
    assert asked["home"] == Path("/h")
    assert asked["user"] is None


def test_a_command_goes_to_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["liaison", "types"])
    with pytest.raises(SystemExit) as ended:
        start.main()
    assert ended.value.code == 0
    assert "resident" in capsys.readouterr().out
