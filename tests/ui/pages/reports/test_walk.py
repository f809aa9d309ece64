"""From the door to paper: somebody unlocks, finds the report, looks at it, and prints two pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QLineEdit, QRadioButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from liaison.services.homes import OpenHome
from liaison.store import query
from liaison.ui.pages import PAGES
from liaison.ui.pages.glance import GlancePage
from liaison.ui.pages.reports import ReportsPage, printing
from liaison.ui.window import App
from tests.ui.running import Starter

WAIT = 30_000


class OnePrinter:
    """A PC that has a printer: the one that prints to files, which Qt brings along."""

    @staticmethod
    def availablePrinterNames() -> list[str]:  # noqa: N802  # as Qt spells it
        return ["A printer"]


def part(dialog: QWidget, name: str) -> QWidget:
    found = dialog.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    return found


def test_the_walk_from_the_door_to_a_printed_report(
    qtbot: QtBot, start: Starter, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "QPrinterInfo", OnePrinter)
    running = start(folder, pages=PAGES)
    shell = running.unlock()
    shell.go("glance")
    glance = shell.page
    assert isinstance(glance, GlancePage)
    qtbot.waitUntil(lambda: glance.card.list.cases.rowCount() > 0, timeout=WAIT)
    # what is on the screen is what comes on paper
    glance.print_button.click()
    page = shell.page
    assert isinstance(page, ReportsPage)
    qtbot.waitUntil(lambda: page.ready and page.list.value == "at-a-glance", timeout=WAIT)
    assert page.paper is not None
    assert "Is everybody trained?" in page.paper.words(0)
    assert page._asked.start == glance.period[0]
    qtbot.keyClicks(page.preview.search, "trained")
    qtbot.waitUntil(lambda: page.preview.found.text().startswith("1 of"), timeout=WAIT)
    running.active()
    page.print_button.setFocus()
    assert page.paper.pages > 1
    for key, shown in ((Qt.Key.Key_PageDown, 1), (Qt.Key.Key_PageUp, 0)):
        qtbot.keyClick(page.print_button, key)
        assert page.preview.sheets.page == shown
    page.print_button.click()
    dialog = page.window().findChild(QPrintDialog)
    assert isinstance(dialog, QPrintDialog)
    out = tmp_path / "printed.pdf"
    line = part(dialog, "filename")
    assert isinstance(line, QLineEdit)
    line.setText(str(out))
    chosen = part(dialog, "printRange")
    assert isinstance(chosen, QRadioButton)
    chosen.setChecked(True)
    for name in ("from", "to"):
        number = part(dialog, name)
        assert isinstance(number, QSpinBox)
        number.setValue(1)
    dialog.accept()
    qtbot.waitUntil(lambda: out.exists() and page.print_button.isEnabled(), timeout=WAIT)
    document = PdfDocument(out)
    assert len(document) == 1
    document.close()
    assert running.noted == []
    assert_noted(qtbot, running.app, "At a glance, 1 page: printed.pdf")


def assert_noted(qtbot: QtBot, app: App, words: str) -> None:
    """Assert that the audit says what left the house."""
    found: list[str] = []

    def read(home: OpenHome) -> list[str]:
        home.access.flush()
        events = query.every(home.store, query.Query("access_event"))
        return [getattr(one, "detail", None) or "" for one in events]

    app.jobs.write(read, found.extend)
    qtbot.waitUntil(lambda: bool(found), timeout=WAIT)
    assert words in found
