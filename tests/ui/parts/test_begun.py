"""What is typed in answer to a small question: given back to who typed it, and forgotten once used."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.services import drafts, editing
from liaison.services.drafts import Draft
from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.parts import reason
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


def test_a_merge_comes_back_with_its_words_and_is_chosen_anew(
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

    again = merging()
    assert again.reason.text() == "entered twice"
    assert again.finder.line.text() == "Dorothy Hale"
    assert not again.do.isEnabled(), "a name alone does not say which of two it is"
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
