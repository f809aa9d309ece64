"""The directory: everybody and every place in a list, and the card of the one that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from liaison.services import permissions
from liaison.ui import theme
from liaison.ui.pages.directory import entries
from liaison.ui.pages.directory.card import DirectoryCard
from liaison.ui.pages.directory.contact_form import ContactForm
from liaison.ui.pages.directory.entries import NOT_REACHED, TO_CHECK
from liaison.ui.pages.directory.listing import EntryList
from liaison.ui.pages.directory.other_ways import OtherWays
from liaison.ui.parts import sheets
from liaison.ui.parts.last_chosen import (
    last_choice,
    remember_choice,
    remembered_tab,
)
from liaison.ui.parts.list_and_card import ListAndCard
from liaison.ui.parts.room import OpenForm
from liaison.ui.parts.sharing import Offered, ShareDialog
from liaison.ui.parts.suggestions import PickLine
from liaison.ui.widgets import (
    Banner,
    Button,
    EmptyState,
    FilterChip,
    FlowRow,
    PageHeader,
    Segmented,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.errors import UserError
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.pages.directory.entries import Directory, Entry
    from liaison.ui.parts.saving import Saved

_LIST_WIDTH: Final = 384
_PAUSE_MS: Final = 120
_REST_MS: Final = 200
_WAYS: Final = (("kind", "What they do"), ("need", "Needs"), ("name", "A to Z"))
_WHICH: Final = (
    ("organisation", "Places", "building-2"),
    ("contact", "People", "user"),
    (TO_CHECK, "To check", "clock-alert"),
    (NOT_REACHED, "Not reached", "phone-missed"),
)
_WORK: Final = (TO_CHECK, NOT_REACHED)
"""Lists that are gone through until they are empty; shown while something is on them."""
_ON_CARD: Final = frozenset({"contact", "organisation", "service"})


class DirectoryPage(ListAndCard):
    """Whom we work with, by what they do for the home, and how to reach them.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "directory"
    title: ClassVar[str] = "Directory"
    icon: ClassVar[str] = "book-user"
    reads: ClassVar[frozenset[str]] = frozenset(
        ("contact", "organisation", "post", "service", "resident", "home", "vocabulary_item",
         "contact_attempt", "visit", "referral")
    )  # fmt: skip
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+N", "Add a contact"),
        ("Ctrl+F", "Search the directory"),
        ("Ctrl+Return", "These details are right: checked today"),
        ("Esc", "Back to what was shown before"),
    )

    def __init__(self, desk: Desk) -> None:
        self.card: DirectoryCard
        super().__init__(desk, DirectoryCard(desk))
        self._directory: Directory | None = None
        self._which = ""
        self._said = ""
        self._may_write = permissions.may_add(desk.person.role, "contact")
        self.card.checking.connect(self._check_next)
        self.card.post_asked.connect(lambda who: self._open_room().add("post", {"contact": who}))
        self.room.saved.connect(self._saved)
        self._build_list()
        self._lay_out()

    def _build_list(self) -> None:
        self.search = PickLine("search", "A name, a number, a need")
        self.search.setAccessibleName("Search the directory")
        self.way = Segmented(_WAYS, "In which order")
        self.way.set_value("kind")
        remembered_tab(self.desk, self.name, self.way, [way for way, _ in _WAYS])
        self.list = EntryList()
        self.chips = {which: FilterChip(words, icon=icon) for which, words, icon in _WHICH}
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._narrow)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        # once the first ones and their card are painted: Python's threads share one processor
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._read_rest)
        self.search.textEdited.connect(lambda _: self._pause.start())
        self.search.returnPressed.connect(self._into_list)
        self.way.changed.connect(lambda _: self._narrow())
        self._which = last_choice(self.desk, "directory-which", [w for w, _, _ in _WHICH]) or ""
        self._tick_chips()
        for which, chip in self.chips.items():
            chip.clicked.connect(lambda *_, which=which: self._choose(which))
        self.list.looked_at.connect(self._look)
        self.list.typed.connect(self._type_ahead)
        self.list.entered.connect(self._into_card)
        self.list.clicked.connect(lambda _: self._to_card())
        check = QShortcut(QKeySequence("Ctrl+Return"), self)
        check.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        check.activated.connect(self._check)

    def _lay_out(self) -> None:
        self.add = Button("Add a contact", "user-plus", Button.PRIMARY, shortcut="Ctrl+N")
        self.add.clicked.connect(lambda *_: self._add_contact())
        self.add_place = Button("Add an organisation", "building-2")
        self.add_place.clicked.connect(lambda *_: self._open_room().add("organisation"))
        if not self._may_write:
            self.add.hide()
            self.add_place.hide()
        self.others = OtherWays(self.desk)
        self.others.share_asked.connect(self.share)
        self.header = PageHeader(self.title, "", (self.others, self.add_place, self.add))
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
        self.done = {
            TO_CHECK: EmptyState(
                "badge-check",
                "Everything is checked",
                "What was not checked for a while comes back here by itself.",
                "Show all",
            ),
            NOT_REACHED: EmptyState(
                "phone-call",
                "Everybody was reached",
                "Whoever was tried without an answer is listed here until somebody gets through.",
                "Show all",
            ),
        }
        for state in self.done.values():
            state.pressed.connect(self._show_all)
            self._sheets.addWidget(state)
        self._left = QWidget()
        column = spaced(QVBoxLayout(self._left), 10)
        column.addWidget(self.search)
        column.addWidget(self.way)
        column.addWidget(FlowRow(tuple(self.chips.values())))
        self._sheet = sheets.Edged(self._sheets, 8)
        column.addWidget(self._sheet, 1)
        self._put_together([self.header, self.trouble], self._left, instead=self.nothing)

    def _list_place(self) -> QWidget:
        return self.list

    def _turn(self) -> None:
        super()._turn()
        roomy, policy = theme.roomy(), QSizePolicy.Policy
        if roomy:
            self._left.setFixedWidth(theme.px(_LIST_WIDTH))
        else:
            self._left.setMinimumWidth(0)
            self._left.setMaximumWidth(16_777_215)
        self._left.setSizePolicy(policy.Fixed if roomy else policy.Preferred, policy.Preferred)
        self._sheet.setMinimumHeight(theme.px(240))
        self.card.setMinimumHeight(theme.px(240 if roomy else 330))

    # ---- what is shown

    def refresh(self) -> None:
        """Read the directory and the card anew."""
        if self.desk.jobs.home is None:
            return
        if self._directory is None and not self._which:
            # what the list begins with is there at once, however many there are
            by = str(self.way.value)
            self._read(lambda store: entries.begin(store, by))
        else:
            self._read(entries.read)
        self.card.refresh()

    def _read(self, read: Callable[[Store], Directory]) -> None:
        self.desk.jobs.read(
            read, self._show, self._fail, latest=(id(self), "directory"), owner=self
        )

    def _read_rest(self) -> None:
        if self.desk.jobs.home is not None:
            self._read(entries.read)

    def _fail(self, error: UserError) -> None:
        words = " ".join(part for part in (error.what, error.do) if part)
        self.trouble.say("late", words, "Try again")

    def _show(self, found: Directory) -> None:
        first = self._directory is None
        self.trouble.hide()
        self._directory = found
        self._bodies.setCurrentIndex(0 if found.entries else 1)
        if found.complete:
            self._count(found)
        self._narrow()
        if first:
            self.filled.emit()
        if not found.complete:
            self._rest.start()

    def _count(self, found: Directory) -> None:
        for which, chip in self.chips.items():
            number = found.counts[which]
            chip.set_count(number)
            if which in _WORK:
                chip.setVisible(number > 0 or self._which == which)

    def _narrow(self) -> None:
        self._pause.stop()
        if self._directory is None:
            return
        by = str(self.way.value)
        found = self._directory.narrowed(self.search.text(), self._which)
        groups = self._directory.grouped(found, by)
        self.list.show_groups(groups, indent=by == "kind")
        self._sheets.setCurrentWidget(self.list if found else self._none())
        self._follow()
        said = f"{len(found)} found"
        if self.search.text() and said != self._said:
            announce(self.list, said)
        self._said = said

    def _none(self) -> EmptyState:
        """Return what stands in the place of an empty list."""
        if self._which in _WORK and not self.search.text().strip():
            return self.done[self._which]
        return self.none_fits

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
        remember_choice(self.desk, "directory-which", self._which)
        self._tick_chips()
        self._narrow()

    def _tick_chips(self) -> None:
        for name, chip in self.chips.items():
            chip.setChecked(name == self._which)

    def _show_all(self) -> None:
        self.search.clear()
        self._choose(self._which)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- going through what is to be checked

    def share(self) -> None:
        """Ask which of the directory shall leave, and for whom."""
        offered = [Offered("The whole directory")]
        directory, shown = self._directory, self.card.record
        if directory is not None and (self._which or self.search.text().strip()):
            found = directory.narrowed(self.search.text(), self._which)
            ids = frozenset(entry.id for entry in found)
            offered.insert(0, Offered(f"Shown in the list, {len(ids)}", only=ids))
        if shown is not None and shown[0] in {"contact", "organisation"}:
            offered.append(
                Offered("Only the one whose card is shown", shown[0], frozenset({shown[1]}))
            )
        offered += [
            Offered("All organisations", "organisation"),
            Offered("All contacts", "contact"),
        ]
        self.sharing = ShareDialog(self.desk, self, offered)
        self.sharing.open()

    def _check(self) -> None:
        """Say that the details on the card are right."""
        if self.stack.currentWidget() is self._scroll:
            self.card.check_today()

    def _check_next(self) -> None:
        """Go on to the next one of the list that is being gone through."""
        if self._which == TO_CHECK:
            self.list.go_to_next()
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

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

    def reopen(self, form: object) -> None:
        """Show a form that was left open."""
        if isinstance(form, OpenForm) and form.about.type == "contact":
            self._open_room().form(ContactForm(self.desk, form.about.record, form.given))
        else:
            super().reopen(form)

    def _add_contact(self) -> None:
        self._open_room().form(ContactForm(self.desk))

    def _change(self, type_name: str, identity: int) -> None:
        if type_name == "contact":
            self._open_room().form(ContactForm(self.desk, identity))
        else:
            super()._change(type_name, identity)

    def _saved(self, saved: Saved) -> None:
        if saved.type in _ON_CARD:
            self.desk.open(saved.type, saved.id)
