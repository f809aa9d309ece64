"""The training of one member of staff, for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui.pages.training import words
from liaison.ui.widgets import (
    Card,
    Divider,
    Elided,
    EmptyState,
    StateChip,
    Text,
    spaced,
)

if TYPE_CHECKING:
    from liaison.records.rules.matrix import Matrix


class Mine(QWidget):
    """Every course they hold or must hold, what is to be renewed first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = spaced(QVBoxLayout(self), 16)
        self.setAccessibleName("My training")

    def show_matrix(self, matrix: Matrix | None) -> None:
        """Show their row.

        Args:
            matrix: A matrix of them alone; None if it is not recorded who they are.
        """
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if matrix is None or not matrix.rows:
            said = "Ask a manager to say which member of staff you are, under Settings."
            nothing = EmptyState("graduation-cap", "Your training is not shown yet", said)
            self._column.addWidget(nothing, 1)
            nothing.show()
            return
        row = matrix.rows[0]
        shown = [
            (column, cell)
            for column, cell in zip(matrix.columns, row.cells, strict=True)
            if words.state(cell) or cell.required_from is not None
        ]
        shown.sort(key=lambda pair: pair[1].state not in words.GAPS)
        card = Card(f"{row.in_date} of {row.required} required courses in date", "graduation-cap")
        for number, (column, cell) in enumerate(shown):
            if number:
                card.add(Divider())
            line = QWidget()
            across = spaced(QHBoxLayout(line), 12)
            names = spaced(QVBoxLayout(), 1)
            names.addWidget(Elided(column.course.name or "", "label"))
            names.addWidget(Text(column.group, "secondary"))
            across.addLayout(names, 1)
            state = words.state(cell) or "none"
            across.addWidget(StateChip(state, words.told(cell, matrix.on)))
            card.add(line)
        self._column.addWidget(card)
        card.show()
        self._column.addStretch(1)
