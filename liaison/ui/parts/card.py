"""A record as it is read: what is recorded by heading, what belongs to it, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from liaison.records import Kind, spec_of
from liaison.records.fields import all_specs
from liaison.ui import theme, walking
from liaison.ui.parts import facts, sheets
from liaison.ui.parts.doing import Doings
from liaison.ui.parts.states import state_of
from liaison.ui.widgets import (
    Avatar,
    Banner,
    Button,
    Card,
    EmptyState,
    Explained,
    FlowRow,
    Icon,
    IconButton,
    ScrollPage,
    StateChip,
    Text,
    Wrap,
    announce,
    explaining,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.records import Record
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import CardFacts, Children, Link, Row

_LABEL_WIDTH: Final = 150


class LinkButton(Button):
    """Words that lead to a record, shortened where there is little room."""

    def __init__(self, desk: Desk, link: Link, parent: QWidget | None = None) -> None:
        super().__init__(link.words, role=Button.QUIET, small=True, parent=parent)
        self.link = link
        label = all_specs()[link.type].label
        self.setAccessibleName(f"{link.words}, opens the {label.lower()}")
        if tip := explaining.tip_of(link.words):
            self.setToolTip(tip)
            self.setProperty("explained", True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda *_: desk.open(link.type, link.id))

        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def _padding(self) -> int:
        # it stands in a line of text
        return 0

    def sizeHint(self) -> QSize:
        """Ask for a line of text."""
        return QSize(super().sizeHint().width() + 2, self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        """Allow the words to be shortened where there is no room."""
        hint = self.sizeHint()
        return QSize(min(theme.px(60), hint.width()), hint.height())


class RecordCard(QWidget):
    """A record, to be read.

    Args:
        desk: The desk.
        actions: Whether it shows what can be done with the record.
    """

    edit_asked = Signal(str, object)
    """Somebody wants to change this record: type and id."""
    history_asked = Signal(str, object)
    """Somebody wants to know what became of it."""
    list_asked = Signal(object, object)
    """Somebody wants all records that belong to it in one way: the child and the record's id."""
    shown = Signal()
    """What was asked for is on the screen."""

    def __init__(self, desk: Desk, *, actions: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._actions = actions
        self._what: tuple[str, int] | None = None
        self._facts: CardFacts | None = None
        self._scale = theme.scale()
        self.sheet = ScrollPage(spacing=12, margins=(0, 0, 0, 0))
        self._doings: Doings | None = None
        self._column = spaced(QVBoxLayout(self), 12)
        self._column.addWidget(self.sheet, 1)
        desk.jobs.changed.connect(self._written)
        theme.current().changed.connect(self._resize)
        self.clear()

    def clear(
        self, title: str = "Nothing chosen", words: str = "Choose somebody in the list."
    ) -> None:
        """Show nothing."""
        self._what = None
        if self._doings is not None:
            self._doings.hide()
        sheets.empty(self.sheet)
        sheets.put(self.sheet, EmptyState("id-card", title, words), 1)

    def show_record(self, type_name: str, identity: int) -> None:
        """Show a record; nothing changes until it is read."""
        self._what = type_name, identity
        self.desk.jobs.read(
            lambda store: facts.card(store, type_name, identity),
            self._show,
            self._fail,
            latest=(id(self), "card"),
            owner=self,
        )

    def _written(self, _touched: frozenset[str]) -> None:
        # a card shows records of many types: what belongs to it may be any of them
        if self._what is not None and self.desk.jobs.home is not None:
            self.show_record(*self._what)

    def _resize(self) -> None:
        # never while Qt hands out StyleChange: it walks over widgets that would be made anew
        if self._scale != theme.scale() and self._what is not None and self._facts is not None:
            self._show(self._facts)
        self._scale = theme.scale()

    def _fail(self, error: UserError) -> None:
        sheets.empty(self.sheet)
        banner = Banner("late", f"{error.what} {error.do or ''}".strip(), "Try again")
        banner.pressed.connect(lambda: self._written(frozenset()))
        sheets.put(self.sheet, banner)
        self.sheet.body.addStretch(1)

    def _show(self, found: CardFacts | None) -> None:
        if found is None:
            self.clear(
                "Not on this PC yet", "Another PC wrote it; it comes with the next exchange."
            )
            return
        same = self._facts is not None and self._facts.record.id == found.record.id
        place = self.sheet.verticalScrollBar().value() if same else 0
        self._facts = found
        held = self._hold_focus()
        spec = spec_of(found.record)
        sheets.empty(self.sheet)
        sheets.put(self.sheet, self._head(found))
        for words, state in _marks(found.record):
            sheets.put(self.sheet, Banner(state, words))
        if found.stands is not None:
            stands = found.stands
            banner = Banner("info", f"A duplicate. {stands.words} stands for both.", "Open")
            banner.pressed.connect(lambda: self.desk.open(stands.type, stands.id))
            sheets.put(self.sheet, banner)
        several = len(found.sections) > 1
        for title, rows in found.sections:
            if rows:
                sheets.put(self.sheet, self._section(title if several else "", rows))
        for children in found.children:
            sheets.put(self.sheet, self._children(children))
        self.sheet.body.addStretch(1)
        self._fill_foot(found)
        if held is not None:
            self._give_focus(held)
        self.setAccessibleName(f"{spec.label}: {found.title}")
        self.sheet.verticalScrollBar().setValue(place)
        self.shown.emit()

    def _hold_focus(self) -> str | None:
        """Keep the focus on the card while its parts are made anew.

        Returns:
            The name of the part that had it; None if it is not on this card.
        """
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            return None
        # else Qt hands it to the next control of the window as soon as its part is hidden
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        return focus.accessibleName()

    def _give_focus(self, name: str) -> None:
        parts = [part for part in walking.as_read(self) if walking.takes_tab(part)]
        foot = [part for part in parts if self._doings and self._doings.isAncestorOf(part)]
        same = [part for part in parts if part.accessibleName() == name]
        for part in (same or foot or parts)[:1]:
            part.setFocus(Qt.FocusReason.OtherFocusReason)

    def _head(self, found: CardFacts) -> QWidget:
        head = QWidget()
        row = spaced(QHBoxLayout(head), 12)
        spec = spec_of(found.record)
        if spec.somebody:
            row.addWidget(Avatar(found.title, 44), 0, Qt.AlignmentFlag.AlignTop)
        words = spaced(QVBoxLayout(), 2)
        title = Wrap(found.title, "question", widest=420)
        if found.record.struck_reason:
            font = title.font()
            font.setStrikeOut(True)
            title.setFont(font)
        words.addWidget(title)
        below = f"{spec.label} \N{MIDDLE DOT} {found.apart}" if found.apart else spec.label
        words.addWidget(Wrap(below, "secondary", widest=420))
        row.addLayout(words, 1)
        return head

    def _fill_foot(self, found: CardFacts) -> None:
        if self._doings is not None:
            self._doings.hide()
            self._doings.deleteLater()
            self._doings = None
        if self._actions:
            self._doings = Doings(self.desk, found.record, found.title)
            self._doings.edit_asked.connect(self.edit_asked)
            self._doings.history_asked.connect(self.history_asked)
            self._column.addWidget(self._doings)
            self._doings.show()

    def _section(self, title: str, rows: tuple[Row, ...]) -> QWidget:
        card = Card(title)
        grid = spaced(QGridLayout(), 8)
        stacked = not theme.roomy()
        for number, row in enumerate(rows):
            label = Wrap(row.field.label, "secondary", widest=_LABEL_WIDTH)
            value = self._value(row)
            if stacked:
                grid.addWidget(label, 2 * number, 0)
                grid.addWidget(value, 2 * number + 1, 0)
            else:
                label.setFixedWidth(theme.px(_LABEL_WIDTH))
                top = Qt.AlignmentFlag.AlignTop
                grid.addWidget(label, number, 0, top)
                grid.addWidget(value, number, 1, top)
                grid.setColumnStretch(1, 1)
        card.add(grid)
        return card

    def _value(self, row: Row) -> QWidget:
        if row.links:
            links = FlowRow([LinkButton(self.desk, link) for link in row.links], gap=4)
            links.setAccessibleName(row.field.label)
            return links
        assert self._facts is not None  # noqa: S101  # it is being shown
        if state := state_of(row.field, getattr(self._facts.record, row.field.name)):
            return _at_left(StateChip(state, row.text))
        if row.field.kind in {Kind.PHONE, Kind.EMAIL}:
            return Copyable(row.text, row.field.label, phone=row.field.kind is Kind.PHONE)
        return Explained(row.text, name=row.field.label)

    def _children(self, children: Children) -> QWidget:
        card = Card(children.label)
        column = spaced(QVBoxLayout(), 4)
        for link in children.links:
            column.addWidget(LinkButton(self.desk, link))
        card.add(column)
        if children.more:
            assert self._facts is not None  # noqa: S101  # it is being shown
            identity = self._facts.record.id
            every = Button(f"All {children.label.lower()}", "list", small=True)
            every.clicked.connect(lambda *_: self.list_asked.emit(children.child, identity))
            card.add(every)
        return card


def _at_left(part: QWidget) -> QWidget:
    """Return a part of fixed size in one that fills its cell: a grid would move it to the middle."""
    filling = QWidget()
    row = spaced(QHBoxLayout(filling), 0)
    row.addWidget(part)
    row.addStretch(1)
    return filling


class Copyable(QWidget):
    """A phone number, large, or an address, with a button that copies it.

    Args:
        words: What is copied.
        label: What it is.
        phone: Whether it is a number to dial.
    """

    def __init__(
        self, words: str, label: str, *, phone: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        row = spaced(QHBoxLayout(self), 6)
        self.icon = Icon("phone" if phone else "mail", "muted", 16)
        self.text = Text(words, "phone" if phone else "body")
        if phone:
            self.text.setFont(theme.with_features(theme.font(15, theme.SEMIBOLD), "tnum"))
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setAccessibleName(f"{label}: {words}")
        self.button = CopyButton(words, label)
        row.addWidget(self.icon)
        row.addWidget(self.text)
        row.addWidget(self.button)
        row.addStretch(1)


class CopyButton(IconButton):
    """A button that copies a number or an address.

    Args:
        words: What is copied.
        label: What it is.
    """

    def __init__(self, words: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__("copy", f"Copy {label[:1].lower()}{label[1:]}", small=True, parent=parent)
        self._copied = words
        self.clicked.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._copied)
        announce(self, f"{self._copied} copied")


def _marks(record: Record) -> list[tuple[str, str]]:
    """Return what became of a record, in words, with the state of the banner that says it."""
    marks = []
    if record.struck_reason:
        marks.append((f"Struck through: {record.struck_reason}", "due"))
    if record.archived:
        marks.append(("Archived: in no list any more.", "none"))
    return marks
