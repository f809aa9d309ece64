"""Unlocking a home: who are you, and your password."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui import clock, theme, widgets
from liaison.ui.threshold.cards import PersonCards
from liaison.ui.threshold.countdown import Countdown, in_words
from liaison.ui.threshold.locked import Locked
from liaison.ui.threshold.panel import PlacePanel
from liaison.ui.threshold.parts import Middle, Note, PasswordEdit, Plate
from liaison.ui.widgets import Avatar, Button, FlowRow, Text, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.security import Person as KeyPerson
    from liaison.services.homes import OpenHome
    from liaison.settings import KnownPerson
    from liaison.ui.jobs import Job, Jobs, Progress
    from liaison.ui.threshold.people import PersonCard

    Person = KeyPerson | KnownPerson

_LEAST_ROOM: Final = 560
_WIDEST: Final = 800

__all__ = ["Locked", "UnlockScreen"]

Unlocking = Callable[[str, str, "Progress"], "OpenHome"]
"""Unlocks and opens the home for a person (their id) and password, on another thread."""
Waiting = Callable[[str], int]
"""Returns the seconds a person (their id) must still wait before they may try; on another thread."""


class UnlockScreen(QWidget):
    """Who are you, and your password.

    Args:
        locked: What is known of the home.
        jobs: Work off the UI thread.
        unlocking: Unlocks and opens the home.
        waiting: Says how long somebody who guessed wrong too often must wait.
    """

    opened = Signal(object)
    """The home is open: an ``OpenHome``."""
    chosen = Signal()
    """Somebody has said who they are: :attr:`person`."""
    bringing_back = Signal()
    """Somebody has a backup to bring back."""
    recovering = Signal()
    """Somebody has forgotten their password and wants to use the recovery sheet."""

    def __init__(
        self,
        locked: Locked,
        jobs: Jobs,
        unlocking: Unlocking,
        waiting: Waiting | None = None,
    ) -> None:
        super().__init__()
        self.setAccessibleName("Unlock the home")
        self._locked, self._jobs, self._unlocking = locked, jobs, unlocking
        self._waiting = waiting
        self._job: Job | None = None
        self._told: widgets.Banner | None = None
        self._left = ""
        """Who has just left and is not to be chosen unasked; empty if nobody."""
        self.countdown = Countdown(self)
        self.countdown.ticked.connect(self._tell_wait)
        self.countdown.over.connect(self._wait_over)
        self.cards = PersonCards()
        self.cards.chosen.connect(self._chosen)
        self.cards.show_people(locked.in_order())
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
        self.backup_button = Button("I have a backup", "archive-restore", Button.QUIET, small=True)
        self.backup_button.clicked.connect(self.bringing_back)
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
        # buttons in as many lines as they need, and the advice below them in the whole width
        foot = FlowRow([self.forgotten, self.backup_button, self.sheet_button], gap=8)
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
        column.addWidget(foot)
        column.addWidget(self._help)

        inside = QWidget()
        rows = self._rows = spaced(QVBoxLayout(inside), 4)
        rows.addWidget(self._title)
        rows.addWidget(self._line)
        rows.addSpacing(12)
        rows.addWidget(self.cards)
        rows.addSpacing(24)
        rows.addWidget(self._task)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._panel = PlacePanel(known.name, known.pc, self._locked.facts(), self._locked.now)
        whole.addWidget(self._panel)
        self._middle = Middle(inside, _WIDEST)
        whole.addWidget(self._middle, 1)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_panel"):
            self._fit()

    def _fit(self) -> None:
        self.unlock_button.setMinimumWidth(theme.px(150))
        # the task needs its room more than the clock does
        self._panel.setVisible(self.width() - self._panel.width() >= theme.px(_LEAST_ROOM))
        beside = 0 if self._panel.isHidden() else self._panel.width()
        self.cards.fit(min(self.width() - beside - 48, theme.px(_WIDEST)))

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
            self.cards.show_people(self._locked.in_order())
            if (person := self.person) is not None:
                self._choose(person)
            still = self.person is not None and self.person.id == self._left
            if still and not self.password.text():
                # this PC did not remember that there is anybody else
                self.choose_another(self._left)

    def tell(self, words: str, kind: str = "ok") -> None:
        """Say above the names what has just been done, such as that a backup was brought back.

        Args:
            words: It.
            kind: Its state, as a banner's.
        """
        if self._told is None:
            self._told = widgets.Banner("ok", "")
            self._rows.insertWidget(0, self._told)
        self._told.say(kind, words)

    @property
    def told(self) -> str:
        """What is said above the names; empty if nothing."""
        return self._told.accessibleName() if self._told is not None else ""

    # ---- who

    @property
    def person(self) -> Person | None:
        """Who is chosen; None if nobody can unlock the home."""
        key = self.cards.key
        return next((one for one in self._locked.people if one.id == key), None)

    def choose(self, person: str) -> None:
        """Choose a person by their id or name."""
        for one in self._locked.in_order():
            if person in {one.id, one.name} and self.cards.choose(one.id):
                self._choose(one)

    def choose_another(self, left: str) -> None:
        """Choose whoever was here last before a person who has just made room for them.

        Args:
            left: That person's id.
        """
        self._left = left
        others = [one.id for one in self._locked.in_order() if one.id != left]
        if others:
            self.choose(others[0])

    def _chosen(self, card: PersonCard) -> None:
        self._left = ""
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
        self.countdown.stop()
        self.note.clear()
        self.unlock_button.setEnabled(True)
        self._help.clear()
        self.sheet_button.hide()
        if self.isVisible():
            self.look_whether_to_wait()
        self.chosen.emit()

    @property
    def shown(self) -> list[str]:
        """The words of the cards, in order."""
        return self.cards.shown

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
        if self.waiting or person is None or self.countdown.left:
            return
        if not typed.strip():
            self.note.hint("Type your password first.")
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        # begun first: it is checked while the window says so
        self._job = self._jobs.open(
            lambda progress: self._unlocking(person.id, typed, progress),
            self._opened,
            self._refused,
            owner=self,
        )
        self._wait(words="Checking your password. It takes a moment, so that guessing takes years.")

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
        if seconds := getattr(error, "seconds", 0):
            self.countdown.start(seconds)
        # the next try is typed over it
        self.password.selectAll()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- after too many wrong ones

    def look_whether_to_wait(self) -> None:
        """Look whether whoever is chosen must wait, also from before a restart."""
        person, waiting = self.person, self._waiting
        if person is None or waiting is None:
            return
        chosen = person.id

        def told(seconds: int) -> None:
            now = self.person
            if seconds and now is not None and now.id == chosen and not self.countdown.left:
                self.countdown.start(seconds)

        # if it cannot be read, the try itself says so
        self._jobs.run(lambda _: waiting(chosen), told, lambda _: None, owner=self)

    def _tell_wait(self, left: int) -> None:
        person = self.person
        name = person.name.split(" ")[0] if person is not None else ""
        self.unlock_button.setEnabled(False)
        words = f"Too many wrong passwords for {name}. Try again in {in_words(left)}."
        # said aloud once, not every second
        self.note.count(words, aloud=not self.note.words.startswith("Too many"))

    def _wait_over(self) -> None:
        self.unlock_button.setEnabled(True)
        self.note.hint("You can try again now.")
        self.password.selectAll()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _wait(self, words: str) -> None:
        self.progress.show()
        self.note.hint(words, "lock")
        self.password.setReadOnly(True)
        self.unlock_button.set_words("Stop")
        self.unlock_button.set_role(Button.SECONDARY)
        self.cards.setEnabled(False)

    def _ready(self) -> None:
        self._job = None
        self.progress.hide()
        self.note.clear()
        self.password.setReadOnly(False)
        self.unlock_button.set_words("Unlock")
        self.unlock_button.set_role(Button.PRIMARY)
        self.cards.setEnabled(True)

    # ---- by the way

    def _typed(self) -> None:
        if self.countdown.left:
            return
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
        words = "The recovery sheet from the safe lets a manager back in, with a new password."
        if managers:
            words = (
                f"{managers} can give you a temporary password; nothing you typed is lost. If no "
                "manager can, the recovery sheet from the safe lets one back in."
            )
        self._help.hint(words)
        self.sheet_button.show()
        # in large letters it is below the window's edge
        self._middle.reveal(self._help)
