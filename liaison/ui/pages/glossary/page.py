"""The glossary: every abbreviation with what it means, to be searched by everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from liaison.services import permissions
from liaison.ui.page import Page
from liaison.ui.parts.record_list import Empty, RecordList
from liaison.ui.parts.room import OpenForm, OpenRecord, RecordRoom
from liaison.ui.widgets import Button, PageHeader, spaced

if TYPE_CHECKING:
    from liaison.ui.desk import Desk
    from liaison.ui.parts.saving import Saved

_TERM = "term"


class GlossaryPage(Page):
    """What abbreviations mean; a manager adds to it and puts it right.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "glossary"
    title: ClassVar[str] = "Glossary"
    icon: ClassVar[str] = "book-open"
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+N", "Explain a word"),
        ("Esc", "Back to what was shown before"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._may_add = permissions.may_add(desk.person.role, _TERM)
        self.add = Button("Explain a word", "plus", Button.PRIMARY, shortcut="Ctrl+N", parent=self)
        self.add.clicked.connect(lambda *_: self._add())
        if not self._may_add:
            self.add.hide()
        self.list = RecordList(
            desk,
            _TERM,
            name="glossary",
            empty=Empty(
                "book-open",
                "No words explained yet",
                "Abbreviations such as DN or SLT get a tip wherever they are shown.",
                "Explain a word" if self._may_add else "",
            ),
        )
        self.list.opened.connect(self.show_record)
        self.list.adding.connect(self._add)
        self.list.model.arrived.connect(self.filled)
        self.room = RecordRoom(desk)
        self.room.left.connect(self._leave_room)
        self.room.saved.connect(self._saved)
        front = QWidget()
        column = spaced(QVBoxLayout(front), 16, (24, 20, 24, 20))
        words = "These words are explained wherever they are shown: rest the mouse on them, or Tab."
        actions = (self.add,) if self._may_add else ()
        column.addWidget(PageHeader(self.title, words, actions))
        column.addWidget(self.list, 1)
        behind = QWidget()
        spaced(QVBoxLayout(behind), 0, (24, 20, 24, 20)).addWidget(self.room)
        self._front, self._behind = front, behind
        self.stack = QStackedWidget()
        self.stack.addWidget(front)
        self.stack.addWidget(behind)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)

    def show_start(self) -> None:
        """Show the list."""
        self.room.empty()
        self.stack.setCurrentWidget(self._front)
        self.list.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_record(self, type_name: str, identity: int) -> None:
        """Show one word; its list is behind it."""
        self.room.empty()
        self.room.read(type_name, identity)
        self.stack.setCurrentWidget(self._behind)

    def open_form(self) -> OpenForm | OpenRecord | None:
        """Return the form that is being filled in, or the record that is read in full."""
        return self.room.open_form()

    def reopen(self, form: object) -> None:
        """Show what was left open."""
        if isinstance(form, OpenForm | OpenRecord):
            self.stack.setCurrentWidget(self._behind)
            self.room.reopen(form)

    def _add(self) -> None:
        if self._may_add:
            self.room.empty()
            self.room.add(_TERM)
            self.stack.setCurrentWidget(self._behind)

    def _leave_room(self) -> None:
        self.stack.setCurrentWidget(self._front)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _saved(self, saved: Saved) -> None:
        self.list.show_record(saved.id)
