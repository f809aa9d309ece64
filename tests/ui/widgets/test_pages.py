"""The frame of a page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from liaison.ui.widgets import Card, Columns, OneOf, ScrollPage, Text, paint_from, show_with


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


class Styled(QObject):
    """Counts how often a part was given its style."""

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self.times = 0
        part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        self.times += event.type() == QEvent.Type.Polish
        return False


def test_a_part_is_styled_where_it_belongs_and_not_before(qtbot: QtBot) -> None:
    page, inside, words = ScrollPage(), QWidget(), Text("Walter Gribble", "card")
    qtbot.addWidget(page)
    styled = Styled(words)
    QVBoxLayout(inside).addWidget(words)
    show_with(words, wanted=True)
    show_with(inside, wanted=True)
    card = Card("Do next", note="16 late")
    card.add(inside)
    page.body.addWidget(Columns([(card, 1)]))
    assert styled.times == 0
    page.show()
    qtbot.waitUntil(words.isVisible)
    assert styled.times == 1
    show_with(words, wanted=False)
    assert not words.isVisible()
    show_with(words, wanted=True)
    assert words.isVisible()


class Filling(QWidget):
    """Counts how often it was painted."""

    filled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def paintEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        self.times += 1


def test_nothing_is_painted_before_there_is_something_in_it(qtbot: QtBot) -> None:
    page, other = Filling(), Filling()
    qtbot.addWidget(page)
    qtbot.addWidget(other)
    paint_from(page, page.filled, most_ms=60_000)
    page.show()
    other.show()
    qtbot.waitUntil(lambda: other.times > 0)
    assert page.times == 0
    page.filled.emit()
    qtbot.waitUntil(lambda: page.times > 0)


def test_what_takes_long_to_come_is_not_waited_for(qtbot: QtBot) -> None:
    page = Filling()
    qtbot.addWidget(page)
    paint_from(page, page.filled, most_ms=1)
    page.show()
    qtbot.waitUntil(lambda: page.times > 0)
    page.filled.emit()
    assert page.updatesEnabled()
