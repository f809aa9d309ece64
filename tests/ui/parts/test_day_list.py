"""Lines under days: arrows go past the days, Enter or a double press opens a line."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QStyledItemDelegate
from pytestqt.qtbot import QtBot

from liaison.ui.parts.day_list import DayList

Index = QModelIndex | QPersistentModelIndex


@dataclasses.dataclass
class Line:
    """A line."""

    words: str


class Rows(QAbstractListModel):
    """Two days with three lines."""

    rows = ("Monday", Line("a"), Line("b"), "Tuesday", Line("c"))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802  # Qt's
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return self.rows[index.row()] if role == Qt.ItemDataRole.UserRole else None


def test_arrows_go_from_line_to_line_and_enter_opens_the_one_they_are_at(qtbot: QtBot) -> None:
    shown = DayList("Lines", Rows(), line=Line, painter=QStyledItemDelegate())
    qtbot.addWidget(shown)
    shown.show()
    shown.activateWindow()
    shown.setFocus()
    qtbot.waitUntil(shown.hasFocus)
    went = [shown.currentIndex().row()]
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(shown, key)
        went.append(shown.currentIndex().row())
    assert went == [1, 1, 2, 4, 4, 2]
    with qtbot.waitSignal(shown.opened) as opened:
        qtbot.keyClick(shown, Qt.Key.Key_Return)
    assert opened.args == [Line("b")]


def test_where_no_line_is_left_nothing_becomes_current(qtbot: QtBot) -> None:
    shown = DayList("Lines", Rows(), line=Line, painter=QStyledItemDelegate())
    qtbot.addWidget(shown)
    shown.go_to_one_of([0, 3])
    assert not shown.currentIndex().isValid()
    shown.go_to_one_of([3, 4, 1])
    assert shown.line_at(shown.currentIndex()) == Line("c")


def test_a_double_press_opens_a_line_and_no_day(qtbot: QtBot) -> None:
    shown = DayList("Lines", Rows(), line=Line, painter=QStyledItemDelegate())
    qtbot.addWidget(shown)
    shown.show()
    opened: list[object] = []
    shown.opened.connect(opened.append)
    for row in (3, 4):
        middle = shown.visualRect(shown.model().index(row, 0)).center()
        qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        qtbot.mouseDClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert opened == [Line("c")]
