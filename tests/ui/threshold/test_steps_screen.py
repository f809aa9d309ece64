"""The steps of setting up and of joining: whatever the window's size, what belongs together lies together."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.ui import theme
from liaison.ui.threshold.steps_screen import StepsScreen
from tests.ui.whole import settle

HOME = "Larkfield House Residential and Nursing Home for Older People"


def shown(qtbot: QtBot, width: int) -> StepsScreen:
    screen = StepsScreen("Setting up", ("One", "Two"), f"Joining {HOME}", "Working")
    for _ in range(2):
        page = QWidget()
        page.setMinimumHeight(1200)
        screen.pages.addWidget(page)
    qtbot.addWidget(screen)
    screen.resize(width, 768)
    screen.show()
    screen.show_page(0, "One", "The first.", "Soon.")
    settle(lambda: True)
    return screen


def left(screen: StepsScreen, part: QWidget) -> int:
    return part.mapTo(screen, QPoint(0, 0)).x()


@pytest.mark.parametrize(("width", "scale"), [(1366, 1.0), (1920, 1.0), (1366, 2.0)])
def test_the_buttons_begin_where_the_steps_begin(
    qtbot: QtBot, look: theme.Theme, width: int, scale: float
) -> None:
    look.resize(scale)
    screen = shown(qtbot, width)
    assert abs(left(screen, screen.back) - left(screen, screen.pages)) <= 12


def test_a_step_is_shown_from_its_top_and_the_name_of_a_home_is_whole(qtbot: QtBot) -> None:
    screen = shown(qtbot, 1366)
    bar = screen._middle.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    screen.show_page(1, "Two", "The second.", "Now.")
    assert bar.value() == 0
    title = screen.panel._title
    assert title.height() >= title.heightForWidth(title.width())
    assert title.heightForWidth(title.width()) > title.fontMetrics().height()


def test_what_says_how_far_it_is_is_no_wider_than_what_is_typed(qtbot: QtBot) -> None:
    screen = shown(qtbot, 1920)
    screen.progress.show()
    screen.note.hint("It takes a moment.")
    settle(lambda: True)
    assert screen.progress.width() <= theme.px(600)
    assert screen.note.y() - screen.progress.geometry().bottom() >= theme.px(8)


def test_what_is_said_below_a_tall_step_is_scrolled_to(qtbot: QtBot) -> None:
    screen = shown(qtbot, 1366)
    screen.note.wrong("The place where the PCs meet does not answer.")
    screen.reveal_note()
    qtbot.waitUntil(lambda: not screen.note.visibleRegion().isEmpty())
