"""The frame of a page."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.ui.widgets import OneOf, ScrollPage


def test_a_short_part_in_the_place_of_a_long_one_needs_no_scrolling(qtbot: QtBot) -> None:
    page, place, tall, short = ScrollPage(), OneOf(), QWidget(), QWidget()
    qtbot.addWidget(page)
    tall.setMinimumHeight(2_000)
    short.setMinimumHeight(100)
    place.addWidget(tall)
    place.addWidget(short)
    page.body.addWidget(place, 1)
    page.resize(800, 600)
    page.show()
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() > 0)
    place.setCurrentWidget(short)
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() == 0)
    assert place.height() < 600
    place.setCurrentWidget(tall)
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() > 0)
