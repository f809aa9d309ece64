"""Who gets a place, or who came: a tick for each member of staff, kept as a draft while it is open."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.records import ids
from liaison.records.rules import times
from liaison.records.rules.same_name import name_key
from liaison.services import sessions
from liaison.services.drafts import About
from liaison.services.references import as_id
from liaison.ui.pages.sessions import facts
from liaison.ui.parts.keeper import Keeper
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    CheckBox,
    FlowRow,
    LineEdit,
    ScrollPage,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from liaison.errors import UserError
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.services.sessions import Written
    from liaison.ui.desk import Desk
    from liaison.ui.pages.sessions.facts import TickFacts

_STAFF: Final = "staff"


@dataclasses.dataclass(frozen=True, slots=True)
class Ticking:
    """What the ticks are for.

    Args:
        page: What its draft is known by.
        title: What it is for, over the list.
        verb: The words of its button.
        nobody: What is said if nobody is ticked.
        write: Writes it: home, session, who is ticked.
        done: Says what was done, for so many people.
    """

    page: str
    title: str
    verb: str
    nobody: str
    write: Callable[[OpenHome, int, list[int]], Written]
    done: Callable[[str, int], str]


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


BOOK: Final = Ticking(
    "book", "Who gets a place", "Book places", "Tick who gets a place.", sessions.book,
    lambda course, number: f"{course}: booked for {_people(number)}.",
)  # fmt: skip
CAME: Final = Ticking(
    "came", "Who came", "Record who came",
    "Tick who came. If nobody did, cancel the session instead.", sessions.record_attendance,
    lambda course, number: f"{course}: training recorded for {_people(number)}.",
)  # fmt: skip


class TickSheet(QWidget):
    """The list of staff with a tick for each.

    Args:
        desk: The desk.
        session: The session.
        ticking: What the ticks are for.
    """

    done = Signal()
    """It is written, or there is nothing to write."""
    filled = Signal()
    """Everybody stands there, and can be ticked."""

    def __init__(
        self, desk: Desk, session: int, ticking: Ticking, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self._session, self._ticking = session, ticking
        self._course = ""
        self.boxes: dict[int, CheckBox] = {}
        self._keys: dict[int, str] = {}
        self.banner = Banner("late", "")
        self.banner.hide()
        self.about = Wrap("", "muted")
        self.card = Card("Staff", "users")
        self.search = LineEdit(placeholder="Search staff")
        self.search.setAccessibleName("Search staff")
        self.search.textChanged.connect(self._narrow)
        self.everybody = Button("All who have a place", "list-checks", small=True)
        self.everybody.clicked.connect(lambda *_: self.tick(self._booked))
        self.nobody = Button("None", small=True)
        self.nobody.setAccessibleName("Tick nobody")
        self.nobody.clicked.connect(lambda *_: self.tick(()))
        self._booked: tuple[int, ...] = ()
        self.save_button = Button(ticking.verb, "check", Button.PRIMARY, shortcut="Ctrl+S")
        self.save_button.setEnabled(False)
        self.save_button.clicked.connect(self.save)
        self._list = ScrollPage(spacing=0, margins=(0, 0, 0, 0))
        self.card.add(self.about)
        self.card.add(self.search)
        self.card.add(FlowRow((self.everybody, self.nobody)))
        self.card.add(self._list, 1)
        column = spaced(QVBoxLayout(self), 12)
        column.addWidget(self.banner)
        column.addWidget(self.card, 1)
        column.addWidget(FlowRow((self.save_button,)))
        self.setAccessibleName(ticking.title)
        about = About("session", session, ticking.page)
        self.keeper = Keeper(desk, about, self._to_keep, self)
        self.keeper.failed.connect(self._trouble)
        desk.jobs.read(
            lambda store: facts.tickable(store, session), self._show, self._trouble, owner=self
        )

    # ---- what is shown

    def _show(self, found: TickFacts | None) -> None:
        if found is None:
            self.done.emit()
            return
        booking = self._ticking is BOOK
        one = found.occasion
        self._course = one.course
        free = "" if one.free is None or not booking else f" {one.free} free."
        when = "" if one.session.at is None else f", {times.show_time(one.session.at)}"
        self.about.setText(f"{one.course}{when}.{free}")
        self._booked = tuple(
            person.staff for person in found.people if person.status in {"booked", "attended"}
        )
        self.everybody.setVisible(not booking and bool(self._booked))
        for person in found.people:
            words = person.said
            if booking and person.status:
                continue
            if person.status:
                words = f"{words} ({person.status})"
            box = CheckBox(words)
            box.setChecked(not booking and person.staff in self._booked)
            box.toggled.connect(lambda _: self._ticked())
            self.boxes[person.staff] = box
            self._keys[person.staff] = name_key(person.said)
            self._list.body.addWidget(box)
        self._list.body.addStretch(1)
        if not self.boxes:
            self.about.setText("Everybody who works here then has a place already.")
        self._count()
        self.keeper.find(self._found, self._trouble)

    def _found(self, draft: Draft | None) -> None:
        if draft is not None:
            kept = draft.typed.get(_STAFF)
            self.tick({as_id(str(one)) for one in kept} if isinstance(kept, list) else set())
        self.save_button.setEnabled(bool(self.boxes))
        self.filled.emit()

    @property
    def chosen(self) -> list[int]:
        """Who is ticked."""
        return [staff for staff, box in self.boxes.items() if box.isChecked()]

    def tick(self, wanted: Any) -> None:
        """Tick those people and nobody else."""
        for staff, box in self.boxes.items():
            box.setChecked(staff in wanted)

    def _ticked(self) -> None:
        self._count()
        self.keeper.note()

    def _count(self) -> None:
        number = len(self.chosen)
        self.card.set_note(f"{number:,} ticked" if number else "Nobody ticked yet")

    def _narrow(self, typed: str) -> None:
        letters = name_key(typed)
        for staff, box in self.boxes.items():
            box.setVisible(letters in self._keys[staff])

    # ---- keeping and saving

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        return {_STAFF: [ids.to_text(one) for one in self.chosen]}, {}

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep the ticks when it leaves the screen."""
        super().hideEvent(event)
        self.keeper.keep()

    def save(self, *_: object) -> None:
        """Write it for everybody who is ticked."""
        people = self.chosen
        if not self.save_button.isEnabled():
            return
        if not people:
            self.banner.say("late", self._ticking.nobody)
            self.search.setFocus()
            return
        self.banner.hide()
        self.save_button.setEnabled(False)
        write, session = self._ticking.write, self._session

        def saved(written: Written, _: Draft | None) -> None:
            words = self._ticking.done(self._course, len(people))
            warned = " ".join(problem.message for problem in written.warnings)
            offer_undo(self.desk, f"{words} {warned}".strip(), written.changes)
            self.keeper.stop()
            self.done.emit()

        self.keeper.save(lambda home: write(home, session, people), saved, self._refuse)

    def _refuse(self, error: UserError) -> None:
        self.save_button.setEnabled(True)
        problems = getattr(error, "problems", ())
        if problems:
            self.banner.say("late", " ".join(one.message for one in problems if one.blocks))
        else:
            self._trouble(error)

    def _trouble(self, error: UserError) -> None:
        self.banner.say("late", " ".join(part for part in (error.what, error.do) if part))
