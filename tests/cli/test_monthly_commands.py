"""The monthly summary on the command line."""

from __future__ import annotations

from pathlib import Path

import pikepdf

from tests.cli.conftest import Cli

WORDS = "plum stones in the gravel path"


def test_it_is_switched_on_made_once_and_switched_off(cli: Cli, tmp_path: Path) -> None:
    secret = tmp_path / "words.txt"
    secret.write_text(WORDS + "\n")
    assert "switched off" in cli("monthly", "show").out
    on = cli.json("monthly", "on", "--folder", str(tmp_path), "--files-password", str(secret))
    assert on["on"]
    assert WORDS not in repr(on)
    made = cli.json("monthly", "make")
    with pikepdf.open(made["file"], password=WORDS) as opened:
        assert len(opened.pages) == made["pages"]
    assert cli("monthly", "make").out.strip() == "None is due."
    assert "The last one was made of" in cli("monthly", "show").out
    assert not cli.json("monthly", "off")["on"]


def test_a_password_that_cannot_be_asked_for_is_asked_for_by_this_commands_option(
    cli: Cli, tmp_path: Path
) -> None:
    error = cli.error("monthly", "on", "--folder", str(tmp_path))
    assert "--files-password" in error["message"]
