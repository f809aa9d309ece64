"""What is typed in answer to a small question: given back to who typed it, and forgotten once used."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.services import drafts, editing
from liaison.services.drafts import Draft
from liaison.services.homes import OpenHome
from liaison.store import drafts as lying
from liaison.ui.desk import Desk
from liaison.ui.parts import reason
from liaison.ui.parts.answers import asked_about, forgetting
from liaison.ui.parts.reason import MergePopover, ReasonDialog
from liaison.ui.widgets import Button
from tests.ui.parts.conftest import Heard, Ids, writing_held

LEFT = Qt.MouseButton.LeftButton
WHY = "left the team"


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    """A window with a button that questions belong to."""
    window = QWidget()
    QVBoxLayout(window).addWidget(Button("More to do"))
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    window.hide()


def kept(qtbot: QtBot, desk: Desk) -> list[Draft]:
    """Return the drafts that lie in the home, once everything is written."""
    answers: list[list[Draft]] = []
    desk.jobs.write(drafts.mine, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def settled(qtbot: QtBot, desk: Desk) -> None:
    """Wait until every question knows what lies there."""
    kept(qtbot, desk)


def record(qtbot: QtBot, desk: Desk, type_name: str, identity: int) -> Any:
    """Return a record of the home."""
    found: list[object] = []
    desk.jobs.read(lambda store: store.get(type_name, identity), found.append)
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


Ask = Callable[[str], ReasonDialog]


@pytest.fixture
def ask(qtbot: QtBot, desk: Desk, window: QWidget, ids: Ids, heard: Heard) -> Ask:
    """Ask why somebody is to be archived, or struck through."""

    def ask(what: str = "archive", identity: int = ids.grace) -> ReasonDialog:
        found: list[object] = []
        desk.jobs.read(lambda store: store.get("contact", identity), found.append)
        qtbot.waitUntil(lambda: bool(found))
        dialog = getattr(reason, what)(window, desk, found[0], "Grace Adeyemi")
        assert isinstance(dialog, ReasonDialog)
        settled(qtbot, desk)
        return dialog

    return ask


def test_a_reason_that_was_left_is_there_when_the_same_is_asked_again(
    qtbot: QtBot, desk: Desk, ask: Ask
) -> None:
    dialog = ask("archive")
    qtbot.keyClicks(dialog._line, WHY)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    other = ask("strike")
    assert other.reason == "", "another question has answers of its own"
    other.keep.click()
    assert ask("archive").reason == WHY


def test_a_reason_is_forgotten_once_it_was_used(
    qtbot: QtBot, desk: Desk, heard: Heard, ask: Ask
) -> None:
    dialog = ask("archive")
    qtbot.keyClicks(dialog._line, WHY)
    qtbot.mouseClick(dialog.do, LEFT)
    qtbot.waitUntil(lambda: "Grace Adeyemi archived." in heard.said)
    assert kept(qtbot, desk) == []


def test_a_reason_is_forgotten_with_what_it_was_for(qtbot: QtBot, desk: Desk, ask: Ask) -> None:
    dialog = ask("archive")
    qtbot.keyClicks(dialog._line, WHY)
    desk.keeping.emit()
    assert len(kept(qtbot, desk)) == 1
    qtbot.mouseClick(dialog.keep, LEFT)
    assert kept(qtbot, desk) == []
    assert ask("archive").reason == ""


def test_a_reason_that_was_taken_out_again_leaves_nothing(
    qtbot: QtBot, desk: Desk, ask: Ask
) -> None:
    dialog = ask("archive")
    qtbot.keyClicks(dialog._line, "no")
    desk.keeping.emit()
    assert len(kept(qtbot, desk)) == 1
    for _ in "no":
        qtbot.keyClick(dialog._line, Qt.Key.Key_Backspace)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert kept(qtbot, desk) == []


def test_a_reason_that_could_not_be_used_is_there_to_try_again(
    qtbot: QtBot, desk: Desk, heard: Heard, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr(editing, "archive", full)
    dialog = ask("archive")
    qtbot.keyClicks(dialog._line, WHY)
    qtbot.mouseClick(dialog.do, LEFT)
    qtbot.waitUntil(lambda: [error.what for error in heard.troubles] == ["The disk is full."])
    assert ask("archive").reason == WHY


def test_what_is_typed_at_once_and_what_lay_there_both_stay(
    qtbot: QtBot, desk: Desk, window: QWidget, ids: Ids, ask: Ask
) -> None:
    dialog = ask("archive")
    qtbot.keyClicks(dialog._line, WHY)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    settled(qtbot, desk)
    found: list[object] = []
    desk.jobs.read(lambda store: store.get("contact", ids.grace), found.append)
    qtbot.waitUntil(lambda: bool(found))
    with writing_held(desk.jobs):
        again = reason.archive(window, desk, found[0], "Grace")  # type: ignore[arg-type]  # a record
        qtbot.keyClicks(again._line, "in May")
    qtbot.waitUntil(lambda: again.reason == f"{WHY} in May")


def test_what_is_typed_and_left_before_it_is_known_what_lies_there_is_kept(
    qtbot: QtBot, desk: Desk, window: QWidget, ids: Ids, ask: Ask
) -> None:
    found: list[object] = []
    desk.jobs.read(lambda store: store.get("contact", ids.grace), found.append)
    qtbot.waitUntil(lambda: bool(found))
    for words in (WHY, "in May"):
        with writing_held(desk.jobs):
            dialog = reason.archive(window, desk, found[0], "Grace")  # type: ignore[arg-type]  # a record
            qtbot.keyClicks(dialog._line, words)
            qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        settled(qtbot, desk)
    assert ask("archive").reason == f"{WHY} in May"


def test_nobody_is_given_the_reason_of_another(qtbot: QtBot, desk: Desk, ask: Ask) -> None:
    dialog = ask("archive")
    qtbot.keyClicks(dialog._line, WHY)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    settled(qtbot, desk)

    def sits(home: OpenHome) -> None:
        home.unlocked = dataclasses.replace(home.unlocked, person="0000000000001")

    desk.jobs.write(sits)
    assert ask("archive").reason == ""


def test_a_merge_comes_back_with_its_reason_and_is_chosen_anew(
    qtbot: QtBot, desk: Desk, heard: Heard, window: QWidget, ids: Ids
) -> None:
    found: list[object] = []
    desk.jobs.read(lambda store: store.get("resident", ids.other_dorothy), found.append)
    qtbot.waitUntil(lambda: bool(found))
    (button,) = window.findChildren(Button)

    def merging() -> MergePopover:
        popover = MergePopover(button, desk, found[0], "Dorothy Hale")  # type: ignore[arg-type]  # a record
        popover.open()
        settled(qtbot, desk)
        return popover

    popover = merging()
    QTest.keyClicks(popover.finder.line, "hale")
    qtbot.waitUntil(lambda: len(popover.finder.offers) >= 2)
    right = next(one for one in popover.finder.offers if one.apart.startswith("Room 12"))
    popover.finder._list.taken.emit(right.value)
    QTest.keyClicks(popover.reason, "entered twice")
    popover.done()

    (draft,) = kept(qtbot, desk)
    assert draft.typed == {"reason": "entered twice"}, "erasing the other would not find it here"
    again = merging()
    assert again.reason.text() == "entered twice"
    assert again.finder.line.text() == ""
    assert not again.do.isEnabled()
    QTest.keyClicks(again.finder.line, "hale")
    qtbot.waitUntil(lambda: len(again.finder.offers) >= 2)
    right = next(one for one in again.finder.offers if one.apart.startswith("Room 12"))
    again.finder._list.taken.emit(right.value)
    qtbot.mouseClick(again.do, LEFT)
    qtbot.waitUntil(lambda: any(said.startswith("Merged;") for said in heard.said))
    assert kept(qtbot, desk) == []


def test_a_merge_that_is_not_to_be_is_forgotten(
    qtbot: QtBot, desk: Desk, heard: Heard, window: QWidget, ids: Ids
) -> None:
    found: list[object] = []
    desk.jobs.read(lambda store: store.get("resident", ids.other_dorothy), found.append)
    qtbot.waitUntil(lambda: bool(found))
    (button,) = window.findChildren(Button)
    popover = MergePopover(button, desk, found[0], "Dorothy Hale")  # type: ignore[arg-type]  # a record
    popover.open()
    settled(qtbot, desk)
    QTest.keyClicks(popover.reason, "entered twice")
    desk.keeping.emit()
    assert len(kept(qtbot, desk)) == 1
    qtbot.mouseClick(popover.keep, LEFT)
    assert kept(qtbot, desk) == []


def test_a_reason_that_was_used_before_it_was_known_what_lies_there_does_not_come_back(
    qtbot: QtBot, desk: Desk, window: QWidget, ids: Ids, heard: Heard
) -> None:
    grace = record(qtbot, desk, "contact", ids.grace)
    with writing_held(desk.jobs):
        dialog = reason.archive(window, desk, grace, "Grace Adeyemi")
        qtbot.keyClicks(dialog._line, WHY)
        qtbot.keyClick(dialog._line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any("archived" in said for said in heard.said))
    assert kept(qtbot, desk) == []


def test_a_reason_that_is_not_to_be_is_forgotten_before_it_is_known_what_lies_there(
    qtbot: QtBot, desk: Desk, window: QWidget, ids: Ids, heard: Heard
) -> None:
    duplicate = record(qtbot, desk, "resident", ids.other_dorothy)
    (button,) = window.findChildren(Button)
    with writing_held(desk.jobs):
        popover = MergePopover(button, desk, duplicate, "Dorothy Hale")
        popover.open()
        QTest.keyClicks(popover.reason, "entered twice")
        qtbot.mouseClick(popover.keep, LEFT)
    settled(qtbot, desk)
    assert kept(qtbot, desk) == []


def test_a_reason_that_is_typed_anew_while_the_first_is_being_forgotten_is_kept(
    qtbot: QtBot, desk: Desk, ask: Ask
) -> None:
    dialog = ask("archive")
    qtbot.keyClicks(dialog._line, "no")
    desk.keeping.emit()
    assert len(kept(qtbot, desk)) == 1
    with writing_held(desk.jobs):
        for _ in "no":
            qtbot.keyClick(dialog._line, Qt.Key.Key_Backspace)
        qtbot.keyClicks(dialog._line, WHY)
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    settled(qtbot, desk)
    assert ask("archive").reason == WHY


def test_nothing_that_was_typed_leaves_no_draft(
    qtbot: QtBot, desk: Desk, window: QWidget, ids: Ids, heard: Heard
) -> None:
    grace = record(qtbot, desk, "contact", ids.grace)
    for closes in (True, False):
        with writing_held(desk.jobs):
            dialog = reason.archive(window, desk, grace, "Grace Adeyemi")
            qtbot.keyClicks(dialog._line, "x")
            qtbot.keyClick(dialog._line, Qt.Key.Key_Backspace)
            if closes:
                qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        settled(qtbot, desk)
        desk.keeping.emit()
        assert kept(qtbot, desk) == []


def test_a_letter_that_was_taken_out_again_does_not_cost_what_lies_there(
    qtbot: QtBot, desk: Desk, window: QWidget, ids: Ids, ask: Ask
) -> None:
    dialog = ask("archive")
    qtbot.keyClicks(dialog._line, WHY)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    settled(qtbot, desk)
    grace = record(qtbot, desk, "contact", ids.grace)
    with writing_held(desk.jobs):
        dialog = reason.archive(window, desk, grace, "Grace Adeyemi")
        qtbot.keyClicks(dialog._line, "x")
        qtbot.keyClick(dialog._line, Qt.Key.Key_Backspace)
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    settled(qtbot, desk)
    assert ask("archive").reason == WHY


def test_what_is_being_typed_is_kept_though_it_is_not_known_yet_what_lies_there(
    qtbot: QtBot, desk: Desk, window: QWidget, ids: Ids, ask: Ask
) -> None:
    grace = record(qtbot, desk, "contact", ids.grace)
    with writing_held(desk.jobs):
        dialog = reason.archive(window, desk, grace, "Grace Adeyemi")
        qtbot.keyClicks(dialog._line, WHY)
        # as a lock does, after which nothing is asked of the home any more
        desk.keeping.emit()
        desk.keeping.emit()
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    (draft,) = kept(qtbot, desk)
    assert draft.typed == {"reason": WHY}


def test_a_question_that_goes_once_no_home_is_open_writes_nothing(
    qtbot: QtBot, desk: Desk, window: QWidget, ids: Ids, heard: Heard
) -> None:
    grace = record(qtbot, desk, "contact", ids.grace)
    with writing_held(desk.jobs):
        dialog = reason.archive(window, desk, grace, "Grace Adeyemi")
        qtbot.keyClicks(dialog._line, WHY)
        closed: list[bool] = []
        desk.jobs.detach(lambda: closed.append(True))
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bool(closed) and desk.jobs.is_idle)
    assert heard.troubles == []
    assert heard.faults == []


def test_a_reason_that_comes_back_says_when_it_was_typed(
    qtbot: QtBot, desk: Desk, ask: Ask
) -> None:
    dialog = ask("archive")
    assert dialog._field is not None
    assert dialog._line.accessibleDescription() == ""
    qtbot.keyClicks(dialog._line, WHY)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    line = ask("archive")._line
    assert line.accessibleDescription().startswith("You typed this ")


def test_what_was_done_is_not_told_as_failed_because_its_draft_cannot_go(
    qtbot: QtBot, desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise UserError("The disk is full.")

    about = asked_about("pc", None, "decide/x")
    desk.jobs.write(lambda home: drafts.save(home, about, {"why": "x"}))
    monkeypatch.setattr(lying, "remove", full)
    did: list[str] = []
    failed: list[UserError] = []
    desk.jobs.write(forgetting(about, lambda _: "done"), did.append, failed.append, owner=desk)
    qtbot.waitUntil(lambda: bool(did or failed))
    assert (did, failed) == (["done"], [])
