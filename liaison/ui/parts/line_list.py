"""A list whose rows are lines, and what stands over them: what all such lists do alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractListModel

Index = QModelIndex | QPersistentModelIndex
ROW: Final = int(Qt.ItemDataRole.UserRole)
"""What a row is: a line, or what stands over some."""


class LineList(QListView):
    """Such a list.

    Args:
        name: What it lists, for a screen reader.
        model: Its rows; under :data:`ROW` each is a line or not.
        line: What a line is.
        painter: Paints the rows.
    """

    def __init__(
        self,
        name: str,
        model: QAbstractListModel,
        *,
        line: type,
        painter: QStyledItemDelegate,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind = line
        model.setParent(self)
        painter.setParent(self)
        self.setModel(model)
        self.setItemDelegate(painter)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.begin()

    def begin(self) -> None:
        """Set up what a kind of list does besides; its rows are there by then."""

    def line_at(self, index: Index) -> Any:
        """Return the line of a row; None for what is none, or for no row."""
        row = index.data(ROW) if index.isValid() else None
        return row if isinstance(row, self._kind) else None

    def go_to_row(self, row: int) -> None:
        """Make a row the current one."""
        self.setCurrentIndex(self.model().index(row, 0))

    def go_to_one_of(self, rows: Iterable[int]) -> None:
        """Make the first of some rows that is a line the current one."""
        for row in rows:
            if self.line_at(self.model().index(row, 0)) is not None:
                self.go_to_row(row)
                return
