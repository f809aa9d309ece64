"""What each role may do, as a table that is only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.widgets import Divider, Icon, Text, Wrap, spaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.security.roles import Line


class RoleTable(QWidget):
    """One line for each thing people do, one column for each role; yes and no with icon and word.

    Args:
        lines: The table.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__()
        self.setAccessibleName("What each role may do")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(6))
        grid.setColumnStretch(0, 1)
        roles = list(lines[0].may) if lines else []
        for column, role in enumerate(roles, 1):
            grid.addWidget(Text(role, "caption"), 0, column)
        for number, line in enumerate(lines):
            row = 2 * number + 1
            grid.addWidget(Divider(), row, 0, 1, len(roles) + 1)
            grid.addWidget(Wrap(line.words, "body", widest=420), row + 1, 0)
            for column, role in enumerate(roles, 1):
                answer = _answer(role, line.words, may=line.may[role])
                grid.addWidget(answer, row + 1, column, Qt.AlignmentFlag.AlignTop)


def _answer(role: str, words: str, *, may: bool) -> QWidget:
    part = QWidget()
    row = spaced(QHBoxLayout(part), 4)
    row.addWidget(Icon("circle-check" if may else "minus", "ok" if may else "muted", 16))
    said = Text("Yes" if may else "No", "secondary")
    said.setAccessibleName(f"{role}: {words}: {said.text().lower()}")
    row.addWidget(said)
    row.addStretch(1)
    return part
