"""Everybody in a column of the matrix, or every course in somebody's row, at once."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.pages.training import words
from liaison.ui.pages.training.gap_view import Wanted
from liaison.ui.pages.training.heads import anchor_at
from liaison.ui.widgets import (
    Button,
    Elided,
    FlowRow,
    Popover,
    ScrollPage,
    StateChip,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    import datetime as dt

    from liaison.records.rules.matrix import Column, Row
    from liaison.records.rules.standing import Cell
    from liaison.ui.desk import Desk
    from liaison.ui.pages.training.view import MatrixView

_TALL: Final = 300
_LINE: Final = 34


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One cell of the row or column: what it is beside, and how they stand."""

    name: str
    cell: Cell


def of_row(row: Row, columns: Sequence[Column]) -> list[Line]:
    """Return somebody's courses: what they must hold or do hold, what lacks first."""
    lines = [
        Line(column.course.name or "", cell)
        for column, cell in zip(columns, row.cells, strict=True)
        if cell.required_from is not None or words.state(cell)
    ]
    return sorted(lines, key=_lacking)


def of_column(place: int, rows: Sequence[Row]) -> list[Line]:
    """Return who must hold a course or does, those who lack it first."""
    lines = [
        Line(", ".join(part for part in (row.name, row.role) if part), row.cells[place])
        for row in rows
        if row.cells[place].required_from is not None or words.state(row.cells[place])
    ]
    return sorted(lines, key=_lacking)


def _lacking(line: Line) -> tuple[bool, bool, str]:
    gap = line.cell.state in words.GAPS
    return not gap, not line.cell.lacks, line.name.casefold()


class Around(QObject):
    """Shows the row or the column whose head somebody presses.

    Args:
        desk: The desk.
        view: The matrix.
        may_write: Whether whoever looks may record training and plan sessions.
    """

    record_asked = Signal(object, object)
    """Record training: the course's id (None: any), and the ids of who did it."""
    course_asked = Signal(object)
    """Show this course (an id)."""
    plan_asked = Signal(object)
    """Plan a session (a :class:`liaison.ui.pages.training.gap_view.Wanted`)."""

    def __init__(self, desk: Desk, view: MatrixView, *, may_write: bool) -> None:
        super().__init__(view)
        self._desk, self._view, self._may_write = desk, view, may_write
        self.popover: AroundPopover | None = None
        view.person_asked.connect(self.show_person)
        view.course_asked.connect(self.show_course)

    def show_person(self, staff: int) -> None:
        """Show everything somebody must hold."""
        cells = self._view.cells
        rows = [row.staff.id for row in cells.rows]
        if cells.matrix is None or staff not in rows or not cells.columns:
            return
        row = cells.rows[rows.index(staff)]
        about = f"{row.in_date} of {row.required} required courses in date"
        actions = [("open", "Open their card", "id-card")]
        if self._may_write:
            actions.insert(0, ("record", "Record training", "check"))
        title = ", ".join(part for part in (row.name, row.role) if part)

        def do(name: str) -> None:
            if name == "record":
                self.record_asked.emit(None, [staff])
            else:
                self._desk.open("staff", staff)

        place = cells.index(rows.index(staff), 0)
        self._open(place, title, about, of_row(row, cells.matrix.columns), actions).connect(do)

    def show_course(self, course: int) -> None:
        """Show everybody who must hold a course."""
        cells = self._view.cells
        shown = [column.course.id for column in cells.columns]
        if cells.matrix is None or course not in shown or not cells.rows:
            return
        column = cells.columns[shown.index(course)]
        place = [one.course.id for one in cells.matrix.columns].index(course)
        lines = of_column(place, cells.rows)
        lacking = [line.cell.staff for line in lines if line.cell.state in words.GAPS]
        about = f"{column.in_date} of {column.required} in date; {column.group.lower()}"
        actions = [("open", "Open the course", "book-open")]
        if self._may_write:
            if lacking:
                actions.insert(0, ("record", f"Record it for {len(lacking):,}", "check"))
            actions.append(("plan", "Plan a session", "calendar-plus"))

        def do(name: str) -> None:
            if name == "record":
                self.record_asked.emit(course, lacking)
            elif name == "plan":
                self.plan_asked.emit(Wanted(course, tuple(lacking)))
            else:
                self.course_asked.emit(course)

        top = cells.index(max(self._view.rowAt(0), 0), shown.index(course))
        self._open(top, column.course.name or "", about, lines, actions).connect(do)

    def _open(
        self,
        index: QModelIndex,
        title: str,
        about: str,
        lines: Sequence[Line],
        actions: Sequence[tuple[str, str, str]],
    ) -> SignalInstance:
        """Show a popover; return what it says is asked for."""
        made = self._view.cells.matrix
        assert made is not None  # noqa: S101  # its row or column is shown
        if self.popover is not None:
            self.popover.done()
        anchor = anchor_at(self._view, index)
        popover = AroundPopover(anchor, title, about, lines, made.on, actions)
        popover.closed.connect(anchor.deleteLater)
        popover.closed.connect(lambda: self._closed(popover))
        self.popover = popover
        popover.open()
        return popover.asked

    def _closed(self, popover: AroundPopover) -> None:
        if self.popover is popover:
            self.popover = None


