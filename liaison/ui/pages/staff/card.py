"""The card of a member of staff: who they are, how their training stands, what they can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liaison.records import Kind
from liaison.security.roles import Action, may
from liaison.services import permissions
from liaison.ui import theme
from liaison.ui.pages.staff import facts
from liaison.ui.pages.staff.facts import StaffFacts
from liaison.ui.parts import sheets
from liaison.ui.parts.attached import FileDrop
from liaison.ui.parts.card import Copyable, LinkButton
from liaison.ui.parts.doing import Doings
from liaison.ui.parts.facts import Candidate
from liaison.ui.parts.side_card import SideCard
from liaison.ui.widgets import (
    Avatar,
    Banner,
    Button,
    Card,
    Divider,
    FlowRow,
    StateChip,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.pages.staff.facts import Line
    from liaison.ui.parts.facts import Link, Row

_LABEL: Final = 150
_BUTTONS_BESIDE_FROM: Final = 520


class StaffCard(SideCard[StaffFacts]):
    """The card of a member of staff.

    Args:
        desk: The desk.
    """

    icon: ClassVar[str] = "id-card"

    add_asked = Signal(str, object)
    """Somebody wants to add a record of this type for this member of staff (an id)."""
    certificates_asked = Signal(object, object)
    """Somebody brought certificates of this member of staff (an id): the files, maybe none yet."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent=parent)
        self._beside = True
        self._may_train = permissions.may_add(desk.person.role, "training_record")
        if self._may_train:
            FileDrop(self).dropped.connect(self._take)
        self.clear()

    def _take(self, files: object) -> None:
        if self.staff is not None:
            self.certificates_asked.emit(self.staff, files)

    @property
    def staff(self) -> int | None:
        """Who is shown or asked for; None for nobody."""
        return None if self.record is None else self.record[1]

    def _reading(self, type_name: str, identity: int) -> Callable[[Store], StaffFacts | None]:
        today = self.desk.today()
        return lambda store: facts.card(store, identity, today)

    def _lay_out(self, found: StaffFacts) -> None:
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
        buttons: list[QWidget] = []
        if self._may_train:
            bring = Button("Add a certificate", "paperclip", Button.QUIET, small=True)
            bring.setToolTip("Or drop it on this card")
            bring.clicked.connect(lambda *_: self._take(()))
            buttons.append(bring)
        if may(self.desk.person.role, Action.PRINT_REPORTS):
            paper = Button("Print the training passport", "printer", Button.QUIET, small=True)
            asked = {
                "report": "passport",
                "about": "staff",
                "candidate": Candidate(found.record.id or 0, found.name, ""),
            }
            paper.clicked.connect(lambda *_: self.desk.go("reports", asked))
            buttons.append(paper)
        if buttons:
            card.add(FlowRow(buttons))
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
        if permissions.may_add(self.desk.person.role, adds):
            add = Button(verb, "plus", Button.QUIET, small=True)
            add.clicked.connect(lambda *_: self.add_asked.emit(adds, self.staff))
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
