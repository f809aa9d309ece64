"""Abbreviations are explained on hover and when Tab comes by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from liaison.ui.widgets import Elided, Explained, Text, explaining
from liaison.ui.widgets.explaining import Meaning


def find(text: str) -> list[Meaning]:
    """Know one abbreviation."""
    at = text.find("DN")
    return [Meaning(at, at + 2, "DN", "district <nurse>")] if at >= 0 else []


@pytest.fixture(autouse=True)
def taught() -> Iterator[None]:
    explaining.teach(find)
    yield
    explaining.forget(find)
    QToolTip.hideText()


@pytest.fixture
def sheet(qtbot: QtBot) -> QWidget:
    """A button, a text with an abbreviation and one without."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.addWidget(QPushButton("first"))
    column.addWidget(Explained("Seen by the DN", name="Note"))
    column.addWidget(Explained("Seen by nobody"))
    column.addWidget(QPushButton("last"))
    made.resize(400, 200)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_every_text_says_what_its_abbreviations_mean() -> None:
    text = Text("The DN came")
    assert text.toolTip() == "<span><b>DN</b>: district &lt;nurse&gt;</span>"
    text.setText("Nobody came")
    assert text.toolTip() == ""


def test_a_tip_of_another_kind_is_left_alone() -> None:
    text = Text("Nobody came")
    text.setToolTip("Esc")
    text.setText("Nobody came again")
    assert text.toolTip() == "Esc"


def test_a_shortened_text_says_all_of_it_and_the_meaning(qtbot: QtBot) -> None:
    text = Elided("The DN came and saw everybody in the house")
    qtbot.addWidget(text)
    text.resize(60, 20)
    text.show()
    assert "everybody in the house" in text.toolTip()
    assert "district" in text.toolTip()


def test_tab_stops_at_an_abbreviation_shows_the_tip_and_goes_on(
    qtbot: QtBot, sheet: QWidget
) -> None:
    first, last = sheet.findChildren(QPushButton)
    explained, plain = sheet.findChildren(Explained)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert explained.hasFocus()
    qtbot.waitUntil(lambda: QToolTip.isVisible() and "district" in QToolTip.text())
    assert explained.accessibleName() == "Note: Seen by the DN"
    assert explained.accessibleDescription() == "DN: district <nurse>"
    qtbot.keyClick(explained, Qt.Key.Key_Tab)
    assert last.hasFocus()
    assert not plain.accessibleDescription()


def test_enter_shows_the_tip_again(qtbot: QtBot, sheet: QWidget) -> None:
    explained = sheet.findChildren(Explained)[0]
    explained.setFocus(Qt.FocusReason.OtherFocusReason)
    assert not QToolTip.isVisible()
    qtbot.keyClick(explained, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: QToolTip.isVisible() and "district" in QToolTip.text())


def test_words_learned_later_are_explained_and_words_forgotten_are_not(qtbot: QtBot) -> None:
    explaining.forget(find)
    explained = Explained("Seen by the DN")
    qtbot.addWidget(explained)
    assert not explained.focusPolicy() & Qt.FocusPolicy.TabFocus
    explaining.teach(find)
    explained.learn()
    assert explained.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert "district" in explained.toolTip()
    explaining.forget(find)
    explained.learn()
    assert not explained.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert explained.toolTip() == ""


def test_who_leaves_late_does_not_take_away_what_another_taught() -> None:
    def other(text: str) -> list[Meaning]:
        return find(text)

    explaining.teach(other)
    explaining.forget(find)
    assert explaining.tip_of("DN")
    explaining.forget(other)
    assert explaining.tip_of("DN") == ""


def test_the_abbreviation_is_underlined(qtbot: QtBot) -> None:
    explained = Explained("one line\nthe DN came")
    qtbot.addWidget(explained)
    explained.resize(300, 60)
    first, second = explained._lay_out(300)[0]
    assert first.formats() == []
    (marked,) = second.formats()
    assert (marked.start, marked.length) == (4, 2)
