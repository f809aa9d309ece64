"""Unlocking a home: who are you, and your password."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui import clock, theme, widgets
from liaison.ui.shell.roles import ROLES
from liaison.ui.threshold.panel import PlacePanel
from liaison.ui.threshold.parts import Middle, Note, PasswordEdit, Plate
from liaison.ui.threshold.people import PersonCard
from liaison.ui.widgets import Avatar, Button, Text, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.security import Person as KeyPerson
    from liaison.services.homes import OpenHome
    from liaison.settings import KnownHome, KnownPerson
    from liaison.ui.jobs import Job, Jobs, Progress

    Person = KeyPerson | KnownPerson

_LEAST_ROOM: Final = 560
_WIDEST: Final = 800
_CARD_WIDTH: Final = 240
_SOMEONE_ELSE: Final = "more"
_LONG_AGO: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

Unlocking = Callable[[str, str, "Progress"], "OpenHome"]
"""Unlocks and opens the home for a person (their id) and password, on another thread."""


@dataclasses.dataclass(frozen=True, slots=True)
class Locked:
    """What is known of a home while it is locked.

    Args:
        people: Who belongs to it, as its key file says, or as this PC remembers.
        known: What this PC remembers of it.
        now: The present moment.
    """

    people: Sequence[Person]
    known: KnownHome
    now: Callable[[], dt.datetime] = clock.now

    def in_order(self) -> list[Person]:
        """Return who can unlock it: those who were here last first, then by name."""

        def last_here(person: Person) -> dt.datetime:
            return self.known.seen.get(person.id, _LONG_AGO)

        able = sorted((one for one in self.people if one.can_unlock), key=lambda one: one.name)
        return sorted(able, key=last_here, reverse=True)

    def facts(self) -> list[tuple[str, str]]:
        """Return what may be said of it: icons and sentences."""
        facts = [("shield-check", "Encrypted on this PC; nobody else holds a key")]
        if self.known.backed_up_at is not None:
            ago = clock.ago(self.known.backed_up_at, self.now().date())
            facts.insert(0, ("hard-drive", f"Backed up {ago}"))
        return facts

    def managers(self, but: str = "") -> str:
        """Return the names of managers other than somebody: "Helen or Moira"; empty if none."""
        names = [one.name for one in self.people if one.role == "manager" and one.id != but]
        return " or ".join(names[:2])


class UnlockScreen(QWidget):
    """Who are you, and your password.

    Args:
        locked: What is known of the home.
        jobs: Work off the UI thread.
        unlocking: Unlocks and opens the home.
    """

    opened = Signal(object)
    """The home is open: an ``OpenHome``."""
    recovering = Signal()
    """Somebody has forgotten their password and wants to use the recovery sheet."""

    def __init__(self, locked: Locked, jobs: Jobs, unlocking: Unlocking) -> None:
        super().__init__()
        self.setAccessibleName("Unlock the home")
        self._locked, self._jobs, self._unlocking = locked, jobs, unlocking
        self._job: Job | None = None
        self._cards: list[PersonCard] = []
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._chosen)
        self._all_shown = False
        self._dealt = (0, 0)
        self._grid = QGridLayout()
        self._build()
        self._fit()
        if (first := self.person) is not None:
            self._choose(first)

    # ---- what is on it

    def _build(self) -> None:
        self._title = Text("Who are you?", "figure")
        several = len(self._locked.in_order()) > 1
        first = " Whoever was here last comes first." if several else ""
        self._line = Text(f"Choose your name.{first}", "muted")
        self._task = Plate(24, 12)
        self._avatar = Avatar("", 40)
        self._greeting = Text("", "card")
        self._last = Text("", "secondary")
        self._label = Text("Password", "label")
        self.password = PasswordEdit(big=True)
        self.password.setAccessibleName("Password")
        self._label.setBuddy(self.password)
        self.show_button = Button("Show", "eye", big=True)
        self.show_button.setCheckable(True)
        self.unlock_button = Button("Unlock", role=Button.PRIMARY, big=True)
        self.unlock_button.setMinimumWidth(theme.px(150))
        self.note = Note()
        self.forgotten = Button("Forgotten your password?", "life-buoy", Button.QUIET, small=True)
        self._help = Note()
        self.sheet_button = Button("Use the recovery sheet", "key-round", small=True)
        self.sheet_button.hide()

        self._lay_out()
        self.password.returnPressed.connect(self.unlock)
        self.password.textEdited.connect(self._typed)
        self.unlock_button.clicked.connect(self._pressed)
        self.show_button.toggled.connect(self._show_typed)
        self.forgotten.clicked.connect(self._help_out)
        self.sheet_button.clicked.connect(self.recovering)

    def _lay_out(self) -> None:
        known = self._locked.known
        typing = spaced(QHBoxLayout(), 12)
        typing.addWidget(self.password, 1)
        typing.addWidget(self.show_button)
        typing.addWidget(self.unlock_button)
        # the words of a quiet button begin where the field does
        foot = spaced(QHBoxLayout(), 8)
        foot.addSpacing(-8)
        foot.addWidget(self.forgotten)
        foot.addWidget(self._help, 1)
        foot.addWidget(self.sheet_button)
        column = self._task.column
        who = spaced(QHBoxLayout(), 12)
        words = spaced(QVBoxLayout(), 2)
        words.addStretch(1)
        words.addWidget(self._greeting)
        words.addWidget(self._last)
        words.addStretch(1)
        who.addWidget(self._avatar)
        who.addLayout(words, 1)
        column.addLayout(who)
        column.addSpacing(4)
        column.addWidget(self._label)
        column.addSpacing(-8)
        column.addLayout(typing)
        column.addWidget(self.note)
        column.addLayout(foot)

        inside = QWidget()
        rows = spaced(QVBoxLayout(inside), 4)
        rows.addWidget(self._title)
        rows.addWidget(self._line)
        rows.addSpacing(12)
        rows.addLayout(self._grid)
        rows.addSpacing(24)
        rows.addWidget(self._task)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._panel = PlacePanel(known.name, known.pc, self._locked.facts(), self._locked.now)
        whole.addWidget(self._panel)
        whole.addWidget(Middle(inside, _WIDEST), 1)

    def _deal(self) -> None:
        """Lay out the cards: those who were here last, or everybody."""
        key = getattr(self._group.checkedButton(), "key", "")
        for card in self._cards:
            self._group.removeButton(card)
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        people = self._locked.in_order()
        chosen = next((one for one in people if one.id == key), None)
        across, rows = self._room()
        shown = people
        if len(people) > across * rows and not self._all_shown:
            shown = people[: max(across * rows - 1, 1)]
            if chosen is not None and chosen not in shown:
                shown = [chosen, *shown[1:]]
        self._cards = [PersonCard(one.id, one.name, ROLES.get(one.role, one.role)) for one in shown]
        if len(shown) < len(people):
            more = f"{len(people) - len(shown)} more names"
            self._cards.append(PersonCard(_SOMEONE_ELSE, "Someone else", more, "users"))
        for place, card in enumerate(self._cards):
            self._group.addButton(card)
            self._grid.addWidget(card, place // across, place % across)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < across else 0)
        self._dealt = (across, rows)
        chosen = chosen or (shown[0] if shown else None)
        if chosen is not None:
            self._cards[shown.index(chosen)].setChecked(True)

    def _room(self) -> tuple[int, int]:
        """Return how many cards there is room for, across and down, with the task below."""
        size = theme.scale()
        rows = 3 if size < 1.25 else 2 if size < 1.75 else 1  # noqa: PLR2004  # what fits 768 px
        beside = 0 if self._panel.isHidden() else self._panel.width()
        width = min(self.width() - beside - 48, theme.px(_WIDEST))
        return min(max(width // theme.px(_CARD_WIDTH), 1), 3), rows

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_panel"):
            self._fit()

    def _fit(self) -> None:
        self.unlock_button.setMinimumWidth(theme.px(150))
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setVerticalSpacing(theme.px(12))
        # the task needs its room more than the clock does
        self._panel.setVisible(self.width() - self._panel.width() >= theme.px(_LEAST_ROOM))
        if self._room() != self._dealt:
            self._deal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the window's width."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin where one types."""
        super().showEvent(event)
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape calls the wait off."""
        if event.key() == Qt.Key.Key_Escape and self.waiting:
            self.cancel()
        else:
            super().keyPressEvent(event)

    def show_people(self, people: Sequence[Person]) -> None:
        """Show who can unlock the home now, if that has changed; whoever is chosen stays chosen."""

        def told(some: Sequence[Person]) -> set[tuple[str, str, str]]:
            return {(one.id, one.name, one.role) for one in some if one.can_unlock}

        changed = told(people) != told(self._locked.people)
        self._locked = dataclasses.replace(self._locked, people=people)
        if changed:
            self._deal()
            if (person := self.person) is not None:
                self._choose(person)

    # ---- who

    @property
    def person(self) -> Person | None:
        """Who is chosen; None if nobody can unlock the home."""
        key = getattr(self._group.checkedButton(), "key", "")
        return next((one for one in self._locked.people if one.id == key), None)

    def choose(self, person: str) -> None:
        """Choose a person by their id or name."""
        for one in self._locked.in_order():
            if person in {one.id, one.name}:
                if one.id not in {card.key for card in self._cards}:
                    self._all_shown = True
                    self._deal()
                card = next(card for card in self._cards if card.key == one.id)
                card.setChecked(True)
                self._choose(one)

    def _chosen(self, card: PersonCard) -> None:
        if card.key == _SOMEONE_ELSE:
            self._all_shown = True
            self._deal()
            return
        person = self.person
        if person is not None:
            self._choose(person)
            if not card.hasFocus() or card.underMouse():
                # by mouse the next thing is to type; by arrow keys one is still choosing
                self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, person: Person) -> None:
        now = self._locked.now()
        first = person.name.split(" ")[0]
        self._greeting.setText(f"{clock.greeting(now)}, {first}")
        seen = self._locked.known.seen.get(person.id)
        self._last.setText(f"Last here {clock.ago(seen, now.date())}" if seen else "")
        self._last.setVisible(seen is not None)
        self._avatar.set_name(person.name)
        self.password.clear()
        self.note.clear()
        self._help.clear()
        self.sheet_button.hide()

    @property
    def shown(self) -> list[str]:
        """The words of the cards, in order."""
        return [card.text() for card in self._cards]

    @property
    def help(self) -> str:
        """What was said to somebody who has forgotten their password."""
        return self._help.words

    @property
    def managers(self) -> list[Person]:
        """Who could be let back in with the recovery sheet."""
        return [one for one in self._locked.people if one.role == "manager"]

    # ---- unlocking

    @cached_property
    def progress(self) -> widgets.ProgressLine:
        """A line that moves while the password is checked; made when it first is."""
        line = widgets.ProgressLine("Checking your password")
        column = self._task.column
        column.insertWidget(column.indexOf(self.note), line)
        return line

    @property
    def waiting(self) -> bool:
        """Whether the password is being checked."""
        return self._job is not None

    def _pressed(self) -> None:
        if self.waiting:
            self.cancel()
        else:
            self.unlock()

    def unlock(self) -> None:
        """Check the password and open the home, off the UI thread."""
        person, typed = self.person, self.password.text()
        if self.waiting or person is None:
            return
        if not typed.strip():
            self.note.hint("Type your password first.")
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._wait(words="Checking your password. It takes a moment, so that guessing takes years.")
        self._job = self._jobs.open(
            lambda progress: self._unlocking(person.id, typed, progress),
            self._opened,
            self._refused,
            owner=self,
        )

    def cancel(self) -> None:
        """Call the wait off; the password stays typed."""
        if self._job is not None:
            self._job.cancel()
            self._ready()
            self.note.hint("Stopped. The home is still locked.")

    def _opened(self, home: OpenHome) -> None:
        self._ready()
        # what was typed is not left lying about
        self.password.clear()
        self.opened.emit(home)

    def _refused(self, error: UserError) -> None:
        self._ready()
        self.note.wrong(error.message)
        # the next try is typed over it
        self.password.selectAll()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _wait(self, words: str) -> None:
        self.progress.show()
        self.note.hint(words, "lock")
        self.password.setReadOnly(True)
        self.unlock_button.set_words("Stop")
        self.unlock_button.set_role(Button.SECONDARY)
        for card in self._cards:
            card.setEnabled(False)

    def _ready(self) -> None:
        self._job = None
        self.progress.hide()
        self.note.clear()
        self.password.setReadOnly(False)
        self.unlock_button.set_words("Unlock")
        self.unlock_button.set_role(Button.PRIMARY)
        for card in self._cards:
            card.setEnabled(True)

    # ---- by the way

    def _typed(self) -> None:
        if self.password.caps:
            self.note.hint("Caps Lock is on.", "triangle-alert")
        else:
            self.note.clear()

    def _show_typed(self, shown: bool) -> None:  # noqa: FBT001  # Qt's signal
        self.password.show_typed(shown=shown)
        self.show_button.set_words("Hide" if shown else "Show")
        self.show_button.set_icon("eye-off" if shown else "eye")
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _help_out(self) -> None:
        person = self.person
        managers = self._locked.managers(person.id if person else "")
        words = "Without a password, only the recovery sheet from the safe opens the home."
        if managers:
            words = f"{managers} can give you a new one. Nothing you typed is lost."
        self._help.hint(words)
        self.sheet_button.show()
