"""The pack command: one PDF file, whole or not at all, and packs kept by a name."""

from __future__ import annotations

from pathlib import Path

import pikepdf

from tests.cli.conftest import Cli


def test_a_pack_is_written_kept_by_a_name_and_made_again_from_it(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "pack.pdf"
    words = ("--section", "referral-waits", "--section", "open-loops", "--names", "letters")
    made = cli.json("pack", "--out", str(file), *words, "--keep-as", "Waits", "--no-check")
    assert made["sections"] == ["referral-waits", "open-loops"]
    with pikepdf.open(file) as pdf:
        assert len(pdf.pages) == made["pages"]
    again = cli.json("pack", "--out", str(file), "--preset", "waits", "--no-check")
    assert again["sections"] == made["sections"]
    listed = cli.json("pack", "--list")
    assert listed["presets"] == {"Waits": ["referral-waits", "open-loops"]}
    assert {"item": "safe", "label": "Safe", "sections": ["open-loops", "transfers"]} in (
        listed["items"]
    )
    assert "Waits: referral-waits, open-loops" in cli("pack", "--list").out


def test_the_report_command_makes_the_usual_pack(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "pack.pdf"
    made = cli.json("report", "inspection-pack", "--out", str(file))
    assert made["pages"] > 5
    assert file.read_bytes().startswith(b"%PDF")


def test_a_protected_pack_opens_with_the_password_beside_it(cli: Cli, tmp_path: Path) -> None:
    file, word = tmp_path / "pack.pdf", tmp_path / "word.txt"
    cli("pack", "--out", str(file), "--item", "safe", "--no-check", "--password-out", str(word))
    with pikepdf.open(file, password=word.read_text().strip()) as pdf:
        assert len(pdf.pages) > 3


def test_what_cannot_be_written_leaves_no_file(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "pack.pdf"
    out = ("--json", "pack", "--out", str(file))
    assert cli(*out, "--from", "today", "--to", "1/1/2020", code=1).error["code"] == "period"
    assert cli(*out, "--preset", "nothing", code=1).error["code"] == "no-preset"
    assert cli(*out, "--item", "nothing", code=1).error["code"] == "no-item"
    assert cli(*out, "--section", "nothing", code=1).error["code"] == "no-report"
    cli("--json", "pack", "--out", str(tmp_path / "no" / "pack.pdf"), "--item", "safe", code=1)
    cli("--json", "pack", code=2)
    cli(*out, "--item", "safe", "--preset", "x", code=2)
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Sir")
    refused = cli("--json", "pack", "--out", str(letter), "--item", "safe", code=1)
    assert refused.error["code"] == "already-exists"
    assert letter.read_text() == "Dear Sir"
    assert not file.exists()
