"""The card of a member of staff: who they are, how their training stands, what they can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liaison.records import Kind
from liaison.ui import theme
from liaison.ui.pages.staff import facts
from liaison.ui.parts import sheets
from liaison.ui.parts.card import Copyable, LinkButton
from liaison.ui.parts.doing import Doings
from liaison.ui.widgets import (
    Avatar,
    Banner,
    Button,
    Card,
    Divider,
    EmptyState,
    FlowRow,
    StateChip,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.ui.desk import Desk
    from liaison.ui.pages.staff.facts import Line, StaffFacts
    from liaison.ui.parts.facts import Link, Row

_LABEL: Final = 150
_BUTTONS_BESIDE_FROM: Final = 520


class StaffCard(QWidget):
    """The card of a member of staff.

    Args:
        desk: The desk.
    """

    edit_asked = Signal(str, object)
    """Somebody wants to change this record: type and id."""
    history_asked = Signal(str, object)
    """Somebody wants to know what became of it."""
    add_asked = Signal(str, object)
    """Somebody wants to add a record of this type for this member of staff (an id)."""
    shown = Signal()
    """What was asked for is on the screen."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._roomy = theme.roomy()
        self._beside = True
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._lay_out_anew)
        self._who: int | None = None
        self._facts: StaffFacts | None = None
        self.sheet = sheets.GutterPage(spacing=16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sheet)
        self.clear()

    def clear(
        self, title: str = "Nobody chosen", words: str = "Choose a name in the list."
    ) -> None:
        """Show nobody."""
        self._who = self._facts = None
        sheets.empty(self.sheet)
        sheets.put(self.sheet, EmptyState("id-card", title, words), 1)
        self.setAccessibleName(title)

    @property
    def staff(self) -> int | None:
        """Who is shown or asked for; None for nobody."""
        return self._who

    def show_staff(self, identity: int) -> None:
        """Show somebody; nothing changes until they are read."""
        self._who = identity
        today = self.desk.today()
        self.desk.jobs.read(
            lambda store: facts.card(store, identity, today),
            self._show,
            self._fail,
            latest=(id(self), "card"),
            owner=self,
        )

    def refresh(self) -> None:
        """Read whoever is shown anew."""
        if self._who is not None and self.desk.jobs.home is not None:
            self.show_staff(self._who)

    def _fail(self, error: UserError) -> None:
        self._facts = None
        sheets.empty(self.sheet)
        words = " ".join(part for part in (error.what, error.do) if part)
        banner = Banner("late", words, "Try again")
        banner.pressed.connect(self.refresh)
        sheets.put(self.sheet, banner)
        self.sheet.body.addStretch(1)

    def _show(self, found: StaffFacts | None) -> None:
        if found is None:
            self.clear(
                "Not on this PC yet", "Another PC wrote it; it comes with the next exchange."
            )
            return
        if found != self._facts:
            same = self._facts is not None and self._facts.record.id == found.record.id
            place = self.sheet.verticalScrollBar().value() if same else 0
            self._facts = found
            self._lay_out(found)
            self.sheet.verticalScrollBar().setValue(place)
        self.shown.emit()

    def _lay_out(self, found: StaffFacts) -> None:
        sheets.empty(self.sheet)
        for words, state in found.marks:
            sheets.put(self.sheet, Banner(state, words))
        sheets.put(self.sheet, self._main(found))
        if found.required or found.learning:
            sheets.put(self.sheet, self._training(found))
        sheets.put(
            self.sheet,
            self._lines("Competencies", found.competencies, "No skill was signed off yet.",
                        "competency", "Sign off a skill"),
        )  # fmt: skip
        sheets.put(
            self.sheet,
            self._lines("Supervision", found.supervisions, "None is recorded.",
                        "supervision", "Add a supervision"),
        )  # fmt: skip
        sheets.put(
            self.sheet,
            self._lines("Job roles", found.jobs, "No dated job role is recorded.",
                        "job_held", "Add a job role"),
        )  # fmt: skip
        if found.residents:
            sheets.put(self.sheet, self._residents(found.residents))
        self.sheet.body.addStretch(1)
        self.setAccessibleName(f"Member of staff: {found.name}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the name where there is little room."""
        super().resizeEvent(event)
        self._turn()

    def changeEvent(self, event: QEvent) -> None:
        """Lay the card out anew at another text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._roomy != theme.roomy():
            self._roomy = theme.roomy()
            # not amid the change: Qt walks over all widgets that there were before it
            self._soon.start()

    def _lay_out_anew(self) -> None:
        if self._facts is not None:
            self._lay_out(self._facts)

    def _turn(self) -> None:
        beside = theme.roomy() and self.width() >= theme.px(_BUTTONS_BESIDE_FROM)
        if beside != self._beside:
            self._beside = beside
            self._soon.start()

    # ---- the parts

    def _main(self, found: StaffFacts) -> QWidget:
        card = Card()
        direction = QBoxLayout.Direction
        head = spaced(
            QBoxLayout(direction.LeftToRight if self._beside else direction.TopToBottom), 12
        )
        top = Qt.AlignmentFlag.AlignTop
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(Avatar(found.name, 44), 0, top)
        words = spaced(QVBoxLayout(), 2)
        words.addWidget(Wrap(found.name, "question", widest=420))
        words.addWidget(Wrap(found.line, "secondary", widest=420))
        row.addLayout(words, 1)
        head.addLayout(row, 1)
        doings = Doings(self.desk, found.record, found.name)
        doings.edit_asked.connect(self.edit_asked)
        doings.history_asked.connect(self.history_asked)
        head.addWidget(doings, 0, top)
        card.add(head)
        if found.rows:
            card.add(Divider())
            grid = spaced(QGridLayout(), 8)
            for number, line in enumerate(found.rows):
                _put_row(grid, number, line, self._value(line))
            card.add(grid)
        return card

    def _value(self, row: Row) -> QWidget:
        if row.links:
            links = FlowRow([LinkButton(self.desk, link) for link in row.links], gap=4)
            links.setAccessibleName(row.field.label)
            return links
        if row.field.kind in {Kind.PHONE, Kind.EMAIL}:
            return Copyable(row.text, row.field.label, phone=row.field.kind is Kind.PHONE)
        words = Wrap(row.text)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setAccessibleName(f"{row.field.label}: {row.text}")
        return words

    def _training(self, found: StaffFacts) -> QWidget:
        card = Card("Training", note=f"{found.in_date} of {found.required} in date")
        if found.complete and not found.learning:
            card.add(FlowRow((StateChip("ok", "Everything is in date"),)))
        for number, line in enumerate(found.learning):
            if number:
                card.add(Divider())
            card.add(self._line(line))
        return card

    def _lines(
        self, title: str, lines: tuple[Line, ...], nothing: str, adds: str, verb: str
    ) -> QWidget:
        card = Card(title, note=str(len(lines)) if len(lines) > 1 else "")
        for number, line in enumerate(lines):
            if number:
                card.add(Divider())
            card.add(self._line(line))
        if not lines:
            card.add(Wrap(nothing, "muted"))
        if self.desk.person.role != "reader":
            add = Button(verb, "plus", Button.QUIET, small=True)
            add.clicked.connect(lambda *_: self.add_asked.emit(adds, self._who))
            card.add(FlowRow((add,)))
        return card

    def _line(self, line: Line) -> QWidget:
        part = QWidget()
        row = spaced(QHBoxLayout(part), 12)
        words = spaced(QVBoxLayout(), 1)
        words.addWidget(LinkButton(self.desk, line.link))
        if line.detail:
            words.addWidget(Wrap(line.detail, "secondary", widest=360))
        row.addLayout(words, 1)
        if line.state:
            row.addWidget(StateChip(line.state, line.words), 0, Qt.AlignmentFlag.AlignVCenter)
        return part

    def _residents(self, links: tuple[Link, ...]) -> QWidget:
        card = Card("Key worker of", note=str(len(links)))
        row = FlowRow([LinkButton(self.desk, link) for link in links], gap=12)
        row.setAccessibleName("Key worker of")
        card.add(row)
        return card


def _put_row(grid: QGridLayout, number: int, row: Row, value: QWidget) -> None:
    # a button is higher than a line of words
    middle = isinstance(value, Copyable)
    side = Qt.AlignmentFlag.AlignVCenter if middle else Qt.AlignmentFlag.AlignTop
    if theme.roomy():
        label = Wrap(row.field.label, "secondary", widest=_LABEL)
        label.setFixedWidth(theme.px(_LABEL))
        grid.addWidget(label, number, 0, side)
        grid.addWidget(value, number, 1, side)
        grid.setColumnStretch(1, 1)
    else:
        grid.addWidget(Text(row.field.label, "secondary"), 2 * number, 0)
        grid.addWidget(value, 2 * number + 1, 0)
