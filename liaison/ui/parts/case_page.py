"""A page of things under way: the list with the most pressing first, and the card of one beside it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.security.roles import Action, may
from liaison.services import permissions
from liaison.ui import theme
from liaison.ui.parts import sheets
from liaison.ui.parts.case_list import CaseList
from liaison.ui.parts.last_chosen import remembered_tab
from liaison.ui.parts.list_and_card import ListAndCard
from liaison.ui.widgets import Banner, Button, EmptyState, OneOf, PageHeader, Segmented, spaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.errors import UserError
    from liaison.store.query import Position
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.case_card import CaseCard
    from liaison.ui.parts.case_list import CaseLine, Key
    from liaison.ui.parts.saving import Saved

PAGE: Final = 60
"""Lines of a list of what is over that are read at a time."""


@dataclasses.dataclass(frozen=True, slots=True)
class Lines:
    """What a tab shows.

    Args:
        lines: The lines, the most pressing first.
        words: What they are, for the line under the title.
        more: Where the next ones begin; None if these are all.
    """

    lines: tuple[CaseLine, ...]
    words: str
    more: Position | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Tab:
    """One list of a page.

    Args:
        name: What it is known by.
        words: Its word.
        adds: The record type that is added here.
        verb: What adding one is called.
        nothing: Title and sentence while it is empty: what appears here and how it starts.
    """

    name: str
    words: str
    adds: str
    verb: str
    nothing: tuple[str, str]


class CasePage(ListAndCard):
    """Such a page; what it lists is said by its subclasses.

    Args:
        desk: What a page is given.
        card: The card.
    """

    #: Its lists.
    tabs: ClassVar[tuple[Tab, ...]] = ()
    #: The report that prints it; empty if there is none.
    report: ClassVar[str] = ""

    def __init__(self, desk: Desk, card: CaseCard[Any]) -> None:
        super().__init__(desk, card)
        self._filled = False
        self._wanted: Key | None = None
        self._lines: tuple[CaseLine, ...] = ()
        self._more: Position | None = None
        self.room.saved.connect(self._saved)
        self._lay_out()

    def _reading(self, tab: str, after: Position | None) -> Callable[[Store], Lines]:
        """Return what reads the lines of a tab; for a read job."""
        raise NotImplementedError

    def _lay_out(self) -> None:
        self.which = Segmented([(tab.name, tab.words) for tab in self.tabs], "What is shown")
        self.which.set_value(self.tabs[0].name)
        remembered_tab(self.desk, self.name, self.which, [tab.name for tab in self.tabs])
        self.which.changed.connect(lambda _: self._choose())
        self.add = Button(self.tab.verb, "plus", Button.PRIMARY, shortcut="Ctrl+N")
        self.add.clicked.connect(self._add)
        self.print_button = Button("Print", "printer")
        self.print_button.clicked.connect(
            lambda *_: self.desk.go("reports", {"report": self.report})
        )
        if not (self.report and may(self.desk.person.role, Action.PRINT_REPORTS)):
            self.print_button.hide()
        self.header = PageHeader(self.title, "", (self.print_button, self.add))
        self.trouble = Banner("late", "", "Try again")
        self.trouble.hide()
        self.trouble.pressed.connect(self.refresh)
        self.list = CaseList(self.title)
        self.list.looked_at.connect(lambda line: self.card.show_record(line.type, line.id))
        self.list.entered.connect(self._into_card)
        self.older = Button("Older ones", "list", small=True)
        self.older.clicked.connect(self._read_older)
        self.older.hide()
        self._sheet = sheets.Edged(self.list, 8)
        lines = QWidget()
        column = spaced(QVBoxLayout(lines), 8)
        column.addWidget(self._sheet, 1)
        column.addWidget(self.older, 0, Qt.AlignmentFlag.AlignLeft)
        self.nothing = EmptyState(self.icon, *self.tab.nothing, self.tab.verb, action_icon="plus")
        self.nothing.pressed.connect(self._add)
        self._either = OneOf()
        self._either.addWidget(lines)
        self._either.addWidget(self.nothing)
        left = QWidget()
        column = spaced(QVBoxLayout(left), 10)
        column.addWidget(self.which, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._either, 1)
        self._put_together([self.header, self.trouble], left, share=1)
        self._follow_tab()

    @property
    def tab(self) -> Tab:
        """The list that is shown."""
        return next(tab for tab in self.tabs if tab.name == self.which.value)

    def _list_place(self) -> QWidget:
        return self.list if self._lines else self.which

    def _turn(self) -> None:
        super()._turn()
        self._sheet.setMinimumHeight(theme.px(300))
        self.card.setMinimumHeight(theme.px(300))

    # ---- what is shown

    def refresh(self) -> None:
        """Read list and card anew."""
        if self.desk.jobs.home is None:
            return
        self._read(self._reading(self.tab.name, None), older=False)
        self.card.refresh()

    def _read(self, work: Callable[[Store], Lines], *, older: bool) -> None:
        def done(found: Lines) -> None:
            self._show(found, self._lines if older else ())

        self.desk.jobs.read(work, done, self._fail, latest=(id(self), "lines"), owner=self)

    def _read_older(self) -> None:
        if self._more is not None:
            self._read(self._reading(self.tab.name, self._more), older=True)

    def _fail(self, error: UserError) -> None:
        self.trouble.say("late", f"{error.what} {error.do or ''}".strip(), "Try again")

    def _show(self, found: Lines, before: tuple[CaseLine, ...]) -> None:
        self.trouble.hide()
        self._lines, self._more = (*before, *found.lines), found.more
        self.header.set_subtitle(found.words)
        self.older.setVisible(found.more is not None)
        self.list.show_lines(self._lines)
        self._either.setCurrentIndex(0 if self._lines else 1)
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.list.go_to(wanted)
        elif self.card.record is None:
            self.list.go_to_first()
        # beside an empty list there is nothing to choose
        self._show_card(shown=self.card.record is not None or bool(self._lines))
        if not self._filled:
            self._filled = True
            self.filled.emit()

    def _choose(self) -> None:
        self._follow_tab()
        self.card.clear("Nothing chosen", "Choose one in the list.")
        self.refresh()

    def show_tab(self, name: str) -> None:
        """Show another of its lists."""
        if name != self.which.value and any(tab.name == name for tab in self.tabs):
            self.which.set_value(name)
            self._choose()

    def _follow_tab(self) -> None:
        self.add.set_words(self.tab.verb)
        may_add = permissions.may_add(self.desk.person.role, self.tab.adds)
        self.add.setVisible(may_add)
        self.nothing.say(*self.tab.nothing)
        # a list of what is over begins in the one of what is under way
        first = next(tab for tab in self.tabs if tab.adds == self.tab.adds)
        self.nothing.button.set_words(self.tab.verb)
        self.nothing.button.setVisible(may_add and self.tab is first)

    def _into_card(self) -> None:
        self.card.focusNextChild()

    # ---- going there

    def show_start(self) -> None:
        """Show list and card."""
        self.room.empty()
        self.stack.setCurrentWidget(self._scroll)
        self._list_place().setFocus(Qt.FocusReason.OtherFocusReason)

    def show_argument(self, argument: object) -> None:
        """Show the form of a new one, ``{"add": True, "resident": id}``; the resident may lack."""
        if isinstance(argument, dict) and argument.get("add"):
            given = {key: value for key, value in argument.items() if key != "add"}
            self.room.empty()
            self._open_room().add(self.tab.adds, self._usual() | given)

    def show_record(self, type_name: str, identity: int) -> None:
        """Show the card of a record, beside the list it is in."""
        self.room.empty()
        self.stack.setCurrentWidget(self._scroll)
        self._show_card()
        self._wanted = type_name, identity
        self.card.show_record(type_name, identity)
        if self.list.go_to((type_name, identity)):
            self._wanted = None

    def _usual(self) -> dict[str, Any]:
        """Return what a new one begins with: mostly it is written down when it happens."""
        return {}

    def _add(self, *_: object) -> None:
        self._open_room().add(self.tab.adds, self._usual())

    def _saved(self, saved: Saved) -> None:
        self.desk.open(saved.type, saved.id)
