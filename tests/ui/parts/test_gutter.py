"""A scrolling sheet whose bar stands in a margin of its own."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.ui.parts.sheets import GutterPage


def test_it_is_as_wide_with_a_scroll_bar_as_without(qtbot: QtBot) -> None:
    page, part = GutterPage(), QWidget()
    page.body.addWidget(part)
    qtbot.addWidget(page)
    page.resize(400, 300)
    page.show()
    bar = page.verticalScrollBar()
    wide = 400 - bar.sizeHint().width()
    qtbot.waitUntil(lambda: part.width() == wide)
    # also in between: a moment of another width can have the bar come and go without end
    widths: list[int] = []
    bar.rangeChanged.connect(lambda *_: widths.append(part.width()))
    part.setFixedHeight(2_000)
    qtbot.waitUntil(bar.isVisible)
    widths.append(part.width())
    part.setFixedHeight(100)
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert {*widths, part.width()} == {wide}
