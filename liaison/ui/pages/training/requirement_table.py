"""Courses down, job roles across: who must hold what, as a table."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from liaison.records.rules import times
from liaison.records.rules.standing import id_of
from liaison.services.requirements import Asked, Grid, how_often
from liaison.ui import theme
from liaison.ui.pages.training import words
from liaison.ui.pages.training.grid import GridView, Index, Look, Sizes
from liaison.ui.pages.training.heads import paint_two_lines

# a column has room for the words "From", a month and its year
_SIZES: Final = Sizes(row=38, column=116, head=52, names=330, share=0.36)
_LEFT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class RequirementModel(QAbstractTableModel):
    """Courses and job roles as Qt reads them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.grid = Grid((), (), {})

    def show(self, found: Grid) -> None:
        """Show what is required."""
        self.beginResetModel()
        self.grid = found
        self.endResetModel()

    def asked(self, row: int, column: int) -> Asked | None:
        """Return what is required of a job role; None if it is not."""
        return self.grid.asked.get((id_of(self.grid.courses[row]), self.grid.roles[column][0]))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """Return how many courses there are; Qt asks."""
        return 0 if parent.isValid() else len(self.grid.courses)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as above
        """Return how many job roles there are; Qt asks."""
        return 0 if parent.isValid() else len(self.grid.roles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows or says; Qt asks."""
        if not index.isValid():
            return None
        asked = self.asked(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            if asked is None:
                return ""
            since = asked.record.since
            return "Needed" if since is None else f"From {words.month(since)}"
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            course = self.grid.courses[index.row()].name
            return f"{course}, {self.grid.roles[index.column()][1]}: {told(asked)}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the name of a course or of a job role; Qt asks."""
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self.grid.roles):
            return self.grid.roles[section][1]
        if orientation == Qt.Orientation.Vertical and 0 <= section < len(self.grid.courses):
            course = self.grid.courses[section]
            return f"{course.name}, {how_often(course).lower()}"
        return None


def told(asked: Asked | None) -> str:
    """Say what is required of a job role, in a sentence."""
    if asked is None:
        return "not needed"
    since = asked.record.since
    said = "needed" if since is None else f"needed since {times.show_date(since)}"
    days = asked.record.grace_days or 0
    return f"{said}; new starters have {days:,} days" if days else f"{said}; at once"


class _Roles(QHeaderView):
    """The job roles."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803  # Qt's
        """Paint a job role; Qt asks."""
        painter.save()
        painter.fillRect(rect, theme.colour("raised"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("border"))
        painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
        painter.setPen(theme.colour("text"))
        said = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        paint_two_lines(painter, QRectF(rect).adjusted(4, 4, -4, -4), said)
        painter.restore()


class _Courses(QHeaderView):
    """The courses, each with how often it is refreshed."""

    def __init__(self, cells: RequirementModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._cells = cells
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(True)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803  # Qt's
        """Paint a course; Qt asks."""
        course = self._cells.grid.courses[logicalIndex]
        painter.save()
        painter.fillRect(rect, theme.colour("surface"))
        line, edge = theme.colour("line"), theme.colour("border")
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), line)
        painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), edge)
        left, right = rect.left() + theme.px(14), rect.right() - theme.px(10)
        painter.setFont(theme.font(theme.SECONDARY))
        often = how_often(course)
        beside = painter.fontMetrics().horizontalAdvance(often)
        room = right - left
        fits = room > 2 * beside
        if fits:
            painter.setPen(theme.colour("muted"))
            place = QRect(right - beside, rect.top(), beside + 2, rect.height())
            painter.drawText(place, _LEFT, often)
        painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
        painter.setPen(theme.colour("text"))
        free = room - (beside + theme.px(10) if fits else 0)
        name = painter.fontMetrics().elidedText(
            course.name or "", Qt.TextElideMode.ElideRight, free
        )
        painter.drawText(QRect(left, rect.top(), free + 2, rect.height()), _LEFT, name)
        painter.restore()


class RequirementTable(GridView):
    """The table."""

    course_asked = Signal(object)
    """Somebody pressed the name of this course (an id)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Who must hold what", _SIZES, parent)
        self.cells = RequirementModel(self)
        self.furnish(self.cells, _Courses(self.cells, self), _Roles(self), _look)
        self.verticalHeader().sectionClicked.connect(
            lambda row: self.course_asked.emit(self.cells.grid.courses[row].id)
        )


def _look(index: Index) -> Look:
    said = str(index.data())
    return Look(said, "check", "accent", "soft") if said else Look("\N{EN DASH}")
