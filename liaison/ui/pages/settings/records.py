"""Sections that are records: the home, the glossary, people and PCs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from liaison.records import all_specs
from liaison.ui.pages.settings.section import Section
from liaison.ui.parts import plan
from liaison.ui.parts.card import RecordCard
from liaison.ui.parts.last_chosen import remembered_tab
from liaison.ui.parts.record_list import Empty, RecordList
from liaison.ui.parts.room import RecordRoom
from liaison.ui.widgets import Button, Segmented, Wrap, spaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.saving import Saved

_EMPTY: Final = {
    "term": Empty(
        "book-open",
        "No words explained yet",
        "Abbreviations such as DN or SLT get a tip wherever they are shown.",
        "Explain a word",
    ),
}


class HomeSection(Section):
    """The home's own record: read first, changed on its form."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.shown = RecordCard(desk)
        self.shown.clear("The home", "It is being read.")
        self.room = RecordRoom(desk)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.shown)
        self.stack.addWidget(self.room)
        self.column.addWidget(self.stack)
        self.shown.edit_asked.connect(self._change)
        self.shown.history_asked.connect(self._history)
        self.room.left.connect(lambda: self.stack.setCurrentWidget(self.shown))

    def refresh(self) -> None:
        """Look which record is the home's; the card follows what becomes of it by itself."""

        def read(store: Store) -> int | None:
            found = store.the("home")
            return None if found is None else found.id

        self.desk.jobs.read(read, self._show, self.desk.trouble, owner=self)

    def _show(self, identity: int | None) -> None:
        if identity is not None:
            self.shown.show_record("home", identity)

    def _change(self, type_name: str, identity: int) -> None:
        self.room.change(type_name, identity)
        self.stack.setCurrentWidget(self.room)

    def _history(self, type_name: str, identity: int) -> None:
        self.room.history(type_name, identity)
        self.stack.setCurrentWidget(self.room)


class RecordsSection(Section):
    """Lists of one or two types, each record opened in its place.

    Args:
        desk: The desk.
        types: The record types.
        add: The words of the button that adds one, where people may.
        words: A sentence above the lists.
    """

    def __init__(
        self,
        desk: Desk,
        types: Sequence[str],
        add: str = "",
        words: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, parent)
        self.room = RecordRoom(desk)
        self.lists: dict[str, RecordList] = {}
        self._inner = QStackedWidget()
        lists = QWidget()
        column = spaced(QVBoxLayout(lists), 12)
        head = spaced(QHBoxLayout(), 8)
        self.which = Segmented([(name, all_specs()[name].plural) for name in types], "Which list")
        self.which.setVisible(len(types) > 1)
        self.which.set_value(types[0])
        kept = remembered_tab(desk, f"settings-{types[0]}", self.which, types)
        self.which.changed.connect(lambda name: self._show_list(str(name)))
        head.addWidget(self.which)
        head.addStretch(1)
        self.add = Button(add, "plus", Button.PRIMARY)
        self.add.setVisible(bool(add))
        self.add.clicked.connect(self._add)
        head.addWidget(self.add)
        if len(types) > 1 or add:
            column.addLayout(head)
        if words:
            column.addWidget(Wrap(words, "muted", widest=760))
        column.addWidget(self._inner, 1)
        for name in types:
            shown = RecordList(desk, name, name=f"settings-{name}", empty=_EMPTY.get(name))
            shown.opened.connect(self.show_record)
            shown.adding.connect(self._add)
            self.lists[name] = shown
            self._inner.addWidget(shown)
        if kept is not None:
            self._show_list(kept)
        self.stack = QStackedWidget()
        self.stack.addWidget(lists)
        self.stack.addWidget(self.room)
        self.column.addWidget(self.stack)
        self._front = lists
        self.room.left.connect(lambda: self.stack.setCurrentWidget(self._front))
        self.room.saved.connect(self._saved)

    @property
    def _type(self) -> str:
        return str(self.which.value)

    def _show_list(self, name: str) -> None:
        self._inner.setCurrentWidget(self.lists[name])

    def show_record(self, type_name: str, identity: int) -> None:
        """Open a record; its list is behind it."""
        self.which.set_value(type_name)
        self._show_list(type_name)
        self.room.empty()
        self.room.read(type_name, identity)
        self.stack.setCurrentWidget(self.room)

    def _add(self) -> None:
        if plan.may_add(all_specs()[self._type]):
            self.room.empty()
            self.room.add(self._type)
            self.stack.setCurrentWidget(self.room)

    def _saved(self, saved: Saved) -> None:
        self.lists[saved.type].show_record(saved.id)
