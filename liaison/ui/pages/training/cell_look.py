"""A look at a cell of the matrix: what lies behind it is read, then shown beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from liaison.ui.pages.training.cell import CellPopover, behind
from liaison.ui.pages.training.heads import anchor_at

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex
    from PySide6.QtWidgets import QWidget

    from liaison.records.rules.matrix import Matrix
    from liaison.ui.desk import Desk
    from liaison.ui.pages.training.cell import Behind
    from liaison.ui.pages.training.view import MatrixView


class CellLook(QObject):
    """Shows what lies behind a cell, one at a time.

    Args:
        desk: The desk.
        view: The matrix on the screen.
        matrix: Returns the matrix as it was read last; None before that.
        may_write: Whether whoever is here records training.
        may_exempt: Whether they say who need not hold a course.
    """

    record_asked = Signal(object, object)
    """Somebody wants to record this person's training in this course."""
    open_asked = Signal(object)
    """Somebody wants to see this training record."""
    all_asked = Signal(object, object)
    """Somebody wants to see all records this person has of this course."""
    exempt_asked = Signal(object, object)
    """Somebody wants to say that this person need not hold this course."""

    def __init__(
        self,
        desk: Desk,
        view: MatrixView,
        matrix: Callable[[], Matrix | None],
        *,
        may_write: bool,
        may_exempt: bool,
    ) -> None:
        super().__init__(view)
        self._desk, self._view, self._matrix = desk, view, matrix
        self._writes, self._exempts = may_write, may_exempt
        self.popover: CellPopover | None = None

    def ask(self, index: QModelIndex) -> None:
        """Read what lies behind a cell, then show it."""
        cell = self._view.cells.cell(index.row(), index.column())
        self._view.setCurrentIndex(index)
        self._desk.jobs.read(
            lambda store: behind(store, cell),
            lambda found: self._open(cell.staff, cell.course, found),
            latest=(id(self), "cell"),
            owner=self,
        )

    def _open(self, staff: int, course: int, found: Behind) -> None:
        view, matrix = self._view, self._matrix()
        rows = [row.staff.id for row in view.cells.rows]
        columns = [column.course.id for column in view.cells.columns]
        if matrix is None or staff not in rows or course not in columns:
            return
        if self.popover is not None:
            self.popover.done()
        row, column = rows.index(staff), columns.index(course)
        anchor = anchor_at(view, view.cells.index(row, column))
        popover = CellPopover(
            anchor, view.cells.rows[row], view.cells.columns[column], view.cells.cell(row, column),
            found, matrix.on, may_write=self._writes, may_exempt=self._exempts,
        )  # fmt: skip
        popover.exempt_asked.connect(self.exempt_asked)
        popover.record_asked.connect(self.record_asked)
        popover.open_asked.connect(self.open_asked)
        popover.all_asked.connect(self.all_asked)
        popover.closed.connect(lambda: self._closed(popover, anchor))
        self.popover = popover
        view.is_open = True
        popover.open()

    def _closed(self, popover: CellPopover, anchor: QWidget) -> None:
        anchor.deleteLater()
        if self.popover is popover:
            self.popover = None
            self._view.is_open = False
        self._view.viewport().update()
