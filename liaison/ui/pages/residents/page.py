"""Residents: the list, and a page for each of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from liaison.records import spec_of
from liaison.records.home import Resident
from liaison.services import leaving, permissions
from liaison.store.query import Condition
from liaison.ui.page import Page
from liaison.ui.pages.residents.view import ResidentView
from liaison.ui.parts.last_chosen import remembered_tab
from liaison.ui.parts.record_list import Empty, RecordList
from liaison.ui.parts.room import OpenForm, OpenRecord, RecordRoom
from liaison.ui.widgets import Button, FlowRow, PageHeader, ScrollPage, Segmented, spaced

if TYPE_CHECKING:
    from liaison.records import Record
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.saving import Saved

_RESIDENT: Final = "resident"
_WAYS: Final = (
    ("referrals", "Referrals", "send"),
    ("transfers", "Transfers", "ambulance"),
    ("appointments", "Appointments and loans", "calendar-clock"),
)
_HERE: Final = (Condition("left_on", None),)
_LEFT: Final = (Condition("left_on", dt.date.min, ">="),)


class ResidentsPage(Page):
    """Who lives here, and what happened to each of them.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "residents"
    title: ClassVar[str] = "Residents"
    icon: ClassVar[str] = "users"
    reads: ClassVar[frozenset[str]] = frozenset(
        {
            _RESIDENT, "visit", "visit_entry", "action", "concern", "referral", "transfer",
            "appointment", "equipment_loan", "contact_attempt", "contact", "organisation",
            "post", "staff", "home", "chase", "competency",
        }
    )  # fmt: skip
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+N", "Add a resident"),
        ("Esc", "Back to what was shown before"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._filled = False
        self._build_list()
        self.view = ResidentView(desk)
        self.view.left.connect(lambda: desk.go(self.name))
        self.view.details_asked.connect(lambda who: self._open_room().read(_RESIDENT, who))
        self.view.edit_asked.connect(lambda who: self._open_room().change(_RESIDENT, who))
        self.room = RecordRoom(desk)
        self.room.left.connect(self._leave_room)
        self.room.saved.connect(self._saved)
        room = QWidget()
        spaced(QVBoxLayout(room), 0, (24, 20, 24, 20)).addWidget(self.room)
        self._room = room
        self.stack = QStackedWidget()
        for part in (self._lists, self.view, room):
            self.stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self._behind: QWidget = self._lists

    def _build_list(self) -> None:
        desk = self.desk
        # it scrolls where large text leaves no room, so that no content decides the window's size
        self._lists = ScrollPage(spacing=16, margins=(24, 20, 24, 20))
        self.add = Button("Add a resident", "plus", Button.PRIMARY, shortcut="Ctrl+N")
        self.add.clicked.connect(self._add)
        adds = permissions.may_add(desk.person.role, "resident")
        if not adds:
            self.add.hide()
        self.who = Segmented([("here", "Living here"), ("left", "Left")], "Which residents")
        self.who.set_value("here")
        left = remembered_tab(desk, self.name, self.who, ("here", "left")) == "left"
        self.who.changed.connect(self._choose)
        self.header = PageHeader(self.title, "", (self.who, self.add))
        empty = Empty(
            "users",
            "No residents yet",
            "Everybody who lives here appears in this list, with a page of their own.",
            "Add a resident" if adds else "",
        )
        self.list = RecordList(desk, _RESIDENT, _LEFT if left else _HERE, empty=empty)
        self.list.adding.connect(self._add)
        self.list.opened.connect(desk.open)
        self.list.table.clicked.connect(lambda index: self._open_row(index.row()))
        self.list.model.arrived.connect(self._first)
        self._lists.body.addWidget(self.header)
        self._lists.body.addWidget(FlowRow([self._way(*way) for way in _WAYS], gap=8))
        self._lists.body.addWidget(self.list, 1)

    def _way(self, page: str, words: str, icon: str) -> Button:
        """Return a button that leads to what is under way for all residents."""
        button = Button(words, icon, small=True)
        button.clicked.connect(lambda *_: self.desk.go(page))
        return button

    def _open_row(self, row: int) -> None:
        self.desk.open(_RESIDENT, self.list.model.identity(row))

    def _first(self) -> None:
        if not self._filled:
            self._filled = True
            self.filled.emit()

    def _choose(self, which: object) -> None:
        self.list.set_where(_HERE if which == "here" else _LEFT)

    # ---- what is shown

    def show_start(self) -> None:
        """Show the list."""
        self.room.empty()
        self._behind = self._lists
        self.stack.setCurrentWidget(self._lists)
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_argument(self, argument: object) -> None:
        """Show a resident, ``{"resident": id}``, or the form of a new one, ``{"add": True}``."""
        if isinstance(argument, dict):
            if isinstance(identity := argument.get(_RESIDENT), int):
                self.show_record(_RESIDENT, identity)
            elif argument.get("add"):
                self._add()

    def show_record(self, type_name: str, identity: int) -> None:
        """Show a resident's page, or something that happened to one, with their page behind it."""
        self.room.empty()
        if type_name == _RESIDENT:
            self._show_resident(identity)
            return
        self._open_room().read(type_name, identity)

        def read(store: Store) -> int | None:
            return _about(store.get(type_name, identity))

        self.desk.jobs.read(read, self._put_behind, latest=(id(self), "about"), owner=self)

    def _show_resident(self, identity: int) -> None:
        self.view.show_resident(identity)
        self._behind = self.view
        self.stack.setCurrentWidget(self.view)
        self.view.timeline.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put_behind(self, resident: int | None) -> None:
        if resident is not None:
            self.view.show_resident(resident)
            self._behind = self.view

    def refresh(self) -> None:
        """Read the resident who is shown anew; the list does so by itself."""
        self.view.refresh()

    # ---- beside the list

    def open_form(self) -> OpenForm | OpenRecord | None:
        """Return the form that is being filled in, or the record that is read in full."""
        return self.room.open_form()

    def reopen(self, form: object) -> None:
        """Show what was left open."""
        if isinstance(form, OpenForm | OpenRecord):
            self._open_room().reopen(form)

    def _open_room(self) -> RecordRoom:
        if self.room.is_empty:
            current = self.stack.currentWidget()
            if current is not None and current is not self._room:
                self._behind = current
        self.stack.setCurrentWidget(self._room)
        return self.room

    def _leave_room(self) -> None:
        self.stack.setCurrentWidget(self._behind)
        into = self.list.table if self._behind is self._lists else self.view.timeline
        into.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self) -> None:
        self._open_room().add(_RESIDENT)

    def _saved(self, saved: Saved) -> None:
        if saved.type == _RESIDENT and saved.id != self.view.resident:
            self.desk.open(_RESIDENT, saved.id)
        who = saved.loaded.record if saved.loaded is not None else None
        if isinstance(who, Resident) and who.left_on is not None and saved.changes:
            self._ask_leaving(saved.id, who.left_on)

    def _ask_leaving(self, identity: int, left_on: dt.date) -> None:
        """List what is open about somebody who left, if anything is: nothing closes silently."""

        def read(store: Store) -> bool:
            found = leaving.closing(store, identity, left_on)
            return found is not None and bool(found.closes)

        def ask(open_still: bool) -> None:  # noqa: FBT001  # the answer of a job
            if open_still:
                self.desk.go("transfers", {"leaving": identity})

        self.desk.jobs.read(read, ask, latest=(id(self), "leaving"), owner=self)


def _about(record: Record | None) -> int | None:
    """Return the id of the resident a record is about; None for nobody."""
    if record is None or _RESIDENT not in spec_of(record).by_name:
        return None
    found = getattr(record, _RESIDENT)
    return found if isinstance(found, int) else None
