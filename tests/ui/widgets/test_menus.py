"""Menus open beside the button that was pressed, never over it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from liaison.ui.widgets import IconButton, drop_down

ROOM = 60


@pytest.mark.parametrize("at_the_foot", [False, True])
def test_a_menu_opens_below_its_button_or_above_it_at_the_foot_of_the_screen(
    qtbot: QtBot, *, at_the_foot: bool
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    screen = window.screen().availableGeometry()
    height = ROOM
    top = screen.bottom() + 1 - height if at_the_foot else screen.top()
    window.setGeometry(screen.left() + 100, top, 300, height)
    button = IconButton("ellipsis", "More to do", parent=window)
    button.move(20, 14)
    menu = QMenu(button)
    for words in ("Archive ...", "Strike through ...", "The same as another: merge ..."):
        menu.addAction(words)
    window.show()
    qtbot.waitExposed(window)
    drop_down(menu, button)
    qtbot.waitUntil(menu.isVisible)
    pressed = QRect(button.mapToGlobal(QPoint(0, 0)), button.size())
    opened = menu.geometry()
    assert screen.contains(opened)
    assert not opened.intersects(pressed)
    assert opened.left() == pressed.left()
    assert (
        (opened.bottom() + 1 == pressed.top())
        if at_the_foot
        else (opened.top() == pressed.bottom() + 1)
    )
    menu.close()
