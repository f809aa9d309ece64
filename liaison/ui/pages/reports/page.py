"""Reports: choose one, say what it is to cover, look at its pages, print it or save it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records.rules import times
from liaison.security.roles import Action, may, who_may
from liaison.services import reporting
from liaison.ui import theme
from liaison.ui.page import Page
from liaison.ui.pages.reports.asking import Asking
from liaison.ui.pages.reports.making import Making
from liaison.ui.pages.reports.preview import Preview
from liaison.ui.parts.asking_files import ask_where_to_save
from liaison.ui.parts.side_list import Side, SideList
from liaison.ui.widgets import Button, Card, Columns, PageHeader, ScrollPage, spaced

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog

    from liaison.errors import UserError
    from liaison.reports.spec import Asked, Document, ReportSpec
    from liaison.services.reporting import Written
    from liaison.ui.desk import Desk
    from liaison.ui.job import Job
    from liaison.ui.pages.reports.paper import Paper
    from liaison.ui.pages.reports.printing import Wish
    from liaison.ui.parts.facts import Candidate

_LEFT: Final = 300
_ICONS: Final = {
    "visits": "stethoscope",
    "training-matrix": "graduation-cap",
    "gap-plan": "calendar-plus",
    "lineage": "git-merge",
}
_OTHER_ICON: Final = "file-text"
_SUBTITLE: Final = (
    "Paper for meetings, inspections and the file. What is recorded is what it shows."
)
_NOT_NAMES: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


class ReportsPage(Page):
    """The reports, and the one that is open."""

    name: ClassVar[str] = "reports"
    title: ClassVar[str] = "Reports"
    icon: ClassVar[str] = "printer"
    # who prints the sheets of a shift is led here by them, and finds no others
    roles: ClassVar[frozenset[str]] = frozenset(
        (*who_may(Action.PRINT_REPORTS), *who_may(Action.PRINT_SHEETS))
    )
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+P", "Print the report"),
        ("Ctrl+S", "Save it as a PDF"),
        ("Ctrl+F", "Find words in it"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._specs: dict[str, ReportSpec[Any]] = {}
        self._open = ""
        self._wanted: tuple[str, Candidate | None, str] | None = None
        self._document: Document | None = None
        self.paper: Paper | None = None
        self._made_name = ""
        self._printing: Job | None = None
        self._forms: dict[str, Asking] = {}
        self.dialog: QFileDialog | None = None
        self.making = Making(desk, self)
        self.preview = Preview(desk)
        self.save_button = Button("Save as PDF", "download", shortcut="Ctrl+S")
        self.print_button = Button("Print", "printer", Button.PRIMARY, shortcut="Ctrl+P")
        self.header = PageHeader("Reports", _SUBTITLE, (self.save_button, self.print_button))
        self._lay_out()
        self.save_button.clicked.connect(self.save)
        self.print_button.clicked.connect(self.print)
        self.making.step.connect(self.preview.show_step)
        self.making.made.connect(self._made)
        self.making.failed.connect(self._failed)
        self.preview.stopped.connect(self._stop)
        self.preview.again.connect(self.make)
        self._allow()
        # each report brings the library that sets paper: not on the window's thread
        desk.jobs.run(
            lambda _: [reporting.spec_of_report(name) for name in self._names()],
            self._offer,
            owner=self,
        )
        desk.jobs.warm_renderer()

    def _names(self) -> list[str]:
        """Return the reports that are for whoever is signed in."""
        role = self.desk.person.role
        return [name for name in reporting.names() if may(role, reporting.action_of(name))]

    def _lay_out(self) -> None:
        self.left = QWidget()
        self._column = spaced(QVBoxLayout(self.left), 16)
        self._list_card = Card()
        self._form_card = Card("What it covers")
        self._form_card.hide()
        self._column.addWidget(self._list_card)
        self._column.addWidget(self._form_card)
        self._column.addStretch(1)
        sheet = ScrollPage()
        sheet.body.addWidget(self.header)
        sheet.body.addWidget(Columns([(self.left, 0), (self.preview, 1)]), 1)
        column = spaced(QVBoxLayout(self), 0)
        column.addWidget(sheet)
        self._fit()

    def _offer(self, specs: list[ReportSpec[Any]]) -> None:
        self._specs = {spec.name: spec for spec in specs}
        self.list = SideList(
            [
                Side(spec.name, spec.title, _ICONS.get(spec.name, _OTHER_ICON), spec.about)
                for spec in specs
            ],
            "Which report?",
        )
        self.list.chosen.connect(self.choose)
        self._list_card.add(self.list)
        wanted = self._wanted or (specs[0].name, None, "")
        self._wanted = None
        self.choose(wanted[0])
        if wanted[1] is not None:
            self._forms[wanted[0]].set_subject(wanted[2], wanted[1])

    # ---- which report

    def choose(self, name: str) -> None:
        """Open a report's form and make it.

        Args:
            name: Its permanent name.
        """
        self.list.show_chosen(name)
        if name == self._open:
            return
        if self._open:
            self._forms[self._open].hide()
        self._open = name
        form = self._forms.get(name)
        if form is None:
            form = Asking(self.desk, self._specs[name].parameters)
            form.changed.connect(self.make)
            self._forms[name] = form
            self._form_card.add(form)
        form.show()
        self._form_card.show()
        self.make()

    def show_argument(self, argument: object) -> None:
        """Open the report that was gone to: ``{"report": "visits"}``, also about one record.

        Args:
            argument: The report's name under ``report``; under ``about`` its type, and under
                ``candidate`` the :class:`~liaison.ui.parts.facts.Candidate` it is to be about.
        """
        if not isinstance(argument, Mapping) or argument.get("report") not in self._names():
            return
        name, candidate = str(argument["report"]), argument.get("candidate")
        kind = str(argument.get("about", ""))
        if not self._specs:
            self._wanted = name, candidate, kind
            return
        self.choose(name)
        if candidate is not None:
            self._forms[name].set_subject(kind, candidate)

    # ---- making it

    def refresh(self) -> None:
        """Make the report anew: what it shows may have changed."""
        if self._open and self._document is not None:
            self.make()

    def make(self) -> None:
        """Make the report as its form asks for it."""
        asked = self._forms[self._open].asked if self._open else None
        if asked is None:
            return
        self._document = None
        self._allow()
        self._asked: Asked = asked
        self.making.make(self._open, asked)

    def _made(self, document: Document, paper: Paper) -> None:
        same = self._made_name == self._open
        self._document, self.paper, self._made_name = document, paper, self._open
        self.preview.show_paper(paper, stay=same)
        pages = _pages(document.pages)
        self.header.set_subtitle(f"{self._specs[self._open].title}, {pages}. {_SUBTITLE}")
        self._allow()
        self.filled.emit()

    def _failed(self, error: UserError) -> None:
        words = " ".join(part for part in (error.what, error.do) if part)
        self.preview.show_trouble(words, "Try again")

    def _stop(self) -> None:
        if self._printing is not None:
            self._printing.cancel()
            self._rest()
            self.desk.say("Printing was stopped. Pages already sent may still come out.")
            return
        self.making.cancel()
        self.preview.show_trouble(
            "Stopped. The pages do not show what is chosen at the left.", "Make it", "info"
        )

    def _allow(self) -> None:
        ready = self._document is not None and self._printing is None
        self.save_button.setEnabled(ready)
        self.print_button.setEnabled(ready)
        for button in (self.save_button, self.print_button):
            waits = "" if ready else "Waits until the pages are there"
            button.setAccessibleDescription(waits)

    # ---- saving it

    @property
    def file_name(self) -> str:
        """The name that is offered for the file: "Visits, 19 Aug 2026 to 18 Nov 2026.pdf"."""
        title = self._specs[self._open].title
        asked = self._asked
        if asked.start is not None and asked.end is not None:
            first, last = map(times.show_plain_date, (asked.start, asked.end))
            title = f"{title}, {first} to {last}"
        elif asked.on is not None:
            title = f"{title}, {times.show_plain_date(asked.on)}"
        return f"{_NOT_NAMES.sub(' ', title)}.pdf"

    def save(self) -> None:
        """Ask where, then write the report as it is on the screen."""
        if self._document is not None:
            self.dialog = ask_where_to_save(
                self, "Save the report as a PDF", self.file_name, "PDF (*.pdf)", self.save_to
            )

    def save_to(self, file: Path) -> None:
        """Write the report as it is on the screen to a file."""
        document, home = self._document, self.desk.jobs.home
        if document is None or home is None:
            return
        folder = home.folder
        self.desk.jobs.run(
            lambda _: reporting.keep(folder, document, file),
            self._saved,
            self.desk.trouble,
            owner=self,
        )

    def _saved(self, written: Written) -> None:
        self._note(written.pages, written.file.name)
        self.desk.say(f"Saved as {written.file.name}, {_pages(written.pages)}.")

    def _note(self, pages: int, where: str) -> None:
        """Note for the audit that what is on the screen has left the house."""
        words = reporting.printed_words(self._open, pages, where)
        self.desk.note("printed", self._asked.subject, words)

    # ---- printing it

    def print(self) -> None:
        """Ask for a printer, then print the report as it is on the screen."""
        if self.paper is None or self._document is None:
            return
        # Qt's printing is loaded when somebody prints
        from liaison.errors import UserError
        from liaison.ui.pages.reports.printing import ask_printer

        title = self._specs[self._open].title
        try:
            ask_printer(
                self.window(), title, self.paper.pages, self.preview.sheets.page, self.print_as
            )
        except UserError as error:
            self.desk.trouble(error)

    def print_as(self, wish: Wish) -> None:
        """Print the report as it is on the screen.

        Args:
            wish: What somebody chose in the print dialog.
        """
        from liaison.ui.pages.reports.printing import print_document

        document = self._document
        if document is None:
            return
        name = f"“{wish.printer}”" if wish.printer else Path(wish.file).name

        def done(pages: int) -> None:
            self._rest()
            self._note(pages, name)
            self.desk.say(f"{_pages(pages)} sent to {name}.")

        def failed(error: UserError) -> None:
            self._rest()
            self.desk.trouble(error)

        self.preview.show_step(f"Printing {_pages(len(wish.pages))}")
        self._printing = self.desk.jobs.render(
            print_document, document.content, wish, done=done, failed=failed, owner=self
        )
        self._allow()

    def _rest(self) -> None:
        """Nothing is being printed any more."""
        self._printing = None
        self.preview.waiting.hide()
        self._allow()

    # ---- size

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "left"):
            self._fit()

    def _fit(self) -> None:
        if theme.roomy():
            self.left.setFixedWidth(theme.px(_LEFT))
        else:
            self.left.setMinimumWidth(0)
            self.left.setMaximumWidth(16_777_215)


def _pages(number: int) -> str:
    return "1 page" if number == 1 else f"{number:,} pages"
