"""Tab goes on as one reads, whatever was made first, and leaves nothing out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from liaison.ui import walking
from liaison.ui.shell.frame import Frame


@pytest.fixture
def frame(qtbot: QtBot) -> Frame:
    """Two columns of two fields under a head, made in the wrong order."""
    made = Frame()
    qtbot.addWidget(made)
    fields = {name: QLineEdit(name) for name in ("d", "b", "head", "c", "a")}
    page = QWidget()
    columns = QHBoxLayout()
    for names in ("ab", "cd"):
        column = QWidget()
        rows = QVBoxLayout(column)
        for name in names:
            rows.addWidget(fields[name])
        columns.addWidget(column)
    rows = QVBoxLayout(page)
    rows.addWidget(fields["head"])
    rows.addLayout(columns)
    made.show_scene(page)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    fields["head"].setFocus()
    return made


def walked(frame: Frame, key: Qt.Key, times: int) -> str:
    passed = []
    for _ in range(times):
        QTest.keyClick(frame, key)
        here = QApplication.focusWidget()
        assert isinstance(here, QLineEdit)
        passed.append(here.text())
    return " ".join(passed)


def test_tab_goes_down_one_column_and_then_the_next_and_begins_again(frame: Frame) -> None:
    assert walked(frame, Qt.Key.Key_Tab, 5) == "a b c d head"


def test_shift_and_tab_go_back_the_same_way(frame: Frame) -> None:
    assert walked(frame, Qt.Key.Key_Backtab, 5) == "d c b a head"


def test_what_is_off_or_hidden_is_passed_over(frame: Frame) -> None:
    by_name = {field.text(): field for field in frame.findChildren(QLineEdit)}
    by_name["b"].setEnabled(False)
    by_name["c"].hide()
    assert walked(frame, Qt.Key.Key_Tab, 3) == "a d head"


def test_with_nothing_to_go_to_the_keyboard_stays(frame: Frame) -> None:
    for field in frame.findChildren(QLineEdit):
        field.setEnabled(field.text() == "head")
    assert not walking.walk(frame, forward=True)
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    assert focus.text() == "head"


def test_a_control_that_is_hidden_hands_the_keyboard_to_its_neighbours(frame: Frame) -> None:
    by_name = {field.text(): field for field in frame.findChildren(QLineEdit)}
    by_name["d"].setFocus()
    by_name["d"].hide()
    assert QApplication.focusWidget() is by_name["c"]
