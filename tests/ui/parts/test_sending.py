"""A document on its way out: protected unless somebody says otherwise, its password shown once."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from liaison.reports.spec import Document
from liaison.services import mailing
from liaison.services.reporting import Written
from liaison.ui.desk import Desk
from liaison.ui.parts import sending
from liaison.ui.parts.sending import Outgoing, SendDialog
from tests.ui.parts.conftest import Heard


def document() -> Document:
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    canvas.drawString(72, 500, "Mary Ellis is pale.")
    canvas.save()
    return Document(1, file.getvalue())


Noted = list[tuple[Written, str]]


@pytest.fixture
def noted() -> Noted:
    return []


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk, heard: Heard, noted: Noted) -> Iterator[SendDialog]:
    window = QWidget()
    window.resize(1000, 700)
    qtbot.addWidget(window)
    what = Outgoing("Visits", "Visits.pdf", document())
    made = SendDialog(desk, window, what, lambda written, how: noted.append((written, how)))
    window.show()
    made.open()
    yield made
    window.close()


def test_it_is_protected_and_its_password_shown_once_and_told_to_nobody_else(
    qtbot: QtBot, dialog: SendDialog, tmp_path: Path, noted: Noted, heard: Heard
) -> None:
    file = tmp_path / "Visits.pdf"
    dialog.save_to(file, mails=False)
    qtbot.waitUntil(dialog.card.isVisible)
    password = dialog.password.text()
    assert b"Mary Ellis" not in file.read_bytes()
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(file)
    with pikepdf.open(file, password=password) as opened:
        assert opened.encryption.bits == 256
    assert "never in the message" in dialog.card.findChildren(type(dialog.reminder))[0].text()
    ((written, how),) = noted
    assert (written.file, how) == (file, ", with a password")
    assert password not in repr(noted) + repr(heard.said)
    assert not dialog.only_save.isVisible()
    assert dialog.done_button.isVisible()


def test_without_a_password_it_says_who_can_read_it(
    qtbot: QtBot, dialog: SendDialog, tmp_path: Path, noted: Noted
) -> None:
    dialog.protects.setChecked(False)
    assert dialog.reminder.text().startswith("Anybody who gets hold of the file")
    dialog.save_to(tmp_path / "Visits.pdf", mails=False)
    qtbot.waitUntil(lambda: bool(noted))
    assert (tmp_path / "Visits.pdf").read_bytes() == document().content
    assert not dialog.card.isVisible()


def test_the_mail_program_gets_the_file_and_else_a_message_and_its_folder_are_opened(
    qtbot: QtBot,
    dialog: SendDialog,
    tmp_path: Path,
    noted: Noted,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []

    def opens(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", opens)
    monkeypatch.setattr(mailing, "attach", lambda *_: False)
    dialog.save_to(tmp_path / "Visits.pdf", mails=True)
    qtbot.waitUntil(dialog.banner.isVisible)
    assert opened == ["mailto:?subject=Visits", QUrl.fromLocalFile(str(tmp_path)).toString()]
    assert "Attach Visits.pdf to it" in dialog.banner.accessibleName()
    assert noted[0][1] == " by e-mail, with a password"


def test_a_mail_program_that_took_the_file_is_said(
    qtbot: QtBot, dialog: SendDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    got: list[tuple[Path, str]] = []

    def attach(file: Path, subject: str) -> bool:
        got.append((file, subject))
        return True

    monkeypatch.setattr(mailing, "attach", attach)
    dialog.save_to(tmp_path / "Visits.pdf", mails=True)
    qtbot.waitUntil(dialog.banner.isVisible)
    assert got == [(tmp_path / "Visits.pdf", "Visits")]
    assert "has a new message with the file" in dialog.banner.accessibleName()


def test_no_message_is_opened_once_the_home_is_locked(
    qtbot: QtBot,
    desk: Desk,
    dialog: SendDialog,
    tmp_path: Path,
    noted: Noted,
    *,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    got: list[object] = []
    monkeypatch.setattr(mailing, "attach", lambda *said: got.append(said))
    opened, jobs = desk.jobs.home, desk.jobs
    # locked between the writing and the moment the mail program would be started
    homes = iter([opened, opened])
    monkeypatch.setattr(type(jobs), "home", property(lambda _: next(homes, None)))
    dialog.save_to(tmp_path / "Visits.pdf", mails=True)
    qtbot.waitUntil(lambda: bool(noted) and jobs.is_idle)
    assert not got
    assert not dialog.banner.isVisible()


def test_a_place_that_cannot_be_written_to_is_said_and_it_can_be_tried_again(
    qtbot: QtBot, dialog: SendDialog, tmp_path: Path, noted: Noted
) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_text("Dear Mum")
    dialog.save_to(letter, mails=True)
    qtbot.waitUntil(dialog.banner.isVisible)
    assert letter.read_text() == "Dear Mum"
    assert noted == []
    assert dialog.mail.isEnabled()
    assert not dialog.card.isVisible()


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch, name: str) -> Iterator[threading.Event]:
    """Let a step of the writing wait until the block is over; tell when it has been come to."""
    step, begun, go = getattr(sending, name), threading.Event(), threading.Event()

    def waits(*given: object) -> object:
        begun.set()
        assert go.wait(60)
        return step(*given)

    monkeypatch.setattr(sending, name, waits)
    try:
        yield begun
    finally:
        go.set()


def test_a_mail_program_that_refuses_once_the_dialog_is_put_away_is_made_up_for(
    qtbot: QtBot,
    desk: Desk,
    dialog: SendDialog,
    tmp_path: Path,
    heard: Heard,
    *,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[QUrl] = []
    begun, go = threading.Event(), threading.Event()

    def refuses(*_: object) -> bool:
        begun.set()
        assert go.wait(60)
        return False

    def opens(url: QUrl) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", opens)
    monkeypatch.setattr(mailing, "attach", refuses)
    dialog.save_to(tmp_path / "Visits.pdf", mails=True)
    qtbot.waitUntil(dialog.card.isVisible)
    assert begun.wait(60)
    with qtbot.waitSignal(dialog.destroyed):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    go.set()
    qtbot.waitUntil(lambda: len(opened) == 2)
    assert [words for words in heard.said if "Attach Visits.pdf to it" in words]


@pytest.mark.parametrize("how", ["closed", "locked"])
def test_a_file_nobody_waits_for_any_more_does_not_come_to_be(
    qtbot: QtBot,
    desk: Desk,
    dialog: SendDialog,
    tmp_path: Path,
    noted: Noted,
    *,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    file = tmp_path / "Visits.pdf"
    file.write_bytes(document().content)
    with held(monkeypatch, "protect") as begun:
        dialog.save_to(file, mails=True)
        assert begun.wait(60)
        if how == "closed":
            qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        else:
            desk.closing.emit()
        assert not dialog.isVisible(), "nothing may stay in front of a locked home"
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    assert file.read_bytes() == document().content, "what lay there was to be replaced by nothing"
    assert noted == []


def test_a_fault_or_a_closing_that_is_called_off_does_not_stop_what_is_being_sent(
    qtbot: QtBot,
    desk: Desk,
    dialog: SendDialog,
    tmp_path: Path,
    noted: Noted,
    *,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with held(monkeypatch, "protect") as begun:
        dialog.save_to(tmp_path / "Visits.pdf", mails=False)
        assert begun.wait(60)
        desk.keeping.emit()
        assert dialog.isVisible()
    qtbot.waitUntil(dialog.card.isVisible)
    assert len(noted) == 1


@pytest.mark.parametrize("before", [None, b"%PDF-1.7 last month's"])
def test_a_file_that_was_written_before_it_was_stopped_is_taken_back(
    qtbot: QtBot,
    desk: Desk,
    dialog: SendDialog,
    tmp_path: Path,
    noted: Noted,
    *,
    before: bytes | None,
) -> None:
    file = tmp_path / "Visits.pdf"
    if before is not None:
        file.write_bytes(before)
    dialog.save_to(file, mails=False)
    [task] = [task for task in desk.jobs._live if not task.is_write]
    assert task.future.result(20).written.file == file
    assert file.read_bytes() != before
    # the answer is on its way to the window's thread, which is here
    desk.closing.emit()
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    left = file.read_bytes() if file.exists() else None
    assert left == before, "nobody has the password of the one in its place"
    assert noted == []


def test_a_password_that_is_shown_stays_until_somebody_puts_it_away(
    qtbot: QtBot, desk: Desk, dialog: SendDialog, tmp_path: Path, noted: Noted
) -> None:
    file = tmp_path / "Visits.pdf"
    dialog.save_to(file, mails=False)
    qtbot.waitUntil(dialog.card.isVisible)
    desk.closing.emit()
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert file.exists()
    assert len(noted) == 1
