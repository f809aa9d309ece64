"""The audit page: who changed, opened, printed and exported what, and who signed in."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import ClassVar, Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from liaison.records import all_specs
from liaison.records.rules import times
from liaison.security.roles import Action, may, who_may
from liaison.services.audit import Line, Lines
from liaison.store.audit import Key
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.page import Page
from liaison.ui.pages.audit import facts
from liaison.ui.pages.audit.detail import Detail
from liaison.ui.pages.audit.erasing import EraseDialog
from liaison.ui.pages.audit.facts import Choices, Content, Filters
from liaison.ui.pages.audit.listing import Listing
from liaison.ui.parts.as_known import AsKnown
from liaison.ui.widgets import (
    Button,
    Card,
    ComboBox,
    DateField,
    EmptyState,
    FilterChip,
    FlowRow,
    OneOf,
    PageHeader,
    ScrollPage,
    spaced,
)

_SUBTITLE: Final = (
    "What was changed, opened, printed and taken out, and who signed in. Newest first."
)
_WHATS: Final = (
    ("all", "Everything"),
    ("changes", "Changes"),
    ("opened", "Opened"),
    ("out", "Printed, exported, backed up"),
    ("sign-ins", "Sign-ins"),
    ("roles", "Roles"),
)
_DETAIL: Final = 380
_DAY: Final = 210
_LIST_LEAST: Final = 260


class AuditPage(Page):
    """The audit; for managers."""

    name: ClassVar[str] = "audit"
    title: ClassVar[str] = "Audit"
    icon: ClassVar[str] = "history"
    roles: ClassVar[frozenset[str]] = frozenset(who_may(Action.AUDIT))
    reads: ClassVar[frozenset[str]] = frozenset({"access_event", "person"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.filters = Filters()
        self._next: Key | None = None
        self._reading = False
        self._offered: Choices | None = None
        self.known: AsKnown | None = None
        self.dialog: EraseDialog | None = None
        self.print = Button("Print a summary", "printer")
        self.print.clicked.connect(lambda *_: desk.go("reports", {"report": "audit-summary"}))
        self.header = PageHeader("Audit", _SUBTITLE, [self.print])
        self.what = ComboBox(list(_WHATS))
        self.person = ComboBox([(0, "Everybody")])
        self.type = ComboBox([("", "Every kind of record")])
        self.days = ComboBox(list(facts.PERIODS))
        self.day = DateField(
            lambda text: times.parse_date(text, today=desk.today()),
            times.show_date,
            "Such as 1 Nov 2026",
            today=desk.today,
        )
        self.day.setAccessibleName("Day")
        self.day.setFixedWidth(theme.px(_DAY))
        self.day.changed.connect(lambda _: self._filter())
        self.record = FilterChip("", closable=True)
        self._name_filters()
        self.bar = FlowRow(
            [self.what, self.person, self.type, self.days, self.day, self.record], gap=8
        )
        self._show_filters()
        self.list = Listing()
        self.list.looked_at.connect(self._look)
        self.list.opened.connect(self._open)
        self.list.more_wanted.connect(self._read_more)
        self.nothing = EmptyState(
            "history", "Nothing of that", "Choose fewer filters or a longer time."
        )
        self.shown = OneOf()
        self.shown.addWidget(self.list)
        self.shown.addWidget(self.nothing)
        self.card = Card()
        self.card.add(self.shown)
        self.detail = Detail(can_erase=may(desk.person.role, Action.ERASE))
        self.detail.open_asked.connect(self._open)
        self.detail.known_asked.connect(self._show_known)
        self.detail.history_asked.connect(self._show_record)
        self.detail.erase_asked.connect(self._ask_what_to_erase)
        self._row = spaced(QBoxLayout(QBoxLayout.Direction.LeftToRight), 16)
        self._row.addWidget(self.card, 1)
        self._row.addWidget(self.detail)
        # where text is large the whole page scrolls
        sheet = ScrollPage(spacing=14)
        sheet.body.addWidget(self.header)
        sheet.body.addWidget(self.bar)
        sheet.body.addLayout(self._row, 1)
        spaced(QVBoxLayout(self), 0).addWidget(sheet)
        self._fit()

    def _name_filters(self) -> None:
        for box, name in (
            (self.what, "What"), (self.person, "Who"), (self.type, "Kind of record"),
            (self.days, "When"),
        ):  # fmt: skip
            box.setAccessibleName(name)
            box.changed.connect(lambda _: self._filter())
        self.record.setAccessibleDescription("Press to see all records again")
        self.record.hide()
        self.record.clicked.connect(lambda *_: self._show_record(None))

    # ---- what is asked for

    def _filter(self) -> None:
        what, person, kind, days = (
            box.value for box in (self.what, self.person, self.type, self.days)
        )
        self.filters = dataclasses.replace(
            self.filters,
            what=str(what),
            person=person if isinstance(person, int) else 0,
            type=str(kind or ""),
            days=days if isinstance(days, int) else 0,
            day=self.day.value if isinstance(self.day.value, dt.date) else None,
        )
        self.type.setEnabled(self.filters.what in {"all", "changes"})
        self.day.setVisible(days == facts.ONE_DAY)
        if days == facts.ONE_DAY and self.filters.day is None:
            self.day.setFocus()
            return
        self.refresh()

    def _show_record(self, line: Line | None) -> None:
        """Show only what is about one record, or everything again."""
        if line is None:
            self.filters = dataclasses.replace(self.filters, record=None, title="")
        else:
            self.filters = Filters(record=(line.type, line.rec), title=line.about)
            self._show_filters()
        self.record.words = self.filters.title
        self.record.set_count(None)
        self.record.setAccessibleName(f"Only about {self.filters.title}")
        self.record.setChecked(line is not None)
        self.record.setVisible(line is not None)
        self.refresh()

    def _show_filters(self) -> None:
        now = self.filters
        self.what.set_value(now.what)
        self.person.set_value(now.person)
        self.type.set_value(now.type)
        self.days.set_value(now.days)
        self.type.setEnabled(now.what in {"all", "changes"})
        self.day.setVisible(now.days == facts.ONE_DAY)

    def show_argument(self, argument: object) -> None:
        """Show what is about one record: ``{"record": (type, id), "title": words}``."""
        if isinstance(argument, Mapping) and isinstance(argument.get("record"), tuple):
            type_name, identity = argument["record"]
            words = str(argument.get("title", ""))
            label = all_specs()[type_name].label
            now = self.desk.now()
            self._show_record(Line((0, 0), now, "", "", "", type_name, identity, label, words))

    # ---- reading

    def refresh(self) -> None:
        """Read the newest lines, and what the filters offer."""
        asked = facts.asked_for(self.filters, self.desk.today())
        self._reading = True
        jobs, me = self.desk.jobs, (id(self), "audit")
        jobs.read(facts.choices, self._offer, owner=self)
        jobs.read(lambda store: facts.page(store, asked, None), self._show, latest=me, owner=self)

    def _offer(self, offered: Choices) -> None:
        if offered == self._offered:
            return
        self._offered = offered
        for box, first, choices in (
            (self.person, (0, "Everybody"), offered.people),
            (self.type, ("", "Every kind of record"), offered.types),
        ):
            box.set_choices([first, *choices])

    def _show(self, page: Lines) -> None:
        self._reading = False
        self._next = page.next
        self.list.show_lines(page.lines)
        self.shown.setCurrentWidget(self.list if page.lines else self.nothing)
        if not page.lines:
            self.detail.show_line(None)
        self.filled.emit()

    def _read_more(self) -> None:
        if self._next is None or self._reading:
            return
        self._reading = True
        asked, after = facts.asked_for(self.filters, self.desk.today()), self._next
        self.desk.jobs.read(
            lambda store: facts.page(store, asked, after),
            self._add,
            latest=(id(self), "audit"),
            owner=self,
        )

    def _add(self, page: Lines) -> None:
        self._reading = False
        self._next = page.next
        self.list.add_lines(page.lines)

    # ---- one line

    def _look(self, line: Line | None) -> None:
        self.detail.show_line(line)

    def _open(self, line: Line) -> None:
        spec = all_specs().get(line.type)
        if spec is not None and spec.cls is not None and line.rec:
            self.desk.open(line.type, line.rec)

    def _show_known(self, line: Line) -> None:
        self.known = AsKnown(self.desk, (line.type, line.rec), line.title, self.detail.known)
        self.known.open()

    def _ask_what_to_erase(self, line: Line) -> None:
        what = line.type, line.rec

        def ask(contents: tuple[Content, ...]) -> None:
            self.dialog = EraseDialog(self.desk, what, line.about, contents, self.window())
            self.dialog.erased.connect(self.refresh)
            self.dialog.open()

        self.desk.jobs.read(lambda store: facts.contents(store, *what), ask, owner=self)

    # ---- text size

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_row"):
            self._fit()

    def _fit(self) -> None:
        way = QBoxLayout.Direction
        self.list.setMinimumHeight(theme.px(_LIST_LEAST))
        self.day.setFixedWidth(theme.px(_DAY))
        if theme.roomy():
            self._row.setDirection(way.LeftToRight)
            self.detail.setFixedWidth(theme.px(_DETAIL))
        else:
            self._row.setDirection(way.TopToBottom)
            self.detail.setMinimumWidth(0)
            self.detail.setMaximumWidth(16_777_215)
