"""Who must hold what: courses down, job roles across; a cell opens its requirement or begins one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.services.requirements import Asked, Grid, grid
from liaison.ui.pages.training.heads import anchor_at
from liaison.ui.pages.training.requirement_table import RequirementTable, told
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

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.ui.desk import Desk


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
