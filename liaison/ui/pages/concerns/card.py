"""The card of a concern: who, in whose words, how it stands, and everything done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.records.rules.concerns import State
from liaison.services import permissions
from liaison.ui.pages.concerns import facts
from liaison.ui.pages.concerns.facts import TYPE, ConcernFacts
from liaison.ui.parts import sheets
from liaison.ui.parts.card import LinkButton
from liaison.ui.parts.doing import Doings
from liaison.ui.parts.side_card import SideCard
from liaison.ui.widgets import (
    Avatar,
    Banner,
    Button,
    Card,
    Divider,
    Explained,
    FlowRow,
    Icon,
    StateChip,
    Tag,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.pages.concerns.facts import Line

#: What can be done, by what the page is told: words, icon.
_DOINGS = {
    "read": ("I have read this", "check-check"),
    "told": ("They have been told ...", "check-check"),
    "answer": ("Record the answer", "message-circle-reply"),
    "outcome": ("Record an outcome", "circle-check"),
    "again": ("Still worried ...", "rotate-ccw"),
    "route": ("Pass it on", "send"),
    "ring": ("Who do I ring?", "phone-call"),
    "print": ("Print the trail", "printer"),
}


class ConcernCard(SideCard[ConcernFacts]):
    """The card of a concern.

    Args:
        desk: The desk.
        may_print: Whether whoever looks may print the trail here.
    """

    icon: ClassVar[str] = "message-circle-warning"

    asked = Signal(str, object)
    """Somebody wants to do something: a word of the program, and the :class:`ConcernFacts`."""

    def __init__(self, desk: Desk, *, may_print: bool, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent=parent)
        self._may_print = may_print
        self.buttons: dict[str, Button] = {}
        self.show_nothing()

    def show_nothing(self) -> None:
        """Show that nothing is chosen."""
        self.buttons = {}
        self.clear("Nothing chosen", "Choose one in the list to see what was done about it.")

    @property
    def concern(self) -> int | None:
        """Which is shown or asked for; None for none."""
        return None if self.record is None else self.record[1]

    def _reading(self, type_name: str, identity: int) -> Callable[[Store], ConcernFacts | None]:
        person, now = self.desk.person.id, self.desk.now()
        return lambda store: facts.card(store, identity, person, now)

    def _lay_out(self, found: ConcernFacts) -> None:
        record = found.record
        if record.struck_reason:
            sheets.put(self.sheet, Banner("due", f"Struck through: {record.struck_reason}"))
        if record.archived:
            sheets.put(self.sheet, Banner("none", "Archived: in no list any more."))
        sheets.put(self.sheet, self._main(found))
        sheets.put(self.sheet, self._trail(found))
        self.sheet.body.addStretch(1)
        self.setAccessibleName(f"{found.kind} about {found.resident.words}, {found.apart}")

    # ---- the parts

    def _main(self, found: ConcernFacts) -> QWidget:
        card = Card()
        top = Qt.AlignmentFlag.AlignTop
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(Avatar(found.resident.words, 44), 0, top)
        named = spaced(QVBoxLayout(), 1)
        named.addWidget(LinkButton(self.desk, found.resident))
        named.addWidget(Wrap(found.apart, "secondary", widest=360))
        row.addLayout(named, 1)
        card.add(row)
        marks: list[QWidget] = [Tag("message-circle-warning", found.kind), StateChip(*found.state)]
        if found.urgency is not None:
            marks.append(StateChip(*found.urgency))
        card.add(FlowRow(marks))
        words = Explained(found.words, name="In their words")
        card.add(words)
        for label, text in found.parts:
            part = spaced(QVBoxLayout(), 1)
            part.addWidget(Text(label, "caption"))
            part.addWidget(Explained(text, name=label))
            card.add(part)
        for label, who, text in found.came_of_it:
            said = Card(kind=Card.SUNK)
            said.add(Text(label, "label"))
            said.add(Explained(text, name=label))
            said.add(Wrap(who, "secondary", widest=340))
            card.add(said)
        raised = f"Raised by {found.raised}. Goes to: {found.goes_to or 'not said'}."
        card.add(Wrap(raised, "secondary"))
        card.add(Divider())
        card.add(self._buttons(found))
        return card

    def _buttons(self, found: ConcernFacts) -> QWidget:
        holder = QWidget()
        column = spaced(QVBoxLayout(holder), 8)
        self.buttons = {}
        shown: list[QWidget] = []
        for doing in self._doable(found):
            words, icon = _DOINGS[doing]
            button = Button(words, icon, small=True)
            button.clicked.connect(lambda *_, doing=doing: self.asked.emit(doing, found))
            self.buttons[doing] = button
            shown.append(button)
        if shown:
            column.addWidget(FlowRow(shown))
        doings = Doings(self.desk, found.record, found.candidate.words)
        doings.edit_asked.connect(self.edit_asked)
        doings.history_asked.connect(self.history_asked)
        column.addWidget(doings)
        return holder

    def _doable(self, found: ConcernFacts) -> list[str]:
        """Return what can be done with it now, the next step first."""
        done: list[str] = []
        writes = permissions.may_change(self.desk.person.role, TYPE, own=True)
        stands = found.record.lives and not found.record.struck_reason
        if writes and stands:
            state = found.standing
            if found.unread:
                done.append("read" if found.own else "told")
            if state is State.WAITING:
                done += ["answer", "outcome", "route", "ring"]
            elif state is not State.CLOSED:
                done += ["outcome", "again"]
            else:
                done.append("again")
        return [*done, "print"] if self._may_print else done

    def _trail(self, found: ConcernFacts) -> QWidget:
        card = Card("What was done", note=str(len(found.trail)))
        for number, line in enumerate(found.trail):
            if number:
                card.add(Divider())
            card.add(_step(line))
        return card


def _step(line: Line) -> QWidget:
    part = QWidget()
    row = spaced(QHBoxLayout(part), 10)
    row.addWidget(Icon(line.icon, "accent", 18), 0, Qt.AlignmentFlag.AlignTop)
    words = spaced(QVBoxLayout(), 1)
    words.addWidget(Wrap(line.title, "label", widest=340))
    words.addWidget(Wrap(line.when, "secondary", widest=340))
    if line.words:
        words.addWidget(Explained(line.words))
    if line.by:
        words.addWidget(Wrap(line.by, "secondary", widest=340))
    row.addLayout(words, 1)
    part.setAccessibleName(". ".join(p for p in (line.title, line.when, line.words) if p))
    return part
