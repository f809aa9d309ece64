"""The page of visits: the diary of a week or the list of all, and the visit that is chosen."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from liaison.records import all_specs
from liaison.records.rules import times
from liaison.services import permissions
from liaison.ui import clock, theme
from liaison.ui.page import Page
from liaison.ui.pages.visits import facts
from liaison.ui.pages.visits.card import Sheet, VisitCard, keep_status
from liaison.ui.pages.visits.days import DayStrip
from liaison.ui.pages.visits.diary import Diary
from liaison.ui.pages.visits.facts import PLANNED, monday_of
from liaison.ui.parts import reason
from liaison.ui.parts.answers import asked_about
from liaison.ui.parts.last_chosen import remembered_tab
from liaison.ui.parts.record_list import Empty, RecordList
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import (
    Banner,
    Button,
    Columns,
    FlowRow,
    IconButton,
    PageHeader,
    ScrollPage,
    Segmented,
    Text,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.pages.visits.facts import VisitFacts, Week

_WEEK = "week"
_LIST = "list"
_COLUMNS = ("at", "professional", "organisation", "status")
"""What the list shows beside a card; who wants more chooses more."""


class VisitsPage(Page):
    """Visits that were and visits that are coming.

    Args:
        desk: The desk.
    """

    name: ClassVar[str] = "visits"
    title: ClassVar[str] = "Visits"
    icon: ClassVar[str] = "stethoscope"
    reads: ClassVar[frozenset[str]] = frozenset(
        {"visit", "visit_entry", "contact", "organisation", "resident"}
    )
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+N", "Record a visit"),
        ("Ctrl+PgUp", "Week before"),
        ("Ctrl+PgDown", "Week after"),
        ("Ctrl+T", "This week"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.monday = monday_of(desk.today())
        self.week: Week | None = None
        self._stay: int | None = None
        self._day: dt.date | None = None
        writes = permissions.may_add(desk.person.role, "visit")
        self.record = Button("Record a visit", "stethoscope", Button.PRIMARY, shortcut="Ctrl+N")
        self.record.clicked.connect(lambda *_: desk.go("record-visit", {}))
        self.plan = Button("Plan a visit", "calendar-plus")
        self.plan.clicked.connect(lambda *_: desk.go("record-visit", {"planned": True}))
        self.header = PageHeader(self.title, "", (self.plan, self.record) if writes else ())
        self.banner = Banner("late", "", "Try again")
        self.banner.hide()
        self.banner.pressed.connect(self.refresh)
        self.view = Segmented([(_WEEK, "Week"), (_LIST, "List")], "How visits are shown")
        self.view.set_value(_WEEK)
        kept = remembered_tab(desk, self.name, self.view, (_WEEK, _LIST))
        self.view.changed.connect(lambda _: self._show_view())
        self.before = IconButton("chevron-left", "Week before", Button.SECONDARY, small=True)
        self.after = IconButton("chevron-right", "Week after", Button.SECONDARY, small=True)
        self.now = Button("This week", small=True)
        self.before.clicked.connect(lambda *_: self.turn(-1))
        self.after.clicked.connect(lambda *_: self.turn(1))
        self.now.clicked.connect(lambda *_: self.show_day(desk.today()))
        self.span = Text("", "card")
        self.days = DayStrip()
        self.days.chosen.connect(self._to_day)
        self.diary = Diary()
        self.diary.turned.connect(self.turn)
        self.diary.looked_at.connect(self._look)
        self.diary.opened.connect(lambda line: self._open(line.id))
        self.list: RecordList | None = None
        self.card = VisitCard(desk)
        self.card.correct_asked.connect(lambda v: desk.go("record-visit", {"visit": v}))
        self.card.record_asked.connect(
            lambda v: desk.go("record-visit", {"visit": v, "happened": True})
        )
        self.card.status_asked.connect(self._ask_status)
        self._lay_out()
        if kept == _LIST:
            self._show_view()
        for keys, act in (
            ("Ctrl+PgUp", functools.partial(self.turn, -1)),
            ("Ctrl+PgDown", functools.partial(self.turn, 1)),
            ("Ctrl+T", lambda: self.show_day(desk.today())),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self.setFocusProxy(self.diary)

    def _lay_out(self) -> None:
        self._turning = FlowRow((self.before, self.now, self.after), gap=6)
        bar = spaced(QHBoxLayout(), 12)
        bar.addWidget(self.view)
        bar.addWidget(self._turning, 0, Qt.AlignmentFlag.AlignVCenter)
        bar.addWidget(self.span)
        bar.addStretch(1)
        self._weekly = QWidget()
        weekly = spaced(QVBoxLayout(self._weekly), 10)
        weekly.addWidget(self.days)
        weekly.addWidget(Sheet(self.diary), 1)
        self._views = QStackedWidget()
        self._views.addWidget(self._weekly)
        left = QWidget()
        column = spaced(QVBoxLayout(left), 12)
        column.addLayout(bar)
        column.addWidget(self._views, 1)
        # large text scrolls the whole page; else only diary and card scroll
        area = ScrollPage(spacing=14)
        spaced(QVBoxLayout(self), 0).addWidget(area)
        whole = area.body
        whole.addWidget(self.header)
        whole.addWidget(self.banner)
        self._columns = Columns([(left, 3), (self.card, 2)])
        whole.addWidget(self._columns, 1)
        self._follow_scale()

    # ---- what is shown

    def show_argument(self, argument: object) -> None:
        """Show a day's week: a date, or ``{"day": date}``."""
        day = argument.get("day") if isinstance(argument, dict) else argument
        if isinstance(day, dt.date):
            self.show_day(day)

    def show_record(self, type_name: str, identity: int) -> None:
        """Show a visit, or the visit a note belongs to, in its week."""

        def find(store: Store) -> tuple[int, dt.date | None]:
            visit = identity
            if type_name == "visit_entry":
                entry = store.follow("visit_entry", identity)
                visit = getattr(entry, "visit", None) or 0
            found = store.follow("visit", visit)
            at = getattr(found, "at", None)
            return visit, times.in_london(at).date() if at is not None else None

        self.desk.jobs.read(
            find, self._found, self.desk.trouble, latest=(id(self), "find"), owner=self
        )

    def _found(self, found: tuple[int, dt.date | None]) -> None:
        identity, day = found
        self._stay = identity
        self.card.show_visit(identity)
        focus = QApplication.focusWidget()
        if focus is None or self.isAncestorOf(focus):
            # its row, or whatever had the keyboard here the last time
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.view.value == _LIST and self.list is not None:
            self.list.show_record(identity)
        elif day is not None:
            self.monday = monday_of(day)
            self.refresh()

    def refresh(self) -> None:
        """Read the week anew; the list reads itself."""
        monday, now = self.monday, self.desk.now()
        self.desk.jobs.read(
            lambda store: facts.week(store, monday, now),
            self._show,
            self._fail,
            latest=(id(self), "week"),
            owner=self,
        )

    def _fail(self, error: UserError) -> None:
        self.banner.say("late", error.message, "Try again")

    def _show(self, week: Week) -> None:
        self.banner.hide()
        first = self.week is None
        self.week = week
        today = self.desk.today()
        stay = self._stay if self._stay is not None else self.diary.current
        self._stay = None
        self.days.show_week(week, today)
        self.diary.show_week(week, today, stay)
        sunday = week.days[-1]
        self.span.setText(_span(week.monday, sunday))
        if self.view.value == _WEEK:
            self._say_counts(week)
        day = self._day
        self._day = None
        if day is not None:
            self.diary.show_day(day)
        elif first and stay is None and monday_of(today) == week.monday:
            self.diary.show_day(today)
        if first:
            if QApplication.focusWidget() in {self.plan, self.record}:
                # Qt gives the focus to what comes first; one comes here to read
                self.diary.setFocus(Qt.FocusReason.OtherFocusReason)
            self.filled.emit()

    def _say_counts(self, week: Week) -> None:
        label, plural = all_specs()["visit"].label, all_specs()["visit"].plural
        happened = len(week.lines) - week.count(PLANNED)
        words = [f"{happened} {label.lower() if happened == 1 else plural.lower()}"]
        if coming := sum(one.state == ("info", "Coming") for one in week.lines):
            words.append(f"{coming} coming")
        if missing := sum(one.state is not None and one.state[0] == "due" for one in week.lines):
            words.append(f"{missing} not recorded yet")
        more = ". There are more: look at the list" if week.more else ""
        self.header.set_subtitle(f"{', '.join(words)} in this week{more}.")

    def _look(self, identity: object) -> None:
        if isinstance(identity, int):
            self.card.show_visit(identity)
        elif self.view.value == _WEEK and self.week is not None and not self.week.lines:
            self.card.show_nothing(
                "No visits in this week",
                "What is recorded or planned for it appears here, day by day.",
            )
        else:
            self.card.show_nothing()

    def _open(self, identity: object) -> None:
        """Go into the card of a visit that was opened."""
        if isinstance(identity, int):
            self.card.show_visit(identity)
            self.card.enter()

    # ---- which week

    def turn(self, weeks: int) -> None:
        """Show a week later (1) or earlier (-1)."""
        self.monday += dt.timedelta(days=7 * weeks)
        self._day = self.monday
        self.refresh()
        announce(self.diary, f"Week of {clock.day_in_text(self.monday)}")

    def show_day(self, day: dt.date) -> None:
        """Show a day in its week."""
        self.monday = monday_of(day)
        self._day = day
        self._to_week()
        self.refresh()

    def _to_day(self, day: dt.date) -> None:
        self.diary.show_day(day)
        self.diary.setFocus(Qt.FocusReason.OtherFocusReason)

    def _to_week(self) -> None:
        if self.view.value != _WEEK:
            self.view.set_value(_WEEK)
            self._show_view()

    # ---- the list

    def _show_view(self) -> None:
        weekly = self.view.value == _WEEK
        for part in (self._turning, self.span):
            part.setVisible(weekly)
        if not weekly:
            self.header.set_subtitle("All of them, as far back as the record goes.")
        elif self.week is not None:
            self._say_counts(self.week)
        if weekly:
            self._views.setCurrentWidget(self._weekly)
            self.setFocusProxy(self.diary)
            self._look(self.diary.current)
            return
        if self.list is None:
            empty = Empty(
                "stethoscope",
                "No visits yet",
                "Who came, whom they saw and what they advised appears here.",
                "Record a visit" if permissions.may_add(self.desk.person.role, "visit") else "",
            )
            self.list = RecordList(self.desk, "visit", empty=empty, columns=_COLUMNS)
            self.list.looked_at.connect(self._look)
            self.list.opened.connect(lambda _, identity: self._open(identity))
            self.list.adding.connect(lambda: self.desk.go("record-visit", {}))
            self._views.addWidget(self.list)
        self._views.setCurrentWidget(self.list)
        self.setFocusProxy(self.list)
        self._look(self.list.current)

    # ---- planned visits

    def _ask_status(self, found: VisitFacts, status: str) -> None:
        verbs = {
            "cancelled": ("Was this visit cancelled?", "It was cancelled"),
            "did not attend": ("Did nobody come?", "Nobody came"),
        }
        question, do = verbs[status]
        dialog = reason.ReasonDialog(
            self.desk,
            asked_about("visit", found.record.id, status.replace(" ", "-")),
            self,
            question,
            f"The visit of {found.who}, {found.when}, stays in the diary and says so.",
            do=do,
            keep="Leave it planned",
        )

        def agreed() -> None:
            why = dialog.reason
            self.desk.jobs.write(
                dialog.finishing(lambda home: keep_status(home, found, status, why)),
                lambda changes: offer_undo(self.desk, f"{found.who}: {do.lower()}.", changes),
                self.desk.trouble,
                owner=self.desk,
            )

        dialog.accepted.connect(agreed)
        dialog.open()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_columns"):
            self._follow_scale()

    def _follow_scale(self) -> None:
        roomy = theme.roomy()
        self.days.setVisible(roomy)
        self._views.setMinimumHeight(theme.px(160 if roomy else 300))
        self.card.setMinimumHeight(theme.px(160 if roomy else 300))


def _span(monday: dt.date, sunday: dt.date) -> str:
    """Return a week in words: ``16 to 22 November 2026``."""
    first, last = clock.day_in_text(monday), clock.day_in_text(sunday)
    day, month, year = first.split(" ")
    if (monday.year, monday.month) == (sunday.year, sunday.month):
        return f"{day} to {last}"
    if monday.year == sunday.year:
        return f"{day} {month} to {last}"
    return f"{day} {month} {year} to {last}"
