"""The matrix as Qt reads it: a row for each member of staff, a column for each course."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from liaison.ui.pages.training import words

if TYPE_CHECKING:
    from liaison.records.rules.matrix import Column, Matrix, Row
    from liaison.records.rules.standing import Cell

Index = QModelIndex | QPersistentModelIndex


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a matrix; what is empty narrows nothing.

    Args:
        only_gaps: Only those who have anything to renew or to begin.
        role: Only this job role, as it is kept.
        team: Only this team, as it is kept.
        group: Only courses refreshed so often, in words.
        state: Only people, and courses, with a cell in this state.
    """

    only_gaps: bool = False
    role: str = ""
    team: str = ""
    group: str = ""
    state: str = ""

    def has(self, row: Row) -> bool:
        """Return whether somebody is shown, before the courses are narrowed."""
        return (
            (not self.role or row.job_role == self.role)
            and (not self.team or row.staff.team == self.team)
            and (not self.only_gaps or words.has_gap(row))
        )


class MatrixModel(QAbstractTableModel):
    """The rows and columns that are shown of a matrix.

    Args:
        parent: Its owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.matrix: Matrix | None = None
        self.rows: tuple[Row, ...] = ()
        self.columns: tuple[Column, ...] = ()
        self._places: tuple[int, ...] = ()

    def show(self, matrix: Matrix, shown: Shown = Shown()) -> None:
        """Show a matrix.

        Args:
            matrix: The matrix.
            shown: What of it.
        """
        self.beginResetModel()
        self.matrix = matrix
        rows = [row for row in matrix.rows if shown.has(row)]
        places = [
            place
            for place, column in enumerate(matrix.columns)
            if not shown.group or column.group == shown.group
        ]
        if shown.state:
            here = [
                (row, place)
                for row in rows
                for place in places
                if row.cells[place].state.value == shown.state
            ]
            people = {row.staff.id for row, _ in here}
            rows = [row for row in rows if row.staff.id in people]
            places = sorted({place for _, place in here})
        self.rows, self._places = tuple(rows), tuple(places)
        self.columns = tuple(matrix.columns[place] for place in places)
        self.endResetModel()

    def cell(self, row: int, column: int) -> Cell:
        """Return how somebody stands with a course."""
        return self.rows[row].cells[self._places[column]]

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
