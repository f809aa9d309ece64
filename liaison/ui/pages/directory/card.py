"""The card of a person, place or need: the number first, then everything that helps to use it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liaison.records import Kind, spec_of
from liaison.services import editing
from liaison.ui import theme
from liaison.ui.pages.directory import facts
from liaison.ui.parts import saving, sheets
from liaison.ui.parts.card import Copyable, CopyButton, LinkButton
from liaison.ui.parts.doing import Doings
from liaison.ui.parts.reach import Disc, ReachLine
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import (
    Avatar,
    Banner,
    Button,
    Card,
    Divider,
    EmptyState,
    FlowRow,
    Icon,
    StateChip,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    import datetime as dt

    from liaison.errors import UserError
    from liaison.records import Record
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk
    from liaison.ui.pages.directory.facts import CardFacts, Checked, Number, Person
    from liaison.ui.parts.facts import Link, Row

_LABEL: Final = 132
_TWO_COLUMNS_FROM: Final = 920
_BUTTONS_BESIDE_FROM: Final = 560


class DirectoryCard(QWidget):
    """The card of a person, place or need.

    Args:
        desk: The desk.
    """

    edit_asked = Signal(str, object)
    """Somebody wants to change this record: type and id."""
    history_asked = Signal(str, object)
    """Somebody wants to know what became of it."""
    post_asked = Signal(object)
    """Somebody wants to say where this person works (an id)."""
    shown = Signal()
    """What was asked for is on the screen."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._roomy = theme.roomy()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._lay_out_anew)
        self._what: tuple[str, int] | None = None
        self._facts: CardFacts | None = None
        self.sheet = sheets.GutterPage(spacing=0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sheet)
        self.columns = spaced(QBoxLayout(QBoxLayout.Direction.TopToBottom), 16)
        self._left = spaced(QVBoxLayout(), 16)
        self._right = spaced(QVBoxLayout(), 16)
        self.clear()

    # ---- what is shown

    def clear(
        self, title: str = "Nobody chosen", words: str = "Choose a name in the list."
    ) -> None:
        """Show nobody."""
        self._what = self._facts = None
        sheets.empty(self.sheet)
        sheets.put(self.sheet, EmptyState("book-user", title, words), 1)
        self.setAccessibleName(title)

    @property
    def record(self) -> tuple[str, int] | None:
        """The record that is asked for: type and id."""
        return self._what

    def show_record(self, type_name: str, identity: int) -> None:
        """Show a record; nothing changes until it is read."""
        self._what = type_name, identity
        now = self.desk.now()
        self.desk.jobs.read(
            lambda store: facts.card(store, type_name, identity, now),
            self._show,
            self._fail,
            latest=(id(self), "card"),
            owner=self,
        )

    def refresh(self) -> None:
        """Read the record anew."""
        if self._what is not None and self.desk.jobs.home is not None:
            self.show_record(*self._what)

    def _fail(self, error: UserError) -> None:
        sheets.empty(self.sheet)
        self._facts = None
        words = " ".join(part for part in (error.what, error.do) if part)
        banner = Banner("late", words, "Try again")
        banner.pressed.connect(self.refresh)
        sheets.put(self.sheet, banner)
        self.sheet.body.addStretch(1)

    def _show(self, found: CardFacts | None) -> None:
        if found is None:
            self.clear(
                "Not on this PC yet", "Another PC wrote it; it comes with the next exchange."
            )
            return
        if found == self._facts:
            self.shown.emit()
            return
        same = self._facts is not None and self._facts.record.id == found.record.id
        place = self.sheet.verticalScrollBar().value() if same else 0
        self._facts = found
        sheets.empty(self.sheet)
        whole = QWidget()
        column = spaced(QVBoxLayout(whole), 12)
        for words, state in found.marks:
            column.addWidget(Banner(state, words))
        if found.checked is not None and found.checked.stale:
            column.addWidget(self._to_check(found.checked))
        self._lay_out(column, found)
        column.addStretch(1)
        sheets.put(self.sheet, whole, 1)
        spec = spec_of(found.record)
        self.setAccessibleName(f"{spec.label}: {found.name}")
        self.sheet.verticalScrollBar().setValue(place)
        self.shown.emit()

    def _lay_out(self, column: QVBoxLayout, found: CardFacts) -> None:
        self.columns = spaced(QBoxLayout(QBoxLayout.Direction.TopToBottom), 16)
        self._left, self._right = spaced(QVBoxLayout(), 16), spaced(QVBoxLayout(), 16)
        self._left.addWidget(self._main(found))
        second = [self._refer(found), self._people(found), self._residents(found)]
        second += [self._rest(found)]
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

    def changeEvent(self, event: QEvent) -> None:
        """Lay the card out anew at another text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._roomy != theme.roomy():
            self._roomy = theme.roomy()
            # not amid the change: Qt walks over all widgets that there were before it
            self._soon.start()

    def _lay_out_anew(self) -> None:
        if (found := self._facts) is not None:
            self._facts = None
            self._show(found)

    def _turn(self) -> None:
        wide = theme.roomy() and self.width() >= theme.px(_TWO_COLUMNS_FROM)
        direction = QBoxLayout.Direction
        self.columns.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    # ---- the parts

    def _main(self, found: CardFacts) -> QWidget:
        card = Card()
        card.add(self._head(found))
        if found.state:
            icon = "moon" if found.state == "none" else ""
            chip = FlowRow((StateChip(found.state, found.hours, icon),))
            card.add(chip)
        for number in found.numbers:
            card.add(_BigNumber(number) if number.first else _small_number(number))
        if not found.numbers and found.checked is not None:
            card.add(Wrap("No number is recorded.", "muted"))
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
            if self.desk.person.role != "reader":
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
        may = self.desk.person.role != "reader"
        banner = Banner("due", f"{checked.words} Are they still right?",
                        "Checked today" if may else "")  # fmt: skip
        banner.pressed.connect(self.check_today)
        return banner

    def _checked(self, checked: Checked) -> QWidget:
        line = QWidget()
        row = spaced(QHBoxLayout(line), 8)
        row.addWidget(Icon("badge-check", "ok", 18))
        row.addWidget(Wrap(checked.words, "muted"), 1)
        if not checked.today and self.desk.person.role != "reader":
            button = Button("Checked today", "check", small=True)
            button.clicked.connect(self.check_today)
            row.addWidget(button)
        return line

    def check_today(self) -> None:
        """Note that the details are right today."""
        found, today = self._facts, self.desk.today()
        if found is None or found.record.id is None:
            return
        type_name, identity = spec_of(found.record).name, found.record.id
        desk = self.desk

        def write(home: OpenHome) -> saving.Saved:
            return saving.act(home, type_name, identity, lambda h, r: _with_check(h, r, today))

        def done(saved: saving.Saved) -> None:
            offer_undo(desk, f"{saved.title}: checked today.", saved.changes)

        desk.jobs.write(write, done, desk.trouble, owner=desk)


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
        text = f"{row.text} days" if row.field.name == "typical_wait_days" else row.text
        if row.field.kind in {Kind.PHONE, Kind.EMAIL}:
            self.add(row.field.label, Copyable(text, row.field.label, phone=False))
            return
        words = Wrap(text)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setAccessibleName(f"{row.field.label}: {text}")
        self.add(row.field.label, words)


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
