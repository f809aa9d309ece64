"""From the door to the printed pack: somebody unlocks, puts it together, looks at it, prints it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from liaison.ui.pages import PAGES
from liaison.ui.pages.pack import PackPage
from liaison.ui.pages.reports import ReportsPage, printing
from tests.ui.pages.reports.test_walk import OnePrinter, assert_noted
from tests.ui.running import Starter

WAIT = 30_000


def test_the_walk_from_the_door_to_the_printed_pack(
    qtbot: QtBot, start: Starter, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "QPrinterInfo", OnePrinter)
    running = start(folder, pages=PAGES)
    shell = running.unlock()
    shell.go("reports")
    reports = shell.page
    assert isinstance(reports, ReportsPage)
    qtbot.waitUntil(lambda: reports.ready, timeout=WAIT)
    reports.choose("inspection-pack")
    page = shell.page
    assert isinstance(page, PackPage)
    qtbot.waitUntil(page.make_button.isEnabled, timeout=WAIT)
    page.sections.choose(("referral-waits", "open-loops"))
    page.make_button.click()
    # it is made, and looked at where everything on paper is looked at
    qtbot.waitUntil(lambda: shell.page is reports and reports.ready, timeout=WAIT)
    assert reports.paper is not None
    assert "Contents" in reports.paper.words(1)
    assert reports.list.value == "inspection-pack"
    reports.print_button.click()
    dialog = reports.window().findChild(QPrintDialog)
    assert isinstance(dialog, QPrintDialog)
    out = tmp_path / "printed.pdf"
    line = dialog.findChild(QLineEdit, "filename")
    assert isinstance(line, QLineEdit)
    line.setText(str(out))
    pages = reports.paper.pages
    dialog.accept()
    qtbot.waitUntil(lambda: out.exists() and reports.print_button.isEnabled(), timeout=WAIT)
    document = PdfDocument(out)
    assert len(document) == pages
    document.close()
    assert running.noted == []
    assert_noted(qtbot, running.app, f"Inspection pack, {pages} pages: printed.pdf")
