"""The directory: everybody and every place in a list, and the card of the one that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.page import Page
from liaison.ui.pages.directory import entries
from liaison.ui.pages.directory.card import DirectoryCard
from liaison.ui.pages.directory.contact_form import ContactForm
from liaison.ui.pages.directory.listing import EntryList
from liaison.ui.parts import sheets
from liaison.ui.parts.room import RecordRoom
from liaison.ui.parts.suggestions import PickLine
from liaison.ui.widgets import (
    Banner,
    Button,
    EmptyState,
    FilterChip,
    FlowRow,
    PageHeader,
    ScrollPage,
    Segmented,
    announce,
    spaced,
)
from liaison.ui.widgets.painting import box, painter_for

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from liaison.errors import UserError
    from liaison.ui.desk import Desk
    from liaison.ui.pages.directory.entries import Directory, Entry
    from liaison.ui.parts.saving import Saved

_LIST_WIDTH: Final = 384
_PAUSE_MS: Final = 120
_WAYS: Final = (("kind", "What they do"), ("need", "Needs"), ("name", "A to Z"))
_WHICH: Final = (
    ("organisation", "Places", "building-2"),
    ("contact", "People", "user"),
    ("to check", "To check", "clock-alert"),
)
_ON_CARD: Final = frozenset({"contact", "organisation", "service"})


class DirectoryPage(Page):
    """Whom we work with, by what they do for the home, and how to reach them.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "directory"
    title: ClassVar[str] = "Directory"
    icon: ClassVar[str] = "book-user"
    reads: ClassVar[frozenset[str]] = frozenset(
        {"contact", "organisation", "post", "service", "resident", "home", "vocabulary_item"}
    )
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+N", "Add a contact"),
        ("Ctrl+F", "Search the directory"),
        ("Esc", "Back to what was shown before"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._directory: Directory | None = None
        self._which = ""
        self._said = ""
        self._may_write = desk.person.role != "reader"
        self.card = DirectoryCard(desk)
        self.card.edit_asked.connect(self._change)
        self.card.history_asked.connect(lambda name, who: self._open_room().history(name, who))
        self.card.post_asked.connect(lambda who: self._open_room().add("post", {"contact": who}))
        self.room = RecordRoom(desk)
        self.room.left.connect(self._leave_room)
        self.room.saved.connect(self._saved)
        self._build_list()
        self._lay_out()

    def _build_list(self) -> None:
        self.search = PickLine("search", "A name, a number, a need")
        self.search.setAccessibleName("Search the directory")
        self.way = Segmented(_WAYS, "In which order")
        self.way.set_value("kind")
        self.list = EntryList()
        self.chips = {which: FilterChip(words, icon=icon) for which, words, icon in _WHICH}
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._narrow)
        self.search.textEdited.connect(lambda _: self._pause.start())
        self.search.returnPressed.connect(self._into_list)
        self.way.changed.connect(lambda _: self._narrow())
        for which, chip in self.chips.items():
            chip.clicked.connect(lambda *_, which=which: self._choose(which))
        self.list.looked_at.connect(self._look)
        self.list.typed.connect(self._type_ahead)
        self.list.entered.connect(self._into_card)
        self.list.clicked.connect(lambda _: self._to_card())

    def _lay_out(self) -> None:
        self.add = Button("Add a contact", "user-plus", Button.PRIMARY, shortcut="Ctrl+N")
        self.add.clicked.connect(lambda *_: self._add_contact())
        self.add_place = Button("Add an organisation", "building-2")
        self.add_place.clicked.connect(lambda *_: self._open_room().add("organisation"))
        if not self._may_write:
            self.add.hide()
            self.add_place.hide()
        self.header = PageHeader(self.title, "", (self.add_place, self.add))
        self.trouble = Banner("late", "", "Try again")
        self.trouble.hide()
        self.trouble.pressed.connect(self.refresh)
        self.nothing = EmptyState(
            "book-user",
            "Nobody here yet",
            "Surgeries, nurses, therapists and suppliers appear here, by what they do for the "
            "home.",
            "Add a contact" if self._may_write else "",
            action_icon="plus",
        )
        self.nothing.pressed.connect(self._add_contact)
        self.none_fits = EmptyState(
            "search-x", "Nobody like that", "Try fewer words, or another order.", "Show all"
        )
        self.none_fits.pressed.connect(self._show_all)
        self._sheets = QStackedWidget()
        self._sheets.addWidget(self.list)
        self._sheets.addWidget(self.none_fits)
        self._left = QWidget()
        column = spaced(QVBoxLayout(self._left), 10)
        column.addWidget(self.search)
        column.addWidget(self.way)
        column.addWidget(FlowRow(tuple(self.chips.values())))
        self._sheet = _Sheet(self._sheets)
        column.addWidget(self._sheet, 1)
        below = QWidget()
        self._below = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight, below), 16)
        self._beside = sheets.Inset(self._left)
        self._below.addWidget(self._beside)
        self._below.addWidget(self.card, 1)
        self._bodies = QStackedWidget()
        self._bodies.addWidget(below)
        self._bodies.addWidget(self.nothing)
        self._scroll = ScrollPage(spacing=16, margins=(24, 20, 24 - sheets.GUTTER, 20))
        above = spaced(QVBoxLayout(), 16, (0, 0, sheets.GUTTER, 0))
        above.addWidget(self.header)
        above.addWidget(self.trouble)
        self._scroll.body.addLayout(above)
        self._scroll.body.addWidget(self._bodies, 1)
        self._room = QWidget()
        spaced(QVBoxLayout(self._room), 0, (24, 20, 24, 20)).addWidget(self.room)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._scroll)
        self.stack.addWidget(self._room)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)
        self._turn()

    def changeEvent(self, event: QEvent) -> None:
        """Stack list and card when text is large."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_below"):
            self._turn()

    def _turn(self) -> None:
        roomy = theme.roomy()
        direction, policy = QBoxLayout.Direction, QSizePolicy.Policy
        self._below.setDirection(direction.LeftToRight if roomy else direction.TopToBottom)
        if roomy:
            self._left.setFixedWidth(theme.px(_LIST_WIDTH))
        else:
            self._left.setMinimumWidth(0)
            self._left.setMaximumWidth(16_777_215)
        self._left.setSizePolicy(policy.Fixed if roomy else policy.Preferred, policy.Preferred)
        self._beside.inset(0 if roomy else theme.px(sheets.GUTTER))
        self._sheet.setMinimumHeight(theme.px(240))
        self.card.setMinimumHeight(theme.px(240 if roomy else 330))

    # ---- what is shown

    def refresh(self) -> None:
        """Read the directory and the card anew."""
        if self.desk.jobs.home is None:
            return
        self.desk.jobs.read(
            entries.read, self._show, self._fail, latest=(id(self), "directory"), owner=self
        )
        self.card.refresh()

    def _fail(self, error: UserError) -> None:
        words = " ".join(part for part in (error.what, error.do) if part)
        self.trouble.say("late", words, "Try again")

    def _show(self, found: Directory) -> None:
        first = self._directory is None
        self.trouble.hide()
        self._directory = found
        self._bodies.setCurrentIndex(0 if found.entries else 1)
        for which, chip in self.chips.items():
            chip.set_count(len(found.narrowed("", which)))
        self.chips["to check"].setVisible(bool(found.narrowed("", "to check")) or
                                          self._which == "to check")  # fmt: skip
        self._narrow()
        if first:
            self.filled.emit()

    def _narrow(self) -> None:
        self._pause.stop()
        if self._directory is None:
            return
        by = str(self.way.value)
        found = self._directory.narrowed(self.search.text(), self._which)
        groups = self._directory.grouped(found, by)
        self.list.show_groups(groups, indent=by == "kind")
        self._sheets.setCurrentWidget(self.list if found else self.none_fits)
        self._follow()
        said = f"{len(found)} found"
        if self.search.text() and said != self._said:
            announce(self.list, said)
        self._said = said

    def _follow(self) -> None:
        """Show in the list whose card it is; at first, and while searching, the first one."""
        shown = self.card.record
        here = shown is not None and self.list.go_to(*shown)
        searching = bool(self.search.text().strip())
        if shown is None or (searching and not here):
            self.list.go_to_first()

    def _choose(self, which: str) -> None:
        # pressing the one that is on shows everybody again
        self._which = "" if which == self._which else which
        for name, chip in self.chips.items():
            chip.setChecked(name == self._which)
        self._narrow()

    def _show_all(self) -> None:
        self.search.clear()
        self._choose(self._which)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look(self, entry: Entry) -> None:
        self.card.show_record(entry.type, entry.id)

    def _to_card(self) -> None:
        """Bring the card into sight where it stands below the list."""
        if not theme.roomy():
            self._scroll.ensureWidgetVisible(self.card, 0, theme.px(330))

    # ---- keyboard

    def _type_ahead(self, letters: str) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.setText(letters)
        self.search.end(False)
        self._pause.start()

    def _into_list(self) -> None:
        self._narrow()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _into_card(self) -> None:
        self.card.focusNextChild()

    # ---- where one comes from

    def show_start(self) -> None:
        """Show list and card."""
        self.room.empty()
        self.stack.setCurrentWidget(self._scroll)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_argument(self, argument: object) -> None:
        """Show the form of a new contact, ``{"add": "contact"}``, or search for something."""
        if isinstance(argument, dict):
            if argument.get("add"):
                self._add_contact()
            elif isinstance(typed := argument.get("search"), str):
                self.show_start()
                self.search.setText(typed)
                self._narrow()

    def show_record(self, type_name: str, identity: int) -> None:
        """Show the card of a person, place or need; anything else in full."""
        self.room.empty()
        if type_name in _ON_CARD:
            self.stack.setCurrentWidget(self._scroll)
            self.card.show_record(type_name, identity)
            self.list.go_to(type_name, identity)
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self._to_card()
        else:
            self._open_room().read(type_name, identity)

    # ---- beside the list

    def _open_room(self) -> RecordRoom:
        self.stack.setCurrentWidget(self._room)
        return self.room

    def _leave_room(self) -> None:
        self.stack.setCurrentWidget(self._scroll)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_contact(self) -> None:
        self._open_room().form(ContactForm(self.desk))

    def _change(self, type_name: str, identity: int) -> None:
        room = self._open_room()
        if type_name == "contact":
            room.form(ContactForm(self.desk, identity))
        else:
            room.change(type_name, identity)

    def _saved(self, saved: Saved) -> None:
        if saved.type in _ON_CARD:
            self.desk.open(saved.type, saved.id)


class _Sheet(QFrame):
    """The white sheet under the list."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        column = spaced(QVBoxLayout(self), 0, (4, 8, 4, 8))
        column.addWidget(content)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet."""
        rect = QRectF(self.rect())
        box(painter_for(self), rect, theme.px(12), theme.colour("surface"), theme.colour("border"))
