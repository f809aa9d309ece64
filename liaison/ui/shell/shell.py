"""The window once a home is open: sidebar, header, banner, pages, toasts, and the keys for them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from liaison.services import permissions
from liaison.settings import SMALLEST_TEXT
from liaison.ui import theme
from liaison.ui.pages import PAGES, page_class
from liaison.ui.parts.exchanging import of_save
from liaison.ui.parts.glossary import Glossary
from liaison.ui.shell import places, shortcuts
from liaison.ui.shell.answers import Answers
from liaison.ui.shell.dropping import Dropping
from liaison.ui.shell.header import Header
from liaison.ui.shell.look import STEP, Look, larger
from liaison.ui.shell.said import Said
from liaison.ui.shell.search_box import SearchBox
from liaison.ui.shell.shortcuts import ShortcutSheet
from liaison.ui.shell.sidebar import Sidebar
from liaison.ui.shell.still_open import StillOpen
from liaison.ui.shell.syncing_popover import ExchangePopover
from liaison.ui.shell.warming import Warming
from liaison.ui.widgets import Banner, EmptyState, spaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.errors import UserError
    from liaison.ui.desk import Desk
    from liaison.ui.page import Page

FIRST_PAGE: Final = "today"
_CONCERN: Final = "concern"
_MOST_BACK: Final = 50
_OFF_THE_LIST: Final = ("record-visit", "settings")
"""Pages that one often goes to from elsewhere than the sidebar's list."""
_LEAST_WIDTH: Final = 1060
"""Below this width (at 100 %) the sidebar shows icons alone."""

_LOOK: Final = places.Place("look", "Text size", "a-large-small")
_LOCK: Final = places.Place("lock", "Lock this PC", "lock")


@dataclasses.dataclass(frozen=True, slots=True)
class _Visit:
    page: str
    argument: object = None


@dataclasses.dataclass(frozen=True, slots=True)
class Where:
    """Where somebody was when the home was locked, to go on there when they come back.

    Args:
        page: The page that was in front.
        argument: What it showed.
        form: The form that was open on it, as the page understands it; None for none.
    """

    page: str
    argument: object = None
    form: object = None


