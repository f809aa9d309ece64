"""The frame of a page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from liaison.ui.theme import Theme
from liaison.ui.widgets import (
    Button,
    Card,
    Columns,
    FlowRow,
    OneOf,
    PageHeader,
    ScrollPage,
    Text,
    paint_from,
    show_with,
)


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


def test_a_scroll_bar_takes_nothing_from_the_content(qtbot: QtBot) -> None:
    # were it narrower with the bar and no taller, the bar would come and go without end
    page, words = ScrollPage(margins=(16, 14, 14, 14)), QWidget()
    parts = [QWidget() for _ in range(8)]
    for part in parts:
        # four in a line of 400 pixels
        part.setFixedSize(94, 20)
    page.body.addWidget(words)
    page.body.addWidget(FlowRow(parts, gap=8))
    page.resize(430, 900)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: words.width() == 400)
    bar = page.verticalScrollBar().sizeHint().width()
    assert bar > 0
    assert page.body.heightForWidth(430 - bar) == page.body.heightForWidth(430)
    page.body.setGeometry(QRect(0, 0, 430 - bar, 900))
    assert words.width() == 400
    words.setFixedHeight(2_000)
    qtbot.waitUntil(page.verticalScrollBar().isVisible)
    assert page.viewport().width() == 430 - bar
    assert words.width() == 400


def test_actions_stand_below_a_sentence_that_would_be_pressed_into_a_narrow_column(
    qtbot: QtBot, look: Theme
) -> None:
    look.resize(2.0)
    actions = [Button("At a glance"), Button("Print open loops"), Button("Record a visit")]
    header = PageHeader("Today", "28 residents.", actions)
    qtbot.addWidget(header)
    header.resize(header.buttons.sizeHint().width() + 200, 300)
    header.show()
    qtbot.waitUntil(lambda: header.buttons.x() > 0)
    header.set_subtitle("28 residents and 22 staff. Press any figure to see the list behind it.")
    qtbot.waitUntil(lambda: header.buttons.x() == 0)
    header.resize(header.width() * 2, 300)
    qtbot.waitUntil(lambda: header.buttons.x() > 0)
