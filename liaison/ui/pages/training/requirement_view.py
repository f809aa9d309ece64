"""Who must hold what: courses down, job roles across; a cell opens its requirement or begins one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from liaison.records.rules import times
from liaison.records.rules.standing import id_of
from liaison.services.requirements import Asked, Grid, grid, how_often
from liaison.ui import theme
from liaison.ui.pages.training import words
from liaison.ui.pages.training.heads import anchor_at, paint_two_lines
from liaison.ui.parts.reason import archive
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    EmptyState,
    FlowRow,
    OneOf,
    Popover,
    Text,
    Wrap,
    spaced,
)
from liaison.ui.widgets.painting import box, draw_pixmap

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent

    from liaison.errors import UserError
    from liaison.ui.desk import Desk

Index = QModelIndex | QPersistentModelIndex

_ROW: Final = 38
_COLUMN: Final = 92
_HEAD: Final = 52
_COURSE: Final = 330
_WIDEST: Final = 0.36
_LEFT: Final = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_MIDDLE: Final = int(Qt.AlignmentFlag.AlignCenter)


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


class _Cells(QStyledItemDelegate):
    """Paints the cells."""

    def __init__(self, view: RequirementTable) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell; Qt asks."""
        view, rect = self._view, option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("line"))
        inside = QRectF(rect).adjusted(theme.px(3), theme.px(3), -theme.px(3), -theme.px(4))
        said = str(index.data())
        if said:
            box(painter, inside, theme.px(6), theme.colour("soft"))
        if index == view.currentIndex() and view.hasFocus():
            box(painter, inside, theme.px(6), None, theme.colour("focus"), 2)
        painter.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD if said else theme.REGULAR))
        painter.setPen(theme.colour("accent" if said else "muted"))
        if said:
            picture = theme.pixmap("check", "accent", 15, view)
            used = draw_pixmap(painter, inside.left() + theme.px(5), inside.center().y(), picture)
            painter.drawText(inside.adjusted(theme.px(8) + used, 0, 0, 0), _LEFT, said)
        else:
            painter.drawText(inside, _MIDDLE, "\N{EN DASH}")
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Ask for a cell's size; Qt asks."""
        return QSize(theme.px(_COLUMN), theme.px(_ROW))


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


