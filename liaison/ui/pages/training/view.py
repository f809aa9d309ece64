"""The matrix on the screen: painted, so that it is quick at any size, and a real table to Qt."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from liaison.ui import theme
from liaison.ui.pages.training import words
from liaison.ui.pages.training.grid import GridView, Index, Look, Sizes
from liaison.ui.pages.training.heads import COLUMN, HEAD, ROW, STAFF, Corner, Courses, People
from liaison.ui.pages.training.model import MatrixModel

_SIZES: Final = Sizes(ROW, COLUMN, HEAD, STAFF, 0.34)


class MatrixView(GridView):
    """The matrix: staff and courses stay in sight."""

    person_asked = Signal(object)
    """Somebody pressed the name of this member of staff (an id)."""
    course_asked = Signal(object)
    """Somebody pressed the head of this course (an id)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Training matrix", _SIZES, parent)
        self.cells = MatrixModel(self)
        self.corner = Corner(self)
        self.furnish(self.cells, People(self.cells, self), Courses(self.cells, self), self._look)
        self.verticalHeader().sectionClicked.connect(self._person)
        self.horizontalHeader().sectionClicked.connect(self._course)

    def _look(self, index: Index) -> Look:
        state = words.state(self.cells.cell(index.row(), index.column()))
        said = str(index.data())
        return Look(said, words.ICONS[state], state, f"{state}bg") if state else Look(said)

    def _person(self, row: int) -> None:
        self.person_asked.emit(self.cells.rows[row].staff.id)

    def _course(self, column: int) -> None:
        self.course_asked.emit(self.cells.columns[column].course.id)

    def go_to(self, row: int, column: int) -> None:
        """Make a cell the current one and bring it into sight."""
        index = self.cells.index(row, column)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def fit(self) -> None:
        """Keep the corner in its place."""
        super().fit()
        self.corner.setGeometry(0, 0, self.verticalHeader().minimumWidth(), theme.px(HEAD))

    def keyboardSearch(self, search: str) -> None:
        """Go to the next member of staff whose name begins so."""
        rows, letters = self.cells.rows, search.strip().casefold()
        if not letters or not rows:
            return
        current = max(self.currentIndex().row(), 0)
        column = max(self.currentIndex().column(), 0)
        first = current if len(letters) > 1 else current + 1
        for step in range(len(rows)):
            row = (first + step) % len(rows)
            if rows[row].name.casefold().startswith(letters):
                self.go_to(row, column)
                return
