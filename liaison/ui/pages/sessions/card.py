"""The card of a session: who has a place, who came, and the next thing to do about it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.security.roles import Action, may
from liaison.services import attachments, permissions, sessions
from liaison.ui.pages.sessions import facts
from liaison.ui.pages.sessions.facts import SessionFacts
from liaison.ui.parts import sheets
from liaison.ui.parts.attached import FileDrop, ask_for_files
from liaison.ui.parts.card import LinkButton
from liaison.ui.parts.case_card import CaseCard
from liaison.ui.parts.facts import Candidate, Link
from liaison.ui.parts.say_popover import Question
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    Divider,
    FlowRow,
    IconButton,
    StateChip,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QFileDialog

    from liaison.services.homes import OpenHome
    from liaison.services.sessions import Seat
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.say_popover import Said

_STATES = {"attended": ("ok", "Attended"), "did not attend": ("late", "Did not attend")}


class SessionCard(CaseCard[SessionFacts]):
    """The card of a session.

    Args:
        desk: The desk.
    """

    icon: ClassVar[str] = "graduation-cap"

    book_asked = Signal(object)
    """Somebody wants to book places on this session (its id)."""
    came_asked = Signal(object)
    """Somebody wants to say who came to this session."""
    calendar_asked = Signal(object)
    """Somebody wants this session as a calendar file (its facts)."""
    files_asked = Signal(object, str)
    """Somebody wants the certificates of one training record (its id), and whose they are."""
    certificates_asked = Signal(object, object)
    """Somebody brought certificates: the session (an Occasion) and the files."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent=parent)
        self.dialog: QFileDialog | None = None
        self._may_write = permissions.may_add(desk.person.role, "attendance")
        self.clear("Nothing chosen", "Choose one in the list.")

    def _reading(self, type_name: str, identity: int) -> Callable[[Store], SessionFacts | None]:
        return lambda store: facts.card(store, type_name, identity)

    def _lay_out(self, found: SessionFacts) -> None:
        one = found.occasion
        main = Card()
        main.add(self.head(found.course, found.name, found.chip))
        for doubt in one.doubts:
            main.add(Banner("due", doubt))
        main.add(FlowRow(self._doings(found), gap=8))
        main.add(self.foot(found, found.name))
        sheets.put(self.sheet, main)
        sheets.put(self.sheet, self._people(found))
        if self._may_write and any(seat.record is not None for seat in one.came):
            sheets.put(self.sheet, self._drop(found))
        told = Card("What is recorded")
        self.rows(told, [*found.teachers, *found.rows])
        if found.teachers or found.rows:
            sheets.put(self.sheet, told)
        else:
            told.deleteLater()
        self.sheet.body.addStretch(1)
        self.setAccessibleName(f"Training session: {found.name}")

    # ---- what can be done

    def _doings(self, found: SessionFacts) -> list[QWidget]:
        one, parts = found.occasion, list[QWidget]()
        status = found.record.status
        if self._may_write and status != "cancelled" and one.days <= 0:
            first = status == "planned"
            words = "Record who came" if first else "Correct who came"
            came = Button(words, "clipboard-check" if first else "pencil")
            came.clicked.connect(lambda *_: self.came_asked.emit(one.id))
            parts.append(came)
        if self._may_write and status == "planned":
            book = Button("Book places", "user-plus")
            book.clicked.connect(lambda *_: self.book_asked.emit(one.id))
            parts.append(book)
        if may(self.desk.person.role, Action.PRINT_REPORTS):
            sheet = Button("Attendance sheet", "printer")
            asked = {
                "report": "attendance-sheet",
                "about": "session",
                "candidate": Candidate(one.id, found.name, ""),
            }
            sheet.clicked.connect(lambda *_: self.desk.go("reports", asked))
            parts.append(sheet)
        if status == "planned" and may(self.desk.person.role, Action.EXPORT):
            calendar = Button("Calendar file", "calendar-plus")
            calendar.clicked.connect(lambda *_: self.calendar_asked.emit(found))
            parts.append(calendar)
        if self._may_write and status == "planned":
            cancel = Button("Cancel ...", "x")
            self.asks(cancel, lambda: self._cancelling(found))
            parts.append(cancel)
        return parts

    def _cancelling(self, found: SessionFacts) -> Question:
        identity = found.occasion.id

        def work(home: OpenHome, values: Mapping[str, Any]) -> Said:
            written = sessions.cancel(home, identity, values["reason"] or "")
            return written.changes, f"{found.occasion.course}: cancelled."

        return _why("Cancel this session?", found.name, ("session", identity), "cancel", work,
                    "Cancel the session")  # fmt: skip

    # ---- who is on it

    def _people(self, found: SessionFacts) -> QWidget:
        seats = found.occasion.seats
        card = Card("Who is on it", note=str(len(seats)) if seats else "")
        if not seats:
            card.add(Wrap("Nobody has a place yet.", "muted"))
        for number, seat in enumerate(seats):
            if number:
                card.add(Divider())
            card.add(self._seat(found, seat))
        return card

    def _seat(self, found: SessionFacts, seat: Seat) -> QWidget:
        part = QWidget()
        row = spaced(QHBoxLayout(part), 12)
        words = spaced(QVBoxLayout(), 1)
        words.addWidget(LinkButton(self.desk, Link("staff", seat.staff, seat.name)))
        kept = seat.certificates
        if seat.role:
            words.addWidget(Wrap(seat.role, "secondary", widest=320))
        row.addLayout(words, 1)
        state, word = _STATES.get(seat.status, ("info", "Booked"))
        middle = Qt.AlignmentFlag.AlignVCenter
        row.addWidget(StateChip(state, word), 0, middle)
        if seat.status == sessions.BOOKED and self._may_write:
            off = IconButton("x", f"Take the place of {seat.name} back", small=True)
            self.asks(off, functools.partial(self._giving_up, found, seat))
            row.addWidget(off, 0, middle)
        elif seat.record is not None:
            record = seat.record
            training = Button("Training", "graduation-cap", Button.QUIET, small=True)
            training.setAccessibleName(f"Training of {seat.name}")
            training.clicked.connect(lambda *_: self.desk.open("training_record", record))
            count = "Certificate" if not kept else f"{kept} certificate{'' if kept == 1 else 's'}"
            files = Button(count, "paperclip", Button.QUIET, small=True)
            files.setAccessibleName(f"{count} of {seat.name}")
            files.clicked.connect(lambda *_: self.files_asked.emit(record, seat.name))
            words.addWidget(FlowRow((training, files), gap=4))
        return part

    def _giving_up(self, found: SessionFacts, seat: Seat) -> Question:
        def work(home: OpenHome, values: Mapping[str, Any]) -> Said:
            written = sessions.give_up(home, seat.attendance, values["reason"] or "")
            return written.changes, f"{seat.name} has no place any more."

        about = f"{seat.name}: {found.name}"
        return _why("Take this place back?", about, ("attendance", seat.attendance), "give-up",
                    work, "Take it back")  # fmt: skip

    # ---- certificates

    def _drop(self, found: SessionFacts) -> QWidget:
        card = Card("Certificates", "paperclip")
        words = (
            "Drop certificates here, one or many: whose each one is, is read from its name where it "
            f"says so. {attachments.limit_words()[:1].upper()}{attachments.limit_words()[1:]}."
        )
        card.add(Wrap(words, "secondary"))
        choose = Button("Choose certificates", "plus", small=True)

        def take(files: object) -> None:
            self.certificates_asked.emit(found.occasion, files)

        def ask(*_: object) -> None:
            self.dialog = ask_for_files(self, take)

        choose.clicked.connect(ask)
        card.add(FlowRow((choose,)))
        drop = FileDrop(card)
        drop.dropped.connect(take)
        card.setAccessibleName("Certificates")
        return card


def _why(  # noqa: PLR0917  # what is asked
    title: str,
    about: str,
    record: tuple[str, int],
    page: str,
    work: Callable[[OpenHome, Mapping[str, Any]], Said],
    verb: str,
) -> Question:
    return Question(
        title=title, about=about, type=record[0], id=record[1], page=page,
        fields=(("exemption", "reason"),), needed=("reason",), work=work, verb=verb,
    )  # fmt: skip
