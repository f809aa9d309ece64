"""Today and the way to every page have room at every text size, for whoever looks at them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from pytestqt.qtbot import QtBot

from liaison.services import demo
from liaison.ui import theme
from liaison.ui.pages.today.page import TodayPage
from liaison.ui.shell.sidebar import SideItem
from tests.ui import walk
from tests.ui.whole import Whole

SIZES = (100, 110, 120, 130, 140, 200)
WINDOWS = ((1366, 768), (1280, 720))


def hidden(whole: Whole) -> list[str]:
    """Return the items of the sidebar that are not seen from top to bottom."""
    return [
        item.word
        for item in whole.shell.sidebar.findChildren(SideItem)
        if item.visibleRegion().boundingRect().height() < item.height()
    ]


def test_today_and_the_way_to_every_page_fit_for_each_role(
    qtbot: QtBot, demonstration: Path
) -> None:
    for role in ("manager", "senior", "carer", "reader"):
        with Whole(demonstration, demo.PASSWORD, role) as whole:
            whole.go("today")
            for window in WINDOWS:
                whole.frame.resize(*window)
                for size in SIZES:
                    theme.current().resize(size / 100)
                    whole.settle()
                    page = whole.shell.page
                    assert page is not None
                    at = f"{role}, {window}, {size} per cent"
                    assert whole.frame.size().toTuple() == window, at
                    assert not walk.too_wide(page), at
                    assert not hidden(whole), at


def test_cards_that_were_stacked_for_want_of_room_stand_side_by_side_again(
    qtbot: QtBot, demonstration: Path
) -> None:
    with Whole(demonstration, demo.PASSWORD) as whole:
        page = whole.go("today")
        assert isinstance(page, TodayPage)

        def across() -> int:
            """Return how many cards stand side by side at most."""
            assert page.board is not None
            cards = page.board.findChildren(
                QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly
            )
            tops = [card.y() for card in cards if card.isVisible() and card.height() > 150]
            return max(tops.count(top) for top in tops)

        wide = across()
        whole.frame.resize(800, 768)
        whole.settle()
        assert across() < wide
        assert not walk.too_wide(page)
        whole.frame.resize(1366, 768)
        whole.settle()
        assert across() == wide


def test_where_the_sidebar_scrolls_it_says_so_and_shows_the_page_that_is_open(
    qtbot: QtBot, demonstration: Path
) -> None:
    with Whole(demonstration, demo.PASSWORD) as whole:
        sidebar = whole.shell.sidebar
        whole.go("audit")
        bar = next(area.verticalScrollBar() for area in sidebar.findChildren(QAbstractScrollArea))
        assert not bar.isVisible()
        whole.frame.resize(1366, 480)
        whole.settle()
        assert bar.isVisible()
        open_item = sidebar.item("audit")
        assert open_item is not None
        assert "Audit" not in hidden(whole)
        whole.go("today")
        assert "Today" not in hidden(whole)
        whole.frame.resize(1366, 768)
        whole.settle()
        QApplication.processEvents()
        assert not bar.isVisible()
