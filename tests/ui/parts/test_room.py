"""The pile of cards, forms, histories and lists beside a page."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.ui.desk import Desk
from liaison.ui.parts.card import RecordCard
from liaison.ui.parts.facts import Child
from liaison.ui.parts.form import RecordForm
from liaison.ui.parts.history import HistoryPanel
from liaison.ui.parts.record_list import RecordList
from liaison.ui.parts.room import OpenRecord, RecordRoom
from liaison.ui.widgets import Button, Text
from tests.ui.names import nameless
from tests.ui.parts.conftest import Heard, Ids

W = TypeVar("W", bound=QWidget)


@pytest.fixture
def room(qtbot: QtBot, desk: Desk, heard: Heard) -> RecordRoom:
    """An empty room."""
    made = RecordRoom(desk)
    qtbot.addWidget(made)
    made.resize(1000, 640)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def on_top(room: RecordRoom, kind: type[W]) -> W:
    """Return the part of a kind that lies uppermost."""
    sheet = room.currentWidget()
    assert sheet is not None
    found = sheet.findChild(kind)
    assert isinstance(found, kind)
    return found


def said(part: QWidget) -> list[str]:
    return [text.text() for text in part.findChildren(Text) if text.isVisible()]


def test_what_is_opened_lies_on_top_and_esc_takes_it_off(
    qtbot: QtBot, room: RecordRoom, ids: Ids
) -> None:
    card = room.read("contact", ids.grace)
    qtbot.waitUntil(lambda: "Grace Adeyemi" in said(card))
    card.history_asked.emit("contact", ids.grace)
    panel = on_top(room, HistoryPanel)
    qtbot.waitUntil(lambda: len(panel.lines) == 1)
    assert room.count() == 2
    qtbot.keyClick(room.currentWidget(), Qt.Key.Key_Escape)
    assert on_top(room, RecordCard) is card
    with qtbot.waitSignal(room.left):
        qtbot.keyClick(room.currentWidget(), Qt.Key.Key_Escape)
    assert room.is_empty


def test_a_form_leaves_the_pile_once_it_is_saved(qtbot: QtBot, room: RecordRoom, ids: Ids) -> None:
    room.read("contact", ids.grace)
    form = room.change("contact", ids.grace)
    qtbot.waitUntil(lambda: form.fields is not None)
    assert form.fields is not None
    form.fields.editor("best_time").put("mornings")
    with qtbot.waitSignal(room.saved) as saved:
        form.save()
    assert saved.args[0].id == ids.grace
    card = on_top(room, RecordCard)
    qtbot.waitUntil(lambda: "mornings" in said(card))


def test_finish_later_leaves_the_form_and_keeps_the_words(
    qtbot: QtBot, room: RecordRoom, ids: Ids
) -> None:
    form = room.add("post", {"contact": ids.grace})
    qtbot.waitUntil(lambda: form.fields is not None)
    assert form.fields is not None
    role = form.fields.editor("role").control
    role.setFocus()
    qtbot.keyClicks(role, "train")
    with qtbot.waitSignal(room.left):
        form.later.click()
    again = room.add("post", {"contact": ids.grace})
    qtbot.waitUntil(lambda: again.fields is not None)
    assert isinstance(again, RecordForm)
    assert again.fields is not None
    assert again.fields.editor("role").typed() == "train"


def test_everything_that_belongs_to_a_record_is_a_list(
    qtbot: QtBot, room: RecordRoom, heard: Heard, ids: Ids
) -> None:
    shown = room.belongings(Child("resident", "practice"), ids.surgery, "organisation")
    assert isinstance(shown, RecordList)
    qtbot.waitUntil(lambda: shown.model.rowCount() == 1)
    assert shown.model.identity(0) == ids.dorothy
    shown.opened.emit("resident", ids.dorothy)
    assert heard.opened == [("resident", ids.dorothy)]


def test_it_is_emptied_without_a_word_and_named_throughout(
    qtbot: QtBot, room: RecordRoom, ids: Ids
) -> None:
    card = room.read("contact", ids.grace)
    qtbot.waitUntil(lambda: "Grace Adeyemi" in said(card))
    assert nameless(room) == []
    with qtbot.assertNotEmitted(room.left):
        room.empty()
    assert room.is_empty


def test_esc_leaves_a_history_and_the_focus_is_where_it_was_opened(
    qtbot: QtBot, room: RecordRoom, ids: Ids
) -> None:
    card = room.read("contact", ids.grace)
    qtbot.waitUntil(lambda: "Grace Adeyemi" in said(card))
    (opens,) = (b for b in card.findChildren(Button) if b.words == "History")
    opens.setFocus()
    qtbot.keyClick(opens, Qt.Key.Key_Return)
    panel = on_top(room, HistoryPanel)
    qtbot.waitUntil(lambda: len(panel.lines) == 1)
    qtbot.keyClick(room.window().focusWidget(), Qt.Key.Key_Escape)
    assert on_top(room, RecordCard) is card
    assert opens.hasFocus()


def test_what_was_being_read_is_left_and_shown_again(
    qtbot: QtBot, desk: Desk, room: RecordRoom, ids: Ids
) -> None:
    assert room.open_form() is None
    room.read("contact", ids.grace)
    left = room.open_form()
    assert left == OpenRecord("contact", ids.grace)
    room.history("contact", ids.grace)
    read_on = room.open_form()
    assert read_on == OpenRecord("contact", ids.grace, history=True)

    again = RecordRoom(desk)
    qtbot.addWidget(again)
    again.show()
    assert left is not None
    assert read_on is not None
    again.reopen(left)
    card = on_top(again, RecordCard)
    qtbot.waitUntil(lambda: "Grace Adeyemi" in said(card))
    # its page showed it already
    again.reopen(left)
    assert again.count() == 1
    again.reopen(read_on)
    panel = on_top(again, HistoryPanel)
    qtbot.waitUntil(lambda: len(panel.lines) == 1)
    assert again.count() == 2


def test_what_is_out_of_sight_is_not_left_open(room: RecordRoom, ids: Ids) -> None:
    room.read("contact", ids.grace)
    room.hide()
    assert room.open_form() is None
