"""The system libraries Qt needs are there: a window can be made and painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QLabel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_a_window_is_painted(qapp: QApplication, qtbot: QtBot) -> None:
    label = QLabel("Liaison")
    qtbot.addWidget(label)
    with qtbot.waitExposed(label):
        label.show()
    assert not label.grab().isNull()