class AroundPopover(Popover):
    """A row or a column of the matrix.

    Args:
        anchor: What it points at.
        title: Whose row, or which course.
        about: A sentence about it.
        lines: Its cells.
        on: The day of the matrix.
        actions: What can be done: a name for :attr:`asked`, the words, an icon.
    """

    asked = Signal(str)
    """Do this (the name of an action)."""

    def __init__(  # noqa: PLR0917  # what it shows
        self,
        anchor: QWidget,
        title: str,
        about: str,
        lines: Sequence[Line],
        on: dt.date,
        actions: Sequence[tuple[str, str, str]],
    ) -> None:
        super().__init__(anchor, title, 440)
        self.lines = tuple(lines)
        head = spaced(QVBoxLayout(), 2)
        head.addWidget(Wrap(title, "card", widest=400))
        head.addWidget(Wrap(about, "secondary", widest=400))
        self.body.addLayout(head)
        counts = Counter(words.state(line.cell) or "none" for line in lines)
        said = {"ok": "in date", "due": "due soon", "late": "late or missing", "info": "booked"}
        chips = [
            StateChip(state, f"{counts[state]:,} {word}")
            for state, word in said.items()
            if counts[state]
        ]
        if chips:
            self.body.addWidget(FlowRow(chips))
        buttons = []
        for place, (name, verb, icon) in enumerate(actions):
            button = Button(verb, icon, Button.SECONDARY if place else Button.PRIMARY, small=True)
            button.clicked.connect(lambda *_, name=name: self._leave(name))
            buttons.append(button)
        if buttons:
            self.body.addWidget(FlowRow(buttons))
        if lines:
            self.body.addWidget(_list(lines, on))

    def _leave(self, name: str) -> None:
        self.done()
        self.asked.emit(name)


def _list(lines: Sequence[Line], on: dt.date) -> QWidget:
    page = ScrollPage(spacing=2, margins=(0, 0, 8, 0))
    for line in lines:
        part = QWidget()
        across = spaced(QHBoxLayout(part), 8)
        across.addWidget(Elided(line.name, "body"), 1)
        state = words.state(line.cell) or "none"
        # the short words leave room for the name
        chip = StateChip(state, words.of_cell(line.cell, on))
        chip.setToolTip(words.told(line.cell, on))
        across.addWidget(chip, 0, Qt.AlignmentFlag.AlignRight)
        page.body.addWidget(part)
    page.body.addStretch(1)
    page.setFixedHeight(theme.px(min(_TALL, _LINE * len(lines) + 8)))
    page.setAccessibleName("How they stand")
    # nothing in it takes the focus, and arrows are to scroll it
    page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return page