class Shell(QWidget):
    """The window once a home is open.

    Args:
        desk: What every page is given.
        home: The home's name.
        pages: The pages there are: name to "module:Class".
        first: The page that will be gone to first. What it shows is read while the rest of the
            window is made, if the home is open; else see :meth:`wake`.
    """

    locking = Signal()
    """Somebody wants to lock the home."""
    switching = Signal()
    """Somebody else wants to sign in."""
    changing_password = Signal()
    """Whoever is here wants another password."""
    page_filled = Signal(str)
    """A page shows what it reads at first."""

    def __init__(
        self, desk: Desk, home: str, pages: Mapping[str, str] = PAGES, first: str = ""
    ) -> None:
        super().__init__()
        self.desk = desk
        self._pages = pages
        self._built: dict[str, Page] = {}
        self._stale: set[str] = set()
        self._back: list[_Visit] = []
        self._now: _Visit | None = None
        self._warmed = False
        self._sized = ""
        """The text size that was asked for, in words, until the page has it."""
        self.look: Look | None = None
        """The popover of the person's name, while it is open."""
        self.exchange: ExchangePopover | None = None
        """The popover of what is said of the other PCs, while it is open."""
        if first in pages and desk.person.role in page_class(first, pages).roles:
            self._make(first, page_class(first, pages))
            if desk.jobs.home is not None:
                self._refresh(first)
        there = frozenset(pages)
        foot = [places.SETTINGS] if "settings" in there and desk.person.role == "manager" else []
        self.sidebar = Sidebar(home, places.groups(desk.person.role, there), [*foot, _LOOK, _LOCK])
        types = [
            name
            for name, page in places.SHOWN_ON.items()
            if page in there and (page != "settings" or foot)
        ]
        self.search = SearchBox(desk, types)
        self.header = Header(desk, self.search)
        self.banner = Banner("late", "", closable=True)
        self.banner.hide()
        self._stack = QStackedWidget()
        self.glossary = Glossary(desk, self)
        self._lay_out()
        for page in self._built.values():
            # where it belongs, even if another is gone to at once
            self._stack.addWidget(page)
        self._connect()
        Dropping(desk, self)
        self._fit()

    def _lay_out(self) -> None:
        self._over = QWidget()
        spaced(QVBoxLayout(self._over), 0, (24, 16, 24, 0)).addWidget(self.banner)
        self._over.hide()
        self.answers = Answers(self.desk)
        # where no count is shown nobody counts
        counted = self.sidebar.item("loops") is not None
        self.still_open = StillOpen(self.desk, self) if counted else None
        self._beside = QWidget()
        self.said = Said(self._beside, self)
        right = QVBoxLayout(self._beside)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.header)
        right.addWidget(self._over)
        right.addWidget(self.answers)
        right.addWidget(self._stack, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.sidebar)
        whole.addWidget(self._beside, 1)

    def _connect(self) -> None:
        desk = self.desk
        self.sidebar.chosen.connect(self._chosen)
        self.header.asked.connect(lambda: self.show_look(self.header.person))
        theme.current().changed.connect(self._tell_size)
        self.header.more.connect(self.show_exchange)
        self.header.worried.clicked.connect(self._worry)
        # who has it in the sidebar needs no second one
        if self.sidebar.item(_CONCERN) is not None or not self._may_worry:
            self.header.worried.hide()
        self.banner.closed.connect(self._over.hide)
        desk.opened.connect(self.open_record)
        self.search.went_on.connect(self._to_page)
        desk.went.connect(self.go)
        desk.said.connect(self._say)
        desk.troubled.connect(self.trouble)
        desk.counted.connect(self._count)
        if desk.jobs.home is not None:
            # made ahead, it has nothing to say of what goes wrong at the door
            desk.jobs.trouble.connect(self.trouble)
        desk.jobs.changed.connect(self._changed)
        for keys, act in (
            (shortcuts.SEARCH, self._to_search),
            (shortcuts.UNDO, self.said.undo_last),
            (shortcuts.BACK, self.back),
            (shortcuts.WORRIED, self._worry),
            (shortcuts.LOCK, self.locking.emit),
            (shortcuts.SHEET, self.show_shortcuts),
            (shortcuts.LARGER, lambda: self._resize_text(STEP)),
            ("Ctrl+=", lambda: self._resize_text(STEP)),
            (shortcuts.SMALLER, lambda: self._resize_text(-STEP)),
            (shortcuts.ORDINARY, lambda: self._resize_text(SMALLEST_TEXT - 1000)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            # asked again, locking leaves behind what could not be kept: nobody does by holding keys down
            shortcut.setAutoRepeat(keys != shortcuts.LOCK)
            shortcut.activated.connect(act)
        for number, page in enumerate(self.sidebar.pages[:9], 1):
            QShortcut(QKeySequence(f"Ctrl+{number}"), self).activated.connect(
                partial(self.go, page)
            )

    # ---- pages

    @property
    def page(self) -> Page | None:
        """The page in front."""
        return self._built.get(self._now.page) if self._now is not None else None

    @property
    def built(self) -> tuple[str, ...]:
        """The names of the pages that were made so far."""
        return tuple(self._built)

    def wake(self) -> None:
        """Read what could not be read while this was made: the home is open now."""
        self.desk.jobs.trouble.connect(self.trouble)
        # before the first page: what is made for that can explain its abbreviations at once
        self.glossary.read()
        for name in self._built:
            self._refresh(name)
        self.answers.read()

    def start(self, page: str = FIRST_PAGE) -> None:
        """Show the first page: the one asked for, or the first that there is."""
        listed = self.sidebar.pages
        if page in self._pages:
            self.go(page)
        elif listed:
            self.go(listed[0])
        else:
            words = "The pages of this home are not installed."
            self._stack.addWidget(EmptyState("info", "Nothing to show yet", words))
        # where Tab goes on is the page, not the sidebar
        self._stack.setFocus(Qt.FocusReason.OtherFocusReason)

    def where(self) -> Where | None:
        """Return where one is; None if no page is open."""
        if self._now is None or self.page is None:
            return None
        return Where(self._now.page, self._now.argument, self.page.open_form())

    def come_back(self, where: Where) -> None:
        """Show what somebody left, with the form that was open."""
        self._show(_Visit(where.page, where.argument))
        if where.form is not None and self.page is not None and self.page.name == where.page:
            self.page.reopen(where.form)
        self._stack.setFocus(Qt.FocusReason.OtherFocusReason)

    def go(self, name: str, argument: object = None) -> None:
        """Show a page.

        Args:
            name: Its name in the table of pages; one that is not there is said so.
            argument: What it is to show.
        """
        page = self._front(_Visit(name, argument))
        if page is not None and argument is None:
            page.show_start()
        elif page is not None:
            page.show_argument(argument)

    def open_record(self, type_name: str, identity: int) -> None:
        """Show a record on the page of its type."""
        name = places.SHOWN_ON.get(type_name, "")
        page = self._front(_Visit(name, (type_name, identity)))
        if page is not None:
            page.show_record(type_name, identity)

    def back(self) -> None:
        """Show the page before."""
        if not self._back:
            return
        visit = self._back.pop()
        self._now = None
        self._show(visit)

    def _show(self, visit: _Visit) -> None:
        match visit.argument:
            case (str() as type_name, int() as identity):
                self.open_record(type_name, identity)
            case argument:
                self.go(visit.page, argument)

    def _front(self, visit: _Visit) -> Page | None:
        if visit.page not in self._pages:
            self.trouble_words("There is no page for this in this version of Liaison.")
            return None
        page = self._built.get(visit.page)
        if page is None:
            made = page_class(visit.page, self._pages)
            if self.desk.person.role not in made.roles:
                self.trouble_words(f"{made.title} is for other roles. Ask a manager.")
                return None
            page = self._make(visit.page, made)
        if self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        if self._now is not None and self._now.page != visit.page:
            self.said.page_left()
        if self._now is not None and self._now != visit:
            self._back = [*self._back[-_MOST_BACK:], self._now]
        self._now = visit
        self._stack.setCurrentWidget(page)
        self.sidebar.show_open(visit.page)
        self.answers.show_page(visit.page)
        if self.still_open is not None:
            self.still_open.show_page(visit.page)
        self._refresh(visit.page)
        return page

    def _make(self, name: str, made: type[Page]) -> Page:
        page = made(self.desk)
        page.filled.connect(lambda: self.page_filled.emit(name))
        self._built[name] = page
        self._stale.add(name)
        return page

    def warm(self) -> None:
        """Make the pages that one can go to ready in idle moments; once is enough."""
        if self._warmed:
            return
        self._warmed = True
        names = [name for name in (*self.sidebar.pages, *_OFF_THE_LIST) if name in self._pages]
        Warming(self, names, self._pages).start()

    def make_ready(self, name: str) -> None:
        """Make a page that nobody has gone to yet; it reads what it shows when they do."""
        if self.desk.jobs.home is None:
            # the window is being closed
            return
        made = page_class(name, self._pages)
        if name not in self._built and self.desk.person.role in made.roles:
            self._stack.addWidget(self._make(name, made))

    def _changed(self, touched: frozenset[str]) -> None:
        for name, page in self._built.items():
            if page.reads & touched:
                self._stale.add(name)
        if self._now is not None:
            self._refresh(self._now.page)

    def _refresh(self, name: str) -> None:
        if name in self._stale:
            self._stale.discard(name)
            self._built[name].refresh()

    def _count(self, page: str, waiting: int) -> None:
        if (item := self.sidebar.item(page)) is not None:
            item.set_count(waiting)

    def _chosen(self, name: str) -> None:
        if name == "lock":
            self.locking.emit()
        elif name == "look":
            item = self.sidebar.item("look")
            self.show_look(item if item is not None else self.header.person, sizing=True)
        else:
            self.go(name)

    # ---- what is said

    def _say(self, words: str, undo: Callable[[], object] | None) -> None:
        """Say what was done; what can be taken back was saved, which may stay on this PC."""
        saved = undo is not None
        self.said.say(of_save(words, self.desk.exchange) if saved else words, undo)

    def trouble(self, error: UserError) -> None:
        """Say what went wrong, what is kept and what to do."""
        self.trouble_words(str(error))

    def trouble_words(self, words: str) -> None:
        """Say in the banner that something is the matter."""
        self._over.show()
        self.banner.say("late", words)

    # ---- keys and looks

    def show_shortcuts(self) -> None:
        """Show the sheet of shortcuts."""
        words = {
            place.page: place.word
            for group in places.GROUPS[self.desk.person.role]
            for place in group.places
        }
        pages = [(f"Ctrl+{n}", words[name]) for n, name in enumerate(self.sidebar.pages[:9], 1)]
        page = self.page
        own = page.shortcuts if page is not None else ()
        title = page.title if page is not None else ""
        sheet = ShortcutSheet(self.window(), pages, own, title)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    def show_look(self, anchor: QWidget, *, sizing: bool = False) -> None:
        """Show lock, switch, password, text size and theme in a popover.

        Args:
            anchor: What it points at.
            sizing: Whether the text size is what somebody wants there.
        """
        self.look = Look(self.desk, anchor, sizing=sizing)
        self.look.locking.connect(self.locking)
        self.look.switching.connect(self.switching)
        self.look.changing_password.connect(self.changing_password)
        self.look.shortcuts.connect(self.show_shortcuts)
        self.look.closed.connect(self._look_closed)
        self.look.open()

    def show_exchange(self) -> None:
        """Show in a popover how the other PCs stand."""
        self.exchange = ExchangePopover(self.desk, self.header.saved)
        self.exchange.closed.connect(self._exchange_closed)
        self.exchange.open()

    def _exchange_closed(self) -> None:
        self.exchange = None

    def _look_closed(self) -> None:
        self.look = None

    def _to_page(self) -> None:
        """Give the page the keyboard, unless it has taken it by itself."""
        page, focus = self.page, QApplication.focusWidget()
        if page is None or (focus is not None and page.isAncestorOf(focus)):
            return
        self._stack.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _may_worry(self) -> bool:
        return _CONCERN in self._pages and permissions.may_add(self.desk.person.role, _CONCERN)

    def _worry(self) -> None:
        if self._may_worry:
            self.go(_CONCERN)

    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _resize_text(self, by: int) -> None:
        changed = larger(self.desk.settings, by)
        if changed != self.desk.settings:
            self._sized = f"Text size {changed.text_size} %."
            self.desk.set(changed)
            if theme.scale() == changed.text_size / 100:
                self._tell_size()

    def _tell_size(self) -> None:
        """Say the text size together with the page: that is laid out once the keys rest."""
        words, self._sized = self._sized, ""
        if words:
            self.said.say(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the window's width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_over"):
            self._fit()

    def _fit(self) -> None:
        narrow = not theme.roomy() or self.width() < theme.px(_LEAST_WIDTH)
        self.sidebar.set_narrow(narrow)
        self.header.set_narrow(narrow)
