"""A list of any record type: searched, filtered, sorted, its columns chosen and remembered."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from liaison.records import all_specs
from liaison.records.kinds import Kind
from liaison.services import lists
from liaison.services.lists import Sorting
from liaison.ui import theme
from liaison.ui.parts import sheets
from liaison.ui.parts.column_choice import ColumnPopover
from liaison.ui.parts.filters import Filters
from liaison.ui.parts.last_chosen import last_filters, remember_filters
from liaison.ui.parts.listing import Listing
from liaison.ui.parts.model import LazyModel
from liaison.ui.parts.suggestions import PickLine
from liaison.ui.parts.table import Table
from liaison.ui.widgets import (
    Banner,
    Button,
    EmptyState,
    FilterChip,
    FlowRow,
    Text,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liaison.errors import UserError
    from liaison.records import RecordSpec
    from liaison.records.vocabularies import Vocabularies
    from liaison.services.lists import Column, Count
    from liaison.store.query import Condition
    from liaison.store.store import Store
    from liaison.ui.desk import Desk

_PAUSE_MS: Final = 180
_FILTERS_IN_SIGHT: Final = 4
_IN_SIGHT: Final = frozenset({Kind.CHOICE, Kind.BOOL})


@dataclasses.dataclass(frozen=True, slots=True)
class Empty:
    """What a list says while there is nothing in it.

    Args:
        icon: A Lucide name.
        title: Plain words.
        words: What will appear here and how it starts.
        action: The verb of its button; empty for none.
    """

    icon: str
    title: str
    words: str = ""
    action: str = ""


class RecordList(QWidget):
    """A list of records of one type.

    Args:
        desk: The desk.
        type_name: The record type.
        where: What must hold for every record in it.
        name: What this list's columns are remembered by, where a type has several lists.
        empty: What it says while there is nothing in it.
        columns: The columns it has until somebody chooses others; the type's own unless given.
    """

    opened = Signal(str, object)
    """Somebody opened this record: its type and id."""
    looked_at = Signal(object)
    """The current row is this record now (an id); None if there is none."""
    adding = Signal()
    """Somebody pressed the button of the empty list."""

    def __init__(
        self,
        desk: Desk,
        type_name: str,
        where: Sequence[Condition] = (),
        *,
        name: str = "",
        empty: Empty | None = None,
        columns: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.spec: RecordSpec = all_specs()[type_name]
        self._usual = tuple(columns)
        self._where = tuple(where)
        self._name = f"{name or type_name}/{desk.person.id}"
        self._shown = self._remembered()
        self._sorting = lists.default_sorting(self.spec)
        self._asked_for: Listing | None = None
        self._stay: int | None = None
        plural = self.spec.plural

        self.model = LazyModel(desk.jobs, self)
        self.table = Table(self.model, plural)
        self.search = PickLine("search", f"Search {plural.lower()}")
        self.search.setAccessibleName(f"Search {plural.lower()}")
        self.search.setMinimumWidth(theme.px(160))
        self.count = Text("", "secondary")
        self.filters = Filters(desk)
        self.archived = FilterChip("Archived too")
        self._begin_as_last()
        self.sort = Button("", "arrow-up-down", small=True)
        self.columns = Button("Columns", "columns-3", small=True)
        self._sort_menu = QMenu(self)
        self.sort.setMenu(self._sort_menu)
        self.banner = Banner("late", "", "Try again")
        self.banner.hide()
        self._lay_out(empty)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)

        self._pause.timeout.connect(self.refresh)
        self.search.textEdited.connect(lambda _: self._pause.start())
        self.search.returnPressed.connect(self._enter)
        self.filters.changed.connect(lambda _: self._filtered())
        self.archived.toggled.connect(lambda _: self._filtered())
        self.columns.clicked.connect(self._choose_columns)
        self.banner.pressed.connect(self.refresh)
        self.table.chosen.connect(lambda identity: self.opened.emit(type_name, identity))
        self.table.looked_at.connect(self.looked_at)
        self.table.typed.connect(self._type_ahead)
        self.table.sort_asked.connect(self._sort_by_column)
        self.model.arrived.connect(self._arrived)
        self.model.failed.connect(self._fail)
        desk.jobs.changed.connect(self._written)
        self.setAccessibleName(plural)
        self.setFocusProxy(self.table)
        self._fill_sort_menu()
        desk.jobs.read(lambda store: store.vocabularies, self._offer_filters, owner=self)
        self.refresh()

    def _lay_out(self, empty: Empty | None) -> None:
        top = spaced(QHBoxLayout(), 8)
        top.addWidget(self.search, 1)
        top.addWidget(self.sort)
        top.addWidget(self.columns)
        below = spaced(QHBoxLayout(), 8)
        below.addWidget(self.filters, 1)
        below.addWidget(self.archived, 0, Qt.AlignmentFlag.AlignTop)
        plural = self.spec.plural.lower()
        told = empty or Empty("list", f"No {plural} yet", "They appear here once they are added.")
        self.nothing = EmptyState(
            told.icon, told.title, told.words, told.action, action_icon="plus"
        )
        self.nothing.pressed.connect(self.adding)
        self.none_fits = EmptyState(
            "search-x",
            f"No {plural} like that",
            "Try fewer words, or take the filters away.",
            "Show all of them",
        )
        self.none_fits.pressed.connect(self.show_all)
        self.pages = QStackedWidget()
        for part in (self.table, self.nothing, self.none_fits):
            self.pages.addWidget(part)
        card = sheets.Edged(self.pages)
        self.foot = FlowRow((self.count,))
        column = spaced(QVBoxLayout(self), 10)
        column.addLayout(top)
        column.addLayout(below)
        column.addWidget(self.banner)
        column.addWidget(card, 1)
        column.addWidget(self.foot)

    # ---- what is shown

    @property
    def listing(self) -> Listing:
        """The list as it is asked for now."""
        return Listing(
            self.spec,
            self._shown,
            self._where,
            dict(self.filters.chosen),
            self._sorting,
            archived=self.archived.isChecked(),
            typed=self.search.text(),
        )

    @property
    def current(self) -> int | None:
        """The record of the current row; None if there is none."""
        index = self.table.currentIndex()
        return self.model.identity(index.row()) if index.isValid() else None

    def refresh(self) -> None:
        """Read the list anew; the current row stays current."""
        self._pause.stop()
        if self.desk.jobs.home is None:
            return
        listing = self.listing
        self._stay = self.current
        self._asked_for = listing
        self.model.show(listing)
        self.desk.jobs.read(
            functools.partial(_counted, listing),
            self._show_count,
            self._fail,
            latest=(id(self), "count"),
            owner=self,
        )

    def _begin_as_last(self) -> None:
        """Filter as whoever sits here did the last time."""
        chosen, archived = last_filters(self.desk, self._name, self.spec)
        fixed = {condition.field for condition in self._where}
        self.filters.begin_with({n: v for n, v in chosen.items() if n not in fixed})
        self.archived.setChecked(archived)

    def _filtered(self) -> None:
        remember_filters(
            self.desk, self._name, self.spec, self.filters.chosen,
            archived=self.archived.isChecked(),
        )  # fmt: skip
        self.refresh()

    def set_where(self, where: Sequence[Condition]) -> None:
        """Show other records: those for which this holds."""
        self._where = tuple(where)
        self.refresh()

    def show_record(self, identity: int) -> None:
        """Make a record the current row, as soon as it is known where it is."""
        row = self.model.find(identity)
        if row >= 0:
            self.table.go_to(row)
        else:
            self._stay = identity

    def show_all(self) -> None:
        """Take away what narrows the list."""
        self.search.clear()
        self.filters.clear()
        self.refresh()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _narrowed(self) -> bool:
        return bool(self.search.text().strip() or self.filters.chosen)

    def _arrived(self) -> None:
        self.banner.hide()
        empty = self.model.rowCount() == 0
        if not empty:
            self.pages.setCurrentWidget(self.table)
        else:
            self.pages.setCurrentWidget(self.none_fits if self._narrowed else self.nothing)
        self.table.take_heads(self._sorting.column, descending=self._sorting.newest_first)
        row = -1 if self._stay is None else self.model.find(self._stay)
        self._stay = None
        if row >= 0:
            self.table.go_to(row)
        elif empty:
            self.looked_at.emit(None)

    def _show_count(self, count: Count) -> None:
        words = f"{count.words} {_noun(self.spec, count)}"
        words = words[:1].upper() + words[1:]
        if words != self.count.text():
            self.count.setText(words)
            if self._narrowed:
                announce(self.table, words)

    def _fail(self, error: UserError) -> None:
        words = " ".join(part for part in (error.what, error.do) if part)
        self.banner.say("late", words, "Try again")

    def _written(self, touched: frozenset[str]) -> None:
        read = {self.spec.name, *(c.field.target for c in self._shown if c.field.target)}
        if read & touched:
            self.refresh()

    # ---- keyboard

    def _type_ahead(self, letters: str) -> None:
        """Search for what is typed on the list: it may be far longer than what is in sight."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.setText(letters)
        self.search.end(False)
        self._pause.start()

    def _enter(self) -> None:
        """Go from the search into the list."""
        if self._pause.isActive():
            self.refresh()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- sorting

    @property
    def sorting(self) -> Sorting:
        """What the list is sorted by."""
        return self._sorting

    def sort_by(self, sorting: Sorting) -> None:
        """Sort by something else."""
        if sorting != self._sorting:
            self._sorting = sorting
            self._fill_sort_menu()
            self.refresh()

    def _sort_by_column(self, number: int) -> None:
        column = self._shown[number]
        if not column.sortable:
            return
        again = column.name == self._sorting.column
        first = lists.Sorting(column.name, newest_first=column.field.kind in _LATEST_FIRST)
        turned = dataclasses.replace(self._sorting, newest_first=not self._sorting.newest_first)
        self.sort_by(turned if again else first)

    def _fill_sort_menu(self) -> None:
        self._sort_menu.clear()
        for column in lists.columns(self.spec):
            if not column.sortable:
                continue
            for down, words in enumerate(_WAYS.get(column.field.kind, _WAYS[Kind.TEXT])):
                sorting = Sorting(column.name, newest_first=bool(down))
                self._sort_action(f"{column.label}, {words}", sorting)
        self._sort_action("As they were written, newest first", Sorting())
        self._sort_action("As they were written, oldest first", Sorting(newest_first=False))

    def _sort_action(self, words: str, sorting: Sorting) -> None:
        action = QAction(words.replace("&", "&&"), self._sort_menu)
        action.setCheckable(True)
        action.setChecked(sorting == self._sorting)
        action.triggered.connect(lambda *_: self.sort_by(sorting))
        self._sort_menu.addAction(action)
        if sorting == self._sorting:
            self.sort.set_words(words)
            self.sort.setAccessibleName(f"Sorted by {words}")

    # ---- columns

    def _remembered(self) -> tuple[Column, ...]:
        chosen = self.desk.settings.columns.get(self._name, ())
        usual = lists.default_columns(self.spec) or lists.chosen_columns(self.spec, self.spec.title)
        usual = lists.chosen_columns(self.spec, self._usual) or usual
        return lists.chosen_columns(self.spec, chosen) or usual

    @property
    def shown_columns(self) -> tuple[str, ...]:
        """The names of the columns that are shown."""
        return tuple(column.name for column in self._shown)

    def show_columns(self, names: Sequence[str]) -> None:
        """Show other columns and remember them, for this person on this PC."""
        shown = lists.chosen_columns(self.spec, names)
        if shown and shown != self._shown:
            self._shown = shown
            chosen = tuple(column.name for column in shown)
            self.desk.set(self.desk.settings.with_columns(self._name, chosen))
            self.refresh()

    def _choose_columns(self) -> None:
        ColumnPopover(self).open()

    # ---- filters

    def _offer_filters(self, vocabularies: Vocabularies) -> None:
        offered = lists.filters(self.spec, vocabularies)
        fixed = {condition.field for condition in self._where}
        offered = tuple(f for f in offered if f.field.name not in fixed)
        shown = [c.name for c in self._shown]
        first = [f.field.name for f in offered if f.field.name in shown]
        others = [f.field.name for f in offered if f.field.kind in _IN_SIGHT]
        in_sight = list(dict.fromkeys([*first, *others]))[:_FILTERS_IN_SIGHT]
        self.filters.offer(offered, in_sight, vocabularies)


_LATEST_FIRST: Final = frozenset({Kind.DATE, Kind.TIME})
_WAYS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.TEXT: ("A to Z", "Z to A"),
    Kind.DATE: ("earliest first", "latest first"),
    Kind.TIME: ("earliest first", "latest first"),
    Kind.INT: ("smallest first", "largest first"),
}


def _counted(listing: Listing, store: Store) -> Count:
    if listing.typed.strip():
        found = len(listing.ids(store, None, 0)[0])
        return lists.Count(found, more=False)
    return lists.count(store, listing.query)


def _noun(spec: RecordSpec, count: Count) -> str:
    alone = count.number == 1 and not count.more
    return (spec.label if alone else spec.plural).lower()
