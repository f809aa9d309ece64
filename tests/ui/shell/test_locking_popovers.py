"""Locking while somebody new is typed in a small form that floats: no word of it is lost."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from liaison.ui.pages import PAGES
from liaison.ui.pages.record_visit import RecordVisitPage
from liaison.ui.pages.record_visit.new_visitor import NewVisitor
from liaison.ui.shell.shell import Shell
from liaison.ui.threshold.unlock import UnlockScreen
from tests.ui.running import Running, Starter

NADIA = "Nadia Rahman"


def asked(window: Running, shell: Shell, known: str = "") -> NewVisitor:
    """Ask for somebody new on the page that records visits, whose form knows what was typed of it."""
    waits = window.qtbot.waitUntil
    if not isinstance(shell.page, RecordVisitPage):
        shell.go("record-visit")
    waits(lambda: isinstance(shell.page, RecordVisitPage))
    page = shell.page
    assert isinstance(page, RecordVisitPage)
    waits(lambda: page.form is not None and page.form.strip.finder.vocabularies is not None)
    assert page.form is not None
    finder = page.form.strip.finder
    waits(lambda: finder.line.text() == known)
    window.active()
    finder.line.setFocus()
    finder.line.clear()
    QTest.keyClicks(finder.line, NADIA)
    waits(lambda: any(NADIA in offer.words for offer in finder.offers))
    QTest.keyClick(finder.line, Qt.Key.Key_Return)
    (popover,) = window.app.frame.findChildren(NewVisitor)
    return popover


def test_somebody_new_half_typed_at_a_lock_is_given_back_after_signing_in(
    start: Starter, home_folder: Path
) -> None:
    window = start(home_folder, pages=PAGES)
    popover = asked(window, window.unlock())
    QTest.keyClicks(popover.phone, "01632 96")
    window.app.lock()
    window.scene(UnlockScreen)
    window.qtbot.waitUntil(lambda: window.app.jobs.is_idle)
    assert not window.app.frame.findChildren(NewVisitor)

    popover = asked(window, window.unlock(), NADIA)
    window.qtbot.waitUntil(lambda: popover.phone.text() == "01632 96")
    assert popover.name.text() == NADIA
    assert window.noted == []
