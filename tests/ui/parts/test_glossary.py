"""The home's glossary is known to the window while the home is open."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.records.directory import Term
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.parts.card import LinkButton
from liaison.ui.parts.facts import Link
from liaison.ui.parts.glossary import Glossary
from liaison.ui.widgets import Explained, explaining
from tests.ui.parts.conftest import Heard


def test_what_is_added_is_explained_at_once_and_forgotten_with_the_window(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    window = QWidget()
    Glossary(desk, window)
    shown = Explained("The ZQN came", parent=window)

    def add(home: OpenHome) -> None:
        editing.add(home, Term(abbreviation="ZQN", meaning="zigzag nurse"))

    desk.jobs.write(add, lambda _: None)
    qtbot.waitUntil(lambda: "zigzag nurse" in shown.toolTip())
    assert "zigzag nurse" in LinkButton(desk, Link("contact", 1, "ZQN team")).toolTip()
    assert LinkButton(desk, Link("contact", 1, "Zoe")).toolTip() == ""
    window.deleteLater()
    qtbot.waitUntil(lambda: explaining.tip_of("ZQN") == "")
