"""What lies behind a cell of the matrix: the training, the day it runs out, what came before."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.records.rules.compliance import refresh_words
from liaison.records.training import Exemption, Session, TrainingRecord
from liaison.services.references import Names
from liaison.store import query
from liaison.ui import theme
from liaison.ui.pages.training import words
from liaison.ui.widgets import (
    Avatar,
    Button,
    Divider,
    Elided,
    Icon,
    Popover,
    StateChip,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    import datetime as dt

    from liaison.records.rules.matrix import Column, Row
    from liaison.records.rules.standing import Cell
    from liaison.store.store import Store

_EARLIER: Final = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Behind:
    """What lies behind a cell.

    Args:
        held: The training that counts; None if there is none.
        through: The course it was in, where that is another one that also counts.
        session: The session a place is held on, in words; empty for none.
        exempt: Why they need not hold it; empty if they must or never had to.
        earlier: The days they completed it before, newest first.
        more: Whether there are more of those.
    """

    held: TrainingRecord | None
    through: str
    session: str
    exempt: str
    earlier: tuple[dt.date, ...]
    more: bool


def behind(store: Store, cell: Cell) -> Behind:
    """Read what lies behind a cell; for a read job."""
    names = Names(store)
    held = _held(store, cell)
    through = ""
    if held is not None and held.course is not None:
        other = names.record("course", held.course)
        through = "" if other is None or other.id == cell.course else names.of(other)
    session = store.get("session", cell.session) if cell.session is not None else None
    exempt = store.get("exemption", cell.exemption) if cell.exemption is not None else None
    asked = query.Query(
        "training_record",
        query.equal({"staff": cell.staff, "course": cell.course}),
        order_by="completed",
    )
    found = query.page(store, asked, limit=_EARLIER + 2)
    earlier = [
        record.completed
        for record in found.records
        if isinstance(record, TrainingRecord)
        and record.completed is not None
        and not record.struck_reason
        and (held is None or record.id != held.id)
    ]
    return Behind(
        held,
        through,
        _session_words(session) if isinstance(session, Session) else "",
        exempt.reason or "" if isinstance(exempt, Exemption) else "",
        tuple(earlier[:_EARLIER]),
        len(earlier) > _EARLIER or found.next is not None,
    )


def _held(store: Store, cell: Cell) -> TrainingRecord | None:
    if cell.held is None or cell.held.record is None:
        return None
    record = store.get("training_record", cell.held.record)
    return record if isinstance(record, TrainingRecord) else None


def _session_words(session: Session) -> str:
    when = "" if session.at is None else times.show_time(session.at)
    return ", ".join(part for part in (when, session.place or "") if part)


class CellPopover(Popover):
    """A cell's popover.

    Args:
        anchor: What it points at.
        row: Whose cell it is.
        column: Which course.
        cell: The cell.
        found: What lies behind it.
        on: The day of the matrix.
        may_write: Whether whoever looks may record training.
        may_exempt: Whether they may say who need not hold a course.
    """

    record_asked = Signal(object, object)
    """Record that they have done it: the staff's and the course's id."""
    open_asked = Signal(object)
    """Show the training record (an id)."""
    all_asked = Signal(object, object)
    """Show all their records of the course: the staff's and the course's id."""
    exempt_asked = Signal(object, object)
    """Say that they need not hold it: the staff's and the course's id."""

    def __init__(  # noqa: PLR0917  # what a cell is about
        self,
        anchor: QWidget,
        row: Row,
        column: Column,
        cell: Cell,
        found: Behind,
        on: dt.date,
        *,
        may_write: bool,
        may_exempt: bool = False,
    ) -> None:
        course = column.course.name or ""
        super().__init__(anchor, f"{course}, {row.name}", 392)
        self._cell = cell
        self.body.addLayout(self._head(row, course, cell, on))
        self.body.addWidget(_facts(column, cell, found))
        if found.session:
            self.body.addWidget(Divider())
            held = spaced(QHBoxLayout(), 8)
            held.addWidget(Icon("calendar-check", "accent", 18), 0, Qt.AlignmentFlag.AlignTop)
            held.addWidget(Wrap(f"Place held: {found.session}", widest=320), 1)
            self.body.addLayout(held)
        buttons = spaced(QHBoxLayout(), 8)
        for button in self._buttons(found, may_write=may_write):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.body.addLayout(buttons)
        if may_exempt and cell.lacks and cell.exemption is None:
            exempt = Button("Need not hold it", "user-check", Button.QUIET, small=True)
            exempt.clicked.connect(
                lambda *_: self._leave(lambda: self.exempt_asked.emit(cell.staff, cell.course))
            )
            self.body.addWidget(exempt)
        if found.earlier:
            every = Button("All their records of this course", "history", Button.QUIET, small=True)
            every.clicked.connect(
                lambda *_: self._leave(lambda: self.all_asked.emit(cell.staff, cell.course))
            )
            self.body.addWidget(every)

    @staticmethod
    def _head(row: Row, course: str, cell: Cell, on: dt.date) -> QHBoxLayout:
        head = spaced(QHBoxLayout(), 12)
        head.addWidget(Avatar(row.name, 40), 0, Qt.AlignmentFlag.AlignTop)
        names = spaced(QVBoxLayout(), 1)
        names.addWidget(Wrap(course, "card", widest=200))
        names.addWidget(Elided(", ".join(p for p in (row.name, row.role) if p), "secondary"))
        head.addLayout(names, 1)
        state = words.state(cell) or "none"
        short = words.told(cell, on) if cell.state in words.GAPS else cell.state.value.capitalize()
        head.addWidget(StateChip(state, short), 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _buttons(self, found: Behind, *, may_write: bool) -> list[QWidget]:
        cell = self._cell
        buttons: list[QWidget] = []
        if may_write:
            record = Button("Record as done", "check", Button.PRIMARY)
            record.clicked.connect(
                lambda *_: self._leave(lambda: self.record_asked.emit(cell.staff, cell.course))
            )
            buttons.append(record)
        held = found.held
        if held is not None:
            look = Button("Open record")
            look.clicked.connect(lambda *_: self._leave(lambda: self.open_asked.emit(held.id)))
            buttons.append(look)
        return buttons

    def _leave(self, then: Callable[[], object]) -> None:
        self.done()
        then()


def _facts(column: Column, cell: Cell, found: Behind) -> QWidget:
    """Return the facts below each other, each with its label."""
    rows: list[tuple[str, str]] = []
    held = found.held
    if cell.held is not None:
        rows.append(("Done", times.show_date(cell.held.completed)))
        end = cell.held.runs_out
        rows.append(("Runs out", "Never" if end is None else times.show_date(end)))
    elif cell.required_from is not None:
        rows.append(("Needed since", _since(cell)))
    rows.append(("How often", refresh_words(column.course.refresh_months)))
    if cell.parts:
        rows.append(("Parts", f"{cell.parts_held} of {cell.parts} done"))
    if found.through:
        rows.append(("Through", found.through))
    if held is not None and held.taught_by:
        rows.append(("Taught by", held.taught_by))
    if found.exempt:
        rows.append(("Exempt", found.exempt))
    if found.earlier:
        days = ", ".join(times.show_plain_date(day) for day in found.earlier)
        rows.append(("Before that", f"{days} and earlier" if found.more else days))
    part = QWidget()
    grid = spaced(QGridLayout(part), 6)
    grid.setColumnStretch(1, 1)
    for number, (label, said) in enumerate(rows):
        name = Text(label, "secondary")
        name.setFixedWidth(theme.px(92))
        value = Wrap(said, widest=260)
        value.setAccessibleName(f"{label}: {said}")
        grid.addWidget(name, number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(value, number, 1)
    return part


def _since(cell: Cell) -> str:
    assert cell.required_from is not None  # noqa: S101  # it was asked for
    day = cell.required_from
    return "They began here" if day.year == 1 else times.show_date(day)
