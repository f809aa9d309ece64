"""Where the keyboard is once what floated has gone, and what Enter presses."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from liaison.ui.widgets import Button, ConfirmDialog, LineEdit, Popover
from tests.ui.widgets.conftest import Show


def page(*parts: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    for part in parts:
        column.addWidget(part)
    return made


def question(window: QWidget, reason: str = "") -> ConfirmDialog:
    return ConfirmDialog(window, "Move it?", "It moves.", do="Move", keep="Stay", reason=reason)


def test_a_popover_gives_the_focus_to_its_page_when_what_had_it_is_gone(
    qtbot: QtBot, show: Show
) -> None:
    sidebar, first, anchor = Button("Today"), LineEdit(), Button("Details")
    show(sidebar, page(first, anchor)).resize(600, 500)
    anchor.setFocus()
    made = Popover(anchor, "Details")
    inside = LineEdit()
    made.body.addWidget(inside)
    made.open()
    assert inside.hasFocus()
    anchor.hide()
    made.done()
    assert first.hasFocus()


def test_a_button_that_rests_does_not_close_its_popover(qtbot: QtBot, show: Show) -> None:
    sidebar, anchor = Button("Today"), Button("Details")
    show(sidebar, anchor).resize(600, 500)
    made = Popover(anchor, "Details")
    line, save = LineEdit(), Button("Save")
    made.body.addWidget(line)
    made.body.addWidget(save)
    made.open()
    save.setFocus()
    save.setEnabled(False)
    assert made.isVisible()
    assert line.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_presses_the_button_that_has_the_focus(qtbot: QtBot, show: Show, key: Qt.Key) -> None:
    button = Button("Save")
    show(button)
    button.setFocus()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, key)
    with qtbot.assertNotEmitted(button.clicked):
        qtbot.keyClick(button, key, Qt.KeyboardModifier.ControlModifier)


def test_enter_in_the_reason_agrees_once_there_is_one(qtbot: QtBot, show: Show) -> None:
    asked = question(show(LineEdit()), "Reason")
    asked.open()
    with qtbot.assertNotEmitted(asked.accepted):
        qtbot.keyClick(asked._line, Qt.Key.Key_Return)
    qtbot.keyClicks(asked._line, "Wrong resident")
    with qtbot.waitSignal(asked.accepted):
        qtbot.keyClick(asked._line, Qt.Key.Key_Return)


def test_a_question_gives_the_focus_back_and_is_not_kept(qtbot: QtBot, show: Show) -> None:
    sidebar, first, more = Button("Today"), LineEdit(), Button("More")
    window = show(sidebar, page(first, more))
    more.setFocus()
    asked = question(window)
    asked.open()
    more.hide()
    asked.keep.click()
    qtbot.waitUntil(first.hasFocus)
    qtbot.waitUntil(lambda: not isValid(asked))
