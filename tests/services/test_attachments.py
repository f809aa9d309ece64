"""Files kept with a record: taken in whole, told by what is in them, never lost half-way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.records.casework import Visit, VisitEntry
from liaison.records.home import Resident, Staff
from liaison.records.training import Supervision
from liaison.security import NotAllowed, roles
from liaison.services import attachments, editing, permissions
from liaison.services.attachments import Incoming, Kind
from liaison.services.homes import OpenHome
from liaison.store.blobs import LARGEST, TooLarge
from tests.services.conftest import add, written

PDF = b"%PDF-1.7\n%\xe2\xe3\n1 0 obj"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def visit(home: OpenHome) -> int:
    return add(home, Visit(at=home.store.clock(), kind="visit"))


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("letter.pdf", PDF, Kind.PDF),
        ("letter.txt", PDF, Kind.PDF),
        ("with a preface.pdf", b"\n" * 100 + PDF, Kind.PDF),
        ("photo.dat", PNG, Kind.PICTURE),
        ("photo.jpg", b"\xff\xd8\xff\xe0", Kind.PICTURE),
        ("notes", "Wound clean, café".encode(), Kind.TEXT),
        ("no picture.png", b"MZ\x90\0", Kind.OTHER),
        ("no letter.pdf", b"<html>", Kind.OTHER),
        ("letter.docx", b"PK\x03\x04", Kind.OTHER),
        ("film", b"\0\1\2", Kind.OTHER),
    ],
)
def test_what_a_file_is_is_told_by_what_is_in_it(name: str, data: bytes, kind: Kind) -> None:
    assert attachments.kind_of(attachments.media_type_of(name, data)) is kind


def test_files_are_kept_and_read_as_they_came(home: OpenHome, visit: int, tmp_path: Path) -> None:
    for name, data in (("letter.pdf", PDF), ("wound.png", PNG)):
        (tmp_path / name).write_bytes(data)
    incoming = [attachments.read_file(tmp_path / name) for name in ("letter.pdf", "wound.png")]
    made = attachments.attach(home, "visit", visit, incoming)
    found = attachments.attached_to(home.store, "visit", visit)
    assert [one.name for one in found] == ["letter.pdf", "wound.png"]
    assert [one.id for one in found] == list(made)
    assert found[0].by == "Kate Morgan"
    assert found[0].at is not None
    content = attachments.content(home.store, made[0])
    assert (content.kind, content.data) == (Kind.PDF, PDF)
    editing.undo(home, attachments.changes_of(home.store, made))
    assert attachments.attached_to(home.store, "visit", visit) == ()


def test_all_files_are_attached_or_none(home: OpenHome, visit: int) -> None:
    before = written(home)
    large = Incoming("film.mp4", "video/mp4", b"x" * (LARGEST + 1))
    with pytest.raises(TooLarge, match=r"film\.mp4 is larger than 50 MB"):
        attachments.attach(
            home, "visit", visit, [Incoming("letter.pdf", "application/pdf", PDF), large]
        )
    assert written(home) == before
    assert attachments.attached_to(home.store, "visit", visit) == ()


def test_what_cannot_be_attached_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").touch()
    large = tmp_path / "film.mp4"
    with large.open("wb") as opened:
        # a hole: it has this size and takes no room
        opened.truncate(LARGEST + 1)
    for file, words in (
        (tmp_path, "is a folder"),
        (tmp_path / "gone.pdf", "is not there any more. .*stick"),
        (tmp_path / "empty.pdf", r"empty\.pdf is empty"),
        (large, "larger than 50 MB"),
    ):
        with pytest.raises(UserError, match=words) as refused:
            attachments.read_file(file)
        assert refused.value.kept == "Nothing was attached."


def test_a_copy_is_written_once_and_the_audit_says_so(
    home: OpenHome, visit: int, tmp_path: Path
) -> None:
    (made,) = attachments.attach(
        home, "visit", visit, [Incoming("letter.pdf", "application/pdf", PDF)]
    )
    copy = tmp_path / "copy.pdf"
    attachments.save_copy(home, made, copy)
    assert copy.read_bytes() == PDF
    home.access.flush()
    (event,) = [e for e in _accesses(home) if e[0] == "exported"]
    assert event[1] == "letter.pdf"
    with pytest.raises(UserError):
        attachments.save_copy(home, made, copy)
    with pytest.raises(UserError, match="home's own folder"):
        attachments.save_copy(home, made, home.folder / "copy.pdf")
    assert not (home.folder / "copy.pdf").exists()


def _accesses(home: OpenHome) -> list[tuple[str, str]]:
    rows = home.store.connection.execute("SELECT kind, detail FROM access_event").fetchall()
    return [(row[0], row[1]) for row in rows]


def test_a_file_follows_its_note_to_the_right_resident(home: OpenHome, visit: int) -> None:
    one, other = (add(home, Resident(name="Margaret Evans", room=room)) for room in "12")
    note = add(home, VisitEntry(visit=visit, resident=one, found="Well."))
    attachments.attach(home, "visit_entry", note, [Incoming("a.pdf", "application/pdf", PDF)])
    entry = home.store.get("visit_entry", note)
    assert isinstance(entry, VisitEntry)
    moved = editing.move(home, entry, other, "The other Margaret")
    assert attachments.attached_to(home.store, "visit_entry", note) == ()
    (file,) = attachments.attached_to(home.store, "visit_entry", moved.id or 0)
    assert file.name == "a.pdf"


def test_a_file_of_a_record_that_is_not_for_their_role_is_not_shown(
    home: OpenHome, tmp_path: Path
) -> None:
    amy = add(home, Staff(name="Amy Bell", job_role="care assistant"))
    talk = add(home, Supervision(kind="supervision", staff=amy, planned=dt.date(2026, 12, 1)))
    (made,) = attachments.attach(
        home, "supervision", talk, [Incoming("notes.pdf", "application/pdf", PDF)]
    )
    assert attachments.content(home.store, made).data == PDF
    home.store.hide(permissions.hidden_from(roles.CARER))
    with pytest.raises(NotAllowed, match="not shown to you"):
        attachments.content(home.store, made)
    with pytest.raises(NotAllowed):
        attachments.save_copy(home, made, tmp_path / "notes.pdf")
    assert not (tmp_path / "notes.pdf").exists()


def test_words_of_an_old_program_are_read_too() -> None:
    assert attachments.words_of("café".encode("cp1252")) == "café"
    assert attachments.words_of("\N{BOM}café".encode()) == "café"
