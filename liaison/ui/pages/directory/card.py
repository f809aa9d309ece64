"""The card of a person, place or need: the number first, then everything that helps to use it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from liaison.records import Kind, spec_of
from liaison.records.directory import Contact
from liaison.services import editing, permissions
from liaison.ui import theme
from liaison.ui.pages.directory import facts
from liaison.ui.pages.directory.facts import CardFacts
from liaison.ui.parts import saving, sheets
from liaison.ui.parts.card import Copyable, CopyButton, LinkButton
from liaison.ui.parts.doing import Doings
from liaison.ui.parts.reach import Disc, ReachLine
from liaison.ui.parts.side_card import SideCard
from liaison.ui.parts.trying import Trying, Whom
from liaison.ui.parts.undoing import offer_undo
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
    import datetime as dt
    from collections.abc import Callable

    from liaison.errors import UserError
    from liaison.records import Record
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.pages.directory.facts import Checked, Number, Person
    from liaison.ui.parts.facts import Link, Row

_LABEL: Final = 132
_TWO_COLUMNS_FROM: Final = 920
_BUTTONS_BESIDE_FROM: Final = 560


class DirectoryCard(SideCard[CardFacts]):
    """The card of a person, place or need.

    Args:
        desk: The desk.
    """

    icon: ClassVar[str] = "book-user"

    post_asked = Signal(object)
    """Somebody wants to say where this person works (an id)."""
    checking = Signal()
    """Somebody has said that the details are right; it is being written."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, 0, parent)
        self.columns = spaced(QBoxLayout(QBoxLayout.Direction.TopToBottom), 16)
        self._left = spaced(QVBoxLayout(), 16)
        self._right = spaced(QVBoxLayout(), 16)
        self._may_try = permissions.may_add(desk.person.role, "contact_attempt")
        self._may_check = permissions.may_change(desk.person.role, "contact", own=False)
        self.trying = Trying(desk, self)
        """What notes whether they were reached; it stays while the rest is laid out anew."""
        self.trying.hide()
        self.clear()

    def _reading(self, type_name: str, identity: int) -> Callable[[Store], CardFacts | None]:
        now, role = self.desk.now(), self.desk.person.role
        return lambda store: facts.card(store, type_name, identity, now, role)

    # ---- what stays while the rest is laid out anew

    def clear(
        self, title: str = "Nobody chosen", words: str = "Choose a name in the list."
    ) -> None:
        """Show nobody."""
        self._take_out()
        super().clear(title, words)

    def _fail(self, error: UserError) -> None:
        self._take_out()
        super()._fail(error)

    def _show(self, found: CardFacts | None) -> None:
        if found is None or found == self._facts:
            super()._show(found)
            return
        focus = QApplication.focusWidget()
        typing = focus is not None and self.trying.isAncestorOf(focus)
        same = self._facts is not None and self._facts.record.id == found.record.id
        if typing:
            # else Qt hands the keyboard to the next control of the window
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._take_out()
        super()._show(found)
        if typing and same and focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_out(self) -> None:
        self.trying.hide()
        self.trying.setParent(self)

    def _lay_out(self, found: CardFacts) -> None:
        whole = QWidget()
        column = spaced(QVBoxLayout(whole), 12)
        for words, state in found.marks:
            column.addWidget(Banner(state, words))
        if found.checked is not None and found.checked.stale:
            column.addWidget(self._to_check(found.checked))
        self._lay_out_columns(column, found)
        column.addStretch(1)
        sheets.put(self.sheet, whole, 1)
        if self.trying.parentWidget() is not self:
            self.trying.show()
        self.setAccessibleName(f"{spec_of(found.record).label}: {found.name}")

    def _lay_out_columns(self, column: QVBoxLayout, found: CardFacts) -> None:
        self.columns = spaced(QBoxLayout(QBoxLayout.Direction.TopToBottom), 16)
        self._left, self._right = spaced(QVBoxLayout(), 16), spaced(QVBoxLayout(), 16)
        self._left.addWidget(self._main(found))
        second = [self._refer(found), self._lately(found), self._people(found)]
        second += [self._residents(found), self._rest(found), self._private(found)]
        shown = [card for card in second if card is not None]
        for card in shown:
            self._right.addWidget(card)
        self._left.addStretch(1)
        self._right.addStretch(1)
        self.columns.addLayout(self._left, 1)
        if shown:
            self.columns.addLayout(self._right, 1)
        column.addLayout(self.columns)
        self._turn()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use two columns where there is room."""
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        wide = theme.roomy() and self.width() >= theme.px(_TWO_COLUMNS_FROM)
        direction = QBoxLayout.Direction
        self.columns.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    # ---- the parts

    def _main(self, found: CardFacts) -> QWidget:
        card = Card()
        card.add(self._head(found))
        chips: list[QWidget] = []
        if found.state:
            icon = "moon" if found.state == "none" else ""
            chips.append(StateChip(found.state, found.hours, icon))
        if found.named:
            chips.append(Tag("handshake", "Our named link"))
        if chips:
            card.add(FlowRow(chips))
        for number in found.numbers:
            card.add(_BigNumber(number) if number.first else _small_number(number))
        if not found.numbers and found.checked is not None:
            card.add(Wrap("No number is recorded.", "muted"))
        if self._may_try and found.lately is not None:
            self.trying.about(_whom(found))
            card.add(self.trying)
        if found.lately is not None and found.lately.tried:
            card.add(_noted("history", "due", found.lately.tried))
        if found.rows or found.asked_for:
            card.add(Divider())
            card.add(self._details(found))
        if found.deputy is not None:
            card.add(Divider())
            card.add(Text("When they are away", "caption"))
            card.add(self._reach(found.deputy))
        if found.checked is not None and not found.checked.stale:
            card.add(Divider())
            card.add(self._checked(found.checked))
        return card

    def _head(self, found: CardFacts) -> QWidget:
        head = QWidget()
        top = Qt.AlignmentFlag.AlignTop
        beside = theme.roomy() and self.width() >= theme.px(_BUTTONS_BESIDE_FROM)
        outer = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight, head), 12)
        if not beside:
            outer.setDirection(QBoxLayout.Direction.TopToBottom)
        row = spaced(QHBoxLayout(), 12)
        kind = spec_of(found.record).name
        if kind == "contact":
            row.addWidget(Avatar(found.name, 44), 0, top)
        else:
            row.addWidget(Disc("building-2" if kind == "organisation" else "tag", 44), 0, top)
        words = spaced(QVBoxLayout(), 2)
        title = Wrap(found.name, "question", widest=420)
        words.addWidget(title)
        words.addWidget(Wrap(found.line, "secondary", widest=420))
        row.addLayout(words, 1)
        outer.addLayout(row, 1)
        doings = Doings(self.desk, found.record, found.name)
        doings.edit_asked.connect(self.edit_asked)
        doings.history_asked.connect(self.history_asked)
        outer.addWidget(doings, 0, top)
        return head

    def _details(self, found: CardFacts) -> QWidget:
        grid = _Grid()
        if found.asked_for:
            grid.add(found.asked_label, self._links(found.asked_for, found.asked_label))
        for row in found.rows:
            grid.add_row(row)
        return grid

    def _links(self, links: tuple[Link, ...], label: str) -> QWidget:
        row = FlowRow([LinkButton(self.desk, link) for link in links], gap=4)
        row.flow.setSpacing(theme.px(12))
        row.setAccessibleName(label)
        return row

    def _refer(self, found: CardFacts) -> QWidget | None:
        if not found.refer:
            return None
        card = Card("How to refer", "clipboard-list")
        grid = _Grid()
        for row in found.refer:
            grid.add_row(row)
        card.add(grid)
        return card

    def _lately(self, found: CardFacts) -> QWidget | None:
        lately = found.lately
        if lately is None or not (lately.heard or lately.waiting):
            return None
        card = Card("Last contact", "history")
        grid = _Grid()
        for heard in lately.heard:
            grid.add(heard.label, self._heard(heard.link, heard.words))
        card.add(grid)
        if lately.waiting:
            if lately.heard:
                card.add(Divider())
            card.add(Text("Waiting to be seen there", "caption"))
            for waiting in lately.waiting:
                card.add(self._heard(waiting.link, waiting.words))
            if lately.more_waiting:
                card.add(Text(f"and {lately.more_waiting} more", "secondary"))
        return card

    def _heard(self, link: Link, words: str) -> QWidget:
        part = QWidget()
        column = spaced(QVBoxLayout(part), 0)
        column.addWidget(LinkButton(self.desk, link))
        if words:
            column.addWidget(Explained(words, "secondary", widest=260))
        return part

    def _private(self, found: CardFacts) -> QWidget | None:
        if not found.private:
            return None
        label = spec_of(found.record).by_name["private_notes"].label
        card = Card(label, "lock")
        card.add(Explained(found.private, name=label))
        return card

    def _people(self, found: CardFacts) -> QWidget | None:
        is_person = spec_of(found.record).name == "contact"
        if not found.people and not is_person:
            return None
        total = len(found.people) + found.more_people
        card = Card(found.people_label, note=str(total) if total > 1 else "")
        for number, person in enumerate(found.people):
            if number:
                card.add(Divider())
            card.add(self._reach(person))
        if found.more_people:
            card.add(Text(f"and {found.more_people} more", "secondary"))
        if is_person:
            if not found.people:
                card.add(Wrap("No post is recorded.", "muted"))
            if permissions.may_add(self.desk.person.role, "post"):
                add = Button("Add a post", "plus", Button.QUIET, small=True)
                add.clicked.connect(lambda *_: self.post_asked.emit(found.record.id))
                card.add(FlowRow((add,)))
        return card

    def _reach(self, person: Person) -> QWidget:
        phones = ((person.phone, "Phone"),) if person.phone else ()
        icon = "building-2" if person.is_place else ""
        return ReachLine(
            self.desk, person.link.words, person.detail, phones, link=person.link, icon=icon
        )

    def _residents(self, found: CardFacts) -> QWidget | None:
        if not found.residents:
            return None
        total = len(found.residents) + found.more_residents
        card = Card("Residents they look after", note=str(total))
        card.add(self._links(found.residents, "Residents they look after"))
        if found.more_residents:
            card.add(Text(f"and {found.more_residents} more", "secondary"))
        return card

    def _rest(self, found: CardFacts) -> QWidget | None:
        if not found.rest:
            return None
        card = Card("Also recorded")
        grid = _Grid()
        for row in found.rest:
            grid.add_row(row)
        card.add(grid)
        return card

    # ---- checked today

    def _to_check(self, checked: Checked) -> QWidget:
        words = f"{checked.words} Are they still right?"
        banner = Banner("due", words, "Checked today" if self._may_check else "")
        banner.pressed.connect(self.check_today)
        return banner

    def _checked(self, checked: Checked) -> QWidget:
        line = _noted("badge-check", "ok", checked.words)
        row = line.layout()
        assert row is not None  # noqa: S101  # it was made with one
        if not checked.today and self._may_check:
            button = Button("Checked today", "check", small=True)
            button.clicked.connect(self.check_today)
            row.addWidget(button)
        return line

    def check_today(self) -> None:
        """Note that the details are right today."""
        found, today = self._facts, self.desk.today()
        if found is None or found.record.id is None or not self._may_check:
            return
        if found.checked is None or found.checked.today:
            return
        type_name, identity = spec_of(found.record).name, found.record.id
        desk = self.desk

        def write(home: OpenHome) -> saving.Saved:
            return saving.act(home, type_name, identity, lambda h, r: _with_check(h, r, today))

        def done(saved: saving.Saved) -> None:
            offer_undo(desk, f"{saved.title}: checked today.", saved.changes)

        desk.jobs.write(write, done, desk.trouble, owner=desk)
        self.checking.emit()


def _noted(icon: str, token: str, words: str) -> QWidget:
    line = QWidget()
    row = spaced(QHBoxLayout(line), 8)
    row.addWidget(Icon(icon, token, 18))
    row.addWidget(Wrap(words, "muted"), 1)
    return line


def _whom(found: CardFacts) -> Whom:
    if isinstance(found.record, Contact):
        return Whom(found.name, contact=found.record.id, organisation=found.place)
    return Whom(found.name, organisation=found.record.id)


def _with_check(home: OpenHome, record: Record, today: dt.date) -> Record:
    loaded = home.store.load(spec_of(record).name, record.id or 0)
    assert loaded is not None  # noqa: S101  # it was just read
    changed = dataclasses.replace(loaded.record, last_checked=today)  # type: ignore[call-arg]  # contacts and organisations have it
    return editing.save(home, loaded, changed)[0]


class _Grid(QWidget):
    """Labels beside their values; above them when text is large."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = spaced(QGridLayout(self), 8)
        self._grid.setColumnStretch(1 if theme.roomy() else 0, 1)

    def add(self, words: str, value: QWidget) -> None:
        """Add a line."""
        label = Wrap(words, "secondary", widest=_LABEL)
        row = self._grid.rowCount()
        if theme.roomy():
            label.setFixedWidth(theme.px(_LABEL))
            # a button is higher than a line of words
            middle = isinstance(value, Copyable)
            side = Qt.AlignmentFlag.AlignVCenter if middle else Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(label, row, 0, side)
            self._grid.addWidget(value, row, 1, side)
        else:
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(value, row + 1, 0)

    def add_row(self, row: Row) -> None:
        """Add a field of a record."""
        if row.field.kind in {Kind.PHONE, Kind.EMAIL}:
            self.add(row.field.label, Copyable(row.text, row.field.label, phone=False))
            return
        self.add(row.field.label, Explained(row.text, name=row.field.label))


class _BigNumber(QWidget):
    """The number to ring: the largest thing on the card."""

    def __init__(self, number: Number) -> None:
        super().__init__()
        column = spaced(QVBoxLayout(self), 0)
        column.addWidget(Text(number.label, "caption"))
        row = spaced(QHBoxLayout(), 10)
        shown = Text(number.number, "figure")
        shown.setFont(theme.with_features(theme.font(22, theme.BOLD), "tnum"))
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        shown.setAccessibleName(f"{number.label}: {number.number}")
        row.addWidget(shown)
        row.addWidget(CopyButton(number.number, number.label))
        row.addStretch(1)
        column.addLayout(row)


def _small_number(number: Number) -> QWidget:
    part = QWidget()
    column = spaced(QVBoxLayout(part), 0)
    column.addWidget(Text(number.label, "caption"))
    column.addWidget(Copyable(number.number, number.label, phone=True))
    return part
