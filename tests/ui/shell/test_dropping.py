"""A file dropped on the window goes to where lists come in."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from liaison.ui.desk import Desk
from liaison.ui.shell.dropping import Dropping
from tests.ui.parts.conftest import desk, folder, ids, jobs, pattern

__all__ = ["desk", "folder", "ids", "jobs", "pattern"]


def drop(on: QWidget, data: QMimeData) -> bool:
    """Drop something on a widget as Qt does; return whether it was taken."""
    action, button, none = (
        Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    enter = QDragEnterEvent(QPoint(5, 5), action, data, button, none)
    enter.ignore()
    QApplication.sendEvent(on, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(5, 5), action, data, button, none)
    QApplication.sendEvent(on, event)
    return event.isAccepted()


@pytest.fixture
def over(qtbot: QtBot, desk: Desk) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    Dropping(desk, widget)
    return widget


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_a_file_that_is_dropped_goes_to_the_page_of_lists(
    over: QWidget, desk: Desk, tmp_path: Path
) -> None:
    gone: list[tuple[str, object]] = []
    desk.went.connect(lambda name, argument: gone.append((name, argument)))
    file = tmp_path / "contacts.csv"
    assert drop(over, files(file))
    assert gone == [("import", {"file": file})]


def test_words_web_addresses_and_several_files_are_not_taken(
    over: QWidget, desk: Desk, tmp_path: Path
) -> None:
    gone: list[str] = []
    desk.went.connect(lambda name, _: gone.append(name))
    words, address = QMimeData(), QMimeData()
    words.setText("01632 960201")
    address.setUrls([QUrl("https://example.org/list.csv")])
    for data in (words, address, files(tmp_path / "a.csv", tmp_path / "b.csv")):
        assert not drop(over, data)
    assert gone == []
