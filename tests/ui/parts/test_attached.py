"""Files kept with a record in the window: attached, opened from memory, copied out, struck."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.services.attachments import Incoming, attach
from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk, Person
from liaison.ui.jobs import Jobs
from liaison.ui.parts.attached import AttachedFiles, files_of
from liaison.ui.parts.attached_view import Viewer, drawn, opened
from tests.ui.parts.conftest import Heard, Ids


def a_letter(pages: int = 2) -> bytes:
    document = PdfDocument.new()
    for _ in range(pages):
        document.new_page(300, 400).close()
    kept = io.BytesIO()
    document.save(kept)
    document.close()
    return kept.getvalue()


def a_picture(folder: Path) -> bytes:
    picture = QImage(40, 20, QImage.Format.Format_RGB32)
    picture.fill(0)
    picture.save(str(folder / "wound.png"))
    return (folder / "wound.png").read_bytes()


@pytest.fixture
def panel(qtbot: QtBot, desk: Desk, ids: Ids, heard: Heard) -> AttachedFiles:
    made = AttachedFiles(desk)
    qtbot.addWidget(made)
    made.resize(500, 300)
    with qtbot.waitSignal(made.shown):
        made.show_owner("visit", ids.visit)
    made.show()
    assert heard.troubles == []
    return made


def has(qtbot: QtBot, panel: AttachedFiles, *names: str) -> None:
    qtbot.waitUntil(lambda: [one.name for one in panel.found] == list(names))


def test_files_are_attached_said_and_taken_back_with_one_undo(
    panel: AttachedFiles, qtbot: QtBot, heard: Heard, tmp_path: Path
) -> None:
    (tmp_path / "letter.pdf").write_bytes(a_letter())
    a_picture(tmp_path)
    assert "up to 50 MB each" in panel._hint.text()
    panel.take((tmp_path / "letter.pdf", tmp_path / "wound.png"))
    has(qtbot, panel, "letter.pdf", "wound.png")
    assert heard.said == ["2 files attached."]
    assert not panel._hint.isVisible()
    assert callable(heard.undo)
    heard.undo()
    has(qtbot, panel)


def test_what_cannot_be_attached_is_said_in_place(
    panel: AttachedFiles, qtbot: QtBot, tmp_path: Path
) -> None:
    panel.take((tmp_path / "gone.pdf",))
    qtbot.waitUntil(panel.banner.isVisible)
    assert panel.add_button.isEnabled()
    assert panel.found == ()


def test_only_files_of_this_pc_can_be_dropped() -> None:
    data = QMimeData()
    assert files_of(data) == ()
    data.setUrls([QUrl.fromLocalFile("/scans/a.pdf"), QUrl.fromLocalFile("/scans/b.pdf")])
    assert files_of(data) == (Path("/scans/a.pdf"), Path("/scans/b.pdf"))
    data.setUrls([QUrl.fromLocalFile("/scans/a.pdf"), QUrl("https://example.org/b.pdf")])
    assert files_of(data) == ()


def test_a_letter_is_read_page_by_page_and_nothing_is_laid_on_the_disk(
    panel: AttachedFiles, qtbot: QtBot, jobs: Jobs, ids: Ids, tmp_path: Path
) -> None:
    letter = Incoming("letter.pdf", "application/pdf", a_letter())
    jobs.write(lambda home: attach(home, "visit", ids.visit, [letter]))
    has(qtbot, panel, "letter.pdf")
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    panel.open_file(panel.found[0])
    viewer = panel.viewer
    assert viewer is not None
    qtbot.waitUntil(lambda: viewer.where.text() == "Page 1 of 2" and filled(viewer))
    assert not viewer.before.isEnabled()
    with qtbot.waitSignal(viewer.filled):
        viewer.after.click()
    assert viewer.where.text() == "Page 2 of 2"
    assert not viewer.after.isEnabled()
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before
    viewer.accept()


def filled(viewer: Viewer) -> bool:
    return not viewer.picture.picture.isNull()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("broken.pdf", b"%PDF-1.7 and nothing else", "cannot be shown"),
        ("letter.docx", b"PK\x03\x04 0000", "not shown here"),
    ],
)
def test_what_cannot_be_shown_says_so_and_can_still_be_copied(  # noqa: PLR0917  # fixtures
    panel: AttachedFiles, qtbot: QtBot, jobs: Jobs, ids: Ids, name: str, data: bytes, said: str
) -> None:
    jobs.write(lambda home: attach(home, "visit", ids.visit, [Incoming(name, "x/y", data)]))
    has(qtbot, panel, name)
    viewer = Viewer(panel, panel._desk, panel.found[0])
    with qtbot.waitSignal(viewer.filled):
        viewer.open()
    assert said in viewer.nothing.accessibleName() + viewer.nothing._title.text()
    assert viewer.copy.isEnabled()
    viewer.accept()


def test_a_picture_is_drawn_and_a_damaged_one_refused(tmp_path: Path) -> None:
    data = a_picture(tmp_path)
    assert (drawn(data).width(), drawn(data).height()) == (40, 20)
    with pytest.raises(UserError, match="damaged"):
        drawn(data[:20])
    with pytest.raises(UserError, match="damaged, or asks for a password"):
        opened(b"%PDF-1.4")


def test_a_copy_is_written_and_noted_for_the_audit(  # noqa: PLR0917  # fixtures
    panel: AttachedFiles, qtbot: QtBot, jobs: Jobs, ids: Ids, heard: Heard, tmp_path: Path
) -> None:
    data = a_letter()
    jobs.write(
        lambda home: attach(home, "visit", ids.visit, [Incoming("a.pdf", "application/pdf", data)])
    )
    has(qtbot, panel, "a.pdf")
    copy = tmp_path / "copy.pdf"
    panel.save_copy(panel.found[0], copy)
    qtbot.waitUntil(lambda: any("not encrypted" in words for words in heard.said))
    assert copy.read_bytes() == data
    home = jobs.home
    assert isinstance(home, OpenHome)
    assert home.access.waits


def test_who_only_reads_attaches_nothing(qtbot: QtBot, desk: Desk, ids: Ids) -> None:
    desk.person = Person(desk.person.id, "Ann Inspector", "reader")
    panel = AttachedFiles(desk)
    qtbot.addWidget(panel)
    with qtbot.waitSignal(panel.shown):
        panel.show_owner("visit", ids.visit)
    panel.show()
    assert not panel.add_button.isVisible()
    assert not panel.acceptDrops()
    assert panel._hint.text() == "Nothing is attached."