class RequirementTable(QTableView):
    """The table: arrows move, Enter or a press opens a cell."""

    asked = Signal(object)
    """Somebody wants to open this cell (an index)."""
    course_asked = Signal(object)
    """Somebody pressed the name of this course (an id)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = RequirementModel(self)
        self.setAccessibleName("Who must hold what")
        self.setVerticalHeader(_Courses(self.cells, self))
        self.setHorizontalHeader(_Roles(self))
        self.setModel(self.cells)
        self.setItemDelegate(_Cells(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.clicked.connect(self.asked.emit)
        self.verticalHeader().sectionClicked.connect(
            lambda row: self.course_asked.emit(self.cells.grid.courses[row].id)
        )
        self._restyle()

    def _restyle(self) -> None:
        courses, roles = self.verticalHeader(), self.horizontalHeader()
        courses.setMinimumSectionSize(theme.px(_ROW))
        courses.setDefaultSectionSize(theme.px(_ROW))
        roles.setMinimumSectionSize(theme.px(48))
        roles.setDefaultSectionSize(theme.px(_COLUMN))
        roles.setFixedHeight(theme.px(_HEAD))
        self.setMinimumHeight(theme.px(_HEAD + 5 * _ROW))
        self._fit()

    def _fit(self) -> None:
        wide = min(theme.px(_COURSE), round(self.width() * _WIDEST))
        self.verticalHeader().setFixedWidth(wide)
        self.updateGeometries()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the names in their share of the width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == event.Type.StyleChange and hasattr(self, "cells"):
            self._restyle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current cell with Enter or the space bar."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            if self.currentIndex().isValid():
                self.asked.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first cell, so that arrows work at once."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.cells.rowCount():
            self.setCurrentIndex(self.cells.index(0, 0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()


class RequirementView(QWidget):
    """Who must hold what, and who need not.

    Args:
        desk: The desk.
        may_write: Whether whoever looks may say what is required.
    """

    opened = Signal(str, object)
    """Show this record: its type and id."""
    adding = Signal(str, object)
    """Add a record of a type, beginning with these fields."""
    listing = Signal(str)
    """Show the list of a type."""

    def __init__(self, desk: Desk, *, may_write: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._may_write = desk, may_write
        self.popover: Popover | None = None
        self.banner = Banner("late", "", "Try again")
        self.banner.hide()
        self.banner.pressed.connect(self.refresh)
        self.table = RequirementTable()
        self.table.asked.connect(self._open)
        self.table.course_asked.connect(lambda one: self.opened.emit("course", one))
        self.exempt = Button("Who need not", "user-check", small=True)
        self.exempt.setToolTip("Exemptions: who need not hold a course, and why")
        self.exempt.clicked.connect(lambda *_: self.listing.emit("exemption"))
        hint = (
            "Press a cell to say that a job role must hold a course, or to change it."
            if may_write
            else "Press a cell to see since when."
        )
        self.nothing = EmptyState("book-open", "No course yet", "Add a course first.")
        self.shown = OneOf()
        self.shown.addWidget(self.table)
        self.shown.addWidget(self.nothing)
        card = Card()
        card.add(self.shown, 1)
        column = spaced(QVBoxLayout(self), 12)
        column.addWidget(FlowRow((Text(hint, "secondary"), self.exempt), 12))
        column.addWidget(self.banner)
        column.addWidget(card, 1)
        self.setAccessibleName("Requirements")

    def refresh(self) -> None:
        """Read what is required anew."""
        if self._desk.jobs.home is not None:
            self._desk.jobs.read(
                grid, self._show, self._fail, latest=(id(self), "requirements"), owner=self
            )

    def _fail(self, error: UserError) -> None:
        self.banner.say("late", f"{error.what} {error.do or ''}".strip(), "Try again")

    def _show(self, found: Grid) -> None:
        self.banner.hide()
        current = self.table.currentIndex()
        place = current.row(), current.column()
        self.table.cells.show(found)
        if current.isValid() and place[0] < len(found.courses) and place[1] < len(found.roles):
            self.table.setCurrentIndex(self.table.cells.index(*place))
        self.shown.setCurrentWidget(self.table if found.courses else self.nothing)

    def _open(self, index: QModelIndex) -> None:
        asked = self.table.cells.asked(index.row(), index.column())
        self.table.setCurrentIndex(index)
        if asked is not None:
            self._show_asked(index, asked)
        elif self._may_write:
            found = self.table.cells.grid
            course, role = found.courses[index.row()].id, found.roles[index.column()][0]
            given = {"course": course, "job_role": role, "since": self._desk.today()}
            self.adding.emit("requirement", given)

    def _show_asked(self, index: QModelIndex, asked: Asked) -> None:
        """Say what is required, with what can be done about it."""
        found = self.table.cells.grid
        course = found.courses[index.row()].name or ""
        role = found.roles[index.column()][1]
        if self.popover is not None:
            self.popover.done()
        held = anchor_at(self.table, index)
        popover = Popover(held, f"{course}, {role}", 340)
        popover.body.addWidget(Wrap(course, "card", widest=300))
        said = told(asked)
        popover.body.addWidget(Wrap(f"{role}: {said}.", widest=300))
        look = Button("Open", small=True)
        look.clicked.connect(
            lambda *_: self._leave(lambda: self.opened.emit("requirement", asked.requirement))
        )
        buttons: list[QWidget] = [look]
        if self._may_write:
            title = f"the requirement of {course} for {role.lower()}"
            end = Button("Not needed any more", "archive", small=True)
            end.clicked.connect(
                lambda *_: self._leave(lambda: archive(self, self._desk, asked.record, title))
            )
            buttons.append(end)
        popover.body.addWidget(FlowRow(buttons))
        popover.closed.connect(lambda: self._closed(popover, held))
        self.popover = popover
        popover.open()

    def _closed(self, popover: Popover, held: QWidget) -> None:
        held.deleteLater()
        if self.popover is popover:
            self.popover = None

    def _leave(self, then: Callable[[], object]) -> None:
        if self.popover is not None:
            self.popover.done()
        then()
