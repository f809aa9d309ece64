"""How the report command names residents, and reports that count."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from tests.cli.conftest import Cli


def said_in(file: Path) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file))


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ((), "Zebedee Quack"),
        (("--initials",), "Z.Q., Room 9"),
        (("--names", "initials"), "Z.Q., Room 9"),
        (("--names", "letters"), "Resident A"),
    ],
)
def test_residents_are_named_as_asked_for(
    cli: Cli, tmp_path: Path, words: tuple[str, ...], shown: str
) -> None:
    cli("add", "resident", "name=Zebedee Quack", "room=9")
    file = tmp_path / "activity.pdf"
    cli("report", "activity", "--out", str(file), *words)
    said = said_in(file)
    assert shown in said
    assert ("Quack" in said) is (not words)
    assert ("Room 9" in said) is ("Room 9" in shown)


def test_two_ways_of_naming_at_once_are_refused(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "activity.pdf"
    ran = cli("report", "activity", "--out", str(file), "--initials", "--names", "letters", code=2)
    assert "either --initials or --names" in ran.err
    assert not file.exists()


def test_a_period_that_ends_before_it_begins_makes_no_file(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "card.pdf"
    period = ("--from", "2 Jan 2026", "--to", "1 Jan 2026")
    for name in ("scorecard", "activity", "provider-return"):
        assert cli.error("report", name, "--out", str(file), *period)["message"]
        assert not file.exists()
