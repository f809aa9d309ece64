"""Reports: choose one, say what it is to cover, look at its pages, print it or save it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.errors import UserError
from liaison.records.rules import times
from liaison.reports.spec import Asked
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

    from liaison.reports.spec import Document, ReportSpec
    from liaison.services.reporting import Written
    from liaison.ui.desk import Desk
    from liaison.ui.job import Job
    from liaison.ui.pages.reports.paper import Paper
    from liaison.ui.pages.reports.printing import Wish
    from liaison.ui.parts.sending import SendDialog

_LEFT: Final = 300
_LIST: Final = 330
_DROPPED: Final = 44
_AROUND: Final = 60
_MOST: Final = 16_777_215
_ICONS: Final = {
    "at-a-glance": "clipboard-check",
    "visits": "stethoscope",
    "inspection-pack": "clipboard-check",
    "training-matrix": "graduation-cap",
    "gap-plan": "calendar-plus",
    "lineage": "git-merge",
}
_OTHER_ICON: Final = "file-text"
_SUBTITLE: Final = (
    "Paper for meetings, inspections and the file. What is recorded is what it shows."
)
_PACK: Final = "inspection-pack"
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
        ("Ctrl+Shift+S", "Send it, with a password"),
        ("Ctrl+F", "Find words in it"),
        ("PgDown", "Its next page"),
        ("PgUp", "The page before"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._specs: dict[str, ReportSpec[Any]] = {}
        self._open = ""
        self._wanted: Mapping[str, object] | None = None
        self._document: Document | None = None
        self.paper: Paper | None = None
        self._made_name = ""
        self._asked = Asked()
        self._printing: Job | None = None
        self._forms: dict[str, Asking] = {}
        self.dialog: QFileDialog | None = None
        self.sending: SendDialog | None = None
        self.making = Making(desk, self)
        self.preview = Preview(desk)
        self.save_button = Button("Save as PDF", "download", shortcut="Ctrl+S")
        self.print_button = Button("Print", "printer", Button.PRIMARY, shortcut="Ctrl+P")
        self.send_button = Button("Send", "mail", shortcut="Ctrl+Shift+S")
        self.header = PageHeader(
            "Reports", _SUBTITLE, (self.send_button, self.save_button, self.print_button)
        )
        self._lay_out()
        self.save_button.clicked.connect(self.save)
        self.send_button.clicked.connect(self.send)
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
        # it scrolls by itself: what the report covers stays in sight below it
        self._lines = ScrollPage(spacing=0, margins=(0, 0, 8, 0))
        self._list_card.add(self._lines, 1)
        self._form_card = Card("What it covers")
        self._form_card.hide()
        self._column.addWidget(self._list_card, 1)
        self._column.addWidget(self._form_card)
        # at the top, where it drops down and takes little room
        self._column.addStretch(0)
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
        # lines that are new have no places yet; they have once there is something to scroll
        self._lines.verticalScrollBar().rangeChanged.connect(self._show_chosen)
        self._lines.body.addWidget(self.list)
        self._lines.body.addStretch(1)
        self._fit()
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            self.choose(specs[0].name)
        else:
            self.show_argument(wanted)

    # ---- which report

    def choose(self, name: str) -> None:
        """Open a report's form and make it.

        Args:
            name: Its permanent name; the pack has a page of its own, where it is put together.
        """
        if name == _PACK:
            self.list.show_chosen(self._open)
            self.desk.go("pack")
        elif self._show_form(name):
            self.make()

    def _show_form(self, name: str) -> bool:
        """Show the form of a report; return whether another one was open."""
        self.list.show_chosen(name)
        self._show_chosen()
        if name == self._open:
            return False
        if (before := self._forms.get(self._open)) is not None:
            before.hide()
        self._open = name
        form = self._forms.get(name)
        if form is None:
            form = Asking(self.desk, self._specs[name].parameters)
            form.changed.connect(self.make)
            self._forms[name] = form
            self._form_card.add(form)
        form.show()
        self._form_card.show()
        return True

    def _show_chosen(self, *_: object) -> None:
        """Bring the chosen line into sight."""
        if (line := self.list.chosen_line) is not None and theme.roomy():
            self._lines.ensureWidgetVisible(line, 0, theme.px(_AROUND))

    def show_argument(self, argument: object) -> None:
        """Open the report that was gone to: ``{"report": "visits"}``, also about one record.

        Args:
            argument: The report's name under ``report``; under ``about`` its type, and under
                ``candidate`` the :class:`~liaison.ui.parts.facts.Candidate` it is to be about;
                under ``days`` the first and last day of its period; under ``document`` a pack
                that is made already, and under ``asked`` what it was asked for.
        """
        if not isinstance(argument, Mapping) or argument.get("report") not in self._names():
            return
        if not self._specs:
            self._wanted = argument
            return
        name, candidate = str(argument["report"]), argument.get("candidate")
        if (document := argument.get("document")) is not None:
            self._show_document(name, document, argument["asked"])
            return
        days = argument.get("days")
        if name == _PACK or (candidate is None and days is None):
            self.choose(name)
            return
        self._show_form(name)
        form = self._forms[name]
        if candidate is not None:
            form.set_subject(str(argument.get("about", "")), candidate)
        if days is not None and form.takes.period:
            form.set_days(*days)
        # made once, of what was asked for, and not of something else before
        form.tell()

    def _show_document(self, name: str, document: Document, asked: Asked) -> None:
        """Show what is made already; what it holds is chosen elsewhere."""
        self.list.show_chosen(name)
        if (before := self._forms.get(self._open)) is not None:
            before.hide()
        self._form_card.hide()
        self._open, self._asked, self._document = name, asked, None
        self._allow()
        self.making.look(document)

    # ---- making it

    @property
    def ready(self) -> bool:
        """Whether the pages are there of what is chosen."""
        return self._document is not None

    def refresh(self) -> None:
        """Make the report anew: what it shows may have changed."""
        if self._open and self._document is not None:
            self.make()

    def make(self) -> None:
        """Make the report as its form asks for it."""
        form = self._forms.get(self._open)
        asked = None if form is None else form.asked
        if asked is None:
            return
        self._document = None
        self._allow()
        self._asked = asked
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
        for button in (self.send_button, self.save_button, self.print_button):
            button.setEnabled(ready)
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

    def send(self) -> None:
        """Ask how the report is to leave the house, and write the file for it."""
        if self._document is None:
            return
        # taking documents out is loaded when somebody does so
        from liaison.ui.parts.sending import Outgoing, SendDialog

        spec = self._specs[self._open]
        names = spec.names_people and self._asked.names == "full"
        what = Outgoing(spec.title, self.file_name, self._document, names)
        self.sending = SendDialog(self.desk, self.window(), what, self._sent)
        self.sending.open()

    def _sent(self, written: Written, how: str) -> None:
        self._note(written.pages, f"{written.file.name}{how}")

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
        document, home = self._document, self.desk.jobs.home
        if document is None or home is None:
            return
        self.preview.show_step(f"Printing {_pages(len(wish.pages))}")
        if wish.file:
            # a share of the network may take its time to say what lies there
            folder, file = home.folder, Path(wish.file)
            self._printing = self.desk.jobs.run(
                lambda _: reporting.refuse_file(folder, file),
                lambda _: self._print(document, wish),
                self._not_printed,
                owner=self,
            )
        else:
            self._print(document, wish)
        self._allow()

    def _print(self, document: Document, wish: Wish) -> None:
        from liaison.ui.pages.reports.printing import print_document

        name = f"“{wish.printer}”" if wish.printer else Path(wish.file).name

        def done(pages: int) -> None:
            self._rest()
            self._note(pages, name)
            self.desk.say(f"{_pages(pages)} sent to {name}.")

        self._printing = self.desk.jobs.render(
            print_document, document.content, wish, done=done, failed=self._not_printed, owner=self
        )

    def _not_printed(self, error: UserError) -> None:
        self._rest()
        self.desk.trouble(error)

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
            self._lines.setMinimumHeight(theme.px(_LIST))
            self._lines.setMaximumHeight(_MOST)
        else:
            # it drops down there
            self._lines.setFixedHeight(theme.px(_DROPPED))
            self.left.setMinimumWidth(0)
            self.left.setMaximumWidth(_MOST)


def _pages(number: int) -> str:
    return "1 page" if number == 1 else f"{number:,} pages"
