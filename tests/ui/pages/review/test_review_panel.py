"""The panel of one matter: never more on it than a window can show, and a decision is always told."""

from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.services.pcs import reviewing
from liaison.services.pcs.reviewing import Line, Matter, Save, Touched
from liaison.ui.desk import Desk
from liaison.ui.pages.review import ReviewPage
from liaison.ui.pages.review.card import MatterPanel
from liaison.ui.widgets import LineEdit, Wrap
from tests.ui.parts.conftest import Heard

AT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


def save(number: int, records: int) -> Save:
    touched = tuple(
        Touched("Resident", f"Person {one}", "Added", (Line("Room", "", str(one)),))
        for one in range(records)
    )
    return Save(number, "Nurses", "Ann Lee", AT, "", touched)


def matter(title: str, *saves: Save) -> Matter:
    return Matter(title, "Resident", "that PC was removed", saves)


def test_of_an_import_the_first_records_are_shown_and_the_others_counted(qtbot: QtBot) -> None:
    panel = MatterPanel(
        matter("Tom Hall", save(1, 5_000), save(2, 1), *map(two_dozen, range(3, 7)))
    )
    qtbot.addWidget(panel)
    said = [one.text() for one in panel.findChildren(Wrap)]
    assert len([words for words in said if words.startswith("Added: ")]) == 60
    assert "And 4,980 more records, of the same save." in said
    assert [words for words in said if words.startswith("And ")] == [
        f"And {more} more records, of the same save." for more in ("4,980", "4", "5", "24", "24")
    ]
    assert not [words for words in said if "more saves" in words]


def two_dozen(number: int) -> Save:
    return save(number, 24)


def test_erasing_asks_why_and_only_then_erases(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = MatterPanel(matter("Tom Hall", save(1, 1)))
    qtbot.addWidget(panel)
    panel.show()
    erased: list[str] = []
    monkeypatch.setattr(reviewing, "erase", lambda *said: erased.append(said[2]))
    panel.ask_to_erase()
    sure = panel.sure
    assert sure is not None
    assert "Backups made before" in sure.accessibleDescription()
    with qtbot.assertNotEmitted(panel.deciding):
        qtbot.mouseClick(sure.do, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(sure.findChild(LineEdit), "Her request")
    with qtbot.waitSignal(panel.deciding) as told:
        qtbot.mouseClick(sure.do, Qt.MouseButton.LeftButton)
    told.args[0](None)  # the work, and its words
    assert erased == ["Her request"]
    assert not panel.gone.isEnabled()


def test_a_decision_is_told_although_another_line_was_clicked_meanwhile(
    qtbot: QtBot, desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise UserError("The disk is full.")

    found = (matter("Tom Hall", save(1, 1)), matter("Ann Dale", save(2, 1)))
    monkeypatch.setattr(reviewing, "find", lambda *_, **__: found)
    monkeypatch.setattr(reviewing, "take_in", lambda *_: None)
    monkeypatch.setattr(reviewing, "leave_out", full)
    page = ReviewPage(desk)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(page.filled):
        page.refresh()
    assert page.panel is not None
    page.panel.take.click()
    page.go_to(1)
    qtbot.waitUntil(lambda: any("Taken in: Tom Hall" in words for words in heard.said))
    assert page.panel.matter.title == "Ann Dale"
    page.panel.leave.click()
    page.go_to(0)
    qtbot.waitUntil(lambda: bool(heard.troubles))
    assert [one.what for one in heard.troubles] == ["Ann Dale is not decided: The disk is full."]
