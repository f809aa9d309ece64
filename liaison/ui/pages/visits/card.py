"""One visit to read: who and when, each note with what follows, and what can be done."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from liaison.records import Record, spec_of
from liaison.services import permissions, visits
from liaison.store import history as log
from liaison.ui import theme
from liaison.ui.pages.visits import facts
from liaison.ui.pages.visits.facts import HAPPENED, PLANNED
from liaison.ui.parts import reason
from liaison.ui.parts.attached import AttachedFiles, FileDrop
from liaison.ui.parts.card import LinkButton
from liaison.ui.parts.history import HistoryPanel
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
    drop_down,
    spaced,
)
from liaison.ui.widgets.painting import box, painter_for
from liaison.ui.widgets.returning import Place

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk
    from liaison.ui.pages.visits.facts import ActionFacts, Fate, NoteFacts, VisitFacts
    from liaison.ui.parts.facts import Row

_SHORT: Final = frozenset({"plan_changed", "medicines_changed", "pharmacy_told", "family_informed"})
"""Answers of a word or two, which stand in one line."""


class VisitCard(Card):
    """A visit, or nothing; the history of any of its records in its place.

    Args:
        desk: The desk.
    """

    correct_asked = Signal(object)
    """Somebody wants to correct this visit or go on with it (its id)."""
    record_asked = Signal(object)
    """Somebody wants to record this planned visit (its id)."""
    status_asked = Signal(object, str)
    """Somebody wants a planned visit to have another status: the visit's facts, and which."""
    shown = Signal()
    """What was asked for is on the screen."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(margins=(4, 4, 4, 4), parent=parent)
        self._desk = desk
        self._visit: int | None = None
        self.found: VisitFacts | None = None
        self.sheet = ScrollPage(spacing=12, margins=(16, 14, 14, 14))
        self.foot = FlowRow(gap=8)
        self._foot = QWidget()
        spaced(QVBoxLayout(self._foot), 0, (16, 4, 16, 10)).addWidget(self.foot)
        self.back = Button("Back to the visit", "arrow-left", Button.QUIET, small=True)
        self.back.setToolTip("Esc")
        self.back.clicked.connect(self._leave_history)
        self.history = HistoryPanel(desk)
        self._history = QWidget()
        leave = QShortcut(QKeySequence("Esc"), self._history)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self._leave_history)
        self._came_from: Place | None = None
        past = spaced(QVBoxLayout(self._history), 8, (12, 10, 12, 10))
        past.addWidget(self.back)
        past.addWidget(self.history, 1)
        self._history.hide()
        self.add(self.sheet, 1)
        self.add(self._foot)
        self.add(self._history, 1)
        desk.jobs.changed.connect(self._written)
        self.show_nothing()

    # ---- what is shown

    def show_nothing(
        self,
        title: str = "Nothing chosen",
        words: str = "Choose a visit to read what was found, and what follows.",
    ) -> None:
        """Show that no visit is chosen."""
        self._visit = None
        self.found = None
        self._empty()
        self.show_card()
        self._foot.hide()
        self.sheet.body.addWidget(EmptyState("notebook-pen", title, words), 1)
        self.setAccessibleName(title)

    def show_visit(self, identity: int) -> None:
        """Show a visit; nothing changes until it is read."""
        if identity != self._visit:
            self.show_card()
        self._visit = identity
        now = self._desk.now()
        self._desk.jobs.read(
            lambda store: facts.visit(store, identity, now),
            self._show,
            self._fail,
            latest=(id(self), "visit"),
            owner=self,
        )

    def enter(self) -> None:
        """Put the focus on what can be done with the visit, as soon as it is shown."""
        self._entering = True
        if self.found is not None and self.found.record.id == self._visit:
            self._enter()

    _entering = False

    def _enter(self) -> None:
        if self._entering and (first := self.foot.flow.itemAt(0)) is not None:
            self._entering = False
            if (button := first.widget()) is not None:
                button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _written(self, _touched: frozenset[str]) -> None:
        # it shows records of many types: residents' names, notes, follow-ups
        if self._visit is not None and self._desk.jobs.home is not None:
            self.show_visit(self._visit)

    def _fail(self, error: UserError) -> None:
        self._empty()
        self.found = None
        banner = Banner("late", error.message, "Try again")
        banner.pressed.connect(lambda: self._written(frozenset()))
        self.sheet.body.addWidget(banner)
        self.sheet.body.addStretch(1)

    def _empty(self) -> None:
        for body in (self.sheet.body, self.foot.flow):
            while (item := body.takeAt(0)) is not None:
                if (widget := item.widget()) is not None:
                    widget.hide()
                    widget.deleteLater()

    def _show(self, found: VisitFacts | None) -> None:
        if found is None:
            self.show_nothing(
                "Not on this PC yet", "Another PC wrote it; it comes with the next exchange."
            )
            return
        if found == self.found:
            # something else was written; what one reads stays as it is
            self._enter()
            self.shown.emit()
            return
        same = self.found is not None and self.found.record.id == found.record.id
        place = self.sheet.verticalScrollBar().value() if same else 0
        self.found = found
        self._empty()
        body = self.sheet.body
        body.addWidget(self._head(found))
        if found.record.struck_reason:
            body.addWidget(Banner("due", f"Struck through: {found.record.struck_reason}"))
        if found.record.archived:
            body.addWidget(Banner("none", "Archived: it is in no list any more."))
        for row in found.rows:
            body.addWidget(_row(row))
        for note in found.notes:
            body.addWidget(NoteBlock(self._desk, self, note))
        for action in found.actions:
            body.addWidget(_action(action))
        if not found.notes:
            body.addWidget(Wrap("No resident is recorded for this visit.", "muted"))
        self.files = AttachedFiles(self._desk)
        body.addWidget(self.files)
        self.files.show_owner("visit", found.record.id or 0)
        body.addStretch(1)
        self._fill_foot(found)
        self.setAccessibleName(f"Visit: {found.who}, {found.when}")
        self.sheet.verticalScrollBar().setValue(place)
        self._enter()
        self.shown.emit()

    @staticmethod
    def _chip(found: VisitFacts) -> StateChip:
        state, words = found.state
        return StateChip(state, words, "calendar-clock" if words == "Coming" else "")

    def _head(self, found: VisitFacts) -> QWidget:
        head = QWidget()
        row = spaced(QHBoxLayout(head), 12)
        row.addWidget(Avatar(found.who, 44), 0, Qt.AlignmentFlag.AlignTop)
        words = spaced(QVBoxLayout(), 3)
        words.addWidget(Wrap(found.who, "question", widest=360))
        words.addWidget(Wrap(found.when))
        words.addWidget(Wrap(found.kind, "secondary"))
        if found.response:
            words.addWidget(Wrap(found.response, "secondary"))
        places = [link for link in found.links if link.words != found.who]
        if places:
            words.addWidget(FlowRow([LinkButton(self._desk, link) for link in places], gap=2))
        row.addLayout(words, 1)
        row.addWidget(self._chip(found), 0, Qt.AlignmentFlag.AlignTop)
        return head

    # ---- what can be done

    def _fill_foot(self, found: VisitFacts) -> None:
        record = found.record
        identity = record.id
        may_write = (
            permissions.may_change(self._desk.person.role, "visit", own=True)
            and not record.struck_reason
        )
        buttons: list[Button] = []
        if may_write and record.status == PLANNED:
            record_it = Button("Record it", "stethoscope", small=True)
            record_it.clicked.connect(lambda *_: self.record_asked.emit(identity))
            cancelled = Button("Cancelled ...", small=True)
            cancelled.clicked.connect(lambda *_: self.status_asked.emit(found, "cancelled"))
            nobody = Button("Nobody came ...", small=True)
            nobody.clicked.connect(lambda *_: self.status_asked.emit(found, "did not attend"))
            buttons += [record_it, cancelled, nobody]
        if may_write:
            words = "Correct" if record.status == HAPPENED else "Change"
            correct = Button(words, "pencil", small=True)
            correct.clicked.connect(lambda *_: self.correct_asked.emit(identity))
            buttons.append(correct)
        history = Button("History", "history", small=True)
        history.clicked.connect(lambda *_: self.show_history(record))
        buttons.append(history)
        for button in buttons:
            self.foot.flow.addWidget(button)
            button.show()
        if may_write:
            more = IconButton("ellipsis", "More to do with the visit", Button.SECONDARY, small=True)
            more.clicked.connect(functools.partial(self._open_menu, more, found))
            self.foot.flow.addWidget(more)
            more.show()
        self._foot.setVisible(self._history.isHidden())
        self.foot.updateGeometry()

    def menu(self, found: VisitFacts) -> QMenu:
        """Return what else can be done with a visit."""
        menu = QMenu(self)
        record, desk, title = found.record, self._desk, f"the visit of {found.who}"
        for link in found.links:
            words = f"Open {link.words}".replace("&", "&&")
            menu.addAction(words, functools.partial(desk.open, link.type, link.id))
        menu.addSeparator()
        menu.addAction("Strike through ...", lambda: reason.strike(self, desk, record, title))
        if record.archived:
            menu.addAction("Bring back ...", lambda: reason.bring_back(self, desk, record, title))
        else:
            menu.addAction("Archive ...", lambda: reason.archive(self, desk, record, title))
        return menu

    def _open_menu(self, anchor: QWidget, found: VisitFacts, *_: object) -> None:
        menu = self.menu(found)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        drop_down(menu, anchor)

    def show_history(self, record: Record) -> None:
        """Show what became of the visit or of one of its notes."""
        assert record.id is not None  # noqa: S101  # it was read
        self.history.show_record(spec_of(record).name, record.id)
        self._came_from = Place(self)
        self.sheet.hide()
        self._foot.hide()
        self._history.show()
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_history(self) -> None:
        place, self._came_from = self._came_from, None
        self.show_card()
        if place is not None:
            place.give_back()

    def show_card(self) -> None:
        """Show the visit again."""
        self._history.hide()
        self.sheet.show()
        self._foot.setVisible(self.found is not None)


class NoteBlock(Card):
    """One note of a visit.

    Args:
        desk: The desk.
        card: The visit's card.
        note: The note.
    """

    def __init__(
        self, desk: Desk, card: VisitCard, note: NoteFacts, parent: QWidget | None = None
    ) -> None:
        super().__init__(kind=Card.SUNK, margins=(14, 10, 10, 12), parent=parent)
        self._desk = desk
        self._card = card
        self.facts = note
        self.setAccessibleName(f"Note about {note.resident.words}")
        self.body.setSpacing(theme.px(8))
        head = spaced(QHBoxLayout(), 6)
        named = spaced(QVBoxLayout(), 0)
        named.addWidget(FlowRow([LinkButton(desk, note.resident)]))
        apart = spaced(QVBoxLayout(), 0, (1, 0, 0, 0))
        apart.addWidget(Wrap(note.apart, "secondary", widest=300))
        named.addLayout(apart)
        head.addLayout(named, 1)
        self.more = IconButton("ellipsis", f"More about {note.resident.words}", small=True)
        self.more.clicked.connect(self._open_menu)
        head.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        self.add(head)
        struck = note.record.struck_reason
        if note.fate is not None:
            self._add_fate(note.fate)
        if struck:
            self.add(Wrap(f"Because: {struck}", "secondary"))
        short = [row for row in note.rows if row.field.name in _SHORT]
        for row in note.rows:
            if row not in short:
                self.add(_row(row, struck=bool(struck)))
        if short:
            self.add(Wrap(". ".join(f"{r.field.label}: {r.text.lower()}" for r in short) + "."))
        for action in note.actions:
            self.add(_action(action))
        self.files = AttachedFiles(desk, only_with_files=True)
        self.add(self.files)
        self.files.show_owner("visit_entry", note.record.id or 0)
        if self._may_attach:
            FileDrop(self).dropped.connect(self.files.take)
        if note.author:
            self.add(Wrap(note.author, "secondary"))

    @property
    def _may_attach(self) -> bool:
        return self.files.may_add and not self.facts.record.struck_reason

    def _add_fate(self, fate: Fate) -> None:
        """Say that it was struck through or moved: who did it, when, and where it is."""
        if fate.moved:
            self.add(FlowRow([StateChip("info", "Moved", "arrow-right")]))
        else:
            self.add(FlowRow([StateChip("none", "Struck through", "x")]))
        self.add(Wrap(fate.words, "secondary"))
        if fate.resident is not None:
            self.add(FlowRow([LinkButton(self._desk, fate.resident)]))

    def menu(self) -> QMenu:
        """Return what can be done with the note."""
        menu = QMenu(self)
        note, desk, card = self.facts.record, self._desk, self._card
        named = f"the note about {self.facts.resident.words}"
        if (
            permissions.may_change(desk.person.role, "visit_entry", own=True)
            and not note.struck_reason
        ):
            visit = card.found.record.id if card.found is not None else None
            menu.addAction("Correct", lambda: card.correct_asked.emit(visit))
            menu.addAction("Attach a file ...", self.files.ask)
            menu.addAction(
                "Wrong resident: move ...",
                lambda: reason.MovePopover(self.more, desk, note).open(),
            )
            menu.addAction("Strike through ...", lambda: reason.strike(card, desk, note, named))
        if permissions.may_add(desk.person.role, "concern") and not note.struck_reason:
            worried = {"resident": self.facts.resident.id}
            menu.addAction("I'm worried about them ...", lambda: desk.go("concern", worried))
        menu.addAction("History", lambda: card.show_history(note))
        return menu

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        drop_down(menu, self.more)


class _Selectable(Explained):
    """Words that can be marked and copied, with their abbreviations explained."""

    def __init__(self, words: str, name: str, *, struck: bool) -> None:
        super().__init__(words, "muted" if struck else "body", name=name)
        if struck:
            font = self.font()
            font.setStrikeOut(True)
            self.setFont(font)


def _row(row: Row, *, struck: bool = False) -> QWidget:
    part = QWidget()
    column = spaced(QVBoxLayout(part), 1)
    column.addWidget(Text(row.field.label, "caption"))
    column.addWidget(_Selectable(row.text, row.field.label, struck=struck))
    return part


def _action(action: ActionFacts) -> QWidget:
    part = QWidget()
    row = spaced(QHBoxLayout(part), 8)
    row.addWidget(Icon("corner-down-right", "accent", 18), 0, Qt.AlignmentFlag.AlignTop)
    words = spaced(QVBoxLayout(), 1)
    words.addWidget(Explained(action.what, "label"))
    if action.who:
        words.addWidget(Wrap(action.who, "secondary"))
    if action.record.outcome:
        words.addWidget(Explained(action.record.outcome))
    row.addLayout(words, 1)
    state, said = action.state
    row.addWidget(StateChip(state, said), 0, Qt.AlignmentFlag.AlignTop)
    part.setAccessibleName(f"Follow-up: {action.what}, {action.who}, {said}")
    return part


def keep_status(home: OpenHome, found: VisitFacts, status: str, why: str) -> tuple[int, ...]:
    """Give a planned visit another status; return what takes it back.

    Args:
        home: The home.
        found: The visit as it was shown.
        status: Its status from now on.
        why: Why, in their words.
    """
    identity = found.record.id or 0
    known = {entry.id for entry in log.history(home.store, "visit", identity)}
    visits.change_status(home, identity, status, why)
    return tuple(
        entry.id for entry in log.history(home.store, "visit", identity) if entry.id not in known
    )


class Sheet(QWidget):
    """The white ground the diary lies on.

    Args:
        content: What lies on it.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        spaced(QVBoxLayout(self), 0, (2, 8, 2, 8)).addWidget(content)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        rect = QRectF(self.rect())
        box(painter_for(self), rect, theme.px(12), theme.colour("surface"), theme.colour("border"))
