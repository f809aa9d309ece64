"""At a glance: the questions at the left, the answer to one of them with its records at the right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from liaison.records.rules import times
from liaison.security.roles import Action, may, who_may
from liaison.services import glance
from liaison.ui import theme
from liaison.ui.page import Page
from liaison.ui.pages import PAGES
from liaison.ui.pages.glance import facts
from liaison.ui.pages.glance.answer import AnswerCard
from liaison.ui.parts import sheets
from liaison.ui.parts.case_list import CaseList
from liaison.ui.parts.last_chosen import remembered_tab
from liaison.ui.widgets import (
    Banner,
    Button,
    Columns,
    PageHeader,
    ScrollPage,
    Segmented,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.glance import Behind, Glance
    from liaison.ui.desk import Desk
    from liaison.ui.parts.case_list import CaseLine

_PACK: Final = "pack"
_REPORT: Final = "at-a-glance"
_LEAST: Final = 420


class GlancePage(Page):
    """What an inspector asks first; for those who may see staff's dates too.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "glance"
    title: ClassVar[str] = "At a glance"
    icon: ClassVar[str] = "clipboard-check"
    roles: ClassVar[frozenset[str]] = frozenset(who_may(Action.PRINT_REPORTS)) & frozenset(
        who_may(Action.LOOK_PRIVATE)
    )
    reads: ClassVar[frozenset[str]] = frozenset(
        {
            "visit", "visit_entry", "concern", "referral", "chase", "transfer", "action", "round",
            "agenda_line", "agenda_outcome", "resident", "staff", "contact", "organisation",
            "contact_attempt", "supervision", "competency", "course", "requirement", "exemption",
            "training_record", "attendance", "session", "job_held", "home",
        }
    )  # fmt: skip
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+P", "Print all answers"),
        ("Enter", "From a question to its records, and from a record to its page"),
        ("Esc", "Back to the questions"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: Glance | None = None
        self._wanted = ""
        self.months = Segmented(
            [(str(months), f"{months} months") for months in glance.MONTHS], "How far back"
        )
        self.months.set_value(str(glance.USUAL_MONTHS))
        remembered_tab(desk, self.name, self.months, [str(one) for one in glance.MONTHS])
        self.months.changed.connect(lambda _: self.refresh())
        self.print_button = Button("Print", "printer", shortcut="Ctrl+P")
        self.print_button.clicked.connect(self._print)
        self.pack = Button("Inspection pack", "file-text", Button.PRIMARY)
        self.pack.clicked.connect(lambda *_: self.desk.go(_PACK))
        if _PACK not in PAGES or not may(desk.person.role, Action.INSPECTION_PACK):
            self.pack.hide()
        self.header = PageHeader(
            self.title,
            "What an inspector asks first.",
            (self.months, self.print_button, self.pack),
        )
        self.trouble = Banner("late", "", "Try again")
        self.trouble.pressed.connect(self.refresh)
        self.trouble.hide()
        self.list = CaseList("Questions")
        self.list.looked_at.connect(self._look)
        self.list.entered.connect(self._into_records)
        self.card = AnswerCard()
        self.card.open_asked.connect(desk.open)
        self.card.page_asked.connect(self._to_page)
        self.card.again.connect(self._read_behind)
        leave = QShortcut(QKeySequence("Esc"), self.card)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self._back)
        self._lay_out()

    def _lay_out(self) -> None:
        self._sheet = sheet = ScrollPage()
        sheet.body.addWidget(self.header)
        sheet.body.addWidget(self.trouble)
        self._edged = sheets.Edged(self.list, 8)
        sheet.body.addWidget(Columns([(self._edged, 1), (self.card, 1)]), 1)
        column = spaced(QVBoxLayout(self), 0)
        column.addWidget(sheet)
        self._fit()

    # ---- what is shown

    @property
    def period(self) -> tuple[dt.date, dt.date]:
        """The first and last day of what is shown."""
        return glance.period(self.desk.today(), int(str(self.months.value)))

    def refresh(self) -> None:
        """Ask every question anew."""
        if self.desk.jobs.home is None:
            return
        start, end = self.period
        self.desk.jobs.read(
            lambda store: glance.read(store, start, end),
            self._show,
            self._fail,
            latest=(id(self), "answers"),
            owner=self,
        )

    def _fail(self, error: UserError) -> None:
        self.trouble.say("late", f"{error.what} {error.do or ''}".strip(), "Try again")

    def _show(self, found: Glance) -> None:
        first = self._found is None
        self._found = found
        self.trouble.hide()
        said = " to ".join(map(times.show_plain_date, (found.start, found.end)))
        self.header.set_subtitle(
            f"What an inspector asks first, {said}. What stands on one day is told of the last one."
        )
        self.list.show_lines(facts.questions(found))
        if self._wanted or self.list.current is None:
            self._go_to(self._wanted or found.answers[0].name)
        else:
            self._look(self.list.current)
        if first:
            self.filled.emit()

    def _go_to(self, name: str) -> None:
        if self._found is None:
            self._wanted = name
            return
        self._wanted = ""
        for number, one in enumerate(self._found.answers):
            if one.name == name and self.list.go_to((facts.QUESTION, number)):
                self._look(self.list.current)

    def _look(self, line: CaseLine | None) -> None:
        if line is None or self._found is None:
            return
        self.card.show_answer(self._found.answers[line.id])
        self._read_behind()

    def _read_behind(self) -> None:
        answer, found = self.card.answer, self._found
        if answer is None or found is None:
            return

        def done(rows: tuple[Behind, ...]) -> None:
            self.card.show_behind(rows)

        def failed(error: UserError) -> None:
            self.card.show_trouble(f"{error.what} {error.do or ''}".strip())

        self.desk.jobs.read(
            lambda store: glance.behind(store, answer.name, found.start, found.end),
            done,
            failed,
            latest=(id(self), "behind"),
            owner=self,
        )

    # ---- going on

    def show_start(self) -> None:
        """Show the questions."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_argument(self, argument: object) -> None:
        """Show one question: ``{"question": "training"}``."""
        if isinstance(argument, Mapping) and "question" in argument:
            self._go_to(str(argument["question"]))

    def _into_records(self) -> None:
        if self.card.list.cases.rowCount():
            # where text is large the records stand far below
            self._sheet.ensureWidgetVisible(self.card.list)
            self.card.list.setFocus(Qt.FocusReason.OtherFocusReason)
            if self.card.list.current is None:
                self.card.list.go_to_first()

    def _to_page(self) -> None:
        if self.card.answer is not None:
            self.desk.go(*facts.PAGES[self.card.answer.name])

    def _print(self, *_: object) -> None:
        self.desk.go("reports", {"report": _REPORT, "days": self.period})

    def _back(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- size

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_edged"):
            self._fit()

    def _fit(self) -> None:
        self._edged.setMinimumHeight(theme.px(_LEAST))
        self.card.fit()
