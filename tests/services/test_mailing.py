"""Handing a file to the mail program: it gets the file by its own words, or a person attaches it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from liaison.services import mailing

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no xdg-email")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is the only place programs are looked for, but the system's shell."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(mailing, "_OPENER", "xdg-email-of-the-test")
    return folder


def program(folder: Path, script: str) -> None:
    file = folder / "xdg-email-of-the-test"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def test_the_mail_program_gets_the_file_and_the_subject_as_words_of_their_own(
    programs: Path, tmp_path: Path
) -> None:
    program(programs, f'printf "%s\\n" "$@" > "{tmp_path}/heard"')
    file = tmp_path / "Visits; $(touch gone) 'x'.pdf"
    assert mailing.attach(file, "Visits & more")
    heard = (tmp_path / "heard").read_text().splitlines()
    assert heard == ["--utf8", "--subject", "Visits & more", "--attach", str(file)]


def test_without_one_or_when_it_refuses_a_person_attaches_it(
    programs: Path, tmp_path: Path
) -> None:
    assert not mailing.attach(tmp_path / "x.pdf", "Visits")
    program(programs, "exit 4")
    assert not mailing.attach(tmp_path / "x.pdf", "Visits")


def test_a_mail_program_that_stays_open_keeps_nobody_waiting(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "_PATIENCE", 0.05)
    program(programs, "exec sleep 20")
    assert mailing.attach(tmp_path / "x.pdf", "Visits")
    (open_,) = mailing._running
    open_.kill()
    open_.wait(60)
    assert mailing._running
    monkeypatch.setattr(mailing, "_PATIENCE", 60.0)
    program(programs, "exit 0")
    assert mailing.attach(tmp_path / "x.pdf", "Visits")
    assert mailing._running == [], "what has ended is let go of"
