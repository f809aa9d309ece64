"""The matrix as Qt reads it: a row for each member of staff, a column for each course."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from liaison.ui.pages.training import words

if TYPE_CHECKING:
    from liaison.records.rules.matrix import Column, Matrix, Row
    from liaison.records.rules.standing import Cell

Index = QModelIndex | QPersistentModelIndex

CELL: Final = int(Qt.ItemDataRole.UserRole) + 1
"""The cell itself."""


class MatrixModel(QAbstractTableModel):
    """The rows that are shown of a matrix.

    Args:
        parent: Its owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.matrix: Matrix | None = None
        self.rows: tuple[Row, ...] = ()

    def show(self, matrix: Matrix, *, only_gaps: bool = False, role: str = "") -> None:
        """Show a matrix.

        Args:
            matrix: The matrix.
            only_gaps: Only those who have anything to renew or to begin.
            role: Only this job role, as it is kept; empty for all.
        """
        self.beginResetModel()
        self.matrix = matrix
        self.rows = tuple(
            row
            for row in matrix.rows
            if (not role or row.job_role == role) and (not only_gaps or words.has_gap(row))
        )
        self.endResetModel()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The courses."""
        return () if self.matrix is None else self.matrix.columns

    def cell(self, row: int, column: int) -> Cell:
        """Return how somebody stands with a course."""
        return self.rows[row].cells[column]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """Return how many members of staff are shown; Qt asks."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as above
        """Return how many courses there are; Qt asks."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows or says; Qt asks."""
        if not index.isValid() or self.matrix is None:
            return None
        cell = self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return words.of_cell(cell, self.matrix.on)
        if role == CELL:
            return cell
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            who, course = self.rows[index.row()], self.columns[index.column()].course
            told = words.told(cell, self.matrix.on)
            said = f"{who.name}, {course.name}: {told}"
            return said if role == Qt.ItemDataRole.AccessibleTextRole else told
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the name of a course or of a member of staff; Qt asks."""
        if self.matrix is None or section < 0:
            return None
        asked = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            column = self.columns[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return column.course.name or ""
            if role == Qt.ItemDataRole.ToolTipRole:
                return f"{column.course.name}. {column.group}."
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return f"{column.course.name}, {words.share(column)[0]} in date"
        if orientation == Qt.Orientation.Vertical and section < len(self.rows):
            row = self.rows[section]
            if role in asked:
                return f"{row.name}, {row.role}" if row.role else row.name
        return None
