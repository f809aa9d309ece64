"""The panel of one matter: never more on it than a window can show, and a decision is always told."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from liaison.errors import UserError
from liaison.services import drafts
from liaison.services.drafts import About
from liaison.services.homes import OpenHome
from liaison.services.pcs import reviewing
from liaison.services.pcs.matters import Line, Matter, Save, Touched
from liaison.ui.desk import Desk
from liaison.ui.pages.review import ReviewPage
from liaison.ui.pages.review.card import EraseDialog, MatterPanel
from liaison.ui.widgets import LineEdit, Wrap
from tests.ui.parts.conftest import Heard, writing_held

AT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


def save(number: int, records: int) -> Save:
    touched = tuple(
        Touched("Resident", f"Person {one}", "Added", (Line("Room", "", str(one)),))
        for one in range(records)
    )
    return Save(number, "Nurses", "Ann Lee", AT, "", touched)


def matter(title: str, *saves: Save) -> Matter:
    return Matter(title, "Resident", "that PC was removed", saves)


def test_of_an_import_the_first_records_are_shown_and_the_others_counted(
    qtbot: QtBot, desk: Desk
) -> None:
    panel = MatterPanel(
        desk, matter("Tom Hall", save(1, 5_000), save(2, 1), *map(two_dozen, range(3, 7)))
    )
    qtbot.addWidget(panel)
    said = [one.text() for one in panel.findChildren(Wrap)]
    assert len([words for words in said if words.startswith("Resident added: ")]) == 60
    assert "And 4,980 more records, of the same save." in said
    assert [words for words in said if words.startswith("And ")] == [
        f"And {more} more records, of the same save." for more in ("4,980", "4", "5", "24", "24")
    ]
    assert not [words for words in said if "more saves" in words]


def two_dozen(number: int) -> Save:
    return save(number, 24)


def test_erasing_asks_why_and_only_then_erases(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = MatterPanel(desk, matter("Tom Hall", save(1, 1)))
    qtbot.addWidget(panel)
    panel.show()
    erased: list[str] = []
    monkeypatch.setattr(reviewing, "erase", lambda *said: erased.append(said[2]))
    panel.ask_to_erase()
    sure = panel.sure
    assert sure is not None
    assert "Backups made before" in sure.accessibleDescription()
    with qtbot.assertNotEmitted(sure.deciding):
        qtbot.mouseClick(sure.do, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(sure.findChild(LineEdit), "Her request")
    with qtbot.waitSignal(sure.deciding) as told:
        qtbot.mouseClick(sure.do, Qt.MouseButton.LeftButton)
    desk.jobs.write(told.args[0])  # the work, and its words
    qtbot.waitUntil(lambda: erased == ["Her request"])
    assert not panel.gone.isEnabled()


def test_a_decision_is_told_although_another_line_was_clicked_meanwhile(
    qtbot: QtBot, desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise UserError("The disk is full.")

    found = (matter("Tom Hall", save(1, 1)), matter("Ann Dale", save(2, 1)))
    monkeypatch.setattr(reviewing, "find", lambda *_, **__: found)
    monkeypatch.setattr(reviewing, "take_in_all", lambda *_: None)
    monkeypatch.setattr(reviewing, "leave_out_all", full)
    page = ReviewPage(desk)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(page.filled):
        page.refresh()
    assert page.panel is not None
    page.panel.take.click()
    page.list.pick((1,))
    qtbot.waitUntil(lambda: any("Taken in: Tom Hall" in words for words in heard.said))
    assert page.panel.matter.title == "Ann Dale"
    page.panel.leave.click()
    page.list.pick((0,))
    qtbot.waitUntil(lambda: bool(heard.troubles))
    assert [one.what for one in heard.troubles] == ["Ann Dale is not decided: The disk is full."]


HINDRANCE = "it says who belongs to the home, or is damaged"


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> ReviewPage:
    """The page with five matters, of which the last cannot be taken in."""
    found = [matter(f"Person {number}", save(number, 1)) for number in range(5)]
    found[4] = dataclasses.replace(found[4], hindrance=HINDRANCE)
    monkeypatch.setattr(reviewing, "find", lambda *_, **__: tuple(found))

    def decide(_home: OpenHome, several: Sequence[Matter], _why: str) -> None:
        for one in several:
            found.remove(one)

    monkeypatch.setattr(reviewing, "take_in_all", decide)
    monkeypatch.setattr(reviewing, "leave_out_all", decide)
    made = ReviewPage(desk)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    with qtbot.waitSignal(made.filled):
        made.refresh()
    return made


def picked(page: ReviewPage) -> list[str]:
    """Return what is picked, as the lines and as the panel say."""
    shown = page.panel or page.several
    assert shown is not None
    assert [line.isChecked() for line in page.lines] == [
        number in page.list.picked for number in range(len(page.lines))
    ]
    return [one.title.removeprefix("Person ") for one in shown.matters]


def test_several_are_picked_by_the_mouse_and_decided_at_once(
    qtbot: QtBot, page: ReviewPage, heard: Heard
) -> None:
    left, held = Qt.MouseButton.LeftButton, Qt.KeyboardModifier
    qtbot.mouseClick(page.lines[1], left)
    assert picked(page) == ["1"]
    qtbot.mouseClick(page.lines[3], left, held.ShiftModifier)
    assert picked(page) == ["1", "2", "3"]
    qtbot.mouseClick(page.lines[2], left, held.ControlModifier)
    assert picked(page) == ["1", "3"]
    qtbot.mouseClick(page.lines[4], left, held.ControlModifier)
    # one of these cannot be taken in: what all of them allow is offered
    several = page.several
    assert several is not None
    assert (several.take.isVisible(), several.leave.text()) == (False, "Leave these 3 out")
    assert any(HINDRANCE in one.text() for one in several.findChildren(Wrap))
    qtbot.mouseClick(page.lines[4], left, held.ControlModifier)
    assert page.several is not None
    assert page.several.take.isVisible()
    page.several.why.setText("I was there.")
    page.several.take.click()
    qtbot.waitUntil(lambda: len(page.lines) == 3)
    (said,) = heard.said
    assert said.startswith("Taken in: 2 matters. If anything differs")
    assert picked(page) == ["2"]
    qtbot.waitUntil(page.lines[1].hasFocus)


def test_several_are_picked_by_the_keyboard_alone(qtbot: QtBot, page: ReviewPage) -> None:
    key, held = Qt.Key, Qt.KeyboardModifier

    def press(which: Qt.Key, *modifiers: Qt.KeyboardModifier) -> list[str]:
        focus = page.focusWidget()
        assert focus is not None
        qtbot.keyClick(focus, which, *modifiers)
        return picked(page)

    page.list.focus()
    # Tab stops at one line, not at each
    assert [line.focusPolicy() for line in page.lines].count(Qt.FocusPolicy.StrongFocus) == 1
    assert press(key.Key_Down) == ["1"]
    assert press(key.Key_Down, held.ShiftModifier) == ["1", "2"]
    assert press(key.Key_Up, held.ShiftModifier) == ["1"]
    assert press(key.Key_End, held.ControlModifier) == ["1"]
    assert press(key.Key_Space, held.ControlModifier) == ["1", "4"]
    assert press(key.Key_Escape) == ["4"]
    assert press(key.Key_A, held.ControlModifier) == ["0", "1", "2", "3", "4"]
    assert press(key.Key_Home) == ["0"]
    assert page.lines[0].hasFocus()


def find() -> list[Matter]:
    """Return what is set apart, of what stands in for it."""
    return list(reviewing.find(None))  # type: ignore[arg-type]  # what stands in for it


def bring_one_more_save(
    qtbot: QtBot, page: ReviewPage, monkeypatch: pytest.MonkeyPatch
) -> list[Matter]:
    """Let one more save of the third matter come; return what is found from then on."""
    found = find()
    found[2] = dataclasses.replace(found[2], saves=(*found[2].saves, save(7, 1)))
    monkeypatch.setattr(reviewing, "find", lambda *_, **__: tuple(found))
    with qtbot.waitSignal(page.filled):
        page.refresh()
    return found


def test_more_that_comes_of_a_matter_leaves_what_is_typed_about_it(
    qtbot: QtBot, page: ReviewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.list.pick((2,))
    before = page.panel
    assert before is not None
    before.why.setText("I was there.")
    before.why.setFocus()
    found = bring_one_more_save(qtbot, page, monkeypatch)
    now = page.panel
    assert now is not None
    assert now is not before
    assert (now.why.text(), now.why.hasFocus()) == ("I was there.", True)
    # who walks through the list stays in it too
    page.list.focus()
    del found[4]
    with qtbot.waitSignal(page.filled):
        page.refresh()
    assert page.lines[2].hasFocus()


def drafts_of(qtbot: QtBot, desk: Desk) -> list[drafts.Draft]:
    """Return the drafts that lie in the home, once everything is written."""
    found: list[list[drafts.Draft]] = []
    desk.jobs.write(drafts.mine, found.append)
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


def test_why_is_kept_for_the_matter_it_was_typed_about_until_that_is_decided(
    qtbot: QtBot, page: ReviewPage
) -> None:
    def typed() -> str:
        drafts_of(qtbot, page.desk)
        assert page.panel is not None
        return page.panel.why.text()

    page.list.pick((2,))
    assert page.panel is not None
    qtbot.keyClicks(page.panel.why, "I was there.")
    page.list.pick((1,))
    assert typed() == ""
    page.list.pick((2,))
    assert typed() == "I was there."
    page.panel.leave.click()
    qtbot.waitUntil(lambda: len(page.lines) == 4)
    assert drafts_of(qtbot, page.desk) == []


def asked_to_erase(qtbot: QtBot, page: ReviewPage) -> EraseDialog:
    """Ask whether the one that is shown is to be erased, and say why."""
    assert page.panel is not None
    page.panel.ask_to_erase()
    sure = page.panel.sure
    assert sure is not None
    qtbot.keyClicks(sure.findChild(LineEdit), "Her request")
    return sure


def test_it_is_erased_although_its_panel_was_made_anew_while_it_was_asked(
    qtbot: QtBot, page: ReviewPage, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased: list[str] = []
    monkeypatch.setattr(reviewing, "erase", lambda *said: erased.append(said[2]))
    page.list.pick((2,))
    before = page.panel
    sure = asked_to_erase(qtbot, page)
    bring_one_more_save(qtbot, page, monkeypatch)
    qtbot.waitUntil(lambda: not isValid(before))
    with writing_held(page.desk.jobs):
        qtbot.mouseClick(sure.do, Qt.MouseButton.LeftButton)
        # what is being erased can be decided no second time, picked anew or not
        for picks in ((2,), (1,), (2,)):
            page.list.pick(picks)
            assert page.panel is not None
            assert page.panel.gone.isEnabled() == (picks == (1,))
    qtbot.waitUntil(lambda: heard.said == ["Erased: Resident."])
    assert erased == ["Her request"]
    assert page.panel is not None
    assert page.panel.gone.isEnabled()


def test_nothing_typed_about_it_is_kept_once_it_is_erased(
    qtbot: QtBot, page: ReviewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay: list[str] = []

    def erase(home: OpenHome, *_: object) -> None:
        lay.extend(str(value) for one in drafts.mine(home) for value in one.typed.values())
        drafts.erase(home, About("pc", None, "asked/"), lambda _: True)

    monkeypatch.setattr(reviewing, "erase", erase)
    # nobody knows yet what lies there as it is typed
    with writing_held(page.desk.jobs):
        page.list.pick((2,))
        assert page.panel is not None
        qtbot.keyClicks(page.panel.why, "Mrs X asked")
        sure = asked_to_erase(qtbot, page)
        with qtbot.waitSignal(sure.deciding):
            qtbot.mouseClick(sure.do, Qt.MouseButton.LeftButton)
        qtbot.keyClicks(page.panel.why, ", and wants")
    qtbot.waitUntil(lambda: bool(lay))
    assert sorted(lay) == ["Her request", "Mrs X asked"]
    page.list.pick((1,))
    drafts_of(qtbot, page.desk)
    assert drafts_of(qtbot, page.desk) == []


def test_why_goes_on_with_what_is_left_of_several_as_another_pc_decides_one(
    qtbot: QtBot, page: ReviewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.list.pick((1, 2, 3))
    drafts_of(qtbot, page.desk)
    assert page.several is not None
    page.several.why.setFocus()
    qtbot.keyClicks(page.several.why, "I was there.")
    found = find()
    for left in ([0, 1, 2, 4], [0, 2, 4]):
        monkeypatch.setattr(reviewing, "find", lambda *_, n=left, **__: tuple(found[i] for i in n))
        with qtbot.waitSignal(page.filled):
            page.refresh()
        drafts_of(qtbot, page.desk)
        shown = page.panel or page.several
        assert shown is not None
        assert (shown.why.text(), shown.why.hasFocus()) == ("I was there.", True)
    assert picked(page) == ["2"]
    # and it is kept for that one
    (draft,) = drafts_of(qtbot, page.desk)
    assert draft.about == reviewing.where_decided([found[2]])


def test_who_goes_on_to_the_next_why_after_a_decision_keeps_the_keyboard(
    qtbot: QtBot, page: ReviewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, wrote = threading.Event(), list[int]()
    real = reviewing.find

    def slow(home: OpenHome, *, left: bool = False) -> tuple[Matter, ...]:
        gate.wait(10)
        return real(home, left=left)

    monkeypatch.setattr(reviewing, "find", slow)
    page.desk.exchange_wanted.connect(lambda: wrote.append(1))
    page.list.pick((2,))
    assert page.panel is not None
    page.panel.leave.click()
    qtbot.waitUntil(lambda: bool(wrote))
    page.list.pick((3,))
    page.panel.why.setFocus()
    gate.set()
    qtbot.waitUntil(lambda: len(page.lines) == 4)
    assert picked(page) == ["3"]
    assert page.panel.why.hasFocus()


def test_who_is_about_to_say_why_keeps_the_keyboard_as_more_comes(
    qtbot: QtBot, page: ReviewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.list.pick((2,))
    before = page.panel
    assert before is not None
    before.why.setFocus()
    bring_one_more_save(qtbot, page, monkeypatch)
    assert page.panel is not None
    assert page.panel is not before
    assert page.panel.why.hasFocus()


def test_what_is_picked_stays_as_more_comes_and_a_failed_look_leaves_the_keyboard(
    qtbot: QtBot, page: ReviewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.list.pick((1, 2))
    several = page.several
    assert several is not None
    several.why.setText("Half a rea")
    found = reviewing.find(None)  # type: ignore[arg-type]  # what stands in for it
    more = (matter("Somebody new", save(9, 1)), *found)
    monkeypatch.setattr(reviewing, "find", lambda *_, **__: more)
    with qtbot.waitSignal(page.filled):
        page.refresh()
    assert page.several is several
    assert (page.list.picked, picked(page)) == ((2, 3), ["1", "2"])

    def gone(*_: object, **__: object) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr(reviewing, "find", gone)
    with qtbot.waitSignal(page.filled):
        several.leave.click()
    # later a round brings something, and nobody is taken away from where they type
    monkeypatch.setattr(reviewing, "find", lambda *_, **__: found)
    several.why.setFocus()
    with qtbot.waitSignal(page.filled):
        page.refresh()
    assert several.why.hasFocus()


def test_a_decision_takes_the_keyboard_from_nobody_who_went_to_another_page(
    qtbot: QtBot, page: ReviewPage
) -> None:
    window, other = QStackedWidget(), LineEdit()
    for one in (page, other):
        window.addWidget(one)
    window.show()
    assert page.panel is not None
    with qtbot.waitSignal(page.filled):
        page.panel.take.click()
        window.setCurrentWidget(other)
        other.setFocus()
    held = window.focusWidget()
    # it ends by itself
    page.setParent(None)
    assert held is other


def test_a_line_pressed_just_after_turning_over_opens_nothing_that_is_about_to_go(
    qtbot: QtBot, page: ReviewPage, heard: Heard
) -> None:
    with qtbot.waitSignal(page.filled):
        page.show_argument({"left": True})
        page.lines[3].click()
    assert picked(page) == ["0"]
    assert heard.faults == []
