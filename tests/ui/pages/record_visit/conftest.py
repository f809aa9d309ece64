"""The page that records visits, on a home with a little of everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.pages.record_visit import RecordVisitPage
from liaison.ui.pages.record_visit.form import VisitForm
from liaison.ui.parts.reason import ReasonDialog
from tests.ui.parts.conftest import (  # noqa: F401  # fixtures, asked for by name
    desk,
    folder,
    heard,
    home,
    ids,
    jobs,
    pattern,
    writing_held,
)


class Writer:
    """Somebody at the page, with the keyboard.

    Args:
        qtbot: Waits.
        page: The page.
    """

    def __init__(self, qtbot: QtBot, page: RecordVisitPage) -> None:
        self.qtbot = qtbot
        self.page = page
        self.keys = 0

    @property
    def form(self) -> VisitForm:
        assert self.page.form is not None
        return self.page.form

    def go(self, argument: Mapping[str, Any] | None = None) -> None:
        """Go to the page as the shell does."""
        with self.qtbot.waitSignal(self.page.filled):
            if argument is None:
                self.page.refresh()
            else:
                self.page.show_argument(argument)

    @staticmethod
    def focus() -> QWidget:
        """Return what has the focus."""
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.keys += len(text)
        QTest.keyClicks(self.focus(), text)

    def press(
        self,
        key: Qt.Key,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press a key."""
        self.keys += 1
        QTest.keyClick(self.focus(), key, modifier)

    def control(self, key: Qt.Key) -> None:
        """Press a key with Ctrl."""
        self.press(key, Qt.KeyboardModifier.ControlModifier)

    def choose(self, typed: str, wanted: str = "") -> None:
        """Type a piece of a name and take what is offered first, or what is wanted."""
        finders = (self.form.strip.finder, self.form.people.finder)
        finder = next(one for one in finders if one.line is self.focus())
        self.type(typed)

        def offered() -> list[str]:
            return [offer.said for offer in finder.offers]

        self.qtbot.waitUntil(lambda: any(wanted in said for said in offered()))
        while wanted and wanted not in offered()[0]:
            index = next(n for n, said in enumerate(offered()) if wanted in said)
            for _ in range(index):
                self.press(Qt.Key.Key_Down)
            break
        self.press(Qt.Key.Key_Return)

    def add(self, typed: str, wanted: str = "") -> None:
        """Add a resident."""
        if not self.form.people.finder.line.isVisible():
            self.control(Qt.Key.Key_R)
        count = len(self.form.sheet.notes)
        self.choose(typed, wanted)
        self.qtbot.waitUntil(lambda: len(self.form.sheet.notes) == count + 1)

    def who_and_when(self, arrived: str = "10:05", left: str = "10:38") -> None:
        """Fill in the strip; the cursor is then where a resident is looked for."""
        self.choose("grace")
        self.type(arrived)
        self.press(Qt.Key.Key_Return)
        self.type(left)
        self.press(Qt.Key.Key_Return)

    def field(self, name: str) -> Any:
        """Return the control of a field of the note that is open."""
        return self.form.note.fields.editor(name).control

    def write(self, name: str, text: str) -> None:
        """Write into a field of the note that is open."""
        self.field(name).setFocus()
        self.type(text)

    def save(self) -> None:
        """Save, and wait until it is saved."""
        with self.qtbot.waitSignal(self.form.saved):
            self.control(Qt.Key.Key_S)

    def be_refused(self) -> None:
        """Save, and wait until it is said what is to be put right."""
        with self.qtbot.waitSignal(self.form.saver.wrong):
            self.control(Qt.Key.Key_S)

    def read(self, work: Callable[[OpenHome], Any]) -> Any:
        """Read from the home, after everything that was written."""
        answers: list[Any] = []
        self.page.desk.jobs.write(work, answers.append)
        self.qtbot.waitUntil(lambda: bool(answers))
        return answers[0]

    def answer_why(self, why: str) -> None:
        """Say why a visit is corrected."""
        (dialog,) = [w for w in self.page.window().findChildren(ReasonDialog) if w.isVisible()]
        dialog._line.setText(why)
        dialog.do.click()

    @contextmanager
    def slow(self) -> Iterator[None]:
        """Let nothing be written inside, as when another program is at work."""
        with writing_held(self.page.desk.jobs):
            yield

    def kept(self) -> None:
        """Have what was typed kept as a draft without the pause, and wait until it is."""

        def safe() -> bool:
            self.form.keeper.keep()
            return not self.form.keeper.waiting

        self.qtbot.waitUntil(safe)
        self.read(lambda _: True)


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: object) -> RecordVisitPage:  # noqa: F811  # a fixture
    """Return the page, not gone to yet."""
    made = RecordVisitPage(desk)
    qtbot.addWidget(made)
    made.resize(1158, 712)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def writer(qtbot: QtBot, page: RecordVisitPage) -> Writer:
    """Return somebody at the page."""
    return Writer(qtbot, page)
