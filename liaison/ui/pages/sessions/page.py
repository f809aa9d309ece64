"""The page of sessions: what is coming and past, and the card of one beside the list."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, ClassVar

from liaison.services.exporting import export
from liaison.ui.pages.sessions import facts
from liaison.ui.pages.sessions.card import SessionCard
from liaison.ui.pages.sessions.certificates import CertificateSheet
from liaison.ui.pages.sessions.facts import SessionFacts
from liaison.ui.pages.sessions.ticking import BOOK, CAME, Ticking, TickSheet
from liaison.ui.parts.asking_files import ask_where_to_save
from liaison.ui.parts.attached import AttachedFiles
from liaison.ui.parts.case_page import CasePage, Lines, Tab
from liaison.ui.widgets import ScrollPage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QFileDialog, QWidget

    from liaison.services.sessions import Occasion
    from liaison.store.query import Position
    from liaison.store.store import Store
    from liaison.ui.desk import Desk

_PLAN = "Plan a session"


class SessionsPage(CasePage):
    """Training sessions, those that are coming and those that were held.

    Args:
        desk: What a page is given.
    """

    name: ClassVar[str] = "sessions"
    title: ClassVar[str] = "Training sessions"
    icon: ClassVar[str] = "graduation-cap"
    reads: ClassVar[frozenset[str]] = frozenset({
        "session", "attendance", "training_record", "attachment", "staff", "course", "contact",
        "organisation", "competency",
    })  # fmt: skip
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Ctrl+N", "Plan a session"),
        ("Esc", "Back to what was shown before"),
    )
    tabs: ClassVar[tuple[Tab, ...]] = (
        Tab(
            facts.COMING, "Coming", "session", _PLAN,
            ("Nothing planned", "Sessions appear here until it is recorded who came."),
        ),
        Tab(
            facts.PAST, "Past", "session", _PLAN,
            ("No session yet", "Sessions that were held or cancelled appear here."),
        ),
    )  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        card = SessionCard(desk)
        super().__init__(desk, card)
        card.book_asked.connect(lambda one: self.ask_ticks(one, BOOK))
        card.came_asked.connect(lambda one: self.ask_ticks(one, CAME))
        card.certificates_asked.connect(self.ask_whose)
        card.files_asked.connect(self.show_files)
        card.calendar_asked.connect(self._ask_calendar)
        self.dialog: QFileDialog | None = None
        self.files: AttachedFiles | None = None
        self.ticks: TickSheet | None = None
        self.whose: CertificateSheet | None = None

    def _reading(self, tab: str, after: Position | None) -> Callable[[Store], Lines]:
        today = self.desk.today()
        if tab == facts.PAST:
            return lambda store: facts.past_lines(store, after)
        return lambda store: facts.coming_lines(store, today)

    def ask_ticks(self, session: object, ticking: Ticking) -> None:
        """Show the list of staff, to tick who gets a place or who came."""
        if not isinstance(session, int):
            return
        self.ticks = TickSheet(self.desk, session, ticking)
        self.ticks.done.connect(self.room.back)
        self._open_room().put(ticking.title, self.ticks)

    def ask_whose(self, session: Occasion, files: Sequence[Path]) -> None:
        """Ask whose certificates some files are."""
        if files:
            self.whose = CertificateSheet(self.desk, session, files)
            self.whose.done.connect(self.room.back)
            self._open_room().put("Certificates", self.whose)

    def show_files(self, record: object, name: str) -> None:
        """Show the certificates of one training record, to open, copy, add or strike through."""
        if isinstance(record, int):
            self.files = AttachedFiles(self.desk)
            self.files.show_owner("training_record", record)
            self._open_room().put(f"Certificates of {name}", _at_the_top(self.files))

    def _ask_calendar(self, found: object) -> None:
        if isinstance(found, SessionFacts):
            self.dialog = ask_where_to_save(
                self,
                "Save the calendar file",
                f"{found.occasion.course}.ics",
                "Calendar (*.ics)",
                functools.partial(self.save_calendar, found),
                sure=False,
            )

    def save_calendar(self, found: SessionFacts, file: Path) -> None:
        """Write a session as a calendar file, for a calendar on a PC or phone to take in."""
        identity, desk = found.occasion.id, self.desk
        desk.jobs.write(
            lambda home: export(home, "session", file, only=[identity]),
            lambda _: desk.say(f"Saved as {file.name}. Open it to put it into a calendar."),
            desk.trouble,
            owner=self,
        )


def _at_the_top(part: QWidget) -> QWidget:
    page = ScrollPage(margins=(0, 0, 0, 0))
    page.body.addWidget(part)
    page.body.addStretch(1)
    return page
